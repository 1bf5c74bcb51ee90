/** The chart of calls: what it shows of the present filters, read once the list stands. */
import { callsVolume } from "../../bridge/commands";
import { startOfDay } from "../../format/time";
import type { Narrowing } from "./narrowing.svelte";
import { barsOf, planDays, planHours, type Bar, type Plan } from "./volume";

const DAY = 86_400_000;

/** What the chart of these filters asks: the hours of one day, or several days. */
export function planOf(narrowing: Narrowing, now: Date): Plan {
  const { span, days } = narrowing;
  if (span) {
    const from = new Date(span.from ?? 0);
    // An end is the first instant that is no longer in it.
    const last = span.to === null ? now : new Date(Date.parse(span.to) - 1);
    const length = Math.round((startOfDay(last).getTime() - startOfDay(from).getTime()) / DAY) + 1;
    return length <= 1 ? planHours(last) : planDays(last, length);
  }
  switch (days) {
    case "today":
      return planHours(now);
    case "week":
      return planDays(now, 7);
    case "month":
    case "all":
      return planDays(now, 30);
    default:
      return days satisfies never;
  }
}

export class Volume {
  /** From the first to the last; `null` until the first answer. */
  bars: Bar[] | null = $state.raw(null);
  /** What one bar is. */
  unit: Plan["unit"] = $state("day");
  #generation = 0;

  /** Reads the figures anew. Where they cannot be read it stays empty: the list says what is wrong. */
  async read(narrowing: Narrowing, hours: { opens: number; closes: number }, now: Date): Promise<void> {
    const generation = (this.#generation += 1);
    const plan = planOf(narrowing, now);
    try {
      const volumes = await callsVolume(narrowing.anyDay(), plan.edges);
      if (generation !== this.#generation) return;
      this.unit = plan.unit;
      this.bars = barsOf(plan, volumes, hours.opens, hours.closes);
    } catch {
      if (generation === this.#generation) this.bars = null;
    }
  }
}
