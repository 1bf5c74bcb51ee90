/** What a recipient field offers for what is typed: asked once nobody types, and only the last answer counts. */
import { destinationsFind } from "../../bridge/commands";
import type { Destination } from "../../bridge/types/Destination";
import type { DestinationKind } from "../../bridge/types/DestinationKind";
import { keyOf } from "./draft";

/** How long nobody types before the lists are asked, in milliseconds. */
const PAUSE = 120;
/** How many are offered. */
const MOST = 8;

/** Somebody or some room of a connection. */
export interface Offer {
  connection: string;
  destination: Destination;
}

/** What is looked for. */
export interface Question {
  connections: readonly string[];
  kinds: readonly DestinationKind[];
  text: string;
  /** What is chosen already, by its key. */
  taken: readonly string[];
}

export class Suggestions {
  found: Offer[] = $state.raw([]);
  isOpen = $state(false);
  /** The one that Enter would take; -1 for none. */
  active = $state(-1);
  #asked = 0;
  #pause: ReturnType<typeof setTimeout> | undefined;

  /** Asks for destinations that hold this text; leaves out those that are chosen already. */
  ask(question: Question): void {
    const asked = ++this.#asked;
    clearTimeout(this.#pause);
    if (question.connections.length === 0 || question.text.trim() === "") {
      this.close();
      return;
    }
    this.#pause = setTimeout(() => void this.#ask(asked, question), PAUSE);
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

  async #ask(asked: number, { connections, kinds, text, taken }: Question): Promise<void> {
    const words = text.trim().replace(/^[#@]/u, "");
    // Without a list the address can still be typed; a wrong one is refused when it is sent.
    const lists = await Promise.all(connections.map((it) => destinationsFind(it, words).catch(() => [])));
    if (asked !== this.#asked) return;
    const chosen = new Set(taken);
    const offers = lists.map((list, index) =>
      list
        .filter((it) => kinds.includes(it.kind))
        .map((destination) => ({ connection: connections[index] ?? "", destination }))
        .filter((it) => !chosen.has(keyOf({ ...it.destination, connection: it.connection }))),
    );
    this.found = shared(offers);
    this.isOpen = this.found.length > 0;
    this.active = this.isOpen ? 0 : -1;
  }
}

/** The best of each list: no system crowds the others out. */
function shared(lists: readonly Offer[][]): Offer[] {
  const each = Math.max(1, Math.floor(MOST / Math.max(1, lists.filter((it) => it.length > 0).length)));
  const first = lists.map((it) => it.slice(0, each));
  const rest = lists.flatMap((it) => it.slice(each));
  const room = MOST - first.flat().length;
  const more = new Set(rest.slice(0, Math.max(0, room)));
  return lists.flatMap((list, index) => list.filter((it) => first[index]?.includes(it) || more.has(it)));
}
