/** The last calls of a person or a customer, newest first; only the last question counts. */
import { callsBlock } from "../../bridge/commands";
import { everything } from "../../bridge/everything";
import { problemOf } from "../../bridge/problem";
import type { Call } from "../../bridge/types/Call";
import type { CallFilter } from "../../bridge/types/CallFilter";
import type { LinkedPerson } from "../../bridge/types/LinkedPerson";
import type { Problem } from "../../bridge/types/Problem";

/** How many are shown. */
const SHOWN = 5;

export class LastCalls {
  /** `null` until they were read. */
  calls: Call[] | null = $state.raw(null);
  problem: Problem | null = $state.raw(null);
  #asked = 0;

  /** Those that a person took part in, by any identity at a connection that has calls. */
  ofPerson(person: LinkedPerson, phones: ReadonlySet<string>): Promise<void> {
    const identities = person.identities.filter((it) => phones.has(it.connection));
    return this.#read(identities.map((it) => ({ ...everything, person: it.id })));
  }

  /** Those with a customer. */
  ofCustomer(id: string): Promise<void> {
    return this.#read([{ ...everything, customer: id }]);
  }

  async #read(filters: CallFilter[]): Promise<void> {
    const asked = ++this.#asked;
    try {
      const blocks = await Promise.all(filters.map((it) => callsBlock(it, 0)));
      if (asked !== this.#asked) return;
      const calls = blocks.flatMap((it) => it.calls);
      const once = calls.filter((it, at) => calls.findIndex((other) => other.id === it.id) === at);
      this.calls = once.toSorted((a, b) => (b.started_at ?? "").localeCompare(a.started_at ?? "")).slice(0, SHOWN);
      this.problem = null;
    } catch (thrown) {
      if (asked === this.#asked) this.problem = problemOf(thrown);
    }
  }
}
