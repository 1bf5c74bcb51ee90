/** A message that is to be planned as a bulk send: what the composer hands to whoever plans it. */

/** One recipient of it. */
export interface BulkRecipient {
  connection: string;
  kind: "person" | "room";
  address: string;
  /** The name on screen. */
  name: string;
}

/** The text as it is written, fields in place, and everybody it is for. */
export interface BulkAsked {
  text: string;
  recipients: BulkRecipient[];
}

class BulkPlans {
  /** Whether there is a view that plans one; whoever brings it says so. */
  isOffered = $state(false);
  /** What is asked for; whoever plans takes it away. */
  asked: BulkAsked | null = $state.raw(null);

  /** Shows the planning of a bulk send with this. */
  begin(asked: BulkAsked): void {
    this.asked = asked;
    window.location.hash = "/bulk";
  }
}

export const bulkPlans = new BulkPlans();
