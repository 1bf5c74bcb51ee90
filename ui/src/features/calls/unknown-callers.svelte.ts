/** The numbers that ring often and stand in no address book, and how several are added at once, each at most once. */
import { callersUnknown, customersAdd } from "../../bridge/commands";
import { problemOf } from "../../bridge/problem";
import type { CustomerAdded } from "../../bridge/types/CustomerAdded";
import type { Problem } from "../../bridge/types/Problem";
import type { UnknownCaller } from "../../bridge/types/UnknownCaller";
import { startOfDay } from "../../format/time";
import { customerOf, formOf } from "./new-customer";

/** How far back is looked, in days, and how many numbers are shown. */
export const DAYS = 90;
const ROWS = 50;

/** A number and what is typed for it. */
export class CallerRow {
  readonly caller: UnknownCaller;
  isChosen = $state(false);
  name = $state("");
  company = $state("");
  isSending = $state(false);
  /** What became of it. */
  result: CustomerAdded | null = $state.raw(null);

  constructor(caller: UnknownCaller) {
    this.caller = caller;
    this.name = caller.party.name ?? "";
  }

  /** Whether it must not be sent again: it is added, somebody has the number, or nobody knows whether it arrived. */
  get isSettled(): boolean {
    const { result } = this;
    return result !== null && (result.type !== "failed" || result.problem.code === "unknown_outcome");
  }

  get isNameMissing(): boolean {
    return this.isChosen && this.name.trim() === "";
  }
}

export class UnknownCallers {
  /** `null` until they are read. */
  rows: CallerRow[] | null = $state.raw(null);
  /** Why they could not be read or sent. */
  problem: Problem | null = $state.raw(null);
  isSending = $state(false);

  /** Rows that would be sent. */
  get chosen(): CallerRow[] {
    return (this.rows ?? []).filter((it) => it.isChosen && !it.isSettled);
  }

  get isReady(): boolean {
    return !this.isSending && this.chosen.length > 0 && this.chosen.every((it) => !it.isNameMissing);
  }

  /** Reads the numbers of the last ninety days. */
  async read(now: Date): Promise<void> {
    try {
      const found = await callersUnknown(startOfDay(now, DAYS).toISOString(), ROWS);
      this.rows = found.map((it) => new CallerRow(it));
      this.problem = null;
    } catch (thrown) {
      this.problem = problemOf(thrown);
    }
  }

  /** Adds the chosen ones to an address book; how many were added. */
  async add(connection: string): Promise<number> {
    if (!this.isReady) return 0;
    const rows = this.chosen;
    this.isSending = true;
    for (const it of rows) it.isSending = true;
    try {
      const customers = rows.map((it) => customerOf({ ...formOf(it.caller.party.raw, it.name), company: it.company }));
      const results = await customersAdd(connection, customers);
      rows.forEach((it, index) => (it.result = results[index] ?? null));
    } catch (thrown) {
      const problem = problemOf(thrown);
      for (const it of rows) it.result = { type: "failed", problem };
    } finally {
      this.isSending = false;
      for (const it of rows) {
        it.isSending = false;
        if (it.isSettled) it.isChosen = false;
      }
    }
    return rows.filter((it) => it.result?.type === "done").length;
  }
}
