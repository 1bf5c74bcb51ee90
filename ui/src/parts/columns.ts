/** What a table is told of its columns. */

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
