/** The cells of a call that are nothing but words. */
import type { Call } from "../../bridge/types/Call";
import { callerNumber, colleagues, length, lineName } from "../../call-words";
import { contentLang } from "../../format/content";
import type { Words } from "../../parts/columns";

/** What stands in a cell; `undefined` where there is more to it than words. */
export function plain(call: Call, column: string): Words | undefined {
  switch (column) {
    case "number":
      return { text: callerNumber(call), class: "num select-text" };
    case "line":
      return ofPeople(lineName(call) ?? "–", "ink2", lineName(call));
    case "spoke":
      return call.outcome === "ringing" ? undefined : spoke(call);
    case "length":
      return { text: length(call), class: "num" };
    case "note":
      return ofPeople(call.note ?? "", "ink2", call.note);
    default:
      return undefined;
  }
}

function spoke(call: Call): Words {
  const { names, isSpoken } = colleagues(call);
  const all = names.join(" ");
  return names.length === 0 ? { text: "–", class: "ink3" } : ofPeople(all, isSpoken ? "" : "ink3", all);
}

const ofPeople = (text: string, name: string, title: string | null): Words => ({
  text,
  class: name,
  title: title ?? undefined,
  lang: contentLang(text),
});
