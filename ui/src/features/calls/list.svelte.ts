/** The list of calls: the blocks that are here, and how they change without rows jumping. */
import { callPlace, callsBlock } from "../../bridge/commands";
import { problemOf } from "../../bridge/problem";
import type { Call } from "../../bridge/types/Call";
import type { CallBlock } from "../../bridge/types/CallBlock";
import type { CallFilter } from "../../bridge/types/CallFilter";
import type { CallPlace } from "../../bridge/types/CallPlace";
import type { Problem } from "../../bridge/types/Problem";
import { callsOf } from "../../first-calls";

/** Calls in one block. */
export const BLOCK = 100;
/** Blocks that are kept around those in sight. */
const KEPT = 12;
/** How often an answer may be of another edition than its neighbours before we wait for the next change. */
const TRIES = 4;
/** An answer that takes longer than this, in milliseconds, is marked as awaited. */
const LATE = 200;

/** What the table on screen does when the list under it changed. */
export interface Screen {
  /** So many rows came in above the seen ones, which have to stay where they are; fewer than 0 left. */
  shift: (rows: number) => void;
  /** Another list: begin at the top. */
  toTop: () => void;
  /** Another list with the selected call in it: bring its row into the middle. */
  show: (index: number) => void;
}

export class CallList {
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
  /** The first row in sight. */
  top = $state(0);
  /** Which state of the calls the rows are of. */
  edition = $state(0);
  /** Whether the answer to another filter is late. */
  isLate = $state(false);

  #blocks: ReadonlyMap<number, readonly Call[]> = $state.raw(new Map());
  #generation = 0;
  #seen = { first: 0, last: 30 };
  #asked = new Set<number>();
  /** Whether a person chose the current row; the first one is not chosen, it is only there. */
  #isChosen = false;
  /** Whether another filter waits for its first answer. */
  #isNarrowing = false;
  #screen: Screen;
  #filter: () => CallFilter;

  /** `filter` is what the list shows, asked anew for each reading; `first` its first block, where that is here already. */
  constructor(screen: Screen, filter: () => CallFilter, first: CallBlock | null = null) {
    this.#screen = screen;
    this.#filter = filter;
    if (first === null) return;
    this.#take([first]);
    this.#select(0);
  }

  /** The call at a row, if it is here. */
  row(index: number): Call | undefined {
    return this.#blocks.get(Math.floor(index / BLOCK))?.[index % BLOCK];
  }

  /** A person moves to a row. */
  move(index: number): void {
    this.#isChosen = true;
    this.#select(index);
  }

  /** These rows are in sight: reads what is missing of them. */
  see(first: number, last: number): void {
    this.#seen = { first, last };
    this.top = first;
    if (first === 0) this.arrived = 0;
    if (this.total === null || this.#isNarrowing) return;
    for (const block of blocksOf(first, Math.min(last, this.total - 1))) void this.#read(block);
  }

  /** Another filter: a new list, at the chosen call where that is in it, else from the top. The old rows stay until then. */
  async narrow(): Promise<void> {
    const generation = this.#begin();
    this.#isNarrowing = true;
    const late = setTimeout(() => (this.isLate = generation === this.#generation), LATE);
    try {
      const filter = this.#filter();
      const height = this.#seen.last - this.#seen.first;
      const kept = this.#isChosen ? this.selected : null;
      // Without a chosen call the rows are asked for at once.
      const place = kept === null ? null : await callPlace(filter, kept);
      if (generation !== this.#generation) return;
      const first = place === null ? 0 : Math.max(0, place.row - Math.floor(height / 2));
      const answers = await this.#agree(generation, filter, { first, last: first + height });
      if (!answers) return;
      this.#take(answers);
      if (place !== null && this.selected === kept) this.selected = place.id;
      const chosen = this.#isChosen ? this.selected : null;
      const at = chosen === null ? undefined : this.#find(chosen);
      // Another call was chosen meanwhile, or it moved away between two answers: its place has to be asked for again.
      if (chosen !== null && at === undefined && (chosen !== kept || place !== null)) {
        await this.narrow();
        return;
      }
      this.#isNarrowing = false;
      this.arrived = 0;
      if (at === undefined) {
        this.#isChosen = false;
        this.#seen = { first: 0, last: height };
        this.top = 0;
        this.#select(0);
        this.#screen.toTop();
        this.#fill();
      } else {
        this.active = at;
        this.#screen.show(at);
      }
    } catch (thrown) {
      if (generation === this.#generation) this.problem = problemOf(thrown);
    } finally {
      clearTimeout(late);
      if (generation === this.#generation) this.isLate = false;
    }
  }

  /** The calls changed: the seen rows again, of one edition, without moving them. */
  async refresh(): Promise<void> {
    if (this.#isNarrowing) return this.narrow();
    const generation = this.#begin();
    try {
      const filter = this.#filter();
      const { first, last } = this.#seen;
      let added = 0;
      let anchor: { id: string; row: number } | null = null;
      // The uppermost seen call that is still in the list says by how many rows the others moved.
      for (let row = first; first > 0 && row <= last && anchor === null; row += 1) {
        const id = this.row(row)?.id ?? null;
        const place = await placeOf(filter, id);
        if (generation !== this.#generation) return;
        if (id === null || place === null) continue;
        anchor = { id: place.id, row };
        added = place.row - row;
      }
      const answers = await this.#agree(generation, filter, { first: first + added, last: last + added });
      if (!answers) return;
      const before = this.total ?? 0;
      this.#take(answers);
      // Where none of the seen rows has come yet, what came or went did so above them.
      if (first > 0 && anchor === null) added = (this.total ?? 0) - before;
      const now = anchor && this.#find(anchor.id);
      if (anchor && now !== undefined && now !== null) added = now - anchor.row;
      if (added !== 0) {
        this.arrived = Math.max(0, this.arrived + added);
        this.active = Math.max(0, this.active + added);
        this.#seen = { first: Math.max(0, first + added), last: Math.max(0, last + added) };
        this.top = this.#seen.first;
        this.#screen.shift(added);
      }
      await this.#follow(generation, filter);
      if (generation === this.#generation) this.#fill();
    } catch (thrown) {
      if (generation === this.#generation) this.problem = problemOf(thrown);
    }
  }

  /** A question that overtakes all before it. */
  #begin(): number {
    this.#asked.clear();
    return (this.#generation += 1);
  }

  /** Reads what is missing of the seen rows. */
  #fill(): void {
    const end = Math.min(this.#seen.last, (this.total ?? 0) - 1);
    if (end >= 0) for (const block of blocksOf(Math.min(this.#seen.first, end), end)) void this.#read(block);
  }

  /** One more block of the edition that is here. */
  async #read(block: number): Promise<void> {
    if (this.#blocks.has(block) || this.#asked.has(block)) return;
    const generation = this.#generation;
    this.#asked.add(block);
    try {
      const answer = await callsBlock(this.#filter(), block);
      if (generation !== this.#generation) return;
      if (answer.edition !== this.edition) {
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

  /** Blocks around `seen`, all of one edition; nothing where a newer question overtook this one or no two answers agree. */
  async #agree(
    generation: number,
    filter: CallFilter,
    seen: { first: number; last: number },
  ): Promise<CallBlock[] | null> {
    let wanted = blocksOf(Math.max(0, seen.first), Math.max(0, seen.last));
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      const answers = await Promise.all(wanted.map((block) => callsOf(filter, block)));
      if (generation !== this.#generation) return null;
      const end = Math.max(0, (answers[0]?.total ?? 0) - 1);
      const height = seen.last - seen.first;
      // Where the list became shorter than what was seen, its end is in sight.
      const needed = blocksOf(Math.max(0, Math.min(seen.first, end - height)), Math.min(Math.max(0, seen.last), end));
      const isOne = answers.every((it) => it.edition === answers[0]?.edition);
      if (isOne && needed.every((it) => wanted.includes(it))) return answers;
      wanted = needed;
    }
    return null;
  }

  #take(answers: CallBlock[]): void {
    const [first] = answers;
    if (!first) return;
    this.edition = first.edition;
    this.total = first.total;
    this.problem = null;
    this.#blocks = new Map(answers.map((it) => [Math.floor(it.first_row / BLOCK), it.calls]));
  }

  /** Keeps the selection on its call, in sight or not; where that is gone, on the row that it had. */
  async #follow(generation: number, filter: CallFilter): Promise<void> {
    const id = this.selected;
    if (id !== null) {
      const row = this.#find(id);
      const at = row === undefined ? await placeOf(filter, id) : { row, id };
      if (generation !== this.#generation) return;
      if (at !== null) {
        // The person may have moved on meanwhile.
        if (this.selected === id) {
          this.active = at.row;
          this.selected = at.id;
        }
        return;
      }
      if (this.selected !== id) return;
    }
    this.#select(this.active);
  }

  #select(index: number): void {
    this.active = Math.max(0, Math.min(index, (this.total ?? 1) - 1));
    this.selected = this.row(this.active)?.id ?? null;
  }

  #find(id: string): number | undefined {
    for (const [block, calls] of this.#blocks) {
      const at = calls.findIndex((it) => it.id === id);
      if (at >= 0) return block * BLOCK + at;
    }
    return undefined;
  }
}

/** Where a call stands, if it is in the list, and the id that it has there. */
async function placeOf(filter: CallFilter, id: string | null): Promise<CallPlace | null> {
  return id === null ? null : callPlace(filter, id);
}

function blocksOf(first: number, last: number): number[] {
  const from = Math.floor(first / BLOCK);
  const to = Math.floor(Math.max(first, last) / BLOCK);
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}
