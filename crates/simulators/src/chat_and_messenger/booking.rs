//! Conference rooms and bookings, and the rooms of the example office.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use serde_json::{Value, json};

/// A conference room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConferenceRoom {
    /// A small number as text.
    pub id: String,
    /// Name.
    pub name: String,
    /// Seats.
    pub capacity: u32,
    /// Floor or town.
    pub place: String,
    /// What is in it.
    pub equipment: Vec<String>,
    /// Share of the working day that is booked, in percent.
    pub(super) busy: u32,
}

/// A booking. Its times are those of a wall clock in Tokyo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Booking {
    /// 19 digits.
    pub id: String,
    /// Id of the room; a room that is not in the list for one entry a month.
    pub room: String,
    /// What for.
    pub title: String,
    /// Who booked it.
    pub owner: String,
    /// Begin.
    pub start: NaiveDateTime,
    /// End, exclusive; before the begin for one entry a month.
    pub end: NaiveDateTime,
}

impl ConferenceRoom {
    /// The record of the list of rooms.
    pub(super) fn record(&self, order: usize) -> Value {
        json!({
            "id": self.id,
            "name": self.name,
            "capacity": self.capacity,
            "place": self.place,
            "equipment": self.equipment,
            "sortNo": order,
        })
    }
}

impl Booking {
    /// The record of a booking, without its room.
    pub(super) fn record(&self) -> Value {
        json!({
            "id": self.id,
            "title": self.title,
            "startDate": self.start.format("%Y/%m/%d %H:%M").to_string(),
            "endDate": self.end_text(),
            "createUserName": self.owner,
            "allDay": self.is_all_day(),
        })
    }

    /// Whether it touches the other one in the same room.
    pub(super) fn overlaps(&self, other: &Self) -> bool {
        self.room == other.room && self.start < other.end && other.start < self.end
    }

    fn is_all_day(&self) -> bool {
        self.start.time() == NaiveTime::MIN && self.ends_at_midnight()
    }

    fn ends_at_midnight(&self) -> bool {
        self.end.time() == NaiveTime::MIN && self.end > self.start
    }

    /// The midnight that ends a day is told as 24:00 of that day.
    fn end_text(&self) -> String {
        if !self.ends_at_midnight() {
            return self.end.format("%Y/%m/%d %H:%M").to_string();
        }
        let day = self.end.date().pred_opt().unwrap_or(NaiveDate::MIN);
        format!("{} 24:00", day.format("%Y/%m/%d"))
    }
}

/// The rooms of the office: fourteen with names of their own, more of the same kind beyond.
pub(super) fn rooms(count: usize) -> Vec<ConferenceRoom> {
    (0..count).map(room).collect()
}

/// Name, place, seats, share that is booked in percent, and whether it has a camera.
const ROOMS: [(&str, &str, u32, u32, bool); 14] = [
    ("応接室 A", "1F", 4, 32, false),
    ("応接室 B", "1F", 4, 26, false),
    ("会議室 301", "3F", 8, 66, true),
    ("会議室 302", "3F", 8, 59, true),
    ("会議室 303", "3F", 12, 56, true),
    ("セミナールーム", "3F", 40, 35, true),
    ("役員会議室", "5F", 14, 42, true),
    ("会議室 501", "5F", 6, 49, false),
    ("会議室 502", "5F", 6, 11, false),
    ("フォーカス 5A", "5F", 2, 37, false),
    ("フォーカス 5B", "5F", 2, 48, false),
    ("カフェラウンジ", "7F", 20, 27, false),
    ("大会議室 大阪", "Osaka", 16, 54, false),
    ("小会議室 大阪", "Osaka", 6, 19, false),
];

fn room(index: usize) -> ConferenceRoom {
    // The number 27 belongs to no room: one booking a month is in a room that the list does not have.
    let number = if index < 26 { index + 1 } else { index + 2 };
    let (name, place, capacity, busy, has_camera) = match ROOMS.get(index) {
        Some((name, place, seats, busy, has_camera)) => {
            ((*name).to_owned(), (*place).to_owned(), *seats, *busy, *has_camera)
        }
        None => {
            let floor = 8 + index / 20;
            let seats = [4, 6, 8, 12][index % 4];
            (format!("会議室 {floor}{:02}", index % 20 + 1), format!("{floor}F"), seats, 45, index.is_multiple_of(3))
        }
    };
    let mut equipment = vec!["ホワイトボード".to_owned()];
    if has_camera {
        equipment.push("テレビ会議".to_owned());
    }
    ConferenceRoom { id: number.to_string(), name, capacity, place, equipment, busy }
}
