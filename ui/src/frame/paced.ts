/** Says things at most every two seconds; of what comes in between only the last is said. */

/** Shortest time between two messages of one voice, in milliseconds. */
export const PACE = 2_000;

/** `say`, paced. */
export function paced(say: (words: string) => void): (words: string) => void {
  let waiting: string | null = null;
  let isResting = false;
  const rest = (): void => {
    isResting = true;
    setTimeout(() => {
      isResting = false;
      if (waiting === null) return;
      const words = waiting;
      waiting = null;
      say(words);
      rest();
    }, PACE);
  };
  return (words) => {
    if (isResting) waiting = words;
    else {
      say(words);
      rest();
    }
  };
}
