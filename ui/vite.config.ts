import { svelte } from "@sveltejs/vite-plugin-svelte";
import { svelteTesting } from "@testing-library/svelte/vite";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";
import type { CodeSplittingNameFunction } from "rolldown";
import { defineConfig } from "vitest/config";

/** The policy of the packaged window; the browser tests serve the same one. */
export const contentPolicy =
  "default-src 'self'; connect-src 'self' ipc: http://ipc.localhost; img-src 'self' data: blob:; style-src 'self'; " +
  "script-src 'self'; object-src 'none'; base-uri 'none'; frame-src 'none'";

/** Icons are drawn by a part of ours: the package's own makes each shape of each icon by itself, at a fifth of the first screen's time. */
const icons: Plugin = {
  name: "icons",
  enforce: "pre",
  resolveId: (id, importer) =>
    id === "../Icon.svelte" && importer?.includes("/@lucide/svelte/dist/icons/") === true
      ? fileURLToPath(new URL("src/parts/Icon.svelte", import.meta.url))
      : undefined,
};

/** Plural rules are dear to make, and the compiled messages make them anew for each count: a board of rooms has hundreds of counts. */
const plurals: Plugin = {
  name: "plurals",
  transform: (code, id) =>
    id.endsWith("/src/paraglide/registry.js")
      ? `${code.replace("new Intl.PluralRules(locale, options)", "pluralRulesOf(locale, options)")}
const pluralRules = new Map();
function pluralRulesOf(locale, options) {
  const key = locale + JSON.stringify(options);
  const known = pluralRules.get(key) ?? new Intl.PluralRules(locale, options);
  pluralRules.set(key, known);
  return known;
}`
      : undefined,
};

type Graph = Parameters<CodeSplittingNameFunction>[1];

/** Every module that one begins with, itself among them, and what it fetches later where that is wanted. */
function modulesOf(entry: string, isLater: boolean, graph: Graph): Set<string> {
  const found = new Set<string>();
  const wanted = [entry];
  for (let id = wanted.pop(); id !== undefined; id = wanted.pop()) {
    if (found.has(id)) continue;
    found.add(id);
    const info = graph.getModuleInfo(id);
    wanted.push(...(info?.importedIds ?? []), ...(isLater ? (info?.dynamicallyImportedIds ?? []) : []));
  }
  return found;
}

const source = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const begun = new WeakMap<Graph, { main: Set<string>; popup: Set<string> }>();
/**
 * Each file is asked for across three processes before anything is drawn: what the main window begins with is one, and one what the other
 * window may ever want of it. So that one never fetches the main window's own, which would run in the wrong page.
 */
function fileOf(id: string, graph: Graph): string | null {
  const known = begun.get(graph) ?? {
    main: modulesOf(source("src/main.ts"), false, graph),
    popup: modulesOf(source("src/popup.ts"), true, graph),
  };
  begun.set(graph, known);
  // Their list names the words of every view: each goes where it is used.
  if (!known.main.has(id) || id.includes("/paraglide/messages/")) return null;
  return known.popup.has(id) ? "base" : "main";
}

// The mode "fake" builds the same window over fixtures, for the browser tests only.
export default defineConfig(({ mode }) => ({
  plugins: [icons, plurals, svelte(), svelteTesting()],
  build: {
    target: "es2022",
    outDir: mode === "fake" ? "node_modules/.fake" : "dist",
    emptyOutDir: true,
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rolldownOptions: {
      input: ["index.html", "popup.html"],
      output: { codeSplitting: { groups: [{ name: fileOf, debugName: "what a window begins with" }] } },
    },
  },
  preview: { port: 4173, strictPort: true, headers: { "Content-Security-Policy": contentPolicy } },
  server: { port: 5173, strictPort: true },
  test: { environment: "jsdom", include: ["src/**/*.test.ts"] },
}));
