/** What the plans, their rows and what was found say, in words. */
import type { Bulk } from "../../bridge/types/Bulk";
import type { BulkCounts } from "../../bridge/types/BulkCounts";
import type { BulkEncoding } from "../../bridge/types/BulkEncoding";
import type { BulkLane } from "../../bridge/types/BulkLane";
import type { BulkProblem } from "../../bridge/types/BulkProblem";
import type { BulkProblemCount } from "../../bridge/types/BulkProblemCount";
import type { BulkProblemKind } from "../../bridge/types/BulkProblemKind";
import type { BulkRow } from "../../bridge/types/BulkRow";
import type { BulkRowState } from "../../bridge/types/BulkRowState";
import type { BulkState } from "../../bridge/types/BulkState";
import { reasonSentence } from "../../format/problem";
import { clock, count, shortDay, type Locale } from "../../format/time";
import { m } from "../../i18n";

/** How a plan stands. */
export const stateWord: Record<BulkState, () => string> = {
  planned: m.bulk_state_planned,
  running: m.bulk_state_running,
  pausing: m.bulk_state_pausing,
  paused: m.bulk_state_paused,
  interrupted: m.bulk_state_interrupted,
  stopped: m.bulk_state_stopped,
  done: m.bulk_state_done,
};

/** What became of a row. */
export const rowWord: Record<BulkRowState, () => string> = {
  waiting: m.bulk_row_waiting,
  sending: m.bulk_row_sending,
  sent: m.bulk_row_sent,
  refused: m.bulk_row_refused,
  unknown: m.bulk_row_unknown,
  paused: m.bulk_row_paused,
  left: m.bulk_row_left,
  excluded: m.bulk_row_excluded,
  withheld: m.bulk_row_withheld,
};

/** What was found, with how many rows have it. */
const found: Record<BulkProblemKind, (words: { count: number }) => string> = {
  unreadable: m.bulk_found_unreadable,
  no_recipient: m.bulk_found_no_recipient,
  nothing_to_send: m.bulk_found_nothing_to_send,
  empty_field: m.bulk_found_empty_field,
  not_usable: m.bulk_found_not_usable,
  too_long: m.bulk_found_too_long,
  doubled: m.bulk_found_doubled,
  unknown_address: m.bulk_found_unknown_address,
  unknown_room: m.bulk_found_unknown_room,
  unverifiable: m.bulk_found_unverifiable,
  guest: m.bulk_found_guest,
  got_before: m.bulk_found_got_before,
  large_room: m.bulk_found_large_room,
};

/** One line of what the dry run found. */
export function foundLine(it: BulkProblemCount): string {
  return found[it.kind]({ count: it.rows });
}

/** The name of a kind alone, for a file. */
export const kindWord = (kind: BulkProblemKind): string => found[kind]({ count: 1 });

/** What was found of one row. */
export function foundOfRow(it: BulkProblem, locale: Locale, now: Date): string {
  switch (it.kind) {
    case "empty_field":
      return m.bulk_row_found_empty_field({ field: it.words });
    case "doubled":
      return m.bulk_row_found_doubled({ row: it.with ?? 0 });
    case "got_before":
      return m.bulk_row_found_got_before({ at: it.at ? `${shortDay(it.at, now, locale)} ${clock(it.at)}` : "" });
    case "large_room":
      return m.bulk_row_found_large_room({ count: Number(it.words) });
    case "unreadable":
    case "no_recipient":
    case "nothing_to_send":
    case "not_usable":
    case "too_long":
    case "unknown_address":
    case "unknown_room":
    case "unverifiable":
    case "guest":
      return it.words === "" ? kindWord(it.kind) : m.bulk_row_found_words({ what: kindWord(it.kind), words: it.words });
    default:
      return it.kind satisfies never;
  }
}

/** Whom a row is for: the name, else the address as it stands. */
export function recipientOf(row: BulkRow): string {
  if (row.name) return row.name;
  return row.to.kind === "room" ? row.to.address : row.to.address.join(", ");
}

/** What the system said of a row, or what keeps it. */
export function saidOf(row: BulkRow, locale: Locale, now: Date): string {
  if (row.problem) return reasonSentence(row.problem);
  const first = row.found[0];
  if (row.state === "excluded" && first) return foundOfRow(first, locale, now);
  return row.detail;
}

/** A row as it is read out. */
export function spokenRow(row: BulkRow, locale: Locale, now: Date): string {
  const words = [String(row.position), recipientOf(row), rowWord[row.state](), row.at ? clock(row.at) : ""];
  return [...words, saidOf(row, locale, now)].filter((it) => it !== "").join(", ");
}

/** Rows that are over, whatever became of them. */
export const overOf = (it: BulkCounts): number => it.sent + it.refused + it.unknown + it.left;

/** Rows about which something is to be decided or done. */
export const openOf = (it: BulkCounts): number => it.refused + it.unknown + it.paused;

/** How fast a lane goes, or why it rests. */
export function paceWords(lane: BulkLane, locale: Locale): string {
  const { rest, pace } = lane;
  if (rest) {
    const why = reasonSentence(rest.problem);
    return rest.until ? m.bulk_lane_rests_until({ time: clock(rest.until), why }) : why;
  }
  const { waiting, sending, paused } = lane.counts;
  if (waiting + sending + paused === 0) return m.bulk_lane_over();
  if (pace.requests !== null && pace.per_ms !== null) {
    const words = { count: count(pace.requests, locale), span: spanWords(pace.per_ms) };
    if (pace.left === null) return m.bulk_lane_allowed(words);
    return m.bulk_lane_allowed_left({ ...words, left: count(pace.left, locale) });
  }
  if (pace.gap_ms > 0) return m.bulk_lane_gap({ span: spanWords(pace.gap_ms) });
  return m.bulk_lane_no_limit();
}

/** A span of time in the largest unit that fits it whole. */
function spanWords(ms: number): string {
  if (ms % 3_600_000 === 0) return m.bulk_span_hours({ count: ms / 3_600_000 });
  if (ms % 60_000 === 0) return m.bulk_span_minutes({ count: ms / 60_000 });
  return m.bulk_span_seconds({ count: Math.round(ms / 100) / 10 });
}

/** How the letters of a file are written, as people know it. */
export const encodingWord: Record<BulkEncoding, string> = {
  "utf-8": "UTF-8",
  "utf-8-bom": "UTF-8 (BOM)",
  "utf-16": "UTF-16",
  cp932: "Shift_JIS (CP932)",
};

/** The words above the columns of the report. */
export const headings = (): string[] => [
  m.bulk_column_number(),
  m.bulk_column_line(),
  m.bulk_column_connection(),
  m.bulk_column_recipient(),
  m.bulk_column_name(),
  m.bulk_column_state(),
  m.bulk_column_at(),
  m.bulk_column_said(),
  m.bulk_column_found(),
  m.bulk_column_text(),
];

/** What stands for a code in the report. */
export function fileWords(): Record<string, string> {
  const words = (all: Record<string, () => string>): [string, string][] =>
    Object.entries(all).map(([code, word]) => [code, word()]);
  const kinds = (Object.keys(found) as BulkProblemKind[]).map((it) => [it, kindWord(it)] as const);
  return Object.fromEntries([...words(rowWord), ...kinds]);
}

/** Which of the steps a plan is at: plan, dry run, test, sending, report. What it looked through it is past. */
export function stepOf(bulk: Bulk | null): 0 | 2 | 3 | 4 {
  if (!bulk) return 0;
  switch (bulk.state) {
    case "planned":
      return 2;
    case "running":
    case "pausing":
    case "paused":
    case "interrupted":
      return 3;
    case "stopped":
    case "done":
      return 4;
    default:
      return bulk.state satisfies never;
  }
}
