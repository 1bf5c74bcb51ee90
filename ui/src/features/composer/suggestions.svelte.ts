/** What a recipient field offers for what is typed: asked once nobody types, and only the last answer counts. */
import { destinationsFind } from "../../bridge/commands";
import type { Destination } from "../../bridge/types/Destination";
import type { DestinationKind } from "../../bridge/types/DestinationKind";

/** How long nobody types before the list is asked for, in milliseconds. */
const PAUSE = 120;

export class Suggestions {
  found: Destination[] = $state.raw([]);
  isOpen = $state(false);
  /** The one that Enter would take; -1 for none. */
  active = $state(-1);
  #asked = 0;
  #pause: ReturnType<typeof setTimeout> | undefined;

  /** Asks for destinations of one kind that hold this text; leaves out addresses that are there already. */
  ask(connection: string, kind: DestinationKind, text: string, taken: readonly string[]): void {
    const asked = ++this.#asked;
    clearTimeout(this.#pause);
    if (connection === "" || text.trim() === "") {
      this.close();
      return;
    }
    this.#pause = setTimeout(() => void this.#ask(asked, { connection, kind, text, taken }), PAUSE);
  }

  /** Moves to the next or the one before; from the ends back to the text. */
  move(step: 1 | -1): void {
    if (!this.isOpen) return;
    const count = this.found.length + 1;
    this.active = ((this.active + 1 + step + count) % count) - 1;
  }

  close(): void {
    this.#asked += 1;
    clearTimeout(this.#pause);
    this.isOpen = false;
    this.active = -1;
  }

  async #ask(
    asked: number,
    it: { connection: string; kind: DestinationKind; text: string; taken: readonly string[] },
  ): Promise<void> {
    let found: Destination[] = [];
    try {
      found = await destinationsFind(it.connection, it.text.trim());
    } catch {
      // Without a list the address can still be typed; a wrong one is refused when it is sent.
    }
    if (asked !== this.#asked) return;
    const taken = new Set(it.taken.map((address) => address.toLowerCase()));
    this.found = found.filter((to) => to.kind === it.kind && !taken.has(to.address.toLowerCase())).slice(0, 8);
    this.isOpen = this.found.length > 0;
    this.active = this.isOpen ? 0 : -1;
  }
}
