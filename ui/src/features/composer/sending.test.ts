import { beforeEach, describe, expect, test, vi } from "vitest";
import type { Delivery } from "../../bridge/types/Delivery";
import { live } from "../../live.svelte";
import { preferences } from "../../settings.svelte";
import { Composer } from "./composer.svelte";
import { connections, program, reset, settle, systems, target, written } from "./pretended";

vi.mock("../../settings.svelte", () => ({ preferences: { current: { messages: {} } } }));
vi.mock("../../bridge/commands", async () => (await import("./pretended")).commands);

const ready = (): Promise<Composer> => written(new Composer());

beforeEach(() => {
  localStorage.clear();
  reset();
  const messages = { me: [], review_above: 20, review_room_above: 100, quiet: null };
  preferences.current = { ...preferences.current, messages };
  Object.assign(live, { systems, connections });
});

describe("sending", () => {
  test("pressed twice sends once, and the text is held until the outcome is known", async () => {
    const composer = await ready();
    await Promise.all([composer.send(), composer.send()]);
    await composer.send();
    expect(program.sent).toHaveLength(1);
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
    program.refusal = { code: "invalid", reason: "missing", words: "to", message: "", wait_seconds: null };
    await composer.send();
    expect(composer.problem?.reason).toBe("missing");
    expect([composer.written.id, composer.isUnderWay]).toEqual([id, false]);
    program.refusal = null;
    await composer.send();
    expect(program.sent.map((it) => it.id)).toEqual([id]);
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
    expect(program.sent[0]).toMatchObject({ sealed: true, attachments: null, guise: { alias: null } });
  });

  test("cards and another name go to a system that takes them, a seal does not", async () => {
    const composer = await ready();
    composer.change({ to: [target("two", "a")], sealed: true, alias: " 受付 ", text: "" });
    composer.change({ attachments: '[{"title":"x"}]' });
    expect(composer.obstacles).toEqual([]);
    await composer.send();
    expect(program.sent[0]).toMatchObject({ sealed: false, attachments: '[{"title":"x"}]', guise: { alias: "受付" } });
  });

  test("each recipient gets a message of its own, in the shape of its system", async () => {
    const composer = await ready();
    composer.add([target("one", "b@x.jp"), target("two", "r", { kind: "room" }), target("one", "A@X.JP")]);
    composer.addMentions([target("two", "m"), target("one", "n")]);
    composer.change({ sealed: true });
    await composer.send();
    expect(program.sent.map((it) => [it.connection, it.to, it.sealed, it.mentions])).toEqual([
      ["one", { kind: "people", address: ["a@x.jp"] }, true, []],
      ["one", { kind: "people", address: ["b@x.jp"] }, true, []],
      ["two", { kind: "room", address: "r" }, false, ["m"]],
    ]);
    expect(new Set(program.sent.map((it) => it.id)).size).toBe(1);
  });

  test("where one cannot be sent to, nothing is sent and it is named", async () => {
    const composer = await ready();
    composer.add([target("two", "bad", { name: "Bad" })]);
    const { id } = composer.written;
    await composer.send();
    expect(program.sent).toEqual([]);
    expect(composer.refused.map((it) => composer.nameOf(it))).toEqual(["Bad"]);
    expect([composer.written.id, composer.isUnderWay]).toEqual([id, false]);
    composer.remove(target("two", "bad"));
    await composer.send();
    expect(program.sent).toHaveLength(1);
  });

  test("those whom it did not reach stay, and only those", async () => {
    const composer = await ready();
    composer.add([target("two", "b"), target("two", "c")]);
    await composer.send();
    const states: Record<string, Delivery["state"]> = { "a@x.jp": "sent", b: "refused", c: "unknown" };
    program.ledger = program.ledger.map((it) => ({
      ...it,
      state: states[[it.to.address].flat()[0] ?? ""] ?? it.state,
    }));
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
    expect(program.sent).toHaveLength(2);
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
    expect(program.tests).toEqual([]);
    const me = ["one", "two"].map((connection) => ({
      connection,
      to: { kind: "people" as const, address: [`me@${connection}`] },
    }));
    preferences.current = { ...preferences.current, messages: { ...preferences.current.messages, me } };
    composer.add([target("two", "d")]);
    const before = composer.written;
    await composer.test();
    expect(program.tests.map((it) => it.connection)).toEqual(["one", "two"]);
    expect(program.tests.flatMap((it) => it.to.address)).not.toContain("b@x.jp");
    expect([composer.written, program.sent]).toEqual([before, []]);
  });
});
