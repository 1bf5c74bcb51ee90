//! Who and what the directories know of the recipients of many messages, as they were read last. No system is asked.

use std::collections::{HashMap, HashSet};

use model::bulk::{BulkProblem, BulkProblemKind};
use model::chat_room::DestinationKind;
use model::message::Recipient;
use model::person::{Person, PersonKind};
use model::{ConnectionId, Failure};

use crate::console::Console;

/// The most rooms that are looked through.
const ROOMS: u32 = 100_000;

/// An address as addresses are compared.
pub(crate) fn key(address: &str) -> String {
    address.trim().trim_start_matches('@').to_lowercase()
}

/// Somebody behind an address.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Somebody {
    name: String,
    is_guest: bool,
    is_active: bool,
}

/// What the directories say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Known {
    /// By connection and address.
    people: HashMap<(ConnectionId, String), Somebody>,
    /// By e-mail address, whichever system has it.
    anywhere: HashMap<String, Somebody>,
    /// Connections whose people were read.
    with_people: HashSet<ConnectionId>,
    /// By connection: the names and addresses of its rooms.
    rooms: HashMap<ConnectionId, HashSet<String>>,
    /// By connection, and by name or address: how many people are in a room, where that is more than are written to unseen.
    large: HashMap<(ConnectionId, String), u32>,
}

impl Console {
    /// What is known of the recipients of these connections.
    pub(crate) async fn known_recipients(&self, connections: &[ConnectionId]) -> Result<Known, Failure> {
        let connections = connections.to_vec();
        let most = self.settings_get().await?.messages.review_room_above;
        self.0
            .store
            .read(move |r| {
                let mut known = Known::default();
                for person in store::people::all(r)? {
                    known.take(person);
                }
                for id in connections {
                    for it in store::chat_addresses::all(r, &id)? {
                        known.take_address(&it.email, &it.name);
                    }
                    for it in store::destinations::find(r, &id, "", ROOMS)? {
                        if it.kind == DestinationKind::Room {
                            let names = known.rooms.entry(id.clone()).or_default();
                            names.extend([room_key(&it.name), room_key(&it.address)]);
                            known.take_size(&id, [&it.name, &it.address], it.members.filter(|it| *it > most));
                        }
                    }
                    for it in store::chat_rooms::all(r)?.into_iter().filter(|it| it.connection == id) {
                        let members = u32::try_from(it.room.members.len()).ok().filter(|it| *it > most);
                        known.take_size(&id, [&it.room.name, &it.room.name], members);
                    }
                }
                Ok(known)
            })
            .await
    }
}

fn room_key(room: &str) -> String {
    room.trim().trim_start_matches('#').to_owned()
}

impl Known {
    fn take(&mut self, person: Person) {
        if !matches!(person.kind, PersonKind::User | PersonKind::Guest) {
            return;
        }
        let somebody = Somebody {
            name: person.name.clone(),
            is_guest: person.kind == PersonKind::Guest,
            is_active: person.is_active,
        };
        self.with_people.insert(person.connection.clone());
        let addresses = [person.email.as_ref(), person.username.as_ref(), Some(&person.external_id)];
        for address in addresses.into_iter().flatten() {
            self.people.insert((person.connection.clone(), key(address)), somebody.clone());
        }
        if let Some(email) = &person.email {
            let known = self.anywhere.entry(key(email)).or_insert_with(|| somebody.clone());
            // Who is a colleague in one system is none from outside.
            known.is_guest &= somebody.is_guest;
            known.is_active |= somebody.is_active;
        }
    }

    fn take_address(&mut self, email: &str, name: &str) {
        if !email.trim().is_empty() {
            let somebody = || Somebody { name: name.to_owned(), is_guest: false, is_active: true };
            self.anywhere.entry(key(email)).or_insert_with(somebody);
        }
    }

    fn take_size(&mut self, connection: &ConnectionId, names: [&str; 2], members: Option<u32>) {
        for (name, members) in names.into_iter().zip(members.into_iter().cycle()) {
            self.large.insert((connection.clone(), room_key(name)), members);
        }
    }

    fn somebody(&self, connection: &ConnectionId, address: &str) -> Option<&Somebody> {
        let own = self.people.get(&(connection.clone(), key(address)));
        own.or_else(|| self.anywhere.get(&key(address)).filter(|_| !self.with_people.contains(connection)))
    }

    /// The names of people, joined, where every one of them is known.
    pub(crate) fn name(&self, connection: &ConnectionId, to: &Recipient) -> Option<String> {
        let Recipient::People(people) = to else { return None };
        let names: Option<Vec<&str>> =
            people.iter().map(|it| self.somebody(connection, it).map(|it| it.name.as_str())).collect();
        names.map(|it| it.join(", ")).filter(|it| !it.is_empty())
    }

    /// What is worth knowing of a recipient.
    pub(crate) fn about(&self, connection: &ConnectionId, to: &Recipient) -> Vec<BulkProblem> {
        let problem = |kind, words: &str| BulkProblem { kind, words: words.to_owned(), with: None, at: None };
        match to {
            Recipient::Room(room) => {
                let key = room_key(room);
                let existence = match self.rooms.get(connection) {
                    Some(names) if names.contains(&key) => None,
                    Some(_) => Some(problem(BulkProblemKind::UnknownRoom, room)),
                    None => Some(problem(BulkProblemKind::Unverifiable, room)),
                };
                let size = self.large.get(&(connection.clone(), key));
                let size = size.map(|it| problem(BulkProblemKind::LargeRoom, &it.to_string()));
                existence.into_iter().chain(size).collect()
            }
            Recipient::People(people) => people
                .iter()
                .filter_map(|address| match self.somebody(connection, address) {
                    Some(it) if it.is_active && it.is_guest => Some(problem(BulkProblemKind::Guest, address)),
                    Some(it) if it.is_active => None,
                    Some(_) => Some(problem(BulkProblemKind::UnknownAddress, address)),
                    None if self.with_people.contains(connection) => {
                        Some(problem(BulkProblemKind::UnknownAddress, address))
                    }
                    None => Some(problem(BulkProblemKind::Unverifiable, address)),
                })
                .collect(),
        }
    }
}
