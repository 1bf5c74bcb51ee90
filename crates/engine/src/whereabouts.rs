//! Where somebody is: today's bookings under their name, address or id, and what their telephone says. Never a guess between two
//! people of one name.

use std::collections::{HashMap, HashSet};

use model::about::Ability;
use model::booking_detail::OrganiserFound;
use model::conference_room::{Reservation, Room, RoomBoard};
use model::person::{LinkedPerson, Person, Presence};
use model::whereabouts::{Booked, Whereabouts};
use model::{ConnectionId, Failure, PersonId, Time};

use crate::board::today;
use crate::console::Console;
use crate::links::{Directory, address};

impl Console {
    /// Where these people are now, by any of their identities, from the cache. Whoever is in no directory is left out.
    ///
    /// # Errors
    /// Where the cache cannot be read.
    pub async fn whereabouts(&self, people: &[PersonId]) -> Result<Vec<Whereabouts>, Failure> {
        let office = self.office().await?;
        let found = people.iter().filter_map(|id| Some(office.whereabouts(office.person(id)?, id)));
        Ok(found.collect())
    }

    /// Everything that questions about colleagues are answered from.
    pub(crate) async fn office(&self) -> Result<Office, Failure> {
        let directory = self.0.store.read(Directory::read).await?;
        let with_rooms = self.connections_with(Ability::Rooms).await?;
        let now = self.now();
        let board = match with_rooms.first() {
            Some(first) => Some(self.room_board_of(&with_rooms, today(first, now)).await?),
            None => None,
        };
        Ok(Office::new(directory, board, self.presences(), now))
    }
}

/// A way to be meant, and who is meant by it.
type Way<'a> = (OrganiserFound, &'a dyn Fn(&LinkedPerson) -> bool);

/// Colleagues, today's bookings and telephones as they are known now.
pub(crate) struct Office {
    pub(crate) linked: Vec<LinkedPerson>,
    people: HashMap<PersonId, Person>,
    /// Which linked person an identity belongs to.
    places: HashMap<PersonId, usize>,
    /// How many linked people bear a name.
    names: HashMap<String, usize>,
    board: Option<RoomBoard>,
    presences: HashMap<PersonId, Presence>,
    now: Time,
}

impl Office {
    pub(crate) fn new(
        directory: Directory,
        board: Option<RoomBoard>,
        presences: HashMap<PersonId, Presence>,
        now: Time,
    ) -> Self {
        let linked = directory.link().people;
        let places =
            linked.iter().enumerate().flat_map(|(at, it)| it.identities.iter().map(move |one| (one.id.clone(), at)));
        let places = places.collect();
        let people: HashMap<PersonId, Person> = directory.people.into_iter().map(|it| (it.id.clone(), it)).collect();
        let mut office = Self { places, people, linked, names: HashMap::new(), board, presences, now };
        let names: Vec<HashSet<String>> = office.linked.iter().map(|it| office.names_of(it)).collect();
        for name in names.into_iter().flatten() {
            *office.names.entry(name).or_default() += 1;
        }
        office
    }

    /// The colleague with this identity.
    pub(crate) fn person(&self, id: &PersonId) -> Option<&LinkedPerson> {
        self.linked.get(*self.places.get(id)?)
    }

    /// The entry of a directory.
    pub(crate) fn entry(&self, id: &PersonId) -> Option<&Person> {
        self.people.get(id)
    }

    /// The entries of the directories that know a colleague.
    pub(crate) fn entries<'a>(&'a self, person: &'a LinkedPerson) -> impl Iterator<Item = &'a Person> {
        person.identities.iter().filter_map(|it| self.people.get(&it.id))
    }

    fn names_of(&self, person: &LinkedPerson) -> HashSet<String> {
        self.entries(person).map(|it| name(&it.name)).filter(|it| !it.is_empty()).collect()
    }

    /// Where a colleague is; the answer bears the id that was asked for.
    pub(crate) fn whereabouts(&self, person: &LinkedPerson, asked: &PersonId) -> Whereabouts {
        let board = self.board.as_ref();
        let theirs = self.bookings_of(person, board.map_or(&[][..], |it| &it.reservations));
        let is_now = |it: &&&Reservation| it.start <= self.now && self.now < it.end;
        let is_later = |it: &&&Reservation| self.now < it.start && board.is_some_and(|board| it.start < board.ends_at);
        Whereabouts {
            person: asked.clone(),
            now: theirs.iter().filter(is_now).map(|it| self.booked(it)).collect(),
            next: theirs.iter().find(is_later).map(|it| self.booked(it)),
            is_name_shared: self.names_of(person).iter().any(|it| self.is_shared(it)),
            presence: self.presence(person),
            read_at: board.and_then(|it| it.read_at),
        }
    }

    /// Those of some bookings that a colleague made or takes part in, in order.
    pub(crate) fn bookings_of<'a>(&self, person: &LinkedPerson, all: &'a [Reservation]) -> Vec<&'a Reservation> {
        let names = self.names_of(person);
        let own: HashSet<&String> = names.iter().filter(|it| !self.is_shared(it)).collect();
        let emails = self.emails_of(person);
        let is_theirs = |it: &&Reservation| {
            let words = it.owner.iter().chain(&it.people);
            words.into_iter().any(|word| {
                address(word).is_some_and(|it| emails.contains(&it))
                    || own.contains(&name(word))
                    || self.is_known_as(person, &it.connection, word)
            })
        };
        let mut theirs: Vec<&Reservation> = all.iter().filter(is_theirs).collect();
        theirs.sort_by(|a, b| (a.start, a.end, &a.id).cmp(&(b.start, b.end, &b.id)));
        theirs
    }

    /// Who is meant by the word that names an organiser: by an address, then by an id of the system itself, then by a name that
    /// nobody else has. Never a guess between two people.
    pub(crate) fn organiser(&self, connection: &ConnectionId, word: &str) -> (OrganiserFound, Option<&LinkedPerson>) {
        let email = address(word);
        let ways: [Way<'_>; 3] = [
            (OrganiserFound::ByEmail, &|it| email.as_ref().is_some_and(|word| self.emails_of(it).contains(word))),
            (OrganiserFound::ById, &|it| self.is_known_as(it, connection, word)),
            (OrganiserFound::ByName, &|it| self.names_of(it).contains(&name(word))),
        ];
        for (found, is_meant) in ways {
            let mut meant = self.linked.iter().filter(|it| is_meant(it));
            match (meant.next(), meant.next()) {
                (None, _) => {}
                (Some(one), None) => return (found, Some(one)),
                (Some(_), Some(_)) => return (OrganiserFound::Shared, None),
            }
        }
        (OrganiserFound::Nobody, None)
    }

    fn is_shared(&self, name: &str) -> bool {
        self.names.get(name).is_some_and(|count| *count > 1)
    }

    fn emails_of(&self, person: &LinkedPerson) -> HashSet<String> {
        self.entries(person).filter_map(|it| address(it.email.as_deref()?)).collect()
    }

    /// An id or the name of an account means something at its own connection only.
    fn is_known_as(&self, person: &LinkedPerson, connection: &ConnectionId, word: &str) -> bool {
        let own = self.entries(person).filter(|it| it.connection == *connection);
        own.into_iter().any(|it| it.external_id == word || it.username.as_deref() == Some(word))
    }

    fn booked(&self, it: &Reservation) -> Booked {
        booked(it, self.board.as_ref().map_or(&[][..], |board| &board.rooms))
    }

    /// Of several telephones the one that is being spoken over.
    fn presence(&self, person: &LinkedPerson) -> Option<Presence> {
        let told: Vec<&Presence> = person.identities.iter().filter_map(|it| self.presences.get(&it.id)).collect();
        told.iter().find(|it| it.is_on_call).or_else(|| told.first()).map(|it| (*it).clone())
    }
}

/// A booking in short, with the name of its room among these.
pub(crate) fn booked(it: &Reservation, rooms: &[Room]) -> Booked {
    let room = rooms.iter().find(|room| room.id == it.room_id).map(|room| room.name.clone()).unwrap_or_default();
    Booked { room, title: it.title.clone(), start: it.start, end: it.end }
}

/// A name as it is compared: without regard to width, case and spaces.
fn name(text: &str) -> String {
    model::text::fold(text).split_whitespace().collect()
}

#[cfg(test)]
pub(crate) mod tests;
