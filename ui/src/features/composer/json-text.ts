/** JSON that keeps what it was written as: numbers of any length, unknown keys and their order; and the line of what is wrong. */

/** A value with the line that it begins in, from 1. */
export type Json =
  | { kind: "object"; line: number; members: [string, Json][] }
  | { kind: "array"; line: number; items: Json[] }
  | { kind: "scalar"; line: number; raw: string };

/** Where a text stops being JSON: the line, and the sign that does not fit; empty for the end. */
export class NotJson extends Error {
  constructor(
    readonly line: number,
    readonly sign: string,
  ) {
    super(`line ${line}`);
  }
}

const SCALAR =
  /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|"(?:[ !#-[\]-\u{10ffff}]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/uy;
/** Deeper than this nobody means it. */
const DEEPEST = 64;

class Reader {
  #at = 0;
  constructor(readonly text: string) {}

  whole(): Json {
    const value = this.#value(0);
    this.#skip();
    if (this.#at < this.text.length) throw this.#wrong();
    return value;
  }

  #value(depth: number): Json {
    this.#skip();
    const line = this.#line();
    if (depth > DEEPEST) throw this.#wrong();
    if (this.#takes("{")) return { kind: "object", line, members: this.#list("}", () => this.#member(depth)) };
    if (this.#takes("[")) return { kind: "array", line, items: this.#list("]", () => this.#value(depth + 1)) };
    return { kind: "scalar", line, raw: this.#scalar() };
  }

  #list<T>(end: string, read: () => T): T[] {
    const items: T[] = [];
    this.#skip();
    if (this.#takes(end)) return items;
    for (;;) {
      items.push(read());
      this.#skip();
      if (this.#takes(end)) return items;
      if (!this.#takes(",")) throw this.#wrong();
    }
  }

  #member(depth: number): [string, Json] {
    this.#skip();
    if (this.text[this.#at] !== '"') throw this.#wrong();
    const key = JSON.parse(this.#scalar()) as string;
    this.#skip();
    if (!this.#takes(":")) throw this.#wrong();
    return [key, this.#value(depth + 1)];
  }

  #scalar(): string {
    SCALAR.lastIndex = this.#at;
    const found = SCALAR.exec(this.text)?.[0];
    if (found === undefined) throw this.#wrong();
    this.#at += found.length;
    return found;
  }

  #takes(sign: string): boolean {
    if (this.text[this.#at] !== sign) return false;
    this.#at += 1;
    return true;
  }

  #skip(): void {
    while (/[ \t\r\n\uFEFF]/.test(this.text[this.#at] ?? "x")) this.#at += 1;
  }

  #line(): number {
    return this.text.slice(0, this.#at).split("\n").length;
  }

  #wrong(): NotJson {
    const sign = this.text.codePointAt(this.#at);
    return new NotJson(this.#line(), sign === undefined ? "" : String.fromCodePoint(sign));
  }
}

/** Reads a text; throws `NotJson` where it is none. */
export const readJson = (text: string): Json => new Reader(text).whole();

/** Writes a value, each entry on a line of its own, scalars as they were. */
export function writeJson(value: Json, indent = ""): string {
  const inner = `${indent}  `;
  if (value.kind === "scalar") return value.raw;
  const [open, close] = value.kind === "object" ? ["{", "}"] : ["[", "]"];
  const entries =
    value.kind === "object"
      ? value.members.map(([key, it]) => `${JSON.stringify(key)}: ${writeJson(it, inner)}`)
      : value.items.map((it) => writeJson(it, inner));
  if (entries.length === 0) return open + close;
  return `${open}\n${entries.map((it) => inner + it).join(",\n")}\n${indent}${close}`;
}

/** A text, a number or a truth value as JSON. */
export const scalar = (value: string | number | boolean): Json => ({
  kind: "scalar",
  line: 0,
  raw: JSON.stringify(value),
});

/** The text of a value that is one; a number as it is written. */
export function textOf(value: Json | undefined): string {
  if (value?.kind !== "scalar") return "";
  if (value.raw.startsWith('"')) return JSON.parse(value.raw) as string;
  return /^[-\d]/.test(value.raw) ? value.raw : "";
}

/** A member of an object; the last one where a key stands there twice, as readers of JSON take it. */
export const member = (value: Json, key: string): Json | undefined =>
  value.kind === "object" ? value.members.findLast(([name]) => name === key)?.[1] : undefined;

/** The object with a member changed where it stands, added at the end, or taken out for `null`. */
export function withMember(value: Json, key: string, to: Json | null): Json {
  if (value.kind !== "object") return value;
  if (to === null) return { ...value, members: value.members.filter(([name]) => name !== key) };
  const at = value.members.findLastIndex(([name]) => name === key);
  const members: [string, Json][] = at === -1 ? [...value.members, [key, to]] : value.members.with(at, [key, to]);
  return { ...value, members };
}
