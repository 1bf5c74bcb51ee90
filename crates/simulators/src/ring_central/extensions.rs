//! Who has an extension: the people, the queues behind the lines, and the menu before them.

use super::ids::ACCOUNT_ID;
use super::state::State;
use crate::generator::calls::LINES;
use crate::generator::people::Person;
use serde_json::{Value, json};
use std::sync::atomic::Ordering;

/// One extension of the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Extension {
    /// The person at this position.
    User(usize),
    /// The queue of the line at this position.
    Queue(usize),
    /// The menu that callers hear first.
    Menu,
}

const FIRST_QUEUE: i64 = 22_222_222;
const MENU: i64 = 22_300_000;

impl State {
    /// How often the API of extensions was asked for a guest (`glip-…`), who has none.
    pub fn guest_ids_at_extensions(&self) -> usize {
        self.guests.load(Ordering::SeqCst)
    }

    /// All extensions: the menu, the queues, the people.
    pub(super) fn extensions(&self) -> impl Iterator<Item = Extension> {
        let queues = (0..LINES.len()).map(Extension::Queue);
        let users = (0..self.people.len()).map(Extension::User);
        std::iter::once(Extension::Menu).chain(queues).chain(users)
    }

    /// The extension with this id, or the user's own for `~`.
    pub(super) fn extension(&self, id: &str) -> Option<Extension> {
        if id == "~" {
            return Some(Extension::User(self.me_index()));
        }
        let id: i64 = id.parse().ok()?;
        self.extensions().find(|it| self.extension_id(*it) == id)
    }

    /// The extension with this short number.
    pub(super) fn extension_numbered(&self, number: &str) -> Option<Extension> {
        self.extensions().find(|it| self.extension_number(*it) == number)
    }

    /// Its id, which may need more than 32 bits.
    pub(super) fn extension_id(&self, extension: Extension) -> i64 {
        match extension {
            Extension::User(index) => self.people[index].extension_id,
            Extension::Queue(line) => FIRST_QUEUE + line as i64 * 1_000,
            Extension::Menu => MENU,
        }
    }

    /// Its short number.
    pub(super) fn extension_number(&self, extension: Extension) -> String {
        if let Some(number) = self.changed_number(extension) {
            return number;
        }
        match extension {
            Extension::User(index) => self.people[index].extension_number.clone(),
            Extension::Queue(line) => format!("60{}", line + 1),
            Extension::Menu => "600".to_owned(),
        }
    }

    /// Its name, in Latin letters.
    pub(super) fn extension_name(&self, extension: Extension) -> String {
        match extension {
            Extension::User(index) => self.people[index].latin.clone(),
            Extension::Queue(line) => format!("{} Queue", LINES[line].name),
            Extension::Menu => "Main Menu".to_owned(),
        }
    }

    /// The number outside under which it is reached.
    pub(super) fn extension_phone(&self, extension: Extension) -> &str {
        match extension {
            Extension::User(index) => &self.people[index].phone,
            Extension::Queue(line) => LINES[line].number,
            Extension::Menu => LINES[0].number,
        }
    }

    /// Its record.
    pub(super) fn extension_record(&self, extension: Extension, base: &str) -> Value {
        let id = self.extension_id(extension);
        let mut record = json!({
            "uri": extension_uri(base, id),
            "id": id,
            "extensionNumber": self.extension_number(extension),
            "name": self.extension_name(extension),
            "type": kind(extension),
            "status": self.status_now(extension),
            "hidden": false,
            "site": { "id": "main-site", "name": "Main Site" },
        });
        if let Extension::User(index) = extension {
            let person = &self.people[index];
            let (first, last) = names(person);
            record["contact"] = json!({
                "firstName": first, "lastName": last, "email": person.email,
                "businessPhone": person.phone, "department": person.department, "company": "Frontdesk Example",
            });
            self.with_address_now(extension, &mut record["contact"]["email"]);
        }
        record
    }

    /// Its entry in the company's directory, where ids are strings.
    pub(super) fn directory_entry(&self, extension: Extension) -> Value {
        let mut entry = json!({
            "id": self.extension_id(extension).to_string(),
            "type": kind(extension),
            "status": self.status_now(extension),
            "extensionNumber": self.extension_number(extension),
            "account": { "id": ACCOUNT_ID, "companyName": "Frontdesk Example" },
            "site": { "id": "main-site", "name": "Main Site" },
            "phoneNumbers": [
                { "phoneNumber": self.extension_phone(extension), "type": "VoiceFax", "usageType": "DirectNumber" },
            ],
        });
        match extension {
            Extension::User(index) => {
                let person = &self.people[index];
                let (first, last) = names(person);
                entry["firstName"] = first.into();
                entry["lastName"] = last.into();
                entry["email"] = person.email.clone().into();
                self.with_address_now(extension, &mut entry["email"]);
                entry["department"] = person.department.clone().into();
            }
            Extension::Queue(_) | Extension::Menu => entry["name"] = self.extension_name(extension).into(),
        }
        entry
    }
}

/// Where an extension is.
pub(super) fn extension_uri(base: &str, id: i64) -> String {
    format!("{base}/restapi/v1.0/account/{ACCOUNT_ID}/extension/{id}")
}

/// Given and family name.
pub(super) fn names(person: &Person) -> (&str, &str) {
    person.latin.split_once(' ').unwrap_or((&person.latin, ""))
}

/// The vendor's word for the kind of extension.
pub(super) fn kind(extension: Extension) -> &'static str {
    match extension {
        Extension::User(_) => "User",
        Extension::Queue(_) => "Department",
        Extension::Menu => "IvrMenu",
    }
}

/// The vendor's word for its state: every fiftieth person has not signed in yet.
pub(super) fn status(extension: Extension) -> &'static str {
    match extension {
        Extension::User(index) if index % 50 == 49 => "NotActivated",
        Extension::User(_) | Extension::Queue(_) | Extension::Menu => "Enabled",
    }
}
