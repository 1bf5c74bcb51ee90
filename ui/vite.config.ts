import { svelte } from "@sveltejs/vite-plugin-svelte";
import { svelteTesting } from "@testing-library/svelte/vite";
import { defineConfig } from "vitest/config";

/** The policy of the packaged window; the browser tests serve the same one. */
export const contentPolicy =
  "default-src 'self'; connect-src 'self' ipc: http://ipc.localhost; img-src 'self' data: blob:; style-src 'self'; " +
  "script-src 'self'; object-src 'none'; base-uri 'none'; frame-src 'none'";

// The mode "fake" builds the same window over fixtures, for the browser tests only.
export default defineConfig(({ mode }) => ({
  plugins: [svelte(), svelteTesting()],
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
