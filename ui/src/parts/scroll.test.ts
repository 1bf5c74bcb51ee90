import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  centre,
  drawnRows,
  offsetAt,
  reveal,
  rowFor,
  scrollFor,
  scrollHeight,
  seenRows,
  TALLEST,
  type Measures,
} from "./scroll";

const measures = fc.record({
  total: fc.oneof(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 5_000_000 })),
  row: fc.constantFrom(24, 28, 44),
  seen: fc.integer({ min: 44, max: 4_000 }),
});
/** The scroll positions that an element of these measures has. */
const highest = (m: Measures): number => Math.max(0, scrollHeight(m) - m.seen);

describe("the scroll position and the rows", () => {
  it("turns an offset into a scroll position and back", () => {
    fc.assert(
      fc.property(measures, fc.double({ min: 0, max: 1, noNaN: true }), (m, part) => {
        const offset = part * Math.max(0, m.total * m.row - m.seen);
        expect(offsetAt(m, scrollFor(m, offset))).toBeCloseTo(offset, 3);
      }),
    );
  });

  it("turns a scroll position into an offset and back", () => {
    fc.assert(
      fc.property(measures, fc.double({ min: 0, max: 1, noNaN: true }), (m, part) => {
        const at = part * highest(m);
        expect(scrollFor(m, offsetAt(m, at))).toBeCloseTo(at, 3);
      }),
    );
  });

  it("never goes back where one scrolls on", () => {
    fc.assert(
      fc.property(
        measures,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (m, a, b) => {
          const [up, down] = [Math.min(a, b) * highest(m), Math.max(a, b) * highest(m)];
          expect(offsetAt(m, up)).toBeLessThanOrEqual(offsetAt(m, down));
          expect(seenRows(m, up)?.first ?? 0).toBeLessThanOrEqual(seenRows(m, down)?.first ?? -1);
        },
      ),
    );
  });

  it("reaches every row also by whole pixels, as a web view scrolls", () => {
    fc.assert(
      fc.property(measures, fc.double({ min: 0, max: 1, noNaN: true }), (m, part) => {
        const index = Math.floor(part * (m.total - 1));
        const at = Math.min(highest(m), Math.round(scrollFor(m, index * m.row)));
        const seen = seenRows(m, at);
        expect(seen?.first).toBeLessThanOrEqual(index);
        expect(seen?.last).toBeGreaterThanOrEqual(index);
      }),
    );
  });

  it("brings a row into the middle, as far as the ends allow", () => {
    fc.assert(
      fc.property(measures, fc.double({ min: 0, max: 1, noNaN: true }), (m, part) => {
        const index = Math.floor(part * (m.total - 1));
        const offset = centre(m, index);
        const middle = offset + m.seen / 2 - (index + 0.5) * m.row;
        const end = Math.max(0, m.total * m.row - m.seen);
        expect(offset).toBeGreaterThanOrEqual(0);
        expect(offset).toBeLessThanOrEqual(end);
        if (offset > 0 && offset < end) expect(middle).toBeCloseTo(0, 6);
        expect(offset).toBeLessThanOrEqual(index * m.row);
        expect(offset + Math.max(m.seen, m.row)).toBeGreaterThanOrEqual((index + 1) * m.row);
      }),
    );
  });

  it("shows the first row at the top and the last one at the end", () => {
    fc.assert(
      fc.property(measures, (m) => {
        expect(seenRows(m, 0)?.first).toBe(0);
        expect(seenRows(m, highest(m))?.last).toBe(m.total - 1);
      }),
    );
  });

  it("reveals any row from anywhere, wholly", () => {
    fc.assert(
      fc.property(
        measures,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (m, from, to) => {
          const index = Math.floor(to * (m.total - 1));
          const at = reveal(m, from * highest(m), index);
          const offset = offsetAt(m, at);
          expect(offset).toBeLessThanOrEqual(index * m.row + 0.01);
          expect(offset + m.seen).toBeGreaterThanOrEqual((index + 1) * m.row - 0.01);
        },
      ),
    );
  });

  it("does not move where the row is in sight", () => {
    const m = { total: 1_000, row: 28, seen: 280 };
    expect(reveal(m, 2_800, 105)).toBe(2_800);
  });

  it("never makes an element taller than a web view can have", () => {
    fc.assert(fc.property(measures, (m) => scrollHeight(m) <= TALLEST));
  });

  it("draws those in sight, those beside them and the current one, each once and in order", () => {
    const seen = { first: 10, last: 12 };
    expect(drawnRows(seen, 0, 100, 11)).toEqual([10, 11, 12]);
    expect(drawnRows(seen, 2, 100, 40)).toEqual([8, 9, 10, 11, 12, 13, 14, 40]);
    expect(drawnRows(seen, 2, 100, 0)).toEqual([0, 8, 9, 10, 11, 12, 13, 14]);
    expect(drawnRows({ first: 0, last: 2 }, 4, 4, 1)).toEqual([0, 1, 2, 3]);
  });

  it("goes by key within the table, a page at a time as far as one row less than is seen", () => {
    const m = { total: 100, row: 28, seen: 280 };
    const to = (key: string, from: number): number | undefined => rowFor(key, from, m);
    expect([to("ArrowDown", 5), to("ArrowUp", 5), to("PageDown", 5), to("PageUp", 50)]).toEqual([6, 4, 14, 41]);
    expect([to("Home", 5), to("End", 5), to("ArrowUp", 0), to("PageDown", 97)]).toEqual([0, 99, 0, 99]);
    expect(to("Enter", 5)).toBeUndefined();
  });

  it("sees nothing of an empty table", () => {
    expect(seenRows({ total: 0, row: 28, seen: 500 }, 0)).toBeNull();
  });
});
