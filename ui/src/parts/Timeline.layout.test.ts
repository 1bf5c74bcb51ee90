import fc from "fast-check";
import { describe, expect, test } from "vitest";

import {
  blockBox,
  intoLanes,
  nextBlock,
  placeOn,
  rowAt,
  rowHeight,
  rowTops,
  rowsOnScreen,
  scrollTo,
  stepsOnScreen,
  type Span,
  type TimelineRow,
} from "./Timeline.layout";

const lanesOf = (spans: [number, number][]): [number, number, number][] =>
  intoLanes(spans.map(([start, end]) => ({ start, end }))).placed.map((it) => [it.item.start, it.lane, it.lanes]);

describe("lanes", () => {
  test("bookings that only touch share one lane", () => {
    expect(
      lanesOf([
        [0, 10],
        [10, 20],
      ]),
    ).toEqual([
      [0, 0, 1],
      [10, 0, 1],
    ]);
  });

  test("two that overlap get a lane each, and a third after them stands alone", () => {
    expect(
      lanesOf([
        [0, 10],
        [5, 15],
        [15, 20],
      ]),
    ).toEqual([
      [0, 0, 2],
      [5, 1, 2],
      [15, 0, 1],
    ]);
  });

  test("a lane is used again as soon as it is free", () => {
    expect(
      lanesOf([
        [0, 10],
        [2, 20],
        [10, 15],
      ]),
    ).toEqual([
      [0, 0, 2],
      [2, 1, 2],
      [10, 0, 2],
    ]);
  });

  test("overlaps are counted by booking and by tangle", () => {
    const result = intoLanes([
      { start: 0, end: 10 },
      { start: 5, end: 8 },
      { start: 20, end: 30 },
      { start: 29, end: 31 },
      { start: 40, end: 41 },
    ]);
    expect([result.overlapping, result.tangles, result.lanes]).toEqual([4, 2, 2]);
  });

  test("a booking without length takes its instant", () => {
    expect(
      lanesOf([
        [0, 10],
        [5, 5],
      ]),
    ).toEqual([
      [0, 0, 2],
      [5, 1, 2],
    ]);
    expect(
      lanesOf([
        [5, 5],
        [5, 5],
      ]),
    ).toEqual([
      [5, 0, 2],
      [5, 1, 2],
    ]);
  });

  test("no row is lost and no lane holds two at once, whatever comes", () => {
    const span = fc
      .tuple(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 20 }))
      .map(([start, length]): Span => ({ start, end: start + length }));
    fc.assert(
      fc.property(fc.array(span, { maxLength: 25 }), (spans) => {
        const { placed } = intoLanes(spans);
        expect(placed).toHaveLength(spans.length);
        for (const [index, a] of placed.entries())
          for (const b of placed.slice(index + 1)) {
            const overlap =
              a.item.start < Math.max(b.item.end, b.item.start + 1) &&
              b.item.start < Math.max(a.item.end, a.item.start + 1);
            if (overlap) expect(a.lane).not.toBe(b.lane);
          }
      }),
    );
  });
});

describe("boxes", () => {
  test("a row with overlaps grows so that each lane keeps 24 pixels", () => {
    expect([rowHeight(1), rowHeight(2), rowHeight(3)]).toEqual([40, 56, 82]);
    expect(blockBox({ lane: 1, lanes: 2 }, 56)).toEqual({ top: 29, height: 24 });
    expect(blockBox({ lane: 0, lanes: 1 }, 56)).toEqual({ top: 3, height: 50 });
  });

  test("a span is placed by share of the axis, and its cut ends are known", () => {
    const axis = { start: 100, end: 200 };
    expect(placeOn(axis, { start: 125, end: 150 })).toEqual({ left: 25, width: 25, cutStart: false, cutEnd: false });
    expect(placeOn(axis, { start: 50, end: 250 })).toEqual({ left: 0, width: 100, cutStart: true, cutEnd: true });
    expect(placeOn(axis, { start: 0, end: 100 })).toBeNull();
    expect(placeOn(axis, { start: 200, end: 300 })).toBeNull();
    expect(placeOn({ start: 5, end: 5 }, { start: 5, end: 6 })).toBeNull();
  });
});

describe("windows", () => {
  const tops = rowTops([40, 56, 40, 40]);

  test("the row under a height is found", () => {
    expect([
      rowAt(tops, 0),
      rowAt(tops, 39),
      rowAt(tops, 40),
      rowAt(tops, 95),
      rowAt(tops, 96),
      rowAt(tops, 9_999),
    ]).toEqual([0, 0, 1, 1, 2, 3]);
  });

  test("only rows on screen are drawn, with some to spare", () => {
    const many = rowTops(Array.from({ length: 500 }, () => 40));
    expect(rowsOnScreen(many, { top: 4_000, height: 400 }, 2)).toEqual({ first: 98, last: 113 });
    expect(rowsOnScreen(rowTops([]), { top: 0, height: 400 })).toEqual({ first: 0, last: 0 });
  });

  test("only steps on screen are drawn", () => {
    expect(stepsOnScreen(48, 4_800, { left: 1_000, width: 500 }, 1)).toEqual({ first: 9, last: 16 });
    expect(stepsOnScreen(20, 0, { left: 0, width: 0 })).toEqual({ first: 0, last: 20 });
  });
});

test("the next block is found along the row and then in the rows after it, whatever overlaps", () => {
  const axis = { start: 0, end: 200, steps: 20 };
  const row = (id: string, spans: [number, number][]): TimelineRow => ({
    id,
    height: 40,
    closed: [],
    blocks: () =>
      intoLanes(spans.map(([start, end]) => ({ start, end }))).placed.map((it) => ({
        ...it,
        item: { ...it.item, id: "", kind: "later", title: "", detail: "", lang: undefined, hint: "" },
      })),
  });
  const rows = [
    row("a", [
      [-20, 15],
      [50, 70],
      [55, 60],
    ]),
    row("b", []),
    row("c", [
      [0, 10],
      [195, 300],
      [250, 260],
    ]),
  ];
  const walk = (from: { row: number; step: number }, by: 1 | -1): string[] => {
    const seen: string[] = [];
    for (let at = nextBlock(axis, rows, from, by); at; at = nextBlock(axis, rows, at, by))
      seen.push(`${at.row}:${at.step}`);
    return seen;
  };
  expect(walk({ row: 0, step: 0 }, 1)).toEqual(["0:5", "2:0", "2:19"]);
  expect(walk({ row: 2, step: 19 }, -1)).toEqual(["2:0", "0:5", "0:0"]);
  expect(nextBlock(axis, rows, { row: 1, step: 7 }, -1)).toEqual({ row: 0, step: 5 });
});

test("a row comes into view by the least way, and one that is higher than the view stays where it fills it", () => {
  expect([scrollTo(0, 100, 0, 40), scrollTo(0, 100, 80, 120), scrollTo(200, 100, 80, 120)]).toEqual([0, 20, 80]);
  expect([scrollTo(0, 100, 50, 400), scrollTo(120, 100, 50, 400), scrollTo(900, 100, 50, 400)]).toEqual([50, 120, 300]);
  expect(scrollTo(0, 100, 0, 500)).toBe(0);
});
