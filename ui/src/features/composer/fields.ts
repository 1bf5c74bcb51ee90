/** Fields in a text, such as `{{caller}}`: which there are, which are empty, and the text with their values in place. */

/** The fields that a call, a booking or the settings can fill. */
export const FIELDS = ["caller", "customer", "number", "time", "line", "note", "room", "until", "me"] as const;
export type FieldName = (typeof FIELDS)[number];

/** Values by the names of fields; a missing one is empty. */
export type Values = Readonly<Record<string, string>>;

/** Values of fields that no call or booking fills: those that a person gave names of their own. */
export const ownValues = (values: Values): Record<string, string> =>
  Object.fromEntries(Object.entries(values).filter(([name]) => !(FIELDS as readonly string[]).includes(name)));

const FIELD = /\{\{\s*([\p{L}\p{N}_]+)\s*\}\}/gu;

/** A piece of a text: words, or a field by its name. */
export interface Piece {
  text: string;
  field: string | null;
}

/** The text in pieces; put together they are the text. */
export function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const found of text.matchAll(FIELD)) {
    if (found.index > at) pieces.push({ text: text.slice(at, found.index), field: null });
    pieces.push({ text: found[0], field: found[1] ?? "" });
    at = found.index + found[0].length;
  }
  if (at < text.length) pieces.push({ text: text.slice(at), field: null });
  return pieces;
}

/** The names of the fields of a text, each once, in order. */
export function fieldsIn(text: string): string[] {
  return [...new Set([...text.matchAll(FIELD)].map((it) => it[1] ?? ""))];
}

const valueOf = (values: Values, name: string): string =>
  Object.hasOwn(values, name) ? (values[name] ?? "").trim() : "";

/** The fields that have no value. */
export function emptyFields(text: string, values: Values): string[] {
  return fieldsIn(text).filter((name) => valueOf(values, name) === "");
}

/** The text as it leaves: values in place of fields, and without the lines of empty ones. */
export function filled(text: string, values: Values): string {
  // A long text without any field is not taken apart.
  if (!text.includes("{{")) return text;
  return text
    .split("\n")
    .filter((line) => emptyFields(line, values).length === 0)
    .map((line) => line.replaceAll(FIELD, (_, name: string) => valueOf(values, name)))
    .join("\n");
}

/** A text of JSON as it leaves: values in place of fields, written as JSON writes them; empty ones leave nothing behind. */
export const filledJson = (text: string, values: Values): string =>
  text.replaceAll(FIELD, (_, name: string) => JSON.stringify(valueOf(values, name)).slice(1, -1));
