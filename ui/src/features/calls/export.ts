/** What is written to a file of calls: columns, headings, words and the name of the file. */
import type { CallColumn } from "../../bridge/types/CallColumn";
import type { CallExport } from "../../bridge/types/CallExport";
import type { CallFilter } from "../../bridge/types/CallFilter";
import type { ColumnChoice } from "../../bridge/types/ColumnChoice";
import type { FileFormat } from "../../bridge/types/FileFormat";
import type { TextEncoding } from "../../bridge/types/TextEncoding";
import { m } from "../../i18n";
import { arranged } from "./columns";

/** A column that can be written. */
export interface Written {
  column: CallColumn;
  isOn: boolean;
}

/** What the list shows in a column, as columns of a file. */
const parts: Record<string, CallColumn[]> = {
  time: ["time"],
  outcome: ["outcome"],
  system: ["connections"],
  caller: ["caller", "company"],
  number: ["number"],
  line: ["line"],
  spoke: ["spoke"],
  length: ["seconds"],
  note: ["note"],
};
/** What no column of the list shows alone. */
const further: CallColumn[] = ["direction", "international", "rang", "id"];

/** The columns of the list in their order, those that it shows being ticked, then the others. */
export function columnsOfFile(choices: readonly ColumnChoice[]): Written[] {
  const listed = arranged(choices).flatMap(({ id, is_shown }) =>
    (parts[id] ?? []).map((column) => ({ column, isOn: is_shown })),
  );
  return [...listed, ...further.map((column) => ({ column, isOn: false }))];
}

/** The words above a column. */
export function heading(column: CallColumn): string {
  switch (column) {
    case "time":
      return m.calls_time();
    case "outcome":
      return m.calls_outcome();
    case "direction":
      return m.calls_direction();
    case "connections":
      return m.calls_connection();
    case "caller":
      return m.calls_caller();
    case "company":
      return m.call_export_company();
    case "number":
      return m.calls_number();
    case "international":
      return m.call_export_international();
    case "line":
      return m.calls_line();
    case "spoke":
      return m.calls_spoke();
    case "rang":
      return m.call_export_rang();
    case "seconds":
      return m.call_export_seconds();
    case "note":
      return m.calls_note();
    case "id":
      return m.call_export_id();
    default:
      return column satisfies never;
  }
}

/** What stands for the codes of outcomes and directions. */
export function words(): Record<string, string> {
  return {
    ringing: m.outcome_ringing(),
    answered: m.outcome_answered(),
    missed: m.outcome_missed(),
    voicemail: m.outcome_voicemail(),
    refused: m.outcome_refused(),
    failed: m.outcome_failed(),
    unknown: m.outcome_unknown(),
    inbound: m.calls_direction_inbound(),
    outbound: m.calls_direction_outbound(),
  };
}

/** The name of a file of a day: `Calls 2026-10-14`. */
export function usualName(now: Date): string {
  const two = (n: number): string => String(n).padStart(2, "0");
  return m.call_export_file({ day: `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}` });
}

/** Why a file cannot have this name. */
export function faultOfName(name: string): "missing" | "not_usable" | null {
  if (name.trim() === "") return "missing";
  // Characters that name folders or that one of the platforms forbids.
  return /[\\/:*?"<>|\p{Cc}]|^\.+$/u.test(name.trim()) ? "not_usable" : null;
}

/** What a person chose. */
export interface Choices {
  format: FileFormat;
  encoding: TextEncoding;
  name: string;
  hidesNumbers: boolean;
  columns: readonly Written[];
}

/** The choices as the program takes them. */
export function requestOf(filter: CallFilter, chosen: Choices): CallExport {
  return {
    filter,
    format: chosen.format,
    encoding: chosen.encoding,
    name: chosen.name.trim(),
    hides_numbers: chosen.hidesNumbers,
    columns: chosen.columns.filter((it) => it.isOn).map(({ column }) => ({ column, heading: heading(column) })),
    words: words(),
  };
}
