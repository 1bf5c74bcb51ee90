import { describe, expect, it } from "vitest";
import type { Reservation } from "../../bridge/types/Reservation";
import type { Room } from "../../bridge/types/Room";
import type { RoomBoard } from "../../bridge/types/RoomBoard";
import { clockIn, dayIn, nextBookings, onStrip, roomsNow } from "./rooms";

const at = (clock: string): string => `2026-10-14T${clock}:00+09:00`;
const NOW = Date.parse(at("10:42"));

const room = (id: string): Room => ({
  id,
  connection: "cam",
  external_id: id,
  name: id,
  capacity: 4,
  place: null,
  note: null,
  equipment: [],
  raw: "{}",
});
const booking = (room_id: string, start: string, end: string): Reservation => ({
  id: `${room_id} ${start}`,
  connection: "cam",
  room_id,
  title: "定例",
  owner: null,
  people: [],
  start: at(start),
  end: at(end),
  all_day: false,
  raw: "{}",
});
const board = (rooms: string[], reservations: Reservation[]): RoomBoard => ({
  day: "2026-10-14",
  begins_at: at("00:00"),
  ends_at: "2026-10-15T00:00:00+09:00",
  zone: "Asia/Tokyo",
  opens_at: at("08:00"),
  closes_at: at("18:00"),
  is_weekend: false,
  holiday: null,
  hours: [],
  rooms: rooms.map(room),
  reservations,
  unplaced: [],
  read_at: at("10:42"),
});
const shape = (it: RoomBoard): string[] =>
  roomsNow(it, NOW).map(
    ({ room: { id }, isFree, until }) =>
      `${id} ${isFree ? "free" : "taken"} ${until === null ? "all day" : clockIn("Asia/Tokyo", until)}`,
  );

describe("rooms now", () => {
  it("puts a room last that is closed by hours of its own, and lets one close", () => {
    const hours = [
      { room: "a", opens_at: at("13:00"), closes_at: at("17:00") },
      { room: "b", opens_at: at("09:00"), closes_at: at("12:00") },
    ];
    const rooms = roomsNow({ ...board(["a", "b", "c"], [booking("c", "10:00", "16:00")]), hours }, NOW);
    expect(rooms.map((it) => [it.room.id, it.isFree, it.isClosed, it.until])).toEqual([
      ["b", true, false, Date.parse(at("12:00"))],
      ["c", false, false, Date.parse(at("16:00"))],
      ["a", false, true, null],
    ]);
  });

  it("puts free rooms first, the longest free one first, then by when the others become free", () => {
    const reservations = [
      booking("a", "10:00", "12:00"),
      booking("b", "11:00", "12:00"),
      booking("c", "10:30", "10:45"),
      booking("e", "13:00", "14:00"),
      booking("d", "08:00", "09:00"),
    ];
    expect(shape(board(["a", "b", "c", "d", "e"], reservations))).toEqual([
      "d free all day",
      "e free 13:00",
      "b free 11:00",
      "c taken 10:45",
      "a taken 12:00",
    ]);
  });

  it("stays taken through bookings that follow each other or overlap", () => {
    const reservations = [
      booking("a", "10:00", "11:00"),
      booking("a", "11:00", "12:00"),
      booking("a", "12:30", "13:00"),
      booking("b", "09:00", "11:00"),
      booking("b", "10:30", "12:15"),
    ];
    expect(shape(board(["a", "b"], reservations))).toEqual(["a taken 12:00", "b taken 12:15"]);
    const both = roomsNow(board(["b"], reservations), NOW)[0];
    expect(both?.going.length).toBe(2);
  });

  it("begins and ends a booking at its very instants", () => {
    expect(shape(board(["a"], [booking("a", "10:00", "10:42")]))).toEqual(["a free all day"]);
    expect(shape(board(["a"], [booking("a", "10:42", "11:00")]))).toEqual(["a taken 11:00"]);
  });

  it("draws what is taken from the present hour on", () => {
    const [it] = roomsNow(board(["a"], [booking("a", "09:00", "11:00"), booking("a", "14:30", "18:00")]), NOW);
    expect(it?.taken).toEqual([
      { start: 0, length: 0.2 },
      { start: 0.9, length: expect.closeTo(0.1) as number },
    ]);
    expect(onStrip(NOW)).toBeCloseTo(0.14);
  });
});

it("lists what begins later today, the earliest first, and nothing of a room that is not there", () => {
  const reservations = [
    booking("b", "13:00", "14:00"),
    booking("a", "11:00", "12:00"),
    booking("a", "10:00", "11:00"),
    booking("gone", "12:00", "13:00"),
    { ...booking("a", "09:00", "10:00"), start: "2026-10-15T09:00:00+09:00" },
  ];
  expect(nextBookings(board(["a", "b"], reservations), NOW).map((it) => it.booking.id)).toEqual(["a 11:00", "b 13:00"]);
});

it("shows the clock and the day where the rooms are", () => {
  expect(clockIn("Asia/Tokyo", Date.parse("2026-10-14T00:05:00Z"))).toBe("9:05");
  expect(clockIn("Asia/Tokyo", Date.parse("2026-10-13T15:00:00Z"))).toBe("0:00");
  expect(dayIn("Asia/Tokyo", Date.parse("2026-10-13T15:00:00Z"))).toBe("2026-10-14");
});

it("asks for the same day in every web view, in whichever order that writes one", () => {
  const own = Object.getOwnPropertyDescriptor(Intl.DateTimeFormat.prototype, "format");
  const get = (): (() => string) => () => "10/14/2026";
  Object.defineProperty(Intl.DateTimeFormat.prototype, "format", { configurable: true, get });
  expect(dayIn("Asia/Tokyo", Date.parse("2026-10-14T01:42:00Z"))).toBe("2026-10-14");
  if (own) Object.defineProperty(Intl.DateTimeFormat.prototype, "format", own);
});
