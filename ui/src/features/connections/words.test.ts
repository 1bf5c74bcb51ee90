import { expect, test } from "vitest";
import en from "../../../messages/en/connections.json";
import ja from "../../../messages/ja/connections.json";
import { language } from "../../i18n";
import { brings, checkLabel, fieldHelp, fieldLabel, limitationSentence } from "./words";
import type { Limitation } from "../../bridge/types/Limitation";

const PREFIXES = ["field_", "system_", "check_", "limitation_"] as const;

/** What a key is found by, without its prefix. */
function found(prefix: (typeof PREFIXES)[number], rest: string): string {
  switch (prefix) {
    case "field_":
      return fieldLabel(rest);
    case "system_":
      return brings(rest);
    case "check_":
      return checkLabel(rest);
    case "limitation_":
      return limitationSentence(rest as Limitation);
    default:
      return prefix satisfies never;
  }
}

test.each([
  ["en", en],
  ["ja", ja],
] as const)("finds every word that is only known while it runs, in %s", (lang, messages) => {
  language.follow(lang);
  let count = 0;
  for (const [key, text] of Object.entries(messages)) {
    const prefix = PREFIXES.find((it) => key.startsWith(it));
    if (prefix === undefined || typeof text !== "string") continue;
    expect(found(prefix, key.slice(prefix.length)), key).toBe(text);
    count += 1;
  }
  expect(count).toBeGreaterThan(30);
});

test("no word stands in two files, where the one that is read last would hide the other", () => {
  const files = import.meta.glob("../../../messages/*/*.json", { eager: true, import: "default" });
  const known = new Map<string, string>();
  for (const [file, messages] of Object.entries(files) as [string, Record<string, unknown>][]) {
    const lang = file.includes("/ja/") ? "ja" : "en";
    // Two keys are one where they differ only in what cannot be in a name.
    for (const key of Object.keys(messages)) {
      const name = `${lang} ${key.replaceAll("-", "_")}`;
      expect(known.get(name), `${name} in ${file}`).toBeUndefined();
      known.set(name, file);
    }
  }
  expect(known.size).toBeGreaterThan(1_000);
});

test("finds the help of a field by its system", () => {
  language.follow("en");
  expect(fieldHelp("rocket-chat", "user-id")).toBe(en["help_rocket-chat_user-id"]);
  expect(fieldHelp("rocket-chat", "url")).toBe(en["help_rocket-chat_url"]);
});
