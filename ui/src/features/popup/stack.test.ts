import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Call } from "../../bridge/types/Call";
import type { CallEvent } from "../../bridge/types/CallEvent";
import type { CallNews } from "../../bridge/types/CallNews";
import type { Settings } from "../../bridge/types/Settings";
import type { Ringing } from "../../live.svelte";
import { Notices } from "./notices";
import { HEIGHT, isWanted, Stack, STRIP } from "./stack.svelte";

const settings: Settings = {
  language: "en",
  theme: "light",
  who: "",
  is_welcomed: true,
  opens_at: 8,
  closes_at: 18,
  holidays: { is_japanese: true, closed: [] },
  call_columns: [],
  popup: { is_on: true, corner: "bottom_right", screen: "", seconds: 20, notifies: false },
  lines: [],
  lookup: "",
  keys: { enter_popup: "", look_up: "" },
  changes_since: "evening",
  close_to_tray: false,
  start_hidden: false,
  messages: { me: [], review_above: 20, review_room_above: 100, quiet: null },
};
const party = { raw: "0355500142", e164: null, name: null, location: null, shown: "03-5550-0142" };
const call = (id: string, part: Partial<Call> = {}): Call => ({
  id,
  connection: "ring",
  external_id: id,
  session_id: null,
  started_at: null,
  duration_seconds: null,
  direction: "inbound",
  outcome: "ringing",
  from: party,
  to: party,
  line: null,
  people: [],
  customer: null,
  customer_count: 0,
  note: null,
  legs: [],
  same: [],
  ...part,
});
const news = (event: CallEvent, it: Call): Ringing => ({
  type: "call",
  event,
  at: "2026-10-14T01:42:11Z",
  call: it,
  customers: [],
  recent: [],
});
const at = (seconds: number): Date => new Date(Date.UTC(2026, 9, 14, 1, 42, seconds));
const ids = (stack: Stack): string[] => stack.entries.map((it) => it.call.id);
const same = (id: string): Call["same"] => [
  { id, connection: "cti", started_at: null, outcome: "ringing", line: null, is_by_hand: false },
];

describe("the calls of the popup", () => {
  it("keep their places, the first in full, two below it and the rest counted", () => {
    const stack = new Stack();
    for (const [seconds, id] of ["a", "b", "c", "d", "e"].entries())
      stack.hear(news("ringing", call(id)), settings, at(seconds));
    expect(ids(stack)).toEqual(["a", "b", "c", "d", "e"]);
    expect(stack.height).toBe(HEIGHT + 2 * STRIP);
    expect(stack.more).toBe(2);
    stack.turn();
    expect(ids(stack)).toEqual(["b", "c", "d", "e", "a"]);
    const last = stack.entries.at(-1);
    if (last) stack.front(last);
    expect(ids(stack)).toEqual(["a", "b", "c", "d", "e"]);
  });

  it("stay while they ring and are spoken, and for a while after", () => {
    const stack = new Stack();
    stack.hear(news("ringing", call("a")), settings, at(0));
    stack.hear(news("changed", call("a", { outcome: "answered" })), settings, at(5));
    stack.sweep(settings, at(59).getTime());
    expect(ids(stack)).toEqual(["a"]);
    stack.hear(news("ended", call("a", { outcome: "answered", duration_seconds: 54 })), settings, at(59));
    stack.sweep(settings, at(78).getTime());
    expect(ids(stack)).toEqual(["a"]);
    // The log's word of it later does not begin its time anew.
    stack.hear(news("recorded", call("a", { outcome: "answered", duration_seconds: 54 })), settings, at(70));
    stack.sweep(settings, at(79).getTime());
    expect(ids(stack)).toEqual([]);
    expect(stack.height).toBe(0);
  });

  it("stay while a note is written, and its time begins anew after it", () => {
    const stack = new Stack();
    stack.hear(news("ringing", call("a")), settings, at(0));
    stack.hear(news("ended", call("a", { outcome: "missed" })), settings, at(10));
    stack.first?.write(true, at(20).getTime());
    stack.sweep(settings, at(600).getTime());
    expect(ids(stack)).toEqual(["a"]);
    stack.first?.write(false, at(600).getTime());
    stack.sweep(settings, at(619).getTime());
    expect(ids(stack)).toEqual(["a"]);
    stack.sweep(settings, at(620).getTime());
    expect(ids(stack)).toEqual([]);
  });

  it("stay until they are closed where that is wanted", () => {
    const stack = new Stack();
    const stays = { ...settings, popup: { ...settings.popup, seconds: null } };
    stack.hear(news("ringing", call("a")), stays, at(0));
    stack.hear(news("ended", call("a", { outcome: "missed" })), stays, at(1));
    stack.sweep(stays, at(9_999).getTime());
    const [first] = stack.entries;
    expect(first?.left(at(9_999).getTime(), null)).toBeNull();
    if (first) stack.close(first);
    expect(ids(stack)).toEqual([]);
  });

  it("are one where two systems tell of it, or the log after the live line", () => {
    const stack = new Stack();
    stack.hear(news("ringing", call("ring/live-s", { session_id: "s" })), settings, at(0));
    stack.hear(news("ringing", call("cti/1", { connection: "cti", same: same("ring/live-s") })), settings, at(1));
    expect(ids(stack)).toEqual(["ring/live-s"]);
    stack.hear(news("recorded", call("ring/9", { session_id: "s", outcome: "missed" })), settings, at(2));
    expect(ids(stack)).toEqual(["ring/9"]);
    expect(stack.first?.endedAt).toBe(at(2).getTime());
  });

  it("are over when nobody knows any more whether they ring", () => {
    const stack = new Stack();
    stack.hear(news("ringing", call("a")), settings, at(0));
    stack.hear({ type: "snapshot", ringing: [call("b")], connections: [] }, settings, at(5));
    expect(ids(stack)).toEqual(["a", "b"]);
    stack.sweep(settings, at(25).getTime());
    expect(ids(stack)).toEqual(["b"]);
  });

  it("ring on when a line that was cut is back, with what was known of them", () => {
    const stack = new Stack();
    const customers = [{ id: "cti/1" }] as CallNews["customers"];
    stack.hear({ ...news("ringing", call("a")), customers } as Ringing, settings, at(0));
    stack.hear({ type: "snapshot", ringing: [], connections: [] }, settings, at(5));
    expect(stack.first?.endedAt).toBe(at(5).getTime());
    stack.hear({ type: "snapshot", ringing: [call("a")], connections: [] }, settings, at(8));
    expect([stack.first?.endedAt, stack.first?.news.customers]).toEqual([null, customers]);
    stack.hear(news("ended", call("a", { outcome: "missed" })), settings, at(9));
    stack.hear({ type: "snapshot", ringing: [call("a")], connections: [] }, settings, at(10));
    expect(stack.first?.endedAt, "what is over stays over").toBe(at(9).getTime());
  });

  it("are those of the lines and hours that are wanted", () => {
    const line = { line: "Sales", colour: 0, greeting: "", is_shown: true, from: 9, to: 18 };
    const only = { ...settings, lines: [line] };
    const wanted = (it: Call, hour: number, of = only): boolean => isWanted(it, of, hour);
    expect(wanted(call("a", { line: "Sales" }), 9)).toBe(true);
    expect(wanted(call("a", { line: "Sales" }), 18)).toBe(false);
    expect(wanted(call("a", { line: "Main" }), 3)).toBe(true);
    expect(wanted(call("a", { direction: "outbound" }), 10)).toBe(false);
    const night = { ...settings, lines: [{ ...line, from: 22, to: 6 }] };
    expect([21, 22, 3, 6].map((hour) => wanted(call("a", { line: "Sales" }), hour, night))).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });

  it("are none while the window is off", () => {
    const stack = new Stack();
    stack.hear(news("ringing", call("a")), { ...settings, popup: { ...settings.popup, is_on: false } }, at(0));
    expect(ids(stack)).toEqual([]);
  });

  it("never hold a call twice, whatever comes in whatever order", () => {
    const step = fc.record({
      id: fc.constantFrom("a", "b", "c"),
      event: fc.constantFrom<CallEvent>("ringing", "changed", "ended", "recorded"),
      isOther: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const stack = new Stack();
        for (const [seconds, { id, event, isOther }] of steps.entries()) {
          const outcome = event === "ringing" ? "ringing" : "missed";
          const told = isOther
            ? call(`cti/${id}`, { connection: "cti", outcome, same: same(`ring/${id}`) })
            : call(`ring/${id}`, { outcome });
          stack.hear(news(event, told), settings, at(seconds));
          expect(new Set(ids(stack).map((it) => it.split("/")[1])).size).toBe(stack.entries.length);
        }
      }),
    );
  });
});

describe("notifications", () => {
  const told: Settings = { ...settings, popup: { ...settings.popup, is_on: false, notifies: true } };
  const customer = { id: "c", name: "山岸 恵子", company: "川瀬印刷" } as CallNews["customers"][number];

  it("tell of each call once, whichever system tells of it, also while the window is off", () => {
    const notices = new Notices();
    const first = call("ring/live-s", { session_id: "s", customer, customer_count: 1, line: "Main" });
    expect(notices.hear(news("ringing", first), told, at(0))).toEqual([
      { title: "Ringing: 山岸 恵子", body: "川瀬印刷 · 03-5550-0142 · Main", call: "ring/live-s" },
    ]);
    expect(notices.hear(news("changed", first), told, at(1))).toEqual([]);
    const other = call("cti/1", { connection: "cti", same: same("ring/live-s") });
    expect(notices.hear(news("ringing", other), told, at(1))).toEqual([]);
    expect(notices.hear({ type: "snapshot", ringing: [first, call("b")], connections: [] }, told, at(2))).toMatchObject(
      [{ call: "b" }],
    );
  });

  it("are none where nobody asked for them, and none later of what rang before", () => {
    const notices = new Notices();
    expect(notices.hear(news("ringing", call("a")), settings, at(0))).toEqual([]);
    expect(notices.hear(news("changed", call("a")), told, at(1))).toEqual([]);
    expect(notices.hear(news("ringing", call("b", { direction: "outbound" })), told, at(1))).toEqual([]);
    expect(notices.hear(news("ringing", call("c", { outcome: "missed" })), told, at(1))).toEqual([]);
  });

  it("never guess a name", () => {
    const notices = new Notices();
    const shared: Ringing = {
      type: "call",
      event: "ringing",
      at: "2026-10-14T01:42:11Z",
      call: call("a", { customer_count: 2 }),
      customers: [customer, customer],
      recent: [],
    };
    expect(notices.hear(shared, told, at(0))).toEqual([
      { title: "Ringing: 03-5550-0142", body: "2 customers share this number: who is it?", call: "a" },
    ]);
    const withheld = call("b", { from: { ...party, raw: "", shown: "" } });
    expect(notices.hear(news("ringing", withheld), told, at(0))).toEqual([
      { title: "Ringing: Number withheld", body: "", call: "b" },
    ]);
  });
});
