/** Tells the program once that the first screen with something on it is painted. */
import { tick } from "svelte";
import { appPainted } from "./bridge/commands";

let isTold = false;
let tell: () => void;
const told = new Promise<void>((resolve) => (tell = resolve));

/** Tells it, and waits until it is: after two frames what was drawn is on the glass. */
export async function painted(): Promise<void> {
  if (isTold) return told;
  isTold = true;
  await tick();
  requestAnimationFrame(() =>
    requestAnimationFrame(() => {
      void appPainted();
      tell();
    }),
  );
  return told;
}

/** Waits until it is told. */
export const afterPaint = (): Promise<void> => told;
