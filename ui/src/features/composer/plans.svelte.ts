/** Messages that are to leave later: read once, and again whenever one of them changes. */
import { planDrop, planMove, plans, planSend } from "../../bridge/commands";
import { problemOf } from "../../bridge/problem";
import type { Planned } from "../../bridge/types/Planned";
import type { Problem } from "../../bridge/types/Problem";
import { live } from "../../live.svelte";

export class PlanBook {
  list: Planned[] = $state.raw([]);
  problem: Problem | null = $state.raw(null);
  /** The plan that something is done with now, by its id. */
  busy = $state("");
  /** Those whose time passed: they wait for a person. */
  readonly missed = $derived(this.list.filter((it) => it.is_missed).length);

  /** Reads them, and follows what changes; returns how to stop. */
  start(): () => void {
    void this.#read();
    return live.onChanged(["planned"], () => void this.#read());
  }

  /** Sends one now. */
  async send(plan: Planned): Promise<void> {
    await this.#do(plan, async () => {
      const { refused } = await planSend(plan.id);
      // The first of them says enough: all or none are sent.
      this.problem = refused[0]?.problem ?? null;
    });
  }

  /** Gives one another time. */
  async move(plan: Planned, at: Date): Promise<void> {
    await this.#do(plan, () => planMove(plan.id, at.toISOString()));
  }

  /** Takes one out without sending it. */
  async drop(plan: Planned): Promise<void> {
    await this.#do(plan, () => planDrop(plan.id));
  }

  async #do(plan: Planned, act: () => Promise<unknown>): Promise<void> {
    if (this.busy !== "") return;
    this.busy = plan.id;
    this.problem = null;
    try {
      await act();
    } catch (thrown) {
      this.problem = problemOf(thrown);
    } finally {
      this.busy = "";
    }
    await this.#read();
  }

  async #read(): Promise<void> {
    try {
      this.list = await plans();
    } catch (thrown) {
      this.problem = problemOf(thrown);
    }
  }
}

/** An instant as a field for date and time takes it, by the computer's clock. */
export function forField(at: Date): string {
  const two = (it: number): string => String(it).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;
}
