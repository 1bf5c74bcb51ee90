/** What the list of calls asks besides its blocks: counts, figures over time, places, lines and kept views. */
import { everything } from "../everything";
import type { CallFilter } from "../types/CallFilter";
import type { CallView } from "../types/CallView";
import type { CallVolume } from "../types/CallVolume";
import { search } from "./calls";
import { mode, problem } from "./switches";

type Args = Record<string, unknown>;

let views: CallView[] = [
  { id: "view-overseas", name: "海外", days: "week", filter: { ...everything, line: "海外" } },
  { id: "view-mine", name: "自分の通話", days: "today", filter: { ...everything, person: "ring-1/佐藤 美咲" } },
];

/** What cannot be read while the store is broken. */
function readable(): void {
  if (mode === "broken") throw problem("refused", "store_broken", "disk I/O error");
}

function volume(filter: CallFilter, edges: string[]): CallVolume[] {
  const spans = edges.slice(1).map((): CallVolume => ({ calls: 0, answered: 0, missed: 0 }));
  const [first, last] = [edges[0], edges.at(-1)];
  if (first === undefined || last === undefined) return [];
  const from = filter.from !== null && filter.from > first ? filter.from : first;
  const to = filter.to !== null && filter.to < last ? filter.to : last;
  for (const call of search({ ...filter, from, to })) {
    const began = call.started_at ?? "";
    const at = edges.findIndex((it, index) => it <= began && began < (edges[index + 1] ?? ""));
    const span = spans[at];
    if (!span) continue;
    span.calls += 1;
    if (call.outcome === "answered") span.answered += 1;
    if (call.outcome === "missed") span.missed += 1;
  }
  return spans;
}

export const commands: Record<string, (args: Args) => unknown> = {
  calls_count: (args) => {
    readable();
    return (args["filters"] as CallFilter[]).map((it) => search(it).length);
  },
  calls_volume: (args) => {
    readable();
    return volume(args["filter"] as CallFilter, args["edges"] as string[]);
  },
  call_place: (args) => {
    readable();
    const asked = args["id"] as string;
    const found = search(args["filter"] as CallFilter);
    const row = found.findIndex((it) => it.id === asked || it.same.some((other) => other.id === asked));
    const id = found[row]?.id;
    return id === undefined ? null : { row, id };
  },
  call_lines: () => {
    readable();
    return mode === "empty" ? [] : ["代表", "営業", "サポート", "経理", "海外", "大阪"];
  },
  call_views: () => views,
  call_view_save: (args) => {
    const view = args["view"] as CallView;
    const isKept = views.some((it) => it.id === view.id);
    views = isKept ? views.map((it) => (it.id === view.id ? view : it)) : [...views, view];
    return views;
  },
  call_view_remove: (args) => {
    views = views.filter((it) => it.id !== args["id"]);
    return views;
  },
};
