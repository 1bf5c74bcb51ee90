/** The time of day as the window shows it, moving on every few seconds. */

class Clock {
  /** About now; moves every five seconds. */
  now: Date = $state.raw(new Date());

  /** Starts to move. */
  start(): void {
    window.setInterval(() => (this.now = new Date()), 5_000);
  }
}

export const time = new Clock();
