/** What narrows the rooms that are shown; the same for a day, a week and a month. */
import type { Room } from "../../bridge/types/Room";
import { fold } from "../../format/fold";

export class RoomFilter {
  /** Only rooms that nobody has now; a question about today. */
  onlyFree = $state(false);
  /** Only rooms that nobody has at this time of the day, in milliseconds after its first instant; null for any. */
  freeAt: number | null = $state(null);
  /** At least this many seats; 0 for any. */
  seats = $state(0);
  /** Floor, building or area; empty for any. */
  place = $state("");
  /** What has to be in it; empty for anything. */
  tag = $state("");
  /** Part of its name, place or note. */
  text = $state("");

  readonly #words = $derived(fold(this.text).split(/\s+/).filter(Boolean));

  /** Whether anything is narrowed. */
  get isOn(): boolean {
    return (
      this.onlyFree ||
      this.freeAt !== null ||
      this.seats > 0 ||
      this.place !== "" ||
      this.tag !== "" ||
      this.text !== ""
    );
  }

  /** Whether a room has what is asked for; whether it is free is another question. */
  passes(room: Room): boolean {
    if (this.seats > 0 && (room.capacity ?? 0) < this.seats) return false;
    if (this.place !== "" && room.place !== this.place) return false;
    if (this.tag !== "" && !room.equipment.includes(this.tag)) return false;
    if (this.#words.length === 0) return true;
    const text = fold([room.name, room.place ?? "", room.note ?? "", ...room.equipment].join(" "));
    return this.#words.every((it) => text.includes(it));
  }

  clear(): void {
    this.onlyFree = false;
    this.freeAt = null;
    this.seats = 0;
    this.place = "";
    this.tag = "";
    this.text = "";
  }
}
