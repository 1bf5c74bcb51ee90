/** What the program tells unasked: which calls ring, how the connections are, and which tables changed. */
import { SvelteMap } from "svelte/reactivity";
import { beginning } from "./beginning";
import { connectionsList } from "./bridge/commands";
import { subscribe } from "./bridge/events";
import type { About } from "./bridge/types/About";
import type { Call } from "./bridge/types/Call";
import type { ConnectionView } from "./bridge/types/ConnectionView";
import type { Event } from "./bridge/types/Event";
import type { Table } from "./bridge/types/Table";

type Heard = (tables: readonly Table[]) => void;
/** What rings now, or news of a call. */
export type Ringing = Extract<Event, { type: "snapshot" | "call" }>;

class Live {
  /** Calls that ring now, by id. */
  readonly ringing = new SvelteMap<string, Call>();
  /** Every connection, in the order of the program. */
  connections: ConnectionView[] = $state.raw([]);
  /** Every kind of system that can be connected. */
  systems: About[] = $state.raw([]);
  /** Whether the connections were told unasked already. */
  #isTold = false;
  #listeners = new Set<Heard>();
  #callers = new Set<(event: Ringing) => void>();

  /** Subscribes once and reads what is known now. */
  async start(): Promise<void> {
    const subscribed = subscribe((event) => {
      this.#hear(event);
    });
    const [{ systems, connections }] = await Promise.all([beginning(), subscribed]);
    this.systems = systems;
    // What was told unasked is the later word.
    if (!this.#isTold) this.connections = connections;
  }

  /** Calls `listener` whenever one of `tables` changed; returns how to stop. */
  onChanged(tables: readonly Table[], listener: () => void): () => void {
    const heard: Heard = (changed) => {
      if (changed.some((it) => tables.includes(it))) listener();
    };
    this.#listeners.add(heard);
    return () => this.#listeners.delete(heard);
  }

  /** Calls `listener` with what rings now and with all news of calls; returns how to stop. */
  onCalls(listener: (event: Ringing) => void): () => void {
    this.#callers.add(listener);
    return () => this.#callers.delete(listener);
  }

  /** The kind of system of a connection. */
  system(id: string): About | undefined {
    return this.systems.find((it) => it.id === id);
  }

  /** A connection by id. */
  connection(id: string): ConnectionView | undefined {
    return this.connections.find((it) => it.id === id);
  }

  /** The kind of system behind a connection. */
  systemOf(connection: string): About | undefined {
    const found = this.connection(connection);
    return found && this.system(found.system);
  }

  /** Connections whose system can do a thing. */
  able(ability: About["abilities"][number]): ConnectionView[] {
    return this.connections.filter((it) => this.system(it.system)?.abilities.includes(ability));
  }

  #hear(event: Event): void {
    switch (event.type) {
      case "snapshot":
        this.ringing.clear();
        for (const it of event.ringing) this.#ring(it);
        this.connections = event.connections;
        this.#isTold = true;
        for (const it of this.#callers) it(event);
        return;
      case "call":
        if (event.call.outcome === "ringing") this.#ring(event.call);
        else for (const id of [event.call.id, ...this.#others(event.call)]) this.ringing.delete(id);
        for (const it of this.#callers) it(event);
        return;
      case "connections":
        this.connections = event.connections;
        this.#isTold = true;
        return;
      case "changed":
        if (event.tables.includes("connections")) void this.#readConnections();
        for (const it of this.#listeners) it(event.tables);
        return;
      default:
        event satisfies never;
    }
  }

  /** A call that two connections tell of rings once, as the one told first. */
  #ring(call: Call): void {
    const others = this.#others(call);
    const isKnown = this.ringing.has(call.id);
    if (!isKnown && others.length > 0) return;
    this.ringing.set(call.id, call);
    for (const id of others) this.ringing.delete(id);
  }

  /** Calls that ring and are the same as this one, by what either of the two says. */
  #others(call: Call): string[] {
    const same = new Set(call.same.map((it) => it.id));
    return [...this.ringing.values()]
      .filter((it) => it.id !== call.id && (same.has(it.id) || it.same.some((other) => other.id === call.id)))
      .map((it) => it.id);
  }

  async #readConnections(): Promise<void> {
    this.connections = await connectionsList();
  }
}

export const live = new Live();
