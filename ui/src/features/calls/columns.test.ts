import fc from "fast-check";
import { expect, it } from "vitest";
import { arranged, columnsOf, moved, NARROWEST, shown, sized, WIDEST } from "./columns";

const ids = ["time", "outcome", "system", "caller", "number", "line", "spoke", "length", "note"];
const choice = fc.record({
  id: fc.constantFrom(...ids, "gone"),
  is_shown: fc.boolean(),
  width: fc.option(fc.integer({ min: NARROWEST, max: WIDEST })),
});

it("has every column once, and time and caller always, whatever was kept", () => {
  fc.assert(
    fc.property(fc.array(choice), (choices) => {
      expect(
        arranged(choices)
          .map((it) => it.id)
          .sort(),
      ).toEqual([...ids].sort());
      expect(columnsOf(choices).map((it) => it.id)).toEqual(expect.arrayContaining(["time", "caller"]));
    }),
  );
});

it("begins with the usual columns in their order", () => {
  expect(columnsOf([]).map((it) => it.id)).toEqual(ids);
});

it("puts a column that the settings do not know at its usual place", () => {
  const kept = ids.filter((it) => it !== "number").map((id) => ({ id, is_shown: true, width: null }));
  expect(arranged(kept).map((it) => it.id)).toEqual(ids);
});

it("moves, hides and sizes one column and leaves the others", () => {
  expect(moved([], "note", -1).map((it) => it.id)).toEqual([...ids.slice(0, 7), "note", "length"]);
  expect(moved([], "time", -1).map((it) => it.id)).toEqual(ids);
  expect(columnsOf(shown([], "line", false)).map((it) => it.id)).toEqual(ids.filter((it) => it !== "line"));
  expect(columnsOf(shown([], "caller", false)).map((it) => it.id)).toEqual(ids);
  expect(columnsOf(sized([], "number", 140.4)).find((it) => it.id === "number")?.width).toBe("140px");
  expect(columnsOf(sized([], "number", 9_999)).find((it) => it.id === "number")?.width).toBe(`${WIDEST}px`);
});
