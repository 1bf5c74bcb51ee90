import { beforeEach, expect, it, vi } from "vitest";
import type { Call } from "../../bridge/types/Call";
import type { CallBlock } from "../../bridge/types/CallBlock";
import type { CallFilter } from "../../bridge/types/CallFilter";
import { BLOCK, CallList } from "./list.svelte";

const { callsBlock } = vi.hoisted(() => ({
  callsBlock: vi.fn<(filter: CallFilter, block: number) => Promise<CallBlock>>(),
}));
vi.mock("../../bridge/commands", () => ({ callsBlock }));

/** A pretended program: its calls by id, newest first, and how often they changed. */
let ids: string[];
let edition: number;
const call = (id: string): Call => ({ id }) as Call;
const answer = (block: number): CallBlock => ({
  edition,
  total: ids.length,
  first_row: block * BLOCK,
  calls: ids.slice(block * BLOCK, (block + 1) * BLOCK).map(call),
});
const ring = (id: string): void => {
  ids = [id, ...ids];
  edition += 1;
};

let shifted: number[];
let tops: number;
let list: CallList;

beforeEach(() => {
  ids = Array.from({ length: 1_000 }, (_, i) => `c${i}`);
  edition = 1;
  callsBlock.mockReset().mockImplementation((_, block) => Promise.resolve(answer(block)));
  shifted = [];
  tops = 0;
  list = new CallList({ shift: (rows) => shifted.push(rows), toTop: () => (tops += 1) });
});

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

it("begins at the top with the first call selected", async () => {
  await list.narrow();
  expect([list.total, list.selected, list.row(99)?.id, tops]).toEqual([1_000, "c0", "c99", 1]);
});

it("reads what is missing of the rows in sight, each block once", async () => {
  await list.narrow();
  callsBlock.mockClear();
  list.see(180, 210);
  list.see(185, 215);
  await settled();
  expect(callsBlock.mock.calls.map(([, block]) => block)).toEqual([1, 2]);
  expect(list.row(205)?.id).toBe("c205");
});

it("never mixes blocks of two editions", async () => {
  await list.narrow();
  ring("new");
  list.see(150, 180);
  await settled();
  await settled();
  expect(list.row(151)?.id, "the whole list is of the new edition").toBe("c150");
  expect(list.row(0), "the block of the old edition is gone").toBeUndefined();
});

it("asks again where the calls change between two blocks of one answer", async () => {
  await list.narrow();
  list.see(90, 120);
  await settled();
  let isFirst = true;
  callsBlock.mockImplementation((_, block) => {
    const now = Promise.resolve(answer(block));
    if (isFirst) ring("new");
    isFirst = false;
    return now;
  });
  await list.refresh();
  expect([list.row(99)?.id, list.row(100)?.id]).toEqual(["c98", "c99"]);
});

it("keeps the old rows until the new ones are here", async () => {
  await list.narrow();
  let release: (block: CallBlock) => void = () => undefined;
  callsBlock.mockImplementation(() => new Promise((resolve) => (release = resolve)));
  list.search = "x";
  const narrowed = list.narrow();
  await settled();
  expect(list.row(5)?.id).toBe("c5");
  release({ edition, total: 1, first_row: 0, calls: [call("found")] });
  await narrowed;
  expect([list.total, list.row(0)?.id, list.row(1)]).toEqual([1, "found", undefined]);
});

it("drops an answer that a newer question overtook", async () => {
  const releases: ((block: CallBlock) => void)[] = [];
  callsBlock.mockImplementation(() => new Promise((resolve) => releases.push(resolve)));
  const slow = list.narrow();
  const quick = list.narrow();
  releases[1]?.({ edition, total: 1, first_row: 0, calls: [call("quick")] });
  await quick;
  releases[0]?.({ edition, total: 1, first_row: 0, calls: [call("slow")] });
  await slow;
  expect(list.row(0)?.id).toBe("quick");
});

it("keeps the seen rows and the selection where they are when calls come in above", async () => {
  await list.narrow();
  list.see(300, 330);
  await settled();
  list.move(310);
  ring("new1");
  ring("new2");
  await list.refresh();
  expect([shifted, list.arrived, list.active, list.selected]).toEqual([[2], 2, 312, "c310"]);
});

it("follows the selected call at the top of the list", async () => {
  await list.narrow();
  list.see(0, 30);
  list.move(3);
  ring("new");
  await list.refresh();
  expect([shifted, list.arrived, list.active, list.selected]).toEqual([[], 0, 4, "c3"]);
});

it("says why it cannot be read, and keeps the rows", async () => {
  await list.narrow();
  const problem = { code: "refused", reason: "store_broken", words: "disk", message: "", wait_seconds: null };
  callsBlock.mockRejectedValue(problem);
  await list.refresh();
  expect(list.problem?.words).toBe("disk");
  expect(list.row(5)?.id).toBe("c5");
});
