/** The newest calls, asked for while the window is still being put together: the list that comes first finds them there. */
import { callsBlock } from "./bridge/commands";
import { everything } from "./bridge/everything";
import type { CallBlock } from "./bridge/types/CallBlock";
import type { CallFilter } from "./bridge/types/CallFilter";

let asked: Promise<CallBlock> | null = null;

/** Asks for the first block of all calls. */
export function askForFirstCalls(): void {
  asked = callsBlock(everything, 0);
  // Whoever takes it hears of it.
  asked.catch(() => undefined);
}

/** What was asked for may be of before a change: it is asked for again. */
export function forgetFirstCalls(): void {
  asked = null;
}

/** A block of the list: the one that was asked for beforehand, once, where it is the same. */
export function callsOf(filter: CallFilter, block: number): Promise<CallBlock> {
  const first = asked;
  asked = null;
  const isIt = first !== null && block === 0 && JSON.stringify(filter) === JSON.stringify(everything);
  return isIt ? first : callsBlock(filter, block);
}
