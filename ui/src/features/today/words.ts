/** Missed calls in words: who rang, whom to tell and where they are, what became of it, and the text of a message. */
import type { Call } from "../../bridge/types/Call";
import type { Colleague } from "../../bridge/types/Colleague";
import type { Delivery } from "../../bridge/types/Delivery";
import type { FollowUp } from "../../bridge/types/FollowUp";
import { callMark } from "../../format/outcome";
import { clock, duration, isSameDay, shortDay } from "../../format/time";
import { language, m } from "../../i18n";
import { where, type Where } from "../../whereabouts";

/** A caller as a row shows them. */
export interface Caller {
  name: string;
  company: string | null;
  /** The number as it is shown; null where it is withheld. */
  number: string | null;
  /** Whether the name is that of a person. */
  isKnown: boolean;
}

/** Who rang. */
export function caller(call: Call): Caller {
  const party = call.from;
  const number = party.shown === "" ? null : party.shown;
  if (call.customer) return { name: call.customer.name, company: call.customer.company, number, isKnown: true };
  if (party.name) return { name: party.name, company: party.location, number, isKnown: true };
  return { name: number ?? m.today_withheld(), company: null, number, isKnown: false };
}

/** A time of today, or with its day. */
export function when(iso: string, now: Date): string {
  const time = clock(iso);
  return isSameDay(new Date(iso), now) ? time : `${shortDay(iso, now, language.current)} ${time}`;
}

/** Below the time: `11 min` up to an hour and a half, and the day where it is not today. */
export function since(iso: string, now: Date): string {
  if (!isSameDay(new Date(iso), now)) return shortDay(iso, now, language.current);
  const minutes = Math.max(0, Math.floor((now.getTime() - Date.parse(iso)) / 60_000));
  return minutes <= 90 ? m.today_minutes_ago({ count: minutes }) : "";
}

/** The line and how long it rang. */
export function lineWords(call: Call): string {
  const line = call.line ?? m.today_no_line();
  if (call.duration_seconds === null) return line;
  if (call.outcome === "voicemail") return m.today_line_voicemail({ line, length: duration(call.duration_seconds) });
  return m.today_line_rang({ line, seconds: call.duration_seconds });
}

/** Whether a colleague can be written to. */
export const isReachable = (it: Colleague): boolean => it.chats.length > 0;

/** Whom to tell, in one line and one below. */
export function colleagueWords(it: FollowUp): { name: string; isName: boolean; where: Where | null } {
  const [first, second] = it.colleagues;
  const none = (text: string): Where => ({ shape: "none", text });
  if (!first) {
    const isLost = it.call.from.shown === "";
    return { name: "–", isName: false, where: none(isLost ? m.today_no_way_back() : m.today_nobody()) };
  }
  if (second) {
    const name = m.today_more_colleagues({ count: it.colleagues.length });
    return { name, isName: false, where: none(m.today_is_choosing()) };
  }
  if (!isReachable(first)) return { name: first.name, isName: true, where: none(m.today_no_chat()) };
  return { name: first.name, isName: true, where: where(first.whereabouts, first.reason === "spoke_last") };
}

/** What became of the last message about it. */
export function messageWords(it: { name: string; delivery: Delivery }, now: Date): string {
  const { name, delivery } = it;
  switch (delivery.state) {
    case "waiting":
    case "sending":
      return m.today_message_waiting({ name });
    case "sent":
      return m.today_message_sent({ name, time: when(delivery.settled_at ?? delivery.created_at, now) });
    case "refused":
      return m.today_message_refused({ name });
    case "unknown":
      return m.today_message_unknown({ name });
    case "paused":
      return m.today_message_paused();
    default:
      return delivery.state satisfies never;
  }
}

/** What closed it. */
export function closedWords(it: FollowUp, now: Date): string {
  const time = it.at === null ? "–" : when(it.at, now);
  const by = it.closed_by;
  if (by === null) return m.today_done_by({ time, name: it.who ?? "–" });
  const name = by.people.find((person) => person.role === "spoke")?.name;
  if (by.direction === "outbound")
    return name ? m.today_called_back({ time, name }) : m.today_called_back_nobody({ time });
  return name ? m.today_rang_again({ time, name }) : m.today_rang_again_nobody({ time });
}

/** A whole row, as it is read out. */
export function spoken(it: FollowUp, now: Date): string {
  const { name, company, number } = caller(it.call);
  const colleague = colleagueWords(it);
  const state =
    it.state === "new"
      ? m.today_row_state_new()
      : it.is_mine
        ? m.today_row_state_yours()
        : m.today_row_state_taken({ name: it.who ?? "–" });
  return m.today_row({
    time: it.call.started_at === null ? "–" : when(it.call.started_at, now),
    outcome: callMark(it.call).word,
    name: company === null ? name : m.today_text_company({ name, company }),
    number: number ?? m.today_no_number(),
    line: lineWords(it.call),
    colleague: colleague.where === null ? colleague.name : `${colleague.name} ${colleague.where.text}`,
    state: it.message === null ? state : `${state}, ${messageWords(it.message, now)}`,
  });
}

/** The text that a message begins with; a person may change it before it leaves. */
export function template(it: FollowUp, now: Date): string {
  const { call } = it;
  const { name, company, number, isKnown } = caller(call);
  const time = call.started_at === null ? "–" : when(call.started_at, now);
  const whole = company === null ? name : m.today_text_company({ name, company });
  const first = isKnown
    ? m.today_text_known({ caller: whole, time })
    : number === null
      ? m.today_text_withheld({ time })
      : m.today_text_number_only({ number, time });
  return [
    first,
    isKnown && number !== null ? m.today_text_number({ number }) : null,
    call.line === null ? null : m.today_text_line({ line: call.line }),
    call.note === null ? null : m.today_text_note({ note: call.note }),
    it.calls.length > 1 ? m.today_text_times({ count: it.calls.length }) : null,
    number === null ? null : m.today_text_ask(),
  ]
    .filter((line) => line !== null)
    .join("\n");
}
