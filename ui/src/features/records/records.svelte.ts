/** The records of a telephone service: the resource that is open, its rows in sight, and what is staged and committed. */
import {
  recordsBlock,
  recordsRead,
  recordsResources,
  stageAgain,
  stageCopies,
  stageDeletes,
  stageJson,
  stageNew,
  stageOwnLink,
  stageResolve,
  stagesCommit,
  stagesDone,
  stagesDrop,
  stagesList,
  stagesPreview,
  stagesPutBack,
  stageTexts,
  stageUndo,
} from "../../bridge/commands";
import { problemOf } from "../../bridge/problem";
import type { CommitReport } from "../../bridge/types/CommitReport";
import type { Done } from "../../bridge/types/Done";
import type { Problem } from "../../bridge/types/Problem";
import type { RecordColumn } from "../../bridge/types/RecordColumn";
import type { RecordRow } from "../../bridge/types/RecordRow";
import type { RecordsBlock } from "../../bridge/types/RecordsBlock";
import type { RequestPreview } from "../../bridge/types/RequestPreview";
import type { Resource } from "../../bridge/types/Resource";
import type { Staged } from "../../bridge/types/Staged";
import type { StageTarget } from "../../bridge/types/StageTarget";
import { live } from "../../live.svelte";
import { idOf } from "./row";

/** Rows of a block. */
const BLOCK = 100;

export class Records {
  readonly connections = $derived(live.able("records"));
  #chosen = $state("");
  /** The connection that is looked after. */
  readonly connection = $derived(
    this.connections.find((it) => it.id === this.#chosen)?.id ?? this.connections[0]?.id ?? "",
  );
  resources: Resource[] = $state.raw([]);
  /** Path of the open resource. */
  path = $state("");
  readonly resource = $derived(this.resources.find((it) => it.path === this.path));
  staged: Staged[] = $state.raw([]);
  done: Done[] = $state.raw([]);
  columns: RecordColumn[] = $state.raw([]);
  /** Rows to be seen; `null` until they are known. */
  matched: number | null = $state(null);
  total = $state(0);
  readAt: string | null = $state(null);
  isReading = $state(false);
  isCommitting = $state(false);
  problem: Problem | null = $state.raw(null);
  /** Why the last edit was not staged. */
  editProblem: Problem | null = $state.raw(null);
  find = $state("");
  sort: string | null = $state(null);
  /** The key of the current row, or what makes it. */
  selected: string | null = $state(null);
  report: CommitReport | null = $state.raw(null);
  #blocks: ReadonlyMap<number, readonly RecordRow[]> = $state.raw(new Map());
  #seen = { first: 0, last: 40 };
  #generation = 0;

  /** The place of the current row; it may be outside what is here. */
  readonly active = $derived(this.#placeOf(this.selected));
  readonly current: RecordRow | undefined = $derived(this.row(this.active));

  choose(connection: string): void {
    this.#chosen = connection;
  }

  /** Learns what there is; opens the first resource. */
  async begin(): Promise<void> {
    const { connection } = this;
    if (connection === "") return;
    try {
      this.resources = await recordsResources(connection);
      await this.follow();
      if (!this.resource) await this.open(this.resources[0]?.path ?? "");
    } catch (thrown) {
      this.problem = problemOf(thrown);
    }
  }

  /** What is staged and committed, and the rows in sight with it. */
  async follow(): Promise<void> {
    const { connection } = this;
    if (connection === "") return;
    const [staged, done] = await Promise.all([stagesList(connection), stagesDone(connection)]);
    this.staged = staged;
    this.done = done;
    if (this.path !== "") await this.show();
  }

  async open(path: string): Promise<void> {
    if (path === "" || path === this.path) return;
    this.path = path;
    this.find = "";
    this.sort = null;
    this.selected = null;
    this.problem = null;
    this.editProblem = null;
    this.matched = null;
    this.#blocks = new Map();
    this.#seen = { first: 0, last: 40 };
    await this.show();
    if (this.readAt === null) await this.read();
  }

  /** Reads the open resource from the system now. */
  async read(): Promise<void> {
    const { connection, path } = this;
    this.isReading = true;
    try {
      await recordsRead(connection, path);
      if (path !== this.path) return;
      this.problem = null;
      await this.show();
    } catch (thrown) {
      if (path === this.path) this.problem = problemOf(thrown);
    } finally {
      if (path === this.path) this.isReading = false;
    }
  }

  /** Asks for the rows in sight again; the old ones stay until then. */
  async show(): Promise<void> {
    const generation = ++this.#generation;
    const wanted = blocksOf(this.#seen.first, this.#seen.last);
    try {
      const answers = await Promise.all(wanted.map((it) => recordsBlock(this.#ask(it))));
      if (generation !== this.#generation) return;
      this.#blocks = new Map(answers.map((it) => [it.block, it.rows]));
      const first = answers[0];
      if (first) this.#take(first);
    } catch (thrown) {
      if (generation === this.#generation) this.problem = problemOf(thrown);
    }
  }

  see(first: number, last: number): void {
    this.#seen = { first, last };
    if (this.matched === null) return;
    const missing = blocksOf(first, Math.min(last, this.matched - 1)).filter((it) => !this.#blocks.has(it));
    const generation = this.#generation;
    for (const block of missing)
      void recordsBlock(this.#ask(block)).then(
        (it) => {
          if (generation === this.#generation) this.#blocks = new Map(this.#blocks).set(block, it.rows);
        },
        (thrown: unknown) => (this.problem = problemOf(thrown)),
      );
  }

  row(index: number): RecordRow | undefined {
    return this.#blocks.get(Math.floor(index / BLOCK))?.[index % BLOCK];
  }

  move(index: number): void {
    const row = this.row(index);
    if (row) this.selected = idOf(row);
    this.editProblem = null;
  }

  /** Another filter or order. */
  async narrow(): Promise<void> {
    this.#seen = { first: 0, last: 40 };
    await this.show();
  }

  /** The fields of the current row, as texts. */
  async setTexts(texts: { name: string; text: string | null }[]): Promise<boolean> {
    const target = this.#target();
    return target !== null && (await this.#edit(() => stageTexts(target, texts)));
  }

  async setJson(json: string): Promise<boolean> {
    const target = this.#target();
    return (
      target !== null &&
      (await this.#edit(async () => {
        const staged = await stageJson(target, json);
        if (target.key === null && staged) this.selected = staged.id;
      }))
    );
  }

  async add(): Promise<boolean> {
    return this.#edit(async () => {
      this.selected = (await stageNew(this.connection, this.path)).id;
    });
  }

  /** Stages a row that opens this program when a call comes in; the key of one that does so already. */
  async openOnCalls(): Promise<string | null> {
    let there: string | null = null;
    await this.#edit(async () => {
      const link = await stageOwnLink(this.connection, this.path);
      if (link.type === "there") there = link.key;
      this.selected = link.type === "there" ? link.key : link.stage;
    });
    return there;
  }

  async duplicate(): Promise<boolean> {
    const key = this.current?.key;
    if (key === undefined || key === null) return false;
    return this.#edit(async () => {
      this.selected = (await stageCopies(this.connection, this.path, [key]))[0]?.id ?? this.selected;
    });
  }

  async remove(): Promise<boolean> {
    const { current } = this;
    if (!current) return false;
    const { key } = current;
    if (key === null) return current.staged ? this.drop([current.staged.id]) : false;
    return this.#edit(() => stageDeletes(this.connection, this.path, [key]));
  }

  async drop(ids: string[]): Promise<boolean> {
    return this.#edit(() => stagesDrop(this.connection, ids));
  }

  async undo(): Promise<boolean> {
    let was = false;
    await this.#edit(async () => {
      was = await stageUndo(this.connection);
    });
    return was;
  }

  async resolve(id: string, mine: string[]): Promise<boolean> {
    return this.#edit(() => stageResolve(this.connection, id, mine));
  }

  async again(id: string): Promise<boolean> {
    return this.#edit(() => stageAgain(this.connection, id));
  }

  async preview(): Promise<RequestPreview[]> {
    return stagesPreview(this.connection);
  }

  /** Stages what takes committed changes back; why one could not be. */
  async putBack(ids: string[]): Promise<Problem | null> {
    const left: Problem[] = [];
    await this.#edit(async () => left.push(...(await stagesPutBack(this.connection, ids)).left));
    return left[0] ?? this.editProblem;
  }

  /** Sends everything that is staged; what became of it is the report. */
  async commit(confirmed: string[]): Promise<void> {
    if (this.isCommitting) return;
    this.isCommitting = true;
    this.problem = null;
    try {
      const ids = this.staged.map((it) => it.id);
      this.report = await stagesCommit(this.connection, ids, confirmed);
    } catch (thrown) {
      this.problem = problemOf(thrown);
    } finally {
      this.isCommitting = false;
      await this.follow().catch((thrown: unknown) => (this.problem = problemOf(thrown)));
    }
  }

  async #edit(act: () => Promise<unknown>): Promise<boolean> {
    try {
      await act();
      this.editProblem = null;
      await this.follow();
      return true;
    } catch (thrown) {
      this.editProblem = problemOf(thrown);
      return false;
    }
  }

  #target(): StageTarget | null {
    const { connection, path: resource, current } = this;
    if (current) return { connection, resource, key: current.key, stage: current.staged?.id ?? null };
    return this.resource?.verbs.includes("create") ? { connection, resource, key: null, stage: null } : null;
  }

  #ask(block: number): Parameters<typeof recordsBlock>[0] {
    const { connection, path: resource, find, sort } = this;
    return { connection, resource, find, sort, is_descending: false, block };
  }

  #take(block: RecordsBlock): void {
    this.columns = block.columns;
    this.matched = block.matched;
    this.total = block.total;
    this.readAt = block.read_at;
    if (this.selected === null || this.current === undefined) {
      const first = this.row(0);
      if (this.selected === null || this.#placeOf(this.selected) < 0) this.selected = first ? idOf(first) : null;
    }
  }

  #placeOf(id: string | null): number {
    if (id === null) return 0;
    for (const [block, rows] of this.#blocks) {
      const at = rows.findIndex((it) => idOf(it) === id);
      if (at >= 0) return block * BLOCK + at;
    }
    return -1;
  }
}

function blocksOf(first: number, last: number): number[] {
  const from = Math.floor(Math.max(0, first) / BLOCK);
  const to = Math.floor(Math.max(0, last) / BLOCK);
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}
