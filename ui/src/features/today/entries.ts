/** Changes of customers and people in words: what stood before, what stands now, and of whom it is. */
import type { EntryChange } from "../../bridge/types/EntryChange";
import type { EntryChangeKind } from "../../bridge/types/EntryChangeKind";
import { m } from "../../i18n";
import type { Part } from "./changes";
import { when } from "./words";

/** What of an entry changed; nothing where its kind says all. */
const field: Partial<Record<EntryChangeKind, () => string>> = {
  company: m.today_entry_company,
  numbers: m.today_entry_numbers,
  extension: m.today_entry_extension,
};

/** Many at once, in a few words. */
const many: Record<EntryChangeKind, (of: { count: number }) => string> = {
  added: m.today_entries_added,
  removed: m.today_entries_removed,
  renamed: m.today_entries_renamed,
  company: m.today_entries_company,
  numbers: m.today_entries_numbers,
  extension: m.today_entries_extension,
  switched_off: m.today_entries_off,
  switched_on: m.today_entries_on,
};

/** What stood and what stands. */
function values({ kind, before, after }: EntryChange): [string | null, string | null] {
  if (kind === "switched_off") return [m.today_entry_active(), m.today_entry_off()];
  if (kind === "switched_on") return [m.today_entry_off(), m.today_entry_active()];
  return [before, after];
}

/** A row in its parts, in the order in which they are read. */
export function entryParts(change: EntryChange): Part[] {
  const { kind, name, count } = change;
  if (count > 1) return [{ text: many[kind]({ count }), kind: kind === "removed" ? "gone" : "new" }];
  if (kind === "added") return [{ text: name, kind: "new" }];
  if (kind === "removed") return [{ text: name, kind: "gone" }];
  const what = field[kind]?.() ?? "";
  const [before, after] = values(change);
  const found: Part[] = [];
  if (kind !== "renamed") found.push({ text: name, kind: "plain" });
  if (what !== "") found.push({ text: what, kind: "beside" });
  if (before !== null) found.push({ text: before, kind: "gone" });
  if (before !== null && after !== null) found.push({ text: "→", kind: "arrow" });
  if (after !== null) found.push({ text: after, kind: "new" });
  return found;
}

/** In which list it is, in a word or two. */
export function entryWords({ list, kind, count }: EntryChange): string {
  const isCustomer = list === "customers";
  if (count === 1 && kind === "added") return isCustomer ? m.today_entry_customer_new() : m.today_entry_person_new();
  if (count === 1 && kind === "removed")
    return isCustomer ? m.today_entry_customer_gone() : m.today_entry_person_gone();
  return isCustomer ? m.today_entry_customer() : m.today_entry_person();
}

/** A whole row, as it is read out. */
export function spokenEntry(change: EntryChange, now: Date): string {
  const words = { time: when(change.seen_at, now), kind: entryWords(change) };
  if (change.count > 1) return m.today_entry_row({ ...words, entry: many[change.kind]({ count: change.count }) });
  const [before, after] = values(change);
  const entry = [change.name, field[change.kind]?.() ?? ""].filter((it) => it !== "").join(" ");
  if (change.kind === "added" || change.kind === "removed") return m.today_entry_row({ ...words, entry });
  const none = m.today_entry_none();
  return m.today_entry_row_both({ ...words, entry, before: before ?? none, after: after ?? none });
}
