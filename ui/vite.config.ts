import { svelte } from "@sveltejs/vite-plugin-svelte";
import { svelteTesting } from "@testing-library/svelte/vite";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";
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

// The mode "fake" builds the same window over fixtures, for the browser tests only.
export default defineConfig(({ mode }) => ({
  plugins: [icons, plurals, svelte(), svelteTesting()],
  build: {
    target: "es2022",
    outDir: mode === "fake" ? "node_modules/.fake" : "dist",
    emptyOutDir: true,
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rolldownOptions: { input: ["index.html", "popup.html"] },
  },
  preview: { port: 4173, strictPort: true, headers: { "Content-Security-Policy": contentPolicy } },
  server: { port: 5173, strictPort: true },
  test: { environment: "jsdom", include: ["src/**/*.test.ts"] },
}));
