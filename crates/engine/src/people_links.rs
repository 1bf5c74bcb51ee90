//! What a person says of people: that two are one, that two are not, that nothing needs to be done about one; and taking it back.

use std::collections::{HashMap, HashSet};

use model::person::{LinkedPerson, Person, PersonKind, PersonPair, PersonSaid, PutAside};
use model::{Failure, PersonId, Reason};
use store::{StoreError, Writer, person_links};

use crate::console::Console;
use crate::links::{Directory, remember};

/// The most pairs that are said at once: more than a health list has.
const MOST_PAIRS: usize = 10_000;

impl Console {
    /// Says of each pair that both are one person, whatever was said against any two of theirs before. It holds whatever is read later and
    /// stands above what the systems suggest. Answers with what was said before, for [`Console::people_put_back`].
    ///
    /// # Errors
    /// [`Failure::Invalid`] where one of them is no colleague that is known here or both are of one connection, and then nothing is
    /// kept; where the console's own data cannot be written.
    pub async fn people_link(&self, pairs: Vec<PersonPair>) -> Result<Vec<PersonSaid>, Failure> {
        self.decide(pairs, joined).await
    }

    /// Says of each pair that they are two people: of two identities of one person, that the first is nobody of the others; of two
    /// people, that nobody of the one is anybody of the other. Answers with what was said before.
    ///
    /// # Errors
    /// As [`Console::people_link`].
    pub async fn people_separate(&self, pairs: Vec<PersonPair>) -> Result<Vec<PersonSaid>, Failure> {
        self.decide(pairs, taken_apart).await
    }

    /// Makes what is said of these pairs what it was before.
    ///
    /// # Errors
    /// [`Failure::Invalid`] where both are of one connection; where the console's own data cannot be written.
    pub async fn people_put_back(&self, said: Vec<PersonSaid>) -> Result<(), Failure> {
        checked(said.len())?;
        let now = self.now();
        self.write(move |w| {
            // What was said twice at once goes back to what stood there first.
            for it in said.iter().rev() {
                person_links::say(w, it, now)?;
            }
            remember(w, now)
        })
        .await
    }

    /// Puts entries of the health lists aside, because nothing needs to be done about them, or takes them back.
    ///
    /// # Errors
    /// Where the console's own data cannot be written.
    pub async fn people_put_aside(&self, entries: Vec<PutAside>, is_aside: bool) -> Result<(), Failure> {
        checked(entries.len())?;
        let now = self.now();
        self.write(move |w| {
            for it in &entries {
                person_links::set_aside(w, it, is_aside, now)?;
            }
            Ok(())
        })
        .await
    }

    async fn decide(
        &self,
        pairs: Vec<PersonPair>,
        words: impl Fn(&Who<'_>, &PersonPair) -> Vec<PersonSaid> + Send + 'static,
    ) -> Result<Vec<PersonSaid>, Failure> {
        checked(pairs.len())?;
        let now = self.now();
        self.write(move |w: &mut Writer<'_>| -> Result<Vec<PersonSaid>, StoreError> {
            let directory = Directory::read(w)?;
            let people = directory.link().people;
            let who = Who::new(&directory, &people);
            let mut before = Vec::new();
            for pair in &pairs {
                who.check(pair)?;
                for new in words(&who, pair) {
                    before.push(person_links::say(w, &new, now)?);
                }
            }
            remember(w, now)?;
            Ok(before)
        })
        .await
    }
}

fn checked(count: usize) -> Result<(), Failure> {
    if count > MOST_PAIRS { Err(Failure::invalid(Reason::NotUsable, "pairs")) } else { Ok(()) }
}

/// Everybody by any of their ids.
struct Who<'a> {
    entries: HashMap<&'a PersonId, &'a Person>,
    people: HashMap<&'a PersonId, &'a LinkedPerson>,
    /// Pairs that were taken apart, in both directions.
    apart: HashSet<(&'a PersonId, &'a PersonId)>,
}

impl<'a> Who<'a> {
    fn new(directory: &'a Directory, people: &'a [LinkedPerson]) -> Self {
        let apart = directory.said.iter().filter(|it| it.is_same == Some(false));
        Self {
            entries: directory.people.iter().map(|it| (&it.id, it)).collect(),
            apart: apart.flat_map(|it| [(&it.one, &it.other), (&it.other, &it.one)]).collect(),
            people: people.iter().flat_map(|it| it.identities.iter().map(move |one| (&one.id, it))).collect(),
        }
    }

    /// A guest and a queue are never linked, nor are two entries of one directory.
    fn check(&self, pair: &PersonPair) -> Result<(), Failure> {
        let entry = |id: &PersonId| {
            let found = self.entries.get(id).filter(|it| it.kind == PersonKind::User && self.people.contains_key(id));
            found.ok_or_else(|| Failure::invalid(Reason::NoSuchThing, id.as_str()))
        };
        if entry(&pair.one)?.connection == entry(&pair.other)?.connection {
            return Err(Failure::invalid(Reason::NotUsable, pair.other.as_str()));
        }
        Ok(())
    }

    /// Whether both are identities of one person.
    fn are_one(&self, pair: &PersonPair) -> bool {
        let id = |it: &PersonId| self.people.get(it).map(|it| &it.id);
        id(&pair.one) == id(&pair.other)
    }

    /// Every pair of an identity of the one and an identity of the other that could be said of.
    fn across(&self, pair: &PersonPair) -> Vec<PersonPair> {
        let identities = |it: &PersonId| self.people.get(it).map_or(&[][..], |it| &it.identities);
        let mut all = Vec::new();
        for one in identities(&pair.one) {
            for other in identities(&pair.other).iter().filter(|it| it.connection != one.connection) {
                all.push(PersonPair { one: one.id.clone(), other: other.id.clone() });
            }
        }
        all
    }
}

fn word(pair: PersonPair, is_same: Option<bool>) -> PersonSaid {
    PersonSaid { one: pair.one, other: pair.other, is_same, at: None }
}

fn joined(who: &Who<'_>, pair: &PersonPair) -> Vec<PersonSaid> {
    let mut against = who.across(pair);
    against.retain(|it| who.apart.contains(&(&it.one, &it.other)));
    let mut words: Vec<PersonSaid> = against.into_iter().map(|it| word(it, None)).collect();
    words.push(word(pair.clone(), Some(true)));
    words
}

fn taken_apart(who: &Who<'_>, pair: &PersonPair) -> Vec<PersonSaid> {
    let mut pairs = who.across(pair);
    if who.are_one(pair) {
        pairs.retain(|it| it.one == pair.one);
    }
    pairs.into_iter().map(|it| word(it, Some(false))).collect()
}
