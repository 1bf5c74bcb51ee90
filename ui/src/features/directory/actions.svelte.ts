/** What can be done with the current person: writing, copying, linking, taking apart; and why something could not be done. */
import type { LinkedPerson } from "../../bridge/types/LinkedPerson";
import type { PersonPair } from "../../bridge/types/PersonPair";
import type { Problem } from "../../bridge/types/Problem";
import { reachNow } from "../../chat-reach";
import { composing } from "../../composing.svelte";
import { copyText } from "../../format/copy";
import { m } from "../../i18n";
import { toasts } from "../../parts/toast.svelte";
import { link, pairOf, separate } from "./decisions";
import { dialled } from "./facts";

export class PersonActions {
  /** Whether the dialog of links is open. */
  isLinking = $state(false);
  /** Why the last thing could not be done. */
  problem: Problem | null = $state.raw(null);
  /** Somebody whom no system can write to. */
  unreachable: string | null = $state(null);
  readonly #current: () => LinkedPerson | undefined;

  constructor(current: () => LinkedPerson | undefined) {
    this.#current = current;
  }

  /** Begins a message through the surest system. */
  async message(): Promise<void> {
    const person = this.#current();
    if (!person) return;
    const asked = await reachNow(person);
    this.unreachable = asked ? null : person.name;
    if (asked) composing.begin(asked);
  }

  /** Copies what a telephone dials. */
  async copy(): Promise<void> {
    const person = this.#current();
    const number = person ? dialled(person) : null;
    if (number === null) return;
    await copyText(number);
    toasts.done(m.people_copied({ number }));
  }

  openLinks(): void {
    this.isLinking = this.#current() !== undefined;
  }

  /** Links two people. */
  async link(one: LinkedPerson, other: LinkedPerson): Promise<void> {
    const pair = pairOf(one, other);
    if (pair) this.problem = await link([pair], { one: one.name, other: other.name });
  }

  /** Says that two people are not the same. */
  async apart(one: LinkedPerson, other: LinkedPerson): Promise<void> {
    const pair = pairOf(one, other);
    if (pair) this.problem = await separate([pair]);
  }

  /** Takes the one other identity apart; where there are several, a person chooses which. */
  async takeApart(): Promise<void> {
    const person = this.#current();
    const [first, second, third] = person?.identities ?? [];
    if (!first || !second) return;
    if (third) this.openLinks();
    else await this.takeOut({ one: second.id, other: first.id }, second.name);
  }

  /** Takes one identity out of a person. */
  async takeOut(pair: PersonPair, name: string): Promise<void> {
    this.problem = await separate([pair], name);
  }
}
