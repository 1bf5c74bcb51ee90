/** A failure as it arrives from a command. */
import type { Problem } from "./types/Problem";

/** The problem in a rejected promise; anything else that was thrown becomes a surprise with its words. */
export function problemOf(thrown: unknown): Problem {
  if (typeof thrown === "object" && thrown !== null && "code" in thrown && "reason" in thrown) return thrown as Problem;
  const words = thrown instanceof Error ? thrown.message : String(thrown);
  return { code: "surprise", reason: "unreadable", words, message: words, wait_seconds: null };
}
