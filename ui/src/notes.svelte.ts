/** The note of a call while somebody writes it: kept as a draft for as long as the program runs, saved once at a time. */
import { callNote } from "./bridge/commands";
import { problemOf } from "./bridge/problem";
import type { Conflict } from "./bridge/types/Conflict";
import type { Problem } from "./bridge/types/Problem";
import type { Raw } from "./bridge/types/Raw";

/** The most characters of a note. */
export const LONGEST = 10_000;
/** From here on it is said how many there are. */
export const NEAR_END = 9_000;

/** A text of a record as a person reads it; anything that is not a text stays as it came. */
export function plain(raw: Raw): string {
  try {
    const value: unknown = JSON.parse(raw);
    return typeof value === "string" ? value : raw;
  } catch {
    return raw;
  }
}

export class NoteDraft {
  /** Whether it is being written. */
  isOpen = $state(false);
  /** What is written. */
  text = $state("");
  /** Whether an answer is awaited. */
  isSaving = $state(false);
  /** Why it is not saved. */
  problem: Problem | null = $state.raw(null);
  /** Somebody else wrote there meanwhile. */
  conflict: Conflict | null = $state.raw(null);
  #id: string;
  /** The note as it was when writing began, and the record that the person looked at. */
  #former = $state("");
  #seen: Raw | null = null;
  #isBegun = false;

  constructor(id: string) {
    this.#id = id;
  }

  /** Whether something is written that is not saved. */
  get isKept(): boolean {
    return this.text !== this.#former || this.problem !== null || this.conflict !== null;
  }

  /** Characters, as the program counts them. */
  get length(): number {
    return [...this.text].length;
  }

  get isTooLong(): boolean {
    return this.length > LONGEST;
  }

  /** Begins to write, or goes on with what was written before. */
  open(note: string | null, seen: Raw | null): void {
    if (!this.#isBegun || !this.isKept) this.#begin(note ?? "", note ?? "", seen);
    this.isOpen = true;
  }

  /** Stops writing; what was written is kept. */
  leave(): void {
    this.isOpen = false;
  }

  /** Gives up what was written, and takes what stands there. */
  drop(): void {
    this.#isBegun = false;
    this.isOpen = false;
    this.problem = null;
    this.conflict = null;
    this.text = this.#former;
  }

  /** Writes it once; the former text, where it is done. A second press while an answer is awaited does nothing. */
  async save(): Promise<{ former: string } | null> {
    if (this.isSaving || this.isTooLong) return null;
    const text = this.text.trim();
    this.isSaving = true;
    this.problem = null;
    try {
      const noted = await callNote(this.#id, text, this.#seen);
      if ("conflict" in noted) {
        this.conflict = noted.conflict;
        this.isOpen = true;
        return null;
      }
      const former = this.#former;
      this.#former = text;
      this.drop();
      return { former };
    } catch (thrown) {
      this.problem = problemOf(thrown);
      this.isOpen = true;
      return null;
    } finally {
      this.isSaving = false;
    }
  }

  /** Writes one's own text over what somebody else wrote meanwhile. */
  async overwrite(): Promise<{ former: string } | null> {
    if (!this.conflict || this.isSaving) return null;
    // What is replaced now is what stands there now; that is what undo brings back.
    const [field] = this.conflict.fields;
    if (field) this.#former = plain(field.now);
    this.#seen = this.conflict.now;
    this.conflict = null;
    return await this.save();
  }

  /** Puts a former text back, over the one that was just saved: done, not begun since it is being written, or not done. */
  async restore(former: string, saved: string): Promise<"done" | "being_written" | "failed"> {
    // What is being written by now goes before.
    if (this.isOpen || this.isSaving || this.isKept) return "being_written";
    this.#begin(former, saved, null);
    return (await this.save()) ? "done" : "failed";
  }

  #begin(text: string, former: string, seen: Raw | null): void {
    this.#isBegun = true;
    this.text = text;
    this.#former = former;
    this.#seen = seen;
    this.problem = null;
    this.conflict = null;
  }
}

/** The notes of all calls that were written at since the program began. */
export class NoteDrafts {
  #drafts = new Map<string, NoteDraft>();

  /** The note of a call. */
  of(id: string): NoteDraft {
    const known = this.#drafts.get(id);
    if (known) return known;
    const made = new NoteDraft(id);
    this.#drafts.set(id, made);
    return made;
  }
}
