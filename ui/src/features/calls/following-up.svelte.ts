/** What follows a call: telling a colleague of it, ringing back, looking after it, and that it is over. */
import { asked } from "../../asked.svelte";
import { peopleList } from "../../bridge/commands";
import { problemOf } from "../../bridge/problem";
import type { Call } from "../../bridge/types/Call";
import type { FollowUp } from "../../bridge/types/FollowUp";
import type { FollowUpMark } from "../../bridge/types/FollowUpMark";
import type { FollowUpStep } from "../../bridge/types/FollowUpStep";
import type { LinkedPerson } from "../../bridge/types/LinkedPerson";
import type { Problem } from "../../bridge/types/Problem";
import { callerName, callerNumber, lineName, outside } from "../../call-words";
import { reachNow } from "../../chat-reach";
import { composing, type Origin } from "../../composing.svelte";
import { copyText } from "../../format/copy";
import { clock } from "../../format/time";
import { m } from "../../i18n";
import { live } from "../../live.svelte";
import { toasts } from "../../parts/toast.svelte";
import { worklist } from "../../worklist.svelte";

/** What a message about a call knows of it, for the fields of its text. */
export function originOf(call: Call): Origin {
  const name = callerName(call);
  const number = outside(call).shown;
  const company = call.customer?.company ?? "";
  return {
    what: "call",
    at: call.started_at ?? "",
    name: name.isKnown || number === "" ? name.text : number,
    values: {
      caller: name.isKnown ? name.text : "",
      customer: company === "" ? (call.customer?.name ?? "") : company,
      number,
      time: call.started_at === null ? "" : clock(call.started_at),
      line: lineName(call) ?? "",
      note: call.note ?? "",
    },
  };
}

/** Whom a press writes to: by name where it is one person, `several` where somebody has to choose, nobody in particular else. */
export type Recipient = { kind: "one"; name: string } | { kind: "several" } | { kind: "open" };

export class FollowingUp {
  /** Why the last thing was not done. */
  problem: Problem | null = $state.raw(null);

  /** What the call waits in, where it is a missed one that nobody has closed. */
  entry(call: Call): FollowUp | null {
    return worklist.of(call.id);
  }

  /** Whom a message about the call is for. */
  recipient(call: Call): Recipient {
    const reachable = this.entry(call)?.colleagues.filter((it) => it.chats.length > 0) ?? [];
    const [only, another] = reachable;
    if (another) return { kind: "several" };
    if (only) return { kind: "one", name: only.name };
    const [person, other] = call.people.filter((it) => it.role === "spoke");
    return person && !other ? { kind: "one", name: person.name } : { kind: "open" };
  }

  /** Whether anything can be written at all. */
  get canWrite(): boolean {
    return live.able("chat").length > 0;
  }

  /** Tells a colleague, this one where one is named: of a missed call by the worklist, where what becomes of it is seen; of any other by the composer. */
  async message(call: Call, to: { id: string; name: string } | null = null): Promise<void> {
    if (!this.canWrite) return;
    this.problem = null;
    if (!to && this.entry(call)?.colleagues.some((it) => it.chats.length > 0)) {
      asked.to = { what: "follow_up", id: call.id };
      window.location.hash = "/today";
      return;
    }
    const origin = originOf(call);
    try {
      const person = await (to ? personOf(to) : spokenWith(call));
      const way = person ? await reachNow(person) : null;
      if (way) composing.begin({ ...way, origin });
      else composing.beginAbout(origin);
    } catch (thrown) {
      this.problem = problemOf(thrown);
    }
  }

  /** Whoever rings back needs the number, and looks after the call. */
  async callBack(call: Call): Promise<void> {
    const number = callerNumber(call);
    if (outside(call).raw === "") return;
    await copyText(number);
    const entry = this.entry(call);
    if (entry && !(entry.state === "taken" && entry.is_mine))
      await this.#say(entry, "taken", m.today_number_copied({ number }));
    else toasts.done(m.calls_copied({ number }));
  }

  /** Says that the person at this computer looks after it. */
  async take(call: Call): Promise<void> {
    const entry = this.entry(call);
    if (entry?.state === "new") await this.#say(entry, "taken", m.today_taken({ name: nameOf(call) }));
  }

  /** Says that it is over. */
  async close(call: Call): Promise<void> {
    const entry = this.entry(call);
    if (entry) await this.#say(entry, "done", m.today_closed({ name: nameOf(call) }));
  }

  async #say(entry: FollowUp, step: FollowUpStep, done: string): Promise<void> {
    this.problem = null;
    try {
      const former = await worklist.say(entry, step);
      toasts.done(done, { label: m.frame_undo(), run: () => void this.#restore(entry, former) });
    } catch (thrown) {
      this.problem = problemOf(thrown);
    }
  }

  async #restore(entry: FollowUp, former: FollowUpMark[]): Promise<void> {
    try {
      await worklist.restore(entry, former);
    } catch {
      toasts.notUndone(m.today_not_undone());
    }
  }
}

const nameOf = (call: Call): string => {
  const name = callerName(call);
  return name.isKnown || callerNumber(call) === "–" ? name.text : callerNumber(call);
};

/** The one colleague who spoke with the caller, as the directory has them. */
async function spokenWith(call: Call): Promise<LinkedPerson | null> {
  const [one, another] = call.people.filter((it) => it.role === "spoke");
  if (!one || another) return null;
  return personOf(one);
}

async function personOf(one: { id: string; name: string }): Promise<LinkedPerson | null> {
  const found = await peopleList(one.name);
  return found.find((it) => it.identities.some((identity) => identity.id === one.id)) ?? null;
}
