/** The missed calls to follow up: read once for the navigation and for Today, and again whenever something of them changes. */
import { followUpRestore, followUps, followUpSay } from "./bridge/commands";
import { problemOf } from "./bridge/problem";
import type { FollowUp } from "./bridge/types/FollowUp";
import type { FollowUpMark } from "./bridge/types/FollowUpMark";
import type { FollowUpStep } from "./bridge/types/FollowUpStep";
import type { Problem } from "./bridge/types/Problem";
import type { Worklist } from "./bridge/types/Worklist";
import { live } from "./live.svelte";

/** Changes that come close together are read once, in milliseconds: while a log is read for the first time they never end. */
const SETTLE = 400;

class MissedCalls {
  /** As it was last answered; the old one stays until the new one is there. */
  list: Worklist | null = $state.raw(null);
  /** Why it could not be read. */
  problem: Problem | null = $state.raw(null);
  #reading: Promise<void> | null = null;
  #isStale = false;
  #timer = 0;

  /** How many wait. */
  get waiting(): number {
    return this.list?.open_count ?? 0;
  }

  /** What a call waits in; `null` where it waits for nobody. */
  of(call: string): FollowUp | null {
    return this.list?.open.find((it) => it.calls.includes(call)) ?? null;
  }

  /** Says that somebody looks after it, that it is over, or that it waits again. Answers with how it stood before. */
  async say(it: FollowUp, step: FollowUpStep): Promise<FollowUpMark[]> {
    const former = await followUpSay(it.calls, step);
    await this.read();
    return former;
  }

  /** Puts back how it stood before. */
  async restore(it: FollowUp, former: FollowUpMark[]): Promise<void> {
    await followUpRestore(it.calls, former);
    await this.read();
  }

  /** Reads it, and from then on follows what changes; returns how to stop. */
  start(): () => void {
    void this.read();
    const stop = live.onChanged(["follow_ups", "calls", "people", "customers", "deliveries", "reservations"], () => {
      this.#soon();
    });
    return () => {
      stop();
      window.clearTimeout(this.#timer);
    };
  }

  /** Reads it now; who asks while it is read gets the answer to a question that was put after that. */
  async read(): Promise<void> {
    this.#isStale = true;
    this.#reading ??= this.#readAll().finally(() => (this.#reading = null));
    await this.#reading;
  }

  async #readAll(): Promise<void> {
    while (this.#isStale) {
      this.#isStale = false;
      try {
        this.list = await followUps();
        this.problem = null;
      } catch (thrown) {
        this.problem = problemOf(thrown);
      }
    }
  }

  #soon(): void {
    if (this.#timer !== 0) return;
    this.#timer = window.setTimeout(() => {
      this.#timer = 0;
      void this.read();
    }, SETTLE);
  }
}

export const worklist = new MissedCalls();
