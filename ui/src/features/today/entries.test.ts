import { beforeEach, expect, it } from "vitest";
import type { EntryChange } from "../../bridge/types/EntryChange";
import { language } from "../../i18n";
import { entryParts, entryWords, spokenEntry } from "./entries";

const SEEN = new Date(2026, 9, 14, 8, 40);
const NOW = new Date(2026, 9, 14, 10, 42);
const change = (part: Partial<EntryChange>): EntryChange => ({
  connection: "cti-1",
  external_id: "1",
  list: "customers",
  kind: "added",
  name: "黒田 亨",
  before: null,
  after: null,
  count: 1,
  seen_at: SEEN.toISOString(),
  ...part,
});
const text = (part: Partial<EntryChange>): string =>
  entryParts(change(part))
    .map((it) => (it.kind === "gone" ? `-${it.text}` : it.kind === "new" ? `+${it.text}` : it.text))
    .join(" ");

beforeEach(() => language.follow("en"));

it("says what stood and what stands", () => {
  expect(text({})).toBe("+黒田 亨");
  expect(text({ kind: "removed" })).toBe("-黒田 亨");
  expect(text({ kind: "renamed", name: "黒田 徹", before: "黒田 亨", after: "黒田 徹" })).toBe("-黒田 亨 → +黒田 徹");
  expect(text({ kind: "numbers", before: "1", after: "2" })).toBe("黒田 亨 phone -1 → +2");
  expect(text({ kind: "numbers", before: "1" })).toBe("黒田 亨 phone -1");
  expect(text({ kind: "company", after: "南星物流" })).toBe("黒田 亨 company +南星物流");
  expect(text({ list: "people", kind: "switched_off" })).toBe("黒田 亨 -active → +switched off");
  expect(text({ list: "people", kind: "switched_on" })).toBe("黒田 亨 -switched off → +active");
});

it("counts many, and names the list", () => {
  expect(text({ name: "", count: 212 })).toBe("+212 new");
  expect(text({ name: "", kind: "removed", count: 40 })).toBe("-40 gone");
  expect(entryWords(change({ count: 212 }))).toBe("Customer");
  expect(entryWords(change({}))).toBe("New customer");
  expect(entryWords(change({ list: "people", kind: "removed" }))).toBe("Person gone");
  expect(entryWords(change({ list: "people", kind: "extension" }))).toBe("Person");
});

it("is read out whole", () => {
  expect(spokenEntry(change({ kind: "numbers", after: "2" }), NOW)).toMatch(
    /8:40, Customer, 黒田 亨 phone, from none to 2$/,
  );
  expect(spokenEntry(change({ kind: "renamed", name: "b", before: "a", after: "b" }), NOW)).toMatch(
    /8:40, Customer, b, from a to b$/,
  );
  language.follow("ja");
  expect(spokenEntry(change({ list: "people", kind: "switched_off" }), NOW)).toMatch(
    /人、黒田 亨、変更前 有効、変更後 停止$/,
  );
});
