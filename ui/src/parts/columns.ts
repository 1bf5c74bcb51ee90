/** What a table is told of its rows and columns. */
import type { Snippet } from "svelte";

/** One column. */
export interface Column {
  id: string;
  name: string;
  /** Its grid track, such as `44px` or `minmax(0, 1fr)`. */
  width: string;
  /** What its name means, shown beside the pointer. */
  title?: string;
  /** Whether its name is only read out. */
  isNameHidden?: boolean;
  /** Stands for its name, which is then read out. */
  mark?: { shape: "square" | "circle" | "triangle" | "diamond"; name: string };
  /** Whether its figures stand at the right. */
  isEnd?: boolean;
  /** Whether the table is sorted by it. */
  sort?: "ascending" | "descending";
  /** Whether it folds away below 900 px. */
  isFoldable?: boolean;
}

/** What stands in a cell that is nothing but words. */
export interface Words {
  text: string;
  /** Classes of every view, such as `ink2`. */
  class: string;
  /** All of it, where the cell may cut it. */
  title?: string | undefined;
  lang?: string | undefined;
}

/** What a table of rows is made of. */
export interface TableProps<T> {
  /** What it lists, read out. */
  label: string;
  columns: Column[];
  total: number;
  /** The row at a place, if it has come. */
  row: (index: number) => T | undefined;
  /** The name of a row as it is read out. */
  nameOf: (row: T) => string;
  /** What stands in a cell that is nothing but words; `undefined` for every other. */
  plain?: (row: T, column: string) => Words | undefined;
  /** The content of one cell. */
  cell: Snippet<[T, string]>;
  /** The current row. */
  active: number;
  /** A person moved to a row. */
  onmove: (index: number) => void;
  /** A person opened a row. */
  onopen: (index: number) => void;
  /** These rows are in sight. */
  onseen: (first: number, last: number) => void;
  /** How a row is tinted because it happens now, waits for a decision, comes, goes or changes. */
  tint?: (row: T) => "live" | "doubtful" | "added" | "removed" | "changed" | undefined;
  /** Other keys of the current row. */
  onrowkey?: (event: KeyboardEvent) => void;
  /** Height of a row in pixels. */
  rowHeight?: number;
  /** Whether the total is a guess because nothing has come yet. */
  isTotalUnknown?: boolean;
  /** Whether a stronger line stands above a row. */
  isParted?: (index: number) => boolean;
  /** A line that stays under the head; not part of the table. */
  group?: Snippet;
  /** A person made a column as wide, in CSS pixels; `null` for its usual width. Left out, widths are fixed. */
  onresize?: (column: string, width: number | null) => void;
}
