/** Making one web-conference link: until when, with which password, through which connection, once. */
import { quickCallCreate } from "./bridge/commands";
import { problemOf } from "./bridge/problem";
import type { Problem } from "./bridge/types/Problem";
import type { QuickCall } from "./bridge/types/QuickCall";

export class LinkMaker {
  password = $state("");
  isBusy = $state(false);
  /** What the system answered. */
  made: QuickCall | null = $state.raw(null);
  problem: Problem | null = $state.raw(null);

  /** Asks for the link; a second press while it is on its way, or after it came, does nothing. */
  async create(connection: string, until: number): Promise<void> {
    if (this.isBusy || this.made) return;
    this.isBusy = true;
    this.problem = null;
    try {
      this.made = await quickCallCreate(connection, new Date(until).toISOString(), this.password);
      this.password = "";
    } catch (thrown) {
      this.problem = problemOf(thrown);
    } finally {
      this.isBusy = false;
    }
  }
}
