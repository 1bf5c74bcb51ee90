/** The jump field: what is typed, what it finds, and which line is chosen. */
import { find, queryOf, type Found, type Section } from "./find";
import type { KeyAction } from "../../parts/keys";

/** Lines that were chosen last, kept while the program runs and nowhere else. */
const MOST_RECENT = 5;
let recent: Found[] = [];

export class Palette {
  typed = $state("");
  sections: Section[] = $state.raw([]);
  /** The place of the chosen line among all. */
  at = $state(0);
  readonly lines: Found[] = $derived(this.sections.flatMap((it) => it.lines));
  readonly chosen: Found | undefined = $derived(this.lines[this.at]);
  readonly total = $derived(this.sections.reduce((sum, it) => sum + it.total, 0));
  #actions: readonly KeyAction[];
  #asked = 0;
  /** The text that the lines are of. */
  #of: string | null = null;

  /** `actions` are the keys that do something now. */
  constructor(actions: readonly KeyAction[]) {
    this.#actions = actions;
  }

  /** Finds what the text asks for; the former lines stay until then, and an answer that was overtaken is dropped. */
  async read(now: Date): Promise<void> {
    const ask = (this.#asked += 1);
    const { typed } = this;
    const query = queryOf(typed);
    const found = await find(query, this.#actions, now);
    if (ask !== this.#asked) return;
    const last: Section = { kind: "recent", lines: recent, total: recent.length };
    this.sections = query.text === "" && query.only === "everything" && recent.length > 0 ? [last, ...found] : found;
    this.at = 0;
    this.#of = typed;
  }

  /** The chosen line of the text as it stands now: who types quickly and presses Enter means that, not the line of a moment ago. */
  async meant(now: Date): Promise<Found | undefined> {
    if (this.#of !== this.typed) await this.read(now);
    return this.#of === this.typed ? this.chosen : undefined;
  }

  /** The next line or the one before, round the ends. */
  move(by: number): void {
    const { length } = this.lines;
    if (length > 0) this.at = (this.at + by + length) % length;
  }

  /** Does what a line says; what can be done is not kept among the last ones, it stands there anyway. */
  async take(line: Found): Promise<void> {
    if (line.kind !== "do") {
      const kept = { ...line, kind: "recent" as const, id: line.id };
      recent = [kept, ...recent.filter((it) => it.id !== line.id)].slice(0, MOST_RECENT);
    }
    await line.run();
  }
}

/** Forgets what was chosen. */
export function forgetRecent(): void {
  recent = [];
}
