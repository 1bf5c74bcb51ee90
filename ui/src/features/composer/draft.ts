/** A message being written, and how it outlives the view and the window: on this computer, as a draft, without secrets. */
import type { DestinationKind } from "../../bridge/types/DestinationKind";

/** Somebody or some room that was chosen or typed. */
export interface Target {
  address: string;
  /** The name on screen; the address where it was typed. */
  name: string;
  /** Whether the system's own list knows it; a typed one cannot be checked before sending. */
  isKnown: boolean;
}

/** Everything that a person put into the composer. */
export interface Written {
  /** The id that makes two presses one message. */
  id: string;
  connection: string;
  kind: DestinationKind;
  people: Target[];
  room: Target | null;
  mentions: Target[];
  text: string;
  sealed: boolean;
  attachments: string;
  alias: string;
  emoji: string;
  avatar: string;
}

const KEEP = "frontdesk.composer.draft";

/** Nothing written yet. */
export const blank = (): Written => ({
  id: "",
  connection: "",
  kind: "person",
  people: [],
  room: null,
  mentions: [],
  text: "",
  sealed: false,
  attachments: "",
  alias: "",
  emoji: "",
  avatar: "",
});

/** The draft as it was left; a blank one where there is none or it cannot be read. */
export function recall(storage: Pick<Storage, "getItem">): Written {
  try {
    const kept: unknown = JSON.parse(storage.getItem(KEEP) ?? "{}");
    return typeof kept === "object" && kept !== null ? { ...blank(), ...(kept as Partial<Written>) } : blank();
  } catch {
    return blank();
  }
}

/** Keeps the draft. */
export function remember(storage: Pick<Storage, "setItem">, written: Written): void {
  storage.setItem(KEEP, JSON.stringify(written));
}

/** The list with these added: nobody twice, and who turns out to be known takes the place of what was typed. */
export function withTargets(list: readonly Target[], more: readonly Target[]): Target[] {
  const result = [...list];
  for (const target of more) {
    const words = [target.address.toLowerCase(), target.name.toLowerCase()];
    const at = result.findIndex((it) => words.includes(it.address.toLowerCase()));
    if (at === -1) result.push(target);
    else if (target.isKnown && result[at]?.isKnown === false) result[at] = target;
  }
  return result;
}
