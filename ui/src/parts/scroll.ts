/** The arithmetic of the virtual table: which row stands at which scroll position, also where the rows are taller than an element can be. */

/** Tallest element that is made, in pixels. WebKit and Chromium end one at 33.5 million; half of it leaves room. */
export const TALLEST = 16_000_000;

/** The measures of a table. */
export interface Measures {
  /** Number of rows. */
  total: number;
  /** Height of each in pixels. */
  row: number;
  /** Height of the place in which rows are seen, in pixels. */
  seen: number;
}

/** Height of the element that scrolls, in pixels. */
export function scrollHeight({ total, row }: Measures): number {
  return Math.min(total * row, TALLEST);
}

/** How many pixels of rows one pixel of scrolling moves over; 1 unless the rows are taller than an element can be. */
function scale(m: Measures): number {
  const whole = m.total * m.row - m.seen;
  const scrollable = scrollHeight(m) - m.seen;
  return whole <= 0 || scrollable <= 0 ? 1 : whole / scrollable;
}

/** Pixels of rows above the seen place at a scroll position. */
export function offsetAt(m: Measures, scrollTop: number): number {
  const whole = Math.max(0, m.total * m.row - m.seen);
  return Math.min(whole, Math.max(0, scrollTop * scale(m)));
}

/** The scroll position at which so many pixels of rows are above the seen place. */
export function scrollFor(m: Measures, offset: number): number {
  const whole = Math.max(0, m.total * m.row - m.seen);
  return Math.min(whole, Math.max(0, offset)) / scale(m);
}

/** The first and the last row of which anything is seen, both included; nothing for an empty table. */
export function seenRows(m: Measures, scrollTop: number): { first: number; last: number } | null {
  if (m.total === 0) return null;
  const offset = offsetAt(m, scrollTop);
  const first = Math.min(m.total - 1, Math.floor(offset / m.row));
  const last = Math.min(m.total - 1, Math.max(first, Math.ceil((offset + m.seen) / m.row) - 1));
  return { first, last };
}

/** The scroll position nearest to `scrollTop` at which `index` is wholly seen. */
export function reveal(m: Measures, scrollTop: number, index: number): number {
  const offset = offsetAt(m, scrollTop);
  const top = index * m.row;
  if (top < offset) return scrollFor(m, top);
  if (top + m.row > offset + m.seen) return scrollFor(m, top + m.row - m.seen);
  return scrollTop;
}

/** How many pixels of rows are above the seen place where `index` is in the middle of it, as far as the ends allow. */
export function centre(m: Measures, index: number): number {
  const whole = Math.max(0, m.total * m.row - m.seen);
  return Math.min(whole, Math.max(0, index * m.row - (m.seen - m.row) / 2));
}

/**
 * The rows that exist: those in sight with so many more on either side, and the current one, so that the focus and the Tab stop are not
 * lost by scrolling.
 */
export function drawnRows(
  seen: { first: number; last: number },
  spare: number,
  total: number,
  current: number,
): number[] {
  const first = Math.max(0, seen.first - spare);
  const last = Math.min(total - 1, seen.last + spare);
  const rows = Array.from({ length: last - first + 1 }, (_, i) => first + i);
  return current < first ? [current, ...rows] : current > last ? [...rows, current] : rows;
}

/** The row that a key goes to from the current one, within the table; nothing for any other key. */
export function rowFor(key: string, current: number, m: Measures): number | undefined {
  const page = Math.max(1, Math.floor(m.seen / m.row) - 1);
  const steps: Record<string, number> = {
    ArrowDown: current + 1,
    ArrowUp: current - 1,
    PageDown: current + page,
    PageUp: current - page,
    Home: 0,
    End: m.total - 1,
  };
  const to = steps[key];
  return to === undefined ? undefined : Math.max(0, Math.min(m.total - 1, to));
}
