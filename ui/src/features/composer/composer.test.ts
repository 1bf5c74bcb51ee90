import { beforeEach, describe, expect, test, vi } from "vitest";

import type { About } from "../../bridge/types/About";
import type { ConnectionView } from "../../bridge/types/ConnectionView";
import type { Delivery } from "../../bridge/types/Delivery";
import type { Draft } from "../../bridge/types/Draft";
import type { Problem } from "../../bridge/types/Problem";
import { live } from "../../live.svelte";
import { preferences } from "../../settings.svelte";
import { Composer } from "./composer.svelte";
import type { Target } from "./draft";

const NOT_USABLE: Problem = { code: "invalid", reason: "not_usable", words: "bad", message: "", wait_seconds: null };
const sent: Draft[] = [];
const tests: Draft[] = [];
let ledger: Delivery[] = [];
let drafts = 0;
let refusal: Problem | null = null;
/** An answer to the next question for an id that comes when the test says so. */
let held: Promise<string> | null = null;

vi.mock("../../settings.svelte", () => ({ preferences: { current: { messages: {} } } }));
vi.mock("../../bridge/commands", () => ({
  draftNew: () => held ?? Promise.resolve(`draft-${++drafts}`),
  outboxAddAll: (drafts: Draft[]) => {
    if (refusal) return Promise.reject(Object.assign(new Error(refusal.message), refusal));
    const bad = drafts.filter((it) => [it.to.address].flat().includes("bad"));
    if (bad.length > 0)
      return Promise.resolve({
        deliveries: [],
        refused: bad.map((it) => ({ connection: it.connection, to: it.to, problem: NOT_USABLE })),
      });
    return Promise.resolve({ deliveries: drafts.map(take), refused: [] });
  },
  outboxTest: (drafts: Draft[]) => {
    tests.push(...drafts);
    return Promise.resolve({ deliveries: [], refused: [] });
  },
  deliveriesOf: (id: string) => Promise.resolve(ledger.filter((it) => it.draft.startsWith(`${id}-`))),
  deliveriesList: () => Promise.resolve(ledger),
  destinationsFind: (_: string, text: string) =>
    Promise.resolve(
      [{ address: "a@x.jp", name: "田中 健一", kind: "person", detail: "" }].filter((it) => it.address === text),
    ),
  connectionsList: () => Promise.resolve([]),
  appStart: () => Promise.resolve({ systems: [], connections: [] }),
}));

const deliveryOf = (draft: Draft, state: Delivery["state"]): Delivery => ({
  id: draft.id,
  draft: draft.id,
  connection: draft.connection,
  to: draft.to,
  text: draft.text,
  state,
  detail: "",
  problem: null,
  created_at: "2026-10-14T01:42:00.000Z",
  settled_at: null,
});

/** One draft and one recipient are one delivery, however often they come. */
function take(draft: Draft): Delivery {
  const id = `${draft.id}-${draft.connection}-${draft.to.kind}-${[draft.to.address].flat().join()}`;
  const known = ledger.find((it) => it.draft === id);
  if (known) return known;
  sent.push(draft);
  const delivery = deliveryOf({ ...draft, id }, "waiting");
  ledger = [delivery, ...ledger];
  return delivery;
}

const settle = async (composer: Composer, state: Delivery["state"]): Promise<void> => {
  ledger = ledger.map((it) => (it.state === "waiting" ? { ...it, state } : it));
  await composer.read();
};

const about = (id: string, abilities: About["abilities"]): About => ({
  id,
  name: id,
  mark: "square",
  url_example: "",
  url_default: "",
  fields: [],
  longest_text: null,
  grammar: "plain",
  messages_per_minute: null,
  messages_per_day: null,
  abilities,
  signs_in_by_browser: false,
  signs_in_by_password: false,
});

const connection = (id: string, system: string): ConnectionView => ({
  id,
  name: id,
  system,
  url: "",
  settings: {},
  state: "ok",
  last_ok_at: null,
  problem: null,
  is_plain_http: false,
  secrets: [],
  reading: null,
  limitations: [],
  not_understood: 0,
});

const target = (connection: string, address: string, part: Partial<Target> = {}): Target => ({
  connection,
  kind: "person",
  address,
  name: address,
  isKnown: true,
  reason: "typed",
  ...part,
});

const ready = async (): Promise<Composer> => {
  const composer = new Composer();
  await composer.start();
  composer.add([target("one", "a@x.jp")]);
  composer.change({ text: "折り返しをお願いします" });
  return composer;
};

beforeEach(() => {
  localStorage.clear();
  sent.length = 0;
  tests.length = 0;
  const messages = { me: [], review_above: 20, review_room_above: 100, quiet: null };
  preferences.current = { ...preferences.current, messages };
  ledger = [];
  refusal = null;
  live.systems = [about("letters", ["chat", "sealed_messages"]), about("cards", ["chat", "attachments"])];
  live.connections = [connection("one", "letters"), connection("two", "cards")];
});

describe("sending", () => {
  test("pressed twice sends once, and the text is held until the outcome is known", async () => {
    const composer = await ready();
    await Promise.all([composer.send(), composer.send()]);
    await composer.send();
    expect(sent).toHaveLength(1);
    expect(composer.isUnderWay).toBe(true);
    expect(composer.written.text).not.toBe("");
    const id = composer.written.id;
    await settle(composer, "sent");
    expect(composer.written.text).toBe("");
    expect(composer.written.id).not.toBe(id);
    expect(composer.isUnderWay).toBe(false);
  });

  test.each(["refused", "unknown"] as const)(
    "a message that was %s keeps its text under a new draft",
    async (state) => {
      const composer = await ready();
      await composer.send();
      const id = composer.written.id;
      await settle(composer, state);
      expect(composer.written.text).toBe("折り返しをお願いします");
      expect(composer.written.to).toHaveLength(1);
      expect(composer.written.id).not.toBe(id);
      expect(composer.followed.map((it) => it.state)).toEqual([state]);
    },
  );

  test("what the program does not take stays a draft with the same id", async () => {
    const composer = await ready();
    const id = composer.written.id;
    refusal = { code: "invalid", reason: "missing", words: "to", message: "", wait_seconds: null };
    await composer.send();
    expect(composer.problem?.reason).toBe("missing");
    expect([composer.written.id, composer.isUnderWay]).toEqual([id, false]);
    refusal = null;
    await composer.send();
    expect(sent.map((it) => it.id)).toEqual([id]);
  });

  test("a draft that is on its way cannot be changed, but it can be left", async () => {
    const composer = await ready();
    await composer.send();
    composer.change({ text: "x" });
    expect(composer.written.text).toBe("折り返しをお願いします");
    await composer.next();
    expect([composer.written.text, composer.isUnderWay]).toEqual(["", false]);
  });

  test("only what the system can do is handed over", async () => {
    const composer = await ready();
    composer.change({ sealed: true, alias: "受付", attachments: '[{"title":"x"}]' });
    await composer.send();
    expect(sent[0]).toMatchObject({ sealed: true, attachments: null, guise: { alias: null } });
  });

  test("cards and another name go to a system that takes them, a seal does not", async () => {
    const composer = await ready();
    composer.change({ to: [target("two", "a")], sealed: true, alias: " 受付 ", text: "" });
    composer.change({ attachments: '[{"title":"x"}]' });
    expect(composer.obstacles).toEqual([]);
    await composer.send();
    expect(sent[0]).toMatchObject({ sealed: false, attachments: '[{"title":"x"}]', guise: { alias: "受付" } });
  });

  test("each recipient gets a message of its own, in the shape of its system", async () => {
    const composer = await ready();
    composer.add([target("one", "b@x.jp"), target("two", "r", { kind: "room" }), target("one", "A@X.JP")]);
    composer.addMentions([target("two", "m"), target("one", "n")]);
    composer.change({ sealed: true });
    await composer.send();
    expect(sent.map((it) => [it.connection, it.to, it.sealed, it.mentions])).toEqual([
      ["one", { kind: "people", address: ["a@x.jp"] }, true, []],
      ["one", { kind: "people", address: ["b@x.jp"] }, true, []],
      ["two", { kind: "room", address: "r" }, false, ["m"]],
    ]);
    expect(new Set(sent.map((it) => it.id)).size).toBe(1);
  });

  test("where one cannot be sent to, nothing is sent and it is named", async () => {
    const composer = await ready();
    composer.add([target("two", "bad", { name: "Bad" })]);
    const { id } = composer.written;
    await composer.send();
    expect(sent).toEqual([]);
    expect(composer.refused.map((it) => composer.nameOf(it))).toEqual(["Bad"]);
    expect([composer.written.id, composer.isUnderWay]).toEqual([id, false]);
    composer.remove(target("two", "bad"));
    await composer.send();
    expect(sent).toHaveLength(1);
  });

  test("those whom it did not reach stay, and only those", async () => {
    const composer = await ready();
    composer.add([target("two", "b"), target("two", "c")]);
    await composer.send();
    const states: Record<string, Delivery["state"]> = { "a@x.jp": "sent", b: "refused", c: "unknown" };
    ledger = ledger.map((it) => ({ ...it, state: states[[it.to.address].flat()[0] ?? ""] ?? it.state }));
    await composer.read();
    expect(composer.isUnderWay).toBe(false);
    expect(composer.written.to.map((it) => it.address)).toEqual(["b", "c"]);
    expect(composer.mayDouble).toBe(true);
    composer.remove(target("two", "c"));
    expect(composer.mayDouble).toBe(false);
  });

  test("a person looks once more above so many, and before a large room", async () => {
    const composer = await ready();
    expect(composer.needsReview).toBe(false);
    composer.add([target("two", "r", { kind: "room", members: 101 })]);
    expect(composer.needsReview).toBe(true);
    composer.change({ to: Array.from({ length: 21 }, (_, index) => target("one", `u${index}`)) });
    expect(composer.needsReview).toBe(true);
    composer.change({ to: composer.written.to.slice(1) });
    expect(composer.needsReview).toBe(false);
  });

  test("a press waits for the words that are being looked up", async () => {
    const composer = await ready();
    let found: (() => void) | undefined;
    const words = new Promise<void>((resolve) => (found = resolve)).then(() => composer.add([target("two", "late")]));
    void composer.lookUp(words);
    const pressed = composer.settled().then(() => composer.send());
    found?.();
    await pressed;
    expect(sent).toHaveLength(2);
  });

  test("a press waits for the file that is being read, and leaves nothing where that cannot be read", async () => {
    const composer = await ready();
    for (const isThere of [true, false]) {
      let read: (() => void) | undefined;
      void composer.lookUp(new Promise<void>((resolve) => (read = resolve)).then(() => isThere));
      const settled = composer.settled();
      read?.();
      expect(await settled).toBe(isThere);
    }
  });
});

describe("a test", () => {
  test("goes out only where one's own address is set, once for each system, and changes nothing", async () => {
    const composer = await ready();
    composer.add([target("one", "b@x.jp"), target("two", "c")]);
    expect(composer.withoutMe.map((it) => it.id)).toEqual(["one", "two"]);
    await composer.test();
    expect(tests).toEqual([]);
    const me = ["one", "two"].map((connection) => ({
      connection,
      to: { kind: "people" as const, address: [`me@${connection}`] },
    }));
    preferences.current = { ...preferences.current, messages: { ...preferences.current.messages, me } };
    composer.add([target("two", "d")]);
    const before = composer.written;
    await composer.test();
    expect(tests.map((it) => it.connection)).toEqual(["one", "two"]);
    expect(tests.flatMap((it) => it.to.address)).not.toContain("b@x.jp");
    expect([composer.written, sent]).toEqual([before, []]);
  });
});

describe("drafts", () => {
  test("survive the window", async () => {
    const before = await ready();
    const after = new Composer();
    await after.start();
    expect(after.written).toEqual(before.written);
  });

  test("that were handed over before the window closed are not offered again", async () => {
    const before = await ready();
    await before.send();
    ledger = ledger.map((it) => ({ ...it, state: "sent" }));
    const after = new Composer();
    await after.start();
    expect(after.written.text).toBe("");
  });

  test("keep their recipients when another connection is searched", async () => {
    const composer = await ready();
    composer.choose("two");
    expect(composer.searched.map((it) => it.id)).toEqual(["two"]);
    expect(composer.written.to).toHaveLength(1);
    expect(composer.used.map((it) => it.id)).toEqual(["one"]);
  });

  test("say what is missing", async () => {
    const composer = new Composer();
    await composer.start();
    expect(composer.obstacles).toEqual(["to", "text"]);
    composer.change({ text: "x" });
    expect(composer.obstacles).toEqual(["to"]);
    composer.add([target("gone", "x")]);
    expect(composer.obstacles).toEqual(["connection"]);
    await composer.send();
    expect(sent).toEqual([]);
  });

  test("are filled from what they are about", async () => {
    const composer = await ready();
    composer.change({ text: "{{caller}} 様\n用件: {{note}}" });
    expect(composer.empty).toEqual(["caller", "note"]);
    composer.writeTo({
      connection: "one",
      address: "b",
      name: "b",
      isKnown: true,
      origin: { what: "call", at: "2026-10-14T01:31:00Z", name: "西村", values: { caller: "西村" } },
    });
    expect(composer.written.to).toMatchObject([{ address: "b", reason: { asked: "2026-10-14T01:31:00Z" } }]);
    expect(composer.empty).toEqual(["note"]);
    await composer.send();
    expect(sent[0]?.text).toBe("西村 様");
  });

  test("keep nothing of the call that the message was about before", async () => {
    const composer = await ready();
    const about = (values: Record<string, string>): void =>
      composer.writeAbout({ what: "call", at: "2026-10-14T01:31:00Z", name: "", values });
    composer.change({ text: "{{caller}} {{note}} {{branch}}", values: { branch: "大阪" } });
    about({ caller: "西村", note: "折り返し" });
    expect(composer.empty).toEqual([]);
    about({ caller: "黒田" });
    expect(composer.empty).toEqual(["note"]);
    expect(composer.values).toMatchObject({ caller: "黒田", branch: "大阪" });
  });

  test("name who works here without being asked", async () => {
    preferences.current = { ...preferences.current, who: "佐藤 美咲" };
    const composer = await ready();
    composer.change({ text: "受付 {{me}} です" });
    expect(composer.empty).toEqual([]);
    await composer.send();
    expect(sent[0]?.text).toBe("受付 佐藤 美咲 です");
  });

  test("written while the next draft gets its id stay", async () => {
    const composer = await ready();
    await composer.send();
    let give: (id: string) => void = () => undefined;
    held = new Promise((resolve) => (give = resolve));
    const settled = settle(composer, "sent");
    await vi.waitUntil(() => composer.written.text === "");
    composer.change({ through: "two" });
    give("next");
    held = null;
    await settled;
    expect(composer.written).toMatchObject({ id: "next", through: "two" });
  });

  test("of an earlier delivery are taken up as a new message", async () => {
    const composer = await ready();
    await composer.send();
    await settle(composer, "refused");
    const delivery = ledger[0];
    if (!delivery) throw new Error("nothing was sent");
    await composer.writeAgain(delivery);
    expect(composer.written).toMatchObject({ text: delivery.text, to: [{ address: "a@x.jp" }] });
    expect(composer.written.id).not.toBe(delivery.draft);
  });

  test("names recipients as their system's list does", async () => {
    const composer = await ready();
    composer.add([target("one", "z@x.jp", { isKnown: false })]);
    await composer.send();
    await composer.names.learn(ledger);
    expect(ledger.map((it) => composer.names.of(it))).toEqual(["z@x.jp", "田中 健一"]);
  });
});
