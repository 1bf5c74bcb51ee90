/** The filters and bars of the list in words. */
import type { CallDays } from "../../bridge/types/CallDays";
import type { CallFilter } from "../../bridge/types/CallFilter";
import { callMark } from "../../format/outcome";
import { clock, isSameDay, longDay, shortDay, startOfDay, type Locale } from "../../format/time";
import { m } from "../../i18n";
import { lineName } from "../../call-words";
import type { Narrowing, Span } from "./narrowing.svelte";
import type { Bar } from "./volume";

/** Days that move with the calendar. */
export function daysName(days: CallDays): string {
  switch (days) {
    case "today":
      return m.calls_range_today();
    case "week":
      return m.calls_range_week();
    case "month":
      return m.calls_range_month();
    case "all":
      return m.calls_range_all();
    default:
      return days satisfies never;
  }
}

/** Days that do not move: `14 Oct`, `14 Oct, 10:00 to 11:00`, `1 Oct to 14 Oct`. */
export function spanName({ from, to }: Span, now: Date, locale: Locale): string {
  // An end is the first instant that is no longer in it.
  const last = to === null ? now : new Date(Date.parse(to) - 1);
  const until = shortDay(last.toISOString(), now, locale);
  if (from === null) return m.calls_span_until({ to: until });
  const begins = shortDay(from, now, locale);
  if (!isSameDay(new Date(from), last)) return m.calls_span_days({ from: begins, to: until });
  const isWhole =
    Date.parse(from) === startOfDay(last).getTime() &&
    (to === null || Date.parse(to) === startOfDay(last, -1).getTime());
  return isWhole ? begins : m.calls_span_hours({ day: begins, from: clock(from), to: clock(to ?? last.toISOString()) });
}

/** Every filter that is on, one after the other; `connectionName` knows connections by id. */
export function filterNames(
  narrowing: Narrowing,
  now: Date,
  locale: Locale,
  connectionName: (id: string) => string,
): string {
  const { filter, days }: { filter: CallFilter; days: CallDays | null } = narrowing.kept();
  const callers = { known: m.calls_caller_known, unknown: m.calls_caller_unknown, withheld: m.calls_withheld };
  const directions = {
    inbound: m.calls_direction_inbound,
    outbound: m.calls_direction_outbound,
    unknown: m.calls_direction_unknown,
  };
  const names = [
    filter.search === "" ? null : m.calls_quoted({ text: filter.search }),
    days === null ? spanName(filter, now, locale) : days === "all" ? null : daysName(days),
    filter.connection && connectionName(filter.connection),
    filter.outcome && callMark({ direction: filter.direction ?? "inbound", outcome: filter.outcome }).word,
    filter.direction && directions[filter.direction](),
    filter.line && lineName({ line: filter.line }),
    narrowing.person?.name,
    narrowing.customer?.name,
    filter.number,
    filter.caller && callers[filter.caller](),
  ];
  return new Intl.ListFormat(locale, { type: "unit", style: "short" }).format(
    names.filter((it) => typeof it === "string" && it !== "") as string[],
  );
}

/** What stands under a bar: the hour, or the day of the month. */
export function barLabel(bar: Bar, unit: "hour" | "day"): string {
  const at = new Date(bar.from);
  return String(unit === "hour" ? at.getHours() : at.getDate());
}

/** When a bar is: `10:00 to 11:00`, `Wed 14 October 2026`. */
export function barTime(bar: Bar, unit: "hour" | "day", locale: Locale): string {
  return unit === "day" ? longDay(bar.from, locale) : m.calls_hours({ from: clock(bar.from), to: clock(bar.to) });
}

/** A number of calls that need not be whole. */
export function mean(n: number, locale: Locale): string {
  return new Intl.NumberFormat(locale, { maximumFractionDigits: n < 10 ? 1 : 0 }).format(n);
}

/** A whole bar, as it is read out. */
export function barName(bar: Bar, unit: "hour" | "day", locale: Locale): string {
  const figures = { count: bar.calls, answered: bar.answered, missed: bar.missed, usual: mean(bar.usual, locale) };
  return m.calls_bar({ time: barTime(bar, unit, locale), ...figures });
}
