/** Who the members of each edited room were before each change, so that changes are taken back one by one. */
import type { Member } from "../../bridge/types/Member";

/** How many changes of a room can be taken back. */
const MOST = 100;

export class MemberHistory {
  #past = new Map<string, Member[][]>();

  /** Notes the members as they are before a change. */
  note(key: string, members: readonly Member[]): void {
    const past = this.#past.get(key) ?? [];
    this.#past.set(key, [...past, [...members]].slice(-MOST));
  }

  /** The members before the last change, which is forgotten; nothing where none is known. */
  back(key: string): Member[] | undefined {
    return this.#past.get(key)?.pop();
  }

  /** Forgets the changes of a room: they were saved, dropped, or overtaken by a whole record. */
  forget(key: string): void {
    this.#past.delete(key);
  }
}
