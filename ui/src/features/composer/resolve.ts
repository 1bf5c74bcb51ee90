/** Recipients out of typed or pasted words: who is meant where a system's own list knows it, what is taken as it is, and what is not. */
import type { Destination } from "../../bridge/types/Destination";
import type { DestinationKind } from "../../bridge/types/DestinationKind";
import { keyOf, type Reason, type Target } from "./draft";

/** Where is looked, and what is taken as it is. */
export interface Search {
  /** Connections in the order in which they are asked; the first one that knows somebody is taken. */
  connections: readonly string[];
  /** The connection of addresses that no list knows. */
  fallback: string;
  kinds: readonly DestinationKind[];
  /** Finds what holds these words at a connection. */
  find: (connection: string, words: string) => Promise<Destination[]>;
}

/** What became of words. */
export interface Resolved {
  targets: Target[];
  /** Words that mean several people or rooms of one system. */
  ambiguous: string[];
  /** Words that no list knows and that are no address. */
  missed: string[];
}

/** Words out of a text, separated by anything that cannot be part of a name: line ends, tabs, commas, semicolons. */
export function wordsIn(text: string): string[] {
  return text
    .split(/[\r\n\t,;、；，]+/u)
    .flatMap((it) => {
      const inBrackets = /<([^<>\s]+@[^<>\s]+)>/.exec(it)?.[1];
      if (inBrackets) return [inBrackets];
      const parts = it.trim().split(/\s+/u);
      return parts.every((part) => part.includes("@")) ? parts : [parts.join(" ")];
    })
    .map((it) => it.replace(/^["'(<]+|["')>]+$/gu, "").trim())
    .filter((it) => it !== "");
}

const isAddress = (words: string): boolean => /^[^\s@]+@[^\s@]+$/u.test(words);
const bare = (words: string): string => words.replace(/^[#@]/u, "").toLowerCase();

/** A destination of a list as a recipient. */
export const targetOf = (connection: string, it: Destination, reason: Reason): Target => ({
  connection,
  kind: it.kind,
  address: it.address,
  name: it.name || it.address,
  isKnown: true,
  reason,
  members: it.members,
});

type Found = { target: Target } | "several" | "none";

async function known(words: string, search: Search, reason: Reason): Promise<Found> {
  let found: Found = "none";
  for (const connection of search.connections) {
    const all = await search.find(connection, words.replace(/^[#@]/u, "")).catch(() => []);
    const fits = all.filter(
      (it) =>
        search.kinds.includes(it.kind) &&
        [it.address, it.name, it.kind === "person" ? it.detail : ""].some((own) => own.toLowerCase() === bare(words)),
    );
    const [only] = fits;
    if (only && fits.length === 1) return { target: targetOf(connection, only, reason) };
    if (fits.length > 1) found = "several";
  }
  return found;
}

/** Finds out whom words mean. `takesAnything`: also what no list knows and is no address. */
export async function resolve(
  words: readonly string[],
  search: Search,
  reason: Reason,
  takesAnything: boolean,
): Promise<Resolved> {
  const result: Resolved = { targets: [], ambiguous: [], missed: [] };
  const seen = new Set<string>();
  const take = (target: Target): void => {
    if (seen.has(keyOf(target))) return;
    seen.add(keyOf(target));
    result.targets.push(target);
  };
  const unchecked = (address: string): Target => ({
    connection: search.fallback,
    kind: search.kinds.includes("person") ? "person" : "room",
    address,
    name: address,
    isKnown: false,
    reason,
  });
  const all = await Promise.all(words.map((it) => known(it, search, reason)));
  for (const [index, found] of all.entries()) {
    const it = words[index] ?? "";
    if (typeof found === "object") take(found.target);
    else if (isAddress(it) || takesAnything) take(unchecked(it));
    else if (found === "several") result.ambiguous.push(it);
    else result.missed.push(it);
  }
  return result;
}
