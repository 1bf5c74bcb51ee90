/** The keys of the view, by what is shown. */
import { m } from "../../i18n";
import type { KeyAction } from "../../parts/keys";
import type { PersonActions } from "./actions.svelte";
import type { Health } from "./health.svelte";

/** What the view shows. */
export type Tab = "people" | "customers" | "health";

/** What the view itself does. */
interface Does {
  search: () => void;
  refresh: () => void;
  /** Brings a table of customers in. */
  bringIn: () => void;
  /** Writes the customers to a file. */
  writeOut: () => void;
  leave: () => void;
}

function ofPeople(actions: PersonActions): KeyAction[] {
  return [
    { combos: ["M"], label: m.people_message(), run: () => void actions.message() },
    { combos: ["C"], label: m.people_key_copy(), run: () => void actions.copy() },
    { combos: ["L"], label: m.people_key_links(), run: () => actions.openLinks() },
    { combos: ["X"], label: m.people_key_not_same(), run: () => void actions.takeApart() },
  ];
}

function ofHealth(health: Health): KeyAction[] {
  const choose: KeyAction = { combos: ["Space"], label: m.people_key_choose() };
  if (health.list !== "maybe")
    return [choose, { combos: ["E"], label: m.people_put_aside(), run: () => void health.putAside() }];
  return [
    choose,
    { combos: ["L"], label: m.people_link(), run: () => void health.link() },
    { combos: ["X"], label: m.people_key_not_same(), run: () => void health.separate() },
  ];
}

function ofCustomers(does: Does): KeyAction[] {
  return [
    { combos: ["Ctrl+O"], label: m.customers_import(), run: does.bringIn },
    { combos: ["Ctrl+E"], label: m.customers_export(), run: does.writeOut },
  ];
}

/** The keys, for the status bar and the sheet of shortcuts. */
export function keysOf(tab: Tab, actions: PersonActions, health: Health, does: Does): KeyAction[] {
  return [
    { combos: ["ArrowUp", "ArrowDown"], label: m.frame_move() },
    { combos: ["Enter"], label: m.frame_open(), isQuiet: true },
    ...(tab === "people" ? ofPeople(actions) : tab === "health" ? ofHealth(health) : ofCustomers(does)),
    ...(tab === "health" ? [] : [{ combos: ["/"], label: m.frame_search_here(), run: does.search }]),
    { combos: ["F5"], label: m.refresh(), inText: true, isQuiet: true, run: does.refresh },
    { combos: ["Escape"], label: m.frame_close_pane(), inText: true, isQuiet: true, run: does.leave },
  ];
}
