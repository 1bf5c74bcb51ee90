/** Words: `m.<key>()` for a fixed message, `word(key)` where the key is data, such as a reason or a field. */
import * as messages from "../paraglide/messages.js";

export { m } from "../paraglide/messages.js";
export { language, languages, resolve } from "./language.svelte";

/** The message of a key that is only known at run time, if there is one. */
export function word(key: string): string | undefined {
  const message = (messages as Record<string, unknown>)[key];
  return typeof message === "function" ? (message as () => string)() : undefined;
}
