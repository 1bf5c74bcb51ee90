/** Which face the rooms show: themselves, or why they cannot. */
import type { ConnectionView } from "../../bridge/types/ConnectionView";
import type { Problem } from "../../bridge/types/Problem";

/** What is known of the rooms; null until the cache answered. */
export type Asked = {
  /** How many there are. */
  rooms: number;
  /** How many of them pass the filters. */
  shown: number;
  /** Whether anything of these days was read. */
  isRead: boolean;
} | null;

/** What is shown. */
export type Face = "loading" | "broken" | "unconnected" | "silent" | "empty" | "unread" | "nomatch" | "full";

/** Why a system with rooms does not answer, if one does not. */
export function silence(sources: readonly ConnectionView[]): Problem | null {
  return sources.find((it) => it.problem !== null)?.problem ?? null;
}

/** Which face is shown. */
export function faceOf(asked: Asked, problem: Problem | null, sources: readonly ConnectionView[]): Face {
  if (!asked) return problem ? "broken" : "loading";
  if (asked.rooms === 0 && silence(sources)) return "silent";
  if (asked.rooms === 0) return sources.length === 0 ? "unconnected" : "empty";
  if (!asked.isRead) return "unread";
  return asked.shown === 0 ? "nomatch" : "full";
}
