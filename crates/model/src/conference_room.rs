//! Conference rooms and their bookings: read only, because no connected system offers to change them.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::holiday::Holiday;
use crate::room_overlay::OpenHours;
use crate::{ConnectionId, Day, Raw, ReservationId, RoomId, Time};

/// A conference room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Room {
    /// Id here.
    pub id: RoomId,
    /// Which connection told.
    pub connection: ConnectionId,
    /// The system's id, or its name where it gives none.
    pub external_id: String,
    /// Name.
    pub name: String,
    /// Seats.
    pub capacity: Option<u32>,
    /// Floor, building or area.
    pub place: Option<String>,
    /// Remarks.
    pub note: Option<String>,
    /// What is in it.
    pub equipment: Vec<String>,
    /// When it can be used, where this desk says so; `None` for the opening hours of the office. No system tells it, and what shows
    /// rooms is told the instants instead.
    #[serde(skip)]
    pub hours: Option<OpenHours>,
    /// The untouched record.
    pub raw: Raw,
}

/// A booking. `end` is exclusive and never before `start`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Reservation {
    /// Id here.
    pub id: ReservationId,
    /// Which connection told.
    pub connection: ConnectionId,
    /// The system's own id, which several may share where one repeats; `None` where it gives none. Readings are compared by it;
    /// nobody else needs it.
    #[serde(skip)]
    pub own_id: Option<String>,
    /// The room.
    pub room_id: RoomId,
    /// What for.
    pub title: String,
    /// Who booked it.
    pub owner: Option<String>,
    /// Names, addresses and ids of those who booked it and take part, as the system tells them.
    #[serde(default)]
    pub people: Vec<String>,
    /// Begin.
    pub start: Time,
    /// End, exclusive.
    pub end: Time,
    /// Whether it is for whole days.
    pub all_day: bool,
    /// The untouched record.
    pub raw: Raw,
}

/// An entry that could not be placed on the board. It is kept and shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Unplaced {
    /// Why.
    pub reason: UnplacedReason,
    /// The field, value or room that is the trouble.
    pub words: String,
    /// Its title, where one could be read.
    pub title: String,
    /// The system's own id, where one could be read; nobody but the comparison of readings needs it.
    #[serde(skip)]
    pub own_id: Option<String>,
    /// The untouched record.
    pub raw: Raw,
}

/// Why an entry could not be placed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum UnplacedReason {
    /// No begin that can be read.
    NoStart,
    /// No end that can be read.
    NoEnd,
    /// Ends before it starts.
    EndsBeforeStart,
    /// The room is not in the list of rooms.
    NoSuchRoom,
    /// Not an object at all.
    NotReadable,
}

/// The time that one question about bookings covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Period {
    /// A whole month; the day within is of no meaning.
    Month(Day),
    /// One day.
    Day(Day),
}

/// What a system answers about bookings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bookings {
    /// Bookings of known rooms, with the system's own ids (the store makes ours).
    pub reservations: Vec<Reservation>,
    /// What could not be placed.
    pub unplaced: Vec<Unplaced>,
}

/// When a room can be used on a day, by hours of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct RoomHours {
    /// The room.
    pub room: RoomId,
    /// From when on.
    pub opens_at: Time,
    /// Until when.
    pub closes_at: Time,
}

/// The board of one day over all connections.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct RoomBoard {
    /// The day.
    pub day: Day,
    /// First instant of the day where the rooms are.
    pub begins_at: Time,
    /// First instant of the next day.
    pub ends_at: Time,
    /// IANA zone of the rooms, such as `Asia/Tokyo`; empty for the computer's own.
    pub zone: String,
    /// When the office opens. What is outside of its hours is shaded and counts in no share, but can be free.
    pub opens_at: Time,
    /// When it closes.
    pub closes_at: Time,
    /// Whether it is a Saturday or Sunday.
    pub is_weekend: bool,
    /// The holiday that it is.
    pub holiday: Option<Holiday>,
    /// Every room.
    pub rooms: Vec<Room>,
    /// Rooms with hours of their own. Outside of them such a room is closed and not free.
    pub hours: Vec<RoomHours>,
    /// Bookings that touch the day.
    pub reservations: Vec<Reservation>,
    /// What could not be placed in this day's month.
    pub unplaced: Vec<Unplaced>,
    /// When the oldest part of this was read; `None` where this month was never read.
    pub read_at: Option<Time>,
}
