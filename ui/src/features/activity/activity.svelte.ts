/** The log of writes on screen: which entries are asked for, those that have come, the one that is open, and whether the log is whole. */
import { auditExport, auditList, auditPutBack, auditVerify } from "../../bridge/commands";
import { problemOf } from "../../bridge/problem";
import type { AuditEntry } from "../../bridge/types/AuditEntry";
import type { AuditFilter } from "../../bridge/types/AuditFilter";
import type { AuditKind } from "../../bridge/types/AuditKind";
import type { AuditPage } from "../../bridge/types/AuditPage";
import type { AuditPutBack } from "../../bridge/types/AuditPutBack";
import type { AuditVerdict } from "../../bridge/types/AuditVerdict";
import type { Exported } from "../../bridge/types/Exported";
import type { Problem } from "../../bridge/types/Problem";
import { startOfDay } from "../../format/time";

/** How far back the list goes; `all` to the first entry. */
export type Span = "today" | "week" | "month" | "all";
/** What the list is narrowed to. */
export type Group = "all" | "message" | "record" | "chat_room" | "connection";

/** Days before today. */
const DAYS: Record<Exclude<Span, "all">, number> = { today: 0, week: 6, month: 30 };
/** The kinds of a group. */
export const KINDS: Record<Group, AuditKind[]> = {
  all: [],
  message: ["message", "quick_call"],
  record: ["record_created", "record_changed", "record_deleted", "customer", "note"],
  chat_room: ["chat_room"],
  connection: ["connection_added", "connection_removed", "secret_replaced", "secret_forgotten"],
};
/** Rows before the end of what has come at which more is asked for. */
const AHEAD = 40;

export class Activity {
  entries: AuditEntry[] = $state.raw([]);
  /** How many entries the log has in all; `null` before the first answer. */
  total: number | null = $state(null);
  problem: Problem | null = $state.raw(null);
  verdict: AuditVerdict | null = $state.raw(null);
  span: Span = $state("week");
  group: Group = $state("all");
  /** Empty for every connection. */
  connection = $state("");
  onlyProblems = $state(false);
  search = $state("");
  /** The number of the entry that is current. */
  #current = $state(0);
  #next: number | null = null;
  #asked = 0;
  #isReadingMore = false;

  /** The place of the current entry in the list. */
  readonly active = $derived(
    Math.max(
      0,
      this.entries.findIndex((it) => it.number === this.#current),
    ),
  );
  readonly shown: AuditEntry | undefined = $derived(this.entries[this.active]);
  readonly isNarrowed = $derived(
    this.span !== "all" ||
      this.group !== "all" ||
      this.connection !== "" ||
      this.onlyProblems ||
      this.search.trim() !== "",
  );

  /** What is asked for, with today beginning on this computer's clock. */
  filter(now: Date): AuditFilter {
    return {
      from: this.span === "all" ? null : startOfDay(now, DAYS[this.span]).toISOString(),
      connection: this.connection === "" ? null : this.connection,
      kinds: KINDS[this.group],
      through: null,
      only_problems: this.onlyProblems,
      search: this.search.trim(),
    };
  }

  /** Reads the newest entries; a late answer to an earlier question is left aside. Where the list goes on from them, what has come
   * before stays. */
  async read(now: Date, keep = false): Promise<void> {
    const ask = ++this.#asked;
    try {
      const page = await auditList(this.filter(now), null);
      if (ask !== this.#asked) return;
      this.#take(page, keep);
      this.problem = null;
    } catch (thrown) {
      if (ask === this.#asked) this.problem = problemOf(thrown);
    }
  }

  #take(page: AuditPage, keep: boolean): void {
    const last = page.entries.at(-1)?.number ?? 0;
    const joins = keep && page.next !== null && this.entries.some((it) => it.number >= last);
    if (joins) this.entries = [...page.entries, ...this.entries.filter((it) => it.number < last)];
    else {
      this.entries = page.entries;
      this.#next = page.next;
    }
    this.total = page.total;
    if (!this.entries.some((it) => it.number === this.#current)) this.#current = this.entries[0]?.number ?? 0;
  }

  /** These rows are in sight: reads on before the end is reached. */
  async seen(last: number, now: Date): Promise<void> {
    if (this.#next === null || this.#isReadingMore || last + AHEAD < this.entries.length) return;
    this.#isReadingMore = true;
    const ask = this.#asked;
    try {
      const page = await auditList(this.filter(now), this.#next);
      if (ask !== this.#asked) return;
      this.entries = [...this.entries, ...page.entries];
      this.#next = page.next;
    } catch (thrown) {
      this.problem = problemOf(thrown);
    } finally {
      this.#isReadingMore = false;
    }
  }

  move(index: number): void {
    this.#current = this.entries[index]?.number ?? this.#current;
  }

  clear(): void {
    this.span = "all";
    this.group = "all";
    this.connection = "";
    this.onlyProblems = false;
    this.search = "";
  }

  /** Goes through the whole log. */
  async verify(): Promise<void> {
    try {
      this.verdict = await auditVerify();
    } catch (thrown) {
      this.problem = problemOf(thrown);
    }
  }

  /** Takes an entry back; `null` where that failed, and why is told. */
  async putBack(number: number): Promise<AuditPutBack | null> {
    this.problem = null;
    try {
      return await auditPutBack(number);
    } catch (thrown) {
      this.problem = problemOf(thrown);
      return null;
    }
  }

  /** Writes what the filter shows to a file; `null` where that failed, and why is told. */
  async export(name: string, words: Record<string, string>, now: Date): Promise<Exported | null> {
    try {
      return await auditExport({ filter: this.filter(now), name, words });
    } catch (thrown) {
      this.problem = problemOf(thrown);
      return null;
    }
  }
}
