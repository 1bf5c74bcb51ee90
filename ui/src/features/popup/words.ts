/** What the window that shows who rings says of a call. */
import type { Call } from "../../bridge/types/Call";
import type { CallNews } from "../../bridge/types/CallNews";
import type { Go } from "../../bridge/types/Go";
import { duration } from "../../format/time";
import { m } from "../../i18n";

const WEEK = 7 * 24 * 60 * 60 * 1_000;
/** How many earlier calls come with the news of one. */
const RECENT = 5;

/** How long a call has rung or been spoken, or rang at all; empty where nobody knows. */
export function since(call: Call, now: Date): string {
  if (call.outcome !== "ringing" && call.duration_seconds !== null) return duration(call.duration_seconds);
  if (call.started_at === null) return "";
  const seconds = (now.getTime() - Date.parse(call.started_at)) / 1_000;
  return call.outcome === "ringing" || call.outcome === "answered" ? duration(Math.max(0, seconds)) : "";
}

/** How the call stands, in a word: answered calls go on until they are over. */
export function state(call: Call, isOver: boolean): string {
  switch (call.outcome) {
    case "ringing":
      return isOver ? m.popup_over() : m.popup_ringing();
    case "answered":
      return isOver ? m.popup_over() : m.popup_talking();
    case "missed":
      return m.popup_missed();
    case "voicemail":
      return m.popup_voicemail();
    case "refused":
    case "failed":
    case "unknown":
      return m.popup_over();
    default:
      return call.outcome satisfies never;
  }
}

/** How often this number has rung within a week, this call with it; nothing where it is the first time. */
export function often({ call, recent, at }: CallNews): string | null {
  const from = Date.parse(at) - WEEK;
  const before = recent.filter(
    (it) =>
      it.id !== call.id && it.direction === "inbound" && it.started_at !== null && Date.parse(it.started_at) > from,
  );
  if (before.length === 0) return null;
  // More than come with the news may have been there.
  return before.length < RECENT ? m.popup_times({ count: before.length + 1 }) : m.popup_many({ count: RECENT });
}

/** Who of the office spoke with this number last. */
export function spokeLast({ recent }: CallNews): { ids: string[]; name: string } | null {
  for (const call of recent) {
    const spoke = call.people.filter((it) => it.role === "spoke");
    if (spoke.length > 0) return { ids: spoke.map((it) => it.id), name: spoke.map((it) => it.name).join(" ") };
  }
  return null;
}

/** Where the main window goes for a message: to the call with the colleague that it is for, else to the missed call. */
export function messageAbout(call: Call, to: { ids: string[]; name: string } | null): Go {
  const [person] = to?.ids ?? [];
  if (!to || person === undefined) return { what: "follow_up", id: call.id };
  return { what: "message", id: call.id, person, name: to.name };
}
