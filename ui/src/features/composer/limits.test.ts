import { describe, expect, test } from "vitest";

import { addressesIn, cardsIn, fill, lengthOf } from "./limits";

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

describe("addresses", () => {
  test("are separated by anything that cannot be in one", () => {
    expect(addressesIn("a@x.jp, b@x.jp;c@x.jp\nd@x.jp、<e@x.jp>")).toEqual([
      "a@x.jp",
      "b@x.jp",
      "c@x.jp",
      "d@x.jp",
      "e@x.jp",
    ]);
  });
});

describe("attachment cards", () => {
  const fault = (text: string) => cardsIn(text).fault;

  test("nothing means no cards", () => {
    expect(cardsIn(" \n")).toEqual({ cards: [], fault: null });
  });

  test("must be an array of objects", () => {
    expect(fault("{")?.kind).toBe("not_json");
    expect(fault('{"title":"x"}')).toEqual({ kind: "not_a_list" });
    expect(fault('[{"title":"x"}, 3]')).toEqual({ kind: "not_a_card", at: 2 });
    expect(fault("[[]]")).toEqual({ kind: "not_a_card", at: 1 });
    expect(fault("[]")).toBeNull();
  });

  test("are read for the preview without minding what is missing", () => {
    const text = '[{"title":"折り返し依頼","color":"#b0261f","fields":[{"title":"待ち","value":22},7]},{}]';
    expect(cardsIn(text).cards).toEqual([
      { title: "折り返し依頼", text: "", color: "#b0261f", fields: [{ title: "待ち", value: "22" }] },
      { title: "", text: "", color: "", fields: [] },
    ]);
  });
});
