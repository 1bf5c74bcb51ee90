/** The rows of a plan that are in sight, page by page. */
import { bulkRows } from "../../bridge/commands";
import { problemOf } from "../../bridge/problem";
import type { BulkProblemKind } from "../../bridge/types/BulkProblemKind";
import type { BulkQuery } from "../../bridge/types/BulkQuery";
import type { BulkRow } from "../../bridge/types/BulkRow";
import type { BulkShow } from "../../bridge/types/BulkShow";
import type { Problem } from "../../bridge/types/Problem";

/** Rows of one page; the program answers with so many at most. */
export const PAGE = 200;

export class Rows {
  show: BulkShow = $state("all");
  found: BulkProblemKind | null = $state(null);
  search = $state("");
  /** How many rows there are; `null` until the first answer. */
  total: number | null = $state(null);
  problem: Problem | null = $state.raw(null);
  active = $state(0);
  #pages: ReadonlyMap<number, readonly BulkRow[]> = $state.raw(new Map());
  #seen = { first: 0, last: 0 };
  #generation = 0;
  readonly #plan: () => string;

  constructor(plan: () => string) {
    this.#plan = plan;
  }

  /** The row at a place, if it has come. */
  at(index: number): BulkRow | undefined {
    return this.#pages.get(Math.floor(index / PAGE))?.[index % PAGE];
  }

  readonly current: BulkRow | undefined = $derived(this.at(this.active));

  /** Another list: from its first row on. */
  async choose(show: BulkShow, found: BulkProblemKind | null = null): Promise<void> {
    this.show = show;
    this.found = found;
    await this.find();
  }

  /** Asks for what the list is narrowed to now. */
  async find(): Promise<void> {
    this.#generation += 1;
    this.#pages = new Map();
    this.#seen = { first: 0, last: 0 };
    this.total = null;
    this.active = 0;
    await this.#read(0);
  }

  /** Reads the rows in sight again: they stay where they are. */
  async again(): Promise<void> {
    if (this.#plan() === "") return;
    this.#generation += 1;
    const { first, last } = this.#seen;
    const pages = new Set([Math.floor(first / PAGE), Math.floor(last / PAGE)]);
    const kept = new Map([...this.#pages].filter(([page]) => pages.has(page)));
    this.#pages = kept;
    await Promise.all([...pages].map((page) => this.#read(page)));
  }

  /** These rows are in sight. */
  see(first: number, last: number): void {
    this.#seen = { first, last };
    for (const page of new Set([Math.floor(first / PAGE), Math.floor(last / PAGE)]))
      if (!this.#pages.has(page)) void this.#read(page);
  }

  /** The last rows of which nobody knows the outcome. */
  async doubtful(): Promise<BulkRow[]> {
    try {
      const page = await bulkRows(this.#plan(), this.#query({ show: "needs_you", is_backwards: true, search: "" }));
      return page.rows.filter((it) => it.state === "unknown");
    } catch (thrown) {
      this.problem = problemOf(thrown);
      return [];
    }
  }

  async #read(page: number): Promise<void> {
    const generation = this.#generation;
    const id = this.#plan();
    if (id === "") return;
    try {
      const answer = await bulkRows(id, this.#query({ offset: page * PAGE, found: this.found }));
      if (generation !== this.#generation) return;
      this.#pages = new Map(this.#pages).set(page, answer.rows);
      this.total = answer.total;
      this.problem = null;
    } catch (thrown) {
      if (generation === this.#generation) this.problem = problemOf(thrown);
    }
  }

  #query(part: Partial<BulkQuery>): BulkQuery {
    return { show: this.show, found: null, search: this.search.trim(), is_backwards: false, offset: 0, ...part };
  }
}
