/** How many changes of administration records are staged, for the navigation. */
import { stagesList } from "./bridge/commands";
import { live } from "./live.svelte";

class StagedCount {
  count = $state(0);

  /** Reads it, and from then on follows what changes; returns how to stop. */
  start(): () => void {
    void this.#read();
    return live.onChanged(["stages"], () => void this.#read());
  }

  async #read(): Promise<void> {
    try {
      const lists = await Promise.all(live.able("records").map((it) => stagesList(it.id)));
      this.count = lists.reduce((sum, it) => sum + it.length, 0);
    } catch {
      // The view itself says why; a figure that is not known is none.
      this.count = 0;
    }
  }
}

export const staged = new StagedCount();
