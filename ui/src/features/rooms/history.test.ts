/** The story of a booking in words, and what is claimed of a question. */
import { expect, test } from "vitest";
import type { BookingChange } from "../../bridge/types/BookingChange";
import type { BookingQuestion } from "../../bridge/types/BookingQuestion";
import type { BookingThen } from "../../bridge/types/BookingThen";
import { seenAt, standingWords, stepOf } from "./history";

const now = new Date("2026-10-14T10:42:00+09:00");

const then = (change: Partial<BookingThen> = {}): BookingThen => ({
  room_id: "c/1",
  room: "会議室 301",
  title: "定例",
  owner: "田中 健一",
  start: "2026-10-14T01:00:00.000Z",
  end: "2026-10-14T02:00:00.000Z",
  all_day: false,
  ...change,
});

const change = (kind: BookingChange["kind"], before: BookingThen | null, after: BookingThen | null): BookingChange => ({
  connection: "c",
  reservation: "c/9",
  kind,
  before,
  after,
  has_id: true,
  seen_at: "2026-10-14T00:12:00.000Z",
});

test("only what became different is told, each before and after", () => {
  const moved = change("moved", then(), then({ start: "2026-10-14T02:00:00.000Z", end: "2026-10-14T03:00:00.000Z" }));
  expect(stepOf(moved, "Asia/Tokyo", now).differences).toEqual([{ before: "10:00–11:00", after: "11:00–12:00" }]);
  const both = change("other_room", then(), then({ room: "会議室 302", title: " " }));
  expect(stepOf(both, "Asia/Tokyo", now).differences).toEqual([
    { before: "会議室 301", after: "会議室 302" },
    { before: "定例", after: "No title" },
  ]);
  const added = change("added", null, then());
  expect(stepOf(added, "Asia/Tokyo", now).differences).toEqual([{ before: null, after: "会議室 301 10:00–11:00" }]);
});

test("an earlier day is named beside its time", () => {
  const earlier = new Date(now.getTime() - 3 * 86_400_000).toISOString();
  expect(seenAt(now.toISOString(), now)).not.toContain(" ");
  expect(seenAt(earlier, now)).toMatch(/\S+ \d{1,2}:\d{2}$/);
});

test("no answer is claimed that nobody wrote down", () => {
  const question = (standing: BookingQuestion["standing"], answer: BookingQuestion["answer"] = null): string =>
    standingWords({
      draft: "d",
      reservation: "c/9",
      booking: then(),
      name: "田中 健一",
      asked_at: now.toISOString(),
      delivery: null,
      answer,
      answered_at: null,
      standing,
    });
  expect(question("waiting")).toBe("Sent. No answer is known.");
  expect(question("answered", "not_needed")).toBe("Answer: no longer needed.");
  expect(question("answered", "needed")).toBe("Answer: still needed.");
  expect(question("cancelled")).toContain("seen cancelled afterwards");
  expect(question("unanswered")).toContain("no answer was written down");
});
