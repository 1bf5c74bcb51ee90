import { beforeEach, describe, expect, test, vi } from "vitest";

import type { About } from "../../bridge/types/About";
import type { ConnectionView } from "../../bridge/types/ConnectionView";
import type { Delivery } from "../../bridge/types/Delivery";
import type { Draft } from "../../bridge/types/Draft";
import type { Problem } from "../../bridge/types/Problem";
import { live } from "../../live.svelte";
import { Composer } from "./composer.svelte";

const sent: Draft[] = [];
let ledger: Delivery[] = [];
let drafts = 0;
let refusal: Problem | null = null;

vi.mock("../../bridge/commands", () => ({
  draftNew: () => Promise.resolve(`draft-${++drafts}`),
  outboxAdd: (draft: Draft) => {
    if (refusal) return Promise.reject(Object.assign(new Error(refusal.message), refusal));
    const known = ledger.find((it) => it.draft === draft.id);
    if (known) return Promise.resolve(known);
    sent.push(draft);
    const delivery = deliveryOf(draft, "waiting");
    ledger = [delivery, ...ledger];
    return Promise.resolve(delivery);
  },
  deliveriesList: () => Promise.resolve(ledger),
  destinationsFind: (_: string, text: string) =>
    Promise.resolve(
      [{ address: "a@x.jp", name: "田中 健一", kind: "person", detail: "" }].filter((it) => it.address === text),
    ),
  connectionsList: () => Promise.resolve([]),
  systemsList: () => Promise.resolve([]),
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

const ready = async (): Promise<Composer> => {
  const composer = new Composer();
  await composer.start();
  composer.addPeople([{ address: "a@x.jp", name: "a", isKnown: true }]);
  composer.change({ text: "折り返しをお願いします" });
  return composer;
};

beforeEach(() => {
  localStorage.clear();
  sent.length = 0;
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
      expect(composer.written.people).toHaveLength(1);
      expect(composer.written.id).not.toBe(id);
      expect(composer.followed?.state).toBe(state);
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
    composer.chooseConnection("two");
    composer.addPeople([{ address: "a", name: "a", isKnown: false }]);
    composer.change({ sealed: true, alias: " 受付 ", attachments: '[{"title":"x"}]', text: "" });
    expect(composer.obstacles).toEqual([]);
    await composer.send();
    expect(sent[0]).toMatchObject({ sealed: false, attachments: '[{"title":"x"}]', guise: { alias: "受付" } });
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

  test("lose their recipients with their system", async () => {
    const composer = await ready();
    composer.chooseConnection("two");
    expect(composer.written.people).toEqual([]);
    expect(composer.written.text).toBe("折り返しをお願いします");
  });

  test("say what is missing", async () => {
    const composer = new Composer();
    await composer.start();
    expect(composer.obstacles).toEqual(["people", "text"]);
    composer.change({ kind: "room", text: "x" });
    expect(composer.obstacles).toEqual(["room"]);
    await composer.send();
    expect(sent).toEqual([]);
  });

  test("of an earlier delivery are taken up as a new message", async () => {
    const composer = await ready();
    await composer.send();
    await settle(composer, "refused");
    const delivery = ledger[0];
    if (!delivery) throw new Error("nothing was sent");
    await composer.writeAgain(delivery);
    expect(composer.written).toMatchObject({ text: delivery.text, people: [{ address: "a@x.jp" }] });
    expect(composer.written.id).not.toBe(delivery.draft);
  });

  test("names recipients as their system's list does", async () => {
    const composer = await ready();
    composer.addPeople([{ address: "z@x.jp", name: "z@x.jp", isKnown: false }]);
    await composer.send();
    await composer.names.learn(ledger);
    expect(ledger.map((it) => composer.names.of(it))).toEqual(["田中 健一, z@x.jp"]);
  });
});
