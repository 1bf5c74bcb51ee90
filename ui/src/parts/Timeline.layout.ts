/** Geometry of the timeline: lanes for what overlaps, positions in percent, and which rows are on screen. */

/** A stretch of time in milliseconds since 1970; `end` is exclusive. */
export interface Span {
  start: number;
  end: number;
}

/** An item with its lane; `lanes` counts the lanes of everything it overlaps with, so 1 means alone. */
export interface Placed<T> {
  item: T;
  lane: number;
  lanes: number;
}

/** All items of one row in lanes. */
export interface Lanes<T> {
  placed: Placed<T>[];
  /** The most lanes side by side anywhere in the row; at least 1. */
  lanes: number;
  /** How many items overlap with another one. */
  overlapping: number;
  /** How many separate tangles those make. */
  tangles: number;
}

/** Where a span lies on an axis, in percent of its width, and which ends are cut off. */
export interface Place {
  left: number;
  width: number;
  cutStart: boolean;
  cutEnd: boolean;
}

/** Height of a row whose items never overlap, in pixels. */
export const ROW_HEIGHT = 40;
/** Height of a lane in a row with overlaps; the smallest target allowed. */
export const LANE_HEIGHT = 24;
/** Space above the first and below the last block of a row. */
export const ROW_PADDING = 3;
/** Space between lanes. */
export const LANE_GAP = 2;

/** The end that counts for overlaps: an item without length still takes its instant. */
const occupiedEnd = (span: Span): number => Math.max(span.end, span.start + 1);

/** Puts items that overlap into lanes of their own, earliest first; touching ends do not overlap. */
export function intoLanes<T extends Span>(items: readonly T[]): Lanes<T> {
  const sorted = [...items].sort((a, b) => a.start - b.start || b.end - a.end);
  const result: Lanes<T> = { placed: [], lanes: 1, overlapping: 0, tangles: 0 };
  let tangle: Placed<T>[] = [];
  let laneEnds: number[] = [];

  const settle = (): void => {
    for (const it of tangle) it.lanes = laneEnds.length;
    if (laneEnds.length > 1) {
      result.overlapping += tangle.length;
      result.tangles += 1;
    }
    result.lanes = Math.max(result.lanes, laneEnds.length);
    result.placed.push(...tangle);
    tangle = [];
    laneEnds = [];
  };

  for (const item of sorted) {
    if (laneEnds.every((end) => end <= item.start)) settle();
    const free = laneEnds.findIndex((end) => end <= item.start);
    const lane = free === -1 ? laneEnds.length : free;
    laneEnds[lane] = occupiedEnd(item);
    tangle.push({ item, lane, lanes: 1 });
  }
  settle();
  return result;
}

/** Height of a row with this many lanes, in pixels. */
export function rowHeight(lanes: number): number {
  if (lanes <= 1) return ROW_HEIGHT;
  return 2 * ROW_PADDING + lanes * LANE_HEIGHT + (lanes - 1) * LANE_GAP;
}

/** Top and height of a block inside its row, in pixels; one that overlaps nothing takes the whole row. */
export function blockBox(placed: { lane: number; lanes: number }, height: number): { top: number; height: number } {
  if (placed.lanes <= 1) return { top: ROW_PADDING, height: height - 2 * ROW_PADDING };
  return { top: ROW_PADDING + placed.lane * (LANE_HEIGHT + LANE_GAP), height: LANE_HEIGHT };
}

/** Where a span lies on the axis; null when it lies wholly outside. */
export function placeOn(axis: Span, span: Span): Place | null {
  const length = axis.end - axis.start;
  if (length <= 0 || span.start >= axis.end || occupiedEnd(span) <= axis.start) return null;
  const from = Math.max(span.start, axis.start);
  const to = Math.min(span.end, axis.end);
  return {
    left: ((from - axis.start) / length) * 100,
    width: (Math.max(0, to - from) / length) * 100,
    cutStart: span.start < axis.start,
    cutEnd: span.end > axis.end,
  };
}

/** Top of every row and, last, of the end. */
export function rowTops(heights: readonly number[]): number[] {
  const tops = [0];
  for (const height of heights) tops.push((tops.at(-1) ?? 0) + height);
  return tops;
}

/** The row at a height; the last one when below the end. */
export function rowAt(tops: readonly number[], y: number): number {
  let low = 0;
  let high = Math.max(0, tops.length - 2);
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((tops[middle] ?? 0) <= y) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Where to scroll so that a stretch is in view, as little as needed; one that is longer than the view fills it. */
export function scrollTo(scroll: number, view: number, from: number, to: number): number {
  const [low, high] = to - from > view ? [from, to - view] : [to - view, from];
  return Math.max(0, Math.min(Math.max(scroll, low), high));
}

/** Rows to draw: those on screen, `spare` more on each side, `last` exclusive. */
export function rowsOnScreen(
  tops: readonly number[],
  screen: { top: number; height: number },
  spare = 4,
): { first: number; last: number } {
  const count = tops.length - 1;
  if (count <= 0) return { first: 0, last: 0 };
  return {
    first: Math.max(0, rowAt(tops, screen.top) - spare),
    last: Math.min(count, rowAt(tops, screen.top + screen.height) + 1 + spare),
  };
}

/** Steps to draw of `count` equal ones over `width` pixels, `last` exclusive. */
export function stepsOnScreen(
  count: number,
  width: number,
  screen: { left: number; width: number },
  spare = 2,
): { first: number; last: number } {
  if (count <= 0 || width <= 0) return { first: 0, last: count };
  const step = width / count;
  return {
    first: Math.max(0, Math.floor(screen.left / step) - spare),
    last: Math.min(count, Math.ceil((screen.left + screen.width) / step) + spare),
  };
}

/** Where the next block begins, or the one before, in the order of reading: along the row, then in the rows after it; null where there is none. */
export function nextBlock(
  axis: TimelineAxis,
  rows: readonly TimelineRow[],
  from: TimelineCell,
  by: 1 | -1,
): TimelineCell | null {
  const length = (axis.end - axis.start) / Math.max(1, axis.steps);
  for (let row = from.row; row >= 0 && row < rows.length; row += by) {
    const begins = (rows[row]?.blocks() ?? [])
      .filter(({ item }) => placeOn(axis, item) !== null)
      .map(({ item }) => Math.min(axis.steps - 1, Math.floor((Math.max(item.start, axis.start) - axis.start) / length)))
      .sort((a, b) => (a - b) * by);
    const step = begins.find((it) => row !== from.row || (it - from.step) * by > 0);
    if (step !== undefined) return { row, step };
  }
  return null;
}

/** The stretch that a timeline shows, in equal steps. */
export interface TimelineAxis extends Span {
  steps: number;
}

/** Something in a row. */
export interface TimelineBlock extends Span {
  id: string;
  /** Over, going on or still to come. */
  kind: "past" | "now" | "later";
  title: string;
  detail: string;
  /** The language of title and detail, for their glyphs. */
  lang: string | undefined;
  /** What the tooltip says. */
  hint: string;
}

/** A row with its blocks in lanes, which are asked for once it is drawn; `height` follows from their number. */
export interface TimelineRow {
  id: string;
  height: number;
  blocks: () => Placed<TimelineBlock>[];
  /** What is hatched in it. */
  closed: readonly Span[];
}

/** A cell by row and step, both from 0. */
export interface TimelineCell {
  row: number;
  step: number;
}

/** A free stretch that is offered in a row. */
export interface TimelineSlot extends Span {
  row: number;
  title: string;
  detail: string;
}

/** Words at the head, from their step on and over `span` steps. */
export interface TimelineMark {
  step: number;
  span: number;
  text: string;
}
