/** The story of a booking in words: what readings showed of it, and how questions about it stand. */
import type { BookingChange } from "../../bridge/types/BookingChange";
import type { BookingQuestion } from "../../bridge/types/BookingQuestion";
import type { BookingThen } from "../../bridge/types/BookingThen";
import { clock, isSameDay, shortDay } from "../../format/time";
import { language, m } from "../../i18n";
import { dayIn } from "./board";
import { spanIn } from "./words";

/** One thing that is different, before and after; null where there was nothing. */
export interface Difference {
  before: string | null;
  after: string | null;
}

/** One reading that showed something. */
export interface Step {
  /** When it was seen. */
  at: string;
  /** What became of the booking, in a word or two. */
  kind: string;
  /** What is different. */
  differences: Difference[];
}

/** When something was seen: the time, with the day where that is not today. */
export function seenAt(iso: string, now: Date): string {
  const time = clock(iso);
  if (isSameDay(new Date(iso), now)) return time;
  return m.rooms_seen_day({ day: shortDay(iso, now, language.current), time });
}

function kindOf(change: BookingChange): string {
  switch (change.kind) {
    case "added":
      return m.rooms_story_added();
    case "cancelled":
      return m.rooms_story_cancelled();
    case "moved":
      return m.rooms_story_moved();
    case "other_room":
      return m.rooms_story_other_room();
    case "renamed":
      return m.rooms_story_renamed();
    default:
      return change.kind satisfies never;
  }
}

/** A change in the terms of one booking: only what became different is told. */
export function stepOf(change: BookingChange, zone: string, now: Date): Step {
  const { before, after } = change;
  const time = (it: BookingThen): string =>
    spanIn(zone, { start: Date.parse(it.start), end: Date.parse(it.end) }, dayIn(zone, now.getTime()));
  const title = (it: BookingThen): string => it.title.trim() || m.rooms_untitled();
  const differences: Difference[] = [];
  const told = (of: (it: BookingThen) => string): void => {
    const [old, young] = [before && of(before), after && of(after)];
    if (old !== young) differences.push({ before: old, after: young });
  };
  if (before && after) [time, (it: BookingThen): string => it.room, title].forEach(told);
  else [(it: BookingThen): string => `${it.room} ${time(it)}`].forEach(told);
  return { at: change.seen_at, kind: kindOf(change), differences };
}

/** How a question stands, in a sentence that claims no more than is known. */
export function standingWords(it: BookingQuestion): string {
  switch (it.standing) {
    case "on_its_way":
      return m.rooms_asked_on_its_way();
    case "not_sent":
      return m.rooms_asked_not_sent();
    case "doubtful":
      return m.rooms_asked_doubtful();
    case "waiting":
      return m.rooms_asked_waiting();
    case "answered":
      return it.answer === "not_needed" ? m.rooms_answered_not_needed() : m.rooms_answered_needed();
    case "cancelled":
      return m.rooms_asked_cancelled();
    case "changed":
      return m.rooms_asked_changed();
    case "unanswered":
      return m.rooms_asked_unanswered();
    default:
      return it.standing satisfies never;
  }
}
