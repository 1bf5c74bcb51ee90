/** What the composer checks and counts before anything leaves: lengths, and how long sending takes. */

/** Length as the systems count it, in UTF-16 units: never less than what a person would count. */
export function lengthOf(text: string): number {
  return text.length;
}

/** How full a limit is: share in percent, at most 100, and whether it is near or over. */
export interface Fill {
  percent: number;
  level: "ok" | "warn" | "bad";
}

/** How full a limit is; where there is none, it is never full. */
export function fill(length: number, limit: number | null): Fill {
  if (limit === null) return { percent: 0, level: "ok" };
  const percent = Math.min(100, (length / limit) * 100);
  if (length > limit) return { percent, level: "bad" };
  return { percent, level: percent >= 90 ? "warn" : "ok" };
}

/** What one request takes where nothing holds it back, in seconds. */
const ONE = 0.25;

/** About how long messages take: systems work side by side, each at its own pace. In whole seconds, at least one. */
export function secondsFor(lanes: readonly { count: number; perMinute: number | null }[]): number {
  const seconds = lanes.map(({ count, perMinute }) => {
    const minutes = perMinute === null ? 0 : Math.floor((count - 1) / perMinute);
    return minutes * 60 + (count - minutes * (perMinute ?? 0)) * ONE;
  });
  return Math.max(1, Math.ceil(Math.max(0, ...seconds)));
}
