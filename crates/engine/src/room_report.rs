//! How rooms are used: by room, hour and weekday, what comes again, and what overlaps; counted out of the cache.

mod rhythm;
mod series;

use std::collections::HashMap;

use chrono::{Datelike, NaiveTime};
use model::about::Ability;
use model::booking_detail::QuestionStanding;
use model::conference_room::{Reservation, Room};
use model::connection::Connection;
use model::room_calendar::CalendarDay;
use model::room_report::{Overlap, Overlapping, PartUse, RoomReport, RoomUse};
use model::{Day, Failure, ReservationId, RoomId, Time};
use store::{Reader, StoreError};

use crate::board::Zone;
use crate::booking_detail::questions;
use crate::console::Console;
use crate::room_calendar::{Tangle, months_of, open_span, span_of, tangles};
use series::Doubts;

/// The most days that a report covers: a quarter of a year.
pub(crate) const MOST_DAYS: u16 = 92;
/// So many days before a report are looked at for what comes again, because a month shows what is monthly once.
const SERIES_BACK: u16 = 92;
const MINUTE: i64 = 60_000;

/// What a report is counted from.
pub(crate) struct Material {
    pub(crate) zone: Zone,
    pub(crate) days: Vec<CalendarDay>,
    pub(crate) rooms: Vec<Room>,
    pub(crate) reservations: Vec<Reservation>,
}

impl Console {
    /// How the rooms of all connections were used over some days, out of the cache.
    ///
    /// # Errors
    /// [`Failure::Invalid`] for no day or more than 92; where the cache cannot be read.
    pub async fn room_report(&self, from: Day, days: u16) -> Result<RoomReport, Failure> {
        let connections = self.connections_with(Ability::Rooms).await?;
        self.room_report_of(&connections, from, days).await
    }

    /// How the rooms of these connections were used over some days, out of the cache.
    ///
    /// # Errors
    /// As [`Console::room_report`].
    pub async fn room_report_of(
        &self,
        connections: &[Connection],
        from: Day,
        days: u16,
    ) -> Result<RoomReport, Failure> {
        let material = self.room_material(connections, from, days).await?;
        let back = from.0.checked_sub_days(chrono::Days::new(SERIES_BACK.into())).map_or(from, Day);
        let (_, longer) = self.days(connections, back, SERIES_BACK + days, SERIES_BACK + MOST_DAYS).await?;
        let longer = self.material_of(connections, material.zone, longer).await?;
        let office = self.office().await?;
        let (with_rooms, now) = (connections.to_vec(), self.now());
        let (months, unanswered, days) = self
            .0
            .store
            .read({
                let days = material.days.clone();
                move |r| Ok((months_of(r, &with_rooms, &days)?, unanswered(r, now)?, days))
            })
            .await?;
        let doubts = Doubts { office: &office, unanswered: &unanswered, now };
        Ok(RoomReport {
            zone: material.zone.name(),
            from,
            to: days.last().map_or(from, |it| it.day),
            working_days: u16::try_from(days.iter().filter(|it| is_working(it)).count()).unwrap_or(u16::MAX),
            months,
            rooms: material.by_room(),
            hours: material.by_hour(),
            weekdays: material.by_weekday(),
            series: longer.series(&doubts, from),
            overlaps: material.overlaps(),
        })
    }

    /// The rooms and bookings of some days.
    pub(crate) async fn room_material(
        &self,
        connections: &[Connection],
        from: Day,
        days: u16,
    ) -> Result<Material, Failure> {
        let (zone, days) = self.days(connections, from, days, MOST_DAYS).await?;
        self.material_of(connections, zone, days).await
    }

    async fn material_of(
        &self,
        connections: &[Connection],
        zone: Zone,
        days: Vec<CalendarDay>,
    ) -> Result<Material, Failure> {
        let connections = connections.to_vec();
        self.0
            .store
            .read(move |r| {
                let (begin, end) = span_of(&days);
                let is_meant = |id: &model::ConnectionId| connections.iter().any(|it| it.id == *id);
                let mut rooms = store::rooms::shown(r)?;
                rooms.retain(|it| is_meant(&it.connection));
                let mut reservations = store::reservations::without_records(r, begin, end)?;
                let said = store::room_overlays::all(r)?;
                let is_shown = |room: &RoomId| said.get(room).is_none_or(|it| !it.is_hidden);
                reservations.retain(|it| is_meant(&it.connection) && is_shown(&it.room_id));
                Ok(Material { zone, days, rooms, reservations })
            })
            .await
    }
}

/// Bookings about which a question ended without an answer.
fn unanswered(r: &Reader<'_>, now: Time) -> Result<Vec<ReservationId>, StoreError> {
    let since = now.minus(std::time::Duration::from_secs(90 * 24 * 3_600));
    let all = questions(r, store::booking_questions::since(r, since)?, now)?;
    Ok(all.into_iter().filter(|it| it.standing == QuestionStanding::Unanswered).map(|it| it.reservation).collect())
}

pub(crate) fn is_working(day: &CalendarDay) -> bool {
    !day.is_weekend && day.holiday.is_none()
}

/// Minutes that two spans share.
fn shared((start, end): (Time, Time), (from, to): (Time, Time)) -> u32 {
    let millis = end.min(to).millis() - start.max(from).millis();
    u32::try_from(millis.max(0) / MINUTE).unwrap_or(u32::MAX)
}

/// The part of a span that is in another one.
fn within((start, end): (Time, Time), (from, to): (Time, Time)) -> (Time, Time) {
    let start = start.max(from);
    (start, end.min(to).max(start))
}

fn percent(booked: u32, open: u32) -> u8 {
    if open == 0 || booked == 0 {
        return 0;
    }
    let share = (u64::from(booked) * 200 + u64::from(open)) / (u64::from(open) * 2);
    u8::try_from(share.clamp(1, 100)).unwrap_or(100)
}

fn part(open_minutes: u32, booked_minutes: u32) -> PartUse {
    PartUse { open_minutes, booked_minutes, used: percent(booked_minutes, open_minutes) }
}

impl Material {
    /// The bookings of each room in order.
    fn of_rooms(&self) -> HashMap<&RoomId, Vec<&Reservation>> {
        let mut all: HashMap<&RoomId, Vec<&Reservation>> = HashMap::new();
        for it in &self.reservations {
            all.entry(&it.room_id).or_default().push(it);
        }
        all
    }

    /// The stretches in which each listed room is booked, overlaps joined.
    fn stretches(&self) -> Vec<(&Room, Vec<Tangle>)> {
        let all = self.of_rooms();
        let of =
            |room: &Room| all.get(&room.id).map_or(Vec::new(), |it| it.iter().map(|it| (it.start, it.end)).collect());
        self.rooms.iter().map(|room| (room, tangles(&of(room)))).collect()
    }

    fn by_room(&self) -> Vec<RoomUse> {
        let all = self.of_rooms();
        let working: Vec<&CalendarDay> = self.days.iter().filter(|it| is_working(it)).collect();
        let count = |it: usize| u32::try_from(it).unwrap_or(u32::MAX);
        self.stretches()
            .into_iter()
            .map(|(room, stretches)| {
                let spans: Vec<_> = working.iter().map(|day| open_span(self.zone, day, room)).collect();
                let open = spans.iter().map(|it| shared(*it, *it)).sum();
                let booked = stretches.iter().flat_map(|it| spans.iter().map(|span| shared((it.start, it.end), *span)));
                let booked = booked.sum();
                RoomUse {
                    room: room.id.clone(),
                    name: room.name.clone(),
                    place: room.place.clone(),
                    seats: room.capacity,
                    open_minutes: open,
                    booked_minutes: booked,
                    used: percent(booked, open),
                    bookings: count(all.get(&room.id).map_or(0, Vec::len)),
                    overlaps: count(stretches.iter().filter(|it| it.count > 1).count()),
                }
            })
            .collect()
    }

    fn by_hour(&self) -> Vec<PartUse> {
        let working: Vec<&CalendarDay> = self.days.iter().filter(|it| is_working(it)).collect();
        let hour_of = |day: &CalendarDay, hour: u32| match NaiveTime::from_hms_opt(hour, 0, 0) {
            Some(time) => self.zone.at(day.day.0.and_time(time)),
            None => day.ends_at,
        };
        let stretches = self.stretches();
        (0..24)
            .map(|hour| {
                let (mut open, mut booked) = (0, 0);
                for day in &working {
                    let hour = (hour_of(day, hour), hour_of(day, hour + 1));
                    for (room, all) in &stretches {
                        // A room without hours of its own can be used at any time of the day, and whether it is, is the question.
                        let span = room.hours.map_or(hour, |_| within(hour, open_span(self.zone, day, room)));
                        open += shared(span, span);
                        booked += all.iter().map(|it| shared((it.start, it.end), span)).sum::<u32>();
                    }
                }
                part(open, booked)
            })
            .collect()
    }

    fn by_weekday(&self) -> Vec<PartUse> {
        let stretches = self.stretches();
        (0..7)
            .map(|weekday| {
                let (mut open, mut booked) = (0, 0);
                for day in self.days.iter().filter(|it| it.day.0.weekday().num_days_from_monday() == weekday) {
                    for (room, all) in &stretches {
                        let span = open_span(self.zone, day, room);
                        open += shared(span, span);
                        booked += all.iter().map(|it| shared((it.start, it.end), span)).sum::<u32>();
                    }
                }
                part(open, booked)
            })
            .collect()
    }

    fn overlaps(&self) -> Vec<Overlap> {
        let all = self.of_rooms();
        let mut found: Vec<Overlap> = self
            .stretches()
            .into_iter()
            .flat_map(|(room, stretches)| {
                let tangled = stretches.into_iter().filter(|it| it.count > 1);
                let here = all.get(&room.id).cloned().unwrap_or_default();
                tangled.map(move |it| overlap(room, &it, &here)).collect::<Vec<_>>()
            })
            .collect();
        found.sort_by(|a, b| (a.start, &a.room).cmp(&(b.start, &b.room)));
        found
    }
}

fn overlap(room: &Room, it: &Tangle, here: &[&Reservation]) -> Overlap {
    let is_in = |one: &&&Reservation| one.start >= it.start && one.end <= it.end;
    let bookings = here.iter().filter(is_in).map(|one| Overlapping {
        id: one.id.clone(),
        title: one.title.clone(),
        owner: one.owner.clone(),
        start: one.start,
        end: one.end,
    });
    Overlap {
        room: room.id.clone(),
        name: room.name.clone(),
        start: it.start,
        end: it.end,
        bookings: bookings.collect(),
    }
}

#[cfg(test)]
mod tests;
