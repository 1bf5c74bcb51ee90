/** What the window begins with, asked for once. */
import { appStart } from "./bridge/commands";
import type { AppStart } from "./bridge/types/AppStart";

let asked: Promise<AppStart> | null = null;

/** The program's first answer. */
export function beginning(): Promise<AppStart> {
  asked ??= appStart();
  return asked;
}
