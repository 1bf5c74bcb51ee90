import fc from "fast-check";
import { describe, expect, test } from "vitest";

import type { CalendarDay } from "../../bridge/types/CalendarDay";
import type { RoomCalendar } from "../../bridge/types/RoomCalendar";
import type { RoomLine } from "../../bridge/types/RoomLine";
import { addDays } from "./board";
import { addMonths, countedDays, dayTotal, foldedDays, grandTotal, heatOf, stretchOf, totalOf } from "./calendar";

const day = (day: string, part: Partial<CalendarDay> = {}): CalendarDay => ({
  day,
  begins_at: `${day}T00:00:00.000Z`,
  ends_at: `${addDays(day, 1)}T00:00:00.000Z`,
  opens_at: `${day}T09:00:00.000Z`,
  closes_at: `${day}T18:00:00.000Z`,
  is_weekend: false,
  holiday: null,
  ...part,
});

const line = (used: number[], bookings: number[], overlaps: number[] = used.map(() => 0)): RoomLine => ({
  room: {
    id: "cam/1",
    connection: "cam",
    external_id: "1",
    name: "会議室 301",
    capacity: 8,
    place: null,
    note: null,
    equipment: [],
    raw: "",
  },
  used,
  bookings,
  overlaps,
  times: [],
});

const calendar = (days: CalendarDay[], rooms: RoomLine[], unread: string[] = []): RoomCalendar => ({
  zone: "Asia/Tokyo",
  days,
  months: [...new Set(days.map((it) => `${it.day.slice(0, 7)}-01`))].map((month) => ({
    month,
    read_at: unread.includes(month) ? null : "2026-10-14T01:42:00.000Z",
  })),
  rooms,
  unplaced: 0,
});

describe("the days of a view", () => {
  test("are a week from Sunday or Monday, or a whole month", () => {
    expect(stretchOf("week", "2026-10-14", false)).toEqual({ from: "2026-10-12", days: 7 });
    expect(stretchOf("week", "2026-10-14", true)).toEqual({ from: "2026-10-11", days: 7 });
    expect(stretchOf("week", "2026-11-01", false)).toEqual({ from: "2026-10-26", days: 7 });
    expect(stretchOf("week", "2026-11-01", true)).toEqual({ from: "2026-11-01", days: 7 });
    expect(stretchOf("month", "2026-10-14", true)).toEqual({ from: "2026-10-01", days: 31 });
    expect(stretchOf("month", "2028-02-29", true)).toEqual({ from: "2028-02-01", days: 29 });
  });

  test("step by months to the same day, or to the last one of a shorter month", () => {
    expect(addMonths("2026-10-31", 1)).toBe("2026-11-30");
    expect(addMonths("2026-12-14", 1)).toBe("2027-01-14");
    expect(addMonths("2026-01-14", -1)).toBe("2025-12-14");
    expect(addMonths("2028-03-30", -1)).toBe("2028-02-29");
  });

  test("always hold the day that they are of", () => {
    const days = fc.integer({ min: 0, max: 20_000 }).map((n) => addDays("2000-01-01", n));
    fc.assert(
      fc.property(days, fc.constantFrom("week" as const, "month" as const), fc.boolean(), (it, view, isSundayFirst) => {
        const { from, days } = stretchOf(view, it, isSundayFirst);
        return from <= it && it < addDays(from, days);
      }),
    );
  });
});

describe("days on which rooms are closed", () => {
  test("are folded, unless something is booked on them", () => {
    const days = [
      day("2026-10-10", { is_weekend: true }),
      day("2026-10-11", { is_weekend: true }),
      day("2026-10-12", { holiday: "sports" }),
      day("2026-10-13"),
    ];
    expect(foldedDays(calendar(days, [line([0, 0, 0, 0], [0, 1, 0, 0])]))).toEqual([true, false, true, false]);
  });

  test("do not count in what is used, but their bookings and overlaps do", () => {
    const days = [day("2026-10-11", { is_weekend: true }), day("2026-10-13"), day("2026-10-14")];
    const it = calendar(days, [line([100, 50, 25], [2, 1, 1], [1, 0, 0])]);
    expect(totalOf(countedDays(it), it.rooms[0] as RoomLine)).toEqual({ used: 38, bookings: 4, overlaps: 1 });
  });
});

describe("what was not read", () => {
  const days = [day("2026-10-31"), day("2026-11-01")];

  test("is not taken for empty", () => {
    const it = calendar(days, [line([40, 0], [1, 0])], ["2026-11-01"]);
    expect(totalOf(countedDays(it), it.rooms[0] as RoomLine).used).toBe(40);
    expect(dayTotal(it, it.rooms, 0).used).toBe(40);
    expect(dayTotal(it, it.rooms, 1).used).toBeNull();
  });

  test("has no share at all where nothing was read", () => {
    const it = calendar(days, [line([0, 0], [0, 0])], ["2026-10-01", "2026-11-01"]);
    const totals = it.rooms.map((line) => totalOf(countedDays(it), line));
    expect(grandTotal(totals)).toEqual({ used: null, bookings: 0, overlaps: 0 });
  });
});

test("the heat has a step for nothing and one for each fifth", () => {
  expect([0, 1, 20, 21, 40, 41, 60, 61, 80, 81, 100].map(heatOf)).toEqual([0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5]);
});
