/** A message can be begun from several views; this is what they ask of the composer. */

/** The call or booking that a message is about, and what it knows for the fields of a text. */
export interface Origin {
  what: "call" | "booking";
  /** When it was or begins, as an instant. */
  at: string;
  /** Whom or what it is about, in a few words. */
  name: string;
  /** Values by the names of fields: `caller`, `customer`, `number`, `time`, `line`, `note`, `room`, `until`. */
  values: Record<string, string>;
  /** Words that shall stand in the message, such as a link. */
  text?: string;
}

/** Whom a message is for, and through which system. */
export interface Asked {
  connection: string;
  address: string;
  /** The name on screen. */
  name: string;
  /** Whether the system's own list knows the address. */
  isKnown: boolean;
  /** What the message is about. */
  origin?: Origin;
}

class Composing {
  /** Whom the composer shall write to; it takes this away once it does. */
  asked: Asked | null = $state.raw(null);
  /** What a message shall be about, where nobody in particular was asked for; the composer takes this away too. */
  about: Origin | null = $state.raw(null);

  /** Shows the composer with this recipient. */
  begin(asked: Asked): void {
    this.asked = asked;
    window.location.hash = "/composer";
  }

  /** Shows the composer with what a message is about; whom it is for is chosen there. */
  beginAbout(origin: Origin): void {
    this.about = origin;
    window.location.hash = "/composer";
  }
}

export const composing = new Composing();
