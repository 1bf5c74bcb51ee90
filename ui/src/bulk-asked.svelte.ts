/** A message that is to be planned as a bulk send: what the composer hands to whoever plans it. */

import type { Guise } from "./bridge/types/Guise";

/** One recipient of it. */
export interface BulkRecipient {
  connection: string;
  kind: "person" | "room";
  address: string;
  /** The name on screen. */
  name: string;
  /** Lines that its system gets after the text, in the place of attachment cards; empty for none. */
  after: string;
  /** Addresses to mention, where it is a room. */
  mentions: string[];
}

/** The text as it is written, fields in place, and everybody it is for. */
export interface BulkAsked {
  text: string;
  recipients: BulkRecipient[];
  /** Whether a receipt is asked for. */
  sealed: boolean;
  /** Attachment cards as JSON; empty for none. */
  attachments: string;
  /** How the sender is shown, where a system allows that. */
  guise: Guise;
  /** What its fields stand for, for everybody. */
  values: Readonly<Record<string, string | undefined>>;
}

class BulkPlans {
  /** What is asked for; whoever plans takes it away. */
  asked: BulkAsked | null = $state.raw(null);

  /** Shows the planning of a bulk send with this. */
  begin(asked: BulkAsked): void {
    this.asked = asked;
    window.location.hash = "/bulk";
  }
}

export const bulkPlans = new BulkPlans();
