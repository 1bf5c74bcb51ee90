import { beforeEach, describe, expect, test, vi } from "vitest";
import type { CallBlock } from "../../bridge/types/CallBlock";
import type { Customer } from "../../bridge/types/Customer";
import type { LinkedPerson } from "../../bridge/types/LinkedPerson";
import { language } from "../../i18n";
import type { KeyAction } from "../../parts/keys";
import { find, queryOf } from "./find";
import { forgetRecent, Palette } from "./palette.svelte";

const NOW = new Date(2026, 9, 14, 10, 42);
let people: LinkedPerson[] = [];
let customers: Customer[] = [];
let held: Promise<void> | null = null;
let isBroken = false;

vi.mock("../../bridge/commands", () => ({
  peopleList: async (text: string) => {
    await held;
    return people.filter((it) => it.name.includes(text));
  },
  customersFind: () => (isBroken ? Promise.reject(new Error("broken")) : Promise.resolve(customers)),
  callsBlock: () => Promise.resolve({ edition: 1, total: 0, first_row: 0, calls: [] } satisfies CallBlock),
  roomBoard: () => Promise.resolve({ rooms: [], reservations: [] }),
}));
vi.mock("../../live.svelte", () => ({
  live: { able: () => [{ id: "one" }], connections: [], systems: [], systemOf: () => undefined },
}));

const person = (name: string): LinkedPerson => ({
  id: name,
  name,
  email: `${name}@example.jp`,
  extension: null,
  numbers: [],
  presence: null,
  identities: [],
});
const done: string[] = [];
const action = (label: string): KeyAction => ({ combos: ["X"], label, run: () => void done.push(label) });

beforeEach(() => {
  language.follow("en");
  [people, customers, held, isBroken] = [[], [], null, false];
  done.length = 0;
  forgetRecent();
});

describe("what is typed", () => {
  test.each([
    ["田中", "田中", "everything"],
    [" > export ", "export", "actions"],
    ["＃03", "03", "numbers"],
    ["", "", "everything"],
  ] as const)("%j asks for %j among %s", (typed, text, only) => {
    expect(queryOf(typed)).toEqual({ text, only });
  });
});

describe("what is found", () => {
  test("is left out where a list cannot be read, and the others stand", async () => {
    people = [person("田中")];
    isBroken = true;
    const found = await find(queryOf("田中"), [action("田中 card")], NOW);
    expect(found.map((it) => it.kind)).toEqual(["people", "do"]);
  });

  test("shows a few and counts all", async () => {
    people = Array.from({ length: 9 }, (_, nth) => person(`田中 ${String(nth)}`));
    const [section] = await find(queryOf("田中"), [], NOW);
    expect([section?.lines.length, section?.total]).toEqual([5, 9]);
  });

  test("leaves out keys that mean another thing each", async () => {
    const keys: KeyAction[] = [
      { combos: ["1", "2"], label: "View", run: (event) => done.push(event.key) },
      action("Export"),
    ];
    const [section] = await find(queryOf(""), keys, NOW);
    expect(section?.lines.map((it) => it.text)).toEqual(["Export"]);
  });
});

describe("the chosen line", () => {
  test("is of the text as it stands, however quickly Enter follows", async () => {
    const palette = new Palette([action("Take"), action("Export")]);
    await palette.read(NOW);
    palette.typed = ">exp";
    const line = await palette.meant(NOW);
    expect(line?.text).toBe("Export");
  });

  test("is none where the text went on meanwhile", async () => {
    const palette = new Palette([action("Take")]);
    let go = (): void => undefined;
    held = new Promise((resolve) => (go = resolve));
    palette.typed = "ta";
    const line = palette.meant(NOW);
    palette.typed = "tak";
    go();
    expect(await line).toBeUndefined();
  });

  test("goes round the ends, and is offered again the next time, but for what was done", async () => {
    people = [person("田中")];
    const palette = new Palette([action("田中 Export")]);
    palette.typed = "田中";
    await palette.read(NOW);
    palette.move(-1);
    expect(palette.chosen?.kind).toBe("do");
    await palette.take(palette.lines[0] as (typeof palette.lines)[0]);
    await palette.take(palette.lines.at(-1) as (typeof palette.lines)[0]);
    expect(done).toEqual(["田中 Export"]);
    const next = new Palette([]);
    await next.read(NOW);
    expect(next.lines.map((it) => [it.kind, it.text])).toEqual([["recent", "田中"]]);
  });
});
