/** An edit of a room that is not saved yet, and where it waits while the window is closed. */
import type { ChatRoom } from "../../bridge/types/ChatRoom";

/** What a room is to be. */
export interface Staged {
  room: ChatRoom;
  /** The record into which the fields are put, where it is another than the kept one; JSON text, so that no number is touched. */
  base: string | null;
}

const KEEP = "frontdesk.chat-rooms.edits";

/** What was changed and not saved before the window was closed. */
export function readStaged(): [string, Staged][] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEEP) ?? "[]");
    if (!Array.isArray(kept)) return [];
    // Former versions of the program kept the fields alone.
    return (kept as [string, Staged | ChatRoom][]).map(([key, it]) => [
      key,
      "room" in it ? it : { room: it, base: null },
    ]);
  } catch {
    return [];
  }
}

/** Keeps what is changed now. */
export function keepStaged(edits: Iterable<[string, Staged]>): void {
  localStorage.setItem(KEEP, JSON.stringify([...edits]));
}
