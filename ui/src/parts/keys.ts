/** Keys as actions: what a view can do by keyboard, how it is matched, and how it is shown. */

/** One thing that a key does. */
export interface KeyAction {
  /** Key combinations that do it, such as `/`, `Ctrl+Enter`, `Shift+F6`, `T`. */
  combos: string[];
  /** What it does, in the language of the window. */
  label: string;
  /** What happens; left out where a part handles the key itself and only tells of it. */
  run?: (event: KeyboardEvent) => void;
  /** Whether it works also while a text field has the focus. Combinations with Ctrl and function keys always do. */
  inText?: boolean;
  /** How it is shown where that differs from `combos`, such as `↑` and `↓`. */
  shown?: string[];
  /** Whether the status bar leaves it to the sheet of shortcuts. */
  isQuiet?: boolean;
}

/** Whether this computer uses the command key where others use Ctrl. */
export const isMac = typeof navigator !== "undefined" && navigator.platform.startsWith("Mac");

const shownKeys: Record<string, string> = {
  ArrowUp: "↑",
  ArrowDown: "↓",
  ArrowLeft: "←",
  ArrowRight: "→",
  Escape: "Esc",
  PageUp: "PgUp",
  PageDown: "PgDn",
};

/** The caps that show a combination. */
export function shownCombo(combo: string, mac: boolean = isMac): string {
  const keys = combo.split("+").map((it) => (mac && it === "Ctrl" ? "⌘" : (shownKeys[it] ?? it)));
  return keys.join(mac ? "" : " ");
}

/** Whether an event is this combination. */
export function isCombo(event: KeyboardEvent, combo: string, mac: boolean = isMac): boolean {
  const keys = combo.split("+");
  const named = keys.at(-1) ?? "";
  const key = named === "Space" ? " " : named;
  const main = mac ? event.metaKey : event.ctrlKey;
  const other = mac ? event.ctrlKey : event.metaKey;
  if (main !== keys.includes("Ctrl") || other || event.altKey !== keys.includes("Alt")) return false;
  const isSign = key.length === 1 && key.toLowerCase() === key.toUpperCase();
  // A sign such as ? needs Shift on some keyboards and none on others.
  if (!(isSign && !keys.includes("Shift")) && event.shiftKey !== keys.includes("Shift")) return false;
  return event.key.toLowerCase() === key.toLowerCase();
}

/** Whether the focus is where letters are text. */
export function isInText(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement)
    return !["checkbox", "radio", "button", "submit", "range"].includes(target.type);
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || target.isContentEditable;
}

/** Whether a space presses what has the focus. */
const isPressed = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest("button, a, input, select, summary, [role=tab], [role=option]") !== null;

/** Runs the first action of the pressed key; whether there was one. */
export function runKey(event: KeyboardEvent, actions: readonly KeyAction[]): boolean {
  if (event.defaultPrevented || (event.key === " " && isPressed(event.target))) return false;
  const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey && !/^F\d+$/.test(event.key);
  const inText = isPlain && isInText(event.target);
  const found = actions.find((it) => it.run && !(inText && !it.inText) && it.combos.some((c) => isCombo(event, c)));
  if (!found?.run) return false;
  event.preventDefault();
  found.run(event);
  return true;
}

/** Whether a dialog is open, which then has the keyboard for itself. */
export const isDialogOpen = (): boolean => document.querySelector("[role=dialog], [role=alertdialog]") !== null;
