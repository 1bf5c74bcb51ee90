//! One directory: people of all systems, linked across them, and who a number, an address or an id means.

use std::collections::{HashMap, HashSet};

use model::connection::Connection;
use model::customer::Customer;
use model::matching::{Match, MatchKind, MatchReason};
use model::person::{LinkedPerson, Person, PersonKind};
use model::{Failure, PersonId};

use crate::console::Console;
use crate::links::{Directory, address, person};
use crate::numbers::Number;

impl Console {
    /// Colleagues whose name, address or number holds the text in any system, linked across systems. Queues, programs and guests
    /// are left out.
    ///
    /// # Errors
    /// Where the cache cannot be read.
    pub async fn people_list(&self, search: &str) -> Result<Vec<LinkedPerson>, Failure> {
        let search = search.to_owned();
        let (directory, found) = self
            .0
            .store
            .read(move |r| {
                let found = if search.trim().is_empty() { None } else { Some(store::people::find(r, &search)?) };
                Ok((Directory::read(r)?, found))
            })
            .await?;
        let linked = self.with_presence(directory.link().people);
        let Some(found) = found else { return Ok(linked) };
        // A name may be written differently in each system: whoever is found in one is shown with all.
        let found: HashSet<PersonId> = found.into_iter().map(|person| person.id).collect();
        Ok(linked.into_iter().filter(|it| it.identities.iter().any(|one| found.contains(&one.id))).collect())
    }

    /// Everybody whom a telephone number in any written form, an extension, an e-mail address or an id means, with the reason.
    /// An id that the cache does not know is asked of every system that can tell of guests.
    ///
    /// # Errors
    /// Where the cache cannot be read. What a system answers that had to be asked, if none of them knew anybody.
    pub async fn people_match(&self, text: &str) -> Result<Vec<Match>, Failure> {
        let wanted = Wanted::read(text);
        let (directory, customers) = self.candidates(&wanted).await?;
        let mut found = matches(&wanted, &directory);
        found.extend(customers.into_iter().filter_map(|it| customer(&wanted, it)));
        if found.is_empty() && wanted.may_be_id {
            let strangers = self.strangers(&wanted.text).await?;
            found = strangers
                .into_iter()
                .filter_map(|it| alone(&it, &directory.connections).map(|one| (it.kind, one)))
                .map(|(kind, one)| matched(kind_of(kind), MatchReason::Id, Some(one), None))
                .collect();
        }
        found.sort_by_key(|it| (it.reason, it.kind));
        Ok(found)
    }

    async fn candidates(&self, wanted: &Wanted) -> Result<(Directory, Vec<Customer>), Failure> {
        let text = wanted.text.clone();
        let digits = wanted.number.as_ref().and_then(Number::national);
        self.0
            .store
            .read(move |r| {
                let mut customers = store::customers::with_id(r, &text)?;
                for text in std::iter::once(&text).chain(&digits) {
                    customers.extend(store::customers::find(r, text)?);
                }
                let mut seen = HashSet::new();
                customers.retain(|it| seen.insert(it.id.clone()));
                Ok((Directory::read(r)?, customers))
            })
            .await
    }

    /// Those whom the systems know by this id though their directories do not list them.
    async fn strangers(&self, id: &str) -> Result<Vec<Person>, Failure> {
        let (mut found, mut trouble) = (Vec::new(), None);
        for view in self.connections_list().await? {
            let own = id.strip_prefix(view.id.as_str()).and_then(|rest| rest.strip_prefix('/')).unwrap_or(id);
            let known = async {
                let Some(port) = self.session(&view.id).await?.people else { return Ok(Vec::new()) };
                port.look_up(&[own.to_owned()]).await
            };
            match known.await {
                Ok(people) => found.extend(people.into_iter().filter(|it| it.external_id == own)),
                Err(failure) => trouble = trouble.or(Some(failure)),
            }
        }
        match trouble {
            Some(failure) if found.is_empty() => Err(failure),
            Some(_) | None => Ok(found),
        }
    }
}

/// What was typed, read in every way that it can be meant.
struct Wanted {
    text: String,
    number: Option<Number>,
    email: Option<String>,
    /// Whether a system may be asked for somebody with this id: whatever cannot be meant as a telephone number or an address.
    may_be_id: bool,
}

impl Wanted {
    fn read(text: &str) -> Self {
        let text = text.trim().to_owned();
        let (number, email) = (Number::read(&text), address(&text));
        let is_dialled = text.starts_with(['+', '0', '(', '０', '＋']);
        let may_be_id = !text.is_empty() && email.is_none() && !is_dialled && !text.contains(char::is_whitespace);
        Self { text, number, email, may_be_id }
    }

    /// Why a person is meant, the strongest reason; `None` where they are not.
    fn means(&self, person: &Person) -> Option<MatchReason> {
        let is_text = |it: Option<&str>| it.is_some_and(|it| !self.text.is_empty() && it == self.text);
        let ids = [Some(person.id.as_str()), Some(&person.external_id), person.username.as_deref()];
        let is_email = self.email.is_some() && person.email.as_deref().and_then(address) == self.email;
        let has_number = || person.numbers.iter().any(|written| self.is_number(written));
        let extension = model::text::fold(&self.text);
        if ids.into_iter().any(is_text) {
            Some(MatchReason::Id)
        } else if is_email {
            Some(MatchReason::Email)
        } else if has_number() {
            Some(MatchReason::Number)
        } else if person.extension.as_deref().is_some_and(|it| !it.is_empty() && it == extension) {
            Some(MatchReason::Extension)
        } else {
            None
        }
    }

    fn is_number(&self, written: &str) -> bool {
        self.number.as_ref().zip(Number::read(written)).is_some_and(|(one, two)| one.is(&two))
    }
}

/// Entries of directories that are meant; a colleague once, with every system that knows them.
fn matches(wanted: &Wanted, directory: &Directory) -> Vec<Match> {
    let Directory { people, connections, .. } = directory;
    let mut found = Vec::new();
    let reasons: HashMap<&PersonId, MatchReason> =
        people.iter().filter_map(|person| Some((&person.id, wanted.means(person)?))).collect();
    for one in directory.link().people {
        if let Some(reason) = one.identities.iter().filter_map(|it| reasons.get(&it.id).copied()).min() {
            found.push(matched(MatchKind::Colleague, reason, Some(one), None));
        }
    }
    for person in people.iter().filter(|it| it.kind != PersonKind::User) {
        if let Some((reason, one)) = reasons.get(&person.id).zip(alone(person, connections)) {
            found.push(matched(kind_of(person.kind), *reason, Some(one), None));
        }
    }
    found
}

fn customer(wanted: &Wanted, customer: Customer) -> Option<Match> {
    let is_email = wanted.email.is_some() && customer.email.as_deref().and_then(address) == wanted.email;
    let has_number = || customer.numbers.iter().any(|it| wanted.is_number(it.e164.as_deref().unwrap_or(&it.raw)));
    let reason = if customer.id.as_str() == wanted.text || customer.external_id == wanted.text {
        MatchReason::Id
    } else if is_email {
        MatchReason::Email
    } else if has_number() {
        MatchReason::Number
    } else {
        return None;
    };
    Some(matched(MatchKind::Customer, reason, None, Some(customer)))
}

fn matched(kind: MatchKind, reason: MatchReason, person: Option<LinkedPerson>, customer: Option<Customer>) -> Match {
    Match { kind, reason, person, customer }
}

fn kind_of(kind: PersonKind) -> MatchKind {
    match kind {
        PersonKind::User => MatchKind::Colleague,
        PersonKind::Guest => MatchKind::Guest,
        PersonKind::Queue => MatchKind::Queue,
        PersonKind::Bot => MatchKind::Bot,
    }
}

/// An entry of a directory by itself.
pub(crate) fn alone(entry: &Person, connections: &[Connection]) -> Option<LinkedPerson> {
    let connection = connections.iter().find(|it| it.id == entry.connection)?;
    person(&[(entry, None)], &HashMap::from([(&connection.id, connection)]))
}
