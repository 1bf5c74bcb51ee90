import { describe, expect, test } from "vitest";

import type { Reservation } from "../../bridge/types/Reservation";
import type { Room } from "../../bridge/types/Room";
import type { RoomBoard } from "../../bridge/types/RoomBoard";
import {
  addDays,
  axisOf,
  bookingsOf,
  byRoomOf,
  closedOn,
  dayIn,
  freeUntil,
  isFreeAt,
  minutesIn,
  ownHours,
  phaseOf,
  roomsShown,
  seatChoices,
  slotFrom,
  stepOf,
  stepSpan,
  within,
} from "./board";
import { RoomFilter } from "./filter.svelte";

const at = (clock: string): string => new Date(`2026-10-14T${clock}:00+09:00`).toISOString();
const ms = (clock: string): number => Date.parse(at(clock));

const room = (id: string, capacity: number | null = 8): Room => ({
  id,
  connection: "cam",
  external_id: id,
  name: id,
  capacity,
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

const board = (reservations: Reservation[], change: Partial<RoomBoard> = {}): RoomBoard => ({
  day: "2026-10-14",
  begins_at: "2026-10-13T15:00:00.000Z",
  ends_at: "2026-10-14T15:00:00.000Z",
  zone: "Asia/Tokyo",
  opens_at: at("08:00"),
  closes_at: at("18:00"),
  is_weekend: false,
  holiday: null,
  hours: [],
  rooms: [room("a"), room("b", 4), room("c", null)],
  reservations,
  unplaced: [],
  read_at: null,
  ...change,
});

const clock = (zone: string, instant: number): string => {
  const minutes = minutesIn(zone, instant);
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`;
};

describe("the hours shown", () => {
  const hours = (it: RoomBoard): string => {
    const axis = axisOf(it);
    return `${clock(it.zone, axis.start)} ${clock(it.zone, axis.end)} ${axis.steps}`;
  };

  test("are the opening hours where the rooms are, whatever zone the computer has", () => {
    expect(hours(board([]))).toBe("8:00 18:00 20");
  });

  test("stay when a booking is seen at least in part", () => {
    expect(hours(board([booking("a", "17:30", "19:30")]))).toBe("8:00 18:00 20");
  });

  test("widen to whole hours for bookings that would not be seen", () => {
    expect(hours(board([booking("a", "18:00", "19:20"), booking("a", "06:30", "07:30")]))).toBe("6:00 20:00 28");
  });

  test("end with the day for a booking past midnight", () => {
    const late = { ...booking("a", "22:00", "23:00"), end: "2026-10-14T17:00:00.000Z" };
    const axis = axisOf(board([late]));
    expect(axis.end).toBe(Date.parse("2026-10-14T15:00:00.000Z"));
  });

  test("are right on the day when clocks go forward", () => {
    const spring = board([], {
      zone: "America/New_York",
      begins_at: "2026-03-08T05:00:00.000Z",
      ends_at: "2026-03-09T04:00:00.000Z",
      opens_at: "2026-03-08T12:00:00.000Z",
      closes_at: "2026-03-08T22:00:00.000Z",
    });
    expect(hours(spring)).toBe("8:00 18:00 20");
  });

  test("are the whole day where the hours make no sense", () => {
    const axis = axisOf(board([], { opens_at: at("18:00"), closes_at: at("18:00") }));
    expect(axis.steps).toBe(48);
  });

  test("reach as far as those of a room of its own", () => {
    const early = { room: "a", opens_at: at("06:00"), closes_at: at("17:00") };
    expect(hours(board([], { hours: [early] }))).toBe("6:00 18:00 24");
  });

  test("steps are half hours and instants outside belong to the nearest", () => {
    const axis = axisOf(board([]));
    expect(stepSpan(axis, 5)).toEqual({ start: ms("10:30"), end: ms("11:00") });
    expect([stepOf(axis, ms("10:42")), stepOf(axis, ms("07:00")), stepOf(axis, ms("23:00"))]).toEqual([5, 0, 19]);
  });
});

describe("free or not", () => {
  const list = bookingsOf([booking("a", "11:30", "12:00"), booking("a", "10:00", "11:00")]);

  test("the end of a booking is free again", () => {
    const free = ["09:59", "10:00", "10:59", "11:00", "11:30"].map((it) => isFreeAt(list, ms(it)));
    expect(free).toEqual([true, false, false, true, false]);
  });

  test("a room is free until its next booking", () => {
    expect(freeUntil(list, ms("11:00"))).toBe(ms("11:30"));
    expect(freeUntil(list, ms("12:00"))).toBeNull();
  });

  test("a slot ends with the next booking, the axis or after two hours", () => {
    const axis = axisOf(board([]));
    const end = (from: string) => clock("Asia/Tokyo", slotFrom(room("a"), list, ms(from), axis).end);
    expect([end("09:30"), end("13:00"), end("17:30")]).toEqual(["10:00", "15:00", "18:00"]);
  });

  test("past, in progress and later meet without a gap", () => {
    const one = { start: ms("10:00"), end: ms("11:00") };
    expect(["09:59", "10:00", "10:59", "11:00"].map((it) => phaseOf(one, ms(it)))).toEqual([
      "later",
      "now",
      "now",
      "past",
    ]);
  });

  test("a half hour holds what touches it, and a booking without length", () => {
    const found = (start: string, end: string) => within(list, ms(start), ms(end)).length;
    expect([found("09:30", "10:00"), found("10:30", "11:00"), found("11:00", "11:30")]).toEqual([0, 1, 0]);
    expect(within(bookingsOf([booking("a", "10:00", "10:00")]), ms("10:00"), ms("10:30"))).toHaveLength(1);
  });
});

describe("a room with hours of its own", () => {
  const own = { start: ms("10:00"), end: ms("16:00") };
  const list = bookingsOf([booking("a", "11:00", "12:00"), booking("a", "17:00", "18:00")]);

  test("is free in them alone, and until it closes", () => {
    const free = ["09:59", "10:00", "11:00", "12:00", "15:59", "16:00"].map((it) => isFreeAt(list, ms(it), own));
    expect(free).toEqual([false, true, false, true, true, false]);
    expect(freeUntil(list, ms("10:00"), own)).toBe(ms("11:00"));
    expect(freeUntil(list, ms("12:00"), own)).toBe(ms("16:00"));
    expect(slotFrom(room("a"), list, ms("15:00"), axisOf(board([])), own).end).toBe(ms("16:00"));
  });

  test("is hatched outside of them, also on a day on which the office is closed", () => {
    const spans = (it: RoomBoard, hours?: typeof own): string[] =>
      closedOn(axisOf(it), it, hours).map(({ start, end }) => `${clock(it.zone, start)}–${clock(it.zone, end)}`);
    expect(spans(board([]))).toEqual([]);
    expect(spans(board([]), own)).toEqual(["8:00–10:00", "16:00–18:00"]);
    const sunday = board([], { is_weekend: true });
    expect(spans(sunday)).toEqual(["8:00–18:00"]);
    expect(spans(sunday, own)).toEqual(["8:00–10:00", "16:00–18:00"]);
    const late = board([booking("a", "18:00", "19:30")]);
    expect(spans(late)).toEqual(["18:00–20:00"]);
  });

  test("is left out of what is free while it is closed", () => {
    const all = board([], { hours: [{ room: "a", opens_at: at("10:00"), closes_at: at("16:00") }] });
    const free = (instant: number): string[] =>
      roomsShown(all.rooms, byRoomOf(all), ownHours(all), { freeAt: instant, passes: () => true }).map((it) => it.id);
    expect([free(ms("09:00")), free(ms("10:00"))]).toEqual([
      ["b", "c"],
      ["a", "b", "c"],
    ]);
  });
});

describe("filters", () => {
  const all = board([booking("a", "10:00", "11:00")]);
  const names = (freeAt: number | null, part: Partial<RoomFilter> = {}): string => {
    const filter = Object.assign(new RoomFilter(), part);
    return roomsShown(all.rooms, byRoomOf(all), new Map(), { freeAt, passes: (it) => filter.passes(it) })
      .map((it) => it.id)
      .join(" ");
  };

  test("free now leaves the rooms that nobody has", () => {
    expect(names(ms("10:30"))).toBe("b c");
    expect(names(ms("11:00"))).toBe("a b c");
  });

  test("seats leave out rooms that are smaller or unknown", () => {
    expect(names(null, { seats: 5 })).toBe("a");
  });

  test("floor, equipment and words leave out rooms that have them not", () => {
    const rooms = [
      { ...room("会議室 301"), place: "3F", equipment: ["ビデオ会議"] },
      { ...room("セミナールーム"), place: "5F", equipment: ["プロジェクター"], note: "Ground floor entrance" },
    ];
    const left = (part: Partial<RoomFilter>): number[] => {
      const filter = Object.assign(new RoomFilter(), part);
      return rooms.flatMap((it, at) => (filter.passes(it) ? [at] : []));
    };
    expect(left({ place: "3F" })).toEqual([0]);
    expect(left({ tag: "プロジェクター" })).toEqual([1]);
    expect(left({ text: "せみなー" })).toEqual([1]);
    expect(left({ text: "３０１ ﾋﾞﾃﾞｵ" })).toEqual([0]);
    expect(left({ text: "entrance 5f" })).toEqual([1]);
    expect(left({ text: "301 5f" })).toEqual([]);
  });

  test("the choices of seats are those that rooms have", () => {
    expect(seatChoices([...all.rooms, room("d", 4)])).toEqual([4, 8]);
  });
});

test("days step over months and years, and a day is that of the rooms", () => {
  expect([addDays("2026-12-31", 1), addDays("2026-03-01", -1)]).toEqual(["2027-01-01", "2026-02-28"]);
  expect(dayIn("Asia/Tokyo", Date.parse("2026-10-13T15:00:00Z"))).toBe("2026-10-14");
});
