/** A file of calls that is being written: how far it is, and what became of it. It goes on while its dialog is closed. */
import { callsExportCancel } from "../../bridge/commands";
import { callsExport } from "../../bridge/exports";
import { problemOf } from "../../bridge/problem";
import type { CallExport } from "../../bridge/types/CallExport";
import type { Exported } from "../../bridge/types/Exported";
import type { ExportProgress } from "../../bridge/types/ExportProgress";
import type { Problem } from "../../bridge/types/Problem";

export class Exporting {
  isRunning = $state(false);
  progress: ExportProgress | null = $state.raw(null);
  /** The file, when it is written. */
  result: Exported | null = $state.raw(null);
  problem: Problem | null = $state.raw(null);
  /** Whether the last one was cancelled; then no file is left. */
  isCancelled = $state(false);

  /** Parts of a hundred that are written. */
  get percent(): number {
    const { rows, total } = this.progress ?? { rows: 0, total: 0 };
    return total === 0 ? 0 : Math.floor((rows / total) * 100);
  }

  /** Forgets what became of the last one. */
  clear(): void {
    if (this.isRunning) return;
    this.progress = null;
    this.result = null;
    this.problem = null;
    this.isCancelled = false;
  }

  /** Writes a file; nothing happens where one is being written. */
  async start(request: CallExport): Promise<Exported | null> {
    if (this.isRunning) return null;
    this.clear();
    this.isRunning = true;
    try {
      this.result = await callsExport(request, (it) => (this.progress = it));
      this.isCancelled = this.result === null;
    } catch (thrown) {
      this.problem = problemOf(thrown);
    } finally {
      this.isRunning = false;
    }
    return this.result;
  }

  /** Stops it; what was written is taken away. */
  async cancel(): Promise<void> {
    try {
      await callsExportCancel();
    } catch (thrown) {
      this.problem = problemOf(thrown);
    }
  }
}
