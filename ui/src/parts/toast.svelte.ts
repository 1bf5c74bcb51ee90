/** Toasts: done things, each for eight seconds, with a way back where there is one; and things that could not be done or taken back. */

/** One done thing, or one that could not be done or taken back. */
export interface Toast {
  id: number;
  text: string;
  /** Whether it says that something was not done, or not taken back. */
  isNotDone?: boolean;
  /** What takes it back, with its name. */
  undo?: { label: string; run: () => void };
  /** What else can be done with it, such as showing a file. */
  act?: { label: string; run: () => void };
}

/** How long a toast stays, in milliseconds, while nobody points at it. */
export const TOAST_STAYS = 8_000;

class Toasts {
  shown: Toast[] = $state([]);
  #next = 1;

  /** Says that something is done. */
  done(text: string, undo?: Toast["undo"], act?: Toast["act"]): void {
    const toast = { id: this.#next++, text, ...(undo ? { undo } : {}), ...(act ? { act } : {}) };
    this.shown = [...this.shown, toast].slice(-3);
  }

  /** Says why something was not done. */
  notDone(text: string): void {
    this.shown = [...this.shown, { id: this.#next++, text, isNotDone: true }].slice(-3);
  }

  /** Says why something done was not taken back. */
  notUndone(text: string): void {
    this.notDone(text);
  }

  /** Takes one away. */
  close(id: number): void {
    this.shown = this.shown.filter((it) => it.id !== id);
  }

  /** Takes the last done thing back, if it can be; for `Ctrl Z`. */
  undoLast(): boolean {
    const last = this.shown.findLast((it) => it.undo);
    if (!last) return false;
    last.undo?.run();
    this.close(last.id);
    return true;
  }
}

export const toasts = new Toasts();
