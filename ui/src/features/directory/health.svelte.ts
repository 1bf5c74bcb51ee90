/** The health lists: which one is shown, which entries are chosen, and what is done with them. */
import type { HealthList } from "../../bridge/types/HealthList";
import type { LinkedPerson } from "../../bridge/types/LinkedPerson";
import type { MaybeReason } from "../../bridge/types/MaybeReason";
import type { PeopleHealth } from "../../bridge/types/PeopleHealth";
import type { Problem } from "../../bridge/types/Problem";
import { link, pairOf, putAside, separate } from "./decisions";

/** A health list as the screen names it. */
export type List = "maybe" | HealthList;

/** One row: a person, or two who may be the same. */
export interface Entry {
  id: string;
  one: LinkedPerson;
  other: LinkedPerson | null;
  reason: MaybeReason | null;
}

const single = (one: LinkedPerson): Entry => ({ id: one.id, one, other: null, reason: null });

/** The rows of a list. */
export function entriesOf(health: PeopleHealth | null, list: List): Entry[] {
  if (health === null) return [];
  if (list !== "maybe") return health[list].map(single);
  return health.maybe.map((it) => ({ id: `${it.one.id} ${it.other.id}`, ...it }));
}

export class Health {
  list: List = $state("maybe");
  problem: Problem | null = $state.raw(null);
  /** The row of the keyboard, by id. */
  selected: string | null = $state(null);
  #chosen: ReadonlySet<string> = $state.raw(new Set());
  readonly #health: () => PeopleHealth | null;
  readonly entries: Entry[] = $derived.by(() => entriesOf(this.#health(), this.list));
  readonly chosen: Entry[] = $derived(this.entries.filter((it) => this.#chosen.has(it.id)));
  readonly active = $derived(
    Math.max(
      0,
      this.entries.findIndex((it) => it.id === this.selected),
    ),
  );
  readonly current: Entry | undefined = $derived(this.entries[this.active]);
  /** What an action is about: the chosen rows, else the one of the keyboard. */
  readonly meant: Entry[] = $derived(this.chosen.length > 0 ? this.chosen : this.current ? [this.current] : []);
  /** People of this list that were put aside. */
  readonly aside: string[] = $derived.by(() =>
    (this.#health()?.put_aside ?? []).filter((it) => it.list === this.list).map((it) => it.person),
  );

  constructor(health: () => PeopleHealth | null) {
    this.#health = health;
  }

  /** Shows another list; nothing of it is chosen. */
  show(list: List): void {
    this.list = list;
    this.#chosen = new Set();
    this.selected = null;
    this.problem = null;
  }

  isChosen(entry: Entry): boolean {
    return this.#chosen.has(entry.id);
  }

  toggle(entry: Entry): void {
    const chosen = new Set(this.#chosen);
    if (!chosen.delete(entry.id)) chosen.add(entry.id);
    this.#chosen = chosen;
  }

  chooseAll(isChosen: boolean): void {
    this.#chosen = new Set(isChosen ? this.entries.map((it) => it.id) : []);
  }

  move(index: number): void {
    this.selected = this.entries[index]?.id ?? null;
  }

  /** Links every pair that is meant. */
  async link(): Promise<void> {
    await this.#decide(link);
  }

  /** Says of every pair that is meant that it is two people. */
  async separate(): Promise<void> {
    await this.#decide(separate);
  }

  /** Puts everybody aside who is meant. */
  async putAside(): Promise<void> {
    if (this.list === "maybe" || this.meant.length === 0) return;
    this.#done(
      await putAside(
        this.meant.map((it) => it.one.id),
        this.list,
        true,
      ),
    );
  }

  /** Lists everybody again who was put aside. */
  async listAgain(): Promise<void> {
    if (this.list === "maybe" || this.aside.length === 0) return;
    this.#done(await putAside(this.aside, this.list, false));
  }

  async #decide(what: typeof link | typeof separate): Promise<void> {
    const pairs = this.meant.flatMap((it) => {
      const pair = it.other ? pairOf(it.one, it.other) : null;
      return pair ? [pair] : [];
    });
    if (pairs.length > 0) this.#done(await what(pairs));
  }

  #done(problem: Problem | null): void {
    this.problem = problem;
    if (problem === null) this.#chosen = new Set();
  }
}
