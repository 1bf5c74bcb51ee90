/** Which calls the computer's own notifications tell of, and in what words: each call once, however many systems tell of it. */
import type { Call } from "../../bridge/types/Call";
import type { CallNews } from "../../bridge/types/CallNews";
import type { Settings } from "../../bridge/types/Settings";
import { callerName, callerNumber, lineName, outside } from "../../call-words";
import { m } from "../../i18n";
import type { Ringing } from "../../live.svelte";
import { isSame, isWanted, newsOf } from "./stack.svelte";

/** How many calls are remembered as told. */
const REMEMBERED = 100;

/** What a notification says. */
export interface Notice {
  title: string;
  body: string;
  /** The call that it tells of. */
  call: string;
}

/** Remembers what was told. */
export class Notices {
  #told: Call[] = [];

  /** What is to be told now, where that is wanted. */
  hear(event: Ringing, settings: Settings, now: Date): Notice[] {
    const heard = event.type === "snapshot" ? event.ringing.map((call) => newsOf(call, now)) : [event];
    const rings = heard.filter(
      ({ call }) => call.outcome === "ringing" && isWanted(call, settings, now.getHours()) && !this.#knows(call),
    );
    this.#told = [...this.#told, ...rings.map(({ call }) => call)].slice(-REMEMBERED);
    return settings.popup.notifies ? rings.map(noticeOf) : [];
  }

  #knows(call: Call): boolean {
    return this.#told.some((it) => isSame(it, call));
  }
}

function noticeOf({ call, customers }: CallNews): Notice {
  const name = callerName(call);
  const isWithheld = outside(call).raw === "";
  const number = isWithheld ? null : callerNumber(call);
  const who = name.isKnown ? name.text : (number ?? m.popup_withheld());
  const several = customers.length > 1 ? m.popup_several({ count: customers.length }) : null;
  const parts = [several, name.company, name.isKnown ? number : null, lineName(call)];
  return { title: m.popup_notice({ who }), body: parts.filter((it) => it).join(" · "), call: call.id };
}
