/** Tells the program once that the first screen with something on it is painted. */
import { tick } from "svelte";
import { appPainted } from "./bridge/commands";
import { twoFrames } from "./parts/frames";

let isTold = false;
let tell: () => void;
const told = new Promise<void>((resolve) => (tell = resolve));

/** Tells it, and waits until it is told. */
export async function painted(): Promise<void> {
  if (isTold) return told;
  isTold = true;
  await tick();
  await twoFrames();
  void appPainted();
  tell();
}

/** Waits until it is told. */
export const afterPaint = (): Promise<void> => told;
