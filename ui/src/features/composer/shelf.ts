/** The last drafts that were put aside unsent, on this computer: the newest first. */
import { isEmpty, readDraft, type Written } from "./draft";

const KEEP = "frontdesk.composer.shelf";
/** How many are kept. */
const MOST = 5;

/** Every draft that was put aside. */
export function shelved(storage: Pick<Storage, "getItem">): Written[] {
  try {
    const kept: unknown = JSON.parse(storage.getItem(KEEP) ?? "[]");
    return Array.isArray(kept) ? kept.map(readDraft).filter((it) => !isEmpty(it)) : [];
  } catch {
    return [];
  }
}

/** Puts a draft aside; one without anything in it is not kept, and the same text only once. */
export function shelve(storage: Pick<Storage, "getItem" | "setItem">, written: Written): void {
  if (isEmpty(written)) return;
  const others = shelved(storage).filter((it) => it.text !== written.text || it.attachments !== written.attachments);
  try {
    storage.setItem(KEEP, JSON.stringify([written, ...others].slice(0, MOST)));
  } catch {
    // One that is too long to be kept takes no place from the others.
  }
}

/** Takes a draft off. */
export function unshelve(storage: Pick<Storage, "getItem" | "setItem">, written: Written): void {
  const left = shelved(storage).filter((it) => it.id !== written.id || it.changedAt !== written.changedAt);
  storage.setItem(KEEP, JSON.stringify(left));
}
