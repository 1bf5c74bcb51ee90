/**
 * Keeps keys away from the application while text is being composed, and swallows the Enter that ends a composition once.
 *
 * Chromium sends keydown (229, composing), then compositionend. WebKit sends compositionend first and then a keydown of
 * Enter that no longer says that it belongs to a composition; only that one has to be swallowed by us.
 */

/** Longest time in milliseconds between the end of a composition and the Enter that ended it in WebKit. */
const SAME_PRESS = 300;

/** Whether a key event belongs to a composition. */
export function isComposing(event: KeyboardEvent): boolean {
  // Safari and WebKitGTK mark the keys of a composition only by the deprecated key code.
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- nothing newer says it there
  return event.isComposing || event.keyCode === 229;
}

/** Starts to guard `target`; returns how to stop. */
export function guardComposition(target: Window): () => void {
  let endedAt: number | null = null;
  let isEnterDown = false;

  const keydown = (event: KeyboardEvent): void => {
    if (isComposing(event)) {
      if (event.key === "Enter" || event.code === "Enter") isEnterDown = true;
      if (endedAt !== null && event.timeStamp - endedAt <= SAME_PRESS) event.preventDefault();
      endedAt = null;
      event.stopImmediatePropagation();
      return;
    }
    const ended = endedAt;
    endedAt = null;
    if (event.key === "Enter" && ended !== null && event.timeStamp - ended <= SAME_PRESS) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  };
  const keyup = (event: KeyboardEvent): void => {
    if (event.key === "Enter" || event.code === "Enter") isEnterDown = false;
    endedAt = null;
  };
  const ended = (event: CompositionEvent): void => {
    endedAt = isEnterDown ? null : event.timeStamp;
  };
  const forget = (): void => {
    endedAt = null;
    isEnterDown = false;
  };

  target.addEventListener("keydown", keydown, true);
  target.addEventListener("keyup", keyup, true);
  target.addEventListener("compositionend", ended, true);
  target.addEventListener("pointerdown", forget, true);
  target.addEventListener("blur", forget);
  return () => {
    target.removeEventListener("keydown", keydown, true);
    target.removeEventListener("keyup", keyup, true);
    target.removeEventListener("compositionend", ended, true);
    target.removeEventListener("pointerdown", forget, true);
    target.removeEventListener("blur", forget);
  };
}
