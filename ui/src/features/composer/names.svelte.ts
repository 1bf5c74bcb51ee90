/** Names of recipients by their addresses, as the lists of their systems have them; asked once each. */
import { SvelteMap } from "svelte/reactivity";
import { destinationsFind } from "../../bridge/commands";
import type { Delivery } from "../../bridge/types/Delivery";
import type { Recipient } from "../../bridge/types/Recipient";

const addressesOf = (to: Recipient): string[] => (to.kind === "people" ? to.address : [to.address]);

export class Names {
  #names = new SvelteMap<string, string>();
  #asked = new Set<string>();

  /** Whom a delivery is for, in one line; an address that no list knows stands for itself. */
  of(delivery: Pick<Delivery, "connection" | "to">): string {
    return addressesOf(delivery.to)
      .map((address) => this.ofAddress(delivery.connection, address))
      .join(", ");
  }

  /** Whose address it is; an address that no list knows stands for itself. */
  ofAddress(connection: string, address: string): string {
    return this.#names.get(`${connection} ${address}`) ?? address;
  }

  /** Asks for the names of recipients that were not asked for yet. */
  async learn(deliveries: readonly Delivery[]): Promise<void> {
    const wanted = deliveries.flatMap((it) => addressesOf(it.to).map((address) => ({ it, address })));
    await Promise.all(wanted.map(({ it, address }) => this.#learn(it, address)));
  }

  async #learn(delivery: Delivery, address: string): Promise<void> {
    const key = `${delivery.connection} ${address}`;
    if (this.#asked.has(key)) return;
    this.#asked.add(key);
    try {
      const kind = delivery.to.kind === "people" ? "person" : "room";
      const found = await destinationsFind(delivery.connection, address);
      const name = found.find((it) => it.kind === kind && it.address === address)?.name;
      if (name) this.#names.set(key, name);
    } catch {
      // The address says it as well.
    }
  }
}
