//! People known to a system, and one person linked across systems.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{ConnectionId, PersonId, SystemId};

/// A person, or something that looks like one, as one system knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Person {
    /// Id here.
    pub id: PersonId,
    /// Which connection told.
    pub connection: ConnectionId,
    /// The system's id.
    pub external_id: String,
    /// Name.
    pub name: String,
    /// E-mail address.
    pub email: Option<String>,
    /// Account name, where the system has one.
    pub username: Option<String>,
    /// Telephone numbers as given.
    pub numbers: Vec<String>,
    /// Short number inside the office.
    pub extension: Option<String>,
    /// What it really is.
    pub kind: PersonKind,
    /// Whether the account is in use.
    pub is_active: bool,
}

/// What an entry of a directory is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum PersonKind {
    /// A colleague.
    User,
    /// Somebody from outside.
    Guest,
    /// A queue, a menu, a shared line.
    Queue,
    /// A program.
    Bot,
}

/// One person across systems, as `people list` shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct LinkedPerson {
    /// The id of the first identity.
    pub id: PersonId,
    /// Name.
    pub name: String,
    /// E-mail address.
    pub email: Option<String>,
    /// Every system that knows this person.
    pub identities: Vec<Identity>,
}

/// One system's knowledge of a person, and why it is the same one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Identity {
    /// Id here.
    pub id: PersonId,
    /// Connection.
    pub connection: ConnectionId,
    /// Kind of system.
    pub system: SystemId,
    /// The system's id.
    pub external_id: String,
    /// Why it is linked; `None` for the first.
    pub reason: Option<LinkReason>,
}

/// Why two identities are one person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum LinkReason {
    /// The same id in both.
    SameId,
    /// The same e-mail address.
    SameEmail,
    /// The same telephone number.
    SameNumber,
}

/// Whether somebody is there, as a system tells it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Presence {
    /// The system's id of the person.
    pub external_id: String,
    /// Whether they can be reached.
    pub availability: Availability,
    /// Whether they speak on the telephone, or their telephone rings.
    pub is_on_call: bool,
}

/// Whether somebody can be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Availability {
    /// Can be reached.
    Available,
    /// Busy.
    Busy,
    /// Does not want to be disturbed.
    DoNotDisturb,
    /// Not there.
    Offline,
    /// A word that we do not know.
    Unknown,
}
