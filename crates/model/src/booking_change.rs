//! What changed in bookings. Systems do not tell changes: each reading of a month is compared with the one before it, so that
//! what is said here is what was seen, and when it was seen, never when it was done.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::entry_change::EntryChange;
use crate::{ConnectionId, ReservationId, RoomId, Time};

/// Changes of bookings, customers and people that were seen since a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct BookingChanges {
    /// Since when.
    pub since: Time,
    /// When the last shift was handed over; `None` where that was not done within the last days.
    pub handed_over_at: Option<Time>,
    /// Since when each reading of this month could be compared with the one before; where that is later than `since`, nobody
    /// knows what changed before it. `None` where this month was not read yet.
    pub compared_from: Option<Time>,
    /// IANA zone of the rooms, such as `Asia/Tokyo`; empty for the computer's own.
    pub zone: String,
    /// The changes, the one seen last first; not more than two hundred.
    pub changes: Vec<BookingChange>,
    /// How many there are in all, also where not all of them are listed.
    pub count: u32,
    /// Changes of customers and people in the same time, the one seen last first; not more than two hundred.
    pub entries: Vec<EntryChange>,
    /// How many of those there are in all.
    pub entry_count: u32,
}

/// One change of one booking, as two readings showed it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct BookingChange {
    /// The connection that the booking is of.
    pub connection: ConnectionId,
    /// The booking, which may be gone.
    pub reservation: ReservationId,
    /// What became of it.
    pub kind: BookingChangeKind,
    /// How it stood before; `None` where it is new.
    pub before: Option<BookingThen>,
    /// How it stood afterwards; `None` where it is gone.
    pub after: Option<BookingThen>,
    /// Whether its system names it by an id. Where it does not, a booking that was moved or renamed cannot be recognised: it is
    /// one that is gone and one that is new.
    pub has_id: bool,
    /// When the reading came that showed it.
    pub seen_at: Time,
}

/// What became of a booking. Where several things of it changed it is the first of these that fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum BookingChangeKind {
    /// It is new.
    Added,
    /// It is gone from its month.
    Cancelled,
    /// It has another begin or end.
    Moved,
    /// It is in another room.
    OtherRoom,
    /// It has another title.
    Renamed,
}

/// A booking as it stood at one reading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct BookingThen {
    /// The room.
    pub room_id: RoomId,
    /// The name that the room had then.
    pub room: String,
    /// What for; may be empty.
    pub title: String,
    /// Who booked it.
    pub owner: Option<String>,
    /// Begin.
    pub start: Time,
    /// End, exclusive.
    pub end: Time,
    /// Whether it is for whole days.
    pub all_day: bool,
}

/// Since when changes are shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum ChangesSince {
    /// Half past five of the last working day before today: on a Monday that of Friday. Holidays are not known.
    #[default]
    Evening,
    /// The beginning of today.
    Midnight,
    /// The last hand-over; where there was none within the last days, as [`ChangesSince::Evening`].
    HandOver,
}
