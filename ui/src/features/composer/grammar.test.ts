import fc from "fast-check";
import { expect, test } from "vitest";

import { hasMarks, readText, type Block, type Inline } from "./grammar";

const words = (it: Inline): string =>
  "text" in it ? it.text : `<${it.kind}>${it.parts.map(words).join("")}</${it.kind}>`;
const shown = (blocks: Block[]): string[] =>
  blocks.flatMap((it) => {
    if (it.kind === "code") return [`code ${it.text}`];
    if (it.kind === "list") return it.items.map((item) => `${item.mark} ${item.line.map(words).join("")}`);
    if (it.kind === "heading") return [`h${it.level} ${it.line.map(words).join("")}`];
    return it.lines.map((line) => (it.kind === "quote" ? "> " : "") + line.map(words).join(""));
  });
const rocket = (text: string): string[] => shown(readText(text, "single_marks"));
const markdown = (text: string): string[] => shown(readText(text, "markdown"));

test("single marks are bold, italic and struck, and stand inside each other", () => {
  expect(rocket("*太字* と _斜体_ と ~取消~")).toEqual([
    "<bold>太字</bold> と <italic>斜体</italic> と <strike>取消</strike>",
  ]);
  expect(rocket("*外 _内_ 外*")).toEqual(["<bold>外 <italic>内</italic> 外</bold>"]);
  expect(rocket("**二重** ~~二重~~")).toEqual(["<bold>二重</bold> <strike>二重</strike>"]);
});

test("what is no mark stays as it is written", () => {
  for (const text of ["2 * 3 * 4", "file_name_here", "*open", "~ ~", "a@b.jp", "10:30:00", "** **", "*"])
    expect(rocket(text), text).toEqual([text]);
});

test("code, quotations, lists and headings are blocks", () => {
  expect(rocket("> 引用\n> 二行\n本文\n- 一\n- 二\n1. 三\n# 見出し\n```\nlet *x*\n```\n`*y*`")).toEqual([
    "> 引用",
    "> 二行",
    "本文",
    "• 一",
    "• 二",
    "1. 三",
    "h1 見出し",
    "code let *x*",
    "*y*",
  ]);
});

test("links, mentions and emoji are known; an address of another kind is words", () => {
  const [block] = readText("[地図](https://example.jp/a) @t.kenichi #general :bell: [x](javascript:1)", "single_marks");
  const line = block?.kind === "lines" ? block.lines[0] : [];
  expect(line?.map((it) => it.kind)).toEqual(["link", "text", "mention", "text", "mention", "text", "emoji", "text"]);
  expect(words(line?.[6] ?? { kind: "text", text: "" })).toBe("🔔");
});

test("the same marks mean something else in Markdown", () => {
  expect(markdown("**太字** *斜体* ~そのまま~ :bell:")).toEqual([
    "<bold>太字</bold> <italic>斜体</italic> ~そのまま~ :bell:",
  ]);
  expect(hasMarks("*x*", "single_marks")).toBe(true);
  expect(hasMarks("普通の文\n次の行", "single_marks")).toBe(false);
});

test("plain text is shown as it is, and line breaks are kept", () => {
  expect(shown(readText("*a*\n\nb", "plain"))).toEqual(["*a*", "", "b"]);
  expect(rocket("a\n\nb")).toEqual(["a", "", "b"]);
});

test("every text is read, and no letter of it is lost", () => {
  const letters = (text: string): string => text.replaceAll(/[^\p{L}]/gu, "");
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom("a", "あ", "*", "_", "~", "`", "\n", ">", " ", "-", "[", "]") }),
      (text) => {
        for (const grammar of ["single_marks", "markdown", "plain"] as const) {
          const all = shown(readText(text, grammar))
            .join("")
            .replaceAll(/<\/?[a-z]+>|^code /gu, "");
          expect(letters(all.replaceAll("code ", ""))).toBe(letters(text));
        }
      },
    ),
  );
});
