/** Where colleagues are who are in sight, read again as bookings and telephones change. */
import { SvelteMap } from "svelte/reactivity";
import { whereabouts } from "./bridge/commands";
import type { Whereabouts } from "./bridge/types/Whereabouts";
import { live } from "./live.svelte";

/** Bookings begin and end while nothing is told. */
const MINUTE = 60_000;
/** Changes that come close together are read once, in milliseconds: a directory that is read tells of each part. */
const SETTLE = 250;

/** Where some people are. */
export class Places {
  /** By the id that was asked for. */
  readonly known = new SvelteMap<string, Whereabouts>();
  #asked: readonly string[] = [];

  /** Reads where these people are. Without an answer nothing is said of them. */
  async ask(ids: readonly string[]): Promise<void> {
    this.#asked = ids;
    if (ids.length === 0) return;
    try {
      const found = await whereabouts([...ids]);
      // Whoever left the directories is nowhere.
      for (const id of ids) this.known.delete(id);
      for (const it of found) this.known.set(it.person, it);
    } catch {
      for (const id of ids) this.known.delete(id);
    }
  }

  /** Reads it again, for those who were asked for last, as things change and time goes on; returns how to stop. */
  follow(): () => void {
    const again = (): void => void this.ask(this.#asked);
    const timer = window.setInterval(again, MINUTE);
    let settling = 0;
    const stop = live.onChanged(["people", "reservations"], () => {
      if (settling !== 0) return;
      settling = window.setTimeout(() => {
        settling = 0;
        again();
      }, SETTLE);
    });
    return () => {
      window.clearInterval(timer);
      window.clearTimeout(settling);
      stop();
    };
  }
}
