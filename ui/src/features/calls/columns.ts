/** The columns of the list: which there are, how wide they usually are, and how a person arranged them. */
import type { ColumnChoice } from "../../bridge/types/ColumnChoice";
import { m } from "../../i18n";
import type { Column } from "../../parts/columns";

/** Columns in their usual order. */
const usual = ["time", "outcome", "system", "caller", "number", "line", "spoke", "length", "note"] as const;
type ColumnId = (typeof usual)[number];

/** Narrowest and widest that a column can be made, in CSS pixels. */
export const NARROWEST = 16;
export const WIDEST = 600;

const isColumn = (id: string): id is ColumnId => (usual as readonly string[]).includes(id);
/** Without these a row does not say which call it is. */
export const isAlwaysShown = (id: string): boolean => id === "time" || id === "caller";

function columnOf(id: ColumnId): Column {
  switch (id) {
    case "time":
      return { id, name: m.calls_time(), width: "76px", sort: "descending" };
    case "outcome":
      return { id, name: m.calls_outcome(), width: "16px", isNameHidden: true };
    case "system":
      return { id, name: m.calls_system(), width: "24px", isNameHidden: true };
    case "caller":
      return { id, name: m.calls_caller(), width: "minmax(0, 1.62fr)" };
    case "number":
      return { id, name: m.calls_number(), width: "118px" };
    case "line":
      return { id, name: m.calls_line(), width: "66px", isFoldable: true };
    case "spoke":
      return { id, name: m.calls_spoke(), width: "78px" };
    case "length":
      return { id, name: m.calls_length(), width: "44px", isEnd: true, isFoldable: true };
    case "note":
      return { id, name: m.calls_note(), width: "minmax(0, 1fr)", isFoldable: true };
    default:
      return id satisfies never;
  }
}

/** The name of a column. */
export const columnName = (id: string): string => (isColumn(id) ? columnOf(id).name : id);

/** Every column once, in the order that the person wants; what the settings do not know stands at its usual place. */
export function arranged(choices: readonly ColumnChoice[]): ColumnChoice[] {
  const known: ColumnChoice[] = [];
  for (const it of choices)
    if (isColumn(it.id) && !known.some((other) => other.id === it.id))
      known.push({ ...it, is_shown: it.is_shown || isAlwaysShown(it.id) });
  usual.forEach((id, index) => {
    if (known.some((it) => it.id === id)) return;
    const before = usual.slice(0, index).findLast((it) => known.some((other) => other.id === it));
    const at = before === undefined ? 0 : known.findIndex((it) => it.id === before) + 1;
    known.splice(at, 0, { id, is_shown: true, width: null });
  });
  return known;
}

/** The columns as the table takes them. */
export function columnsOf(choices: readonly ColumnChoice[]): Column[] {
  return arranged(choices).flatMap(({ id, is_shown, width }) => {
    if (!is_shown || !isColumn(id)) return [];
    const column = columnOf(id);
    return width === null ? column : { ...column, width: `${width}px` };
  });
}

/** Another width, or the usual one. */
export function sized(choices: readonly ColumnChoice[], id: string, width: number | null): ColumnChoice[] {
  const fit = width === null ? null : Math.round(Math.max(NARROWEST, Math.min(WIDEST, width)));
  return arranged(choices).map((it) => (it.id === id ? { ...it, width: fit } : it));
}

/** Shown or not. */
export function shown(choices: readonly ColumnChoice[], id: string, is_shown: boolean): ColumnChoice[] {
  return arranged(choices).map((it) => (it.id === id ? { ...it, is_shown: is_shown || isAlwaysShown(id) } : it));
}

/** One place up (-1) or down (1). */
export function moved(choices: readonly ColumnChoice[], id: string, by: -1 | 1): ColumnChoice[] {
  const all = arranged(choices);
  const at = all.findIndex((it) => it.id === id);
  const [column] = all.slice(at, at + 1);
  const to = at + by;
  if (!column || to < 0 || to >= all.length) return all;
  all.splice(at, 1);
  all.splice(to, 0, column);
  return all;
}
