/** Whether a list flies past: jumps of more than two screens that follow each other closely, until it slows down. */

/** Two jumps that follow each other this closely, in milliseconds, are a flight; so long after the last one it is over. */
const FLIGHT = 90;

export class Flight {
  /** Whether nobody could read a row now. */
  isOn = $state(false);
  #jumped = 0;
  #landing = 0;

  /** It was scrolled by so much while so much of it is seen, both in pixels. */
  scrolled(by: number, seen: number): void {
    const isJump = Math.abs(by) > 2 * seen;
    if (!isJump && !this.isOn) return;
    const now = performance.now();
    if (isJump && now - this.#jumped < FLIGHT) this.isOn = true;
    this.#jumped = now;
    window.clearTimeout(this.#landing);
    this.#landing = window.setTimeout(() => (this.isOn = false), FLIGHT);
  }

  /** The list is gone. */
  end(): void {
    window.clearTimeout(this.#landing);
  }
}
