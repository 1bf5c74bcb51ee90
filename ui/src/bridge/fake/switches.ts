/** What the address asks of the fixtures: `?fake=full|empty|loading|broken|opening|unread&lang=ja&theme=dark&view=calls&demo=1&rebuilt=1&quiet=1&bulk=done`. */
import type { Problem } from "../types/Problem";
import type { Code } from "../types/Code";
import type { Reason } from "../types/Reason";

const asked = new URLSearchParams(window.location.search);

/** How the fixtures behave. */
export const mode =
  (["empty", "loading", "broken", "opening", "unread"] as const).find((it) => it === asked.get("fake")) ?? "full";
export const lang = asked.get("lang") ?? "";
export const theme = asked.get("theme") ?? "";
export const view = asked.get("view") ?? "";
export const isRebuilt = asked.get("rebuilt") === "1";
/** Whether somebody changed the log of writes. */
export const isBroken = asked.get("log") === "broken";
/** Whether nothing rings. */
export const isQuiet = asked.get("quiet") === "1";
/** How the one plan of many messages stands: it is being sent where nothing else is asked for. */
export const bulkStands = (["none", "interrupted", "partly", "done"] as const).find((it) => it === asked.get("bulk"));
export const isDemo = asked.get("demo") === "1";

if (view !== "" && view !== "welcome" && window.location.hash === "") window.location.hash = `/${view}`;

/** A failure as the program would send it. */
export function problem(code: Code, reason: Reason, words = "", wait: number | null = null): Problem {
  return { code, reason, words, message: `${reason} ${words}`.trim(), wait_seconds: wait };
}

/** An instant of today or of an earlier day, in the computer's zone. */
export function at(clock: string, daysAgo = 0): string {
  const now = new Date();
  const [hours = 0, minutes = 0, seconds = 0] = clock.split(":").map(Number);
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() - daysAgo, hours, minutes, seconds).toISOString();
}
