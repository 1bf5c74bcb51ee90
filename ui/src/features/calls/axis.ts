/** The time axis on which the steps of a call are drawn. */
import type { Leg } from "../../bridge/types/Leg";

/** A step on the axis: where it begins and how long it is, in parts of the whole. */
export interface Step {
  leg: Leg;
  left: number;
  width: number;
  /** A menu or other machine, a telephone that was not taken, a conversation, or a wait such as a queue. */
  look: "machine" | "untaken" | "talk" | "wait";
}

/** The steps of a call on one axis; nothing where the system tells no times. `people` are the names of colleagues. */
export function axis(
  legs: readonly Leg[],
  people: readonly string[] = [],
): { steps: Step[]; start: number; seconds: number } | null {
  const timed = legs.flatMap((leg) => {
    if (leg.started_at === null) return [];
    const at = Date.parse(leg.started_at);
    return [{ leg, at, end: at + (leg.duration_seconds ?? 0) * 1000 }];
  });
  if (timed.length === 0 || timed.length !== legs.length) return null;
  const start = Math.min(...timed.map((it) => it.at));
  const whole = Math.max(1000, Math.max(...timed.map((it) => it.end)) - start);
  // A queue is no colleague, and others rang while it lasted.
  const isQueue = (it: (typeof timed)[number]): boolean =>
    !people.includes(it.leg.name) &&
    timed.some((other) => other.at >= it.at && other.end <= it.end && other.end - other.at < it.end - it.at);
  const steps = timed.map((it): Step => {
    const left = (it.at - start) / whole;
    const width = Math.min(1 - left, (it.end - it.at) / whole);
    const drawn = look(it.leg);
    return { leg: it.leg, left, width, look: drawn === "untaken" && isQueue(it) ? "wait" : drawn };
  });
  return { steps, start, seconds: Math.round(whole / 1000) };
}

/** What stands under the axis: its beginning, middle and end, as instants; no middle where it is very short. */
export function scale(start: number, seconds: number): number[] {
  const end = start + seconds * 1000;
  return seconds < 4 ? [start, end] : [start, start + Math.round(seconds / 2) * 1000, end];
}

/** `:26` in the minute of the first label, `10:32:05` after it. */
export function scaleLabel(at: number, start: number, withSeconds: (iso: string) => string): string {
  const full = withSeconds(new Date(at).toISOString());
  const first = withSeconds(new Date(start).toISOString());
  return at !== start && full.slice(0, -3) === first.slice(0, -3) ? full.slice(-3) : full;
}

function look(leg: Leg): Step["look"] {
  if (leg.outcome === "missed" || leg.outcome === "refused" || leg.outcome === "failed") return "untaken";
  if (leg.is_master) return "machine";
  return leg.outcome === "answered" || leg.outcome === "voicemail" ? "talk" : "wait";
}
