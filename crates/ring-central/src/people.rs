//! People: every extension of the account, of which only those of type `User` are persons.

use async_trait::async_trait;
use model::person::{Person, PersonKind};
use model::ports::People;
use model::{ConnectionId, Failure, PersonId};
use rest::Request;

use crate::client::{Client, MEDIUM};
use crate::wire::{Entry, Page};

/// Entries of a page.
const PORTION: &str = "1000";
/// More pages than any account has; a server that never ends its pages is left there.
const MOST_PAGES: u32 = 1_000;

#[async_trait]
impl People for Client {
    async fn people(&self) -> Result<Vec<Person>, Failure> {
        let mut people = Vec::new();
        for number in 1..=MOST_PAGES {
            let make = || {
                let list = Request::get("restapi/v1.0/account/~/extension").group(MEDIUM);
                list.query("page", number.to_string()).query("perPage", PORTION)
            };
            let page: Page = self.ask(make).await?.json()?;
            let entries = page.records.iter().filter_map(|raw| serde_json::from_str::<Entry>(raw.get()).ok());
            people.extend(entries.filter_map(|entry| person(&entry, &self.connection)));
            if page.records.is_empty() || !has_next(&page, number) {
                break;
            }
        }
        Ok(people)
    }
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

fn person(entry: &Entry, connection: &ConnectionId) -> Option<Person> {
    let external_id = entry.id.owned()?;
    let whole = [&entry.contact.first_name, &entry.contact.last_name];
    let whole = whole.into_iter().filter_map(|it| it.some()).collect::<Vec<_>>().join(" ");
    let name = entry.name.owned().or_else(|| Some(whole).filter(|it| !it.is_empty()));
    let name = name.or_else(|| entry.extension_number.owned()).unwrap_or_else(|| external_id.clone());
    let numbers = [&entry.contact.business_phone, &entry.contact.mobile_phone];
    Some(Person {
        id: PersonId(format!("{connection}/{external_id}")),
        connection: connection.clone(),
        name,
        email: entry.contact.email.owned(),
        username: None,
        numbers: numbers.into_iter().filter_map(|it| it.owned()).collect(),
        extension: entry.extension_number.owned(),
        kind: if entry.kind.0 == "User" { PersonKind::User } else { PersonKind::Queue },
        is_active: entry.status.0 == "Enabled",
        external_id,
    })
}
