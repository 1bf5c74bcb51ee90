/** What is entered to make a connection. */
import { connectionAdd } from "../../bridge/commands";
import { problemOf } from "../../bridge/problem";
import type { About } from "../../bridge/types/About";
import type { ConnectionView } from "../../bridge/types/ConnectionView";
import type { Problem } from "../../bridge/types/Problem";

/** Reasons that are about the address. */
const ofAddress = ["bad_address", "plain_http", "host_not_found"];

export class ConnectionForm {
  name = $state("");
  url = $state("");
  /** Settings and secrets by key. Secrets leave with the form and are dropped then. */
  values: Record<string, string> = $state({});
  /** Whether plain http was agreed to. */
  allowHttp = $state(false);
  isBusy = $state(false);
  problem: Problem | null = $state.raw(null);

  /** Begins for a kind of system. */
  begin(about: About): void {
    this.name = "";
    this.url = about.url_default;
    this.values = Object.fromEntries(about.fields.map((it) => [it.key, ""]));
    this.allowHttp = false;
    this.problem = null;
  }

  /** Whether the program asked for agreement to plain http. */
  get asksConsent(): boolean {
    return this.problem?.reason === "plain_http" || this.allowHttp;
  }

  /** The part of the form that the problem is about: `name`, `url` or a field's key. */
  get culprit(): string | null {
    const { problem } = this;
    if (!problem) return null;
    if (ofAddress.includes(problem.reason)) return "url";
    if (problem.reason === "name_taken") return "name";
    return problem.words in this.values || problem.words === "url" || problem.words === "name" ? problem.words : null;
  }

  /** Makes the connection; nothing where it was refused. */
  async send(about: About): Promise<ConnectionView | null> {
    if (this.isBusy) return null;
    this.isBusy = true;
    this.problem = null;
    const pick = (isSecret: boolean): Record<string, string> =>
      Object.fromEntries(
        about.fields
          .filter((it) => it.is_secret === isSecret)
          .map((it): [string, string] => [it.key, (this.values[it.key] ?? "").trim()])
          .filter(([, value]) => value !== ""),
      );
    try {
      const made = await connectionAdd({
        system: about.id,
        name: this.name.trim(),
        url: this.url.trim(),
        settings: pick(false),
        secrets: pick(true),
        allow_http: this.allowHttp,
      });
      this.values = {};
      return made;
    } catch (thrown) {
      this.problem = problemOf(thrown);
      return null;
    } finally {
      this.isBusy = false;
    }
  }
}
