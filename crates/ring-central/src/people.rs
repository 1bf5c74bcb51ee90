//! People: every extension of the account, of which only those of type `User` are persons, with the numbers of the directory; and
//! whoever else the chats know.

use std::collections::HashMap;
use std::time::Duration;

use async_trait::async_trait;
use model::person::{Person, PersonKind, Presence};
use model::ports::{People, Presences};
use model::{ConnectionId, Failure, PersonId, Reason, Time, phone};
use rest::Request;
use serde::de::DeserializeOwned;

use crate::client::{Client, HEAVY, LIGHT, MEDIUM, in_path};
use crate::wire::{DirectoryEntry, Entry, GlipPerson, Page, PresenceEntry};

/// Entries of a page.
const PORTION: &str = "1000";
/// More pages than any account has; a server that never ends its pages is left there.
const MOST_PAGES: u32 = 1_000;
/// How long the directory is believed within a session: it only adds numbers, and those change rarely.
const DIRECTORY_LASTS: Duration = Duration::from_secs(1_800);
/// What the ids begin with of persons who have no extension, such as guests of a chat.
const GUEST: &str = "glip-";

/// The directory as it was read last.
pub(crate) type Directory = Option<(Time, Vec<Person>)>;

#[async_trait]
impl People for Client {
    async fn people(&self) -> Result<Vec<Person>, Failure> {
        let extensions: Result<Vec<Entry>, _> = self.every("restapi/v1.0/account/~/extension", MEDIUM, &[]).await;
        if let Err(failure) = &extensions
            && !matches!(failure, Failure::Refused(_))
        {
            return Err(failure.clone());
        }
        // Whoever may not list extensions may still look into the directory, and the other way round.
        match (extensions, self.directory().await) {
            (Ok(extensions), Ok(directory)) => Ok(joined(self.people_of(&extensions), directory)),
            (Ok(extensions), Err(Failure::Refused(_))) => Ok(self.people_of(&extensions)),
            (Err(refused), Ok(directory)) if directory.is_empty() => Err(refused),
            (Err(_), Ok(directory)) => Ok(directory),
            (Err(failure), Err(Failure::Refused(_))) | (_, Err(failure)) => Err(failure),
        }
    }

    async fn look_up(&self, ids: &[String]) -> Result<Vec<Person>, Failure> {
        let mut found = Vec::new();
        for id in ids {
            if let Some(person) = self.person(id).await? {
                found.push(person);
            }
        }
        Ok(found)
    }
}

#[async_trait]
impl Presences for Client {
    async fn presences(&self) -> Result<Vec<Presence>, Failure> {
        let detailed = [("detailedTelephonyState", "true")];
        let entries: Vec<PresenceEntry> = self.every("restapi/v1.0/account/~/presence", HEAVY, &detailed).await?;
        Ok(entries.iter().filter_map(PresenceEntry::presence).collect())
    }
}

impl Client {
    fn people_of(&self, extensions: &[Entry]) -> Vec<Person> {
        extensions.iter().filter_map(|entry| person(entry, &self.connection)).collect()
    }

    /// The entries of every page of a list; single odd ones are left out.
    async fn every<T: DeserializeOwned>(
        &self,
        path: &str,
        group: &'static str,
        pairs: &[(&str, &str)],
    ) -> Result<Vec<T>, Failure> {
        let mut entries = Vec::new();
        for number in 1..=MOST_PAGES {
            let make = || {
                let list = pairs.iter().fold(Request::get(path).group(group), |it, (key, value)| it.query(key, *value));
                list.query("page", number.to_string()).query("perPage", PORTION)
            };
            let page: Page = self.ask(make).await?.json()?;
            entries.extend(page.records.iter().filter_map(|raw| serde_json::from_str::<T>(raw.get()).ok()));
            if page.records.is_empty() || !has_next(&page, number) {
                break;
            }
        }
        Ok(entries)
    }

    /// The company directory; that of other companies only where it was asked for, because the vendor adds those by itself.
    async fn directory(&self) -> Result<Vec<Person>, Failure> {
        let mut kept = self.directory.lock().await;
        let now = self.clock.now();
        if let Some((at, people)) = kept.as_ref()
            && now < at.plus(DIRECTORY_LASTS)
        {
            return Ok(people.clone());
        }
        let federated = [("showFederated", if self.knows_other_companies { "true" } else { "false" })];
        let path = "restapi/v1.0/account/~/directory/entries";
        let entries: Vec<DirectoryEntry> = match (self.every(path, MEDIUM, &federated).await, kept.as_ref()) {
            // What was read before is better than numbers that come and go with the network.
            (Err(Failure::Offline(_) | Failure::SlowDown(..)), Some((_, people))) => return Ok(people.clone()),
            (entries, _) => entries?,
        };
        let people: Vec<_> = entries.iter().filter_map(|entry| listed(entry, &self.connection)).collect();
        *kept = Some((now, people.clone()));
        Ok(people)
    }

    /// One person by id. An id of a guest is never asked for among the extensions.
    async fn person(&self, id: &str) -> Result<Option<Person>, Failure> {
        if !id.starts_with(GUEST) {
            let path = format!("restapi/v1.0/account/~/extension/{}", in_path(id));
            match self.ask(|| Request::get(&path).group(LIGHT)).await {
                Ok(answer) => return Ok(person(&answer.json()?, &self.connection)),
                Err(failure) if is_nobody(&failure) => {}
                Err(failure) => return Err(failure),
            }
        }
        let path = format!("{}/persons/{}", self.messaging, in_path(id));
        match self.ask(|| Request::get(&path).group(LIGHT)).await {
            Ok(answer) => Ok(guest(&answer.json()?, &self.connection)),
            Err(failure) if is_nobody(&failure) => Ok(None),
            Err(failure) => Err(failure),
        }
    }
}

fn is_nobody(failure: &Failure) -> bool {
    matches!(failure, Failure::Refused(why) if matches!(why.reason, Reason::NotFound | Reason::NoPermission | Reason::SystemRefused))
}

/// The link to a next page decides; where no links come, the count of pages does.
fn has_next(page: &Page, number: u32) -> bool {
    match &page.navigation {
        Some(navigation) => navigation.next_page.is_some(),
        None => {
            let paging = page.paging.as_ref();
            paging.and_then(|it| it.total_pages.0.parse::<u32>().ok()).is_some_and(|total| number < total)
        }
    }
}

/// The people of the extensions with what the directory adds: further numbers, and people who are in it alone.
fn joined(mut people: Vec<Person>, directory: Vec<Person>) -> Vec<Person> {
    let places: HashMap<String, usize> =
        people.iter().enumerate().map(|(at, person)| (person.external_id.clone(), at)).collect();
    for entry in directory {
        let Some(person) = places.get(&entry.external_id).and_then(|at| people.get_mut(*at)) else {
            people.push(entry);
            continue;
        };
        for number in entry.numbers {
            if !person.numbers.iter().any(|known| phone::digits(known) == phone::digits(&number)) {
                person.numbers.push(number);
            }
        }
        person.email = person.email.take().or(entry.email);
    }
    people
}

fn whole_name(first: &str, last: &str) -> Option<String> {
    Some(format!("{first} {last}").trim().to_owned()).filter(|it| !it.is_empty())
}

fn nobody_yet(external_id: String, connection: &ConnectionId) -> Person {
    Person {
        id: PersonId(format!("{connection}/{external_id}")),
        connection: connection.clone(),
        name: external_id.clone(),
        email: None,
        username: None,
        numbers: Vec::new(),
        extension: None,
        kind: PersonKind::Guest,
        is_active: true,
        external_id,
    }
}

fn person(entry: &Entry, connection: &ConnectionId) -> Option<Person> {
    let external_id = entry.id.owned()?;
    let whole = whole_name(&entry.contact.first_name.0, &entry.contact.last_name.0);
    let name = entry.name.owned().or(whole).or_else(|| entry.extension_number.owned());
    let numbers = [&entry.contact.business_phone, &entry.contact.mobile_phone];
    Some(Person {
        name: name.unwrap_or_else(|| external_id.clone()),
        email: entry.contact.email.owned(),
        numbers: numbers.into_iter().filter_map(|it| it.owned()).collect(),
        extension: entry.extension_number.owned(),
        kind: if entry.kind.0 == "User" { PersonKind::User } else { PersonKind::Queue },
        is_active: entry.status.0 == "Enabled",
        ..nobody_yet(external_id, connection)
    })
}

/// Whoever the directory alone knows is from another company, or somebody whose extension this account may not see.
fn listed(entry: &DirectoryEntry, connection: &ConnectionId) -> Option<Person> {
    let external_id = entry.id.owned()?;
    let name = entry.name.owned().or_else(|| whole_name(&entry.first_name.0, &entry.last_name.0));
    let is_person = entry.kind.some().is_none_or(|kind| kind == "User");
    Some(Person {
        name: name.unwrap_or_else(|| external_id.clone()),
        email: entry.email.owned(),
        numbers: entry.phone_numbers.iter().filter_map(|it| it.phone_number.owned()).collect(),
        extension: entry.extension_number.owned(),
        kind: if is_person { PersonKind::Guest } else { PersonKind::Queue },
        is_active: entry.status.some().is_none_or(|status| status == "Enabled"),
        ..nobody_yet(external_id, connection)
    })
}

fn guest(entry: &GlipPerson, connection: &ConnectionId) -> Option<Person> {
    let name = whole_name(&entry.first_name.0, &entry.last_name.0);
    let person = nobody_yet(entry.id.owned()?, connection);
    Some(Person { name: name.unwrap_or_else(|| person.name.clone()), email: entry.email.owned(), ..person })
}
