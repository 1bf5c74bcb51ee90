import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { CallVolume } from "../../bridge/types/CallVolume";
import { barsOf, most, MOST_BARS, planDays, planHours } from "./volume";

/** What the program would answer where these instants are calls, each third one missed. */
function answer(edges: string[], calls: number[]): CallVolume[] {
  return edges.slice(1).map((to, index) => {
    const held = calls.filter((it) => it >= Date.parse(edges[index] ?? "") && it < Date.parse(to));
    const missed = held.filter((it) => it % 3 === 0).length;
    return { calls: held.length, answered: held.length - missed, missed };
  });
}

const isRising = (edges: string[]): boolean => edges.every((it, i) => i === 0 || it > (edges[i - 1] ?? ""));

for (const zone of ["Asia/Tokyo", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Santiago"]) {
  describe(`in ${zone}`, () => {
    beforeEach(() => void vi.stubEnv("TZ", zone));
    afterEach(() => void vi.unstubAllEnvs());
    const day = fc.date({ min: new Date("2020-01-01"), max: new Date("2030-12-31"), noInvalidDate: true });

    it("asks with rising edges, and its hours fill each day without a gap", () => {
      fc.assert(
        fc.property(day, (at) => {
          const { bars, edges } = planHours(at);
          expect(isRising(edges)).toBe(true);
          const midnight = new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime();
          const next = new Date(at.getFullYear(), at.getMonth(), at.getDate() + 1).getTime();
          expect([bars[0]?.period.from, bars.at(-1)?.period.to]).toEqual([midnight, next]);
          bars.forEach((it, i) => expect(it.period.from).toBe(i === 0 ? midnight : bars[i - 1]?.period.to));
        }),
        { numRuns: 60 },
      );
    });

    it("counts every call of a day once", () => {
      fc.assert(
        fc.property(day, fc.array(fc.double({ min: 0, max: 1, noNaN: true })), (at, parts) => {
          const plan = planHours(at);
          const [from, to] = [plan.bars[0]?.period.from ?? 0, plan.bars.at(-1)?.period.to ?? 0];
          const calls = parts.map((it) => Math.floor(from + it * (to - from - 1)));
          const bars = barsOf(plan, answer(plan.edges, calls), 0, 24);
          expect(bars.reduce((sum, it) => sum + it.calls, 0)).toBe(calls.length);
          expect(bars.every((it) => it.answered + it.missed === it.calls)).toBe(true);
        }),
        { numRuns: 40 },
      );
    });

    it("has one bar per day, also where a day has 23 or 25 hours", () => {
      fc.assert(
        fc.property(day, fc.integer({ min: 1, max: MOST_BARS }), (at, days) => {
          const { bars, edges } = planDays(at, days);
          expect(isRising(edges)).toBe(true);
          expect(bars).toHaveLength(days);
          expect(
            new Set(bars.map((it) => new Date(it.period.from).getDate() + 100 * new Date(it.period.from).getMonth()))
              .size,
          ).toBe(days);
          bars.forEach((it, i) => i > 0 && expect(it.period.from).toBe(bars[i - 1]?.period.to));
        }),
        { numRuns: 60 },
      );
    });
  });
}

describe("on the days when the clock of Berlin changes", () => {
  beforeEach(() => void vi.stubEnv("TZ", "Europe/Berlin"));
  afterEach(() => void vi.unstubAllEnvs());

  it("leaves out the hour that is leapt over", () => {
    const { bars } = planHours(new Date(2026, 2, 29, 12));
    expect(bars.map((it) => new Date(it.period.from).getHours())).not.toContain(2);
    expect(bars).toHaveLength(23);
  });

  it("gives the hour that is struck twice both its halves", () => {
    const { bars } = planHours(new Date(2026, 9, 25, 12));
    const hours = bars.map((it) => (it.period.to - it.period.from) / 3_600_000);
    expect(bars).toHaveLength(24);
    expect(hours.filter((it) => it !== 1)).toEqual([2]);
  });
});

describe("the usual", () => {
  beforeEach(() => void vi.stubEnv("TZ", "Asia/Tokyo"));
  afterEach(() => void vi.unstubAllEnvs());
  const wednesday = new Date(2026, 9, 14, 10, 42);
  const at = (ago: number, hour: number): number => new Date(2026, 9, 14 - ago, hour, 30).getTime();

  it("is the mean of the same weekday over the four weeks before", () => {
    const plan = planHours(wednesday);
    const calls = [at(0, 9), at(7, 9), at(7, 9), at(14, 9), at(28, 9), at(1, 9), at(35, 9)];
    const nine = barsOf(plan, answer(plan.edges, calls), 8, 18).find((it) => new Date(it.from).getHours() === 9);
    expect([nine?.calls, nine?.usual]).toEqual([1, 1]);
  });

  it("is of the same weekday also per day", () => {
    const plan = planDays(wednesday, 7);
    const calls = [at(7, 9), at(14, 9), at(21, 9), at(28, 9), at(8, 9)];
    const bars = barsOf(plan, answer(plan.edges, calls), 8, 18);
    expect(bars.map((it) => it.usual)).toEqual([0, 0, 0, 0, 0, 0.25, 1]);
  });

  it("leaves out empty hours before and after the opening hours, and no others", () => {
    const plan = planHours(wednesday);
    const hours = (calls: number[]): number[] =>
      barsOf(plan, answer(plan.edges, calls), 8, 18).map((it) => new Date(it.from).getHours());
    expect(hours([])).toEqual([8, 9, 10, 11, 12, 13, 14, 15, 16, 17]);
    expect(hours([at(0, 6), at(7, 19)])).toEqual([6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19]);
  });

  it("measures bars by the highest of both", () => {
    const bar = { from: "", to: "", calls: 0, answered: 0, missed: 0, usual: 0 };
    expect(most([])).toBe(1);
    expect(
      most([
        { ...bar, calls: 4 },
        { ...bar, usual: 6.5 },
      ]),
    ).toBe(6.5);
  });
});
