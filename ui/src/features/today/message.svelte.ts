/** A message to a colleague about a missed call: to whom, through which chat, once. */
import { draftNew, followUpMessage } from "../../bridge/commands";
import { problemOf } from "../../bridge/problem";
import type { ChatWay } from "../../bridge/types/ChatWay";
import type { Colleague } from "../../bridge/types/Colleague";
import type { FollowUp } from "../../bridge/types/FollowUp";
import type { Problem } from "../../bridge/types/Problem";
import { live } from "../../live.svelte";
import { isReachable, template } from "./words";

/** What keeps it from being sent. */
export type Obstacle = "person" | "way" | "text" | "too_long";

export class ColleagueMessage {
  readonly entry: FollowUp;
  /** Those who can be written to. */
  readonly people: Colleague[];
  /** Whom it is for; empty until somebody is chosen, where several could be. */
  person = $state("");
  /** Which of their ways, by its place; none until it is chosen, where no way is the best. */
  way: number | null = $state(null);
  text = $state("");
  isSending = $state(false);
  /** Whether a press showed what is missing. */
  isPressed = $state(false);
  /** Why it was not taken; nothing was sent then. */
  problem: Problem | null = $state.raw(null);
  #draft = "";

  readonly colleague = $derived.by(() => this.people.find((it) => it.person === this.person) ?? null);
  readonly chosen: ChatWay | null = $derived(this.way === null ? null : (this.colleague?.chats[this.way] ?? null));
  readonly limit = $derived(this.chosen ? (live.systemOf(this.chosen.connection)?.longest_text ?? null) : null);
  readonly obstacles: Obstacle[] = $derived(this.#obstacles());

  constructor(entry: FollowUp, now: Date) {
    this.entry = entry;
    this.people = entry.colleagues.filter(isReachable);
    this.text = template(entry, now);
    const [only, another] = this.people;
    if (only && !another) this.choose(only.person);
  }

  /** Chooses whom it is for; the way with them, where one is better than the others. */
  choose(person: string): void {
    this.person = person;
    this.way = this.colleague?.is_chat_clear ? 0 : null;
  }

  /** Hands it over, once; whether the program took it. What became of it stands in the worklist. */
  async send(): Promise<boolean> {
    this.isPressed = true;
    const { colleague, chosen } = this;
    if (this.isSending || this.obstacles.length > 0 || !colleague || !chosen) return false;
    this.isSending = true;
    this.problem = null;
    try {
      // The same id for another press: the program sends one message for it.
      if (this.#draft === "") this.#draft = await draftNew();
      const draft = {
        id: this.#draft,
        connection: chosen.connection,
        to: { kind: "people" as const, address: [chosen.address] },
        text: this.text.replaceAll("\r\n", "\n"),
        mentions: [],
        sealed: false,
        attachments: null,
        guise: { alias: null, emoji: null, avatar: null },
      };
      await followUpMessage({ call: this.entry.call.id, person: colleague.person, draft });
      return true;
    } catch (thrown) {
      this.problem = problemOf(thrown);
      return false;
    } finally {
      this.isSending = false;
    }
  }

  #obstacles(): Obstacle[] {
    const found: Obstacle[] = [];
    if (this.colleague === null) found.push("person");
    else if (this.chosen === null) found.push("way");
    if (this.text.trim() === "") found.push("text");
    if (this.limit !== null && [...this.text].length > this.limit) found.push("too_long");
    return found;
  }
}
