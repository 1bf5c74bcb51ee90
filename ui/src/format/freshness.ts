/** How fresh a connection's data is, in a shape and words. */
import { language, m } from "../i18n";
import { clock, isSameDay, shortDay } from "./time";

/** What is needed of a connection to say how fresh it is. */
export interface Aged {
  state: "new" | "reading" | "ok" | "live" | "limited" | "offline" | "signed_out" | "troubled";
  last_ok_at: string | null;
}

/** A shape, a short word for narrow places and a whole one. */
export interface Fresh {
  shape: "live" | "read" | "late" | "off" | "none";
  short: string;
  long: string;
}

/** What the freshness chip of a connection shows. */
export function freshness(it: Aged, now: Date): Fresh {
  const at = it.last_ok_at === null ? null : when(it.last_ok_at, now);
  switch (it.state) {
    case "live":
      return { shape: "live", short: m.fresh_live(), long: m.fresh_live() };
    case "reading":
      return { shape: "read", short: at ?? m.fresh_reading(), long: m.fresh_reading() };
    case "ok":
      return at === null
        ? { shape: "read", short: m.fresh_connected(), long: m.fresh_connected() }
        : { shape: "read", short: at, long: m.fresh_as_of({ time: at }) };
    case "limited":
      return at === null
        ? { shape: "late", short: m.fresh_limited(), long: m.fresh_limited() }
        : { shape: "late", short: at, long: m.fresh_slowed({ time: at }) };
    case "offline":
      return at === null
        ? { shape: "off", short: m.fresh_offline(), long: m.fresh_offline() }
        : { shape: "off", short: at, long: m.fresh_offline_since({ time: at }) };
    case "signed_out":
      return { shape: "off", short: m.fresh_signed_out(), long: m.fresh_signed_out() };
    case "troubled":
      return at === null
        ? { shape: "late", short: m.fresh_troubled(), long: m.fresh_troubled() }
        : { shape: "late", short: at, long: m.fresh_troubled_since({ time: at }) };
    case "new":
      return { shape: "none", short: m.fresh_new(), long: m.fresh_new() };
    default:
      return it.state satisfies never;
  }
}

function when(iso: string, now: Date): string {
  const at = new Date(iso);
  return isSameDay(at, now) ? clock(iso) : shortDay(iso, now, language.current);
}
