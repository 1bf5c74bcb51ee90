/** The rooms board: which day is shown, what of it is read, where the keyboard is, and what is open beside it. */
import { roomBoard, roomBoardRead } from "../../bridge/commands";
import { problemOf } from "../../bridge/problem";
import type { Problem } from "../../bridge/types/Problem";
import type { Room } from "../../bridge/types/Room";
import type { RoomBoard } from "../../bridge/types/RoomBoard";
import { time } from "../../clock.svelte";
import { contentLang } from "../../format/content";
import { m } from "../../i18n";
import {
  intoLanes,
  rowHeight,
  type Placed,
  type TimelineBlock,
  type TimelineCell,
  type TimelineRow,
  type TimelineSlot,
} from "../../parts/Timeline.layout";
import type { RoomsPlace } from "../../rooms-asked.svelte";
import {
  addDays,
  axisOf,
  byRoomOf,
  closedOn,
  dayIn,
  freeUntil,
  isFreeAt,
  isOpenAt,
  ownHours,
  phaseOf,
  roomsShown,
  slotFrom,
  stepOf,
  stepSpan,
  within,
  type Axis,
  type Booking,
  type Hours,
  type Slot,
} from "./board";
import type { RoomFilter } from "./filter.svelte";
import { cellWords, clockIn, spanIn, titleOf } from "./words";

/** What the pane beside the board shows. */
export type Open = { kind: "booking"; booking: Booking; room: Room | null } | { kind: "slot"; slot: Slot };

/** A room that nobody has now, and until when; null when nothing follows that day. */
export interface FreeRoom {
  room: Room;
  until: number | null;
}

/** How a room is at an instant. */
export type Standing = "free" | "taken" | "closed";

/** Which booking or slot is open, by what stays the same when the board is read again. */
type Opened = { kind: "booking"; id: string } | { kind: "slot"; roomId: string; start: number };

type Text = Pick<TimelineBlock, "title" | "detail" | "lang" | "hint">;

const NO_AXIS: Axis = { start: 0, end: 0, steps: 0 };

export class Rooms {
  /** The day that was asked for. */
  day = $state(dayIn("", time.now.getTime()));
  /** The board as it was last answered; the old one stays until the new one is whole. */
  board: RoomBoard | null = $state.raw(null);
  /** Why the board could not be had or read. */
  problem: Problem | null = $state.raw(null);
  /** Whether the systems are being asked now. */
  isReading = $state(false);
  /** Whether a limit forbids to ask at the moment. */
  isWaiting = $state(false);
  #cursorRoom = $state("");
  /** From the first instant of the day. */
  #cursorOffset = $state(0);
  #opened: Opened | null = $state.raw(null);
  #asked = 0;

  readonly byRoom = $derived(this.board ? byRoomOf(this.board) : new Map<string, Booking[]>());
  readonly axis = $derived(this.board ? axisOf(this.board) : NO_AXIS);
  /** Rooms with hours of their own. */
  readonly #own = $derived(this.board ? ownHours(this.board) : new Map<string, Hours>());
  readonly isToday = $derived(this.board !== null && dayIn(this.zone, this.now) === this.board.day);
  /** The instant at which rooms have to be free; null for any. */
  readonly #freeAt = $derived(this.#wantedAt());
  readonly rooms = $derived(
    roomsShown(this.board?.rooms ?? [], this.byRoom, this.#own, {
      passes: (room) => this.filter.passes(room),
      freeAt: this.#freeAt,
    }),
  );
  readonly #lanes = $derived(new Map([...this.byRoom].map(([room, list]) => [room, intoLanes(list)])));
  /** What blocks say that were drawn; it does not change with the time of day. */
  readonly #texts = new WeakMap<Booking, Text>();
  readonly rows: TimelineRow[] = $derived(this.rooms.map((room) => this.#row(room)));
  readonly overlaps = $derived([...this.#lanes.values()].reduce((sum, it) => sum + it.tangles, 0));
  readonly freeRooms = $derived(this.#freeRooms());
  readonly cursor: TimelineCell = $derived(this.#cursor());
  readonly offer: Slot | null = $derived(this.#offer());
  readonly open: Open | null = $derived(this.#open());
  readonly marks = $derived(this.#marks());

  constructor(readonly filter: RoomFilter) {}

  /** The present instant. */
  get now(): number {
    return time.now.getTime();
  }

  /** The zone of the rooms; empty for the computer's own. */
  get zone(): string {
    return this.board?.zone ?? "";
  }

  /** Takes the board of today out of the cache. */
  async start(): Promise<void> {
    await this.load();
    // The day on the computer and the day where the rooms are can differ.
    const there = dayIn(this.zone, this.now);
    if (this.board && there !== this.day) await this.show(there);
    this.toNow();
  }

  /** Shows a day, with the keyboard in a room where one is named. */
  async show(day: string, room = this.#cursorRoom): Promise<void> {
    if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return;
    this.day = day;
    this.#cursorRoom = room;
    await this.load();
  }

  /** Shows the day this many days on. */
  async step(days: number): Promise<void> {
    await this.show(addDays(this.day, days));
  }

  /** Shows today with the keyboard at the present half hour. */
  async today(): Promise<void> {
    await this.show(dayIn(this.zone, this.now));
    this.toNow();
  }

  /** Shows a day with the keyboard at an instant in a room, which no filter hides then unless they are kept. */
  async goTo(place: RoomsPlace, isFilterKept = false): Promise<void> {
    this.close();
    if (!isFilterKept) this.filter.clear();
    await this.show(place.day);
    this.#cursorRoom = place.room;
    if (this.board) this.#cursorOffset = place.at - Date.parse(this.board.begins_at);
  }

  /** Takes the board out of the cache again; a late answer for another day is left aside. */
  async load(): Promise<void> {
    const ask = ++this.#asked;
    try {
      const board = await roomBoard(this.day);
      if (ask !== this.#asked) return;
      this.board = board;
    } catch (thrown) {
      if (ask === this.#asked) this.problem = problemOf(thrown);
    }
  }

  /** Has the systems asked now; two presses are one question. */
  async read(): Promise<void> {
    if (this.isReading || this.isWaiting) return;
    this.isReading = true;
    try {
      await roomBoardRead(this.day);
      this.problem = null;
      await this.load();
    } catch (thrown) {
      this.problem = problemOf(thrown);
      this.#wait(this.problem.wait_seconds);
    } finally {
      this.isReading = false;
    }
  }

  /** Puts the keyboard to the present half hour. */
  toNow(): void {
    if (this.board) this.#cursorOffset = this.now - Date.parse(this.board.begins_at);
  }

  moveTo(cell: TimelineCell): void {
    if (!this.board) return;
    this.#cursorRoom = this.rooms[cell.row]?.id ?? "";
    this.#cursorOffset = stepSpan(this.axis, cell.step).start - Date.parse(this.board.begins_at);
  }

  /** Opens the booking that was clicked, else the next one of the half hour, else the free slot. */
  openAt(cell: TimelineCell, block: string | null): void {
    const found = this.#bookingsAt(cell);
    const open = this.#opened;
    const turn = open?.kind === "booking" ? found.findIndex((it) => it.reservation.id === open.id) + 1 : 0;
    const id = block ?? found[turn % Math.max(1, found.length)]?.reservation.id;
    if (id !== undefined) this.#opened = { kind: "booking", id };
    else if (this.offer) this.#opened = { kind: "slot", roomId: this.offer.room.id, start: this.offer.start };
  }

  /** Opens a booking of the day. */
  openBooking(id: string): void {
    this.#opened = { kind: "booking", id };
  }

  /** Opens the free stretch of a room from now on. */
  openFree(room: Room): void {
    if (!this.board) return;
    this.#cursorRoom = room.id;
    this.toNow();
    this.#opened = { kind: "slot", roomId: room.id, start: this.now };
  }

  close(): void {
    this.#opened = null;
  }

  /** Leaves only rooms that nobody has now, or all again; what is free now is a question about today. */
  async toggleFree(): Promise<void> {
    this.filter.onlyFree = !this.filter.onlyFree;
    if (this.filter.onlyFree && !this.isToday) await this.today();
  }

  /** What a half hour is called. */
  cellName(cell: TimelineCell): string {
    const room = this.rooms[cell.row];
    if (!room || !this.board) return "";
    const span = stepSpan(this.axis, cell.step);
    const isOutside = this.#closedOf(room).some((it) => it.start < span.end && span.start < it.end);
    const outside = isOutside ? (this.#own.has(room.id) ? "own" : "office") : null;
    return cellWords(this.zone, { room, day: this.board.day, ...span, bookings: this.#bookingsAt(cell), outside });
  }

  /** How a room is at an instant: taken, free, or closed by hours of its own. */
  standing(room: Room, instant = this.now): Standing {
    if (isFreeAt(this.bookingsOf(room), instant, this.#own.get(room.id))) return "free";
    return isOpenAt(this.#own.get(room.id), instant) || !isFreeAt(this.bookingsOf(room), instant) ? "taken" : "closed";
  }

  /** Until when a room stays free that is free at an instant; null when nothing follows that day. */
  freeUntil(room: Room, instant = this.now): number | null {
    return freeUntil(this.bookingsOf(room), instant, this.#own.get(room.id));
  }

  /** The bookings of a room, in order. */
  bookingsOf(room: Room): Booking[] {
    return this.byRoom.get(room.id) ?? [];
  }

  /** The bookings of a room, those that overlap in lanes of their own. */
  lanesOf(room: Room): readonly Placed<Booking>[] {
    return this.#lanes.get(room.id)?.placed ?? [];
  }

  /** How many bookings of a room overlap another one. */
  overlapsOf(room: Room): number {
    return this.#lanes.get(room.id)?.overlapping ?? 0;
  }

  /** Whether a booking overlaps another one. */
  isOverlapping(booking: Booking): boolean {
    const lanes = this.#lanes.get(booking.reservation.room_id);
    return lanes?.placed.some((it) => it.item === booking && it.lanes > 1) ?? false;
  }

  #wantedAt(): number | null {
    if (this.filter.onlyFree) return this.isToday ? this.now : null;
    if (this.filter.freeAt === null || !this.board) return null;
    return Date.parse(this.board.begins_at) + this.filter.freeAt;
  }

  #wait(seconds: number | null): void {
    if (seconds === null || seconds <= 0) return;
    this.isWaiting = true;
    setTimeout(() => (this.isWaiting = false), seconds * 1000);
  }

  #bookingsAt(cell: TimelineCell): Booking[] {
    const room = this.rooms[cell.row];
    const { start, end } = stepSpan(this.axis, cell.step);
    return room ? within(this.bookingsOf(room), start, end) : [];
  }

  #row(room: Room): TimelineRow {
    const lanes = this.#lanes.get(room.id) ?? intoLanes<Booking>([]);
    const blocks = (): Placed<TimelineBlock>[] =>
      lanes.placed.map((it) => ({ item: this.#block(it.item), lane: it.lane, lanes: it.lanes }));
    return { id: room.id, height: rowHeight(lanes.lanes), blocks, closed: this.#closedOf(room) };
  }

  #closedOf(room: Room): Hours[] {
    return this.board ? closedOn(this.axis, this.board, this.#own.get(room.id)) : [];
  }

  #block(booking: Booking): TimelineBlock {
    const texts = this.#texts.get(booking) ?? this.#text(booking);
    this.#texts.set(booking, texts);
    const { id } = booking.reservation;
    return { id, start: booking.start, end: booking.end, kind: phaseOf(booking, this.now), ...texts };
  }

  #text(booking: Booking): Text {
    const { owner } = booking.reservation;
    const title = titleOf(booking);
    const span = spanIn(this.zone, booking, this.board?.day ?? "");
    const hint = owner ? `${span} ${title} · ${owner}` : `${span} ${title}`;
    return { title, detail: owner ?? "", lang: contentLang(title), hint };
  }

  #cursor(): TimelineCell {
    if (!this.board) return { row: 0, step: 0 };
    const row = this.rooms.findIndex((it) => it.id === this.#cursorRoom);
    const step = stepOf(this.axis, Date.parse(this.board.begins_at) + this.#cursorOffset);
    return { row: Math.max(0, row), step };
  }

  #offer(): Slot | null {
    const room = this.rooms[this.cursor.row];
    if (!room || this.#bookingsAt(this.cursor).length > 0) return null;
    const { start, end } = stepSpan(this.axis, this.cursor.step);
    const own = this.#own.get(room.id);
    if (end <= this.now || !isOpenAt(own, start)) return null;
    return slotFrom(room, this.bookingsOf(room), start, this.axis, own);
  }

  #open(): Open | null {
    const opened = this.#opened;
    if (!opened || !this.board) return null;
    if (opened.kind === "slot") {
      const room = this.board.rooms.find((it) => it.id === opened.roomId);
      const isShown = opened.start >= this.axis.start && opened.start < this.axis.end;
      if (!room || !isShown) return null;
      const slot = slotFrom(room, this.bookingsOf(room), opened.start, this.axis, this.#own.get(room.id));
      return { kind: "slot", slot };
    }
    for (const list of this.byRoom.values()) {
      const booking = list.find((it) => it.reservation.id === opened.id);
      if (!booking) continue;
      const room = this.board.rooms.find((it) => it.id === booking.reservation.room_id) ?? null;
      return { kind: "booking", booking, room };
    }
    return null;
  }

  #freeRooms(): FreeRoom[] {
    if (!this.isToday) return [];
    const rest = (it: FreeRoom): number => it.until ?? Number.POSITIVE_INFINITY;
    return (this.board?.rooms ?? [])
      .filter((room) => this.standing(room) === "free")
      .map((room) => ({ room, until: this.freeUntil(room) }))
      .sort((a, b) => (rest(a) === rest(b) ? 0 : rest(b) - rest(a)));
  }

  #marks(): { step: number; span: number; text: string }[] {
    const hours = Math.ceil(this.axis.steps / 2);
    return Array.from({ length: hours }, (_, hour) => ({
      step: hour * 2,
      span: Math.min(2, this.axis.steps - hour * 2),
      text: clockIn(this.zone, stepSpan(this.axis, hour * 2).start),
    }));
  }

  /** The free slot under the cursor as the grid draws it; `canLink` says whether a link can be made for it. */
  slotShown(canLink: boolean): TimelineSlot | null {
    const slot = this.offer;
    if (!slot) return null;
    const words = { start: clockIn(this.zone, slot.start), end: clockIn(this.zone, slot.end) };
    return {
      row: this.cursor.row,
      start: slot.start,
      end: slot.end,
      title: m.rooms_slot(words),
      detail: canLink ? m.rooms_slot_hint() : m.rooms_slot_plain(),
    };
  }
}
