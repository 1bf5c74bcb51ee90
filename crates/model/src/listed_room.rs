//! Rooms that a system lists itself, with who is in them, and what it takes to make or rename one.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::ConnectionId;

/// A room as its system lists it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct ListedRoom {
    /// Through which connection.
    pub connection: ConnectionId,
    /// The system's id.
    pub external_id: String,
    /// The name on screen.
    pub name: String,
    /// The name in addresses, where it is another one.
    pub address: String,
    /// Whether only its members know of it.
    pub is_private: bool,
    /// How many are in it, where the system tells.
    pub people: Option<u32>,
    /// Whether our account is in it.
    pub is_joined: bool,
}

/// Somebody in such a room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct RoomPerson {
    /// The system's id of the person.
    pub external_id: String,
    /// Name.
    pub name: String,
    /// User name.
    pub username: String,
}

/// A room that is to be made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct NewListedRoom {
    /// Name.
    pub name: String,
    /// Whether only its members know of it.
    pub is_private: bool,
    /// User names of those who are in it from the start, beside our account.
    pub members: Vec<String>,
}
