/** What the frame gives to every screen, and what a screen tells the frame. */
import { createContext, type Snippet } from "svelte";
import type { KeyAction } from "./keys";

/** The frame around a screen. */
export interface FrameContext {
  /** Stands at the right of every top bar: what rings now. */
  pill: Snippet;
  /** Stands above every view; the mark of the demo. */
  band: Snippet;
  /** Opens the jump field. */
  openPalette: () => void;
  /** Opens the sheet of shortcuts. */
  openShortcuts: () => void;
  /** Tells the sheet the keys of the screen that is shown. */
  show: (title: string, keys: KeyAction[]) => void;
}

const [getFrame, setFrame] = createContext<FrameContext>();
export { getFrame, setFrame };
