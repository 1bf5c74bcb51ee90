/** What is said of a call wherever one is shown. */
import type { Call } from "./bridge/types/Call";
import type { Party } from "./bridge/types/Party";
import { callMark } from "./format/outcome";
import { clock, duration, isSameDay, shortDay, type Locale } from "./format/time";
import { m } from "./i18n";

/** The side of a call that is not the office. */
export function outside(call: Call): Party {
  return call.direction === "outbound" ? call.to : call.from;
}

/** The name of who is on the other side: the customer's, the one that came along, or what is known instead. */
export function callerName(call: Call): { text: string; company: string | null; isKnown: boolean } {
  const party = outside(call);
  if (call.customer) return { text: call.customer.name, company: call.customer.company, isKnown: true };
  if (call.customer_count > 1)
    return { text: m.calls_several_customers({ count: call.customer_count }), company: null, isKnown: false };
  if (party.name) return { text: party.name, company: party.location, isKnown: true };
  return { text: party.raw === "" ? m.calls_withheld() : m.calls_unregistered(), company: null, isKnown: false };
}

/** The number on the other side as it is shown; a dash where it is withheld. */
export function callerNumber(call: Call): string {
  const { shown } = outside(call);
  return shown === "" ? "–" : shown;
}

/** The called line as it is shown: a name as it is, a bare number with its word. */
export function lineName(call: Pick<Call, "line">): string | null {
  return call.line !== null && /^\d{1,3}$/.test(call.line) ? m.calls_line_number({ number: call.line }) : call.line;
}

/** Colleagues who spoke, else those it rang at. */
export function colleagues(call: Pick<Call, "people">): { names: string[]; isSpoken: boolean } {
  const spoke = call.people.filter((it) => it.role === "spoke");
  const shown = spoke.length > 0 ? spoke : call.people;
  return { names: shown.map((it) => it.name), isSpoken: spoke.length > 0 };
}

/** When a call began: the day where it is not today, and the time. */
export function begun(call: Pick<Call, "started_at">, now: Date, locale: Locale): { day: string; time: string } {
  if (call.started_at === null) return { day: "", time: "–" };
  const isToday = isSameDay(new Date(call.started_at), now);
  return { day: isToday ? "" : shortDay(call.started_at, now, locale), time: clock(call.started_at) };
}

/** How long it took, where it was answered. */
export function length(call: Pick<Call, "duration_seconds" | "outcome">): string {
  return call.duration_seconds === null || call.outcome === "missed" ? "–" : duration(call.duration_seconds);
}

/** A whole row, as it is read out. */
export function spoken(call: Call, now: Date, locale: Locale): string {
  const { day, time } = begun(call, now, locale);
  const name = callerName(call);
  const { names } = colleagues(call);
  return [
    day,
    time,
    callMark(call).word,
    name.text,
    name.company,
    callerNumber(call) === "–" ? null : callerNumber(call),
    lineName(call),
    names.length > 0 ? names.join(" ") : null,
    length(call) === "–" ? null : length(call),
    call.note,
  ]
    .filter((it) => it)
    .join(", ");
}
