/** Bulk sending on screen: the plans, the one that is open with its rows, and what a person does with it. */
import {
  bulkDecide,
  bulkExport,
  bulkGet,
  bulkList,
  bulkPause,
  bulkPlan,
  bulkRemove,
  bulkRetry,
  bulkRun,
  bulkStop,
  bulkTest,
  deliveriesList,
} from "../../bridge/commands";
import { problemOf } from "../../bridge/problem";
import type { Bulk } from "../../bridge/types/Bulk";
import type { BulkDecision } from "../../bridge/types/BulkDecision";
import type { BulkDraft } from "../../bridge/types/BulkDraft";
import type { BulkProblemKind } from "../../bridge/types/BulkProblemKind";
import type { BulkRow } from "../../bridge/types/BulkRow";
import type { BulkShow } from "../../bridge/types/BulkShow";
import type { Delivery } from "../../bridge/types/Delivery";
import type { Exported } from "../../bridge/types/Exported";
import type { Problem } from "../../bridge/types/Problem";
import type { RefusedDraft } from "../../bridge/types/RefusedDraft";
import { Rows } from "./rows.svelte";

export class Bulks {
  /** Every plan, newest first; `null` until the first answer. */
  list: Bulk[] | null = $state.raw(null);
  /** The plan that is open. */
  #id = $state("");
  /** Why something could not be had or done. */
  problem: Problem | null = $state.raw(null);
  /** Whether the program is being asked to do something. */
  isBusy = $state(false);
  /** Rows of which only a person can tell what became, newest first; a few. */
  doubtful: BulkRow[] = $state.raw([]);
  /** The last test of the open plan, which went to nobody but the person who plans. */
  tested: Delivery[] = $state.raw([]);
  /** Where there is no address of one's own for a test; nothing was sent then. */
  untested: RefusedDraft[] = $state.raw([]);
  readonly rows = new Rows(() => this.#id);

  readonly bulk: Bulk | null = $derived(this.list?.find((it) => it.id === this.#id) ?? null);
  /** Rows of all plans that wait for a decision. */
  readonly decisions = $derived((this.list ?? []).reduce((sum, it) => sum + it.counts.unknown, 0));

  /** Reads the plans; the newest one that is not over is open at the start. */
  async start(): Promise<void> {
    await this.read();
    const open = this.list?.find((it) => it.state !== "done" && it.state !== "stopped");
    if (this.#id === "" && open) await this.open(open.id);
  }

  /** Reads how the plans stand, and the rows in sight of the open one. */
  async read(): Promise<void> {
    try {
      this.list = await bulkList();
      this.problem = null;
    } catch (thrown) {
      this.problem = problemOf(thrown);
    }
    await Promise.all([this.rows.again(), this.#readDoubtful(), this.#readTested()]);
  }

  async open(id: string): Promise<void> {
    this.#id = id;
    this.#forget();
    await Promise.all([this.rows.choose("all"), this.#readDoubtful()]);
  }

  /** Goes back to the list of plans. */
  leave(): void {
    this.#id = "";
    this.#forget();
  }

  async show(show: BulkShow): Promise<void> {
    await this.rows.choose(show);
  }

  /** Only the rows with what was found beforehand. */
  async showFound(kind: BulkProblemKind): Promise<void> {
    await this.rows.choose("all", kind);
  }

  /** Looks messages through and opens the plan; whether that went well. */
  async plan(draft: BulkDraft): Promise<boolean> {
    const made = await this.#do(() => bulkPlan(draft));
    if (!made) return false;
    await this.read();
    await this.open(made.id);
    return true;
  }

  /** Sends one message of each connection, that of the current row where it is one, to nobody but the person who plans. */
  async test(): Promise<void> {
    const id = this.#id;
    const row = this.rows.current?.position ?? null;
    const handed = await this.#do(() => bulkTest(id, row));
    if (!handed || id !== this.#id) return;
    this.tested = handed.deliveries;
    this.untested = handed.refused;
    await this.read();
  }

  async run(): Promise<void> {
    await this.#change(bulkRun);
  }

  async pause(): Promise<void> {
    await this.#change(bulkPause);
  }

  async stop(): Promise<void> {
    await this.#change(bulkStop);
  }

  /** Sends again what was refused. What is unknown is never among it: a person decides on each. */
  async retry(): Promise<void> {
    await this.#change((id) => bulkRetry(id, false));
  }

  async decide(row: BulkRow, decision: BulkDecision): Promise<void> {
    const id = this.#id;
    if (await this.#do(() => bulkDecide(id, row.position, decision))) await this.read();
  }

  /** Forgets a plan of which nothing was sent. */
  async remove(): Promise<void> {
    const id = this.#id;
    const gone = await this.#do(async () => {
      await bulkRemove(id);
      return true;
    });
    if (!gone) return;
    this.leave();
    await this.read();
  }

  /** Writes every row to a file; `null` where that failed. */
  async export(name: string, headings: string[], words: Record<string, string>): Promise<Exported | null> {
    const bulk = this.#id;
    return await this.#do(() => bulkExport({ bulk, name, format: "csv", encoding: "utf-8-bom", headings, words }));
  }

  async #change(act: (id: string) => Promise<Bulk>): Promise<void> {
    const id = this.#id;
    const changed = await this.#do(() => act(id));
    if (changed) this.list = (this.list ?? []).map((it) => (it.id === id ? changed : it));
    else await this.#readOne(id);
  }

  async #readOne(id: string): Promise<void> {
    const { problem } = this;
    const now = await bulkGet(id).catch(() => null);
    if (now) this.list = (this.list ?? []).map((it) => (it.id === id ? now : it));
    this.problem = problem;
  }

  async #do<T>(act: () => Promise<T>): Promise<T | null> {
    if (this.isBusy) return null;
    this.isBusy = true;
    this.problem = null;
    try {
      return await act();
    } catch (thrown) {
      this.problem = problemOf(thrown);
      return null;
    } finally {
      this.isBusy = false;
    }
  }

  #forget(): void {
    this.doubtful = [];
    this.tested = [];
    this.untested = [];
  }

  async #readTested(): Promise<void> {
    if (this.tested.length === 0) return;
    // What cannot be read now is read again with the next change.
    const all = await deliveriesList().catch(() => []);
    this.tested = this.tested.map((old) => all.find((it) => it.id === old.id) ?? old);
  }

  async #readDoubtful(): Promise<void> {
    const bulk = this.bulk;
    if (!bulk || bulk.counts.unknown === 0) {
      this.doubtful = [];
      return;
    }
    this.doubtful = await this.rows.doubtful();
  }
}
