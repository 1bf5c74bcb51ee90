/** Words: `m.<key>()` for a fixed message, `wordOf` where the key is data, such as a reason or a field. */

export { m } from "../paraglide/messages.js";
export { language, languages, resolve } from "./language.svelte";

/**
 * How messages are found whose keys are only known at run time. `modules` are theirs alone, as `import.meta.glob` gives them: whoever
 * asks brings them along, and a view that is fetched later keeps its words to itself until then.
 */
export function wordOf(modules: Record<string, unknown>): (key: string) => string | undefined {
  const messages = new Map<string, () => string>();
  for (const module of Object.values(modules)) {
    for (const [key, message] of Object.entries(module as Record<string, () => string>)) messages.set(key, message);
  }
  return (key) => messages.get(key)?.();
}
