/** What the columns of a table of customers, its encodings and the states of its rows are called. */
import type { BulkEncoding } from "../../bridge/types/BulkEncoding";
import type { CustomerColumn } from "../../bridge/types/CustomerColumn";
import { m } from "../../i18n";
import type { RowState } from "./importing.svelte";

/** The columns in their order. */
export const columns: readonly CustomerColumn[] = [
  "name",
  "kana",
  "company",
  "number",
  "number2",
  "number3",
  "number4",
  "number5",
  "number6",
  "email",
  "address",
  "note",
];

/** What a column is called, above a file too: an import knows these words again. */
export const columnWord: Record<CustomerColumn, () => string> = {
  name: m.import_column_name,
  kana: m.import_column_kana,
  company: m.import_column_company,
  number: m.import_column_number,
  number2: () => m.import_column_further({ place: 2 }),
  number3: () => m.import_column_further({ place: 3 }),
  number4: () => m.import_column_further({ place: 4 }),
  number5: () => m.import_column_further({ place: 5 }),
  number6: () => m.import_column_further({ place: 6 }),
  email: m.import_column_email,
  address: m.import_column_address,
  note: m.import_column_note,
};

export const encodingWord: Record<BulkEncoding, string> = {
  "utf-8": "UTF-8",
  "utf-8-bom": "UTF-8 (BOM)",
  "utf-16": "UTF-16",
  cp932: "CP932",
};

/** The states in their order. */
export const states: readonly RowState[] = ["new", "added", "known", "double", "bad", "failed", "unknown", "stopped"];

export const stateWord: Record<RowState, () => string> = {
  new: m.import_state_new,
  added: m.import_state_added,
  known: m.import_state_known,
  double: m.import_state_double,
  bad: m.import_state_bad,
  failed: m.import_state_failed,
  unknown: m.import_state_unknown,
  stopped: m.import_state_stopped,
};

export const stateLook = {
  new: "accent",
  added: "ok",
  known: "plain",
  double: "warn",
  bad: "bad",
  failed: "bad",
  unknown: "warn",
  stopped: "plain",
} as const;
