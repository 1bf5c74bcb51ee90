/** What a person says of people, each with its way back. */
import { peopleLink, peoplePutAside, peoplePutBack, peopleSeparate } from "../../bridge/commands";
import { problemOf } from "../../bridge/problem";
import type { HealthList } from "../../bridge/types/HealthList";
import type { LinkedPerson } from "../../bridge/types/LinkedPerson";
import type { PersonPair } from "../../bridge/types/PersonPair";
import type { PersonSaid } from "../../bridge/types/PersonSaid";
import type { Problem } from "../../bridge/types/Problem";
import { m } from "../../i18n";
import { toasts } from "../../parts/toast.svelte";

/** The first two identities by which two people can be linked: of two systems; `null` where there are none. */
export function pairOf(one: LinkedPerson, other: LinkedPerson): PersonPair | null {
  for (const a of one.identities)
    for (const b of other.identities) if (a.connection !== b.connection) return { one: a.id, other: b.id };
  return null;
}

/** Whether some system lists both, so that they cannot be one person as they are. */
export const isInOneDirectory = (one: LinkedPerson, other: LinkedPerson): boolean =>
  one.identities.some((a) => other.identities.some((b) => a.connection === b.connection));

async function say(
  what: (pairs: PersonPair[]) => Promise<PersonSaid[]>,
  pairs: PersonPair[],
  text: string,
): Promise<Problem | null> {
  try {
    const before = await what(pairs);
    const back = async (): Promise<void> => {
      try {
        await peoplePutBack(before);
      } catch {
        toasts.notUndone(m.people_not_undone());
      }
    };
    toasts.done(text, { label: m.frame_undo(), run: () => void back() });
    return null;
  } catch (thrown) {
    return problemOf(thrown);
  }
}

/** Links pairs; why that could not be done. */
export function link(pairs: PersonPair[], names?: { one: string; other: string }): Promise<Problem | null> {
  return say(
    peopleLink,
    pairs,
    names ? m.people_done_linked_names(names) : m.people_done_linked({ count: pairs.length }),
  );
}

/** Says that pairs are two people each; why that could not be kept. */
export function separate(pairs: PersonPair[], name?: string): Promise<Problem | null> {
  const text = name === undefined ? m.people_done_apart({ count: pairs.length }) : m.people_done_apart_names({ name });
  return say(peopleSeparate, pairs, text);
}

/** Puts people aside from a health list, or lists them again. */
export async function putAside(ids: string[], list: HealthList, isAside: boolean): Promise<Problem | null> {
  const entries = ids.map((person) => ({ person, list }));
  try {
    await peoplePutAside(entries, isAside);
    const back = async (): Promise<void> => {
      try {
        await peoplePutAside(entries, !isAside);
      } catch {
        toasts.notUndone(m.people_not_undone());
      }
    };
    const count = entries.length;
    const text = isAside ? m.people_done_aside({ count }) : m.people_done_again({ count });
    toasts.done(text, { label: m.frame_undo(), run: () => void back() });
    return null;
  } catch (thrown) {
    return problemOf(thrown);
  }
}
