//! Users as the server lists them.

use model::listed_room::RoomPerson;
use model::person::{Person, PersonKind};
use model::{ConnectionId, PersonId};
use serde::Deserialize;

use super::lenient;

/// A page of `users.list`.
#[derive(Deserialize)]
pub(crate) struct Users {
    pub(crate) users: Vec<User>,
    /// How many there are on all pages.
    #[serde(default, deserialize_with = "lenient")]
    pub(crate) total: Option<usize>,
}

/// A page of the members of a room.
#[derive(Deserialize)]
pub(crate) struct Members {
    pub(crate) members: Vec<User>,
    /// How many there are on all pages.
    #[serde(default, deserialize_with = "lenient")]
    pub(crate) total: Option<usize>,
}

/// The answer to `users.info`.
#[derive(Deserialize)]
pub(crate) struct InfoOfUser {
    pub(crate) user: User,
}

/// A user. Only the id is always there.
#[derive(Deserialize)]
pub(crate) struct User {
    #[serde(rename = "_id")]
    pub(crate) id: String,
    #[serde(default, deserialize_with = "lenient")]
    pub(crate) username: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    name: Option<String>,
    #[serde(default, rename = "type", deserialize_with = "lenient")]
    kind: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    active: Option<bool>,
    #[serde(default, deserialize_with = "lenient")]
    roles: Option<Vec<String>>,
    #[serde(default, deserialize_with = "lenient")]
    emails: Option<Vec<Email>>,
    #[serde(default, rename = "freeSwitchExtension", deserialize_with = "lenient")]
    extension: Option<String>,
}

#[derive(Deserialize)]
struct Email {
    #[serde(default)]
    address: String,
}

impl User {
    /// Whether one of the user's addresses is this one; `None` where the token may not see addresses.
    pub(crate) fn has_email(&self, address: &str) -> Option<bool> {
        let emails = self.emails.as_ref().filter(|emails| !emails.is_empty())?;
        Some(emails.iter().any(|email| email.address.eq_ignore_ascii_case(address)))
    }

    fn kind(&self) -> PersonKind {
        let is = |word: &str| {
            self.kind.as_deref() == Some(word) || self.roles.iter().flatten().any(|role| role.as_str() == word)
        };
        if ["bot", "app"].into_iter().any(is) {
            PersonKind::Bot
        } else if ["guest", "visitor", "anonymous"].into_iter().any(is) {
            PersonKind::Guest
        } else {
            PersonKind::User
        }
    }

    /// The user as somebody in a room.
    pub(crate) fn into_room_person(self) -> RoomPerson {
        let username = self.username.unwrap_or_default();
        let name = self.name.filter(|it| !it.trim().is_empty()).unwrap_or_else(|| username.clone());
        RoomPerson { external_id: self.id, name, username }
    }

    /// The user as a person of this connection.
    pub(crate) fn into_person(self, connection: &ConnectionId) -> Person {
        let kind = self.kind();
        let filled = |text: Option<String>| text.map(|it| it.trim().to_owned()).filter(|it| !it.is_empty());
        let username = filled(self.username);
        let email = self.emails.into_iter().flatten().map(|email| email.address).find(|it| !it.is_empty());
        Person {
            id: PersonId(format!("{connection}/{}", self.id)),
            connection: connection.clone(),
            name: filled(self.name).or_else(|| username.clone()).unwrap_or_else(|| self.id.clone()),
            external_id: self.id,
            email,
            username,
            numbers: Vec::new(),
            extension: filled(self.extension),
            kind,
            is_active: self.active.unwrap_or(true),
        }
    }
}
