import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { resolve } from "./language.svelte";

const root = join(import.meta.dirname, "../../messages");
const source = join(import.meta.dirname, "..");
const languages = readdirSync(root);
const areas = readdirSync(join(root, "en"));
const read = (language: string, area: string): Record<string, unknown> =>
  JSON.parse(readFileSync(join(root, language, area), "utf8")) as Record<string, unknown>;

/** The names in braces of a message, with all of its forms taken together. */
function holes(message: unknown): string[] {
  const found = [...JSON.stringify(message).matchAll(/\{(\w+)\}/g)].map((it) => it[1] ?? "");
  return [...new Set(found)].sort();
}

describe("every language", () => {
  it.each(areas)("has every key of %s, with the same holes", (area) => {
    const english = read("en", area);
    for (const language of languages) {
      const other = read(language, area);
      expect(Object.keys(other).sort(), language).toEqual(Object.keys(english).sort());
      for (const key of Object.keys(english))
        expect(holes(other[key]), `${language} ${key}`).toEqual(holes(english[key]));
    }
  });

  it("has a sentence for every reason", () => {
    const type = readFileSync(join(source, "bridge/types/Reason.ts"), "utf8");
    const reasons = [...type.slice(type.indexOf("export type")).matchAll(/"([a-z_]+)"/g)].map((it) => it[1] ?? "");
    expect(reasons.length).toBeGreaterThan(30);
    for (const language of languages) {
      const sentences = read(language, "failures.json");
      expect(
        reasons.filter((it) => !sentences[`reason_${it}`]),
        language,
      ).toEqual([]);
    }
  });

  it("has no key in two areas", () => {
    const keys = areas.flatMap((it) => Object.keys(read("en", it)));
    expect(keys.filter((it, index) => keys.indexOf(it) !== index)).toEqual([]);
  });
});

it("follows the setting, then the computer, then English", () => {
  expect(resolve("ja", ["en-US"])).toBe("ja");
  expect(resolve("", ["fr-FR", "ja-JP"])).toBe("ja");
  expect(resolve("", ["C"])).toBe("en");
});

/** Every component of the window. */
function components(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((it) => it.name.endsWith(".svelte"))
    .map((it) => join(it.parentPath, it.name));
}

/** The text of a component's markup that a person would read: not scripts, styles, comments, tags or expressions. */
function literalText(file: string): string[] {
  let markup = readFileSync(file, "utf8").replaceAll(/<(script|style)[\s\S]*?<\/\1>|<!--[\s\S]*?-->/g, "");
  // Expressions nest: take the innermost braces away until none is left.
  for (let before = ""; before !== markup;) {
    before = markup;
    markup = markup.replaceAll(/\{[^{}]*\}/g, "");
  }
  return markup
    .replaceAll(/<[^>]*>/g, "\n")
    .split("\n")
    .map((it) => it.trim())
    .filter((it) => /\p{L}/u.test(it));
}

it.each(components(source).map((it) => it.slice(source.length + 1)))("has no literal text in %s", (file) => {
  expect(literalText(join(source, file))).toEqual([]);
});

it.each(components(source).map((it) => it.slice(source.length + 1)))("has no style attribute in %s", (file) => {
  // The content policy forbids it; positions go through `style:` directives.
  expect(readFileSync(join(source, file), "utf8")).not.toMatch(/\sstyle=/);
});
