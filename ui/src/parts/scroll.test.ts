import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { offsetAt, reveal, scrollFor, scrollHeight, seenRows, TALLEST, type Measures } from "./scroll";

const measures = fc.record({
  total: fc.integer({ min: 1, max: 3_000_000 }),
  row: fc.constantFrom(24, 28, 44),
  seen: fc.integer({ min: 100, max: 2_000 }),
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

  it("sees nothing of an empty table", () => {
    expect(seenRows({ total: 0, row: 28, seen: 500 }, 0)).toBeNull();
  });
});
