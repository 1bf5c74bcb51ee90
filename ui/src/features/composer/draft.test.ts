import { expect, test } from "vitest";

import { blank, recall, remember, withTargets, type Target } from "./draft";

class Shelf {
  kept: string | null = null;
  getItem = (): string | null => this.kept;
  setItem = (_: string, value: string): void => {
    this.kept = value;
  };
}

const target = (address: string, isKnown = true): Target => ({
  connection: "one",
  kind: "person",
  address,
  name: address,
  isKnown,
  reason: "typed",
});

test("a draft comes back as it was left", () => {
  const shelf = new Shelf();
  const written = { ...blank(), id: "d-1", text: "折り返しを\nお願いします", to: [target("a@x.jp")] };
  remember(shelf, written);
  expect(recall(shelf)).toEqual(written);
});

test("a draft that is too long to be kept says so, and what is written goes on", () => {
  const full = {
    setItem: (): void => {
      throw new DOMException("full", "QuotaExceededError");
    },
  };
  expect(remember(full, { ...blank(), text: "x" })).toBe(false);
  expect(remember(new Shelf(), blank())).toBe(true);
});

test("what cannot be read is a blank draft, and what is missing is filled in", () => {
  const shelf = new Shelf();
  shelf.kept = "{";
  expect(recall(shelf)).toEqual(blank());
  shelf.kept = '{"text":"x"}';
  expect(recall(shelf)).toEqual({ ...blank(), text: "x" });
  shelf.kept = '{"text":"x","to":[{"address":"a"},7],"values":{"a":1,"b":"c"},"sealed":"yes"}';
  expect(recall(shelf)).toEqual({ ...blank(), text: "x", values: { b: "c" } });
  shelf.kept = '{"file":{"path":"/a","name":"a"}}';
  expect(recall(shelf).file).toBeNull();
});

test("nobody is a recipient twice", () => {
  const list = withTargets([target("A@x.jp")], [target("a@X.jp", false), target("b@x.jp")]);
  expect(list.map((it) => it.address)).toEqual(["A@x.jp", "b@x.jp"]);
});

test("who turns out to be known takes the place of what was typed", () => {
  const typed = withTargets([], [target("emma clarke", false)]);
  const found = withTargets(typed, [{ ...target("emma.clarke"), name: "Emma Clarke", reason: "picked" }]);
  expect(found).toEqual([{ ...target("emma.clarke"), name: "Emma Clarke" }]);
});

test("the same address at another system is somebody else", () => {
  expect(withTargets([target("a")], [{ ...target("a"), connection: "two" }])).toHaveLength(2);
});
