/** A delivery that another view wants to be looked at in the outbox of the composer. */

class Outbox {
  /** The delivery; empty for the outbox as a whole, null where nobody asked. */
  asked: string | null = $state(null);
}

export const outbox = new Outbox();
