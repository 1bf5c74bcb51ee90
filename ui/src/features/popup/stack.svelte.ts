/** Which calls the window that shows who rings has, in what order, and how long each stays. */
import type { Call } from "../../bridge/types/Call";
import type { CallNews } from "../../bridge/types/CallNews";
import type { LineSetting } from "../../bridge/types/LineSetting";
import type { Settings } from "../../bridge/types/Settings";
import type { Ringing } from "../../live.svelte";

/** How high the window is with one call, and what each call below it adds, in CSS pixels. */
export const HEIGHT = 260;
export const STRIP = 52;
/** How many calls are shown below the first. */
export const STRIPS = 2;

/** What a line usually is. */
const usualLine: LineSetting = { line: "", colour: 0, greeting: "", is_shown: true, from: 0, to: 24 };

/** How a person set a line. */
export function lineOf(call: Pick<Call, "line">, settings: Settings): LineSetting {
  return settings.lines.find((it) => it.line === call.line) ?? usualLine;
}

/** Whether a call is to be told of at all: it comes from outside, and its line is shown at this hour. */
export function isWanted(call: Call, settings: Settings, hour: number): boolean {
  const { is_shown, from, to } = lineOf(call, settings);
  const isHour = from < to ? hour >= from && hour < to : hour >= from || hour < to;
  return call.direction !== "outbound" && is_shown && isHour;
}

/** One call in the window. */
export class Entry {
  /** What is known of it. */
  news: CallNews = $state.raw({} as CallNews);
  /** When it was over, in milliseconds. */
  endedAt: number | null = $state(null);
  /** Whether it stays until it is closed. */
  isPinned = $state(false);
  /** Whether somebody writes a note. */
  isWriting = $state(false);
  /** Whether it went from what rings without anybody saying that it is over: a line that was cut for a while. */
  #isLost = false;
  /** Until then it stays since writing ended, in milliseconds. */
  #restedAt = 0;

  constructor(news: CallNews) {
    this.news = news;
  }

  get call(): Call {
    return this.news.call;
  }

  /** Takes in news; a call that is over stays over, one that was only lost may ring on. */
  take(news: CallNews, now: number): void {
    this.news = news;
    const isOver = news.event === "ended" || news.event === "recorded";
    if (isOver) this.endedAt ??= now;
    else if (this.#isLost) this.endedAt = null;
    this.#isLost = false;
  }

  /** Nobody knows any more whether it rings. */
  lose(now: number): void {
    if (this.endedAt !== null) return;
    this.endedAt = now;
    this.#isLost = true;
  }

  /** Writing begins or ends; while it goes on the clock stands still, and it begins anew after it. */
  write(isWriting: boolean, now: number): void {
    this.isWriting = isWriting;
    this.#restedAt = now;
  }

  /** The part of its time that is left, from 1 to 0; `null` while its time does not run. */
  left(now: number, seconds: number | null): number | null {
    if (this.endedAt === null || seconds === null || this.isPinned || this.isWriting) return null;
    const since = now - Math.max(this.endedAt, this.#restedAt);
    return Math.max(0, 1 - since / (seconds * 1_000));
  }
}

/** The calls of the window, the first in full. */
export class Stack {
  /** The first keeps its place; others come below. */
  entries: Entry[] = $state.raw([]);

  /** The call that is shown in full. */
  get first(): Entry | undefined {
    return this.entries[0];
  }

  /** The calls below it that have room. */
  get strips(): Entry[] {
    return this.entries.slice(1, 1 + STRIPS);
  }

  /** How many more there are. */
  get more(): number {
    return Math.max(0, this.entries.length - 1 - STRIPS);
  }

  /** How high the window has to be; nothing where it is not shown. */
  get height(): number {
    return this.entries.length === 0 ? 0 : HEIGHT + STRIP * this.strips.length;
  }

  /** Takes in what rings now, or news of a call. */
  hear(event: Ringing, settings: Settings, now: Date): void {
    const at = now.getTime();
    if (event.type === "snapshot") {
      for (const it of this.entries) if (it.endedAt === null && !this.#rings(it, event.ringing)) it.lose(at);
      for (const call of event.ringing) {
        // What is known of its caller stays known.
        const known = this.entries.find((it) => it.call.id === call.id)?.news;
        const news = newsOf(call, now);
        this.#take(known ? { ...news, customers: known.customers, recent: known.recent } : news, settings, now);
      }
      return;
    }
    this.#take(event, settings, now);
  }

  /** Takes out what was over long enough. */
  sweep(settings: Settings, now: number): void {
    const kept = this.entries.filter((it) => it.left(now, settings.popup.seconds) !== 0);
    if (kept.length !== this.entries.length) this.entries = kept;
  }

  /** Takes a call out. */
  close(entry: Entry): void {
    this.entries = this.entries.filter((it) => it !== entry);
  }

  /** Shows a call in full; the others keep their order. */
  front(entry: Entry): void {
    this.entries = [entry, ...this.entries.filter((it) => it !== entry)];
  }

  /** Shows the next call in full, and the first after all others. */
  turn(): void {
    const [first, ...others] = this.entries;
    if (first) this.entries = [...others, first];
  }

  #take(news: CallNews, settings: Settings, now: Date): void {
    const known = this.entries.find((it) => isSame(it.call, news.call));
    if (known) {
      // What another connection says of a call goes below what is shown already, but not that it is over.
      if (known.call.connection === news.call.connection || news.event !== "ringing") known.take(news, now.getTime());
      return;
    }
    if (!settings.popup.is_on || news.call.outcome !== "ringing") return;
    if (!isWanted(news.call, settings, now.getHours())) return;
    this.entries = [...this.entries, new Entry(news)];
  }

  #rings(entry: Entry, ringing: readonly Call[]): boolean {
    return ringing.some((it) => isSame(entry.call, it));
  }
}

/** Whether both are one call to whoever is told of it: the same, the live one and the log's, or told by two systems. */
export function isSame(one: Call, other: Call): boolean {
  return (
    one.id === other.id ||
    (one.connection === other.connection && one.session_id !== null && one.session_id === other.session_id) ||
    one.same.some((it) => it.id === other.id) ||
    other.same.some((it) => it.id === one.id)
  );
}

/** A call that rings already, of which nothing else is known yet. */
export function newsOf(call: Call, now: Date): CallNews {
  return { event: "ringing", at: now.toISOString(), call, customers: [], recent: [] };
}
