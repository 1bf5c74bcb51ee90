import { describe, expect, test } from "vitest";

import { fill, lengthOf, secondsFor } from "./limits";

describe("length", () => {
  test("a meter warns from nine tenths and is bad above the limit", () => {
    const levels = [0, 4_499, 4_500, 5_000, 5_001].map((length) => fill(length, 5_000).level);
    expect(levels).toEqual(["ok", "ok", "warn", "warn", "bad"]);
    expect(fill(9_999, 5_000).percent).toBe(100);
    expect(fill(9_999, null)).toEqual({ percent: 0, level: "ok" });
  });

  test("a text is never counted shorter than a system counts it", () => {
    expect(lengthOf("田中さん")).toBe(4);
    expect(lengthOf("𠮷")).toBe(2);
  });
});

describe("duration", () => {
  const check = (lanes: [number, number | null][], seconds: number): void => {
    expect(secondsFor(lanes.map(([count, perMinute]) => ({ count, perMinute })))).toBe(seconds);
  };

  test("is that of the slowest system, since they work side by side", () => {
    check(
      [
        [11, null],
        [2, 10],
        [3, 40],
      ],
      3,
    );
    check(
      [
        [1, null],
        [41, 40],
      ],
      61,
    );
    check([[25, 10]], 122);
    check([], 1);
  });
});
