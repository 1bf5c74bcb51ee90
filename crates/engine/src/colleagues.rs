//! Whom to tell of a missed call, and where a message reaches them: by what each system says of itself, never by which it is.

use std::sync::Arc;

use model::about::Ability;
use model::call::{Call, CallPerson, Role};
use model::connection::Connection;
use model::person::{LinkedPerson, Person};
use model::ports::System;
use model::worklist::{AddressKind, ChatWay, Colleague, ColleagueReason};

use crate::console::Console;
use crate::links::address;
use crate::whereabouts::Office;

/// How sure a way is; the least is the best.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Sureness {
    /// The system's own id of the person.
    OwnId,
    /// An address that the system's directory has.
    Listed,
    /// An address that another directory has; this system cannot be asked for people.
    Address,
}

/// A connection that messages can leave through, and how they find people.
pub(crate) struct Outlet {
    connection: Connection,
    has_directory: bool,
    finds_by: Vec<AddressKind>,
}

impl Console {
    /// Every connection that messages can leave through, in the order in which they were made.
    pub(crate) fn outlets(&self, connections: Vec<Connection>) -> Vec<Outlet> {
        let outlet = |connection: Connection| {
            let system: &Arc<dyn System> = self.system(&connection.system)?;
            let abilities = system.about().abilities;
            let has_directory = abilities.contains(&Ability::People);
            let finds_by = system.reaches_people_by();
            abilities.contains(&Ability::Chat).then_some(Outlet { connection, has_directory, finds_by })
        };
        connections.into_iter().filter_map(outlet).collect()
    }
}

/// The colleagues of a missed call: those whose telephone rang, else whoever spoke with the number last. `earlier` are calls with
/// the number, the newest first, and asked for only where nobody was rung who is still there.
pub(crate) fn of_call<E>(
    call: &Call,
    earlier: impl FnOnce() -> Result<Vec<Call>, E>,
    office: &Office,
    outlets: &[Outlet],
) -> Result<Vec<Colleague>, E> {
    let rang = with_role(call, Role::Rang);
    // A voicemail box speaks for its owner.
    let rang = if rang.is_empty() { with_role(call, Role::Spoke) } else { rang };
    let rang = people(&rang, office);
    let all = |people: Vec<&LinkedPerson>, reason| {
        people.into_iter().map(|person| colleague(person, reason, office, outlets)).collect()
    };
    if !rang.is_empty() {
        return Ok(all(rang, ColleagueReason::Rang));
    }
    let earlier = earlier()?;
    let spoke = |it| Some(people(&with_role(it, Role::Spoke), office)).filter(|it| !it.is_empty());
    Ok(all(earlier.iter().find_map(spoke).unwrap_or_default(), ColleagueReason::SpokeLast))
}

fn with_role(call: &Call, role: Role) -> Vec<&CallPerson> {
    call.people.iter().filter(|it| it.role == role).collect()
}

/// Those who are still there, each once, though two of their telephones may have rung.
fn people<'a>(told: &[&CallPerson], office: &'a Office) -> Vec<&'a LinkedPerson> {
    let mut found: Vec<&LinkedPerson> = Vec::new();
    for it in told.iter().filter(|it| office.entry(&it.id).is_some_and(|entry| entry.is_active)) {
        if let Some(person) = office.person(&it.id).filter(|person| found.iter().all(|known| known.id != person.id)) {
            found.push(person);
        }
    }
    found
}

fn colleague(person: &LinkedPerson, reason: ColleagueReason, office: &Office, outlets: &[Outlet]) -> Colleague {
    let (chats, is_chat_clear) = ways(person, office, outlets);
    Colleague {
        person: person.id.clone(),
        name: person.name.clone(),
        reason,
        chats,
        is_chat_clear,
        whereabouts: office.whereabouts(person, &person.id),
    }
}

/// Where a message reaches a colleague, the surest way first, and whether that one is surer than every other.
pub(crate) fn ways(person: &LinkedPerson, office: &Office, outlets: &[Outlet]) -> (Vec<ChatWay>, bool) {
    let entries: Vec<&Person> = office.entries(person).collect();
    let mut found: Vec<(Sureness, ChatWay)> = outlets.iter().flat_map(|it| ways_through(it, &entries)).collect();
    found.sort_by_key(|(sureness, _)| *sureness);
    let is_clear = match found.as_slice() {
        [] => false,
        [_] => true,
        [(first, _), (second, _), ..] => first < second,
    };
    (found.into_iter().map(|(_, way)| way).collect(), is_clear)
}

fn ways_through(outlet: &Outlet, entries: &[&Person]) -> Vec<(Sureness, ChatWay)> {
    let way = |address: &str| ChatWay { connection: outlet.connection.id.clone(), address: address.to_owned() };
    if outlet.has_directory {
        let known = entries.iter().filter(|it| it.connection == outlet.connection.id && it.is_active);
        return known
            .filter_map(|it| outlet.finds_by.iter().find_map(|kind| own_address(it, *kind)))
            .map(|(sureness, address)| (sureness, way(&address)))
            .collect();
    }
    if !outlet.finds_by.contains(&AddressKind::Email) {
        return Vec::new();
    }
    let mut emails: Vec<String> =
        entries.iter().filter(|it| it.is_active).filter_map(|it| address(it.email.as_deref()?)).collect();
    emails.sort_unstable();
    emails.dedup();
    emails.iter().map(|it| (Sureness::Address, way(it))).collect()
}

/// What a system's own directory has of a person.
fn own_address(person: &Person, kind: AddressKind) -> Option<(Sureness, String)> {
    match kind {
        AddressKind::Id => Some((Sureness::OwnId, person.external_id.clone())),
        AddressKind::Email => Some((Sureness::Listed, address(person.email.as_deref()?)?)),
        AddressKind::Username => Some((Sureness::Listed, person.username.clone().filter(|it| !it.is_empty())?)),
    }
}

#[cfg(test)]
mod tests;
