/** Tells the program once that the first screen with something on it is painted. */
import { tick } from "svelte";
import { appPainted } from "./bridge/commands";

let isTold = false;

/** After two frames what was drawn is on the glass. */
export async function painted(): Promise<void> {
  if (isTold) return;
  isTold = true;
  await tick();
  requestAnimationFrame(() => requestAnimationFrame(() => void appPainted()));
}
