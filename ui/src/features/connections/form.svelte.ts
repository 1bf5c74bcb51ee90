/** What is entered to make a connection. */
import { connectionAdd } from "../../bridge/commands";
import { problemOf } from "../../bridge/problem";
import type { About } from "../../bridge/types/About";
import type { Field } from "../../bridge/types/Field";
import type { ConnectionView } from "../../bridge/types/ConnectionView";
import type { Problem } from "../../bridge/types/Problem";

/** How a person signs in: with the page of the system, with a user name and a password, or with a key that they paste. */
export type Way = "browser" | "password" | "key";

/** Reasons that are about the address. */
const ofAddress = ["bad_address", "plain_http", "host_not_found"];

export class ConnectionForm {
  name = $state("");
  url = $state("");
  /** How to sign in, where the system leaves the choice. */
  way: Way = $state("browser");
  /** Settings and secrets by key; dropped when the connection is made and signed in. */
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
    if (about.signs_in_by_password) Object.assign(this.values, { user: "", password: "" });
    this.way = about.signs_in_by_browser ? "browser" : about.signs_in_by_password ? "password" : "key";
    this.allowHttp = false;
    this.problem = null;
  }

  /** What is asked for in the chosen way to sign in. */
  fields(about: About): Field[] {
    const isAsked: Record<Field["origin"], boolean> = {
      typed: true,
      typed_instead: this.way === "key",
      typed_for_sign_in: this.way === "browser",
      sign_in: false,
    };
    return about.fields.filter((it) => isAsked[it.origin]);
  }

  /** Whether a field must not stay empty: a key that takes the place of the browser is needed once it is chosen. */
  isRequired(field: Field): boolean {
    return field.is_required || field.origin === "typed_instead";
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
    if (problem.reason === "password_refused") return "password";
    if (problem.reason === "port_taken" && "redirect-uri" in this.values) return "redirect-uri";
    return problem.words in this.values || problem.words === "url" || problem.words === "name" ? problem.words : null;
  }

  /** Drops everything that was entered. */
  drop(): void {
    this.values = {};
  }

  /** Makes the connection; nothing where it was refused. */
  async send(about: About): Promise<ConnectionView | null> {
    if (this.isBusy) return null;
    this.problem = null;
    const fields = this.fields(about);
    const isEmpty = (key: string): boolean => (this.values[key] ?? "").trim() === "";
    const needed = this.way === "password" ? ["user", "password"] : [];
    // What every way needs is asked for by the program itself.
    const further = fields.filter((it) => this.isRequired(it) && !it.is_required).map((it) => it.key);
    const empty = [...needed, ...further].find(isEmpty);
    if (empty !== undefined) {
      this.problem = { code: "invalid", reason: "missing", words: empty, message: "", wait_seconds: null };
      return null;
    }
    this.isBusy = true;
    const pick = (isSecret: boolean): Record<string, string> =>
      Object.fromEntries(
        fields
          .filter((it) => it.is_secret === isSecret)
          .map((it): [string, string] => [it.key, (this.values[it.key] ?? "").trim()])
          .filter(([, value]) => value !== ""),
      );
    try {
      return await connectionAdd({
        system: about.id,
        name: this.name.trim(),
        url: this.url.trim(),
        settings: pick(false),
        secrets: pick(true),
        allow_http: this.allowHttp,
      });
    } catch (thrown) {
      this.problem = problemOf(thrown);
      return null;
    } finally {
      this.isBusy = false;
    }
  }
}
