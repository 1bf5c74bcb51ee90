/** Times and names of the rooms board in words, by the clock in the rooms. */
import { longDay, shortDay, type Locale } from "../../format/time";
import { language, m } from "../../i18n";
import type { CalendarDay } from "../../bridge/types/CalendarDay";
import type { Room } from "../../bridge/types/Room";
import type { RoomBoard } from "../../bridge/types/RoomBoard";
import type { RoomLine } from "../../bridge/types/RoomLine";
import type { Unplaced } from "../../bridge/types/Unplaced";
import type { DayColumn } from "../../parts/DayGrid.layout";
import { dayIn, minutesIn, type Booking } from "./board";
import { holidayWords } from "./holidays";

/** Noon of a calendar day on this computer, for formats that take an instant and show its day. */
const noon = (day: string): string => `${day}T12:00:00`;

/** `9:30` on the clock in the room. */
export function clockIn(zone: string, instant: number): string {
  const minutes = minutesIn(zone, instant);
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`;
}

/** `9:30`, with the day before it where it is not the day of the board. */
export function timeIn(zone: string, instant: number, day: string): string {
  const its = dayIn(zone, instant);
  const clock = clockIn(zone, instant);
  if (its === day) return clock;
  return `${shortDay(noon(its), new Date(noon(day)), language.current)} ${clock}`;
}

/** `10:00–11:30`. */
export function spanIn(zone: string, span: { start: number; end: number }, day: string): string {
  return m.rooms_span({ start: timeIn(zone, span.start, day), end: timeIn(zone, span.end, day) });
}

/** `Wed 14 October 2026`. */
export function dayText(day: string): string {
  return longDay(noon(day), language.current);
}

/** The day of a board with the holiday that it is. */
export function dayTitle(board: RoomBoard): string {
  const day = dayText(board.day);
  return board.holiday === null ? day : m.rooms_day_holiday({ day, holiday: holidayWords(board.holiday) });
}

/** A month has thousands of cells and thirty days: each day is put into words once. */
const spoken = new Map<string, string>();

/** `Wednesday 14 October` · `10月14日水曜日`, for the names of cells. */
export function spokenDay(day: string, locale: Locale = language.current): string {
  const key = `${locale} ${day}`;
  const known = spoken.get(key);
  if (known !== undefined) return known;
  const words = new Intl.DateTimeFormat(locale === "ja" ? "ja" : "en-GB", {
    weekday: "long",
    day: "numeric",
    month: "long",
  }).format(new Date(noon(day)));
  spoken.set(key, words);
  return words;
}

/** The title of a booking, or that it has none. */
export function titleOf(booking: Booking): string {
  return booking.reservation.title.trim() || m.rooms_untitled();
}

/** Whether a half hour is outside of the hours of the room itself, in which it is closed, or of those of the office. */
export type Outside = null | "own" | "office";

/** What a half hour is called: room, day, times, and who is in it. */
export function cellWords(
  zone: string,
  cell: { room: Room; day: string; start: number; end: number; bookings: readonly Booking[]; outside: Outside },
): string {
  const day = spokenDay(cell.day);
  const room = cell.room.name;
  if (cell.bookings.length === 0) {
    const words = { room, day, start: clockIn(zone, cell.start), end: clockIn(zone, cell.end) };
    if (cell.outside === "own") return m.rooms_cell_closed(words);
    return cell.outside === "office" ? m.rooms_cell_outside(words) : m.rooms_cell_free(words);
  }
  const bookings = cell.bookings.map((it) => {
    const words = {
      title: titleOf(it),
      start: timeIn(zone, it.start, cell.day),
      end: timeIn(zone, it.end, cell.day),
    };
    const owner = it.reservation.owner;
    return owner ? m.rooms_cell_booking({ ...words, owner }) : m.rooms_cell_booking_nobody(words);
  });
  return m.rooms_cell_booked({ room, day, bookings: bookings.join("; ") });
}

/** Why an entry could not be placed. */
export function unplacedWords(entry: Unplaced): string {
  const words = { words: entry.words };
  switch (entry.reason) {
    case "no_start":
      return m.rooms_unplaced_no_start(words);
    case "no_end":
      return m.rooms_unplaced_no_end(words);
    case "ends_before_start":
      return m.rooms_unplaced_ends_before_start(words);
    case "no_such_room":
      return m.rooms_unplaced_no_such_room(words);
    case "not_readable":
      return m.rooms_unplaced_not_readable(words);
    default:
      return entry.reason satisfies never;
  }
}

/** How many rooms, bookings and overlaps there are; nothing where the board was never read. */
export function factsOf(board: RoomBoard, overlaps: number): string {
  if (board.read_at === null || board.rooms.length === 0) return "";
  const parts = {
    rooms: m.rooms_fact_rooms({ count: board.rooms.length }),
    bookings: m.rooms_fact_bookings({ count: board.reservations.length }),
  };
  if (overlaps === 0) return m.rooms_facts_two(parts);
  return m.rooms_facts_three({ ...parts, overlaps: m.rooms_fact_overlaps({ count: overlaps }) });
}

/** `October 2026` · `2026年10月`. */
export function monthText(day: string): string {
  const [year = "", month = ""] = day.split("-");
  return m.rooms_month_of({ year, month: language.current === "ja" ? String(Number(month)) : monthName(day) });
}

/** `October` · `10月`, for sentences. */
export function monthName(day: string): string {
  return new Intl.DateTimeFormat(language.current === "ja" ? "ja" : "en-GB", { month: "long" }).format(
    new Date(noon(day)),
  );
}

/** `12 Oct – 18 Oct`. */
export function weekText(from: string, to: string): string {
  const words = (day: string): string => shortDay(noon(day), new Date(noon(from)), language.current);
  return m.rooms_week_of({ from: words(from), to: words(to) });
}

const weekdays = new Map<string, Intl.DateTimeFormat>();

/** What stands over a column, and its whole date with the holiday that it is. */
export function columnWords(day: CalendarDay, view: "week" | "month"): Pick<DayColumn, "name" | "date" | "hint"> {
  const key = `${language.current} ${view}`;
  const format =
    weekdays.get(key) ??
    new Intl.DateTimeFormat(language.current === "ja" ? "ja" : "en-GB", {
      weekday: view === "month" ? "narrow" : "short",
    });
  weekdays.set(key, format);
  const long = spokenDay(day.day);
  const hint = day.holiday === null ? long : m.rooms_day_holiday({ day: long, holiday: holidayWords(day.holiday) });
  return { name: format.format(new Date(noon(day.day))), date: String(Number(day.day.slice(8))), hint };
}

/** What a cell of a week or month is called: room, date, per cent, bookings, overlaps. */
export function calendarCellWords(line: RoomLine, day: CalendarDay, at: number, isRead: boolean): string {
  const words = { room: line.room.name, day: spokenDay(day.day) };
  if (!isRead) return m.rooms_month_cell_unread(words);
  const counts = {
    ...words,
    used: line.used[at] ?? 0,
    bookings: m.rooms_fact_bookings({ count: line.bookings[at] ?? 0 }),
  };
  const overlaps = line.overlaps[at] ?? 0;
  if (overlaps === 0) return m.rooms_month_cell(counts);
  return m.rooms_month_cell_overlaps({ ...counts, overlaps: m.rooms_fact_overlaps({ count: overlaps }) });
}
