/** Attachment cards: read from their JSON, checked, and changed in it without touching what the editor does not know. */
import { member, NotJson, readJson, scalar, textOf, withMember, writeJson, type Json } from "./json-text";

/** A row of a card. */
export interface CardField {
  title: string;
  value: string;
  /** Whether it takes half the width. */
  isShort: boolean;
}

/** The parts of a card that are texts, by their names on the wire. */
export const TEXTS = [
  "title",
  "title_link",
  "text",
  "color",
  "image_url",
  "thumb_url",
  "author_name",
  "author_link",
  "author_icon",
] as const;
export type CardText = (typeof TEXTS)[number];

/** One attachment card as the editor and the preview know it. */
export interface Card extends Record<CardText, string> {
  isFolded: boolean;
  fields: CardField[];
}

/** Why cards cannot be sent; `line` is counted from 1, and so is the card `at`. */
export type CardFault =
  | { kind: "not_json"; line: number; sign: string }
  | { kind: "not_a_list"; line: number }
  | { kind: "not_a_card"; line: number; at: number }
  | { kind: "bad_value"; line: number; at: number; key: string }
  | { kind: "bad_address"; line: number; at: number; key: string }
  | { kind: "half_field"; line: number; at: number };

/** What was read. */
export interface Cards {
  cards: Card[];
  fault: CardFault | null;
}

const ADDRESSES = ["title_link", "image_url", "thumb_url", "author_link", "author_icon"] as const;

/** Whether an address is one of the web; nothing else is ever put into a message. */
export function isWebAddress(text: string): boolean {
  if (!/^https?:\/\//i.test(text)) return false;
  try {
    return new URL(text).hostname !== "";
  } catch {
    return false;
  }
}

const isTrue = (value: Json | undefined): boolean => value?.kind === "scalar" && value.raw === "true";
const isText = (value: Json): boolean => value.kind === "scalar" && (value.raw.startsWith('"') || value.raw === "null");
const isTruth = (value: Json): boolean => value.kind === "scalar" && ["true", "false"].includes(value.raw);

const fieldsOf = (entry: Json): Json[] => {
  const fields = member(entry, "fields");
  return fields?.kind === "array" ? fields.items : [];
};

function cardOf(entry: Json): Card {
  const texts = Object.fromEntries(TEXTS.map((key) => [key, textOf(member(entry, key))])) as Record<CardText, string>;
  const fields = fieldsOf(entry).map((it) => ({
    title: textOf(member(it, "title")),
    value: textOf(member(it, "value")),
    isShort: isTrue(member(it, "short")),
  }));
  return { ...texts, isFolded: isTrue(member(entry, "collapsed")), fields };
}

function faultOf(entry: Json, at: number): CardFault | null {
  if (entry.kind !== "object") return { kind: "not_a_card", line: entry.line, at };
  for (const key of TEXTS) {
    const value = member(entry, key);
    if (!value) continue;
    if (!isText(value)) return { kind: "bad_value", line: value.line, at, key };
    const text = textOf(value);
    if ((ADDRESSES as readonly string[]).includes(key) && text !== "" && !isWebAddress(text))
      return { kind: "bad_address", line: value.line, at, key };
  }
  const folded = member(entry, "collapsed");
  if (folded && !isTruth(folded)) return { kind: "bad_value", line: folded.line, at, key: "collapsed" };
  const fields = member(entry, "fields");
  if (fields && fields.kind !== "array") return { kind: "bad_value", line: fields.line, at, key: "fields" };
  for (const field of fieldsOf(entry)) {
    const isWhole = ["title", "value"].every((key) => textOf(member(field, key)).trim() !== "");
    if (!isWhole) return { kind: "half_field", line: field.line, at };
    const short = member(field, "short");
    if (short && !isTruth(short)) return { kind: "bad_value", line: short.line, at, key: "short" };
  }
  return null;
}

function entriesOf(text: string): { entries: Json[]; fault: CardFault | null } {
  if (text.trim() === "") return { entries: [], fault: null };
  try {
    const value = readJson(text);
    if (value.kind !== "array") return { entries: [], fault: { kind: "not_a_list", line: value.line } };
    return { entries: value.items, fault: null };
  } catch (error) {
    if (!(error instanceof NotJson)) throw error;
    return { entries: [], fault: { kind: "not_json", line: error.line, sign: error.sign } };
  }
}

/** Reads attachment cards: an array of objects. Empty text means none. Cards are there also where one of them has a fault. */
export function readCards(text: string): Cards {
  const { entries, fault } = entriesOf(text);
  if (fault) return { cards: [], fault };
  const faults = entries.map((it, index) => faultOf(it, index + 1));
  const isReadable = entries.every((it) => it.kind === "object");
  return { cards: isReadable ? entries.map(cardOf) : [], fault: faults.find((it) => it !== null) ?? null };
}

function changed(text: string, change: (entries: Json[]) => Json[]): string {
  const { entries, fault } = entriesOf(text);
  if (fault) return text;
  const items = change(entries);
  return items.length === 0 ? "" : writeJson({ kind: "array", line: 0, items });
}

/** With a new card at the end. */
export const withCard = (text: string, color: string): string =>
  changed(text, (all) => [
    ...all,
    {
      kind: "object",
      line: 0,
      members: [
        ["title", scalar("")],
        ["color", scalar(color)],
      ],
    },
  ]);

/** Without a card. */
export const withoutCard = (text: string, at: number): string => changed(text, (all) => all.filter((_, i) => i !== at));

/** With a card one place further up or down. */
export const withMoved = (text: string, at: number, step: 1 | -1): string =>
  changed(text, (all) => {
    const [one, other] = [all[at], all[at + step]];
    return one && other ? all.with(at, other).with(at + step, one) : all;
  });

/** With a part of a card; an empty one is taken out, but for the title, which every card begins with. */
export function withText(text: string, at: number, key: CardText, value: string): string {
  const to = value === "" && key !== "title" ? null : scalar(value);
  return changed(text, (all) => all.map((it, i) => (i === at ? withMember(it, key, to) : it)));
}

/** With a card that starts folded, or does not. */
export const withFolded = (text: string, at: number, isFolded: boolean): string =>
  changed(text, (all) =>
    all.map((it, i) => (i === at ? withMember(it, "collapsed", isFolded ? scalar(true) : null) : it)),
  );

/** With other fields; what else a field carries stays with it, by its place. */
export function withFields(text: string, at: number, fields: readonly CardField[], from: readonly number[]): string {
  return changed(text, (all) =>
    all.map((it, i) => {
      if (i !== at) return it;
      const before = fieldsOf(it);
      const items = fields.map((field, place) => {
        const base: Json = before[from[place] ?? -1] ?? { kind: "object", line: 0, members: [] };
        const named = withMember(withMember(base, "title", scalar(field.title)), "value", scalar(field.value));
        const hadShort = member(base, "short") !== undefined;
        return withMember(named, "short", field.isShort ? scalar(true) : hadShort ? scalar(false) : null);
      });
      return withMember(it, "fields", items.length === 0 ? null : { kind: "array", line: 0, items });
    }),
  );
}
