/** The keys of the rooms. */
import { m } from "../../i18n";
import type { KeyAction } from "../../parts/keys";
import type { View } from "./calendar";

/** What the keys do. */
export interface RoomActions {
  /** Shows what comes so many steps later, or before when negative. */
  step: (by: number) => void;
  look: (view: View) => void;
  free: () => void;
  today: () => void;
  link: () => void;
  message: () => void;
  copyNumber: () => void;
  ask: () => void;
  find: () => void;
  table: () => void;
  /** Makes half hours wider, or narrower when negative. */
  zoom: (by: number) => void;
  wall: () => void;
  report: () => void;
  print: () => void;
  read: () => void;
  close: () => void;
}

/** What stands in place of the rooms: nothing, a report, or one room by week or by month. */
export type Instead = null | "report" | "own week" | "own month";

/** From booking to booking, which the grid itself does. */
const bookings = (): KeyAction => ({
  combos: ["Ctrl+ArrowLeft", "Ctrl+ArrowRight"],
  label: m.rooms_key_bookings(),
  isQuiet: true,
});

/** The keys of a report or of one room alone. */
function keysInstead(instead: "report" | "own week" | "own month", run: RoomActions): KeyAction[] {
  const moves: KeyAction[] = [
    { combos: ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"], label: m.rooms_key_own() },
    { combos: ["Enter"], label: m.rooms_key_open_day() },
  ];
  return [
    ...(instead === "report" ? [] : [...moves, bookings()]),
    {
      combos: ["PageUp", "PageDown"],
      label: instead === "own week" ? m.rooms_key_week() : m.rooms_key_month(),
      run: (event) => run.step(event.key === "PageUp" ? -1 : 1),
    },
    { combos: ["F5"], label: m.rooms_key_refresh(), run: run.read },
    {
      combos: ["Escape"],
      label: instead === "report" ? m.rooms_report_back() : m.rooms_own_back(),
      run: run.close,
      inText: true,
    },
    { combos: ["U"], label: m.rooms_report(), run: run.report, isQuiet: true },
  ];
}

/** The keys of a view, those first that its status bar shows. */
export function roomKeys(view: View, instead: Instead, run: RoomActions): KeyAction[] {
  if (instead !== null) return keysInstead(instead, run);
  const isDay = view === "day";
  const views: Record<string, View> = { d: "day", w: "week", g: "month" };
  return [
    {
      combos: ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"],
      label: isDay ? m.rooms_key_move() : m.rooms_key_days(),
    },
    { combos: ["Enter"], label: isDay ? m.rooms_key_open() : m.rooms_key_open_day() },
    {
      combos: ["PageUp", "PageDown"],
      label: { day: m.rooms_key_day, week: m.rooms_key_week, month: m.rooms_key_month }[view](),
      run: (event) => run.step(event.key === "PageUp" ? -1 : 1),
    },
    {
      combos: ["D", "W", "G"],
      label: m.rooms_key_views(),
      run: (event) => run.look(views[event.key.toLowerCase()] ?? "day"),
    },
    { combos: ["F"], label: m.rooms_key_free(), run: run.free },
    { combos: ["."], label: m.rooms_key_now(), run: run.today },
    ...(isDay ? [bookings()] : []),
    { combos: ["L"], label: m.rooms_key_link(), run: run.link, isQuiet: true },
    { combos: ["M"], label: m.rooms_key_message(), run: run.message, isQuiet: true },
    { combos: ["C"], label: m.rooms_key_copy(), run: run.copyNumber, isQuiet: true },
    { combos: ["R"], label: m.rooms_key_ask(), run: run.ask, isQuiet: true },
    { combos: ["/"], label: m.rooms_key_find(), run: run.find, isQuiet: true },
    { combos: ["Ctrl+Shift+T"], label: m.rooms_key_table(), run: run.table, isQuiet: true },
    {
      combos: ["]", "["],
      label: m.rooms_key_zoom(),
      run: (event) => run.zoom(event.key === "]" ? 1 : -1),
      isQuiet: true,
    },
    { combos: ["Shift+W"], label: m.rooms_wall(), run: run.wall, isQuiet: true },
    { combos: ["U"], label: m.rooms_report(), run: run.report, isQuiet: true },
    { combos: ["Ctrl+P"], label: m.rooms_print(), run: run.print, isQuiet: true },
    { combos: ["F5"], label: m.rooms_key_refresh(), run: run.read, isQuiet: true },
    { combos: ["Escape"], label: m.rooms_key_close(), run: run.close, inText: true, isQuiet: true },
  ];
}
