//! What this desk says of conference rooms beside what their system tells: kept here, written to no system.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::RoomId;
use crate::conference_room::Room;

/// Hours of the day in which a room can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct OpenHours {
    /// First hour, 0–23.
    pub opens_at: u8,
    /// Hour after the last one, 1–24.
    pub closes_at: u8,
}

/// What is said here of one room. What is `None` stays as the system tells it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(default)]
pub struct RoomOverlay {
    /// Seats.
    pub seats: Option<u32>,
    /// Floor, building or area.
    pub place: Option<String>,
    /// What is in it.
    pub equipment: Option<Vec<String>>,
    /// Remarks.
    pub note: Option<String>,
    /// A picture of the room: the whole path of a file on this computer.
    pub photo: Option<String>,
    /// When it can be used, where that differs from the opening hours of the office.
    pub hours: Option<OpenHours>,
    /// Its place in the list: rooms with a number stand before the others, the least first.
    pub order: Option<u32>,
    /// Whether boards, calendars and reports leave it out. Its bookings are read all the same.
    pub is_hidden: bool,
}

impl RoomOverlay {
    /// A room as it is shown.
    #[must_use]
    pub fn over(&self, room: Room) -> Room {
        Room {
            capacity: self.seats.or(room.capacity),
            place: self.place.clone().or(room.place),
            equipment: self.equipment.clone().unwrap_or(room.equipment),
            note: self.note.clone().or(room.note),
            hours: self.hours.or(room.hours),
            ..room
        }
    }
}

/// A room as its system tells it, and what is said of it here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct OverlaidRoom {
    /// As the system tells it, without its record.
    pub room: Room,
    /// What is said here.
    pub overlay: RoomOverlay,
}

/// One room of a file of overlays. A room is found by the name of its connection and its id there, else by its name alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct OverlayEntry {
    /// Name of the connection.
    pub connection: String,
    /// The system's id of the room.
    pub id: String,
    /// The room's name.
    pub name: String,
    /// What is said of it.
    #[serde(flatten)]
    pub overlay: RoomOverlay,
}

/// What came of a file of overlays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct OverlayImport {
    /// Rooms of which something is said now.
    pub taken: Vec<RoomId>,
    /// Rooms of the file that are not here, or whose name several rooms have.
    pub unknown: Vec<String>,
}
