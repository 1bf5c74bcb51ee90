/** The changes of bookings, customers and people that Today shows: since when, which one has the keyboard, and that the page was handed over. */
import { bookingChanges, handedOver } from "../../bridge/commands";
import { problemOf } from "../../bridge/problem";
import type { BookingChange } from "../../bridge/types/BookingChange";
import type { BookingChanges } from "../../bridge/types/BookingChanges";
import type { ChangesSince } from "../../bridge/types/ChangesSince";
import type { EntryChange } from "../../bridge/types/EntryChange";
import type { Problem } from "../../bridge/types/Problem";
import { preferences } from "../../settings.svelte";

/** One row: a change of a booking, or of a customer or person. */
export type Change = { of: "booking"; it: BookingChange } | { of: "entry"; it: EntryChange };

/** A change has no id: it is what it is of, and when it was seen. */
export const keyOf = ({ of, it }: Change): string =>
  of === "booking"
    ? `${it.reservation} ${it.kind} ${it.seen_at}`
    : `${it.connection}/${it.external_id} ${it.list} ${it.kind} ${it.seen_at}`;

/** All of them, the one seen last first. */
function together({ changes, entries }: BookingChanges): Change[] {
  const all: Change[] = [
    ...changes.map((it) => ({ of: "booking" as const, it })),
    ...entries.map((it) => ({ of: "entry" as const, it })),
  ];
  return all.sort((a, b) => Date.parse(b.it.seen_at) - Date.parse(a.it.seen_at));
}

export class Changes {
  /** As they were last answered. */
  list: BookingChanges | null = $state.raw(null);
  /** Why they could not be had, or since when they are shown could not be kept. */
  problem: Problem | null = $state.raw(null);
  #selected = $state("");
  #asked = 0;

  /** The rows. */
  readonly rows = $derived(this.list ? together(this.list) : []);
  /** The place of the selected row: that of the same change, whatever came above it. */
  readonly active = $derived(
    Math.max(
      0,
      this.rows.findIndex((it) => keyOf(it) === this.#selected),
    ),
  );

  /** Reads them; a late answer to an earlier question is left aside. */
  async read(): Promise<void> {
    const ask = ++this.#asked;
    try {
      const list = await bookingChanges(preferences.current.changes_since);
      if (ask !== this.#asked) return;
      this.list = list;
      this.problem = null;
    } catch (thrown) {
      if (ask === this.#asked) this.problem = problemOf(thrown);
    }
  }

  /** Shows them since another time from now on. */
  async choose(since: ChangesSince): Promise<void> {
    try {
      await preferences.change({ changes_since: since });
      await this.read();
    } catch (thrown) {
      this.problem = problemOf(thrown);
    }
  }

  select(index: number): void {
    const row = this.rows[index];
    if (row) this.#selected = keyOf(row);
  }

  /** Remembers that the page was printed. What is shown stays as it is: it is being printed. */
  async handOver(): Promise<void> {
    await handedOver();
  }
}
