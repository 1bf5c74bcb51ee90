//! Which entries of several directories are one person: because a person said so, then by the same id at the same server, the same
//! e-mail address, the same number. What several entries of one directory share links nobody, and what a person took apart stays apart.
//! Who becomes one person, and by which entry they are named, does not depend on the order in which the directories were read.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;

use model::connection::Connection;
use model::person::{Identity, LinkReason, LinkedPerson, MaybeReason, Person, PersonKind, PersonSaid};
use model::{ConnectionId, PersonId, Time, phone};
use store::person_links::{self, SeenLink};
use store::{Reader, StoreError, Writer};

use crate::numbers::Number;

#[cfg(test)]
mod tests;

/// What more entries than these share, such as the number of an office, says nothing about any of them.
const MOST_SHARING: usize = 4;

/// Everything that linking looks at.
#[derive(Debug, Default)]
pub(crate) struct Directory {
    /// Every entry of every directory.
    pub(crate) people: Vec<Person>,
    /// The connections; entries of others are left out.
    pub(crate) connections: Vec<Connection>,
    /// What a person said of two entries.
    pub(crate) said: Vec<PersonSaid>,
    /// Since when links have been seen.
    pub(crate) seen: HashMap<SeenLink, Time>,
}

/// Who is who.
pub(crate) struct Linked {
    /// Colleagues, named by their entry at the first of the connections and in that order.
    pub(crate) people: Vec<LinkedPerson>,
    /// The links that the systems themselves suggest.
    pub(crate) links: Vec<SeenLink>,
    /// Entries that share something which would make two of one directory one person, so that nobody was linked.
    pub(crate) shared: Vec<(PersonId, PersonId, MaybeReason)>,
}

/// Two entries that are one person, by their places, why and since when.
type Link = (usize, usize, LinkReason, Option<Time>);

/// Why an entry is linked and since when.
pub(crate) type Why = (LinkReason, Option<Time>);

impl Directory {
    pub(crate) fn read(r: &Reader<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            people: store::people::all(r)?,
            connections: store::connections::all(r)?,
            said: person_links::said(r)?,
            seen: person_links::seen(r)?,
        })
    }

    /// Links colleagues. Whatever is no colleague is left out, but keeps its number from linking.
    pub(crate) fn link(&self) -> Linked {
        let known: HashMap<&ConnectionId, &Connection> = self.connections.iter().map(|it| (&it.id, it)).collect();
        let is_colleague = |it: &&Person| it.kind == PersonKind::User && known.contains_key(&it.connection);
        let mut colleagues: Vec<&Person> = self.people.iter().filter(is_colleague).collect();
        // Not as the cache has them: there, the directory that was read first comes first.
        let rank = |it: &Person| self.connections.iter().position(|known| known.id == it.connection);
        colleagues.sort_by_cached_key(|it| rank(it));
        let places: HashMap<&PersonId, usize> = colleagues.iter().enumerate().map(|(at, it)| (&it.id, at)).collect();
        let mut groups = Groups::new(&colleagues, self.apart(&places));
        groups.join_by_hand(&self.said, &places);
        for (keys, reason) in [
            (by_id(&colleagues, &known), LinkReason::SameId),
            (by_email(&colleagues), LinkReason::SameEmail),
            (by_number(&colleagues, &self.people), LinkReason::SameNumber),
        ] {
            groups.join_all(&keys, reason, &self.seen);
        }
        groups.finish(&known)
    }

    /// Pairs that a person took apart, in both directions.
    fn apart(&self, places: &HashMap<&PersonId, usize>) -> HashSet<(usize, usize)> {
        let pairs = self.said.iter().filter(|it| it.is_same == Some(false));
        let found = pairs.filter_map(|it| Some((*places.get(&it.one)?, *places.get(&it.other)?)));
        found.flat_map(|(one, other)| [(one, other), (other, one)]).collect()
    }
}

/// Remembers since when each link that the systems suggest has been seen, and by which name everybody is shown.
pub(crate) fn remember(w: &mut Writer<'_>, now: Time) -> Result<(), StoreError> {
    let linked = Directory::read(w)?.link();
    store::people::call(w, &names(&linked.people))?;
    person_links::see(w, &linked.links, now)
}

/// The names of people for those of their entries that bear another.
fn names(people: &[LinkedPerson]) -> HashMap<PersonId, String> {
    let others = |it: &LinkedPerson| {
        let (name, others) = (it.name.clone(), it.identities.iter().filter(|one| one.name != it.name));
        others.map(|one| (one.id.clone(), name.clone())).collect::<Vec<_>>()
    };
    people.iter().flat_map(others).collect()
}

/// Entries by what they share, those of one thing together.
type Sharing = Vec<Vec<usize>>;

fn by_id(colleagues: &[&Person], known: &HashMap<&ConnectionId, &Connection>) -> Sharing {
    // An id means something at its own server only.
    let key = |person: &Person| {
        let connection = known.get(&person.connection)?;
        Some((connection.system.clone(), connection.url.clone(), person.external_id.clone()))
    };
    sharing(colleagues.iter().enumerate().filter_map(|(at, person)| Some((key(person)?, at))))
}

fn by_email(colleagues: &[&Person]) -> Sharing {
    let key = |person: &Person| person.email.as_deref().and_then(address);
    sharing(colleagues.iter().enumerate().filter_map(|(at, person)| Some((key(person)?, at))))
}

/// An e-mail address as it is compared.
pub(crate) fn address(text: &str) -> Option<String> {
    let text = text.trim().to_lowercase();
    text.contains('@').then_some(text)
}

fn by_number(colleagues: &[&Person], people: &[Person]) -> Sharing {
    let of_colleagues: Vec<(usize, Number)> = colleagues
        .iter()
        .enumerate()
        .flat_map(|(at, person)| numbers(person).into_iter().map(move |number| (at, number)))
        .collect();
    let of_queues: Vec<Number> = people.iter().filter(|it| it.kind == PersonKind::Queue).flat_map(numbers).collect();
    let countries = countries(of_colleagues.iter().map(|(_, number)| number).chain(&of_queues));
    let shared: HashSet<Number> = of_queues.iter().filter_map(|number| whole(number, &countries)).collect();
    let mut keyed: Vec<(Number, usize)> = of_colleagues
        .iter()
        .filter_map(|(at, number)| Some((whole(number, &countries)?, *at)))
        .filter(|(number, _)| !shared.contains(number))
        .collect();
    keyed.dedup();
    sharing(keyed.into_iter())
}

/// The numbers with their countries by what people there dial; `None` where two countries dial the same.
pub(crate) fn countries<'a>(numbers: impl Iterator<Item = &'a Number>) -> HashMap<String, Option<Number>> {
    let mut countries: HashMap<String, Option<Number>> = HashMap::new();
    for number in numbers.filter(|number| matches!(number, Number::World(_))) {
        if let Some(digits) = number.national() {
            let one = countries.entry(digits).or_insert_with(|| Some(number.clone()));
            if one.as_ref() != Some(number) {
                *one = None;
            }
        }
    }
    countries
}

/// A number with its country, where only one can be meant; as it is where none is known; `None` where several could be.
pub(crate) fn whole(number: &Number, countries: &HashMap<String, Option<Number>>) -> Option<Number> {
    match number {
        Number::World(_) => Some(number.clone()),
        Number::National(digits) => countries.get(digits).map_or(Some(number.clone()), Clone::clone),
    }
}

fn numbers(person: &Person) -> Vec<Number> {
    let mut numbers: Vec<Number> = person.numbers.iter().filter_map(|written| Number::read(written)).collect();
    numbers.sort();
    numbers.dedup();
    numbers
}

/// Who shares a key with anybody, in the order in which the keys come.
fn sharing<K: Hash + Eq>(keyed: impl Iterator<Item = (K, usize)>) -> Sharing {
    let mut order: Sharing = Vec::new();
    let mut places: HashMap<K, usize> = HashMap::new();
    for (key, at) in keyed {
        let place = *places.entry(key).or_insert(order.len());
        if place == order.len() {
            order.push(Vec::new());
        }
        order[place].push(at);
    }
    order.retain(|who| who.len() > 1);
    order
}

/// Every two of a few.
fn pairs(who: &[usize]) -> impl Iterator<Item = (usize, usize)> {
    who.iter().enumerate().flat_map(move |(nth, one)| who[nth + 1..].iter().map(move |other| (*one, *other)))
}

/// Who is one person so far.
struct Groups<'a> {
    colleagues: &'a [&'a Person],
    apart: HashSet<(usize, usize)>,
    /// The group of each entry: the place of one of its members.
    group: Vec<usize>,
    members: Vec<Vec<usize>>,
    links: Vec<Link>,
    shared: Vec<(usize, usize, MaybeReason)>,
}

impl<'a> Groups<'a> {
    fn new(colleagues: &'a [&'a Person], apart: HashSet<(usize, usize)>) -> Self {
        let group: Vec<usize> = (0..colleagues.len()).collect();
        let members = group.iter().map(|at| vec![*at]).collect();
        Self { colleagues, apart, group, members, links: Vec::new(), shared: Vec::new() }
    }

    /// What a person said, the newest first: where two words cannot both be true, the later one holds.
    fn join_by_hand(&mut self, said: &[PersonSaid], places: &HashMap<&PersonId, usize>) {
        let mut said: Vec<&PersonSaid> = said.iter().filter(|it| it.is_same == Some(true)).collect();
        said.sort_by(|a, b| (b.at, &a.one, &a.other).cmp(&(a.at, &b.one, &b.other)));
        for it in said {
            let (Some(one), Some(other)) = (places.get(&it.one), places.get(&it.other)) else { continue };
            if self.join(&[*one, *other]) {
                self.links.push((*one, *other, LinkReason::ByHand, it.at));
            }
        }
    }

    /// Links all who share something, unless two of one directory share it. Where that would make two of one directory one person, or
    /// two that were taken apart, nobody of those concerned is linked: who comes first decides nothing.
    fn join_all(&mut self, keys: &Sharing, reason: LinkReason, seen: &HashMap<SeenLink, Time>) {
        let mut links: Vec<(usize, usize)> = Vec::new();
        for who in keys {
            let directories: HashSet<_> = who.iter().map(|at| &self.colleagues[*at].connection).collect();
            if directories.len() == who.len() {
                links.extend(pairs(who).filter(|pair| !self.apart.contains(pair)));
            } else if who.len() <= MOST_SHARING {
                self.share(pairs(who), reason);
            }
        }
        let all = components(links.iter().map(|(one, other)| (self.group[*one], self.group[*other])));
        let places: HashMap<usize, usize> =
            all.iter().enumerate().flat_map(|(nth, it)| it.iter().map(move |group| (*group, nth))).collect();
        let mut of_each: Vec<Vec<(usize, usize)>> = vec![Vec::new(); all.len()];
        for (one, other) in links {
            if let Some(nth) = places.get(&self.group[one]) {
                of_each[*nth].push((one, other));
            }
        }
        for (together, here) in all.iter().zip(of_each) {
            if self.join(together) {
                let since = |one: usize, other: usize| {
                    let (one, other) = self.ids(one, other);
                    seen.get(&(one, other, reason)).copied()
                };
                let found: Vec<Link> =
                    here.into_iter().map(|(one, other)| (one, other, reason, since(one, other))).collect();
                self.links.extend(found);
            } else {
                self.share(here.into_iter(), reason);
            }
        }
    }

    /// The ids of two entries, in the order in which a pair is kept.
    fn ids(&self, one: usize, other: usize) -> (PersonId, PersonId) {
        person_links::ordered(self.colleagues[one].id.clone(), self.colleagues[other].id.clone())
    }

    /// Notes that these share something and were not linked.
    fn share(&mut self, pairs: impl Iterator<Item = (usize, usize)>, reason: LinkReason) {
        let reason = match reason {
            LinkReason::SameEmail => MaybeReason::SharedEmail,
            LinkReason::SameNumber => MaybeReason::SharedNumber,
            LinkReason::ByHand | LinkReason::SameId => return,
        };
        self.shared.extend(pairs.map(|(one, other)| (one, other, reason)));
    }

    /// Makes the groups of these entries one. `false` where that would be two entries of one directory, or two that were taken apart.
    fn join(&mut self, entries: &[usize]) -> bool {
        let groups: HashSet<usize> = entries.iter().map(|at| self.group[*at]).collect();
        let mut all: Vec<usize> = groups.iter().flat_map(|it| self.members[*it].iter().copied()).collect();
        if groups.len() > 1 {
            let mut directories = HashSet::new();
            let is_doubled = !all.iter().all(|at| directories.insert(&self.colleagues[*at].connection));
            if is_doubled || pairs(&all).any(|pair| self.apart.contains(&pair)) {
                return false;
            }
        }
        all.sort_unstable();
        let Some(first) = all.first().copied() else { return false };
        for it in groups {
            self.members[it].clear();
        }
        all.iter().for_each(|at| self.group[*at] = first);
        self.members[first] = all;
        true
    }

    fn finish(self, known: &HashMap<&ConnectionId, &Connection>) -> Linked {
        let mut why: Vec<Option<Why>> = vec![None; self.colleagues.len()];
        for (one, other, reason, since) in &self.links {
            for at in [*one, *other] {
                // The strongest reason, and of several the one that was seen first.
                let is_better =
                    why[at].is_none_or(|(had, at)| (*reason, since.is_none(), *since) < (had, at.is_none(), at));
                if is_better {
                    why[at] = Some((*reason, *since));
                }
            }
        }
        let by_systems = self.links.iter().filter(|it| it.2 != LinkReason::ByHand);
        let links = by_systems.map(|(one, other, reason, _)| {
            let (one, other) = self.ids(*one, *other);
            (one, other, *reason)
        });
        let links = links.collect();
        let shared = self.shared.iter().map(|(one, other, reason)| {
            let (one, other) = self.ids(*one, *other);
            (one, other, *reason)
        });
        let shared = shared.collect();
        let people = self.members.iter().filter_map(|who| {
            let entries: Vec<_> = who.iter().map(|at| (self.colleagues[*at], why[*at])).collect();
            person(&entries, known)
        });
        Linked { people: people.collect(), links, shared }
    }
}

/// Groups that hang together by these links.
fn components(links: impl Iterator<Item = (usize, usize)>) -> Vec<Vec<usize>> {
    let mut found: Vec<Vec<usize>> = Vec::new();
    let mut places: HashMap<usize, usize> = HashMap::new();
    for (one, other) in links {
        let here = places.get(&one).copied().unwrap_or_else(|| {
            found.push(vec![one]);
            places.insert(one, found.len() - 1);
            found.len() - 1
        });
        match places.get(&other).copied() {
            Some(there) if there == here => {}
            Some(there) => {
                let moved = std::mem::take(&mut found[there]);
                moved.iter().for_each(|it| _ = places.insert(*it, here));
                found[here].extend(moved);
            }
            None => {
                places.insert(other, here);
                found[here].push(other);
            }
        }
    }
    found.retain(|it| !it.is_empty());
    found
}

/// One person of entries, the first of which names them.
pub(crate) fn person(
    entries: &[(&Person, Option<Why>)],
    known: &HashMap<&ConnectionId, &Connection>,
) -> Option<LinkedPerson> {
    let first = entries.first()?.0;
    let identities = entries.iter().enumerate().filter_map(|(place, (it, why))| {
        let why = why.filter(|_| place > 0);
        Some(Identity {
            id: it.id.clone(),
            connection: it.connection.clone(),
            system: known.get(&it.connection)?.system.clone(),
            external_id: it.external_id.clone(),
            name: it.name.clone(),
            email: it.email.clone(),
            username: it.username.clone(),
            kind: it.kind,
            is_active: it.is_active,
            reason: why.map(|(reason, _)| reason),
            since: why.and_then(|(_, since)| since),
        })
    });
    let mut seen = HashSet::new();
    let numbers = entries.iter().flat_map(|(it, _)| &it.numbers);
    let numbers = numbers.map(|raw| phone::with_shown(phone::party(raw, phone::HOME)));
    Some(LinkedPerson {
        id: first.id.clone(),
        name: first.name.clone(),
        email: entries.iter().find_map(|(it, _)| it.email.clone()),
        extension: entries.iter().find_map(|(it, _)| it.extension.clone()),
        numbers: numbers.filter(|it| seen.insert(phone::key(it).unwrap_or_else(|| it.raw.clone()))).collect(),
        presence: None,
        identities: identities.collect(),
    })
}
