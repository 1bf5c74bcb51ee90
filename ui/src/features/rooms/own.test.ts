/** One room's days under one another: pieces of bookings, and the hours that are shown. */
import { expect, test } from "vitest";
import type { CalendarDay } from "../../bridge/types/CalendarDay";
import type { Booking } from "./board";
import { hoursOf, piecesOf } from "./own.svelte";

const HOUR = 3_600_000;

const day = (date: string): CalendarDay => {
  const begin = Date.parse(`${date}T00:00:00+09:00`);
  const at = (hour: number): string => new Date(begin + hour * HOUR).toISOString();
  return {
    day: date,
    begins_at: at(0),
    ends_at: at(24),
    opens_at: at(9),
    closes_at: at(18),
    is_weekend: false,
    holiday: null,
  };
};

const booking = (start: string, end: string): Booking => ({
  start: Date.parse(`${start}+09:00`),
  end: Date.parse(`${end}+09:00`),
  reservation: {
    id: `c/${start}`,
    connection: "c",
    room_id: "c/1",
    title: "定例",
    owner: null,
    people: [],
    start,
    end,
    all_day: false,
    raw: "{}",
  },
});

test("a booking over midnight is cut into a piece for each day", () => {
  const night = booking("2026-10-14T22:00:00", "2026-10-15T02:00:00");
  const spans = ["2026-10-14", "2026-10-15", "2026-10-16"].map((date) =>
    piecesOf(day(date), [night]).map((it) => [it.start / HOUR, it.end / HOUR]),
  );
  expect(spans).toEqual([[[22, 24]], [[0, 2]], []]);
});

test("the hours are those in which rooms are open, wider only for what would not be seen", () => {
  const days = [day("2026-10-14"), day("2026-10-15")];
  expect(hoursOf(days, [])).toEqual({ start: 9 * HOUR, end: 18 * HOUR });
  expect(hoursOf(days, [booking("2026-10-15T07:30:00", "2026-10-15T08:00:00")])).toEqual({
    start: 7 * HOUR,
    end: 18 * HOUR,
  });
  expect(hoursOf(days, [booking("2026-10-14T22:15:00", "2026-10-15T02:00:00")])).toEqual({ start: 0, end: 24 * HOUR });
  expect(hoursOf([], [])).toEqual({ start: 0, end: 24 * HOUR });
});
