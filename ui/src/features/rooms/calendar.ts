/** What weeks and months of rooms know without a screen: their days, what is folded, and what adds up. */

import type { CalendarDay } from "../../bridge/types/CalendarDay";
import type { RoomCalendar } from "../../bridge/types/RoomCalendar";
import type { RoomLine } from "../../bridge/types/RoomLine";
import { addDays } from "./board";

/** How much of the rooms is in sight. */
export type View = "day" | "week" | "month";

/** The days that a view shows: from a day on, so many. */
export interface Stretch {
  from: string;
  days: number;
}

const noonOf = (day: string): Date => new Date(`${day}T12:00:00Z`);

/** The first day of the month of a day. */
export const monthOf = (day: string): string => `${day.slice(0, 7)}-01`;

/** The same day so many months on, or the last day of that month. */
export function addMonths(day: string, months: number): string {
  const first = noonOf(monthOf(day));
  first.setUTCMonth(first.getUTCMonth() + months);
  const month = first.toISOString().slice(0, 7);
  const last = Number(addDays(nextMonth(`${month}-01`), -1).slice(8));
  return `${month}-${String(Math.min(last, Number(day.slice(8)))).padStart(2, "0")}`;
}

function nextMonth(first: string): string {
  const date = noonOf(first);
  date.setUTCMonth(date.getUTCMonth() + 1);
  return date.toISOString().slice(0, 10);
}

/** The week or month of a day; weeks begin on Sunday in Japan and on Monday elsewhere. */
export function stretchOf(view: "week" | "month", day: string, isSundayFirst: boolean): Stretch {
  if (view === "month") {
    const from = monthOf(day);
    return { from, days: Math.round((noonOf(nextMonth(from)).getTime() - noonOf(from).getTime()) / 86_400_000) };
  }
  const weekday = noonOf(day).getUTCDay();
  return { from: addDays(day, -(isSundayFirst ? weekday : (weekday + 6) % 7)), days: 7 };
}

/** Whether rooms are closed on a day. */
export const isClosed = (day: CalendarDay): boolean => day.is_weekend || day.holiday !== null;

/** Whether the month of a day was read. */
export function isRead(calendar: RoomCalendar, day: CalendarDay): boolean {
  return calendar.months.some((it) => it.month.slice(0, 7) === day.day.slice(0, 7) && it.read_at !== null);
}

/** Which days count in what is used, by their places: those that were read and on which rooms are open. */
export function countedDays(calendar: RoomCalendar): number[] {
  return calendar.days.flatMap((day, at) => (!isClosed(day) && isRead(calendar, day) ? [at] : []));
}

/** When the oldest of some months was read; null where one was never read. */
export function oldestOf(months: readonly { read_at: string | null }[]): string | null {
  const times = months.flatMap((it) => it.read_at ?? []).sort();
  return times.length === months.length ? (times[0] ?? null) : null;
}

/** Which days are folded: those on which rooms are closed and nothing is booked. What is booked is never hidden. */
export function foldedDays(calendar: RoomCalendar): boolean[] {
  const isBooked = calendar.days.map((_, at) => calendar.rooms.some((line) => (line.bookings[at] ?? 0) > 0));
  return calendar.days.map((day, at) => isClosed(day) && !isBooked[at]);
}

/** The step of the heat scale for a share: nothing, then a fifth each. */
export const heatOf = (percent: number): number => Math.min(5, Math.ceil(percent / 20));

/** What adds up over days or rooms. */
export interface Total {
  /** Per cent of the opening hours of the days on which rooms are open; null where none of them was read. */
  used: number | null;
  bookings: number;
  overlaps: number;
}

function add(shares: number[], bookings: number, overlaps: number): Total {
  const used = shares.length === 0 ? null : Math.round(shares.reduce((sum, it) => sum + it, 0) / shares.length);
  return { used, bookings, overlaps };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, it) => all + it, 0);

/** One room over the days; what is used, over those that count. */
export function totalOf(counted: readonly number[], line: RoomLine): Total {
  return add(
    counted.map((at) => line.used[at] ?? 0),
    sum(line.bookings),
    sum(line.overlaps),
  );
}

/** One day over rooms. */
export function dayTotal(calendar: RoomCalendar, lines: readonly RoomLine[], at: number): Total {
  const day = calendar.days[at];
  const shares = day && isRead(calendar, day) ? lines.map((it) => it.used[at] ?? 0) : [];
  return add(shares, sum(lines.map((it) => it.bookings[at] ?? 0)), sum(lines.map((it) => it.overlaps[at] ?? 0)));
}

/** Rooms over the days, of the total of each. */
export function grandTotal(totals: readonly Total[]): Total {
  const shares = totals.map((it) => it.used).filter((it) => it !== null);
  return add(shares, sum(totals.map((it) => it.bookings)), sum(totals.map((it) => it.overlaps)));
}
