/** Decisions about deliveries whose outcome nobody knows or that wait for a sign-in, one at a time. */
import { outboxAgain, outboxAsk, outboxDecide, outboxWithdraw } from "../../bridge/commands";
import { problemOf } from "../../bridge/problem";
import type { Delivery } from "../../bridge/types/Delivery";
import type { Problem } from "../../bridge/types/Problem";
import { live } from "../../live.svelte";

/** What a person does about it. */
export type Decision = "ask" | "arrived" | "again" | "withdraw";

export class Doubts {
  /** The delivery that is being decided about; empty where none is. */
  busy = $state("");
  /** What stood in the way, with the delivery that it was about. */
  trouble: { id: string; problem: Problem } | null = $state.raw(null);
  /** The delivery of which its system did not know more either. */
  stillUnknown = $state("");
  /** Whether the system behind a delivery knows our ids, or the file that went with it. */
  canAsk(delivery: Delivery): boolean {
    const abilities = live.systemOf(delivery.connection)?.abilities ?? [];
    return abilities.includes("finds_sent") || (delivery.file !== undefined && abilities.includes("files"));
  }

  /** Does it, once; a second press meanwhile does nothing. */
  async decide(delivery: Delivery, what: Decision): Promise<void> {
    if (this.busy !== "") return;
    this.busy = delivery.id;
    this.trouble = null;
    this.stillUnknown = "";
    try {
      const now = await this.#run(delivery.id, what);
      if (what === "ask" && now.state === "unknown") this.stillUnknown = delivery.id;
    } catch (thrown) {
      this.trouble = { id: delivery.id, problem: problemOf(thrown) };
    } finally {
      this.busy = "";
    }
  }

  #run(id: string, what: Decision): Promise<Delivery> {
    switch (what) {
      case "ask":
        return outboxAsk(id);
      case "arrived":
        return outboxDecide(id, true);
      case "again":
        return outboxAgain(id);
      case "withdraw":
        return outboxWithdraw(id);
      default:
        return what satisfies never;
    }
  }
}
