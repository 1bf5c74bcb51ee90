//! The bookings of every day, made from the seed when a day is first asked for, and changed afterwards.

use std::collections::BTreeMap;

use chrono::{Datelike, Duration, NaiveDate, NaiveDateTime, NaiveTime, Timelike};
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::State;
use super::booking::{Booking, ConferenceRoom, rooms};
use super::titles::{Entry, FIRST_DAY, is_weekend, titles};
use crate::generator::people::Person;
use crate::{clock, lock};

/// The id of a room that the list of rooms does not have.
const NO_SUCH_ROOM: &str = "27";
/// The room of the entry that ends before it starts.
const BACKWARDS_ROOM: &str = "4";

/// Rooms and bookings.
pub(super) struct Calendar {
    pub(super) rooms: Vec<ConferenceRoom>,
    seed: u64,
    today: NaiveDate,
    owners: Vec<(String, String)>,
    days: BTreeMap<NaiveDate, Vec<Booking>>,
    added: u32,
}

impl Calendar {
    pub(super) fn new(seed: u64, today: NaiveDate, room_count: usize, people: &[Person]) -> Self {
        let owners = people.iter().map(|person| (person.name.clone(), person.department.clone())).collect();
        Self { rooms: rooms(room_count), seed, today, owners, days: BTreeMap::new(), added: 0 }
    }

    /// The bookings of one day in the order of their rooms.
    pub(super) fn day(&mut self, day: NaiveDate) -> &mut Vec<Booking> {
        if !self.days.contains_key(&day) {
            let made = self.make(day);
            self.days.insert(day, made);
        }
        self.days.entry(day).or_default()
    }

    fn make(&self, day: NaiveDate) -> Vec<Booking> {
        let mut made = Maker { calendar: self, day, made: Vec::new() };
        if day == self.today {
            FIRST_DAY.iter().for_each(|entry| made.entry(entry));
        } else if !is_weekend(day.weekday()) {
            let is_same_weekday = day.weekday() == self.today.weekday();
            FIRST_DAY.iter().filter(|entry| entry.5 && is_same_weekday).for_each(|entry| made.entry(entry));
        }
        for index in 0..self.rooms.len() {
            let is_fixed = day == self.today && index < 14;
            if !is_fixed && !is_weekend(day.weekday()) {
                made.fill(index);
            }
        }
        if day == self.odd_day(day) {
            made.odd();
        }
        made.made
    }

    /// The day of its month that has the two entries that cannot be placed.
    fn odd_day(&self, day: NaiveDate) -> NaiveDate {
        let is_this_month = (day.year(), day.month()) == (self.today.year(), self.today.month());
        if is_this_month { self.today } else { day.with_day(14).unwrap_or(day) }
    }
}

/// Makes one day.
struct Maker<'a> {
    calendar: &'a Calendar,
    day: NaiveDate,
    made: Vec<Booking>,
}

impl Maker<'_> {
    fn entry(&mut self, (room, start, end, title, owner, _): &Entry) {
        let Some(room) = self.calendar.rooms.get(*room) else {
            return;
        };
        let room = room.id.clone();
        self.push(room, at(self.day, *start), at(self.day, *end), title, owner);
    }

    fn push(&mut self, room: String, start: NaiveDateTime, end: NaiveDateTime, title: &str, owner: &str) {
        let id = booking_id(self.day, self.made.len());
        self.made.push(Booking { id, room, title: title.to_owned(), owner: owner.to_owned(), start, end });
    }

    /// Fills a room about as much as it is busy, in steps of half an hour.
    fn fill(&mut self, index: usize) {
        let room = &self.calendar.rooms[index];
        let key = self.calendar.seed ^ (self.day.num_days_from_ce() as u64) << 16 ^ index as u64;
        let mut rng = ChaCha8Rng::seed_from_u64(key);
        let mut from = at(self.day, 900);
        let evening = at(self.day, 1800);
        while from < evening {
            let minutes = [30, 60, 60, 60, 90, 120].choose(&mut rng).copied().unwrap_or(60);
            let to = (from + Duration::minutes(minutes)).min(evening);
            // A booking lasts longer than a pause, so it is drawn less often than the room is busy.
            if rng.random_ratio(room.busy, 165) {
                self.book(&mut rng, index, from, to);
                from = to;
            } else {
                from += Duration::minutes([30, 60].choose(&mut rng).copied().unwrap_or(30));
            }
        }
    }

    fn book(&mut self, rng: &mut ChaCha8Rng, index: usize, start: NaiveDateTime, end: NaiveDateTime) {
        let room = &self.calendar.rooms[index];
        let Some((owner, department)) = self.calendar.owners.choose(rng) else {
            return;
        };
        let title = titles(owner, department).choose(rng).copied().unwrap_or_default();
        let overlaps = |it: &&Booking| it.room == room.id && start < it.end && it.start < end;
        // Two groups in one room is rare, but it happens.
        if self.made.iter().any(|it| overlaps(&it)) && !rng.random_ratio(1, 10) {
            return;
        }
        let is_whole_day = room.capacity >= 40 && rng.random_ratio(1, 6);
        let (start, end) = if is_whole_day { whole(self.day) } else { (start, end) };
        if !is_whole_day || !self.made.iter().any(|it| it.room == room.id) {
            self.push(room.id.clone(), start, end, title, owner);
        }
    }

    /// The two entries that cannot be placed.
    fn odd(&mut self) {
        self.push(BACKWARDS_ROOM.to_owned(), at(self.day, 1800), at(self.day, 1700), "設備点検", "小林 拓也");
        self.push(NO_SUCH_ROOM.to_owned(), at(self.day, 1300), at(self.day, 1400), "臨時打合せ", "渡辺 翔");
    }
}

impl State {
    /// The bookings of a day, those that cannot be placed included.
    #[must_use]
    pub fn bookings(&self, day: NaiveDate) -> Vec<Booking> {
        lock(&self.calendar).day(day).clone()
    }

    /// The conference rooms.
    #[must_use]
    pub fn rooms(&self) -> Vec<ConferenceRoom> {
        lock(&self.calendar).rooms.clone()
    }

    /// Somebody books, moves or cancels something later today; which of it the dice `rng` say. The words tell what happened.
    pub fn change_booking(&self, rng: &mut impl Rng) -> String {
        let now = self.clock.now().with_timezone(&clock::tokyo()).naive_local();
        let mut calendar = lock(&self.calendar);
        let later: Vec<_> = calendar.day(now.date()).iter().filter(|it| it.start > now).cloned().collect();
        match (later.choose(rng).cloned(), rng.random_range(0..4)) {
            (Some(booking), 0) => calendar.cancel(&booking),
            (Some(booking), 1 | 2) => calendar.move_room(&booking, rng),
            _ => calendar.add(now, rng),
        }
    }
}

impl Calendar {
    /// How many bookings were added since the calendar was made, the next one included.
    pub(super) fn next_added(&mut self) -> usize {
        self.added += 1;
        self.added as usize
    }

    /// Takes a booking out of the days that were asked for until now.
    pub(super) fn take(&mut self, id: &str) -> Option<Booking> {
        self.days.values_mut().find_map(|day| {
            let place = day.iter().position(|it| it.id == id)?;
            Some(day.remove(place))
        })
    }

    fn cancel(&mut self, booking: &Booking) -> String {
        self.day(booking.start.date()).retain(|it| it.id != booking.id);
        format!("cancelled: {}", booking.title)
    }

    /// Moves a booking to the first room that is free then, or by half an hour where every room is taken.
    fn move_room(&mut self, booking: &Booking, rng: &mut impl Rng) -> String {
        let mut moved = booking.clone();
        let from = rng.random_range(0..self.rooms.len().max(1));
        let ids: Vec<_> = self.rooms.iter().map(|room| room.id.clone()).collect();
        let day = self.day(booking.start.date());
        let is_free = |room: &&String| {
            let there = Booking { room: (*room).clone(), ..booking.clone() };
            !day.iter().any(|it| it.overlaps(&there))
        };
        match ids.iter().cycle().skip(from).take(ids.len()).find(is_free) {
            Some(room) => moved.room.clone_from(room),
            None => (moved.start, moved.end) = (half_later(booking.start), half_later(booking.end)),
        }
        let words = format!("moved: {}", booking.title);
        if let Some(place) = day.iter_mut().find(|it| it.id == booking.id) {
            *place = moved;
        }
        words
    }

    /// Books the first room that is free in the next whole half hour.
    fn add(&mut self, now: NaiveDateTime, rng: &mut impl Rng) -> String {
        let number = 900_000 + self.next_added();
        let start = next_half(now);
        let (owner, department) = self.owners.choose(rng).cloned().unwrap_or_default();
        let title = titles(&owner, &department).choose(rng).copied().unwrap_or_default().to_owned();
        let ids: Vec<_> = self.rooms.iter().map(|room| room.id.clone()).collect();
        let day = self.day(start.date());
        let new = |room: &String| {
            let (id, room) = (booking_id(start.date(), number), room.clone());
            let (title, owner) = (title.clone(), owner.clone());
            Booking { id, room, title, owner, start, end: start + Duration::minutes(60) }
        };
        match ids.iter().map(new).find(|booking| !day.iter().any(|it| it.overlaps(booking))) {
            Some(booking) => {
                day.push(booking);
                format!("booked: {title}")
            }
            None => "every room is taken".to_owned(),
        }
    }
}

/// The instant on a wall clock that shows, for 945, a quarter to ten.
fn at(day: NaiveDate, time: u32) -> NaiveDateTime {
    day.and_hms_opt(time / 100, time % 100, 0).unwrap_or(day.and_time(NaiveTime::MIN))
}

fn whole(day: NaiveDate) -> (NaiveDateTime, NaiveDateTime) {
    (day.and_time(NaiveTime::MIN), day.succ_opt().unwrap_or(day).and_time(NaiveTime::MIN))
}

fn half_later(time: NaiveDateTime) -> NaiveDateTime {
    time + Duration::minutes(30)
}

fn next_half(now: NaiveDateTime) -> NaiveDateTime {
    let past = now.minute() % 30;
    let whole = now.with_second(0).and_then(|it| it.with_nanosecond(0)).unwrap_or(now);
    whole + Duration::minutes(i64::from(30 - past))
}

/// 19 digits: too many for a JavaScript number, like the vendor's ids.
pub(super) fn booking_id(day: NaiveDate, number: usize) -> String {
    (1_500_000_000_000_000_000 + i64::from(day.num_days_from_ce()) * 1_000_003_000 + number as i64).to_string()
}
