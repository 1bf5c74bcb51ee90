import { expect, test } from "vitest";

import { blank, recall, remember, withTargets, type Target } from "./draft";

class Shelf {
  kept: string | null = null;
  getItem = (): string | null => this.kept;
  setItem = (_: string, value: string): void => {
    this.kept = value;
  };
}

const target = (address: string, isKnown = true): Target => ({ address, name: address, isKnown });

test("a draft comes back as it was left", () => {
  const shelf = new Shelf();
  const written = { ...blank(), id: "d-1", text: "折り返しを\nお願いします", people: [target("a@x.jp")] };
  remember(shelf, written);
  expect(recall(shelf)).toEqual(written);
});

test("what cannot be read is a blank draft, and what is missing is filled in", () => {
  const shelf = new Shelf();
  shelf.kept = "{";
  expect(recall(shelf)).toEqual(blank());
  shelf.kept = '{"text":"x"}';
  expect(recall(shelf)).toEqual({ ...blank(), text: "x" });
});

test("nobody is a recipient twice", () => {
  const list = withTargets([target("A@x.jp")], [target("a@X.jp", false), target("b@x.jp")]);
  expect(list.map((it) => it.address)).toEqual(["A@x.jp", "b@x.jp"]);
});

test("who turns out to be known takes the place of what was typed", () => {
  const typed = withTargets([], [target("emma clarke", false)]);
  const found = withTargets(typed, [{ address: "emma.clarke", name: "Emma Clarke", isKnown: true }]);
  expect(found).toEqual([{ address: "emma.clarke", name: "Emma Clarke", isKnown: true }]);
});
