/** What the computer lets the program do outside its windows. */
import { followReach } from "./bridge/events";
import type { Reach } from "./bridge/types/Reach";

class Outside {
  /** As it was last told; nothing until then. */
  current: Reach | null = $state.raw(null);
  #isStarted = false;

  /** Follows it from the first call on. */
  async start(): Promise<void> {
    if (this.#isStarted) return;
    this.#isStarted = true;
    await followReach((reach) => (this.current = reach));
  }
}

export const outside = new Outside();
