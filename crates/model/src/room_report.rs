//! How rooms are used over a longer time, and what of it may be kept for nothing. All of it is counted out of bookings: whether
//! anybody came, no system tells.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::export::TextEncoding;
use crate::room_calendar::MonthRead;
use crate::{Day, ReservationId, RoomId, Time};

/// How rooms were used over some days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct RoomReport {
    /// IANA zone of the rooms; empty for the computer's own.
    pub zone: String,
    /// The first day.
    pub from: Day,
    /// The last day.
    pub to: Day,
    /// Days that are neither at a weekend nor a holiday: shares are of their opening hours.
    pub working_days: u16,
    /// The months that the days are of, and when each was read: what was never read counts as not booked.
    pub months: Vec<MonthRead>,
    /// Every room in its order.
    pub rooms: Vec<RoomUse>,
    /// The hours of a working day, all rooms together; 24 of them.
    pub hours: Vec<PartUse>,
    /// Monday to Sunday, all rooms together, each by its own opening hours.
    pub weekdays: Vec<PartUse>,
    /// What comes again and did so in these days, the ones first that may be kept for nothing. What was read of the three months
    /// before counts too, so that what is monthly is seen.
    pub series: Vec<Series>,
    /// Where bookings overlap, in order.
    pub overlaps: Vec<Overlap>,
}

/// How one room was used in the opening hours of working days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct RoomUse {
    /// The room.
    pub room: RoomId,
    /// Its name.
    pub name: String,
    /// Floor, building or area.
    pub place: Option<String>,
    /// Seats.
    pub seats: Option<u32>,
    /// Minutes in which it could have been used.
    pub open_minutes: u32,
    /// Minutes in which it was booked, overlaps counted once.
    pub booked_minutes: u32,
    /// The share of them, in per cent.
    pub used: u8,
    /// Bookings on any day, each counted once.
    pub bookings: u32,
    /// How many times bookings overlap, on any day.
    pub overlaps: u32,
}

/// How all rooms were used in a part of the day or on a weekday.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct PartUse {
    /// Minutes in which rooms could have been used.
    pub open_minutes: u32,
    /// Minutes in which they were booked.
    pub booked_minutes: u32,
    /// The share of them, in per cent.
    pub used: u8,
}

/// How something comes again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Rhythm {
    /// Every day, weekends as well.
    Daily,
    /// Every working day.
    WorkingDays,
    /// Every week on one weekday.
    Weekly,
    /// Every other week on one weekday.
    Fortnightly,
    /// Every month on the same weekday of it, such as the second Tuesday.
    Monthly,
    /// Every month on the last of its weekdays of one name, such as the last Friday.
    MonthlyLast,
    /// Every month on the same date.
    MonthlyDate,
}

/// A booking that comes again: the same title, organiser, room and begin in one rhythm, at least three times.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Series {
    /// The room.
    pub room: RoomId,
    /// Its name.
    pub name: String,
    /// What for; may be empty.
    pub title: String,
    /// Who booked it.
    pub owner: Option<String>,
    /// How it comes again.
    pub rhythm: Rhythm,
    /// Weekday of the last one, 1 for Monday to 7 for Sunday.
    pub weekday: u8,
    /// Which weekday of that name in its month the last one is, from 1 on; which date of it where the rhythm is that.
    pub nth: u8,
    /// How many times it was seen.
    pub times: u16,
    /// How many times it would have been seen from the first to the last, holidays aside.
    pub expected: u16,
    /// The first of them.
    pub first: Time,
    /// The end of the first of them.
    pub first_end: Time,
    /// The last of them.
    pub last: Time,
    /// The booking that comes next, or the last one where none is to come.
    pub booking: ReservationId,
    /// What speaks for its being kept for nothing; empty where nothing does.
    pub signs: Vec<DeadSign>,
}

/// What speaks for a booking that nobody needs any more. None of it is proof.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum DeadSign {
    /// No account of the organiser is in use any more.
    OrganiserLeft,
    /// No directory has the organiser.
    OrganiserUnknown,
    /// At least half of the times the organiser was booked elsewhere too.
    OrganiserElsewhere,
    /// They were asked, and the booking was over without an answer.
    Unanswered,
}

/// Bookings of one room that overlap one another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Overlap {
    /// The room.
    pub room: RoomId,
    /// Its name.
    pub name: String,
    /// Begin of the first.
    pub start: Time,
    /// End of the last.
    pub end: Time,
    /// They themselves, in order.
    pub bookings: Vec<Overlapping>,
}

/// One of several bookings that overlap.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Overlapping {
    /// The booking.
    pub id: ReservationId,
    /// What for; may be empty.
    pub title: String,
    /// Who booked it.
    pub owner: Option<String>,
    /// Begin.
    pub start: Time,
    /// End, exclusive.
    pub end: Time,
}

/// Bookings or a report to be written to a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct RoomExport {
    /// What is written.
    pub what: RoomExportKind,
    /// What kind of file.
    pub format: RoomFileFormat,
    /// How a CSV file writes its letters; the others have their own way.
    pub encoding: TextEncoding,
    /// Name of the file, without folder; its ending is added where it is missing.
    pub name: String,
    /// The first day.
    pub from: Day,
    /// How many days, at most 92.
    pub days: u16,
    /// What stands for a code, such as the name of a column; the code itself where nothing is given.
    pub words: BTreeMap<String, String>,
}

/// What of the rooms can be written to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum RoomExportKind {
    /// The bookings.
    Bookings,
    /// Use by room.
    Occupancy,
    /// Use by hour and weekday.
    Times,
    /// What comes again.
    Series,
    /// Overlaps.
    Overlaps,
}

/// Kinds of files that rooms are written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum RoomFileFormat {
    /// Comma-separated text.
    Csv,
    /// A workbook.
    Xlsx,
    /// iCalendar, RFC 5545; for bookings alone.
    Ical,
}
