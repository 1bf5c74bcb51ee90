/** Today: which missed calls wait and which one is selected, what was not sent, what changed, the rooms of today, and how calls stand. */
import { appPrint, callsCount, deliveriesList, peopleList, roomBoard } from "../../bridge/commands";
import { everything } from "../../bridge/everything";
import { problemOf } from "../../bridge/problem";
import type { Delivery } from "../../bridge/types/Delivery";
import type { FollowUp } from "../../bridge/types/FollowUp";
import type { FollowUpMark } from "../../bridge/types/FollowUpMark";
import type { FollowUpStep } from "../../bridge/types/FollowUpStep";
import type { Problem } from "../../bridge/types/Problem";
import type { RoomBoard } from "../../bridge/types/RoomBoard";
import { time } from "../../clock.svelte";
import { copyText } from "../../format/copy";
import { isSameDay, startOfDay } from "../../format/time";
import { m } from "../../i18n";
import { live } from "../../live.svelte";
import { toasts } from "../../parts/toast.svelte";
import { worklist } from "../../worklist.svelte";
import { Changes } from "./changes.svelte";
import { dayIn } from "./rooms";
import { caller } from "./words";

/** The most messages that are listed; the outbox has the others. */
const MOST_UNSENT = 8;

export class Today {
  /** What changed in bookings. */
  readonly changes = new Changes();
  /** Today's board, as it was last answered. */
  board: RoomBoard | null = $state.raw(null);
  /** Why a part could not be read. */
  roomsProblem: Problem | null = $state.raw(null);
  unsentProblem: Problem | null = $state.raw(null);
  /** Why the last thing that a person said of a call was not kept. */
  problem: Problem | null = $state.raw(null);
  /** Calls of today by connection. */
  calls = $state.raw(new Map<string, number>());
  #deliveries: Delivery[] | null = $state.raw(null);
  #names = $state.raw(new Map<string, string>());
  /** The calls of the selected row: its id changes when the number rings again. */
  #selected: string[] = $state.raw([]);
  #place = $state(0);

  /** What waits: new ones first, then those that somebody looks after. */
  readonly open: FollowUp[] = $derived.by(() => {
    const all = worklist.list?.open ?? [];
    return [...all.filter((it) => it.state === "new"), ...all.filter((it) => it.state === "taken")];
  });
  readonly fresh = $derived(this.open.filter((it) => it.state === "new").length);
  /** What was closed today, the last one first. */
  readonly closed: FollowUp[] = $derived(
    (worklist.list?.closed ?? []).filter((it) => it.at !== null && isSameDay(new Date(it.at), time.now)),
  );
  /** The place of the selected row. */
  readonly active = $derived.by(() => {
    const found = this.open.findIndex((it) => it.calls.some((call) => this.#selected.includes(call)));
    return found >= 0 ? found : Math.max(0, Math.min(this.#place, this.open.length - 1));
  });
  readonly selected: FollowUp | null = $derived(this.open[this.active] ?? null);
  /** Messages that did not arrive for certain, the newest first; null until they are read. */
  readonly unsent: Delivery[] | null = $derived.by(() => {
    const since = worklist.list?.since ?? "";
    const needs = (it: Delivery): boolean => ["unknown", "refused", "paused"].includes(it.state);
    return this.#deliveries?.filter((it) => needs(it) && it.created_at >= since) ?? null;
  });
  readonly unsentShown = $derived(this.unsent?.slice(0, MOST_UNSENT) ?? []);

  /** Reads everything but the missed calls, which the window reads anyway, and follows it; returns how to stop. */
  start(): () => void {
    void this.readAll();
    const stops = [
      live.onChanged(["rooms", "reservations"], () => {
        void this.readRooms();
        void this.changes.read();
      }),
      live.onChanged(["deliveries"], () => void this.readUnsent()),
      live.onChanged(["people"], () => void this.readNames()),
      live.onChanged(["calls"], () => void this.countCalls()),
    ];
    return () => stops.forEach((stop) => stop());
  }

  async readAll(): Promise<void> {
    const parts = [this.readRooms(), this.changes.read(), this.readUnsent(), this.readNames(), this.countCalls()];
    await Promise.all(parts);
  }

  async readRooms(): Promise<void> {
    try {
      let board = await roomBoard(dayIn("", time.now.getTime()));
      // The day on the computer and the day where the rooms are can differ.
      const there = dayIn(board.zone, time.now.getTime());
      if (there !== board.day) board = await roomBoard(there);
      this.board = board;
      this.roomsProblem = null;
    } catch (thrown) {
      this.roomsProblem = problemOf(thrown);
    }
  }

  async readUnsent(): Promise<void> {
    try {
      this.#deliveries = await deliveriesList();
      this.unsentProblem = null;
    } catch (thrown) {
      this.unsentProblem = problemOf(thrown);
    }
  }

  async readNames(): Promise<void> {
    try {
      const names = new Map<string, string>();
      for (const person of await peopleList("")) {
        if (person.email !== null) names.set(person.email.toLowerCase(), person.name);
        for (const it of person.identities) names.set(`${it.connection} ${it.external_id}`, person.name);
      }
      this.#names = names;
    } catch {
      // Without names the addresses stand there.
    }
  }

  async countCalls(): Promise<void> {
    const connections = live.able("calls").map((it) => it.id);
    const from = startOfDay(time.now).toISOString();
    try {
      const counts = await callsCount(connections.map((connection) => ({ ...everything, connection, from })));
      this.calls = new Map(connections.map((id, index) => [id, counts[index] ?? 0]));
    } catch {
      // A tile without a figure says the rest.
    }
  }

  /** Whom a delivery is for, by name where one is known. */
  recipient(it: Delivery): string {
    if (it.to.kind === "room") return it.to.address;
    const name = (address: string): string =>
      this.#names.get(address.toLowerCase()) ?? this.#names.get(`${it.connection} ${address}`) ?? address;
    return it.to.address.map(name).join(", ");
  }

  /** Prints the page for whoever comes next. */
  async handOver(): Promise<void> {
    try {
      await appPrint();
      await this.changes.handOver();
    } catch (thrown) {
      this.problem = problemOf(thrown);
    }
  }

  select(index: number): void {
    const row = this.open[index];
    if (!row) return;
    this.#place = index;
    this.#selected = row.calls;
  }

  /** Says that somebody looks after it, that it is over, or that it waits again; with a way back. */
  async say(it: FollowUp, step: FollowUpStep, done: string): Promise<void> {
    this.#place = this.active;
    this.problem = null;
    try {
      const former = await worklist.say(it, step);
      const run = (): void => void this.#restore(it, former);
      toasts.done(done, { label: m.frame_undo(), run });
    } catch (thrown) {
      this.problem = problemOf(thrown);
    }
  }

  take(it: FollowUp): Promise<void> {
    return this.say(it, "taken", m.today_taken({ name: caller(it.call).name }));
  }

  close(it: FollowUp): Promise<void> {
    return this.say(it, "done", m.today_closed({ name: caller(it.call).name }));
  }

  reopen(it: FollowUp): Promise<void> {
    return this.say(it, "open", m.today_reopened({ name: caller(it.call).name }));
  }

  /** Whoever rings back needs the number, and looks after the call. */
  async callBack(it: FollowUp): Promise<void> {
    const { number } = caller(it.call);
    if (number === null) return;
    await copyText(number);
    await this.say(it, "taken", m.today_number_copied({ number }));
  }

  async #restore(it: FollowUp, former: FollowUpMark[]): Promise<void> {
    try {
      await worklist.restore(it, former);
      const place = this.open.findIndex((row) => row.calls.some((call) => it.calls.includes(call)));
      if (place >= 0) this.select(place);
    } catch {
      toasts.notUndone(m.today_not_undone());
    }
  }
}
