/** Calls written to a file: the one command that tells how far it is. */
import { Channel, invoke } from "@tauri-apps/api/core";
import { isInProgram } from "./call";
import type { CallExport } from "./types/CallExport";
import type { Exported } from "./types/Exported";
import type { ExportProgress } from "./types/ExportProgress";

/** Writes calls to a file; `null` where it was cancelled. A failure rejects with a `Problem`. */
export async function callsExport(
  request: CallExport,
  onProgress: (progress: ExportProgress) => void,
): Promise<Exported | null> {
  if (isInProgram()) {
    const channel = new Channel<ExportProgress>();
    channel.onmessage = onProgress;
    return await invoke<Exported | null>("calls_export", { export: request, channel });
  }
  if (import.meta.env.MODE !== "production") {
    const { fake } = await import("./fake");
    return (await fake("calls_export", { export: request, onProgress })) as Exported | null;
  }
  throw new Error("no program answers calls_export");
}
