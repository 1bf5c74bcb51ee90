/** Texts as systems show them: their own marks read into pieces, which are drawn by components and never as markup. */
import type { Grammar } from "../../bridge/types/Grammar";
import { emojiOf } from "./emoji";

/** A piece of a line. */
export type Inline =
  | { kind: "text" | "code" | "mention" | "emoji"; text: string }
  | { kind: "bold" | "italic" | "strike"; parts: Inline[] }
  | { kind: "link"; parts: Inline[]; address: string };

/** A part of a text from edge to edge. */
export type Block =
  | { kind: "lines"; lines: Inline[][] }
  | { kind: "heading"; level: number; line: Inline[] }
  | { kind: "quote"; lines: Inline[][] }
  | { kind: "list"; isNumbered: boolean; items: { mark: string; line: Inline[] }[] }
  | { kind: "code"; text: string };

type Marked = "bold" | "italic" | "strike";
/** Marks and what they mean, the longer ones first. */
const MARKS: Record<Exclude<Grammar, "plain">, readonly (readonly [string, Marked])[]> = {
  single_marks: [
    ["**", "bold"],
    ["__", "italic"],
    ["~~", "strike"],
    ["*", "bold"],
    ["_", "italic"],
    ["~", "strike"],
  ],
  markdown: [
    ["**", "bold"],
    ["__", "bold"],
    ["~~", "strike"],
    ["*", "italic"],
    ["_", "italic"],
  ],
};

const isWord = (sign: string | undefined): boolean => sign !== undefined && /[\p{L}\p{N}]/u.test(sign);
const isSpace = (sign: string | undefined): boolean => sign === undefined || /\s/u.test(sign);

/** Where a mark that opens at `at` closes; -1 where it does not. */
function closing(text: string, at: number, mark: string): number {
  const from = at + mark.length;
  const sign = mark[0];
  // An underscore inside a word, as in a file's name, is no mark.
  if (sign === "_" && isWord(text[at - 1])) return -1;
  if (isSpace(text[from]) || text[from] === sign) return -1;
  for (let end = text.indexOf(mark, from + 1); end !== -1; end = text.indexOf(mark, end + 1)) {
    const after = text[end + mark.length];
    const isPartOfLonger = mark.length === 1 && (after === sign || text[end - 1] === sign);
    if (!isSpace(text[end - 1]) && !isPartOfLonger && !(sign === "_" && isWord(after))) return end;
  }
  return -1;
}

const LINK = /\[([^\]\n]+)\]\((https?:\/\/[^\s)]+)\)/y;
const BARE = /https?:\/\/[^\s<>"'、。）」]*[^\s<>"'、。）」.,:;!?)]/y;
const MENTION = /@[\p{L}\p{N}][\p{L}\p{N}._-]*|#[\p{L}\p{N}][\p{L}\p{N}._-]*/uy;
const EMOJI = /:([a-z0-9_+-]+):/y;
const CODE = /`([^`\n]+)`/y;

function at(pattern: RegExp, text: string, index: number): RegExpExecArray | null {
  pattern.lastIndex = index;
  return pattern.exec(text);
}

interface Step {
  piece: Inline;
  length: number;
}

function step(text: string, index: number, grammar: Exclude<Grammar, "plain">): Step | null {
  const code = at(CODE, text, index);
  if (code) return { piece: { kind: "code", text: code[1] ?? "" }, length: code[0].length };
  const link = at(LINK, text, index);
  if (link) {
    const piece: Inline = { kind: "link", parts: inline(link[1] ?? "", grammar), address: link[2] ?? "" };
    return { piece, length: link[0].length };
  }
  const bare = isWord(text[index - 1]) ? null : at(BARE, text, index);
  if (bare)
    return {
      piece: { kind: "link", parts: [{ kind: "text", text: bare[0] }], address: bare[0] },
      length: bare[0].length,
    };
  for (const [mark, kind] of MARKS[grammar]) {
    if (!text.startsWith(mark, index)) continue;
    const end = closing(text, index, mark);
    if (end === -1) continue;
    const parts = inline(text.slice(index + mark.length, end), grammar);
    return { piece: { kind, parts }, length: end + mark.length - index };
  }
  if (grammar !== "single_marks") return null;
  const mention = isWord(text[index - 1]) ? null : at(MENTION, text, index);
  if (mention) return { piece: { kind: "mention", text: mention[0] }, length: mention[0].length };
  const emoji = at(EMOJI, text, index);
  const sign = emoji && emojiOf(emoji[1] ?? "");
  return emoji && sign ? { piece: { kind: "emoji", text: sign }, length: emoji[0].length } : null;
}

function inline(text: string, grammar: Exclude<Grammar, "plain">): Inline[] {
  const pieces: Inline[] = [];
  let plain = "";
  let index = 0;
  while (index < text.length) {
    const found = "`[*_~@#:h".includes(text[index] ?? "") ? step(text, index, grammar) : null;
    if (!found) {
      plain += text.charAt(index);
      index += 1;
      continue;
    }
    if (plain !== "") pieces.push({ kind: "text", text: plain });
    plain = "";
    pieces.push(found.piece);
    index += found.length;
  }
  if (plain !== "") pieces.push({ kind: "text", text: plain });
  return pieces;
}

const ITEM = /^\s*(?:([-*])|(\d+)[.)]) (.*)$/u;
const HEADING = /^(#{1,4}) (.+)$/u;

function blockOf(
  lines: readonly string[],
  from: number,
  grammar: Exclude<Grammar, "plain">,
): { block: Block; next: number } {
  const first = lines[from] ?? "";
  const heading = HEADING.exec(first);
  if (heading) {
    const level = (heading[1] ?? "").length;
    return { block: { kind: "heading", level, line: inline(heading[2] ?? "", grammar) }, next: from + 1 };
  }
  const kind = kindOf(first);
  let next = from + 1;
  while (next < lines.length && kindOf(lines[next] ?? "") === kind && !HEADING.test(lines[next] ?? "")) next += 1;
  const own = lines.slice(from, next);
  if (kind === "quote")
    return { block: { kind, lines: own.map((it) => inline(it.replace(/^> ?/u, ""), grammar)) }, next };
  if (kind === "lines") return { block: { kind, lines: own.map((it) => inline(it, grammar)) }, next };
  const items = own.map((it) => {
    const found = ITEM.exec(it);
    return { mark: kind === "numbers" ? `${found?.[2] ?? ""}.` : "•", line: inline(found?.[3] ?? "", grammar) };
  });
  return { block: { kind: "list", isNumbered: kind === "numbers", items }, next };
}

function kindOf(line: string): "quote" | "bullets" | "numbers" | "lines" {
  if (line.startsWith(">")) return "quote";
  const item = ITEM.exec(line);
  // A line that is bold as a whole begins with a star too.
  if (!item) return "lines";
  return item[2] === undefined ? "bullets" : "numbers";
}

/** Reads a text as a system shows it. */
export function readText(text: string, grammar: Grammar): Block[] {
  if (grammar === "plain")
    return [{ kind: "lines", lines: text.split("\n").map((it) => [{ kind: "text", text: it }]) }];
  const blocks: Block[] = [];
  // Whatever stands between fences is code; a fence that is not closed is none.
  const parts = text.split(/^```[^\n`]*\n([\s\S]*?)\n?```[ \t]*$/mu);
  parts.forEach((part, index) => {
    if (index % 2 === 1) {
      blocks.push({ kind: "code", text: part });
      return;
    }
    const lines = part
      .replace(index > 0 ? /^\n/u : /^$/u, "")
      .replace(index < parts.length - 1 ? /\n$/u : /$^/u, "")
      .split("\n");
    if (parts.length > 1 && lines.every((it) => it === "")) return;
    for (let at = 0; at < lines.length;) {
      const { block, next } = blockOf(lines, at, grammar);
      blocks.push(block);
      at = next;
    }
  });
  return blocks;
}

/** Whether a text has marks that a grammar gives a meaning. */
export function hasMarks(text: string, grammar: Grammar): boolean {
  const isMarked = (it: Inline): boolean => it.kind !== "text" && it.kind !== "link" && it.kind !== "mention";
  return readText(text, grammar).some((it) => it.kind !== "lines" || it.lines.some((line) => line.some(isMarked)));
}
