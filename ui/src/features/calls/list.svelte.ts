/** The list of calls: which ones it shows, the blocks that are here, and how they change without rows jumping. */
import { callsBlock } from "../../bridge/commands";
import { problemOf } from "../../bridge/problem";
import type { Call } from "../../bridge/types/Call";
import type { CallBlock } from "../../bridge/types/CallBlock";
import type { CallFilter } from "../../bridge/types/CallFilter";
import type { Direction } from "../../bridge/types/Direction";
import type { Outcome } from "../../bridge/types/Outcome";
import type { Problem } from "../../bridge/types/Problem";
import { startOfDay } from "../../format/time";

/** Calls in one block. */
export const BLOCK = 100;
/** Blocks that are kept around those in sight. */
const KEPT = 12;
/** How often an answer may be of another edition than its neighbours before we wait for the next change. */
const TRIES = 4;

/** Days that the list can be narrowed to. */
export type Range = "today" | "week" | "all";

/** What the table on screen does when the list under it changed. */
export interface Screen {
  /** So many rows came in above the seen ones, which have to stay where they are. */
  shift: (rows: number) => void;
  /** Another list: begin at the top. */
  toTop: () => void;
}

/** A filter that shows everything. */
export const everything: CallFilter = {
  connection: null,
  from: null,
  to: null,
  search: "",
  direction: null,
  outcome: null,
  number: null,
  person: null,
};

export class CallList {
  search = $state("");
  connection = $state("");
  direction: Direction | "" = $state("");
  outcome: Outcome | "" = $state("");
  range: Range = $state("all");

  /** Rows that the filter finds; `null` until the first answer. */
  total: number | null = $state(null);
  /** The current row. */
  active = $state(0);
  /** The call of the current row; the selection follows it, not the row. */
  selected: string | null = $state(null);
  /** Calls that came in above while the list was scrolled. */
  arrived = $state(0);
  /** Why the list could not be read. */
  problem: Problem | null = $state.raw(null);
  /** Calls begun today, and calls in all. */
  counts: { today: number; all: number } | null = $state.raw(null);

  #blocks: ReadonlyMap<number, readonly Call[]> = $state.raw(new Map());
  #edition = 0;
  #generation = 0;
  #seen = { first: 0, last: 30 };
  #asked = new Set<number>();
  #screen: Screen;

  constructor(screen: Screen) {
    this.#screen = screen;
  }

  /** Whether anything narrows the list. */
  get isNarrowed(): boolean {
    return (
      this.search !== "" ||
      this.connection !== "" ||
      this.direction !== "" ||
      this.outcome !== "" ||
      this.range !== "all"
    );
  }

  /** The filter as the program takes it. */
  filter(now: Date): CallFilter {
    const from = this.range === "all" ? null : startOfDay(now, this.range === "today" ? 0 : 6).toISOString();
    return {
      ...everything,
      from,
      search: this.search.trim(),
      connection: this.connection === "" ? null : this.connection,
      direction: this.direction === "" ? null : this.direction,
      outcome: this.outcome === "" ? null : this.outcome,
    };
  }

  /** Shows everything again. */
  clear(): void {
    this.search = "";
    this.connection = "";
    this.direction = "";
    this.outcome = "";
    this.range = "all";
  }

  /** The call at a row, if it is here. */
  row(index: number): Call | undefined {
    return this.#blocks.get(Math.floor(index / BLOCK))?.[index % BLOCK];
  }

  /** Moves to a row. */
  move(index: number): void {
    this.active = index;
    this.selected = this.row(index)?.id ?? null;
  }

  /** These rows are in sight: reads what is missing of them. */
  see(first: number, last: number): void {
    this.#seen = { first, last };
    if (first === 0) this.arrived = 0;
    if (this.total === null) return;
    for (const block of blocksOf(first, last)) void this.#read(block);
  }

  /** Another filter: a new list from its top. The old rows stay until the new ones are here. */
  async narrow(): Promise<void> {
    const answers = await this.#agree({ first: 0, last: this.#seen.last - this.#seen.first }, true);
    if (!answers) return;
    this.#take(answers);
    this.arrived = 0;
    this.#screen.toTop();
    this.#follow(0);
  }

  /** The calls changed: the seen rows again, of one edition, without moving them. */
  async refresh(): Promise<void> {
    const before = this.total ?? 0;
    const { first, last } = this.#seen;
    const anchor = this.row(first)?.id;
    const answers = await this.#agree({ first, last }, first === 0);
    if (!answers) return;
    this.#take(answers);
    if (first === 0) {
      this.#follow(this.active);
      return;
    }
    const now = anchor === undefined ? undefined : this.#find(anchor);
    const added = now === undefined ? Math.max(0, (this.total ?? 0) - before) : now - first;
    if (added !== 0) {
      this.arrived += Math.max(0, added);
      this.active = Math.max(0, this.active + added);
      this.#screen.shift(added);
    }
    this.#follow(this.active);
  }

  /** Counts today's calls and all of them, for the line of facts. */
  async count(now: Date): Promise<void> {
    try {
      const [today, all] = await Promise.all([
        callsBlock({ ...everything, from: startOfDay(now).toISOString() }, 0),
        callsBlock(everything, 0),
      ]);
      this.counts = { today: today.total, all: all.total };
    } catch {
      // The list itself says what is wrong; without counts the line of facts is empty.
      this.counts = null;
    }
  }

  /** One more block of the edition that is here. */
  async #read(block: number): Promise<void> {
    if (this.#blocks.has(block) || this.#asked.has(block)) return;
    const generation = this.#generation;
    this.#asked.add(block);
    try {
      const answer = await callsBlock(this.filter(new Date()), block);
      if (generation !== this.#generation) return;
      if (answer.edition !== this.#edition) {
        void this.refresh();
        return;
      }
      const blocks = new Map(this.#blocks).set(block, answer.calls);
      const middle = Math.floor((this.#seen.first + this.#seen.last) / 2 / BLOCK);
      const near = [...blocks.keys()].sort((a, b) => Math.abs(a - middle) - Math.abs(b - middle)).slice(0, KEPT);
      this.#blocks = new Map(near.map((it) => [it, blocks.get(it) ?? []]));
      if (this.selected === null) this.selected = this.row(this.active)?.id ?? null;
    } catch (thrown) {
      if (generation === this.#generation) this.problem = problemOf(thrown);
    } finally {
      if (generation === this.#generation) this.#asked.delete(block);
    }
  }

  /** Blocks around `seen`, all of one edition; nothing where a newer question overtook this one or the answer failed. */
  async #agree(seen: { first: number; last: number }, isAtTop: boolean): Promise<CallBlock[] | null> {
    const generation = (this.#generation += 1);
    this.#asked.clear();
    const filter = this.filter(new Date());
    const before = this.total ?? 0;
    let wanted = blocksOf(seen.first, seen.last);
    try {
      for (let attempt = 0; attempt < TRIES; attempt += 1) {
        const answers = await Promise.all(wanted.map((block) => callsBlock(filter, block)));
        if (generation !== this.#generation) return null;
        const total = answers[0]?.total ?? 0;
        // Rows that came in above push the seen ones down: those have to be here as well.
        const added = isAtTop ? 0 : Math.max(0, total - before);
        const needed = blocksOf(seen.first, Math.min(seen.last + added, Math.max(0, total - 1)));
        const isOne = answers.every((it) => it.edition === answers[0]?.edition);
        if (isOne && needed.every((it) => wanted.includes(it))) return answers;
        wanted = needed;
      }
    } catch (thrown) {
      if (generation === this.#generation) this.problem = problemOf(thrown);
    }
    return null;
  }

  #take(answers: CallBlock[]): void {
    const [first] = answers;
    if (!first) return;
    this.#edition = first.edition;
    this.total = first.total;
    this.problem = null;
    this.#blocks = new Map(answers.map((it) => [Math.floor(it.first_row / BLOCK), it.calls]));
  }

  /** Keeps the selection on its call; where that is gone, on the nearest row. */
  #follow(fallback: number): void {
    const at = this.selected === null ? undefined : this.#find(this.selected);
    if (at !== undefined) this.active = at;
    else this.move(Math.max(0, Math.min(fallback, (this.total ?? 1) - 1)));
  }

  #find(id: string): number | undefined {
    for (const [block, calls] of this.#blocks) {
      const at = calls.findIndex((it) => it.id === id);
      if (at >= 0) return block * BLOCK + at;
    }
    return undefined;
  }
}

function blocksOf(first: number, last: number): number[] {
  const from = Math.floor(first / BLOCK);
  const to = Math.floor(Math.max(first, last) / BLOCK);
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}
