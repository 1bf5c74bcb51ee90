/** Geometry of a grid of days: widths of its columns, and which of them are on screen. */

/** A column of the grid. */
export interface DayColumn {
  key: string;
  /** Over the date. */
  name: string;
  date: string;
  /** The whole date, for the tooltip. */
  hint: string;
  /** Whether it is folded to a narrow hatch, which the keyboard passes over. */
  isFolded: boolean;
  /** Whether it is today. */
  isNow: boolean;
  /** Whether rooms are closed on it. */
  isClosed: boolean;
}

/** A cell by row and column, both from 0. */
export interface DayCell {
  row: number;
  column: number;
}

/** What a cell shows and is called. */
export interface DayFace {
  name: string;
  /** How strong its ground is, from 0 to 5; null where it says nothing. */
  tone: number | null;
  /** Whether it bears a mark in its corner. */
  isMarked: boolean;
  /** For the eye; null where it is drawn. */
  text: string | null;
}

/** A cell of which nothing is known. */
export const BLANK: DayFace = { name: "", tone: null, isMarked: false, text: "" };

/** Width of a folded column. */
export const FOLDED = 4;

/** Left edge of every column and, last, of the end: folded ones are narrow, the others share what is left, at least `least` wide. */
export function columnEdges(columns: readonly { isFolded: boolean }[], width: number, least: number): number[] {
  const folded = columns.filter((it) => it.isFolded).length;
  const open = columns.length - folded;
  const each = open === 0 ? 0 : Math.max(least, Math.floor((width - folded * FOLDED) / open));
  const edges = [0];
  for (const it of columns) edges.push((edges.at(-1) ?? 0) + (it.isFolded ? FOLDED : each));
  return edges;
}

/** The next column in a direction that is not folded; the same one where there is none. */
export function nextColumn(columns: readonly { isFolded: boolean }[], from: number, step: 1 | -1): number {
  for (let at = from + step; at >= 0 && at < columns.length; at += step) if (!columns[at]?.isFolded) return at;
  return from;
}

/** The first column, or the last one, that is not folded. */
export function endColumn(columns: readonly { isFolded: boolean }[], end: "first" | "last"): number {
  return end === "first" ? nextColumn(columns, -1, 1) : nextColumn(columns, columns.length, -1);
}

/** Columns to draw: those between two places in pixels, one more on each side; `last` exclusive. */
export function columnsOnScreen(
  edges: readonly number[],
  screen: { left: number; width: number },
): { first: number; last: number } {
  const count = edges.length - 1;
  let first = 0;
  while (first < count && (edges[first + 1] ?? 0) <= screen.left) first += 1;
  let last = first;
  while (last < count && (edges[last] ?? 0) < screen.left + screen.width) last += 1;
  return { first: Math.max(0, first - 1), last: Math.min(count, last + 1) };
}
