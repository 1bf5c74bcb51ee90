/** A table of customers on its way into an address book: the file, what its columns mean, what would become of each row, what became. */
import { customersAdd, customersLookThrough, customersTable } from "../../bridge/commands";
import { problemOf } from "../../bridge/problem";
import type { CustomerAdded } from "../../bridge/types/CustomerAdded";
import type { CustomerColumn } from "../../bridge/types/CustomerColumn";
import type { CustomerRow } from "../../bridge/types/CustomerRow";
import type { CustomerRowState } from "../../bridge/types/CustomerRowState";
import type { CustomerTable } from "../../bridge/types/CustomerTable";
import type { Problem } from "../../bridge/types/Problem";
import { live } from "../../live.svelte";

/** A larger file is no address book. */
const MOST_BYTES = 20_000_000;
/** How many are added before somebody who wants to stop is heard. */
const AT_ONCE = 10;

/** What became of a row, besides what was foreseen. */
export type RowState = CustomerRowState | "added" | "failed" | "unknown" | "stopped";

/** How a row stands. */
export interface Standing {
  row: CustomerRow;
  state: RowState;
  problem: Problem | null;
}

/** Whether nothing more is sent after this. */
const ends = (problem: Problem): boolean =>
  ["unknown_outcome", "signed_out", "slow_down", "offline"].includes(problem.code);

/** How a row stands once it was sent. */
function settled(it: Standing, became: CustomerAdded | undefined): Standing {
  switch (became?.type) {
    case undefined:
      return it;
    case "done":
      return { ...it, state: "added" };
    case "known":
      return { row: { ...it.row, known: became.customers }, state: "known", problem: null };
    case "failed":
      return {
        ...it,
        state: became.problem.code === "unknown_outcome" ? "unknown" : "failed",
        problem: became.problem,
      };
    default:
      return became satisfies never;
  }
}

export class Importing {
  name = $state("");
  table: CustomerTable | null = $state.raw(null);
  /** What each column means; `null` leaves it out. */
  columns: (CustomerColumn | null)[] = $state([]);
  /** The rows, once they were looked through. */
  rows: Standing[] | null = $state.raw(null);
  problem: Problem | null = $state.raw(null);
  isTooLarge = $state(false);
  busy: "reading" | "looking" | "adding" | null = $state(null);
  /** How many of those that are new were sent. */
  sent = $state(0);
  isApplied = $state(false);
  #connection = $state("");
  #isStopped = false;
  #bytes: number[] = [];

  readonly books = $derived(live.able("customers"));
  readonly connection = $derived(this.books.find((it) => it.id === this.#connection)?.id ?? this.books[0]?.id ?? "");
  /** A meaning that two columns have. */
  readonly twice = $derived(this.columns.find((it, at) => it !== null && this.columns.indexOf(it) !== at) ?? null);
  readonly hasName = $derived(this.columns.includes("name"));
  readonly isReady = $derived(this.table !== null && this.hasName && this.twice === null && this.connection !== "");
  readonly news = $derived((this.rows ?? []).filter((it) => it.state === "new"));

  choose(connection: string): void {
    this.#connection = connection;
  }

  /** Reads a file that was chosen or dropped. */
  async take(file: File): Promise<void> {
    this.rows = null;
    this.table = null;
    this.problem = null;
    this.isApplied = false;
    this.isTooLarge = file.size > MOST_BYTES;
    this.name = file.name;
    if (this.isTooLarge) return;
    this.#bytes = Array.from(new Uint8Array(await file.arrayBuffer()));
    await this.#do("reading", async () => {
      this.table = await customersTable(this.#bytes);
      this.columns = this.table.columns.map((it) => it.means);
    });
  }

  /** Says what would become of each row; nothing is written. */
  async look(): Promise<void> {
    if (!this.isReady) return;
    await this.#do("looking", async () => {
      const rows = await customersLookThrough(this.connection, this.#bytes, [...this.columns]);
      this.rows = rows.map((row) => ({ row, state: row.state, problem: row.problem }));
      this.isApplied = false;
    });
  }

  /** Back to the columns. */
  back(): void {
    this.rows = null;
    this.problem = null;
  }

  /** Adds those who are new, some at a time; how many were added. */
  async apply(): Promise<number> {
    if (this.busy !== null || this.isApplied) return 0;
    this.isApplied = true;
    this.busy = "adding";
    this.sent = 0;
    this.#isStopped = false;
    const waiting = this.news;
    let end: Problem | null = null;
    for (let at = 0; at < waiting.length && this.#goesOn(end); at += AT_ONCE) {
      const some = waiting.slice(at, at + AT_ONCE);
      const became = await this.#add(some.map((it) => it.row));
      const known = new Map<number, CustomerAdded>();
      for (const [index, standing] of some.entries()) {
        const one = became[index];
        if (!one || end !== null) break;
        known.set(standing.row.line, one);
        if (one.type === "failed" && ends(one.problem)) end = one.problem;
      }
      this.rows = (this.rows ?? []).map((it) => settled(it, known.get(it.row.line)));
      this.sent = at + some.length;
    }
    const left = end;
    const rows = (this.rows ?? []).map((it): Standing =>
      it.state === "new" ? { ...it, state: "stopped", problem: left } : it,
    );
    this.rows = rows;
    this.busy = null;
    return rows.filter((it) => it.state === "added").length;
  }

  /** Ends the adding between two sends. */
  stop(): void {
    this.#isStopped = true;
  }

  #goesOn(end: Problem | null): boolean {
    return end === null && !this.#isStopped;
  }

  async #add(rows: CustomerRow[]): Promise<CustomerAdded[]> {
    try {
      return await customersAdd(
        this.connection,
        rows.map((it) => it.customer),
      );
    } catch (thrown) {
      const problem = problemOf(thrown);
      return rows.map(() => ({ type: "failed", problem }));
    }
  }

  async #do(what: "reading" | "looking", act: () => Promise<void>): Promise<void> {
    if (this.busy !== null) return;
    this.busy = what;
    this.problem = null;
    try {
      await act();
    } catch (thrown) {
      this.problem = problemOf(thrown);
    } finally {
      this.busy = null;
    }
  }
}
