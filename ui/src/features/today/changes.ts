/** Changes of bookings in words: what stood before, what stands now, and of which booking it is. */
import type { BookingChange } from "../../bridge/types/BookingChange";
import type { BookingChanges } from "../../bridge/types/BookingChanges";
import type { BookingThen } from "../../bridge/types/BookingThen";
import { clock, isSameDay, shortDay, startOfDay } from "../../format/time";
import { language, m } from "../../i18n";
import type { RoomsPlace } from "../../rooms-asked.svelte";
import { clockIn, dayIn } from "./rooms";
import { when } from "./words";

/** A few words of a row, and whether they went, came, or only say of which booking it is. */
export interface Part {
  text: string;
  kind: "plain" | "beside" | "gone" | "new" | "arrow";
}

const DAY = 86_400_000;

/** `10:00–11:30`; with its day where that is not today. */
export function spanWords(it: BookingThen, zone: string, now: Date): string {
  const [start, end] = [Date.parse(it.start), Date.parse(it.end)];
  const today = dayIn(zone, now.getTime());
  const dayWords = (day: string): string => shortDay(`${day}T00:00:00`, now, language.current);
  const from = dayIn(zone, start);
  const before = from === today ? "" : dayWords(from);
  if (it.all_day) {
    // The end of a day is the beginning of the next one.
    const last = dayIn(zone, Math.max(start, end - 1));
    if (last !== from) return m.today_change_days({ from: dayWords(from), to: dayWords(last) });
    return before === ""
      ? m.today_change_all_day()
      : m.today_change_day({ day: before, time: m.today_change_all_day() });
  }
  const isLong = end - start >= DAY;
  const to = isLong
    ? m.today_change_day({ day: dayWords(dayIn(zone, end)), time: clockIn(zone, end) })
    : clockIn(zone, end);
  const time = m.today_change_span({ start: clockIn(zone, start), end: to });
  return before === "" ? time : m.today_change_day({ day: before, time });
}

const titleWords = (it: BookingThen): string => it.title.trim() || m.today_untitled();

/** A row in its parts, in the order in which they are read. */
export function parts(change: BookingChange, zone: string, now: Date): Part[] {
  const { before, after } = change;
  const it = after ?? before;
  if (!it) return [];
  const whole = (one: BookingThen): string =>
    m.today_change_whole({ title: titleWords(one), room: one.room, time: spanWords(one, zone, now) });
  const owner: Part[] = it.owner ? [{ text: it.owner, kind: "beside" }] : [];
  if (!before || !after) return [{ text: whole(it), kind: after ? "new" : "gone" }, ...owner];
  const piece = (old: string, young: string, kind: Part["kind"]): Part[] =>
    old === young
      ? [{ text: young, kind }]
      : [
          { text: old, kind: "gone" },
          { text: "→", kind: "arrow" },
          { text: young, kind: "new" },
        ];
  return [
    ...piece(titleWords(before), titleWords(after), "plain"),
    ...piece(before.room, after.room, "beside"),
    ...piece(spanWords(before, zone, now), spanWords(after, zone, now), "beside"),
    ...owner,
  ];
}

/** What became of it, in a word or two. */
export function kindWords(change: BookingChange): string {
  switch (change.kind) {
    case "added":
      return m.today_change_added();
    case "cancelled":
      return m.today_change_cancelled();
    case "moved":
      return change.before?.room_id === change.after?.room_id ? m.today_change_moved() : m.today_change_moved_room();
    case "other_room":
      return m.today_change_room();
    case "renamed":
      return m.today_change_renamed();
    default:
      return change.kind satisfies never;
  }
}

/** A whole row, as it is read out. */
export function spokenChange(change: BookingChange, zone: string, now: Date): string {
  const { before, after } = change;
  const whole = (it: BookingThen): string =>
    m.today_change_whole({ title: titleWords(it), room: it.room, time: spanWords(it, zone, now) });
  const words = { time: when(change.seen_at, now), kind: kindWords(change) };
  const owner = (after ?? before)?.owner ?? m.today_change_nobody();
  if (before && after) return m.today_change_row_both({ ...words, before: whole(before), after: whole(after), owner });
  const it = after ?? before;
  return m.today_change_row({ ...words, booking: it ? whole(it) : "", owner });
}

/** When it was seen: the time, or the day where that is not today. */
export function seenWords(iso: string, now: Date): string {
  return isSameDay(new Date(iso), now) ? clock(iso) : shortDay(iso, now, language.current);
}

/** `yesterday 17:30`. */
export function sinceWords(iso: string, now: Date): string {
  const at = new Date(iso);
  const time = clock(iso);
  if (isSameDay(at, now)) return m.today_changes_today({ time });
  if (isSameDay(at, startOfDay(now, 1))) return m.today_changes_yesterday({ time });
  return m.today_change_day({ day: shortDay(iso, now, language.current), time });
}

/** How far back readings could be compared, where that is not the whole time; empty where it is. */
export function comparedWords(it: BookingChanges, now: Date): string {
  if (it.compared_from === null) return m.today_changes_unread();
  return it.compared_from > it.since ? m.today_changes_compared({ time: sinceWords(it.compared_from, now) }) : "";
}

/** Where on the rooms board it is; what was cancelled is where it was. */
export function placeOf(change: BookingChange, zone: string): RoomsPlace | null {
  const it = change.after ?? change.before;
  if (!it) return null;
  const at = Date.parse(it.start);
  return { day: dayIn(zone, at), room: it.room_id, at };
}
