/** A row as text for a person: fields taken apart without any number going through one of JavaScript's. */
import type { Raw } from "../../bridge/types/Raw";
import type { RecordRow } from "../../bridge/types/RecordRow";
import { fieldsOf, type RawField } from "../../format/raw-fields";

/** The one member of the object that stands for a secret value. */
const PLACEHOLDER = '{"$secret":';

/** Whether a value only says that there is a secret one. */
export const isHidden = (value: Raw): boolean => value.startsWith(PLACEHOLDER);

/** What a value reads like: a text without its quotation marks, nothing for `null`, dots for a secret, else its JSON text. */
export function text(value: Raw | null): string {
  if (value === null || value === "null") return "";
  if (isHidden(value)) return "••••••";
  return value.startsWith('"') ? (JSON.parse(value) as string) : value;
}

/** The fields of a row; none where it is no object. */
export function fields(row: Raw): RawField[] {
  try {
    return fieldsOf(row);
  } catch {
    return [];
  }
}

/** What a row is known by on screen, whether it is there or only staged. */
export const idOf = (row: RecordRow): string => row.key ?? row.staged?.id ?? "";

/** The first values of a row in one line. */
export function summary(values: readonly (Raw | null)[]): string {
  return values
    .filter((it) => it === null || !isHidden(it))
    .map(text)
    .filter((it) => it !== "")
    .slice(0, 5)
    .join(" · ");
}
