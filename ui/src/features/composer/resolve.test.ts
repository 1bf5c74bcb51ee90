import { expect, test } from "vitest";

import type { Destination } from "../../bridge/types/Destination";
import { resolve, wordsIn, type Search } from "./resolve";

const LISTS: Record<string, Destination[]> = {
  letters: [
    { address: "t@x.jp", name: "田中 健一", kind: "person", detail: "t@x.jp" },
    { address: "s1@x.jp", name: "鈴木", kind: "person", detail: "" },
    { address: "s2@x.jp", name: "鈴木", kind: "person", detail: "" },
  ],
  cards: [
    { address: "t.kenichi", name: "田中 健一", kind: "person", detail: "t@x.jp" },
    { address: "e.clarke", name: "Emma Clarke", kind: "person", detail: "e@x.jp" },
    { address: "GENERAL", name: "general", kind: "room", detail: "", members: 58 },
  ],
};
const search: Search = {
  connections: ["letters", "cards"],
  fallback: "letters",
  kinds: ["person", "room"],
  find: (connection, words) =>
    Promise.resolve(
      (LISTS[connection] ?? []).filter((it) =>
        `${it.name} ${it.address} ${it.detail}`.toLowerCase().includes(words.toLowerCase()),
      ),
    ),
};

test("words are separated by anything that cannot be in a name", () => {
  expect(wordsIn('田中 健一、"a@x.jp"; Emma Clarke <e@x.jp>\r\nb@x.jp c@x.jp\t(d@x.jp)')).toEqual([
    "田中 健一",
    "a@x.jp",
    "e@x.jp",
    "b@x.jp",
    "c@x.jp",
    "d@x.jp",
  ]);
});

test("the first system that knows somebody is taken, and an address that none knows is taken as it is", async () => {
  const found = await resolve(["T@x.jp", "@e.clarke", "#general", "new@x.jp"], search, "pasted", false);
  expect(found.targets.map((it) => [it.connection, it.address, it.isKnown, it.members])).toEqual([
    ["letters", "t@x.jp", true, undefined],
    ["cards", "e.clarke", true, undefined],
    ["cards", "GENERAL", true, 58],
    ["letters", "new@x.jp", false, undefined],
  ]);
});

test("of a list, what means several or nobody is told and not taken", async () => {
  const found = await resolve(["鈴木", "だれか", "t@x.jp", "T@X.jp"], search, "pasted", false);
  expect(found.ambiguous).toEqual(["鈴木"]);
  expect(found.missed).toEqual(["だれか"]);
  expect(found.targets).toHaveLength(1);
});

test("what is typed is taken in any case", async () => {
  const found = await resolve(["y.morita"], search, "typed", true);
  expect(found.targets).toMatchObject([{ connection: "letters", address: "y.morita", isKnown: false }]);
});

test("a list that cannot be read leaves the address unchecked", async () => {
  const broken = { ...search, find: () => Promise.reject(new Error("offline")) };
  const found = await resolve(["t@x.jp"], broken, "pasted", false);
  expect(found.targets).toMatchObject([{ address: "t@x.jp", isKnown: false }]);
});
