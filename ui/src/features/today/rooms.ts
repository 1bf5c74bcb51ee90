/** The rooms at this hour: which are free and for how long, who is in the others, and what is booked next. */
import type { Reservation } from "../../bridge/types/Reservation";
import type { Room } from "../../bridge/types/Room";
import type { RoomBoard } from "../../bridge/types/RoomBoard";
import type { RoomHours } from "../../bridge/types/RoomHours";

/** The hours that a strip shows. */
export const STRIP_HOURS = 5;
const HOUR = 3_600_000;

/** A room now. */
export interface RoomNow {
  room: Room;
  isFree: boolean;
  /** Whether it is closed by hours of its own, and nobody has it. */
  isClosed: boolean;
  /** When it is taken or free next; null where nothing changes any more today. */
  until: number | null;
  /** What is going on in it; several overlap. */
  going: Reservation[];
  /** Taken parts of the strip, from 0 to 1. */
  taken: { start: number; length: number }[];
}

/** A booking that begins later today. */
export interface NextBooking {
  booking: Reservation;
  room: string;
  start: number;
}

const begin = (it: Reservation): number => Date.parse(it.start);
const end = (it: Reservation): number => Date.parse(it.end);

/** The hour at which the strips begin. */
export function stripStart(now: number): number {
  return Math.floor(now / HOUR) * HOUR;
}

/** Rooms now: the free ones first, the longest free one first; then the others by when they become free. */
export function roomsNow(board: RoomBoard, now: number): RoomNow[] {
  const byRoom = new Map<string, Reservation[]>();
  for (const it of board.reservations) byRoom.set(it.room_id, [...(byRoom.get(it.room_id) ?? []), it]);
  const hours = new Map(board.hours.map((it) => [it.room, it]));
  const rooms = board.rooms.map((room) => roomNow(room, byRoom.get(room.id) ?? [], hours.get(room.id), now));
  const free = (it: RoomNow): number => it.until ?? Number.POSITIVE_INFINITY;
  return rooms.sort((a, b) => {
    if (a.isFree !== b.isFree) return a.isFree ? -1 : 1;
    if (a.isClosed !== b.isClosed) return a.isClosed ? 1 : -1;
    if (free(a) === free(b)) return 0;
    return a.isFree ? free(b) - free(a) : free(a) - free(b);
  });
}

function roomNow(room: Room, all: Reservation[], own: RoomHours | undefined, now: number): RoomNow {
  const bookings = [...all].sort((a, b) => begin(a) - begin(b));
  const going = bookings.filter((it) => begin(it) <= now && now < end(it));
  const isOpen = !own || (Date.parse(own.opens_at) <= now && now < Date.parse(own.closes_at));
  const isClosed = going.length === 0 && !isOpen;
  const isFree = going.length === 0 && isOpen;
  const next = bookings.find((it) => begin(it) > now);
  const ends = [next ? begin(next) : null, own ? Date.parse(own.closes_at) : null].filter((it) => it !== null);
  const until = isFree ? (ends.length > 0 ? Math.min(...ends) : null) : isClosed ? null : freeAgain(bookings, now);
  return { room, isFree, isClosed, until, going, taken: taken(bookings, stripStart(now)) };
}

/** The end of the bookings that follow each other without a gap. */
function freeAgain(bookings: readonly Reservation[], now: number): number {
  let until = now;
  for (const it of bookings) if (begin(it) <= until && end(it) > until) until = end(it);
  return until;
}

function taken(bookings: readonly Reservation[], from: number): RoomNow["taken"] {
  const span = STRIP_HOURS * HOUR;
  return bookings
    .filter((it) => begin(it) < from + span && end(it) > from)
    .map((it) => {
      const start = Math.max(0, (begin(it) - from) / span);
      return { start, length: Math.min(1, (end(it) - from) / span) - start };
    });
}

/** Where on the strip an instant is, from 0 to 1. */
export function onStrip(now: number): number {
  return (now - stripStart(now)) / (STRIP_HOURS * HOUR);
}

/** Bookings of today that begin later, the earliest first. */
export function nextBookings(board: RoomBoard, now: number): NextBooking[] {
  const names = new Map(board.rooms.map((it) => [it.id, it.name]));
  return board.reservations
    .filter((it) => begin(it) > now && begin(it) < Date.parse(board.ends_at) && names.has(it.room_id))
    .map((booking) => ({ booking, room: names.get(booking.room_id) ?? "", start: begin(booking) }))
    .sort((a, b) => a.start - b.start || (a.room < b.room ? -1 : 1));
}

const clocks = new Map<string, Intl.DateTimeFormat>();

/** `9:30` on the clock where the rooms are; an empty zone is the computer's own. */
export function clockIn(zone: string, instant: number): string {
  let format = clocks.get(zone);
  if (!format) {
    const timeZone = zone || undefined;
    format = new Intl.DateTimeFormat("en-GB", { timeZone, hour: "numeric", minute: "2-digit", hourCycle: "h23" });
    clocks.set(zone, format);
  }
  return format.format(instant).replace(/^0(?=\d)/, "");
}

/** The calendar day of an instant where the rooms are, such as `2026-10-14`. */
export function dayIn(zone: string, instant: number): string {
  // Put together of its parts: in which order a language writes them differs between web views.
  const parts = new Intl.DateTimeFormat("en", {
    timeZone: zone || undefined,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  }).formatToParts(instant);
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.find((it) => it.type === type)?.value ?? "";
  return `${part("year")}-${part("month")}-${part("day")}`;
}
