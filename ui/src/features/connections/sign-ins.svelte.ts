/** Sign-ins with the browser: which are waited for, and why the last one of a connection failed. */
import { SvelteMap, SvelteSet } from "svelte/reactivity";
import { connectionSignIn, connectionSignInCancel } from "../../bridge/commands";
import { problemOf } from "../../bridge/problem";
import type { ConnectionView } from "../../bridge/types/ConnectionView";
import type { Problem } from "../../bridge/types/Problem";
import { language, m } from "../../i18n";

class SignIns {
  /** Connections whose person is in the browser. */
  readonly waiting = new SvelteSet<string>();
  /** Why the last sign-in of a connection failed. */
  readonly problems = new SvelteMap<string, Problem>();

  /** Opens the browser and waits; nothing where it failed or was given up. */
  async run(id: string): Promise<ConnectionView | null> {
    if (this.waiting.has(id)) return null;
    this.waiting.add(id);
    this.problems.delete(id);
    try {
      return await connectionSignIn(id, language.current, m.connections_sign_in_farewell());
    } catch (thrown) {
      this.problems.set(id, problemOf(thrown));
      return null;
    } finally {
      this.waiting.delete(id);
    }
  }

  /** Gives it up; whoever waits for it is told. */
  async giveUp(id: string): Promise<void> {
    await connectionSignInCancel(id);
  }
}

export const signIns = new SignIns();
