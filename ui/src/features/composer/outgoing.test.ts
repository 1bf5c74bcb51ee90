import { expect, test } from "vitest";

import { readCards } from "./cards";
import { blank } from "./draft";
import { bulkOf, cardsBecome, draftFor, standsIn, textFor } from "./outgoing";

const cards = readCards(
  '[{"title":"折り返し依頼","title_link":"https://x.jp","text":"至急","fields":[{"title":"回線","value":"営業"},{"title":"待ち","value":"22 秒"}]}]',
).cards;
const written = { ...blank(), text: "本文\r\n二行 {{me}}", values: { me: "佐藤" } };

test("cards stay cards, become lines of text, or are left out, as their system has it", () => {
  expect(cardsBecome({ abilities: ["attachments"], grammar: "single_marks" }, false)).toBe("cards");
  expect(textFor(written, cards, { abilities: ["attachments"], grammar: "single_marks" })).toBe("本文\n二行 佐藤");
  expect(textFor(written, cards, { abilities: [], grammar: "plain" })).toBe("本文\n二行 佐藤");
  expect(textFor(written, cards, { abilities: [], grammar: "markdown" })).toBe(
    "本文\n二行 佐藤\n\n**[折り返し依頼](https://x.jp)**\n至急\n回線: 営業 / 待ち: 22 秒",
  );
});

test("a text of nothing but a card is that card's lines", () => {
  expect(textFor(blank(), cards, { abilities: [], grammar: "markdown" }).startsWith("**[折り返し依頼]")).toBe(true);
});

test("a file goes where it is taken, without cards and sender beside it, and the rest stays as it was", () => {
  const file = { path: "/x", name: "見積.pdf", size: 7, sha256: "ab" };
  const target = {
    connection: "one",
    kind: "room" as const,
    address: "r",
    name: "r",
    isKnown: true,
    reason: "typed" as const,
  };
  const all = { ...written, id: "d", file, alias: "Gruggy", attachments: "[]" };
  const taken = draftFor(all, target, cards, { abilities: ["attachments", "files"], grammar: "single_marks" });
  expect([taken.file, taken.attachments, taken.guise.alias]).toEqual([file, null, null]);
  const elsewhere = draftFor(all, target, cards, { abilities: ["attachments"], grammar: "single_marks" });
  expect(elsewhere.file).toBeUndefined();
  expect([elsewhere.guise.alias, elsewhere.attachments === null]).toEqual(["Gruggy", false]);
});

test("who stands in the text is not put in front of it", () => {
  const emma = { address: "1004", name: "Emma Clarke" };
  expect(standsIn("至急 @Emma Clarke さん", emma)).toBe(true);
  expect(standsIn("@1004: 至急", emma)).toBe(true);
  expect(standsIn("@Emma Clarkeson", emma)).toBe(false);
  expect(standsIn("Emma Clarke", emma)).toBe(false);
  expect(standsIn("@", { address: "", name: "" })).toBe(false);
});

test("planned as many, each system keeps its shape, and fields stay to be filled for each", () => {
  const target = (connection: string, kind: "person" | "room") => ({
    connection,
    kind,
    address: connection,
    name: connection,
    isKnown: true,
    reason: "typed" as const,
  });
  const all = {
    ...written,
    text: "{{name}} 様",
    attachments: '[{"title":"{{me}}より"}]',
    alias: " 受付 ",
    mentions: [target("one", "person"), target("two", "person")],
  };
  const lanes = [
    {
      system: { abilities: ["attachments" as const], grammar: "single_marks" as const },
      targets: [target("one", "room")],
    },
    { system: { abilities: [], grammar: "markdown" as const }, targets: [target("two", "person")] },
  ];
  const asked = bulkOf(all, lanes, readCards(all.attachments).cards);
  expect(asked.text).toBe("{{name}} 様");
  expect(asked.attachments).toBe(all.attachments);
  expect(asked.guise).toEqual({ alias: "受付", emoji: null, avatar: null });
  expect(asked.recipients.map((it) => [it.after, it.mentions])).toEqual([
    ["", ["one"]],
    ["**{{me}}より**", []],
  ]);
});
