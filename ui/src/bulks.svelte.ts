/** How many rows of all bulk sends wait for a decision, for the navigation. */
import { bulkList } from "./bridge/commands";
import { live } from "./live.svelte";

/** Changes that come close together are read once, in milliseconds. */
const SETTLE = 400;

class Bulks {
  /** Rows of which only a person can tell what became. */
  decisions = $state(0);
  #settling = 0;

  /** Reads now and whenever plans change. */
  start(): void {
    void this.#read();
    live.onChanged(["bulks"], () => {
      if (this.#settling !== 0) return;
      this.#settling = window.setTimeout(() => {
        this.#settling = 0;
        void this.#read();
      }, SETTLE);
    });
  }

  async #read(): Promise<void> {
    // Where the plans cannot be read, their own view says why.
    const all = await bulkList().catch(() => null);
    if (all) this.decisions = all.reduce((sum, it) => sum + it.counts.unknown, 0);
  }
}

export const bulks = new Bulks();
