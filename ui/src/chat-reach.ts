/** Where a message reaches a person, and the way into the composer. */
import { destinationsFind } from "./bridge/commands";
import type { ConnectionView } from "./bridge/types/ConnectionView";
import type { Destination } from "./bridge/types/Destination";
import type { LinkedPerson } from "./bridge/types/LinkedPerson";
import type { Asked } from "./composing.svelte";
import { live } from "./live.svelte";

/** Everything by which a system may know a person, the surest first. */
function words(person: LinkedPerson, connection: string): string[] {
  const identity = person.identities.find((it) => it.connection === connection);
  const all = [identity?.external_id, identity?.username, identity?.email, person.email];
  return all.filter((it): it is string => typeof it === "string" && it !== "");
}

/** Those that know the person and also carry their calls first, then others that know them, then those that take any address. */
function inOrder(
  person: LinkedPerson,
  chats: readonly ConnectionView[],
  phones: ReadonlySet<string>,
): ConnectionView[] {
  const rank = (it: ConnectionView): number => {
    const identity = person.identities.find((one) => one.connection === it.id);
    return identity?.is_active === true ? (phones.has(it.id) ? 0 : 1) : 2;
  };
  return chats.toSorted((a, b) => rank(a) - rank(b));
}

const isSame = (it: Destination, word: string): boolean =>
  it.kind === "person" && [it.address, it.detail].some((own) => own.toLowerCase() === word.toLowerCase());

/**
 * The first system whose list has this person; else one that keeps no list, by the address. `null` where nobody could be reached.
 * `lists` names the connections that keep a list of people.
 */
export async function reach(
  person: LinkedPerson,
  chats: readonly ConnectionView[],
  phones: ReadonlySet<string>,
  lists: ReadonlySet<string>,
): Promise<Asked | null> {
  for (const { id } of inOrder(person, chats, phones)) {
    for (const word of words(person, id)) {
      const found = (await destinationsFind(id, word).catch(() => [])).find((it) => isSame(it, word));
      if (found) return { connection: id, address: found.address, name: person.name, isKnown: true };
    }
  }
  const open = chats.find((it) => !lists.has(it.id));
  if (!open || person.email === null) return null;
  return { connection: open.id, address: person.email, name: person.name, isKnown: false };
}

/** How a connected system reaches a person; `null` where none does. */
export function reachNow(person: LinkedPerson): Promise<Asked | null> {
  const ids = (ability: "calls" | "people"): Set<string> => new Set(live.able(ability).map((it) => it.id));
  return reach(person, live.able("chat"), ids("calls"), ids("people"));
}
