import { describe, expect, test } from "vitest";

import { columnEdges, columnsOnScreen, endColumn, FOLDED, nextColumn } from "./DayGrid.layout";

const week = [false, false, true, true, false].map((isFolded) => ({ isFolded }));

describe("the columns of a grid of days", () => {
  test("share the width that folded ones leave", () => {
    const width = 300 + 2 * FOLDED;
    expect(columnEdges(week, width, 25)).toEqual([0, 100, 200, 200 + FOLDED, 200 + 2 * FOLDED, width]);
  });

  test("are never narrower than a target has to be", () => {
    expect(columnEdges(week, 40, 25)).toEqual([0, 25, 50, 50 + FOLDED, 50 + 2 * FOLDED, 75 + 2 * FOLDED]);
    expect(columnEdges([], 100, 25)).toEqual([0]);
  });

  test("are passed over by the keyboard where they are folded", () => {
    expect(nextColumn(week, 1, 1)).toBe(4);
    expect(nextColumn(week, 4, -1)).toBe(1);
    expect(nextColumn(week, 4, 1)).toBe(4);
    expect(nextColumn(week, 0, -1)).toBe(0);
    expect(endColumn(week, "first")).toBe(0);
    expect(endColumn(week, "last")).toBe(4);
    expect(endColumn([{ isFolded: true }, { isFolded: false }], "first")).toBe(1);
  });

  test("are drawn where they are on screen, and one more on each side", () => {
    const edges = Array.from({ length: 32 }, (_, index) => index * 30);
    expect(columnsOnScreen(edges, { left: 0, width: 930 })).toEqual({ first: 0, last: 31 });
    expect(columnsOnScreen(edges, { left: 300, width: 90 })).toEqual({ first: 9, last: 14 });
    expect(columnsOnScreen([0], { left: 0, width: 90 })).toEqual({ first: 0, last: 0 });
  });
});
