import { beforeEach, describe, expect, test, vi } from "vitest";
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
    program.ledger = program.ledger.map((it) => ({ ...it, state: "sent" }));
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
    expect(program.sent).toEqual([]);
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
    expect(program.sent[0]?.text).toBe("西村 様");
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
    expect(program.sent[0]?.text).toBe("受付 佐藤 美咲 です");
  });

  test("written while the next draft gets its id stay", async () => {
    const composer = await ready();
    await composer.send();
    let give: (id: string) => void = () => undefined;
    program.held = new Promise((resolve) => (give = resolve));
    const settled = settle(composer, "sent");
    await vi.waitUntil(() => composer.written.text === "");
    composer.change({ through: "two" });
    give("next");
    program.held = null;
    await settled;
    expect(composer.written).toMatchObject({ id: "next", through: "two" });
  });

  test("of an earlier delivery are taken up as a new message", async () => {
    const composer = await ready();
    await composer.send();
    await settle(composer, "refused");
    const delivery = program.ledger[0];
    if (!delivery) throw new Error("nothing was sent");
    await composer.writeAgain(delivery);
    expect(composer.written).toMatchObject({ text: delivery.text, to: [{ address: "a@x.jp" }] });
    expect(composer.written.id).not.toBe(delivery.draft);
  });

  test("names recipients as their system's list does", async () => {
    const composer = await ready();
    composer.add([target("one", "z@x.jp", { isKnown: false })]);
    await composer.send();
    await composer.names.learn(program.ledger);
    expect(program.ledger.map((it) => composer.names.of(it))).toEqual(["z@x.jp", "田中 健一"]);
  });
});
