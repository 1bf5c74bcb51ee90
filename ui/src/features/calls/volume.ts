/** The arithmetic of the chart of calls: which spans are counted in one question, and what each bar says of the answer. */
import type { CallVolume } from "../../bridge/types/CallVolume";
import { startOfDay } from "../../format/time";

/** From an instant to before another, in milliseconds since 1970. */
export interface Period {
  from: number;
  to: number;
}

/** What is asked for a chart. */
export interface Plan {
  /** What one bar is. */
  unit: "hour" | "day";
  /** The bars in the order of time, each with the same weekday of the four weeks before it. */
  bars: { period: Period; before: Period[] }[];
  /** Rising instants as RFC 3339 texts; what lies between two neighbours is counted. */
  edges: string[];
}

/** One bar. */
export interface Bar {
  from: string;
  to: string;
  calls: number;
  answered: number;
  missed: number;
  /** How many calls are usual then: the mean of the same weekday over the four weeks before. */
  usual: number;
}

const WEEKS = [7, 14, 21, 28];
/** Most bars that are told apart. */
export const MOST_BARS = 31;

/** A day by the calendar, so that days of 23 and 25 hours are one day too. */
function dayOf(day: Date, ago = 0): Period {
  return { from: startOfDay(day, ago).getTime(), to: startOfDay(day, ago - 1).getTime() };
}

/** An hour of the clock. One that the clock leaps over is empty, one that it strikes twice is two hours long. */
function hourOf(day: Date, hour: number, ago = 0): Period {
  const at = (it: number): number => new Date(day.getFullYear(), day.getMonth(), day.getDate() - ago, it).getTime();
  return { from: at(hour), to: at(hour + 1) };
}

function plan(unit: Plan["unit"], bars: Plan["bars"]): Plan {
  const instants = bars.flatMap((it) => [it.period, ...it.before]).flatMap((it) => [it.from, it.to]);
  const edges = [...new Set(instants)].sort((a, b) => a - b).map((it) => new Date(it).toISOString());
  return { unit, bars, edges };
}

/** The hours of one day. */
export function planHours(day: Date): Plan {
  const hours = Array.from({ length: 24 }, (_, hour) => ({
    period: hourOf(day, hour),
    before: WEEKS.map((ago) => hourOf(day, hour, ago)),
  }));
  return plan(
    "hour",
    hours.filter(({ period }) => period.from < period.to),
  );
}

/** So many days up to `last`, at most [`MOST_BARS`]. */
export function planDays(last: Date, days: number): Plan {
  const length = Math.max(1, Math.min(MOST_BARS, days));
  return plan(
    "day",
    Array.from({ length }, (_, i) => {
      const ago = length - 1 - i;
      return { period: dayOf(last, ago), before: WEEKS.map((week) => dayOf(last, ago + week)) };
    }),
  );
}

/** What a period holds, from what each two neighbouring edges hold. */
function held(edges: readonly string[], volumes: readonly CallVolume[], { from, to }: Period): CallVolume {
  const sum = { calls: 0, answered: 0, missed: 0 };
  volumes.forEach((it, index) => {
    const begins = Date.parse(edges[index] ?? "");
    if (!(begins >= from && begins < to)) return;
    sum.calls += it.calls;
    sum.answered += it.answered;
    sum.missed += it.missed;
  });
  return sum;
}

/** The bars of an answer. Hours with nothing before `opens` and after `closes` are left out at either end. */
export function barsOf(
  { unit, bars, edges }: Plan,
  volumes: readonly CallVolume[],
  opens: number,
  closes: number,
): Bar[] {
  const all = bars.map(({ period, before }) => {
    const usual = before.reduce((sum, it) => sum + held(edges, volumes, it).calls, 0) / Math.max(1, before.length);
    return {
      from: new Date(period.from).toISOString(),
      to: new Date(period.to).toISOString(),
      ...held(edges, volumes, period),
      usual,
    };
  });
  if (unit === "day") return all;
  const isNeeded = (it: Bar): boolean => {
    const hour = new Date(it.from).getHours();
    return it.calls > 0 || it.usual > 0 || (hour >= opens && hour < closes);
  };
  return all.slice(all.findIndex(isNeeded), all.findLastIndex(isNeeded) + 1);
}

/** The most that any bar shows, at least 1. */
export function most(bars: readonly Bar[]): number {
  return Math.max(1, ...bars.map((it) => Math.max(it.calls, it.usual)));
}
