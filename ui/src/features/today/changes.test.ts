import { beforeEach, describe, expect, test, vi } from "vitest";
import type { BookingChange } from "../../bridge/types/BookingChange";
import type { BookingChanges } from "../../bridge/types/BookingChanges";
import type { BookingThen } from "../../bridge/types/BookingThen";
import type { ChangesSince } from "../../bridge/types/ChangesSince";
import { language } from "../../i18n";
import { comparedWords, kindWords, parts, placeOf, seenWords, sinceWords, spanWords, spokenChange } from "./changes";
import { Changes } from "./changes.svelte";

const ZONE = "Asia/Tokyo";
const tokyo = (clock: string, day = 14): string =>
  new Date(`2026-10-${String(day).padStart(2, "0")}T${clock}:00+09:00`).toISOString();
/** An instant where the tests run. */
const here = (hour: number, minute = 0, day = 14): string => new Date(2026, 9, day, hour, minute).toISOString();
const NOW = new Date(tokyo("10:42"));

const then = (change: Partial<BookingThen> = {}): BookingThen => ({
  room_id: "cam/302",
  room: "302",
  title: "定例",
  owner: "田中 健一",
  start: tokyo("10:00"),
  end: tokyo("11:30"),
  all_day: false,
  ...change,
});
const change = (
  kind: BookingChange["kind"],
  before: BookingThen | null,
  after: BookingThen | null,
  seen = here(9, 12),
): BookingChange => ({
  connection: "cam",
  reservation: "cam/1",
  kind,
  before,
  after,
  has_id: true,
  seen_at: seen,
});
const list = (part: Partial<BookingChanges> = {}): BookingChanges => ({
  since: here(17, 30, 13),
  handed_over_at: null,
  compared_from: here(9, 0, 1),
  zone: ZONE,
  changes: [],
  count: 0,
  entries: [],
  entry_count: 0,
  ...part,
});

const asked: ChangesSince[] = [];
let answers: (() => Promise<BookingChanges>)[] = [];
let isKept = true;
vi.mock("../../bridge/commands", () => ({
  bookingChanges: (since: ChangesSince) => {
    asked.push(since);
    return answers.shift()?.() ?? Promise.resolve(list());
  },
  handedOver: () => Promise.resolve(null),
}));
vi.mock("../../settings.svelte", () => ({
  preferences: {
    current: { changes_since: "evening" },
    change(part: { changes_since: ChangesSince }) {
      if (!isKept)
        return Promise.reject(
          Object.assign(new Error("x"), { code: "refused", reason: "store_broken", words: "", message: "x" }),
        );
      this.current = part;
      return Promise.resolve();
    },
  },
}));

beforeEach(() => {
  language.follow("en");
  asked.length = 0;
  answers = [];
  isKept = true;
});

describe("a row", () => {
  const row = (it: BookingChange): string =>
    parts(it, ZONE, NOW)
      .map(({ text, kind }) => (kind === "gone" ? `-${text}-` : kind === "new" ? `+${text}+` : text))
      .join(" ");

  test("says what went and what came, and beside it of which booking", () => {
    expect(row(change("added", null, then()))).toBe("+定例 302 10:00–11:30+ 田中 健一");
    expect(row(change("cancelled", then({ owner: null }), null))).toBe("-定例 302 10:00–11:30-");
    expect(row(change("other_room", then(), then({ room_id: "cam/301", room: "301" })))).toBe(
      "定例 -302- → +301+ 10:00–11:30 田中 健一",
    );
    expect(row(change("moved", then(), then({ start: tokyo("09:00") })))).toBe(
      "定例 302 -10:00–11:30- → +9:00–11:30+ 田中 健一",
    );
    expect(row(change("renamed", then({ title: " " }), then()))).toBe(
      "-(no title)- → +定例+ 302 10:00–11:30 田中 健一",
    );
  });

  test("has a word for what became of it, and one sentence read out", () => {
    const both = change("moved", then(), then({ room_id: "cam/301", room: "301", start: tokyo("11:00") }));
    expect(kindWords(both)).toBe("Time and room moved");
    expect(kindWords(change("moved", then(), then({ start: tokyo("11:00") })))).toBe("Time moved");
    expect(spokenChange(both, ZONE, NOW)).toContain(
      "Time and room moved, from 定例 302 10:00–11:30 to 定例 301 11:00–11:30, 田中 健一",
    );
    expect(spokenChange(change("cancelled", then({ owner: null }), null), ZONE, NOW)).toMatch(/organiser unknown$/);
  });

  test("leads to its place, and to where it was when it is gone", () => {
    const moved = change("moved", then(), then({ start: tokyo("00:30", 16), end: tokyo("01:00", 16) }));
    expect(placeOf(moved, ZONE)).toEqual({ day: "2026-10-16", room: "cam/302", at: Date.parse(tokyo("00:30", 16)) });
    expect(placeOf(change("cancelled", then(), null), ZONE)?.day).toBe("2026-10-14");
  });
});

test("a span has its day where that is not today, and the last day of several", () => {
  const span = (start: string, end: string, all_day = false): string =>
    spanWords(then({ start, end, all_day }), ZONE, NOW);
  expect(span(tokyo("10:00"), tokyo("11:30"))).toBe("10:00–11:30");
  expect(span(tokyo("10:00", 16), tokyo("11:30", 16))).toBe("16 Oct 10:00–11:30");
  expect(span(tokyo("22:00"), tokyo("02:00", 15))).toBe("22:00–2:00");
  expect(span(tokyo("10:00", 16), tokyo("12:00", 17))).toBe("16 Oct 10:00–17 Oct 12:00");
  expect(span(tokyo("00:00"), tokyo("00:00", 15), true)).toBe("all day");
  expect(span(tokyo("00:00", 16), tokyo("00:00", 17), true)).toBe("16 Oct all day");
  expect(span(tokyo("00:00", 16), tokyo("00:00", 19), true)).toBe("16 Oct – 18 Oct");
});

test("times are those of today, yesterday, or with their day", () => {
  const now = new Date(here(10, 42));
  expect([here(0), here(17, 30, 13), here(17, 30, 9)].map((it) => sinceWords(it, now))).toEqual([
    "today 0:00",
    "yesterday 17:30",
    "9 Oct 17:30",
  ]);
  expect([here(9, 12), here(18, 4, 13)].map((it) => seenWords(it, now))).toEqual(["9:12", "13 Oct"]);
});

test("it is said how far back readings could be compared, only where that is not the whole time", () => {
  const now = new Date(here(10, 42));
  expect(comparedWords(list(), now)).toBe("");
  expect(comparedWords(list({ compared_from: here(8, 31) }), now)).toContain("today 8:31");
  expect(comparedWords(list({ compared_from: null }), now)).not.toBe("");
});

describe("the list", () => {
  test("keeps the keyboard on the change when another comes above it", async () => {
    const changes = new Changes();
    const [old, other] = [change("added", null, then()), change("cancelled", then(), null)];
    answers = [() => Promise.resolve(list({ changes: [old, other] }))];
    await changes.read();
    changes.select(1);
    answers = [() => Promise.resolve(list({ changes: [change("added", null, then(), here(10)), old, other] }))];
    await changes.read();
    expect(changes.active).toBe(2);
  });

  test("leaves a late answer to an earlier question aside", async () => {
    const changes = new Changes();
    let late: (it: BookingChanges) => void = () => undefined;
    answers = [() => new Promise((resolve) => (late = resolve)), () => Promise.resolve(list({ count: 2 }))];
    const first = changes.read();
    await changes.read();
    late(list({ count: 1 }));
    await first;
    expect(changes.list?.count).toBe(2);
  });

  test("is shown since another time from now on, and says why that was not kept", async () => {
    const changes = new Changes();
    await changes.choose("midnight");
    expect(asked).toEqual(["midnight"]);
    isKept = false;
    await changes.choose("evening");
    expect([asked.length, changes.problem?.reason]).toEqual([1, "store_broken"]);
  });
});
