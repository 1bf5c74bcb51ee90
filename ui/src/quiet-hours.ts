/** The hours in which what is sent waits for their end. */
import type { QuietHours } from "./bridge/types/QuietHours";

/** The end of the quiet hours that a moment lies in, by the computer's clock; `null` where it lies in none. */
export function quietEnd(quiet: QuietHours | null, now: Date): Date | null {
  if (!quiet) return null;
  const { from, to } = quiet;
  const hour = now.getHours();
  const isQuiet = from < to ? hour >= from && hour < to : hour >= from || hour < to;
  if (!isQuiet) return null;
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + (hour < to ? 0 : 1), to);
}
