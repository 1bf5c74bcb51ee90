/** A message can be begun from several views; this is what they ask of the composer. */

/** Whom a message is for, and through which system. */
export interface Asked {
  connection: string;
  address: string;
  /** The name on screen. */
  name: string;
  /** Whether the system's own list knows the address. */
  isKnown: boolean;
}

class Composing {
  /** Whom the composer shall write to; it takes this away once it does. */
  asked: Asked | null = $state.raw(null);

  /** Shows the composer with this recipient. */
  begin(asked: Asked): void {
    this.asked = asked;
    window.location.hash = "/composer";
  }
}

export const composing = new Composing();
