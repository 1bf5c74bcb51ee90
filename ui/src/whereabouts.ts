/** Where a colleague is, in words: bookings first, then what their telephone says. */
import type { Presence } from "./bridge/types/Presence";
import type { Whereabouts } from "./bridge/types/Whereabouts";
import { clock } from "./format/time";
import { m } from "./i18n";

/** Whether somebody can be reached, as a shape, and where they are. */
export interface Where {
  shape: "free" | "busy" | "none";
  text: string;
}

/** Where a colleague is. What is not known is not said to be free. `hasSpoken` adds that they spoke with the caller last. */
export function where(it: Whereabouts, hasSpoken = false): Where {
  const [first, second] = it.now;
  if (second && first)
    return {
      shape: "busy",
      text: m.where_in_rooms({ rooms: m.where_room_and({ one: first.room, other: second.room }) }),
    };
  if (first) return { shape: "busy", text: m.where_in_room({ room: first.room, time: clock(first.end) }) };
  const said = presenceWords(it.presence);
  if (said === null) {
    if (hasSpoken) return { shape: "none", text: m.where_spoke() };
    if (it.is_name_shared) return { shape: "none", text: m.where_same_name() };
    return { shape: "none", text: it.read_at === null ? m.where_unknown() : m.where_no_booking() };
  }
  if (said.shape !== "free") return said;
  if (hasSpoken) return { shape: "free", text: m.where_free_spoke() };
  return it.next ? { shape: "free", text: m.where_free_until({ time: clock(it.next.start) }) } : said;
}

/** What a telephone says of somebody; nothing where it says nothing. */
export function presenceWords(presence: Presence | null): Where | null {
  if (presence === null) return null;
  if (presence.is_on_call) return { shape: "busy", text: m.where_on_call() };
  switch (presence.availability) {
    case "do_not_disturb":
    case "busy":
      return { shape: "busy", text: m.where_do_not_disturb() };
    case "offline":
      return { shape: "none", text: m.where_away() };
    case "available":
      return { shape: "free", text: m.where_free() };
    case "unknown":
      return null;
    default:
      return presence.availability satisfies never;
  }
}

/** Where a colleague is, and what they are in after that. */
export function whereThen(it: Whereabouts): Where {
  const now = where(it);
  // That somebody is free until a booking names its time already.
  if (!it.next || (it.now.length === 0 && now.shape === "free")) return now;
  return { shape: now.shape, text: m.where_then({ now: now.text, room: it.next.room, time: clock(it.next.start) }) };
}
