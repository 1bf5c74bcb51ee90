import { beforeEach, describe, expect, test, vi } from "vitest";
import { asked } from "../../asked.svelte";
import type { Call } from "../../bridge/types/Call";
import type { FollowUp } from "../../bridge/types/FollowUp";
import type { FollowUpMark } from "../../bridge/types/FollowUpMark";
import type { LinkedPerson } from "../../bridge/types/LinkedPerson";
import { composing, type Asked } from "../../composing.svelte";
import { language } from "../../i18n";
import { toasts } from "../../parts/toast.svelte";
import { worklist } from "../../worklist.svelte";
import { FollowingUp, originOf } from "./following-up.svelte";

let open: FollowUp[] = [];
let said: unknown[] = [];
let restored: FollowUpMark[][] = [];
let copied: string[] = [];
let people: LinkedPerson[] = [];
let way: Asked | null = null;

vi.mock("../../bridge/commands", () => ({
  followUps: () => Promise.resolve({ since: "", open, closed: [], open_count: open.length }),
  followUpSay: (calls: string[], step: string) => {
    said.push([calls, step]);
    if (step === "done") open = [];
    return Promise.resolve([{ call: calls[0], state: "new" }]);
  },
  followUpRestore: (_: string[], former: FollowUpMark[]) => Promise.resolve(restored.push(former)),
  peopleList: () => Promise.resolve(people),
}));
vi.mock("../../live.svelte", () => ({ live: { able: () => [{ id: "cam" }], onChanged: () => () => undefined } }));
vi.mock("../../format/copy", () => ({ copyText: (text: string) => Promise.resolve(copied.push(text)) }));
vi.mock("../../chat-reach", () => ({ reachNow: () => Promise.resolve(way) }));

const side = (shown: string, name: string | null = null): Call["from"] => ({
  raw: shown,
  e164: null,
  name,
  location: null,
  shown,
});
const call = (change: Partial<Call> = {}): Call => ({
  id: "ring/1",
  connection: "ring",
  external_id: "1",
  session_id: null,
  started_at: new Date(2026, 9, 14, 10, 31).toISOString(),
  duration_seconds: 22,
  direction: "inbound",
  outcome: "missed",
  from: side("06-5550-0118", "西村 彩"),
  to: side("03-5550-0100"),
  line: "Sales",
  people: [],
  customer: null,
  customer_count: 0,
  note: null,
  legs: [],
  same: [],
  ...change,
});
const colleague = (name: string, chats = 1): FollowUp["colleagues"][number] =>
  ({
    person: name,
    name,
    reason: "rang",
    chats: Array.from({ length: chats }, () => ({ connection: "cam", address: name })),
  }) as unknown as FollowUp["colleagues"][number];
const waits = (change: Partial<FollowUp> = {}): FollowUp =>
  ({
    call: call(),
    calls: ["ring/1"],
    state: "new",
    is_mine: false,
    colleagues: [colleague("田中")],
    ...change,
  }) as FollowUp;
const spoke = (...names: string[]): Call["people"] =>
  names.map((name) => ({ id: `ring/${name}`, name, role: "spoke" }) as Call["people"][number]);

beforeEach(async () => {
  language.follow("en");
  [open, said, restored, copied, people, way] = [[], [], [], [], [], null];
  [asked.to, composing.asked, composing.about] = [null, null, null];
  toasts.shown = [];
  await worklist.read();
});

describe("a message", () => {
  test("of a missed call is begun in the worklist, where what becomes of it is seen", async () => {
    open = [waits()];
    await worklist.read();
    const following = new FollowingUp();
    expect(following.recipient(call())).toEqual({ kind: "one", name: "田中" });
    await following.message(call());
    expect([asked.to, composing.asked, composing.about]).toEqual([{ what: "follow_up", id: "ring/1" }, null, null]);
  });

  test("leaves open who of several is meant, and leaves out who cannot be written to", async () => {
    open = [waits({ colleagues: [colleague("田中"), colleague("鈴木"), colleague("佐藤", 0)] })];
    await worklist.read();
    const following = new FollowingUp();
    expect(following.recipient(call())).toEqual({ kind: "several" });
    open = [waits({ colleagues: [colleague("田中"), colleague("佐藤", 0)] })];
    await worklist.read();
    expect(following.recipient(call())).toEqual({ kind: "one", name: "田中" });
  });

  test("of an answered call goes to the one who spoke, with what the call knows", async () => {
    people = [{ name: "鈴木", identities: [{ id: "ring/鈴木" }] } as unknown as LinkedPerson];
    way = { connection: "cam", address: "suzuki@example.jp", name: "鈴木", isKnown: true };
    const it = call({ outcome: "answered", people: spoke("鈴木"), note: "見積" });
    await new FollowingUp().message(it);
    expect(composing.asked).toEqual({ ...way, origin: originOf(it) });
    expect(asked.to).toBeNull();
  });

  test("goes to whom it is asked for, whoever spoke and whatever waits", async () => {
    people = [{ name: "佐藤", identities: [{ id: "ring/佐藤" }] } as unknown as LinkedPerson];
    way = { connection: "cam", address: "sato@example.jp", name: "佐藤", isKnown: true };
    const it = call({ outcome: "answered", people: spoke("鈴木") });
    await new FollowingUp().message(it, { id: "ring/佐藤", name: "佐藤" });
    expect(composing.asked).toEqual({ ...way, origin: originOf(it) });
  });

  test("goes to nobody in particular where several spoke, or somebody of the same name", async () => {
    const several = call({ outcome: "answered", people: spoke("鈴木", "田中") });
    people = [{ name: "鈴木", identities: [{ id: "ring/another" }] } as unknown as LinkedPerson];
    way = { connection: "cam", address: "x", name: "鈴木", isKnown: true };
    for (const it of [several, call({ outcome: "answered", people: spoke("鈴木") })]) {
      composing.about = null;
      await new FollowingUp().message(it);
      expect([composing.asked, composing.about]).toEqual([null, originOf(it)]);
    }
  });
});

describe("what a message knows of a call", () => {
  test("is the caller, the customer, number, time, line and note", () => {
    const customer = { id: "cti/1", name: "西村 彩", company: "北浜デザイン" };
    expect(originOf(call({ customer, customer_count: 1, note: "折り返し" })).values).toEqual({
      caller: "西村 彩",
      customer: "北浜デザイン",
      number: "06-5550-0118",
      time: "10:31",
      line: "Sales",
      note: "折り返し",
    });
  });

  test("says no name where several customers have the number or none is known", () => {
    for (const it of [call({ from: side("06-5550-0118"), customer_count: 3 }), call({ from: side("") })])
      expect(originOf(it).values["caller"]).toBe("");
  });
});

describe("the steps", () => {
  test("take a call once, and give it back as it was", async () => {
    open = [waits()];
    await worklist.read();
    const following = new FollowingUp();
    await following.take(call());
    expect(said).toEqual([[["ring/1"], "taken"]]);
    toasts.undoLast();
    await vi.waitUntil(() => restored.length > 0);
    expect(restored).toEqual([[{ call: "ring/1", state: "new" }]]);
  });

  test("do nothing with a call that waits for nobody", async () => {
    const following = new FollowingUp();
    await following.take(call());
    await following.close(call());
    expect(said).toEqual([]);
  });

  test("copy the number of whoever is rung back, and take the call where it waits", async () => {
    const following = new FollowingUp();
    await following.callBack(call());
    expect([copied, said]).toEqual([["06-5550-0118"], []]);
    open = [waits()];
    await worklist.read();
    await following.callBack(call());
    expect(said).toEqual([[["ring/1"], "taken"]]);
    open = [waits({ state: "taken", is_mine: true })];
    await worklist.read();
    await following.callBack(call());
    expect([copied.length, said.length]).toEqual([3, 1]);
    await following.callBack(call({ from: side("") }));
    expect(copied.length).toBe(3);
  });
});
