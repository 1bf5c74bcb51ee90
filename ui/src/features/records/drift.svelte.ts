/** What became different since a snapshot, which rows are chosen, and the file that it was compared with. */
import { driftStage, exportReveal, snapshotCompare, snapshotSave } from "../../bridge/commands";
import { problemOf } from "../../bridge/problem";
import type { Drift } from "../../bridge/types/Drift";
import type { DriftRow } from "../../bridge/types/DriftRow";
import type { DriftStaged } from "../../bridge/types/DriftStaged";
import type { Problem } from "../../bridge/types/Problem";
import type { SnapshotSaved } from "../../bridge/types/SnapshotSaved";

/** A larger file is no snapshot of an office's telephone service. */
const MOST_BYTES = 200_000_000;

/** What a row is known by. */
export const driftRowId = (it: DriftRow): string => `${it.resource}/${it.key}`;
const canStage = (it: DriftRow): boolean => it.way.type === "stage";

export class Drifting {
  drift: Drift | null = $state.raw(null);
  /** Name of the file that was compared. */
  name = $state("");
  problem: Problem | null = $state.raw(null);
  isTooLarge = $state(false);
  /** What is being done. */
  busy: "saving" | "comparing" | "staging" | null = $state(null);
  /** Path of the only resource that is listed; empty for all. */
  path = $state("");
  chosen: ReadonlySet<string> = $state.raw(new Set<string>());
  readonly rows = $derived((this.drift?.rows ?? []).filter((it) => this.path === "" || it.resource === this.path));
  /** Those that can be staged. */
  readonly possible = $derived(this.rows.filter(canStage));
  readonly areAllChosen = $derived(
    this.possible.length > 0 && this.possible.every((it) => this.chosen.has(driftRowId(it))),
  );

  /** Writes a snapshot; nothing where it failed, and then the problem says why. */
  async save(connection: string, name: string): Promise<SnapshotSaved | null> {
    return this.#do("saving", () => snapshotSave(connection, name));
  }

  /** Compares a file with the system as it is now. */
  async compare(connection: string, file: File): Promise<void> {
    this.close();
    this.isTooLarge = file.size > MOST_BYTES;
    this.name = file.name;
    if (this.isTooLarge) return;
    const drift = await this.#do("comparing", async () => snapshotCompare(connection, await file.text()));
    if (drift) this.drift = drift;
  }

  choose(row: DriftRow, is: boolean): void {
    const chosen = new Set(this.chosen);
    if (is) chosen.add(driftRowId(row));
    else chosen.delete(driftRowId(row));
    this.chosen = chosen;
  }

  /** Every row that is listed and can be staged, or none of them. */
  chooseAll(is: boolean): void {
    const chosen = new Set(this.chosen);
    for (const id of this.possible.map(driftRowId))
      if (is) chosen.add(id);
      else chosen.delete(id);
    this.chosen = chosen;
  }

  /** Stages what is chosen. What was compared is used up by it. */
  async stage(): Promise<DriftStaged | null> {
    const { drift } = this;
    if (!drift) return null;
    const picks = drift.rows
      .filter((it) => this.chosen.has(driftRowId(it)))
      .map(({ resource, key }) => ({ resource, key }));
    return this.#do("staging", () => driftStage(drift.connection, drift.id, picks));
  }

  close(): void {
    this.drift = null;
    this.problem = null;
    this.isTooLarge = false;
    this.path = "";
    this.chosen = new Set();
  }

  /** Shows a written file in the file manager; why it could not be shown. */
  async reveal(file: string): Promise<Problem | null> {
    try {
      await exportReveal(file);
      return null;
    } catch (thrown) {
      return problemOf(thrown);
    }
  }

  async #do<T>(what: "saving" | "comparing" | "staging", act: () => Promise<T>): Promise<T | null> {
    if (this.busy !== null) return null;
    this.busy = what;
    this.problem = null;
    try {
      return await act();
    } catch (thrown) {
      this.problem = problemOf(thrown);
      return null;
    } finally {
      this.busy = null;
    }
  }
}
