//! Where somebody is now, as far as bookings and telephones tell.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::person::Presence;
use crate::{PersonId, Time};

/// Where a person is now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Whereabouts {
    /// The person that was asked for.
    pub person: PersonId,
    /// What they are in now; several where they are expected in two places.
    pub now: Vec<Booked>,
    /// What they are in next today.
    pub next: Option<Booked>,
    /// Whether another colleague has the very same name, so that bookings under the name alone say nothing.
    pub is_name_shared: bool,
    /// What their telephone says.
    pub presence: Option<Presence>,
    /// When the oldest of the bookings were read; `None` where this month's were never read, so that nothing follows from there
    /// being none.
    pub read_at: Option<Time>,
}

/// A booking in short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Booked {
    /// Name of the room.
    pub room: String,
    /// What for.
    pub title: String,
    /// Begin.
    pub start: Time,
    /// End, exclusive.
    pub end: Time,
}
