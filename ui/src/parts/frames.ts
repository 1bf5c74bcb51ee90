/** Frames of the screen. */

/** Waits until what stands in the page now is on the glass: the second frame begins after the first one is drawn. */
export const twoFrames = (): Promise<void> =>
  new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve())));
