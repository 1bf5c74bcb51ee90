/** The list against a model: whatever happens between two answers, what has settled is what the program has. */
import fc from "fast-check";
import { expect, it, vi } from "vitest";
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

/** Rows that the pretended window shows. */
const HEIGHT = 25;

/** One thing that happens. Parts are of the list, from 0 to 1. */
type Happening =
  | { kind: "arrive"; count: number; at: number }
  | { kind: "vanish"; count: number; at: number }
  | { kind: "scroll"; to: number }
  | { kind: "border"; block: number }
  | { kind: "choose"; at: number }
  | { kind: "narrow" }
  | { kind: "tell" }
  | { kind: "answer"; which: number };

const part = fc.double({ min: 0, max: 1, noNaN: true });
const happening: fc.Arbitrary<Happening> = fc.oneof(
  // Most calls come in on top; some are read later and belong further down.
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("arrive" as const),
      count: fc.integer({ min: 1, max: 240 }),
      at: fc.constantFrom(0, 0, 0.5),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("vanish" as const), count: fc.integer({ min: 1, max: 120 }), at: part }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("scroll" as const), to: part }) },
  // There two blocks are in sight.
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("border" as const), block: fc.integer({ min: 1, max: 8 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("choose" as const), at: part }) },
  { weight: 1, arbitrary: fc.constant({ kind: "narrow" as const }) },
  { weight: 4, arbitrary: fc.constant({ kind: "tell" as const }) },
  { weight: 14, arbitrary: fc.record({ kind: fc.constant("answer" as const), which: part }) },
);

/** The program and the window over one list, with answers that wait until they are let go. */
class World {
  ids: string[];
  edition = 1;
  /** The call that a person chose last. */
  chosen: string | null = null;
  /** The ids as they were at each edition. */
  #past = new Map<number, string[]>();
  /** First row in sight, as the window has it. */
  first = 0;
  #next = 0;
  #waiting: (() => void)[] = [];
  list: CallList;

  constructor(length: number) {
    this.ids = Array.from({ length }, () => this.#make());
    this.#past.set(this.edition, [...this.ids]);
    const later = <T>(answer: () => T): Promise<T> =>
      new Promise((resolve) => {
        // The program answers from what it has when it comes to it, not from what it had when it was asked.
        this.#waiting.push(() => resolve(answer()));
      });
    callsBlock.mockImplementation((_, block) => later(() => this.#block(block)));
    callPlace.mockImplementation((_, id) =>
      later(() => (this.ids.includes(id) ? { row: this.ids.indexOf(id), id } : null)),
    );
    this.list = new CallList(
      {
        shift: (rows) => this.scroll(this.first + rows),
        toTop: () => this.scroll(0),
        show: (index) => this.scroll(index - Math.floor(HEIGHT / 2)),
      },
      () => everything,
    );
  }

  #make = (): string => `c${(this.#next += 1)}`;

  #block(block: number): CallBlock {
    const calls = this.ids.slice(block * BLOCK, (block + 1) * BLOCK).map((id) => ({ id }) as Call);
    return { edition: this.edition, total: this.ids.length, first_row: block * BLOCK, calls };
  }

  scroll(to: number): void {
    const end = Math.max(0, (this.list.total ?? 0) - HEIGHT);
    this.first = Math.max(0, Math.min(end, to));
    this.list.see(this.first, this.first + HEIGHT - 1);
  }

  do(it: Happening): void {
    switch (it.kind) {
      case "arrive":
        this.ids.splice(
          Math.floor(it.at * this.ids.length),
          0,
          ...Array.from({ length: it.count }, () => this.#make()),
        );
        this.#past.set((this.edition += 1), [...this.ids]);
        return;
      case "vanish":
        this.ids.splice(Math.floor(it.at * this.ids.length), it.count);
        this.#past.set((this.edition += 1), [...this.ids]);
        return;
      case "scroll":
        this.scroll(Math.floor(it.to * (this.list.total ?? 0)));
        return;
      case "border":
        this.scroll(it.block * BLOCK - Math.floor(HEIGHT / 2));
        return;
      case "choose": {
        const at = this.first + Math.floor(it.at * HEIGHT);
        if (!this.list.row(at)) return;
        this.list.move(at);
        this.chosen = this.list.selected;
        return;
      }
      case "narrow":
        void this.list.narrow();
        return;
      case "tell":
        void this.list.refresh();
        return;
      case "answer":
        this.#waiting.splice(Math.floor(it.which * this.#waiting.length), 1)[0]?.();
        return;
      default:
        it satisfies never;
    }
  }

  /** Every answer comes, and the window tells what is in sight, until nothing is asked any more. */
  async settle(): Promise<void> {
    for (let quiet = 0; quiet < 3;) {
      await new Promise((resolve) => setTimeout(resolve));
      if (this.#waiting.length === 0) {
        quiet += 1;
        this.scroll(this.first);
      } else {
        quiet = 0;
        this.#waiting.splice(0).forEach((it) => it());
      }
    }
  }

  /** Rows that did not stand at their places at the one edition that the list says it is of. */
  wrongRows(): string[] {
    const ids = this.#past.get(this.list.edition) ?? [];
    if (this.list.total !== null && this.list.total !== ids.length) return ["the total is of another edition"];
    return Array.from({ length: ids.length + BLOCK }, (_, index) => {
      const row = this.list.row(index);
      return row === undefined || row.id === ids[index] ? "" : `row ${index} is ${row.id}, not ${ids[index] ?? "none"}`;
    }).filter((it) => it !== "");
  }
}

it("shows the program's rows at their places and stays on its call, whatever happens between two answers", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: 900 }),
      fc.array(happening, { minLength: 1, maxLength: 40 }),
      async (length, happenings) => {
        const world = new World(length);
        void world.list.narrow();
        await world.settle();
        for (const it of happenings) {
          world.do(it);
          for (let i = 0; i < 12; i += 1) await Promise.resolve();
          expect(world.wrongRows(), "blocks of two editions are mixed").toEqual([]);
        }
        // The program tells of every change, and the last one at the latest when all is quiet.
        void world.list.refresh();
        await world.settle();
        const { list, ids, first } = world;
        expect(world.wrongRows()).toEqual([]);
        expect([list.total, list.edition]).toEqual([ids.length, world.edition]);
        const seen = ids.slice(first, first + HEIGHT);
        expect(seen.map((_, index) => list.row(first + index)?.id)).toEqual(seen);
        if (ids.length > 0) {
          expect(list.active).toBeLessThan(ids.length);
          if (list.selected !== null) expect(ids[list.active]).toBe(list.selected);
          // An id never comes back: where the chosen call is there, it was there all the time.
          if (world.chosen !== null && ids.includes(world.chosen)) expect(list.selected).toBe(world.chosen);
        }
      },
    ),
    { numRuns: 300 },
  );
}, 60_000);

it("keeps what is seen still and the selection on its call while calls come and go above", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: -40, max: 40 }), { minLength: 1, maxLength: 6 }),
      part,
      async (changes, at) => {
        const world = new World(1_000);
        void world.list.narrow();
        await world.settle();
        world.scroll(500);
        await world.settle();
        world.list.move(500 + Math.floor(at * (HEIGHT - 1)));
        const chosen = world.list.selected;
        const top = world.list.row(world.first)?.id;
        for (const change of changes) {
          world.do({ kind: change > 0 ? "arrive" : "vanish", count: Math.abs(change), at: 0 });
          void world.list.refresh();
          await world.settle();
          expect(world.list.row(world.first)?.id).toBe(top);
          expect([world.list.selected, world.ids[world.list.active]]).toEqual([chosen, chosen]);
        }
      },
    ),
    { numRuns: 60 },
  );
}, 60_000);
