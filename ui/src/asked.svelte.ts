/** What the window is asked to show, by another window or by a link, until the view that can show it has taken it. */
import { followGo } from "./bridge/events";
import type { Go } from "./bridge/types/Go";

/** What the list of calls shows. */
export type GoCalls = Extract<Go, { what: "call" | "number" | "add_customer" | "message" }>;

/** Whether the list of calls shows it. */
export function isOfCalls(to: Go): to is GoCalls {
  return to.what === "call" || to.what === "number" || to.what === "add_customer" || to.what === "message";
}

class Asked {
  /** The last that was asked for and not shown yet. */
  to: Go | null = $state.raw(null);

  /** Listens from now on; `onask` brings up the view. */
  async start(onask: (to: Go) => void): Promise<void> {
    await followGo((to) => {
      this.to = to;
      onask(to);
    });
  }
}

export const asked = new Asked();
