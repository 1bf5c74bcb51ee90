/** The address list of user ids: who is behind an id, searched and filled from tables. */
import { chatAddressesAdd, chatAddressesList, chatAddressesRead, chatAddressRemove } from "../../bridge/commands";
import type { ChatAddress } from "../../bridge/types/ChatAddress";
import type { ChatAddressTable } from "../../bridge/types/ChatAddressTable";
import { fold } from "../../format/fold";

/** The most people that are suggested at once. */
const MOST = 6;

export class Addresses {
  all: ChatAddress[] = $state.raw([]);
  #connection = "";
  readonly #byUid = $derived(new Map(this.all.map((it) => [it.uid, it])));
  readonly #folded = $derived(
    this.all.map((it) => ({ it, text: fold(`${it.name} ${it.kana} ${it.email} ${it.note} ${it.uid}`) })),
  );

  /** Reads the list of a connection. */
  async load(connection: string): Promise<void> {
    this.#connection = connection;
    const all = connection === "" ? [] : await chatAddressesList(connection);
    if (this.#connection === connection) this.all = all;
  }

  /** Who is behind an id, where that is known. */
  of(uid: string): ChatAddress | undefined {
    return this.#byUid.get(uid);
  }

  /** A name for an id; empty where it is not known. */
  name(uid: string): string {
    const it = this.of(uid);
    return it?.name || it?.email || "";
  }

  /** People whose name, reading, address, note or id has every word of the text in it; those who are not left out only. */
  find(text: string, left: (uid: string) => boolean): ChatAddress[] {
    const words = fold(text).split(" ").filter(Boolean);
    if (words.length === 0) return [];
    const found = this.#folded.filter(({ it, text }) => left(it.uid) && words.every((word) => text.includes(word)));
    return found.slice(0, MOST).map(({ it }) => it);
  }

  /** Everybody who has every word of the text; for no words everybody. */
  having(text: string): ChatAddress[] {
    const words = fold(text).split(" ").filter(Boolean);
    return this.#folded.filter(({ text }) => words.every((word) => text.includes(word))).map(({ it }) => it);
  }

  /** Takes somebody off the list; answers how to take that back. */
  async remove(uid: string): Promise<() => Promise<void>> {
    const connection = this.#connection;
    const was = this.of(uid);
    await chatAddressRemove(connection, uid);
    await this.load(connection);
    return async () => {
      if (was) await chatAddressesAdd(connection, [$state.snapshot(was)]);
      await this.load(connection);
    };
  }

  /** What a table says; rejects with the problem. Nothing is kept. */
  read(bytes: Uint8Array): Promise<ChatAddressTable> {
    return chatAddressesRead([...bytes]);
  }

  /** Keeps people; answers how to take that back. */
  async add(addresses: ChatAddress[]): Promise<() => Promise<void>> {
    const connection = this.#connection;
    const former = addresses.map((it) => ({ uid: it.uid, was: this.of(it.uid) }));
    await chatAddressesAdd(connection, addresses);
    await this.load(connection);
    return async () => {
      for (const { uid } of former) await chatAddressRemove(connection, uid);
      await chatAddressesAdd(
        connection,
        former.flatMap(({ was }) => (was ? [was] : [])),
      );
      await this.load(connection);
    };
  }
}
