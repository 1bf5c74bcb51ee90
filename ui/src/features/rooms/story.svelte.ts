/** One booking in the pane: its story and its organiser, and what can be done about them. */
import { bookingAnswer, bookingAsk, bookingShow, draftNew } from "../../bridge/commands";
import { problemOf } from "../../bridge/problem";
import type { BookingAnswer } from "../../bridge/types/BookingAnswer";
import type { BookingDetail } from "../../bridge/types/BookingDetail";
import type { ChatWay } from "../../bridge/types/ChatWay";
import type { OrganiserPerson } from "../../bridge/types/OrganiserPerson";
import type { Problem } from "../../bridge/types/Problem";
import { composing } from "../../composing.svelte";
import { copyText } from "../../format/copy";
import { m } from "../../i18n";
import { live } from "../../live.svelte";
import { toasts } from "../../parts/toast.svelte";
import { clockIn, dayText } from "./words";
import { dayIn } from "./board";

/** What a telephone in the office dials: the short number, else the first long one; null where none is known. */
export function dialled(person: OrganiserPerson): string | null {
  return person.extension ?? person.numbers[0]?.shown ?? null;
}

export class BookingStory {
  /** What is known of the booking; the old one stays until the new one is there. */
  detail: BookingDetail | null = $state.raw(null);
  problem: Problem | null = $state.raw(null);
  /** Whether the question is being written. */
  isAsking = $state(false);
  #id = "";
  #asked = 0;

  /** The colleague who booked; null where none is meant for sure. */
  get person(): OrganiserPerson | null {
    return this.detail?.organiser.person ?? null;
  }

  /** Shows a booking, or nothing. */
  async show(id: string): Promise<void> {
    if (id !== this.#id) {
      this.detail = null;
      this.problem = null;
      this.isAsking = false;
    }
    this.#id = id;
    await this.load();
  }

  /** Reads it again; a late answer for another booking is left aside. */
  async load(): Promise<void> {
    const ask = ++this.#asked;
    if (this.#id === "") return;
    try {
      const detail = await bookingShow(this.#id);
      if (ask === this.#asked) this.detail = detail;
    } catch (thrown) {
      if (ask === this.#asked) this.problem = problemOf(thrown);
    }
  }

  /** Begins a message to the organiser about the booking, through the surest system. */
  message(zone: string, room: string): void {
    const [way] = this.person?.chats ?? [];
    const reservation = this.detail?.reservation;
    if (!way || !this.person || !reservation) return;
    const [start, end] = [Date.parse(reservation.start), Date.parse(reservation.end)];
    composing.begin({
      ...way,
      name: this.person.name,
      isKnown: live.able("people").some((it) => it.id === way.connection),
      origin: {
        what: "booking",
        at: reservation.start,
        name: reservation.title.trim() || room,
        values: { room, time: clockIn(zone, start), until: clockIn(zone, end) },
      },
    });
  }

  /** Begins a message with a link: to the organiser where a booking is open and they can be reached, else to whom is chosen. */
  send(link: string, of: { start: number; end: number; zone: string; room: string }): void {
    const [way] = this.person?.chats ?? [];
    const [start, end] = [clockIn(of.zone, of.start), clockIn(of.zone, of.end)];
    const origin = {
      what: "booking" as const,
      at: new Date(of.start).toISOString(),
      name: this.detail?.reservation.title.trim() || of.room,
      values: { room: of.room, time: start, until: end },
      text: m.rooms_link_text({ link, time: end }),
    };
    if (!way || !this.person) {
      composing.beginAbout(origin);
      return;
    }
    const isKnown = live.able("people").some((it) => it.id === way.connection);
    composing.begin({ ...way, name: this.person.name, isKnown, origin });
  }

  /** Copies what a telephone dials. */
  async copy(): Promise<void> {
    const number = this.person ? dialled(this.person) : null;
    if (number === null) return;
    await copyText(number);
    toasts.done(m.rooms_number_copied({ number }));
  }

  /** Opens the question whether the booking is still needed. */
  ask(): void {
    this.isAsking = (this.person?.chats.length ?? 0) > 0;
  }

  /** The question as it is offered. */
  question(zone: string, room: string): string {
    const it = this.detail?.reservation;
    if (!it) return "";
    const [start, end] = [Date.parse(it.start), Date.parse(it.end)];
    return m.rooms_ask_text({
      name: this.person?.name ?? "",
      title: it.title.trim() || m.rooms_untitled(),
      day: dayText(dayIn(zone, start)),
      start: clockIn(zone, start),
      end: clockIn(zone, end),
      room,
    });
  }

  /** Writes down what they answered, or takes it back. */
  async answer(draft: string, answer: BookingAnswer | null): Promise<void> {
    try {
      await bookingAnswer(draft, answer);
      await this.load();
    } catch (thrown) {
      this.problem = problemOf(thrown);
    }
  }
}

/** One question: through which of the ways, once. */
export class Question {
  text = $state("");
  /** Which way, by its place; null until it is chosen, where none is the best. */
  way: number | null = $state(null);
  isSending = $state(false);
  isPressed = $state(false);
  /** Why it was not taken; nothing was sent then. */
  problem: Problem | null = $state.raw(null);
  #draft = "";
  readonly chosen: ChatWay | null = $derived.by(() =>
    this.way === null ? null : (this.person.chats[this.way] ?? null),
  );

  constructor(
    readonly reservation: string,
    readonly person: OrganiserPerson,
    text: string,
  ) {
    this.text = text;
    this.way = person.is_chat_clear ? 0 : null;
  }

  /** Hands it over, once; whether the program took it. */
  async send(): Promise<boolean> {
    this.isPressed = true;
    const { chosen } = this;
    if (this.isSending || !chosen || this.text.trim() === "") return false;
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
      await bookingAsk({ reservation: this.reservation, person: this.person.id, draft });
      return true;
    } catch (thrown) {
      this.problem = problemOf(thrown);
      return false;
    } finally {
      this.isSending = false;
    }
  }
}
