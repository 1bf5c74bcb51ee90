/** A message being written, and how it outlives the view and the window: on this computer, as a draft, without secrets. */
import type { AttachedFile } from "../../bridge/types/AttachedFile";
import type { DestinationKind } from "../../bridge/types/DestinationKind";
import type { Origin } from "../../composing.svelte";
import type { Values } from "./fields";
import { isAttached } from "./file-keeping";

/** Why somebody is among the recipients. */
export type Reason = "typed" | "picked" | "pasted" | "again" | "test" | { asked: string };

/** Somebody or some room that was chosen or typed. */
export interface Target {
  connection: string;
  kind: DestinationKind;
  address: string;
  /** The name on screen; the address where it was typed. */
  name: string;
  /** Whether the system's own list knows it; a typed one cannot be checked before sending. */
  isKnown: boolean;
  reason: Reason;
  /** Members of a room, where its system says how many. */
  members?: number | undefined;
}

/** Everything that a person put into the composer. */
export interface Written {
  /** The id that makes two presses one message. */
  id: string;
  /** The one connection that is searched and that typed addresses go through; empty for all. */
  through: string;
  to: Target[];
  mentions: Target[];
  text: string;
  sealed: boolean;
  attachments: string;
  /** The file that goes with it, where a system takes one. */
  file: AttachedFile | null;
  alias: string;
  emoji: string;
  avatar: string;
  /** What stands for the fields of the text. */
  values: Values;
  /** The call or booking that it is about. */
  origin: Origin | null;
  /** When it shall leave, by the computer's clock as a field for date and time has it; empty for at once. */
  later: string;
  /** Whether it waits where its systems cannot be reached, and leaves once they can be. */
  whenConnected: boolean;
  /** When it was changed last, as an instant; empty where nothing was. */
  changedAt: string;
}

const KEEP = "frontdesk.composer.draft";

/** Nothing written yet. */
export const blank = (): Written => ({
  id: "",
  through: "",
  to: [],
  mentions: [],
  text: "",
  sealed: false,
  attachments: "",
  file: null,
  alias: "",
  emoji: "",
  avatar: "",
  values: {},
  origin: null,
  later: "",
  whenConnected: false,
  changedAt: "",
});

/** Whether there is nothing in it that could be lost. */
export const isEmpty = (it: Written): boolean =>
  it.text.trim() === "" && it.attachments.trim() === "" && it.file === null && it.to.length === 0;

const isObject = (it: unknown): it is Record<string, unknown> =>
  typeof it === "object" && it !== null && !Array.isArray(it);

function isTarget(it: unknown): it is Target {
  return (
    isObject(it) &&
    [it["connection"], it["address"], it["name"]].every((word) => typeof word === "string") &&
    (it["kind"] === "person" || it["kind"] === "room") &&
    typeof it["isKnown"] === "boolean" &&
    it["reason"] !== undefined
  );
}

/** A kept draft, as far as it is one; of a form that this version does not know only the text is taken. */
export function readDraft(kept: unknown): Written {
  const it = blank();
  if (!isObject(kept)) return it;
  const words = (key: string): string => (typeof kept[key] === "string" ? kept[key] : "");
  const targets = (key: string): Target[] => (Array.isArray(kept[key]) ? kept[key].filter(isTarget) : []);
  return {
    ...it,
    id: words("id"),
    through: words("through"),
    to: targets("to"),
    mentions: targets("mentions"),
    text: words("text"),
    sealed: kept["sealed"] === true,
    attachments: words("attachments"),
    file: isAttached(kept["file"]) ? kept["file"] : null,
    alias: words("alias"),
    emoji: words("emoji"),
    avatar: words("avatar"),
    values: isObject(kept["values"])
      ? Object.fromEntries(
          Object.entries(kept["values"]).filter((pair): pair is [string, string] => typeof pair[1] === "string"),
        )
      : {},
    origin: isObject(kept["origin"]) ? (kept["origin"] as unknown as Origin) : null,
    later: words("later"),
    whenConnected: kept["whenConnected"] === true,
    changedAt: words("changedAt"),
  };
}

/** The draft as it was left; a blank one where there is none or it cannot be read. */
export function recall(storage: Pick<Storage, "getItem">): Written {
  try {
    return readDraft(JSON.parse(storage.getItem(KEEP) ?? "{}"));
  } catch {
    return blank();
  }
}

/** Keeps the draft; `false` where it is too long to be kept. */
export function remember(storage: Pick<Storage, "setItem">, written: Written): boolean {
  try {
    storage.setItem(KEEP, JSON.stringify(written));
    return true;
  } catch {
    return false;
  }
}

/** What makes two recipients the same one. */
export const keyOf = (it: Pick<Target, "connection" | "kind" | "address">): string =>
  `${it.connection} ${it.kind} ${it.address.toLowerCase()}`;

/** The list with these added: nobody twice, and who turns out to be known takes the place of what was typed. */
export function withTargets(list: readonly Target[], more: readonly Target[]): Target[] {
  const result = [...list];
  for (const target of more) {
    const typed = [keyOf(target), keyOf({ ...target, address: target.name })];
    const at = result.findIndex((it) => typed.includes(keyOf(it)));
    if (at === -1) result.push(target);
    else if (target.isKnown && result[at]?.isKnown === false) result[at] = { ...target, reason: result[at].reason };
  }
  return result;
}
