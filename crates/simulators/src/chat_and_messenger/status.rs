//! The answers about conference rooms, in each of the shapes that the vendor's contradicting words allow.

use chrono::{Datelike, NaiveDate};
use serde_json::{Map, Value, json};

use super::booking::Booking;
use super::calendar::Calendar;
use super::{Form, Refusal, State};
use crate::lock;

/// Where the bookings stand in an answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Shape {
    /// `conferenceRoomStatus` is a list of rooms, each with `reservedSchedules`.
    #[default]
    Rooms,
    /// `conferenceRoomStatus` is an object with that list as `conferenceRooms`.
    Wrapped,
    /// `conferenceRoomStatus` is an object of rooms by their ids.
    ById,
    /// `conferenceRoomStatus` is an object of lists of bookings by the ids of rooms.
    ListsById,
    /// The list of rooms is `conferenceRooms`.
    OldKey,
    /// `conferenceRoomStatus` is a list of bookings, each with `conferenceRoomId`.
    Flat,
    /// Like [`Shape::Rooms`], but each `reservedSchedules` is an object by the ids of bookings.
    ObjectsById,
}

pub(super) fn master(state: &State, _: &Form) -> Result<Value, Refusal> {
    let calendar = lock(&state.calendar);
    let rooms: Vec<_> = calendar.rooms.iter().enumerate().map(|(order, room)| room.record(order + 1)).collect();
    Ok(json!({ "conferenceRooms": rooms }))
}

/// Without a period it is the list of rooms.
pub(super) fn status(state: &State, form: &Form) -> Result<Value, Refusal> {
    let shape = lock(&state.switches).shape;
    answer(state, form, shape)
}

/// The one call from before: with a period it has the bookings too.
pub(super) fn rooms(state: &State, form: &Form) -> Result<Value, Refusal> {
    answer(state, form, Shape::OldKey)
}

fn answer(state: &State, form: &Form, shape: Shape) -> Result<Value, Refusal> {
    let Some(period) = form.text("yyyyMMdd") else {
        return master(state, form);
    };
    let (first, count) = days(period).ok_or_else(|| Refusal::because("yyyyMMdd must be yyyyMM or yyyyMMdd"))?;
    let mut calendar = lock(&state.calendar);
    let bookings: Vec<_> = first.iter_days().take(count).flat_map(|day| calendar.day(day).clone()).collect();
    Ok(shaped(&calendar, &bookings, shape))
}

/// The first day of a period and how many days it has.
fn days(period: &str) -> Option<(NaiveDate, usize)> {
    if !period.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    match period.len() {
        8 => Some((date(period, period.get(6..)?)?, 1)),
        6 => {
            let first = date(period, "01")?;
            let next = first.checked_add_months(chrono::Months::new(1))?;
            Some((first, (next.num_days_from_ce() - first.num_days_from_ce()) as usize))
        }
        _ => None,
    }
}

fn date(period: &str, day: &str) -> Option<NaiveDate> {
    let number = |text: &str| text.parse::<u32>().ok();
    let year = number(period.get(..4)?)?;
    NaiveDate::from_ymd_opt(year as i32, number(period.get(4..6)?)?, number(day)?)
}

fn shaped(calendar: &Calendar, bookings: &[Booking], shape: Shape) -> Value {
    match shape {
        Shape::Rooms => json!({ "conferenceRoomStatus": whole_rooms(calendar, bookings, listed) }),
        Shape::Wrapped => {
            json!({ "conferenceRoomStatus": { "conferenceRooms": whole_rooms(calendar, bookings, listed) } })
        }
        Shape::OldKey => json!({ "conferenceRooms": whole_rooms(calendar, bookings, listed) }),
        Shape::ObjectsById => json!({ "conferenceRoomStatus": whole_rooms(calendar, bookings, keyed) }),
        Shape::ById => {
            let rooms = whole_rooms(calendar, bookings, listed).into_iter();
            let by_id: Map<_, _> = rooms.map(|room| (id_of(&room), room)).collect();
            json!({ "conferenceRoomStatus": by_id })
        }
        Shape::ListsById => {
            let rooms = room_ids(calendar, bookings).into_iter();
            let by_id: Map<_, _> = rooms.map(|id| (id.clone(), listed(&of_room(bookings, &id)))).collect();
            json!({ "conferenceRoomStatus": by_id })
        }
        Shape::Flat => {
            let flat: Vec<_> = bookings.iter().map(with_room).collect();
            json!({ "conferenceRoomStatus": flat })
        }
    }
}

/// Every room, then rooms that only a booking knows. A room without bookings has no `reservedSchedules`.
fn whole_rooms(calendar: &Calendar, bookings: &[Booking], schedules: fn(&[&Booking]) -> Value) -> Vec<Value> {
    let mut whole = Vec::new();
    for id in room_ids(calendar, bookings) {
        let known = calendar.rooms.iter().enumerate().find(|(_, room)| room.id == id);
        let mut record = known.map_or_else(|| json!({ "id": id }), |(order, room)| room.record(order + 1));
        let here = of_room(bookings, &id);
        if !here.is_empty() {
            record["reservedSchedules"] = schedules(&here);
        }
        whole.push(record);
    }
    whole
}

fn room_ids(calendar: &Calendar, bookings: &[Booking]) -> Vec<String> {
    let mut ids: Vec<String> = calendar.rooms.iter().map(|room| room.id.clone()).collect();
    for booking in bookings {
        if !ids.contains(&booking.room) {
            ids.push(booking.room.clone());
        }
    }
    ids
}

fn of_room<'a>(bookings: &'a [Booking], id: &str) -> Vec<&'a Booking> {
    bookings.iter().filter(|booking| booking.room == id).collect()
}

fn listed(bookings: &[&Booking]) -> Value {
    bookings.iter().map(|booking| booking.record()).collect()
}

fn keyed(bookings: &[&Booking]) -> Value {
    let by_id: Map<_, _> = bookings.iter().map(|booking| (booking.id.clone(), booking.record())).collect();
    Value::Object(by_id)
}

fn with_room(booking: &Booking) -> Value {
    let mut record = booking.record();
    record["conferenceRoomId"] = json!(booking.room);
    record
}

fn id_of(room: &Value) -> String {
    room["id"].as_str().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_is_a_month_or_a_day() {
        let count = |period| days(period).map(|(_, count)| count);
        assert_eq!(count("202602"), Some(28));
        assert_eq!(count("202612"), Some(31));
        assert_eq!(count("20261014"), Some(1));
        for wrong in ["", "2026", "2026-10", "202613", "20260230", "2026101", "20261014 "] {
            assert_eq!(count(wrong), None, "{wrong}");
        }
    }
}
