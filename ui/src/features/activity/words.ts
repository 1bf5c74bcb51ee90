/** What an entry of the log says, in words. */
import type { AuditEntry } from "../../bridge/types/AuditEntry";
import type { AuditKind } from "../../bridge/types/AuditKind";
import type { AuditOutcome } from "../../bridge/types/AuditOutcome";
import { clockWithSeconds } from "../../format/time";
import { m } from "../../i18n";

/** What was done. */
export const kindWord: Record<AuditKind, () => string> = {
  message: m.activity_message,
  chat_room: m.activity_chat_room,
  quick_call: m.activity_quick_call,
  record_created: m.activity_record_created,
  record_changed: m.activity_record_changed,
  record_deleted: m.activity_record_deleted,
  customer: m.activity_customer,
  note: m.activity_note,
  connection_added: m.activity_connection_added,
  connection_removed: m.activity_connection_removed,
  secret_replaced: m.activity_secret_replaced,
  secret_forgotten: m.activity_secret_forgotten,
};

const outcomes: Record<AuditOutcome, () => string> = {
  done: m.activity_done,
  refused: m.activity_refused,
  unknown: m.activity_unknown,
};

/** What became of it. */
export const outcomeWord = (outcome: AuditOutcome | null): string =>
  outcome === null ? m.activity_never_told() : outcomes[outcome]();

/** Who did it: the person, or that nobody was named. */
export const whoWord = (entry: AuditEntry): string => entry.who.trim() || m.activity_nobody();

/** The head of the columns and the codes of a file. */
export function fileWords(): Record<string, string> {
  const kinds = Object.entries(kindWord).map(([code, word]) => [code, word()] as const);
  return {
    ...Object.fromEntries(kinds),
    done: m.activity_done(),
    refused: m.activity_refused(),
    unknown: m.activity_unknown(),
    window: m.activity_window(),
    command_line: m.activity_command_line(),
    number: m.activity_file_number(),
    at: m.activity_time(),
    who: m.activity_who(),
    through: m.activity_file_through(),
    connection: m.activity_connection(),
    kind: m.activity_what(),
    subject: m.activity_subject(),
    resource: m.activity_file_resource(),
    key: m.activity_file_key(),
    outcome: m.activity_outcome(),
    detail: m.activity_answer(),
    differences: m.activity_differences(),
    hash: m.activity_file_hash(),
  };
}

/** An entry as it is read out. */
export function spoken(entry: AuditEntry): string {
  const words = [
    clockWithSeconds(entry.at),
    whoWord(entry),
    entry.deed.connection_name,
    kindWord[entry.deed.kind](),
    entry.deed.subject,
    outcomeWord(entry.outcome),
  ];
  return words.filter((it) => it !== "").join(", ");
}
