import { beforeEach, expect, test, vi } from "vitest";
import type { Delivery } from "../../bridge/types/Delivery";

const calls: string[] = [];
let answer: () => Promise<Delivery>;
const called = (name: string) => (id: string) => {
  calls.push(`${name} ${id}`);
  return answer();
};
vi.mock("../../bridge/commands", () => ({
  outboxAsk: called("ask"),
  outboxAgain: called("again"),
  outboxDecide: called("decide"),
  outboxWithdraw: called("withdraw"),
}));
const abilities: Record<string, string[]> = { "cam-1": ["chat"], "rocket-1": ["chat", "finds_sent"] };
vi.mock("../../live.svelte", () => ({
  live: { systemOf: (connection: string) => ({ abilities: abilities[connection] ?? [] }) },
}));
const { Doubts } = await import("./doubts.svelte");

const delivery: Delivery = {
  id: "m3",
  draft: "m3",
  connection: "cam-1",
  to: { kind: "people", address: ["a@example.jp"] },
  text: "",
  state: "unknown",
  detail: "",
  problem: null,
  created_at: "2026-10-14T00:14:00Z",
  settled_at: null,
};

beforeEach(() => {
  calls.length = 0;
  answer = () => Promise.resolve(delivery);
});

test("a second press while one is under way does nothing", async () => {
  const doubts = new Doubts();
  await Promise.all([doubts.decide(delivery, "again"), doubts.decide(delivery, "again")]);
  await Promise.all([doubts.decide(delivery, "withdraw"), doubts.decide(delivery, "again")]);
  expect(calls).toEqual(["again m3", "withdraw m3"]);
});

test("only a system that knows our ids is offered to be asked", () => {
  const doubts = new Doubts();
  expect(doubts.canAsk(delivery)).toBe(false);
  expect(doubts.canAsk({ ...delivery, connection: "rocket-1" })).toBe(true);
  expect(doubts.canAsk({ ...delivery, connection: "gone" })).toBe(false);
});

test("a system that knows no more is told so, and one that cannot be reached says why", async () => {
  const doubts = new Doubts();
  await doubts.decide(delivery, "ask");
  expect(doubts.stillUnknown).toBe("m3");
  // What the program rejects with is a plain object.
  // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
  answer = () => Promise.reject({ code: "offline", reason: "timed_out", words: "", message: "", wait_seconds: null });
  await doubts.decide(delivery, "ask");
  expect([doubts.stillUnknown, doubts.trouble?.id]).toEqual(["", "m3"]);
});
