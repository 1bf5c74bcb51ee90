/** One room's own calendar: its days under one another by time, or its bookings as a list. */
import { roomBoardRead, roomBookings } from "../../bridge/commands";
import { problemOf } from "../../bridge/problem";
import type { CalendarDay } from "../../bridge/types/CalendarDay";
import type { Problem } from "../../bridge/types/Problem";
import type { RoomBookings } from "../../bridge/types/RoomBookings";
import type { Room } from "../../bridge/types/Room";
import { time } from "../../clock.svelte";
import { contentLang } from "../../format/content";
import { language } from "../../i18n";
import {
  intoLanes,
  rowHeight,
  type Placed,
  type TimelineBlock,
  type TimelineCell,
  type TimelineMark,
  type TimelineRow,
} from "../../parts/Timeline.layout";
import { addDays, bookingsOf, dayIn, phaseOf, STEP, within, type Booking } from "./board";
import { isClosed, stretchOf } from "./calendar";
import { cellWords, spanIn, titleOf } from "./words";

/** A week or a month by time, or the month as a list. */
export type OwnView = "week" | "month" | "list";

const HOUR = 60 * 60_000;

/** A booking on one day: its hours are counted from the midnight before, so that days stand under one another. */
interface Piece {
  start: number;
  end: number;
  booking: Booking;
}

/** The part of each booking that is on a day. */
export function piecesOf(day: CalendarDay, bookings: readonly Booking[]): Piece[] {
  const [begin, end] = [Date.parse(day.begins_at), Date.parse(day.ends_at)];
  return within(bookings, begin, end).map((booking) => ({
    start: Math.max(booking.start, begin) - begin,
    end: Math.min(booking.end, end) - begin,
    booking,
  }));
}

/** From opening to closing, widened to whole hours where a booking would otherwise not be seen. */
export function hoursOf(days: readonly CalendarDay[], bookings: readonly Booking[]): { start: number; end: number } {
  const opens = days.map((it) => Date.parse(it.opens_at) - Date.parse(it.begins_at));
  const closes = days.map((it) => Date.parse(it.closes_at) - Date.parse(it.begins_at));
  let [start, end] = [Math.min(...opens, 24 * HOUR), Math.max(...closes, 0)];
  for (const piece of days.flatMap((it) => piecesOf(it, bookings))) {
    start = Math.min(start, piece.start);
    end = Math.max(end, piece.end);
  }
  if (end <= start) return { start: 0, end: 24 * HOUR };
  return { start: Math.floor(start / HOUR) * HOUR, end: Math.ceil(end / HOUR) * HOUR };
}

export class OwnCalendar {
  view = $state<OwnView>("week");
  /** A day of the stretch that is shown; the cursor stands there. */
  day = $state("");
  answer: RoomBookings | null = $state.raw(null);
  problem: Problem | null = $state.raw(null);
  isReading = $state(false);
  #offset = $state(0);
  #asked = 0;

  readonly days = $derived(this.answer?.days ?? []);
  readonly zone = $derived(this.answer?.zone ?? "");
  readonly bookings = $derived(bookingsOf(this.answer?.reservations ?? []));
  readonly axis = $derived.by(() => {
    const { start, end } = hoursOf(this.days, this.bookings);
    return { start, end, steps: Math.round((end - start) / STEP) };
  });
  readonly marks: TimelineMark[] = $derived(
    Array.from({ length: Math.ceil(this.axis.steps / 2) }, (_, hour) => ({
      step: hour * 2,
      span: Math.min(2, this.axis.steps - hour * 2),
      text: `${this.axis.start / HOUR + hour}:00`,
    })),
  );
  readonly rows: TimelineRow[] = $derived(this.days.map((day) => this.#row(day)));
  readonly cursor: TimelineCell = $derived({
    row: Math.max(
      0,
      this.days.findIndex((it) => it.day === this.day),
    ),
    step: Math.min(Math.max(0, this.axis.steps - 1), Math.max(0, Math.floor((this.#offset - this.axis.start) / STEP))),
  });
  readonly today = $derived(dayIn(this.zone, time.now.getTime()));

  constructor(readonly room: Room) {}

  /** Shows a stretch around a day. */
  async show(view: OwnView, day: string): Promise<void> {
    if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return;
    this.view = view;
    this.day = day;
    await this.load();
  }

  async step(by: number): Promise<void> {
    const { from, days } = this.#stretch();
    const next = addDays(from, by > 0 ? days : -1);
    await this.show(this.view, this.view === "week" ? addDays(this.day, by * 7) : next);
  }

  /** Takes it out of the cache; a late answer for another stretch is left aside. */
  async load(): Promise<void> {
    const ask = ++this.#asked;
    const { from, days } = this.#stretch();
    try {
      const answer = await roomBookings(this.room.id, from, days);
      if (ask === this.#asked) this.answer = answer;
    } catch (thrown) {
      if (ask === this.#asked) this.problem = problemOf(thrown);
    }
  }

  /** Has the systems asked for the months in sight now; two presses are one question. */
  async read(): Promise<void> {
    if (this.isReading) return;
    this.isReading = true;
    try {
      for (const it of this.answer?.months ?? []) await roomBoardRead(it.month);
      this.problem = null;
      await this.load();
    } catch (thrown) {
      this.problem = problemOf(thrown);
    } finally {
      this.isReading = false;
    }
  }

  moveTo(cell: TimelineCell): void {
    this.day = this.days[cell.row]?.day ?? this.day;
    this.#offset = this.axis.start + cell.step * STEP;
  }

  /** The instant of a cell. */
  instantOf(cell: TimelineCell): number {
    const day = this.days[cell.row];
    return (day ? Date.parse(day.begins_at) : 0) + this.axis.start + cell.step * STEP;
  }

  /** What a cell is called: the room, the day, the times, and who is in it. */
  cellName(cell: TimelineCell): string {
    const day = this.days[cell.row];
    if (!day) return "";
    const start = this.instantOf(cell);
    const bookings = within(this.bookings, start, start + STEP);
    const from = this.axis.start + cell.step * STEP;
    const isOutside = this.#closedOn(day).some((it) => it.start < from + STEP && from < it.end);
    return cellWords(this.zone, {
      room: this.room,
      day: day.day,
      start,
      end: start + STEP,
      bookings,
      outside: isOutside ? "office" : null,
    });
  }

  #stretch(): { from: string; days: number } {
    return stretchOf(this.view === "week" ? "week" : "month", this.day, language.current === "ja");
  }

  #row(day: CalendarDay): TimelineRow {
    const lanes = intoLanes(piecesOf(day, this.bookings));
    const blocks = (): Placed<TimelineBlock>[] =>
      lanes.placed.map(({ item, lane, lanes: count }) => {
        const title = titleOf(item.booking);
        const owner = item.booking.reservation.owner ?? "";
        const hint = `${spanIn(this.zone, item.booking, day.day)} ${title} ${owner}`.trim();
        const block = {
          id: item.booking.reservation.id,
          start: item.start,
          end: item.end,
          kind: phaseOf(item.booking, time.now.getTime()),
          title,
          detail: owner,
          lang: contentLang(title),
          hint,
        };
        return { item: block, lane, lanes: count };
      });
    return { id: day.day, height: rowHeight(lanes.lanes), blocks, closed: this.#closedOn(day) };
  }

  /** Parts of a day in which the room is closed. */
  #closedOn(day: CalendarDay): { start: number; end: number }[] {
    const begin = Date.parse(day.begins_at);
    const [opens, closes] = [Date.parse(day.opens_at) - begin, Date.parse(day.closes_at) - begin];
    const { start, end } = this.axis;
    if (isClosed(day)) return [{ start, end }];
    const parts = [
      { start, end: Math.min(opens, end) },
      { start: Math.max(closes, start), end },
    ];
    return parts.filter((it) => it.end > it.start);
  }
}
