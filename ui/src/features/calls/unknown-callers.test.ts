import { beforeEach, describe, expect, it, vi } from "vitest";
import { callersUnknown, customersAdd } from "../../bridge/commands";
import type { UnknownCaller } from "../../bridge/types/UnknownCaller";
import { UnknownCallers } from "./unknown-callers.svelte";

vi.mock("../../bridge/commands", () => ({ callersUnknown: vi.fn(), customersAdd: vi.fn() }));
const send = vi.mocked(customersAdd);
type Results = Awaited<ReturnType<typeof customersAdd>>;
const caller = (raw: string): UnknownCaller => ({
  party: { raw, e164: null, name: null, location: null, shown: raw },
  calls: 1,
  missed: 0,
  last_at: null,
});
const problem = (code: "refused" | "unknown_outcome") => ({
  code,
  reason: "system_refused" as const,
  words: "",
  message: "",
  wait_seconds: null,
});

async function three(): Promise<UnknownCallers> {
  vi.mocked(callersUnknown).mockResolvedValue(["1", "2", "3"].map(caller));
  const callers = new UnknownCallers();
  await callers.read(new Date());
  for (const it of callers.rows ?? []) {
    it.isChosen = true;
    it.name = `name ${it.caller.party.raw}`;
  }
  return callers;
}

beforeEach(() => {
  send.mockReset();
});

describe("frequent unknown callers", () => {
  it("are sent together once, and each keeps what became of it", async () => {
    const callers = await three();
    send.mockResolvedValue([
      { type: "done", customer: {} },
      { type: "failed", problem: problem("refused") },
      { type: "failed", problem: problem("unknown_outcome") },
    ] as Results);
    const added = await Promise.all([callers.add("cti-1"), callers.add("cti-1")]);
    expect(added).toEqual([1, 0]);
    expect(send).toHaveBeenCalledTimes(1);
    // Only the one that was refused may be sent again.
    expect(callers.chosen.map((it) => it.caller.party.raw)).toEqual(["2"]);
    send.mockResolvedValue([{ type: "done", customer: {} }] as Results);
    expect(await callers.add("cti-1")).toBe(1);
    expect(send.mock.lastCall?.[1].map((it) => it.numbers)).toEqual([["2"]]);
    expect(await callers.add("cti-1")).toBe(0);
    expect(send).toHaveBeenCalledTimes(2);
  });

  it("are not sent without a name", async () => {
    const callers = await three();
    const [first] = callers.rows ?? [];
    if (first) first.name = " ";
    expect(callers.isReady).toBe(false);
    await callers.add("cti-1");
    expect(send).not.toHaveBeenCalled();
  });

  it("are none of them sent again where the whole answer is missing", async () => {
    const callers = await three();
    send.mockRejectedValue(Object.assign(new Error(), problem("unknown_outcome")));
    await callers.add("cti-1");
    expect(callers.chosen).toEqual([]);
  });
});
