/** The composer: one draft with its recipients, sent once to each, followed until every outcome is known, and never lost. */
import {
  deliveriesList,
  deliveriesOf,
  draftNew,
  outboxAddAll,
  outboxHoldAll,
  outboxTest,
  planAdd,
} from "../../bridge/commands";
import { problemOf } from "../../bridge/problem";
import type { ConnectionView } from "../../bridge/types/ConnectionView";
import type { Delivery } from "../../bridge/types/Delivery";
import type { Draft } from "../../bridge/types/Draft";
import type { Planned } from "../../bridge/types/Planned";
import type { Problem } from "../../bridge/types/Problem";
import type { RefusedDraft } from "../../bridge/types/RefusedDraft";
import { time } from "../../clock.svelte";
import type { BulkAsked } from "../../bulk-asked.svelte";
import type { Asked, Origin } from "../../composing.svelte";
import { live } from "../../live.svelte";
import { quietEnd } from "../../quiet-hours";
import { preferences } from "../../settings.svelte";
import { readCards } from "./cards";
import { columnsOf, type Column } from "./columns";
import { blank, keyOf, recall, remember, withTargets, type Target, type Written } from "./draft";
import { emptyFields, ownValues } from "./fields";
import { secondsFor } from "./limits";
import { Names } from "./names.svelte";
import { bulkOf, draftFor } from "./outgoing";
import { isOpen, targetsOf } from "./outcome";
import { shelve } from "./shelf";

/** What keeps a message from being sent; each has a sentence of its own. */
export type Obstacle = "connection" | "to" | "text" | "too_long" | "attachments" | "past";

export class Composer {
  written: Written = $state.raw(blank());
  /** Whether the draft outlives the window. */
  isKept = $state(true);
  deliveries: Delivery[] = $state.raw([]);
  readonly names = new Names();
  /** From the press until the program has taken the messages. */
  isHandingOver = $state(false);
  /** Why the program did not take them; nothing was sent then. */
  problem: Problem | null = $state.raw(null);
  /** What of them cannot be sent; nothing was sent then. */
  refused: RefusedDraft[] = $state.raw([]);
  /** The last message that was planned: it leaves later. */
  planned: Planned | null = $state.raw(null);
  /** Whether a press showed what is missing. */
  isPressed = $state(false);
  /** The deliveries of the last handing over, with their outcomes as they come. */
  followed: Delivery[] = $state.raw([]);
  /** The deliveries of the last test. */
  tested: Delivery[] = $state.raw([]);
  /** The draft that is under way, by its id. */
  #underWay = $state("");
  /** Words that are being looked up; a press waits for them. */
  #lookedUp = new Set<Promise<unknown>>();

  readonly connections = $derived(live.able("chat"));
  /** Where is searched, and what typed addresses go through. */
  readonly searched: ConnectionView[] = $derived.by(() => {
    const only = this.connections.find((it) => it.id === this.written.through);
    return only ? [only] : this.connections;
  });
  /** The connection of addresses that no list knows: one that keeps no list, since the others would know them. */
  readonly fallback = $derived(
    (this.searched.find((it) => !live.system(it.system)?.abilities.includes("people")) ?? this.searched[0])?.id ?? "",
  );
  readonly targets: Target[] = $derived(this.written.to);
  readonly people = $derived(this.targets.filter((it) => it.kind === "person").length);
  readonly rooms = $derived(this.targets.filter((it) => it.kind === "room").length);
  readonly count = $derived(this.targets.length);
  /** People in the rooms, as far as their systems say how many. */
  readonly inRooms = $derived(this.targets.reduce((sum, it) => sum + (it.members ?? 0), 0));
  /** Addresses that no list of their system knows. */
  readonly unchecked = $derived(this.targets.filter((it) => !it.isKnown).length);
  /** Connections that the message goes through; before anybody is chosen those that it could. */
  readonly used: ConnectionView[] = $derived.by(() => {
    const used = this.connections.filter((it) => this.targets.some((to) => to.connection === it.id));
    return used.length > 0 ? used : this.searched;
  });
  readonly cards = $derived(readCards(this.written.attachments));
  /** What the fields stand for; who works here is known without being written. */
  readonly values: Written["values"] = $derived({ me: preferences.current.who, ...this.written.values });
  /** What is written, with everything that its fields stand for. */
  readonly whole: Written = $derived({ ...this.written, values: this.values });
  readonly columns: Column[] = $derived(columnsOf(this.used, this.whole, this.cards.cards));
  readonly canSeal = $derived(this.columns.some((it) => it.canSeal));
  readonly canAttach = $derived(this.columns.some((it) => it.cardsBecome === "cards"));
  readonly canCarryFile = $derived(this.columns.some((it) => it.takesFile));
  readonly empty = $derived(emptyFields(this.written.text, this.values));
  readonly seconds = $derived(
    secondsFor(this.columns.map((it) => ({ count: it.targets.length, perMinute: it.system.messages_per_minute }))),
  );
  readonly obstacles: Obstacle[] = $derived(this.#obstacles());
  /** Whether this draft is on its way; then it cannot be changed or sent again. */
  readonly isUnderWay = $derived(this.isHandingOver || this.#underWay !== "");
  /** Whether this very text may have arrived somewhere already, so that sending it could double it. */
  readonly mayDouble = $derived(
    !this.isUnderWay &&
      targetsOf(
        this.targets,
        this.followed.filter(
          (it) =>
            it.state === "unknown" &&
            this.columns.some((own) => own.connection.id === it.connection && own.text === it.text),
        ),
      ).length > 0,
  );
  /** Whether a person looks once more before it leaves. */
  readonly needsReview = $derived.by(() => {
    const { review_above, review_room_above } = preferences.current.messages;
    return this.mayDouble || this.count > review_above || this.inRooms > review_room_above;
  });
  /** When the quiet hours end in which it would leave now; `null` where there are none, or another time is chosen. */
  readonly quietUntil: Date | null = $derived(
    this.written.later === "" ? quietEnd(preferences.current.messages.quiet, time.now) : null,
  );
  /** Connections of its recipients that cannot be reached now. */
  readonly unreachable: ConnectionView[] = $derived(
    this.columns.filter((it) => it.targets.length > 0 && it.connection.state === "offline").map((it) => it.connection),
  );
  /** Connections that a test would go through and that have no address of one's own. */
  readonly withoutMe: ConnectionView[] = $derived(
    this.used.filter((it) => !preferences.current.messages.me.some((own) => own.connection === it.id)),
  );
  /** Deliveries that somebody has to look at. */
  readonly openOutcomes = $derived(
    this.deliveries.filter((it) => it.state === "unknown" || it.state === "refused").length,
  );

  /** Takes the draft up where it was left, and reads the outbox. */
  async start(): Promise<void> {
    this.written = recall(localStorage);
    if (this.written.id !== "") await this.#readFollowed(this.written.id);
    await this.read();
    if (this.written.id === "") await this.#renew();
  }

  /** Reads what became of the last messages. */
  async read(): Promise<void> {
    try {
      this.deliveries = await deliveriesList();
      void this.names.learn(this.deliveries);
      this.tested = this.tested.map((old) => this.deliveries.find((it) => it.id === old.id) ?? old);
      if (this.#underWay !== "") await this.#readFollowed(this.#underWay);
    } catch (thrown) {
      this.problem = problemOf(thrown);
    }
  }

  /** Changes the draft; one that is on its way stays as it is. */
  change(part: Partial<Written>): void {
    if (this.isUnderWay) return;
    this.problem = null;
    this.refused = [];
    this.#put({ ...this.written, ...part, changedAt: new Date().toISOString() });
  }

  /** Searches one connection only, or all for an empty one. Who is chosen already stays. */
  choose(through: string): void {
    this.change({ through });
  }

  /** Writes to whom another view asked for, and to nobody else; the text stays as it was. */
  writeTo({ connection, origin, ...target }: Asked): void {
    const reason = origin?.what === "call" ? { asked: origin.at } : "picked";
    this.change({ to: [{ connection, kind: "person", reason, ...target }], mentions: [] });
    if (origin) this.writeAbout(origin);
  }

  /** Takes what the message is about for the fields of its text. Nothing stays of what another call or booking knew. */
  writeAbout({ text, ...origin }: Origin): void {
    const written = this.written.text;
    // A second press on the same thing does not write it twice.
    const isNew = text !== undefined && !written.includes(text);
    const together = isNew ? { text: written.trim() === "" ? text : `${written.trimEnd()}\n${text}` } : {};
    this.change({ origin, values: { ...ownValues(this.written.values), ...origin.values }, ...together });
  }

  add(targets: readonly Target[]): void {
    this.change({ to: withTargets(this.written.to, targets) });
  }

  remove(target: Target): void {
    this.change({ to: this.written.to.filter((it) => keyOf(it) !== keyOf(target)) });
  }

  addMentions(targets: readonly Target[]): void {
    this.change({ mentions: withTargets(this.written.mentions, targets) });
  }

  /** Keeps a press waiting until these words are looked up, or a file is read; one that gives `false` has it do nothing then. */
  lookUp<T>(words: Promise<T>): Promise<T> {
    this.#lookedUp.add(words);
    void words.finally(() => this.#lookedUp.delete(words));
    return words;
  }

  /** Waits until everything that was typed is among the recipients and the file is read; whether the message is what it shall be. */
  async settled(): Promise<boolean> {
    const ends = await Promise.allSettled([...this.#lookedUp]);
    return ends.every((it) => it.status === "rejected" || it.value !== false);
  }

  /**
   * Hands the draft over, once: a second press does nothing until its outcomes are known. In the quiet hours it waits for their end,
   * unless `isUrgent`.
   */
  async send(isUrgent = false): Promise<void> {
    this.isPressed = true;
    if (this.isUnderWay || this.obstacles.length > 0) return;
    await this.#handOver(async () => {
      if (this.written.id === "") await this.#renew();
      if (this.written.later !== "") return this.#plan(new Date(this.written.later));
      const quietUntil = quietEnd(preferences.current.messages.quiet, new Date());
      if (quietUntil && !isUrgent) return this.#plan(quietUntil);
      const handed = await (this.written.whenConnected ? outboxHoldAll : outboxAddAll)(this.#drafts());
      this.refused = handed.refused;
      if (handed.refused.length > 0) return;
      this.isPressed = false;
      this.#underWay = this.written.id;
      await this.#follow(handed.deliveries);
    });
  }

  /** Has it leave later; the form is free again then. */
  async #plan(at: Date): Promise<void> {
    const made = await planAdd(this.#drafts(), at.toISOString());
    this.refused = made.refused;
    if (!made.planned) return;
    this.followed = [];
    await this.#clear();
    this.planned = made.planned;
  }

  /** Sends the text to nobody but the person who writes, once through each system that it would go through. */
  async test(): Promise<void> {
    if (this.isUnderWay || this.withoutMe.length > 0 || !this.#canTest()) return;
    await this.#handOver(async () => {
      const handed = await outboxTest(this.columns.map((it) => this.#draft(it, testTarget(it.connection.id))));
      this.refused = handed.refused;
      this.tested = handed.deliveries;
    });
  }

  /** Leaves messages that are on their way to the outbox, and begins another one. */
  async next(): Promise<void> {
    this.#underWay = "";
    await this.#clear();
  }

  /** Puts a whole draft in the place of this one: one that was kept, or the one before it was cleared. */
  async take(written: Partial<Written>): Promise<void> {
    if (this.isUnderWay) return;
    this.followed = [];
    this.isPressed = false;
    shelve(localStorage, this.written);
    this.change({ ...blank(), ...written, id: "" });
    await this.#renew();
  }

  /** Takes the text of an earlier delivery, with its recipients, into a new draft. */
  async writeAgain(delivery: Delivery): Promise<void> {
    const { to, connection } = delivery;
    const kind = to.kind === "room" ? "room" : "person";
    const target = (address: string): Target => {
      const name = this.names.ofAddress(connection, address);
      return { connection, kind, address, name, isKnown: true, reason: "again" };
    };
    await this.take({ to: [to.address].flat().map(target), text: delivery.text, file: delivery.file ?? null });
  }

  /** The message as whoever plans many takes it: each system's shape, and fields that differ from one to the next left in place. */
  asBulk(): BulkAsked {
    return bulkOf(this.whole, this.columns, this.cards.cards);
  }

  /** Whom a refusal is about, in one line. */
  nameOf({ connection, to }: RefusedDraft): string {
    const [target] = targetsOf(this.targets, [{ connection, to }]);
    return target?.name ?? this.names.of({ connection, to });
  }

  async #handOver(hand: () => Promise<void>): Promise<void> {
    // What became of the last message is not what becomes of this one; where this one is not taken, it still holds.
    const before = this.followed;
    this.followed = [];
    this.isHandingOver = true;
    this.problem = null;
    this.refused = [];
    this.tested = [];
    this.planned = null;
    try {
      await hand();
    } catch (thrown) {
      this.problem = problemOf(thrown);
    } finally {
      this.isHandingOver = false;
    }
    if (this.problem !== null || this.refused.length > 0 || this.tested.length > 0) this.followed = before;
    await this.read();
  }

  async #readFollowed(id: string): Promise<void> {
    try {
      const found = await deliveriesOf(id);
      if (found.length === 0) return;
      // The window was closed after this draft was handed over.
      this.#underWay = id;
      await this.#follow(found);
    } catch (thrown) {
      this.problem = problemOf(thrown);
    }
  }

  /** Acts on what is known of the deliveries of this draft. */
  async #follow(deliveries: Delivery[]): Promise<void> {
    this.followed = deliveries;
    if (deliveries.some(isOpen)) return;
    this.#underWay = "";
    const left = deliveries.filter((it) => it.state === "refused" || it.state === "unknown");
    if (left.length === 0) return this.#clear();
    // The text stays, for those whom it did not reach. It is another message from now on, because this draft is settled.
    this.#put({ ...this.written, to: targetsOf(this.written.to, left) });
    await this.#renew();
  }

  /** A blank draft through the same connection. */
  async #clear(): Promise<void> {
    this.isPressed = false;
    const { through, alias, emoji, avatar } = this.written;
    this.#put({ ...blank(), through, alias, emoji, avatar });
    await this.#renew();
  }

  /** Gives the draft an id of its own. */
  async #renew(): Promise<void> {
    try {
      const id = await draftNew();
      // What was written while it was waited for stays.
      this.#put({ ...this.written, id });
    } catch (thrown) {
      this.problem = problemOf(thrown);
    }
  }

  #put(written: Written): void {
    this.written = written;
    this.isKept = remember(localStorage, written);
  }

  #canTest(): boolean {
    return this.obstacles.every((it) => it === "to");
  }

  #obstacles(): Obstacle[] {
    const found: Obstacle[] = [];
    const isGone = this.targets.some((to) => !this.connections.some((it) => it.id === to.connection));
    if (this.connections.length === 0 || isGone) found.push("connection");
    if (this.count === 0) found.push("to");
    if (this.columns.some((it) => it.isEmpty)) found.push("text");
    if (this.columns.some((it) => it.fill.level === "bad")) found.push("too_long");
    if (this.canAttach && this.cards.fault) found.push("attachments");
    const { later } = this.written;
    // What is no time has passed too: it cannot be waited for.
    if (later !== "" && !(new Date(later).getTime() > Date.now())) found.push("past");
    return found;
  }

  #draft(column: Column, target: Target): Draft {
    return draftFor(this.whole, target, this.cards.cards, column.system);
  }

  #drafts(): Draft[] {
    return this.columns.flatMap((column) => column.targets.map((target) => this.#draft(column, target)));
  }
}

/** Stands in the place of the own address, which the program puts there itself. */
const testTarget = (connection: string): Target => ({
  connection,
  kind: "person",
  address: "",
  name: "",
  isKnown: true,
  reason: "test",
});
