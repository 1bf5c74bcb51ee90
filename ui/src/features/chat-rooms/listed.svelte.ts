/** Rooms that their system lists itself: read when the screen opens, changed one press at a time, and never kept here. */
import { SvelteMap } from "svelte/reactivity";
import { listedRoomCreate, listedRoomPeople, listedRoomRename, listedRooms } from "../../bridge/commands";
import { problemOf } from "../../bridge/problem";
import type { ListedRoom } from "../../bridge/types/ListedRoom";
import type { NewListedRoom } from "../../bridge/types/NewListedRoom";
import type { Problem } from "../../bridge/types/Problem";
import type { RoomPerson } from "../../bridge/types/RoomPerson";
import { fold } from "../../format/fold";
import { live } from "../../live.svelte";

/** A key of its own for each room. */
export const keyOf = (room: ListedRoom): string => `${room.connection}/${room.external_id}`;

export class ListedRooms {
  readonly connections = $derived(live.able("listed_rooms"));
  /** The rooms of each connection that answered. */
  readonly rooms = new SvelteMap<string, ListedRoom[]>();
  /** Why those of a connection cannot be shown. */
  readonly problems = new SvelteMap<string, Problem>();
  pickedKey = $state("");
  /** Who is in the picked room; nothing until that is read. */
  people: RoomPerson[] | null = $state.raw(null);
  peopleProblem: Problem | null = $state.raw(null);
  /** Why the last change was not made. */
  problem: Problem | null = $state.raw(null);
  isBusy = $state(false);
  readonly picked: ListedRoom | null = $derived(
    [...this.rooms.values()].flat().find((it) => keyOf(it) === this.pickedKey) ?? null,
  );

  /** Those of a connection whose name has these words. */
  shown(connection: string, filter: string): ListedRoom[] {
    const wanted = fold(filter);
    const all = this.rooms.get(connection) ?? [];
    return wanted === "" ? all : all.filter((it) => fold(`${it.name} ${it.address}`).includes(wanted));
  }

  /** Reads the rooms of a connection. */
  async load(connection: string): Promise<void> {
    try {
      this.rooms.set(connection, await listedRooms(connection));
      this.problems.delete(connection);
    } catch (thrown) {
      this.problems.set(connection, problemOf(thrown));
    }
  }

  /** Reads the rooms that are shown again whenever rooms of a chat are known to have changed; returns how to stop. */
  follow(): () => void {
    return live.onChanged(["destinations"], () => {
      for (const connection of this.rooms.keys()) void this.load(connection);
    });
  }

  /** Shows a room, or none for an empty key. */
  pick(key: string): void {
    if (key === this.pickedKey) return;
    this.pickedKey = key;
    this.people = null;
    this.peopleProblem = null;
    this.problem = null;
    if (this.picked) void this.#readPeople(this.picked);
  }

  /** Gives the picked room another name, once. */
  async rename(name: string): Promise<boolean> {
    const room = this.picked;
    if (!room) return false;
    return this.#change(async () => this.#put(await listedRoomRename($state.snapshot(room), name.trim())));
  }

  /** Makes a room, once, and shows it. */
  async create(connection: string, fresh: NewListedRoom): Promise<boolean> {
    return this.#change(async () => {
      const made = await listedRoomCreate(connection, fresh);
      this.#put(made);
      this.pick(keyOf(made));
    });
  }

  async #change(act: () => Promise<void>): Promise<boolean> {
    if (this.isBusy) return false;
    this.isBusy = true;
    this.problem = null;
    try {
      await act();
      return true;
    } catch (thrown) {
      this.problem = problemOf(thrown);
      return false;
    } finally {
      this.isBusy = false;
    }
  }

  #put(room: ListedRoom): void {
    const key = keyOf(room);
    const others = (this.rooms.get(room.connection) ?? []).filter((it) => keyOf(it) !== key);
    const all = [...others, room].sort((a, b) => a.name.localeCompare(b.name));
    this.rooms.set(room.connection, all);
  }

  async #readPeople(room: ListedRoom): Promise<void> {
    const key = keyOf(room);
    try {
      const people = await listedRoomPeople($state.snapshot(room));
      if (this.pickedKey === key) this.people = people;
    } catch (thrown) {
      if (this.pickedKey === key) this.peopleProblem = problemOf(thrown);
    }
  }
}
