/** The composer: one draft with its recipients, sent once, followed until its outcome is known, and never lost. */
import { deliveriesList, draftNew, outboxAdd } from "../../bridge/commands";
import { problemOf } from "../../bridge/problem";
import type { ConnectionId } from "../../bridge/types/ConnectionId";
import type { Delivery } from "../../bridge/types/Delivery";
import type { Draft } from "../../bridge/types/Draft";
import type { Problem } from "../../bridge/types/Problem";
import type { Asked } from "../../composing.svelte";
import { live } from "../../live.svelte";
import { blank, recall, remember, withTargets, type Target, type Written } from "./draft";
import { Names } from "./names.svelte";
import { cardsIn, fill, lengthOf, REVIEW_ABOVE } from "./limits";

/** What keeps a message from being sent; each has a sentence of its own. */
export type Obstacle = "connection" | "people" | "room" | "text" | "too_long" | "attachments";

export class Composer {
  written: Written = $state.raw(blank());
  deliveries: Delivery[] = $state.raw([]);
  readonly names = new Names();
  /** From the press until the program has taken the message. */
  isHandingOver = $state(false);
  /** Why the program did not take the message; nothing was sent then. */
  problem: Problem | null = $state.raw(null);
  /** Whether a press showed what is missing. */
  isPressed = $state(false);
  /** The delivery whose outcome is being waited for or shown. */
  #followed = $state("");
  /** The delivery that was handed over for this very draft, while its outcome is open. */
  #underWay = $state("");

  readonly connections = $derived(live.able("chat"));
  readonly connection: ConnectionId = $derived(
    this.connections.find((it) => it.id === this.written.connection)?.id ?? this.connections[0]?.id ?? "",
  );
  readonly system = $derived(live.systemOf(this.connection));
  readonly canSeal = $derived(this.system?.abilities.includes("sealed_messages") ?? false);
  readonly canAttach = $derived(this.system?.abilities.includes("attachments") ?? false);
  readonly limit = $derived(this.system?.longest_text ?? null);
  readonly length = $derived(lengthOf(this.written.text));
  readonly fill = $derived(fill(this.length, this.limit));
  readonly cards = $derived(cardsIn(this.canAttach ? this.written.attachments : ""));
  /** Everybody, or the one room. */
  readonly targets: Target[] = $derived(
    this.written.kind === "person" ? this.written.people : this.written.room ? [this.written.room] : [],
  );
  readonly count = $derived(this.targets.length);
  /** Addresses that no list of the system knows. */
  readonly unchecked = $derived(this.targets.filter((it) => !it.isKnown).length);
  readonly obstacles: Obstacle[] = $derived(this.#obstacles());
  /** Whether this draft is on its way; then it cannot be changed or sent again. */
  readonly isUnderWay = $derived(this.isHandingOver || this.#underWay !== "");
  readonly followed: Delivery | null = $derived(this.deliveries.find((it) => it.id === this.#followed) ?? null);
  /** Whether this very text may have arrived already, so that sending it could double it. */
  readonly mayDouble = $derived(this.followed?.state === "unknown" && this.followed.text === this.written.text);
  /** Whether a person looks once more before it leaves. */
  readonly needsReview = $derived(this.mayDouble || (this.written.kind === "person" && this.count > REVIEW_ABOVE));
  /** Deliveries that somebody has to look at. */
  readonly openOutcomes = $derived(
    this.deliveries.filter((it) => it.state === "unknown" || it.state === "refused").length,
  );

  /** Takes the draft up where it was left, and reads the outbox. */
  async start(): Promise<void> {
    this.written = recall(localStorage);
    await this.read();
    if (this.written.id === "") await this.#renew();
    const known = this.deliveries.find((it) => it.draft === this.written.id);
    // The window was closed after this draft was handed over.
    if (known) await this.#follow(known);
  }

  /** Reads what became of the last messages. */
  async read(): Promise<void> {
    try {
      this.deliveries = await deliveriesList();
      void this.names.learn(this.deliveries);
    } catch (thrown) {
      this.problem = problemOf(thrown);
    }
    const underWay = this.deliveries.find((it) => it.id === this.#underWay);
    if (underWay) await this.#follow(underWay);
  }

  /** Changes the draft; one that is on its way stays as it is. */
  change(part: Partial<Written>): void {
    if (this.isUnderWay) return;
    this.problem = null;
    this.#put({ ...this.written, ...part });
  }

  /** Writes through another system: addresses of the one before mean nothing there. */
  chooseConnection(connection: ConnectionId): void {
    if (connection === this.connection) return;
    this.change({ connection, people: [], room: null, mentions: [] });
  }

  /** Writes to whom another view asked for; the text stays as it was. */
  writeTo({ connection, ...target }: Asked): void {
    const mentions = connection === this.connection ? this.written.mentions : [];
    this.change({ connection, kind: "person", people: [target], room: null, mentions });
  }

  addPeople(targets: readonly Target[]): void {
    this.change({ people: withTargets(this.written.people, targets) });
  }

  addMentions(targets: readonly Target[]): void {
    this.change({ mentions: withTargets(this.written.mentions, targets) });
  }

  /** Hands the draft over, once: a second press does nothing until its outcome is known. */
  async send(): Promise<void> {
    this.isPressed = true;
    if (this.isUnderWay || this.obstacles.length > 0) return;
    this.isHandingOver = true;
    this.problem = null;
    this.#followed = "";
    try {
      if (this.written.id === "") await this.#renew();
      const delivery = await outboxAdd(this.#draft());
      this.isPressed = false;
      this.#underWay = delivery.id;
      this.#keep(delivery);
      await this.#follow(delivery);
    } catch (thrown) {
      this.problem = problemOf(thrown);
    } finally {
      this.isHandingOver = false;
    }
    await this.read();
  }

  /** Leaves a message that is on its way to the outbox, and begins another one. */
  async next(): Promise<void> {
    this.#underWay = "";
    await this.#clear();
  }

  /** Takes the text of an earlier delivery, with its recipients, into a new draft. */
  async writeAgain(delivery: Delivery): Promise<void> {
    if (this.isUnderWay) return;
    const target = (address: string): Target => ({ address, name: address, isKnown: true });
    const { to } = delivery;
    this.#followed = "";
    this.#put({
      ...blank(),
      connection: delivery.connection,
      kind: to.kind === "room" ? "room" : "person",
      people: to.kind === "people" ? to.address.map(target) : [],
      room: to.kind === "room" ? target(to.address) : null,
      text: delivery.text,
    });
    await this.#renew();
  }

  /** Acts on what is known of the delivery of this draft. */
  async #follow(delivery: Delivery): Promise<void> {
    this.#followed = delivery.id;
    switch (delivery.state) {
      case "waiting":
      case "sending":
        this.#underWay = delivery.id;
        return;
      case "sent":
      case "paused":
        this.#underWay = "";
        return this.#clear();
      case "refused":
      case "unknown":
        // The text stays. It is another message from now on, because this draft is settled.
        this.#underWay = "";
        return this.#renew();
      default:
        delivery.state satisfies never;
    }
  }

  /** A blank draft to the same recipients' system. */
  async #clear(): Promise<void> {
    this.isPressed = false;
    const { connection, kind, alias, emoji, avatar } = this.written;
    this.#put({ ...blank(), connection, kind, alias, emoji, avatar });
    await this.#renew();
  }

  /** Gives the draft an id of its own. */
  async #renew(): Promise<void> {
    try {
      this.#put({ ...this.written, id: await draftNew() });
    } catch (thrown) {
      this.problem = problemOf(thrown);
    }
  }

  #put(written: Written): void {
    this.written = written;
    remember(localStorage, written);
  }

  #keep(delivery: Delivery): void {
    this.deliveries = [delivery, ...this.deliveries.filter((it) => it.id !== delivery.id)];
  }

  #obstacles(): Obstacle[] {
    const { kind, people, room, text } = this.written;
    const found: Obstacle[] = [];
    if (this.connection === "") found.push("connection");
    if (kind === "person" && people.length === 0) found.push("people");
    if (kind === "room" && !room) found.push("room");
    if (text.trim() === "" && this.cards.cards.length === 0) found.push("text");
    if (this.limit !== null && this.length > this.limit) found.push("too_long");
    if (this.cards.fault) found.push("attachments");
    return found;
  }

  #draft(): Draft {
    const it = this.written;
    const words = (text: string): string | null => (this.canAttach && text.trim() !== "" ? text.trim() : null);
    return {
      id: it.id,
      connection: this.connection,
      to:
        it.kind === "room"
          ? { kind: "room", address: it.room?.address ?? "" }
          : { kind: "people", address: it.people.map((to) => to.address) },
      text: it.text.replaceAll("\r\n", "\n"),
      mentions: it.kind === "room" ? it.mentions.map((to) => to.address) : [],
      sealed: this.canSeal && it.sealed,
      attachments: this.cards.cards.length > 0 ? it.attachments.trim() : null,
      guise: { alias: words(it.alias), emoji: words(it.emoji), avatar: words(it.avatar) },
    };
  }
}
