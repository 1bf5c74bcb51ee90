//! How rooms are used over several days: what a week and a month of all rooms show, and no more. Records of systems stay where they
//! are: a house of five hundred rooms has thousands of bookings in a month.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::conference_room::{Reservation, Room};
use crate::holiday::Holiday;
use crate::{Day, RoomId, Time};

/// Some days of all rooms, as the cache has them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct RoomCalendar {
    /// IANA zone of the rooms, such as `Asia/Tokyo`; empty for the computer's own.
    pub zone: String,
    /// The days, without a gap.
    pub days: Vec<CalendarDay>,
    /// The months that the days are of, and when each was read.
    pub months: Vec<MonthRead>,
    /// Every room in its order.
    pub rooms: Vec<RoomLine>,
    /// How many entries of these months could not be placed.
    pub unplaced: u32,
}

/// One day of a calendar, where the rooms are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct CalendarDay {
    /// The day.
    pub day: Day,
    /// Its first instant.
    pub begins_at: Time,
    /// First instant of the next day.
    pub ends_at: Time,
    /// When rooms open.
    pub opens_at: Time,
    /// When they close.
    pub closes_at: Time,
    /// Whether it is a Saturday or Sunday.
    pub is_weekend: bool,
    /// The holiday that it is.
    pub holiday: Option<Holiday>,
}

/// When a month of bookings was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct MonthRead {
    /// The first day of the month.
    pub month: Day,
    /// When the oldest reading of it came; `None` where a connection was never asked for it.
    pub read_at: Option<Time>,
}

/// One room over the days of a calendar. Each list has one entry a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct RoomLine {
    /// The room, without its record.
    pub room: Room,
    /// Per cent of the opening hours that are booked, from 0 to 100; 1 where it is less than that but not nothing.
    pub used: Vec<u8>,
    /// How many bookings touch the day.
    pub bookings: Vec<u16>,
    /// How many times bookings overlap.
    pub overlaps: Vec<u16>,
    /// The stretches that are booked, in minutes after the first instant of the day; empty where not asked for.
    pub times: Vec<Vec<BookedTime>>,
}

/// A stretch of a day that is booked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct BookedTime(
    /// Begin, in minutes after the first instant of the day.
    pub u16,
    /// End, exclusive.
    pub u16,
);

/// The bookings of one room over some days, with their records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct RoomBookings {
    /// The room.
    pub room: RoomId,
    /// IANA zone of the rooms; empty for the computer's own.
    pub zone: String,
    /// The days, without a gap.
    pub days: Vec<CalendarDay>,
    /// The months that the days are of, and when each was read.
    pub months: Vec<MonthRead>,
    /// The bookings that touch these days, in the order of their begin.
    pub reservations: Vec<Reservation>,
}
