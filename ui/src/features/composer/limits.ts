/** What the composer checks before anything leaves: lengths, addresses and attachment cards. */

/** From this many people on, a list is shown before sending. */
export const REVIEW_ABOVE = 20;

/** Length as the systems count it, in UTF-16 units: never less than what a person would count. */
export function lengthOf(text: string): number {
  return text.length;
}

/** How full a limit is: share in percent, at most 100, and whether it is near or over. */
export function fill(length: number, limit: number | null): { percent: number; level: "ok" | "warn" | "bad" } {
  if (limit === null) return { percent: 0, level: "ok" };
  const percent = Math.min(100, (length / limit) * 100);
  if (length > limit) return { percent, level: "bad" };
  return { percent, level: percent >= 90 ? "warn" : "ok" };
}

/** Addresses out of typed or pasted text, in order, each once without regard to case. */
export function addressesIn(text: string): string[] {
  return text
    .split(/[\s,;、；，]+/u)
    .map((it) => it.replace(/^[<("']+|[>)"']+$/gu, ""))
    .filter((it) => it !== "");
}

/** Why a text is no list of attachment cards; `at` is the number of the wrong entry, counted from 1. */
export type CardFault =
  { kind: "not_json"; words: string } | { kind: "not_a_list" } | { kind: "not_a_card"; at: number };

/** One attachment card as far as the preview shows it. */
export interface Card {
  title: string;
  text: string;
  color: string;
  fields: { title: string; value: string }[];
}

const isObject = (it: unknown): it is Record<string, unknown> =>
  typeof it === "object" && it !== null && !Array.isArray(it);
const textOf = (it: unknown): string => (typeof it === "string" || typeof it === "number" ? String(it) : "");

function cardOf(entry: Record<string, unknown>): Card {
  const fields = Array.isArray(entry["fields"]) ? entry["fields"].filter(isObject) : [];
  return {
    title: textOf(entry["title"]),
    text: textOf(entry["text"]),
    color: textOf(entry["color"]),
    fields: fields.map((it) => ({ title: textOf(it["title"]), value: textOf(it["value"]) })),
  };
}

/** Reads attachment cards: an array of objects. Empty text means none. */
export function cardsIn(text: string): { cards: Card[]; fault: CardFault | null } {
  if (text.trim() === "") return { cards: [], fault: null };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { cards: [], fault: { kind: "not_json", words: error instanceof Error ? error.message : "" } };
  }
  if (!Array.isArray(value)) return { cards: [], fault: { kind: "not_a_list" } };
  const wrong = value.findIndex((it) => !isObject(it));
  if (wrong !== -1) return { cards: [], fault: { kind: "not_a_card", at: wrong + 1 } };
  return { cards: value.filter(isObject).map(cardOf), fault: null };
}
