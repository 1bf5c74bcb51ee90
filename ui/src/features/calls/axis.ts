/** The time axis on which the steps of a call are drawn. */
import type { Leg } from "../../bridge/types/Leg";

/** A step on the axis: where it begins and how long it is, in parts of the whole. */
export interface Step {
  leg: Leg;
  left: number;
  width: number;
  /** A menu or other machine, a telephone that was not taken, a conversation, or a wait. */
  look: "machine" | "untaken" | "talk" | "wait";
}

/** The steps of a call on one axis; nothing where the system tells no times. */
export function axis(legs: readonly Leg[]): { steps: Step[]; start: number; seconds: number } | null {
  const timed = legs.flatMap((leg) => (leg.started_at === null ? [] : [{ leg, at: Date.parse(leg.started_at) }]));
  if (timed.length === 0 || timed.length !== legs.length) return null;
  const start = Math.min(...timed.map((it) => it.at));
  const end = Math.max(...timed.map((it) => it.at + (it.leg.duration_seconds ?? 0) * 1000));
  const whole = Math.max(1000, end - start);
  const steps = timed.map(({ leg, at }): Step => {
    const left = (at - start) / whole;
    return { leg, left, width: Math.min(1 - left, ((leg.duration_seconds ?? 0) * 1000) / whole), look: look(leg) };
  });
  return { steps, start, seconds: Math.round(whole / 1000) };
}

function look(leg: Leg): Step["look"] {
  if (leg.outcome === "missed" || leg.outcome === "refused" || leg.outcome === "failed") return "untaken";
  if (leg.is_master) return "machine";
  return leg.outcome === "answered" || leg.outcome === "voicemail" ? "talk" : "wait";
}
