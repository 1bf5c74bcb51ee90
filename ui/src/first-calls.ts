/** The newest calls, asked for while the window is still being put together: the list that comes first begins with them. */
import { callsBlock } from "./bridge/commands";
import { everything } from "./bridge/everything";
import type { CallBlock } from "./bridge/types/CallBlock";
import type { CallFilter } from "./bridge/types/CallFilter";

/** How long the window waits for them, in milliseconds: it is drawn once, with its rows, unless they are late. */
const PATIENCE = 150;

let asked: Promise<CallBlock> | null = null;
let here: CallBlock | null = null;

/** Asks for the first block of all calls; ended when it is here, cannot be had, or is late. */
export async function askForFirstCalls(): Promise<void> {
  const question = callsBlock(everything, 0);
  asked = question;
  const answer = question.then(
    (block) => {
      if (asked === question) here = block;
    },
    // Whoever takes the question hears of it.
    () => undefined,
  );
  await Promise.race([answer, new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
}

/** What was asked for may be of before a change: it is asked for again. */
export function forgetFirstCalls(): void {
  asked = null;
  here = null;
}

/** The block that was asked for beforehand, once, where it is here and of this filter. */
export function firstCalls(filter: CallFilter): CallBlock | null {
  const block = isEverything(filter) ? here : null;
  if (block) forgetFirstCalls();
  return block;
}

/** A block of the list: the one that was asked for beforehand, once, where it is the same. */
export function callsOf(filter: CallFilter, block: number): Promise<CallBlock> {
  const first = asked;
  forgetFirstCalls();
  return first !== null && block === 0 && isEverything(filter) ? first : callsBlock(filter, block);
}

const isEverything = (filter: CallFilter): boolean => JSON.stringify(filter) === JSON.stringify(everything);
