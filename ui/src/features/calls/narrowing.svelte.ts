/** What narrows the list of calls: the filters as a person sets them, and as the program takes them. */
import { everything } from "../../bridge/everything";
import type { CallDays } from "../../bridge/types/CallDays";
import type { CallFilter } from "../../bridge/types/CallFilter";
import type { CallView } from "../../bridge/types/CallView";
import type { CallerKind } from "../../bridge/types/CallerKind";
import type { Direction } from "../../bridge/types/Direction";
import type { Outcome } from "../../bridge/types/Outcome";
import { startOfDay } from "../../format/time";

/** From an instant to before another, as RFC 3339 texts; either end may be open. */
export interface Span {
  from: string | null;
  to: string | null;
}

/** Somebody by id, with the name to show. */
export interface Named {
  id: string;
  name: string;
}

/** What a view keeps. */
export type Kept = Pick<CallView, "days" | "filter">;

/** How many days before today each choice reaches back; `all` has no end. */
const back: Record<Exclude<CallDays, "all">, number> = { today: 0, week: 6, month: 29 };

/** The first instant of days that move with the calendar, as an RFC 3339 text. */
function since(days: CallDays, now: Date): string | null {
  return days === "all" ? null : startOfDay(now, back[days]).toISOString();
}

/** What a view finds now. */
export function filterOf({ days, filter }: Kept, now: Date): CallFilter {
  return days === null ? filter : { ...filter, from: since(days, now), to: null };
}

const isSame = (a: CallFilter, b: CallFilter): boolean =>
  (Object.keys(everything) as (keyof CallFilter)[]).every((it) => a[it] === b[it]);

/** Whether two views show the same. */
export function isSameView(a: Kept, b: Kept): boolean {
  return a.days === b.days && isSame(a.filter, b.filter);
}

export class Narrowing {
  search = $state("");
  connection = $state("");
  direction: Direction | "" = $state("");
  outcome: Outcome | "" = $state("");
  line = $state("");
  caller: CallerKind | "" = $state("");
  number = $state("");
  person: Named | null = $state.raw(null);
  customer: Named | null = $state.raw(null);
  days: CallDays = $state("all");
  /** Days that do not move with the calendar; they go before `days`. */
  span: Span | null = $state.raw(null);
  /** An hour or a day picked in the chart, which still shows what it was picked from. */
  pick: Span | null = $state.raw(null);

  /** Whether anything narrows the list. */
  get isOn(): boolean {
    return !isSameView(this.kept(), { days: "all", filter: everything });
  }

  /** The filter as the program takes it. */
  filter(now: Date): CallFilter {
    return filterOf(this.kept(), now);
  }

  /** The filter without its days. */
  anyDay(): CallFilter {
    return { ...this.kept().filter, from: null, to: null };
  }

  /** What a view of the present filters keeps. */
  kept(): Kept {
    const span = this.pick ?? this.span;
    return {
      days: span ? null : this.days,
      filter: {
        connection: this.connection || null,
        from: span?.from ?? null,
        to: span?.to ?? null,
        search: this.search.trim(),
        direction: this.direction || null,
        outcome: this.outcome || null,
        number: this.number || null,
        person: this.person?.id ?? null,
        line: this.line || null,
        customer: this.customer?.id ?? null,
        caller: this.caller || null,
      },
    };
  }

  /** Narrows to what a view keeps. `nameOf` knows the names of people and customers by their ids. */
  take({ days, filter }: Kept, nameOf: (id: string) => string): void {
    const named = (id: string | null): Named | null => (id === null ? null : { id, name: nameOf(id) });
    this.search = filter.search;
    this.connection = filter.connection ?? "";
    this.direction = filter.direction ?? "";
    this.outcome = filter.outcome ?? "";
    this.line = filter.line ?? "";
    this.caller = filter.caller ?? "";
    this.number = filter.number ?? "";
    this.person = named(filter.person);
    this.customer = named(filter.customer);
    this.days = days ?? "all";
    this.span = days === null ? { from: filter.from, to: filter.to } : null;
    this.pick = null;
  }

  /** Days that move with the calendar, in place of all others. */
  choose(days: CallDays): void {
    this.days = days;
    this.span = null;
    this.pick = null;
  }

  /** Days that do not move, in place of all others. */
  chooseSpan(span: Span): void {
    this.span = span;
    this.pick = null;
  }

  /** Narrows to an hour or a day of the chart; picked again, it shows again what it was picked from. */
  togglePick(span: Span): void {
    this.pick = this.pick?.from === span.from && this.pick.to === span.to ? null : span;
  }

  /** Shows everything again. */
  clear(): void {
    this.take({ days: "all", filter: everything }, () => "");
  }
}
