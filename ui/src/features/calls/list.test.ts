import { beforeEach, expect, it, vi } from "vitest";
import type { Call } from "../../bridge/types/Call";
import type { CallBlock } from "../../bridge/types/CallBlock";
import type { CallFilter } from "../../bridge/types/CallFilter";
import type { CallPlace } from "../../bridge/types/CallPlace";
import { BLOCK, CallList } from "./list.svelte";
import { everything } from "../../bridge/everything";

const { callsBlock, callPlace } = vi.hoisted(() => ({
  callsBlock: vi.fn<(filter: CallFilter, block: number) => Promise<CallBlock>>(),
  callPlace: vi.fn<(filter: CallFilter, id: string) => Promise<CallPlace | null>>(),
}));
vi.mock("../../bridge/commands", () => ({ callsBlock, callPlace }));

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
let shows: number[];
let list: CallList;
/** What stands in the list for a call that is named otherwise. */
const standIns = new Map<string, string>();
const place = (asked: string): CallPlace | null => {
  const id = standIns.get(asked) ?? asked;
  return ids.includes(id) ? { row: ids.indexOf(id), id } : null;
};
const makeList = (): CallList =>
  new CallList(
    { shift: (rows) => shifted.push(rows), toTop: () => (tops += 1), show: (index) => shows.push(index) },
    () => everything,
  );

beforeEach(() => {
  ids = Array.from({ length: 1_000 }, (_, i) => `c${i}`);
  edition = 1;
  callsBlock.mockReset().mockImplementation((_, block) => Promise.resolve(answer(block)));
  callPlace.mockReset().mockImplementation((_, id) => Promise.resolve(place(id)));
  standIns.clear();
  shifted = [];
  tops = 0;
  shows = [];
  list = makeList();
});

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

it("begins at the top with the first call selected", async () => {
  await list.narrow();
  expect([list.total, list.selected, list.row(99)?.id, tops]).toEqual([1_000, "c0", "c99", 1]);
});

it("begins with the block that is here already, and asks for nothing", async () => {
  const begun = new CallList(
    { shift: () => undefined, toTop: () => undefined, show: () => undefined },
    () => everything,
    answer(0),
  );
  expect([begun.total, begun.selected, begun.row(99)?.id, begun.edition]).toEqual([1_000, "c0", "c99", 1]);
  begun.see(0, 30);
  await settled();
  expect(callsBlock).not.toHaveBeenCalled();
});

it("counts a call that rings before the rows far below have come", async () => {
  await list.narrow();
  list.move(999);
  callsBlock.mockImplementationOnce(() => new Promise(() => undefined));
  list.see(980, 999);
  ring("new");
  await list.refresh();
  await settled();
  expect([shifted, list.arrived, list.active, list.row(1_000)?.id]).toEqual([[1], 1, 1_000, "c999"]);
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

it("keeps the chosen call where another filter finds it too, and brings it into the middle", async () => {
  await list.narrow();
  list.see(500, 530);
  await settled();
  list.move(510);
  ids = ids.filter((_, i) => i % 2 === 0);
  await list.narrow();
  expect([shows, list.active, list.selected, list.row(255)?.id]).toEqual([[255], 255, "c510", "c510"]);
});

it("takes up what the list has for a call that is named otherwise, when asked for it and when it becomes so", async () => {
  await list.narrow();
  standIns.set("live-1", "c500");
  list.move(0);
  list.selected = "live-1";
  await list.narrow();
  expect([list.selected, list.active, shows]).toEqual(["c500", 500, [500]]);
  // The log's word takes the place of a live call that is selected.
  ring("live-2");
  await list.refresh();
  list.selected = "live-2";
  ids[0] = "logged";
  edition += 1;
  standIns.set("live-2", "logged");
  await list.refresh();
  expect([list.selected, list.active]).toEqual(["logged", 0]);
});

it("begins at the top where another filter does not find the chosen call", async () => {
  await list.narrow();
  list.move(5);
  ids = ids.filter((it) => it !== "c5");
  await list.narrow();
  expect([shows, tops, list.active, list.selected]).toEqual([[], 2, 0, "c0"]);
});

it("does not hold on to the first call, which nobody chose", async () => {
  await list.narrow();
  ids = ["other", ...ids];
  await list.narrow();
  expect([tops, list.selected]).toEqual([2, "other"]);
});

it("keeps the selection on its call also far out of sight", async () => {
  await list.narrow();
  list.move(3);
  list.see(600, 630);
  await settled();
  ring("new");
  await list.refresh();
  expect([list.active, list.selected]).toEqual([4, "c3"]);
});

it("stays on what is seen where calls above vanish", async () => {
  await list.narrow();
  list.see(300, 330);
  await settled();
  ids = ids.slice(7);
  edition += 1;
  await list.refresh();
  expect([shifted, list.arrived, list.row(293)?.id]).toEqual([[-7], 0, "c300"]);
});

it("marks only an answer that is late", async () => {
  vi.useFakeTimers();
  try {
    let release: () => void = () => undefined;
    callsBlock.mockImplementation(
      (_, block) =>
        new Promise((resolve) => {
          release = () => resolve(answer(block));
        }),
    );
    const narrowed = list.narrow();
    await vi.advanceTimersByTimeAsync(199);
    expect(list.isLate).toBe(false);
    await vi.advanceTimersByTimeAsync(2);
    expect(list.isLate).toBe(true);
    release();
    await narrowed;
    expect(list.isLate).toBe(false);
  } finally {
    vi.useRealTimers();
  }
});
