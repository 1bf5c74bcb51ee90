import { beforeEach, describe, expect, test, vi } from "vitest";
import type { Delivery } from "../../bridge/types/Delivery";
import type { FollowUp } from "../../bridge/types/FollowUp";
import type { FollowUpDraft } from "../../bridge/types/FollowUpDraft";
import type { FollowUpMark } from "../../bridge/types/FollowUpMark";
import type { FollowUpStep } from "../../bridge/types/FollowUpStep";
import { language } from "../../i18n";
import { toasts } from "../../parts/toast.svelte";
import { worklist } from "../../worklist.svelte";
import { at, call, colleague, delivery, followUp, party } from "./making";
import { ColleagueMessage } from "./message.svelte";
import { Today } from "./today.svelte";

let open: FollowUp[] = [];
let deliveries: Delivery[] = [];
let isBroken = false;
let drafts = 0;
let handOvers = 0;
const sent: FollowUpDraft[] = [];
const said: { calls: string[]; step: FollowUpStep }[] = [];
const restored: string[][] = [];
const fail = (): Promise<never> =>
  Promise.reject(
    Object.assign(new Error("x"), {
      code: "refused",
      reason: "store_broken",
      words: "",
      message: "x",
      wait_seconds: null,
    }),
  );

vi.mock("../../bridge/commands", () => ({
  followUps: () => Promise.resolve({ since: at(0), open, closed: [], open_count: open.length }),
  followUpSay: (calls: string[], step: FollowUpStep): Promise<FollowUpMark[]> => {
    if (isBroken) return fail();
    said.push({ calls, step });
    if (step === "done") open = open.filter((it) => !it.calls.some((id) => calls.includes(id)));
    return Promise.resolve([]);
  },
  followUpRestore: (calls: string[]) => {
    if (isBroken) return fail();
    restored.push(calls);
    return Promise.resolve(null);
  },
  followUpMessage: (message: FollowUpDraft) => {
    if (isBroken) return fail();
    sent.push(message);
    return Promise.resolve(delivery(message.draft.id, "waiting"));
  },
  draftNew: () => Promise.resolve(`draft-${++drafts}`),
  deliveriesList: () => Promise.resolve(deliveries),
  peopleList: () =>
    Promise.resolve([
      {
        id: "ring/1",
        name: "田中 健一",
        email: "T@example.jp",
        identities: [{ id: "ring/1", connection: "ring", system: "s", external_id: "1001", reason: null }],
      },
    ]),
  callsCount: () => Promise.resolve([]),
  roomBoard: () => fail(),
  bookingChanges: () => fail(),
  handedOver: () => {
    handOvers += 1;
    return Promise.resolve(null);
  },
  appPrint: () => Promise.resolve(null),
  connectionsList: () => Promise.resolve([]),
  appStart: () => Promise.resolve({ systems: [], connections: [] }),
}));

vi.mock("../../settings.svelte", () => ({ preferences: { current: { changes_since: "evening" } } }));

const ids = (today: Today): string[] => today.open.map((it) => it.call.id);

beforeEach(async () => {
  language.follow("en");
  isBroken = false;
  [open, deliveries] = [[followUp("3"), followUp("2", { state: "taken", is_mine: true }), followUp("1")], []];
  for (const list of [sent, said, restored]) list.length = 0;
  toasts.shown = [];
  await worklist.read();
});

describe("the list", () => {
  test("shows new ones before those that somebody looks after", () => {
    expect(ids(new Today())).toEqual(["3", "1", "2"]);
  });

  test("keeps the selection on the number when it rings again, and at its place when it is closed", async () => {
    const today = new Today();
    today.select(1);
    open = [followUp("9"), followUp("4", { calls: ["4", "1"] }), followUp("3")];
    await worklist.read();
    expect(today.selected?.call.id).toBe("4");
    await today.close(today.selected ?? followUp("none"));
    expect(ids(today)).toEqual(["9", "3"]);
    expect(today.selected?.call.id).toBe("3");
  });

  test("says a thing of every call of the row, and takes it back by undo", async () => {
    const today = new Today();
    const row = followUp("4", { calls: ["4", "1"] });
    await today.take(row);
    expect(said).toEqual([{ calls: ["4", "1"], step: "taken" }]);
    expect(toasts.undoLast()).toBe(true);
    await vi.waitFor(() => expect(restored).toEqual([["4", "1"]]));
  });

  test("says why something was not kept, and that it was not taken back", async () => {
    const today = new Today();
    await today.take(followUp("1"));
    isBroken = true;
    toasts.undoLast();
    await vi.waitFor(() => expect(toasts.shown.some((it) => it.isNotDone)).toBe(true));
    await today.close(followUp("1"));
    expect(today.problem?.reason).toBe("store_broken");
  });

  test("calls nobody back without a number", async () => {
    await new Today().callBack(followUp("1", { call: call("1", { from: party("") }) }));
    expect(said).toEqual([]);
  });
});

test("lists messages that did not arrive for certain, by the name of whom they were for", async () => {
  deliveries = [
    delivery("a", "sent"),
    delivery("b", "unknown"),
    { ...delivery("c", "refused"), to: { kind: "people", address: ["t@example.jp", "x@example.jp"] } },
    { ...delivery("d", "refused"), created_at: at(0, 0, 1) },
  ];
  const today = new Today();
  expect(today.unsent).toBeNull();
  await today.readAll();
  expect(today.unsent?.map((it) => it.id)).toEqual(["b", "c"]);
  expect(today.unsentShown.map((it) => today.recipient(it))).toEqual(["田中 健一", "田中 健一, x@example.jp"]);
  expect(today.roomsProblem?.reason).toBe("store_broken");
  expect(today.changes.problem?.reason).toBe("store_broken");
});

test("a hand-over is remembered once the page is being printed", async () => {
  await new Today().handOver();
  expect(handOvers).toBe(1);
});

describe("a message", () => {
  const now = new Date(at(10, 42));

  test("goes to the only colleague through the best chat, once for two presses", async () => {
    const message = new ColleagueMessage(followUp("1"), now);
    expect([message.person, message.way]).toEqual(["ring/田中 健一", 0]);
    const presses = await Promise.all([message.send(), message.send()]);
    expect(presses).toEqual([true, false]);
    expect(sent.map((it) => [it.call, it.person, it.draft.connection, it.draft.to])).toEqual([
      ["1", "ring/田中 健一", "ring", { kind: "people", address: ["1001"] }],
    ]);
  });

  test("is the same draft when it is pressed again after a failure", async () => {
    const message = new ColleagueMessage(followUp("1"), now);
    isBroken = true;
    expect(await message.send()).toBe(false);
    expect(message.problem?.reason).toBe("store_broken");
    isBroken = false;
    const before = drafts;
    expect(await message.send()).toBe(true);
    expect(drafts).toBe(before);
  });

  test("waits for a person where several could be meant, or no chat is the best", async () => {
    const unclear = colleague("鈴木 大輔", { is_chat_clear: false });
    const entry = followUp("1", { colleagues: [colleague("田中 健一"), unclear, colleague("nobody", { chats: [] })] });
    const message = new ColleagueMessage(entry, now);
    expect(message.people.map((it) => it.name)).toEqual(["田中 健一", "鈴木 大輔"]);
    expect(message.obstacles).toEqual(["person"]);
    message.choose(unclear.person);
    expect(message.obstacles).toEqual(["way"]);
    expect(await message.send()).toBe(false);
    message.way = 1;
    message.text = " ";
    expect(message.obstacles).toEqual(["text"]);
    message.text = "折り返しを";
    expect(await message.send()).toBe(true);
    expect(sent[0]?.draft.connection).toBe("cam");
  });
});
