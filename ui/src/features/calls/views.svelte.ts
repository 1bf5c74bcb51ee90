/** The views of the list: those of the program, those that a person keeps, how many calls each finds, and the lines to choose from. */
import { everything } from "../../bridge/everything";
import { callLines, callsCount, callViewRemove, callViews, callViewSave } from "../../bridge/commands";
import type { CallView } from "../../bridge/types/CallView";
import { m } from "../../i18n";
import { filterOf, isSameView, type Kept, type Narrowing } from "./narrowing.svelte";

/** The views of the program: everything, and of the last days what was missed and who is in no address book. */
const builtIn: readonly CallView[] = [
  { id: "all", name: "", days: "all", filter: everything },
  { id: "missed", name: "", days: "week", filter: { ...everything, outcome: "missed" } },
  { id: "unknown", name: "", days: "week", filter: { ...everything, caller: "unknown" } },
];

export class Views {
  /** Those that the person keeps. */
  own: CallView[] = $state.raw([]);
  /** The one chosen last. */
  chosen = $state("all");
  /** How many calls each finds, by id; empty until counted. */
  counts: ReadonlyMap<string, number> = $state.raw(new Map());
  /** How many calls began today. */
  today: number | null = $state(null);
  /** Every line that calls came in on. */
  lines: string[] = $state.raw([]);
  #generation = 0;

  /** All of them in the order of their tabs. */
  get all(): readonly CallView[] {
    return [...builtIn, ...this.own];
  }

  /** The name on a tab. */
  nameOf(view: CallView): string {
    switch (view.id) {
      case "all":
        return m.calls_view_all();
      case "missed":
        return m.calls_view_missed();
      case "unknown":
        return m.calls_view_unknown();
      default:
        return view.name;
    }
  }

  /** Whether the person made it. */
  isOwn(view: CallView): boolean {
    return this.own.some((it) => it.id === view.id);
  }

  /** The view that shows exactly what these filters show: the chosen one where several do. */
  shownBy(kept: Kept): CallView | undefined {
    const same = this.all.filter((it) => isSameView(it, kept));
    return same.find((it) => it.id === this.chosen) ?? same[0];
  }

  /** The person's view that was chosen and then changed. */
  changedBy(kept: Kept): CallView | undefined {
    const view = this.own.find((it) => it.id === this.chosen);
    return view && !isSameView(view, kept) ? view : undefined;
  }

  /** Reads those that the person keeps. */
  async read(): Promise<void> {
    try {
      this.own = await callViews();
    } catch {
      // The list itself says what is wrong; the program's views are always there.
    }
  }

  /** Reads the lines anew. */
  async readLines(): Promise<void> {
    try {
      this.lines = await callLines();
    } catch {
      // The list itself says what is wrong; the filter offers the line that is chosen.
      this.lines = [];
    }
  }

  /** Counts what every view finds now. Without an answer the tabs have no figures. */
  async count(now: Date): Promise<void> {
    const generation = (this.#generation += 1);
    const views = this.all;
    const today = filterOf({ days: "today", filter: everything }, now);
    try {
      const counts = await callsCount([today, ...views.map((it) => filterOf(it, now))]);
      if (generation !== this.#generation) return;
      this.today = counts[0] ?? null;
      this.counts = new Map(views.map((it, index) => [it.id, counts[index + 1] ?? 0]));
    } catch {
      if (generation !== this.#generation) return;
      this.today = null;
      this.counts = new Map();
    }
  }

  /** Keeps the present filters under a name, in place of `old` where there is one. Rejects where they cannot be kept. */
  async save(name: string, narrowing: Narrowing, old?: CallView): Promise<void> {
    const view = { id: old?.id ?? crypto.randomUUID(), name, ...narrowing.kept() };
    this.own = await callViewSave(view);
    this.chosen = view.id;
  }

  /** Another name. Rejects where it cannot be kept. */
  async rename(view: CallView, name: string): Promise<void> {
    this.own = await callViewSave({ ...view, name });
  }

  /** Takes a view away; what comes back puts it back. */
  async remove(view: CallView): Promise<() => Promise<void>> {
    this.own = await callViewRemove(view.id);
    if (this.chosen === view.id) this.chosen = "all";
    return async () => {
      this.own = await callViewSave(view);
    };
  }
}
