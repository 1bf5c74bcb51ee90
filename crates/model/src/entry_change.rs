//! What changed in address books and directories. Systems do not tell changes: each reading is compared with the one before it, so
//! that what is said here is what was seen, and when it was seen, never when it was done.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{ConnectionId, Time};

/// One change of one customer or person, as two readings showed it; or of many at once, which are only counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct EntryChange {
    /// The connection whose entry it is.
    pub connection: ConnectionId,
    /// The system's id of the entry, which may be gone; empty where they are many.
    pub external_id: String,
    /// Whose list it is in.
    pub list: EntryList,
    /// What became of it.
    pub kind: EntryChangeKind,
    /// The name that it has, or had last; empty where they are many.
    pub name: String,
    /// What stood there before; `None` where nothing did, or where the kind says all.
    pub before: Option<String>,
    /// What stands there now; `None` where nothing does, or where the kind says all.
    pub after: Option<String>,
    /// How many entries it is said of.
    pub count: u32,
    /// When the reading came that showed it.
    pub seen_at: Time,
}

/// A list with entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum EntryList {
    /// The customers of an address book.
    Customers,
    /// The people of a directory; never a queue, a program or a guest.
    People,
}

/// What became of an entry. Where several things of it changed each is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum EntryChangeKind {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It has another name.
    Renamed,
    /// It has another company.
    Company,
    /// It has other telephone numbers.
    Numbers,
    /// It has another extension number.
    Extension,
    /// It was switched off in its system.
    SwitchedOff,
    /// It was switched on again in its system.
    SwitchedOn,
}
