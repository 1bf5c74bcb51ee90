/** The customers of the address books, and the numbers that ring often and stand in none. */
import { callersUnknown, customersAdd, customersList } from "../../bridge/commands";
import { problemOf } from "../../bridge/problem";
import type { Customer } from "../../bridge/types/Customer";
import type { CustomerAdded } from "../../bridge/types/CustomerAdded";
import type { Problem } from "../../bridge/types/Problem";
import type { UnknownCaller } from "../../bridge/types/UnknownCaller";
import { startOfDay } from "../../format/time";

/** The most customers that are read at once; the search finds the others. */
export const MOST = 5_000;
/** How far back frequent callers are looked for, in days, and how many are shown. */
export const DAYS = 90;
const CALLERS = 6;

export class Customers {
  /** Whom the search finds, by reading; `null` until it was read. */
  found: Customer[] | null = $state.raw(null);
  /** How many there are in all, as far as they are read. */
  all: number | null = $state(null);
  callers: UnknownCaller[] = $state.raw([]);
  problem: Problem | null = $state.raw(null);
  search = $state("");
  selected: string | null = $state(null);
  readonly active = $derived(
    Math.max(
      0,
      (this.found ?? []).findIndex((it) => it.id === this.selected),
    ),
  );
  readonly current: Customer | undefined = $derived(this.found?.[this.active]);
  #asked = 0;

  async read(now: Date): Promise<void> {
    const asked = ++this.#asked;
    try {
      const [found, callers] = await Promise.all([
        customersList(this.search),
        callersUnknown(startOfDay(now, DAYS).toISOString(), CALLERS),
      ]);
      if (asked !== this.#asked) return;
      this.found = found;
      this.callers = callers;
      if (this.search.trim() === "") this.all = found.length;
      this.problem = null;
    } catch (thrown) {
      if (asked === this.#asked) this.problem = problemOf(thrown);
    }
  }

  move(index: number): void {
    this.selected = this.found?.[index]?.id ?? null;
  }
}

/** Somebody who rings often and is put into an address book, at most once. */
export class NewCaller {
  readonly caller: UnknownCaller;
  name = $state("");
  company = $state("");
  isSending = $state(false);
  /** Whether a press showed that the name is missing. */
  isPressed = $state(false);
  result: CustomerAdded | null = $state.raw(null);

  constructor(caller: UnknownCaller) {
    this.caller = caller;
    this.name = caller.party.name ?? "";
  }

  get isNameMissing(): boolean {
    return this.isPressed && this.name.trim() === "";
  }

  /** Whether it must not be sent again: it is there, or nobody knows whether it arrived. */
  get isSettled(): boolean {
    const { result } = this;
    return result !== null && (result.type !== "failed" || result.problem.code === "unknown_outcome");
  }

  /** Why it was not added, if it was tried. */
  get problem(): Problem | null {
    return this.result?.type === "failed" ? this.result.problem : null;
  }

  /** Sends it; the customer where it was added. */
  async send(connection: string): Promise<Customer | null> {
    this.isPressed = true;
    if (this.isSending || this.isSettled || this.name.trim() === "") return null;
    this.isSending = true;
    try {
      const company = this.company.trim();
      const [result] = await customersAdd(connection, [
        {
          name: this.name.trim(),
          kana: null,
          company: company === "" ? null : company,
          numbers: [this.caller.party.raw],
          email: null,
          address: null,
          note: null,
        },
      ]);
      this.result = result ?? null;
    } catch (thrown) {
      this.result = { type: "failed", problem: problemOf(thrown) };
    } finally {
      this.isSending = false;
    }
    return this.result?.type === "done" ? this.result.customer : null;
  }
}
