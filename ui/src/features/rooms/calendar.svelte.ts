/** Weeks and months of rooms: which days are shown, what of them is read, where the keyboard is, and what a cell holds. */
import { roomBoardRead, roomBookings, roomCalendar } from "../../bridge/commands";
import { problemOf } from "../../bridge/problem";
import type { Problem } from "../../bridge/types/Problem";
import type { RoomBookings } from "../../bridge/types/RoomBookings";
import type { RoomCalendar } from "../../bridge/types/RoomCalendar";
import type { RoomLine } from "../../bridge/types/RoomLine";
import { time } from "../../clock.svelte";
import { language, m } from "../../i18n";
import { BLANK, type DayCell, type DayColumn, type DayFace } from "../../parts/DayGrid.layout";
import { addDays, dayIn } from "./board";
import {
  addMonths,
  countedDays,
  dayTotal,
  foldedDays,
  grandTotal,
  heatOf,
  isClosed,
  isRead,
  monthOf,
  stretchOf,
  totalOf,
  type Total,
} from "./calendar";
import type { RoomFilter } from "./filter.svelte";
import { calendarCellWords, columnWords } from "./words";

/** A room and a day of it. */
export interface Picked {
  line: RoomLine;
  /** Which of the days. */
  at: number;
}

const NOTHING: Total = { used: null, bookings: 0, overlaps: 0 };

export class Calendar {
  view: "week" | "month" = $state("month");
  /** The day under the cursor. */
  day = $state(dayIn("", time.now.getTime()));
  /** The days as they were last answered; the old ones stay until the new ones are whole. */
  calendar: RoomCalendar | null = $state.raw(null);
  /** Why they could not be had or read. */
  problem: Problem | null = $state.raw(null);
  isReading = $state(false);
  /** Whether a limit forbids to ask at the moment. */
  isWaiting = $state(false);
  /** The bookings of the cell under the cursor. */
  bookings: RoomBookings | null = $state.raw(null);
  #cursorRoom = $state("");
  #asked = 0;
  #askedBookings = 0;

  readonly #filter: RoomFilter;

  readonly lines = $derived((this.calendar?.rooms ?? []).filter((it) => this.#filter.passes(it.room)));
  readonly #folded = $derived(this.calendar ? foldedDays(this.calendar) : []);
  readonly columns: DayColumn[] = $derived(this.#columns());
  readonly cursor: DayCell = $derived({
    row: Math.max(
      0,
      this.lines.findIndex((it) => it.room.id === this.#cursorRoom),
    ),
    column: this.#columnOf(this.day),
  });
  readonly picked: Picked | null = $derived(this.#picked());
  readonly #counted = $derived(this.calendar ? countedDays(this.calendar) : []);
  /** Of each day whether it was read. */
  readonly #areRead = $derived(this.calendar?.days.map((it) => isRead(this.calendar as RoomCalendar, it)) ?? []);
  readonly totals = $derived(this.lines.map((it) => totalOf(this.#counted, it)));
  readonly dayTotals = $derived(
    this.calendar ? this.calendar.days.map((_, at) => dayTotal(this.calendar as RoomCalendar, this.lines, at)) : [],
  );
  readonly total = $derived(this.calendar ? grandTotal(this.totals) : NOTHING);

  constructor(filter: RoomFilter) {
    this.#filter = filter;
  }

  get zone(): string {
    return this.calendar?.zone ?? "";
  }

  get today(): string {
    return dayIn(this.zone, time.now.getTime());
  }

  /** Shows the week or month of a day, with the keyboard on it and, where named, in a room. */
  async show(view: "week" | "month", day: string, room = this.#cursorRoom): Promise<void> {
    if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return;
    this.view = view;
    this.day = day;
    this.#cursorRoom = room;
    await this.load();
  }

  /** Shows the week or month so many on. */
  async step(by: number): Promise<void> {
    await this.show(this.view, this.view === "month" ? addMonths(this.day, by) : addDays(this.day, 7 * by));
  }

  /** Takes the days out of the cache again; a late answer for other days is left aside. */
  async load(): Promise<void> {
    const ask = ++this.#asked;
    const { from, days } = stretchOf(this.view, this.day, language.current === "ja");
    try {
      const calendar = await roomCalendar(from, days);
      if (ask !== this.#asked) return;
      this.calendar = calendar;
      await this.loadBookings();
    } catch (thrown) {
      if (ask === this.#asked) this.problem = problemOf(thrown);
    }
  }

  /** Takes the bookings of the cell under the cursor out of the cache. */
  async loadBookings(): Promise<void> {
    const ask = ++this.#askedBookings;
    const picked = this.picked;
    const day = picked && this.calendar?.days[picked.at];
    if (!picked || !day) return;
    try {
      const bookings = await roomBookings(picked.line.room.id, day.day, 1);
      if (ask === this.#askedBookings) this.bookings = bookings;
    } catch (thrown) {
      if (ask === this.#askedBookings) this.problem = problemOf(thrown);
    }
  }

  /** Has the systems asked for every month in sight now; two presses are one question. */
  async read(): Promise<void> {
    if (this.isReading || this.isWaiting) return;
    this.isReading = true;
    try {
      for (const it of this.calendar?.months ?? [{ month: monthOf(this.day) }]) await roomBoardRead(it.month);
      this.problem = null;
      await this.load();
    } catch (thrown) {
      this.problem = problemOf(thrown);
      this.#wait(this.problem.wait_seconds);
    } finally {
      this.isReading = false;
    }
  }

  moveTo(cell: DayCell): void {
    const line = this.lines[cell.row];
    const day = this.calendar?.days[cell.column];
    if (!line || !day) return;
    this.#cursorRoom = line.room.id;
    this.day = day.day;
    void this.loadBookings();
  }

  /** Whether a day was read, by its place. */
  isRead(column: number): boolean {
    return this.#areRead[column] ?? false;
  }

  /** What a cell shows: a share of the opening hours in a month; in a week its bookings are drawn. It is called by room, date, per cent, bookings, overlaps. */
  face(cell: DayCell): DayFace {
    const line = this.lines[cell.row];
    const day = this.calendar?.days[cell.column];
    if (!line || !day) return BLANK;
    const name = calendarCellWords(line, day, cell.column, this.isRead(cell.column));
    if (!this.isRead(cell.column)) return { name, tone: null, isMarked: false, text: "–" };
    const isMarked = (line.overlaps[cell.column] ?? 0) > 0;
    if (this.view === "week") return { name, tone: 0, isMarked, text: null };
    const used = line.used[cell.column] ?? 0;
    return { name, tone: heatOf(used), isMarked, text: used === 0 ? "·" : String(used) };
  }

  #wait(seconds: number | null): void {
    if (seconds === null || seconds <= 0) return;
    this.isWaiting = true;
    setTimeout(() => (this.isWaiting = false), seconds * 1000);
  }

  #columns(): DayColumn[] {
    return (this.calendar?.days ?? []).map((day, at) => ({
      key: day.day,
      ...columnWords(day, this.view),
      isFolded: this.view === "month" && (this.#folded[at] ?? false),
      isNow: day.day === this.today,
      isClosed: isClosed(day),
    }));
  }

  /** The column of a day, or of the nearest one that is not folded. */
  #columnOf(day: string): number {
    const at = (this.calendar?.days ?? []).findIndex((it) => it.day === day);
    const places = this.columns.map((it, index) => ({ index, isFolded: it.isFolded })).filter((it) => !it.isFolded);
    const distance = (it: { index: number }): number => Math.abs(it.index - at);
    return places.reduce((best, it) => (distance(it) < distance(best) ? it : best), places[0] ?? { index: 0 }).index;
  }

  #picked(): Picked | null {
    const line = this.lines[this.cursor.row];
    return line && this.calendar ? { line, at: this.cursor.column } : null;
  }
}

/** Beside the title: how much is used, and how many overlaps there are. */
export function calendarFacts(calendar: Calendar, month: string): string {
  const { used, overlaps } = calendar.total;
  if (used === null) return "";
  const words = { month, used, overlaps: m.rooms_fact_overlaps({ count: overlaps }) };
  if (calendar.view === "month") return overlaps > 0 ? m.rooms_month_facts(words) : m.rooms_month_facts_calm(words);
  return overlaps > 0 ? m.rooms_week_facts(words) : m.rooms_week_facts_calm(words);
}
