/** Combinations of keys that work from any program, written as `Ctrl+Alt+P`: how they are read from the keyboard, and shown. */
import { isMac } from "./keys";

/** The keys that are held, in the order in which they are written, with the field of an event that says so. */
const HELD = [
  ["Ctrl", "ctrlKey"],
  ["Alt", "altKey"],
  ["Shift", "shiftKey"],
  ["Super", "metaKey"],
] as const;

/** What stands on a Mac's keys. */
const MAC: Record<string, string> = { Ctrl: "⌃", Alt: "⌥", Shift: "⇧", Super: "⌘" };

/**
 * The combination of a key that was pressed; nothing where it cannot be one: a letter, a figure or F1 to F24, with more held than Shift.
 * The place of the key counts, not its sign, which other keys change.
 */
export function hotKeyOf(
  event: Pick<KeyboardEvent, "code" | "ctrlKey" | "altKey" | "shiftKey" | "metaKey">,
): string | null {
  const key = /^(?:Key([A-Z])|Digit([0-9])|(F(?:[1-9]|1[0-9]|2[0-4])))$/.exec(event.code);
  const name = key?.[1] ?? key?.[2] ?? key?.[3];
  if (name === undefined || !(event.ctrlKey || event.altKey || event.metaKey)) return null;
  return [...HELD.filter(([, field]) => event[field]).map(([it]) => it), name].join("+");
}

/** The caps that show a combination. */
export function hotKeyCaps(combo: string, mac: boolean = isMac): string[] {
  return combo.split("+").map((it) => (mac ? (MAC[it] ?? it) : it === "Super" ? "Win" : it));
}
