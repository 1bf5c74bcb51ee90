/** The people of every directory: read whole, narrowed by a search, one of them chosen; and what is not right with them. */
import { peopleHealth, peopleList, presencesRead } from "../../bridge/commands";
import { problemOf } from "../../bridge/problem";
import type { LinkedPerson } from "../../bridge/types/LinkedPerson";
import type { PeopleHealth } from "../../bridge/types/PeopleHealth";
import type { Problem } from "../../bridge/types/Problem";
import { maybeWhere } from "./facts";

export class People {
  /** Who the search finds, by name; `null` until it was read. */
  found: LinkedPerson[] | null = $state.raw(null);
  health: PeopleHealth | null = $state.raw(null);
  /** How many there are in all. */
  all: number | null = $state(null);
  problem: Problem | null = $state.raw(null);
  search = $state("");
  /** Whether only those whom every system knows are shown. */
  isLinkedOnly = $state(false);
  /** The chosen person, by any of their ids: linking changes which one names them. */
  selected: string | null = $state(null);
  /** How many directories there are; whoever is in all of them is linked. */
  readonly directories = $derived(
    new Set((this.found ?? []).flatMap((it) => it.identities.map((one) => one.connection))),
  );
  readonly maybe = $derived(maybeWhere(this.health));
  readonly shown: LinkedPerson[] = $derived(
    (this.found ?? []).filter((it) => !this.isLinkedOnly || it.identities.length >= this.#most),
  );
  /** Whom every system knows. */
  readonly linked = $derived((this.found ?? []).filter((it) => it.identities.length >= this.#most).length);
  readonly active = $derived(
    Math.max(
      0,
      this.shown.findIndex((it) => it.identities.some((one) => one.id === this.selected)),
    ),
  );
  readonly current: LinkedPerson | undefined = $derived(this.shown[this.active]);
  #asked = 0;
  readonly #collator: () => Intl.Collator;

  constructor(language: () => string) {
    this.#collator = () => new Intl.Collator(language());
  }

  get #most(): number {
    return Math.max(2, this.directories.size);
  }

  /** Reads everybody and the health lists. Only the last question counts. */
  async read(): Promise<void> {
    const asked = ++this.#asked;
    try {
      const [found, health] = await Promise.all([peopleList(this.search), peopleHealth()]);
      if (asked !== this.#asked) return;
      const { compare } = this.#collator();
      this.found = found.toSorted((a, b) => compare(a.name, b.name));
      if (this.search.trim() === "") this.all = found.length;
      this.health = health;
      this.problem = null;
    } catch (thrown) {
      if (asked === this.#asked) this.problem = problemOf(thrown);
    }
  }

  /** Asks who is there; without an answer nobody's presence is shown, and that is all. */
  async ask(): Promise<void> {
    try {
      await presencesRead();
    } catch {
      return;
    }
    await this.read();
  }

  /** Another row. */
  move(index: number): void {
    this.selected = this.shown[index]?.id ?? null;
  }
}
