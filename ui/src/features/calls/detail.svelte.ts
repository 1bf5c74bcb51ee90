/** The call in the detail pane: what is known of it at once, and the rest when it comes. */
import { callShow } from "../../bridge/commands";
import { problemOf } from "../../bridge/problem";
import type { CallDetail } from "../../bridge/types/CallDetail";
import type { Problem } from "../../bridge/types/Problem";

export class ShownCall {
  /** Everything about the call; of the one before until the new one is here. */
  detail: CallDetail | null = $state.raw(null);
  /** Why it could not be read. */
  problem: Problem | null = $state.raw(null);
  #id: string | null = null;

  /** Shows another call, or the same one again after a change. */
  async show(id: string | null): Promise<void> {
    if (id !== this.#id) {
      this.detail = null;
      this.problem = null;
    }
    this.#id = id;
    if (id === null) return;
    try {
      const detail = await callShow(id);
      if (id !== this.#id) return;
      this.detail = detail;
      this.problem = null;
    } catch (thrown) {
      if (id === this.#id) this.problem = problemOf(thrown);
    }
  }
}
