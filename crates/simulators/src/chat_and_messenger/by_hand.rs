//! Bookings and rooms made, changed and removed by whoever holds the remote control, where the calendar changes them by dice.

use chrono::NaiveDateTime;

use super::State;
use super::booking::Booking;
use super::calendar::booking_id;
use crate::lock;

/// Numbers of bookings made by hand begin here, beyond those that the calendar gives.
const FIRST: usize = 800_000;

/// What becomes of a booking; what is `None` stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BookingEdit {
    /// Id of the room, which need not be in the list of rooms.
    pub room: Option<String>,
    /// What for.
    pub title: Option<String>,
    /// Begin, on a wall clock in Tokyo.
    pub start: Option<NaiveDateTime>,
    /// End, exclusive; before the begin it is an entry that cannot be placed.
    pub end: Option<NaiveDateTime>,
}

impl State {
    /// Somebody books a room, whether or not it is free; the answer is the id of the booking.
    pub fn book(&self, room: &str, title: &str, owner: &str, start: NaiveDateTime, end: NaiveDateTime) -> String {
        let mut calendar = lock(&self.calendar);
        let number = FIRST + calendar.next_added();
        let day = start.date();
        let id = booking_id(day, number);
        let (room, title, owner) = (room.to_owned(), title.to_owned(), owner.to_owned());
        calendar.day(day).push(Booking { id: id.clone(), room, title, owner, start, end });
        id
    }

    /// Somebody changes a booking, which keeps its id also on another day. Whether there is such a booking.
    pub fn change(&self, id: &str, edit: &BookingEdit) -> bool {
        let mut calendar = lock(&self.calendar);
        let Some(mut booking) = calendar.take(id) else { return false };
        let BookingEdit { room, title, start, end } = edit.clone();
        booking.room = room.unwrap_or(booking.room);
        booking.title = title.unwrap_or(booking.title);
        booking.start = start.unwrap_or(booking.start);
        booking.end = end.unwrap_or(booking.end);
        calendar.day(booking.start.date()).push(booking);
        true
    }

    /// Somebody cancels a booking. Whether there was such a booking.
    pub fn cancel(&self, id: &str) -> bool {
        lock(&self.calendar).take(id).is_some()
    }

    /// An administrator gives a conference room another name. Whether there is such a room.
    pub fn rename_room(&self, id: &str, name: &str) -> bool {
        let mut calendar = lock(&self.calendar);
        let room = calendar.rooms.iter_mut().find(|room| room.id == id);
        room.map(|room| name.clone_into(&mut room.name)).is_some()
    }

    /// An administrator takes a conference room out of the list; its bookings stay. Whether there was such a room.
    pub fn remove_room(&self, id: &str) -> bool {
        let mut calendar = lock(&self.calendar);
        let before = calendar.rooms.len();
        calendar.rooms.retain(|room| room.id != id);
        calendar.rooms.len() < before
    }
}
