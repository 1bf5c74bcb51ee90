/** What a row and the detail say of a person: where they are known, why they are one, and where they are now. */
import type { Identity } from "../../bridge/types/Identity";
import type { LinkedPerson } from "../../bridge/types/LinkedPerson";
import type { LinkReason } from "../../bridge/types/LinkReason";
import type { MaybeReason } from "../../bridge/types/MaybeReason";
import type { PeopleHealth } from "../../bridge/types/PeopleHealth";
import type { Whereabouts } from "../../bridge/types/Whereabouts";
import { longDay, shortDay, type Locale } from "../../format/time";
import { m } from "../../i18n";
import { presenceWords, where, type Where } from "../../whereabouts";

/** What one system knows of a person. */
export type Known = "known" | "linked" | "maybe" | "absent" | "out_of_use";

/** Connections where somebody is who may be this person, by the person's id. */
export function maybeWhere(health: PeopleHealth | null): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  const add = (it: LinkedPerson, other: LinkedPerson): void => {
    const where = found.get(it.id) ?? new Set();
    for (const one of other.identities) where.add(one.connection);
    found.set(it.id, where);
  };
  for (const { one, other } of health?.maybe ?? []) {
    add(one, other);
    add(other, one);
  }
  return found;
}

/** What a connection knows of a person. */
export function knownIn(person: LinkedPerson, connection: string, maybe?: Set<string>): Known {
  const identity = person.identities.find((it) => it.connection === connection);
  if (identity) return !identity.is_active ? "out_of_use" : person.identities.length > 1 ? "linked" : "known";
  return maybe?.has(connection) ? "maybe" : "absent";
}

/** That in words. */
export const knownWord = (known: Known): string =>
  ({
    known: m.people_known,
    linked: m.people_linked,
    maybe: m.people_maybe,
    absent: m.people_absent,
    out_of_use: m.people_out_of_use,
  })[known]();

const reasonWord = (reason: LinkReason): string =>
  ({
    by_hand: m.people_reason_by_hand,
    same_id: m.people_reason_same_id,
    same_email: m.people_reason_same_email,
    same_number: m.people_reason_same_number,
  })[reason]();

/** Why two may be the same. */
export const maybeWord = (reason: MaybeReason): string =>
  ({
    shared_email: m.people_maybe_shared_email,
    shared_number: m.people_maybe_shared_number,
    same_name: m.people_maybe_same_name,
    similar_name: m.people_maybe_similar_name,
    same_account: m.people_maybe_same_account,
  })[reason]();

/** Why an identity is linked and since when; that it names the person where it is the first of several. */
export function because(it: Identity, isOnly: boolean, now: Date, locale: Locale): { text: string; title?: string } {
  if (it.reason === null) return { text: isOnly ? m.people_known() : m.people_first() };
  const reason = reasonWord(it.reason);
  if (it.since === null) return { text: reason };
  return { text: m.people_because({ reason, day: shortDay(it.since, now, locale) }), title: longDay(it.since, locale) };
}

/** How somebody is reached in a system: the account, the address, or the name there. */
export const accountOf = (it: Identity): string => (it.username ? `@${it.username}` : (it.email ?? it.name));

/** Where somebody is now: where bookings say something of them, else what their telephone says; `null` where nobody can tell. */
export function placeOf(person: LinkedPerson, place: Whereabouts | undefined): Where | null {
  if (place && (place.now.length > 0 || place.next)) return where(place);
  return presenceWords(person.presence);
}

/** What a telephone dials for this person: the short number, else the first number as it is shown. */
export const dialled = (person: LinkedPerson): string | null => person.extension ?? person.numbers[0]?.shown ?? null;

/** The first letter, for the round mark. */
export const initial = (name: string): string => [...name][0] ?? "";

/** A whole row, as it is read out. */
export function spoken(
  person: LinkedPerson,
  systems: readonly { id: string; name: string }[],
  maybe?: Set<string>,
  place?: Whereabouts,
): string {
  return [
    person.name,
    person.extension,
    ...systems.map((it) => m.people_in_system({ system: it.name, state: knownWord(knownIn(person, it.id, maybe)) })),
    person.numbers[0]?.shown,
    placeOf(person, place)?.text,
  ]
    .filter((it) => it)
    .join(", ");
}
