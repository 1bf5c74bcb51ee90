/** A customer that is being added to an address book: what is typed, and what became of it. It is sent at most once at a time. */
import { customersAdd } from "../../bridge/commands";
import { problemOf } from "../../bridge/problem";
import type { Customer } from "../../bridge/types/Customer";
import type { CustomerAdded } from "../../bridge/types/CustomerAdded";
import { customerOf, faultsOf, formOf, isSound, type CustomerForm } from "./new-customer";

export class Adding {
  form: CustomerForm = $state(formOf(""));
  isSending = $state(false);
  /** Whether it was tried, so that faults are shown. */
  isTried = $state(false);
  /** What became of it. */
  result: CustomerAdded | null = $state.raw(null);

  constructor(number: string, name: string | null) {
    this.form = formOf(number, name);
  }

  get faults(): ReturnType<typeof faultsOf> {
    return faultsOf(this.form);
  }

  /** Whether it must not be sent again: somebody has the number, or nobody knows whether it arrived. */
  get isSettled(): boolean {
    const { result } = this;
    return result !== null && (result.type !== "failed" || result.problem.code === "unknown_outcome");
  }

  /** Sends it; the customer, where it was added. A second press while an answer is awaited does nothing. */
  async send(connection: string): Promise<Customer | null> {
    if (this.isSending || this.isSettled) return null;
    this.isTried = true;
    if (!isSound(this.faults)) return null;
    this.isSending = true;
    try {
      const [result] = await customersAdd(connection, [customerOf(this.form)]);
      this.result = result ?? null;
    } catch (thrown) {
      this.result = { type: "failed", problem: problemOf(thrown) };
    } finally {
      this.isSending = false;
    }
    return this.result?.type === "done" ? this.result.customer : null;
  }
}
