import { beforeEach, describe, expect, it } from "vitest";
import { language } from "../i18n";
import { contentLang } from "./content";
import { freshness } from "./freshness";
import { callMark } from "./outcome";
import { spokenNumber } from "./phone";
import { reasonSentence } from "./problem";
import { layOut } from "./raw";
import { clock, clockWithSeconds, count, duration, longDay, shortDay, startOfDay } from "./time";

const local = (year: number, month: number, day: number, hour = 0, minute = 0, second = 0): string =>
  new Date(year, month - 1, day, hour, minute, second).toISOString();

beforeEach(() => language.follow("en"));

describe("times", () => {
  it("writes durations as people read them", () => {
    expect([0, 7, 272, 3850, 36_000].map(duration)).toEqual(["0:00", "0:07", "4:32", "1:04:10", "10:00:00"]);
  });

  it("writes times without a leading zero of the hour", () => {
    expect(clock(local(2026, 10, 14, 9, 5))).toBe("9:05");
    expect(clockWithSeconds(local(2026, 10, 14, 10, 31, 4))).toBe("10:31:04");
  });

  it("writes days in the form of the language", () => {
    const day = local(2026, 10, 14, 10);
    expect(longDay(day, "ja")).toBe("2026年10月14日(水)");
    expect(longDay(day, "en")).toBe("Wed 14 October 2026");
  });

  it("writes short days, with the year where it is another one", () => {
    const now = new Date(2026, 9, 14);
    expect(shortDay(local(2026, 10, 9), now, "ja")).toBe("10/9");
    expect(shortDay(local(2026, 10, 9), now, "en")).toBe("9 Oct");
    expect(shortDay(local(2025, 12, 31), now, "ja")).toBe("2025/12/31");
  });

  it("begins days at midnight here, also across a month", () => {
    expect(startOfDay(new Date(2026, 9, 3, 15), 6)).toEqual(new Date(2026, 8, 27));
  });

  it("groups thousands", () => {
    expect(count(214_906, "ja")).toBe("214,906");
  });
});

describe("numbers", () => {
  it("is read digit by digit", () => {
    expect(spokenNumber("06-5550")).toBe("0 6 5 5 5 0");
  });
});

describe("raw records", () => {
  it("lays out without touching a digit, an order or a text", () => {
    const raw = '{"id":1564831284702237059,"a":1.10,"s":"x, {y}: \\"z\\"","e":{},"l":[1,[ ]]}';
    expect(layOut(raw)).toBe(
      '{\n  "id": 1564831284702237059,\n  "a": 1.10,\n  "s": "x, {y}: \\"z\\"",\n  "e": {},\n  "l": [\n    1,\n    []\n  ]\n}',
    );
  });

  it("leaves alone what is no JSON, and survives what is cut off", () => {
    expect(layOut("plain text")).toBe("plain text");
    expect(layOut('{"a":"b')).toBe('{\n  "a": "b');
  });
});

it("marks the language of a piece of content by its script", () => {
  expect(["西村 彩", "이서연", "Daniel Ashby", ""].map(contentLang)).toEqual(["ja", "ko", undefined, undefined]);
});

it("says how fresh a connection is", () => {
  const now = new Date(2026, 9, 14, 10, 43);
  const at = local(2026, 10, 14, 10, 39);
  expect(freshness({ state: "live", last_ok_at: at }, now)).toMatchObject({ shape: "live", long: "Live" });
  expect(freshness({ state: "ok", last_ok_at: at }, now)).toMatchObject({ shape: "read", long: "as of 10:39" });
  expect(freshness({ state: "limited", last_ok_at: at }, now)).toMatchObject({ shape: "late", long: "10:39, slowed" });
  expect(freshness({ state: "offline", last_ok_at: null }, now)).toMatchObject({ shape: "off", long: "Offline" });
});

it("marks a missed call red and an unanswered outgoing one amber", () => {
  expect(callMark({ direction: "inbound", outcome: "missed" })).toMatchObject({ icon: "missed", tone: "bad" });
  expect(callMark({ direction: "outbound", outcome: "missed" })).toMatchObject({ icon: "outgoing", tone: "warn" });
});

it("says a failure with its wait", () => {
  const problem = { code: "slow_down", reason: "limit_reached", words: "", wait_seconds: 38 };
  expect(reasonSentence(problem)).toContain("38 s");
});
