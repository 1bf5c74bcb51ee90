/** What the rooms board knows without a screen: its axis, who is in which room, and what is free. */

import type { Reservation } from "../../bridge/types/Reservation";
import type { Room } from "../../bridge/types/Room";
import type { RoomBoard } from "../../bridge/types/RoomBoard";

/** Half an hour, the step of the board, in milliseconds. */
export const STEP = 30 * 60_000;
/** A free slot that is offered is at most this long. */
const LONGEST_SLOT = 2 * 60 * 60_000;

/** A booking with its instants as numbers. */
export interface Booking {
  start: number;
  end: number;
  reservation: Reservation;
}

/** Over, going on, or still to come. */
export type Phase = "past" | "now" | "later";

/** The hours that the board shows: from `start`, in `steps` half hours. */
export interface Axis {
  start: number;
  end: number;
  steps: number;
}

/** A stretch in which a room can be used, or in which it cannot. */
export interface Hours {
  start: number;
  end: number;
}

/** A stretch in which a room is free. */
export interface Slot {
  room: Room;
  start: number;
  end: number;
}

/** What the clock and the calendar in the rooms show. */
interface Stamp {
  day: string;
  minutes: number;
}

/** Formats are dear and bookings share their instants, so both are kept. */
const clocks = new Map<string, { format: Intl.DateTimeFormat; seen: Map<number, Stamp> }>();
const MOST_SEEN = 10_000;

function clockOf(zone: string): { format: Intl.DateTimeFormat; seen: Map<number, Stamp> } {
  const known = clocks.get(zone);
  if (known) return known;
  const format = new Intl.DateTimeFormat("en-CA", {
    timeZone: zone || undefined,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  const made = { format, seen: new Map<number, Stamp>() };
  clocks.set(zone, made);
  return made;
}

/** An instant where the rooms are; an empty zone is the computer's own. */
function stampIn(zone: string, instant: number): Stamp {
  const { format, seen } = clockOf(zone);
  const known = seen.get(instant);
  if (known) return known;
  const parts = new Map(format.formatToParts(instant).map((it) => [it.type, it.value]));
  const of = (type: Intl.DateTimeFormatPartTypes): string => parts.get(type) ?? "";
  const stamp = {
    day: `${of("year")}-${of("month")}-${of("day")}`,
    minutes: Number(of("hour")) * 60 + Number(of("minute")),
  };
  if (seen.size >= MOST_SEEN) seen.clear();
  seen.set(instant, stamp);
  return stamp;
}

/** Minutes since midnight on the clock in the room. */
export function minutesIn(zone: string, instant: number): number {
  return stampIn(zone, instant).minutes;
}

/** The calendar day of an instant where the rooms are, such as `2026-10-14`. */
export function dayIn(zone: string, instant: number): string {
  return stampIn(zone, instant).day;
}

/** The day this many days later, or earlier when negative. */
export function addDays(day: string, days: number): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}

/** Bookings in order of begin. */
export function bookingsOf(reservations: readonly Reservation[]): Booking[] {
  return reservations
    .map((reservation) => ({ start: Date.parse(reservation.start), end: Date.parse(reservation.end), reservation }))
    .sort((a, b) => a.start - b.start || a.end - b.end);
}

/** Rooms with hours of their own, by when each can be used. */
export function ownHours(board: RoomBoard): Map<string, Hours> {
  return new Map(board.hours.map((it) => [it.room, { start: Date.parse(it.opens_at), end: Date.parse(it.closes_at) }]));
}

/** Whether the office is closed on the day of the board. */
export const isClosedDay = (board: RoomBoard): boolean => board.is_weekend || board.holiday !== null;

/** Parts of the axis in which a room is closed: all of it on a day on which the office is, unless the room has hours of its own. */
export function closedOn(axis: Axis, board: RoomBoard, own: Hours | undefined): Hours[] {
  const { start, end } = own ?? { start: Date.parse(board.opens_at), end: Date.parse(board.closes_at) };
  if (!own && isClosedDay(board)) return [{ start: axis.start, end: axis.end }];
  return [
    { start: axis.start, end: Math.min(start, axis.end) },
    { start: Math.max(end, axis.start), end: axis.end },
  ].filter((it) => it.end > it.start);
}

/** From the first opening to the last closing, widened to whole hours where a booking would otherwise not be seen at all. */
export function axisOf(board: RoomBoard): Axis {
  const dayBegin = Date.parse(board.begins_at);
  const dayEnd = Date.parse(board.ends_at);
  const own = [...ownHours(board).values()];
  let start = Math.min(Date.parse(board.opens_at), ...own.map((it) => it.start));
  let end = Math.max(Date.parse(board.closes_at), ...own.map((it) => it.end));
  if (end <= start) [start, end] = [dayBegin, dayEnd];
  const [opens, closes] = [start, end];
  for (const it of bookingsOf(board.reservations)) {
    if (it.end <= opens && it.end > dayBegin) start = Math.min(start, Math.max(it.start, dayBegin));
    if (it.start >= closes && it.start < dayEnd) end = Math.max(end, Math.min(it.end, dayEnd));
  }
  const hour = 2 * STEP;
  start = Math.max(dayBegin, opens - Math.ceil((opens - start) / hour) * hour);
  end = Math.min(dayEnd, closes + Math.ceil((end - closes) / hour) * hour);
  return { start, end, steps: Math.ceil((end - start) / STEP) };
}

/** Begin and end of a half hour of the axis. */
export function stepSpan(axis: Axis, step: number): { start: number; end: number } {
  return { start: axis.start + step * STEP, end: axis.start + (step + 1) * STEP };
}

/** The half hour of the axis in which an instant lies; the nearest one when it lies outside. */
export function stepOf(axis: Axis, instant: number): number {
  return Math.min(axis.steps - 1, Math.max(0, Math.floor((instant - axis.start) / STEP)));
}

/** Whether a booking is over, going on or still to come. */
export function phaseOf(booking: { start: number; end: number }, now: number): Phase {
  if (booking.end <= now) return "past";
  return booking.start <= now ? "now" : "later";
}

/** Bookings that touch a stretch; touching ends do not count, and one without length counts at its instant. */
export function within(bookings: readonly Booking[], start: number, end: number): Booking[] {
  return bookings.filter((it) => it.start < end && (it.end > start || (it.end === it.start && it.start >= start)));
}

/** Whether a room can be used at this instant: one without hours of its own always can. */
export const isOpenAt = (own: Hours | undefined, instant: number): boolean =>
  own === undefined || (own.start <= instant && instant < own.end);

/** Whether nobody has the room at this instant, and it is not closed by hours of its own. */
export function isFreeAt(bookings: readonly Booking[], instant: number, own?: Hours): boolean {
  return isOpenAt(own, instant) && !bookings.some((it) => it.start <= instant && instant < it.end);
}

/** Until when a room stays free that is free at `instant`: the next booking, or when it closes by hours of its own; null when nothing follows that day. */
export function freeUntil(bookings: readonly Booking[], instant: number, own?: Hours): number | null {
  const next = bookings.find((it) => it.start > instant)?.start;
  if (!own) return next ?? null;
  return Math.min(next ?? own.end, own.end);
}

/** The free stretch from an instant up to the next booking, closing, the end of the axis or two hours. */
export function slotFrom(room: Room, bookings: readonly Booking[], from: number, axis: Axis, own?: Hours): Slot {
  const next = freeUntil(bookings, from, own) ?? axis.end;
  return { room, start: from, end: Math.min(next, axis.end, from + LONGEST_SLOT) };
}

/** Of rooms that pass the filters, those that nobody has at an instant; all of them where there is none. */
export function roomsShown(
  rooms: readonly Room[],
  byRoom: ReadonlyMap<string, Booking[]>,
  own: ReadonlyMap<string, Hours>,
  filter: { passes: (room: Room) => boolean; freeAt: number | null },
): Room[] {
  return rooms.filter((room) => {
    if (!filter.passes(room)) return false;
    return filter.freeAt === null || isFreeAt(byRoom.get(room.id) ?? [], filter.freeAt, own.get(room.id));
  });
}

/** Bookings by room, each list in order of begin. */
export function byRoomOf(board: RoomBoard): Map<string, Booking[]> {
  const map = new Map<string, Booking[]>(board.rooms.map((it) => [it.id, []]));
  for (const it of bookingsOf(board.reservations)) {
    const list = map.get(it.reservation.room_id);
    if (list) list.push(it);
    else map.set(it.reservation.room_id, [it]);
  }
  return map;
}

/** Floors or other places of rooms, and what is in them, for a filter. */
export function placeChoices(rooms: readonly Room[]): string[] {
  return [...new Set(rooms.map((it) => it.place ?? "").filter(Boolean))].sort((a, b) => a.localeCompare(b));
}

/** What is in rooms, for a filter. */
export function tagChoices(rooms: readonly Room[]): string[] {
  return [...new Set(rooms.flatMap((it) => it.equipment))].sort((a, b) => a.localeCompare(b));
}

/** Numbers of seats that a filter offers: those that rooms have, smallest first. */
export function seatChoices(rooms: readonly Room[]): number[] {
  const known = rooms.map((it) => it.capacity).filter((it): it is number => it !== null && it > 0);
  return [...new Set(known)].sort((a, b) => a - b);
}
