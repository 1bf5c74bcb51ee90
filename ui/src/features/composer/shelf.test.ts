import { expect, test } from "vitest";

import { blank } from "./draft";
import { shelve, shelved, unshelve } from "./shelf";

function shelf(): Pick<Storage, "getItem" | "setItem"> {
  const kept = new Map<string, string>();
  return { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => void kept.set(key, value) };
}
const draft = (text: string) => ({ ...blank(), id: `d-${text}`, text, changedAt: "2026-10-14T01:42:00Z" });

test("the last five drafts are kept, the newest first, each once", () => {
  const storage = shelf();
  for (const text of ["a", "b", "c", "d", "e", "f", "b"]) shelve(storage, draft(text));
  expect(shelved(storage).map((it) => it.text)).toEqual(["b", "f", "e", "d", "c"]);
  unshelve(storage, draft("f"));
  expect(shelved(storage).map((it) => it.text)).toEqual(["b", "e", "d", "c"]);
});

test("nothing is not kept, and what cannot be read is nothing", () => {
  const storage = shelf();
  shelve(storage, blank());
  expect(shelved(storage)).toEqual([]);
  storage.setItem("frontdesk.composer.shelf", "{");
  expect(shelved(storage)).toEqual([]);
});
