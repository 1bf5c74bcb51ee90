/** The one door to the program: a command of the shell, or of the fixtures where there is no shell. */
import { invoke } from "@tauri-apps/api/core";

/** Whether this window runs inside the program. */
export const isInProgram = (): boolean => "__TAURI_INTERNALS__" in window;

/** Whether this build carries the fixtures; the packaged one does not. */
const hasFixtures = import.meta.env.MODE !== "production";

/** Calls a command; a failure rejects with a `Problem`. */
export async function call<T>(command: string, args: Record<string, unknown> = {}): Promise<T> {
  if (isInProgram()) return await invoke<T>(command, args);
  if (hasFixtures) {
    const { fake } = await import("./fake");
    return (await fake(command, args)) as T;
  }
  throw new Error(`no program answers ${command}`);
}
