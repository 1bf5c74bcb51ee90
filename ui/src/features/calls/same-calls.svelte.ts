/** Which records of several connections are one call, as a person says it; each saying can be taken back. */
import { callJoin, callsBeside, callSeparate } from "../../bridge/commands";
import { problemOf } from "../../bridge/problem";
import type { Call } from "../../bridge/types/Call";
import type { Problem } from "../../bridge/types/Problem";
import { m } from "../../i18n";
import { toasts } from "../../parts/toast.svelte";

export class SameCalls {
  /** Calls of other connections about the same time. */
  beside: Call[] = $state.raw([]);
  /** Whether one of them is being chosen. */
  isChoosing = $state(false);
  isBusy = $state(false);
  problem: Problem | null = $state.raw(null);
  #id: string | null = null;

  /** Looks for calls beside this one. */
  async look(id: string): Promise<void> {
    if (id !== this.#id) {
      this.beside = [];
      this.isChoosing = false;
      this.problem = null;
    }
    this.#id = id;
    try {
      const found = await callsBeside(id);
      if (id === this.#id) this.beside = found;
    } catch (thrown) {
      if (id === this.#id) this.problem = problemOf(thrown);
    }
  }

  /** Says that two records are one call. */
  async join(id: string, other: string): Promise<void> {
    const isDone = await this.#say(() => callJoin(id, other));
    if (!isDone) return;
    this.isChoosing = false;
    toasts.done(m.call_detail_joined(), {
      label: m.frame_undo(),
      run: () => void this.#say(() => callSeparate(id, other)),
    });
  }

  /** Says that two records are two calls. */
  async separate(id: string, other: string): Promise<void> {
    const isDone = await this.#say(() => callSeparate(id, other));
    if (!isDone) return;
    toasts.done(m.call_detail_separated(), {
      label: m.frame_undo(),
      run: () => void this.#say(() => callJoin(id, other)),
    });
  }

  async #say(saying: () => Promise<unknown>): Promise<boolean> {
    if (this.isBusy) return false;
    this.isBusy = true;
    try {
      await saying();
      this.problem = null;
      return true;
    } catch (thrown) {
      this.problem = problemOf(thrown);
      return false;
    } finally {
      this.isBusy = false;
    }
  }
}
