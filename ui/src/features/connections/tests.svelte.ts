/** The tests of connections: which run, and what the last of each found. */
import { SvelteMap, SvelteSet } from "svelte/reactivity";
import { connectionTest } from "../../bridge/commands";
import { problemOf } from "../../bridge/problem";
import type { CheckUp } from "../../bridge/types/CheckUp";
import type { Problem } from "../../bridge/types/Problem";

export class Tests {
  /** What the last test of a connection found. */
  readonly found = new SvelteMap<string, CheckUp>();
  /** Why a test could not be made at all. */
  readonly problems = new SvelteMap<string, Problem>();
  /** Connections that are being tested. */
  readonly running = new SvelteSet<string>();

  /** Tests one. */
  async run(id: string): Promise<void> {
    if (this.running.has(id)) return;
    this.running.add(id);
    this.problems.delete(id);
    try {
      this.found.set(id, await connectionTest(id));
    } catch (thrown) {
      this.problems.set(id, problemOf(thrown));
    } finally {
      this.running.delete(id);
    }
  }
}
