/** Typed lint, and the arrows between folders as restricted imports. */
import js from "@eslint/js";
import svelte from "eslint-plugin-svelte";
import globals from "globals";
import ts from "typescript-eslint";
import svelteConfig from "./svelte.config.js";

const platform = { group: ["@tauri-apps/*"], message: "Only src/bridge speaks to the program." };
const features = { group: ["**/features/*", "**/features/**"], message: "Features never import each other." };
const bridge = { group: ["**/bridge/*", "**/bridge/**", "**/live.svelte"], message: "A part has props only." };
const restrict = (...patterns) => ({ "no-restricted-imports": ["error", { patterns }] });

/** From one feature's folder, another feature is `../<name>/…`. */
const names = ["calls", "connections", "welcome", "settings", "rooms", "chat-rooms", "composer", "today"];
const siblings = { group: names.map((it) => `../${it}/**`), message: "Features never import each other." };

export default ts.config(
  { ignores: ["dist", "src/paraglide", "src/bridge/types", "src/bridge/commands.ts", "node_modules"] },
  js.configs.recommended,
  ts.configs.strictTypeChecked,
  svelte.configs.recommended,
  {
    languageOptions: {
      globals: { ...globals.browser, ...globals.node },
      parserOptions: {
        projectService: { allowDefaultProject: ["*.js"] },
        tsconfigRootDir: import.meta.dirname,
        extraFileExtensions: [".svelte"],
      },
    },
    rules: {
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "no-console": "error",
      "svelte/no-at-html-tags": "error",
      // It takes every Date and Map for state, also those that live inside one function.
      "svelte/prefer-svelte-reactivity": "off",
      "@typescript-eslint/no-misused-spread": ["error", { allow: ["string"] }],
      ...restrict(platform),
    },
  },
  { files: ["**/*.js"], extends: [ts.configs.disableTypeChecked] },
  {
    files: ["**/*.svelte", "**/*.svelte.ts"],
    languageOptions: { parserOptions: { parser: ts.parser, svelteConfig } },
    rules: { "prefer-const": "off" },
  },
  {
    // The props of a component are `any` to the linter; svelte-check knows their types and refuses what is unsafe.
    files: ["**/*.svelte"],
    rules: {
      "@typescript-eslint/no-unsafe-argument": "off",
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unsafe-call": "off",
      "@typescript-eslint/no-unsafe-member-access": "off",
      "@typescript-eslint/no-unsafe-return": "off",
      "@typescript-eslint/no-redundant-type-constituents": "off",
    },
  },
  {
    // A failure crosses the bridge as a plain object, so the fixtures throw one.
    files: ["src/bridge/**"],
    rules: { "no-restricted-imports": "off", "@typescript-eslint/only-throw-error": "off" },
  },
  { files: ["src/parts/**", "src/format/**"], rules: restrict(platform, features, bridge) },
  { files: ["src/features/**"], rules: restrict(platform, siblings) },
);
