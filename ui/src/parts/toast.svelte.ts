/** Toasts: done things only, each for eight seconds, with a way back where there is one. */

/** One done thing. */
export interface Toast {
  id: number;
  text: string;
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
