/** Signing in with a user name and a password, and with a code where the system asks for one. */
import { connectionMailCode, connectionSignInByPassword } from "../../bridge/commands";
import { problemOf } from "../../bridge/problem";
import type { AskedCode } from "../../bridge/types/AskedCode";
import type { ConnectionView } from "../../bridge/types/ConnectionView";
import type { Problem } from "../../bridge/types/Problem";

export class PasswordSignIn {
  /** The code that the system asks for, once it does. */
  asked: AskedCode | null = $state.raw(null);
  code = $state("");
  isBusy = $state(false);
  /** Whether another code was just mailed. */
  wasMailed = $state(false);
  problem: Problem | null = $state.raw(null);

  /** Tries it; nothing where it failed or a code is asked for. */
  async run(id: string, user: string, password: string): Promise<ConnectionView | null> {
    if (this.isBusy) return null;
    this.isBusy = true;
    this.problem = null;
    this.wasMailed = false;
    const code = this.asked === null ? null : { method: this.asked.method, code: this.code.trim() };
    try {
      const answer = await connectionSignInByPassword(id, { user: user.trim(), password, code });
      if (answer.kind === "signed_in") {
        this.drop();
        return answer.connection;
      }
      this.asked = answer.code;
      this.code = "";
      if (answer.code.was_wrong)
        this.problem = { code: "signed_out", reason: "code_refused", words: "", message: "", wait_seconds: null };
    } catch (thrown) {
      this.problem = problemOf(thrown);
    } finally {
      this.isBusy = false;
    }
    return null;
  }

  /** Has a code mailed, which then is the one that is asked for. */
  async mail(id: string, user: string): Promise<void> {
    if (this.isBusy || this.asked === null) return;
    this.isBusy = true;
    this.problem = null;
    try {
      await connectionMailCode(id, user.trim());
      this.asked = { ...this.asked, method: "email" };
      this.code = "";
      this.wasMailed = true;
    } catch (thrown) {
      this.problem = problemOf(thrown);
    } finally {
      this.isBusy = false;
    }
  }

  /** Begins anew, and forgets what was entered. */
  drop(): void {
    this.asked = null;
    this.code = "";
    this.wasMailed = false;
    this.problem = null;
  }
}
