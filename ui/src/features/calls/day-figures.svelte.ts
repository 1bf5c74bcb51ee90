/** What a day of the list holds, for the line of the day in sight; asked once per day and state of the calls. */
import { callsVolume } from "../../bridge/commands";
import type { CallFilter } from "../../bridge/types/CallFilter";
import type { CallVolume } from "../../bridge/types/CallVolume";
import { startOfDay } from "../../format/time";

/** While one scrolls, a day is asked for at most this often, in milliseconds. */
const PACE = 150;

export class DayFigures {
  /** By the key of a day. */
  #known: ReadonlyMap<string, CallVolume> = $state.raw(new Map());
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** What is known of a day. */
  of(filter: CallFilter, edition: number, day: Date): CallVolume | undefined {
    return this.#known.get(keyOf(filter, edition, day));
  }

  /** Asks for a day unless it is known; a later question within a moment takes the place of this one. */
  ask(filter: CallFilter, edition: number, day: Date): void {
    clearTimeout(this.#timer);
    if (this.of(filter, edition, day)) return;
    this.#timer = setTimeout(() => void this.#read(filter, edition, day), PACE);
  }

  async #read(filter: CallFilter, edition: number, day: Date): Promise<void> {
    try {
      const [volume] = await callsVolume(filter, [startOfDay(day).toISOString(), startOfDay(day, -1).toISOString()]);
      // Days of an older state of the calls are not asked for again: only those of this one are kept.
      const prefix = prefixOf(filter, edition);
      const kept = [...this.#known].filter(([key]) => key.startsWith(prefix));
      if (volume) this.#known = new Map(kept).set(keyOf(filter, edition, day), volume);
    } catch {
      // Without figures the line says the day only.
    }
  }
}

const prefixOf = (filter: CallFilter, edition: number): string => `${edition} ${JSON.stringify(filter)} `;
const keyOf = (filter: CallFilter, edition: number, day: Date): string =>
  `${prefixOf(filter, edition)}${startOfDay(day).toISOString()}`;
