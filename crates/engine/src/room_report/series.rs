//! What comes again, and what of it may be kept for nothing.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{Datelike, NaiveDate, NaiveTime, Weekday};
use model::booking_detail::{ComesAgain, OrganiserFound};
use model::conference_room::Reservation;
use model::person::LinkedPerson;
use model::room_report::{DeadSign, Rhythm, Series};
use model::{ConnectionId, Day, ReservationId, RoomId, Time};

use super::rhythm::{Found, TIMES, nth, rhythms};
use super::{Material, is_working};
use crate::whereabouts::Office;

/// What is asked where something may be kept for nothing.
pub(crate) struct Doubts<'a> {
    pub(crate) office: &'a Office,
    /// Bookings about which a question ended without an answer.
    pub(crate) unanswered: &'a [ReservationId],
    pub(crate) now: Time,
}

/// What makes bookings one series beside their rhythm: room, folded title, organiser and begin.
type Key<'a> = (&'a RoomId, String, Option<&'a str>, NaiveTime);

/// Bookings under each word for an organiser.
type Elsewhere<'a> = HashMap<(&'a ConnectionId, &'a str), Vec<&'a Reservation>>;

impl Material {
    /// What comes again and did so on a day or later, with the most doubtful first.
    pub(crate) fn series(&self, doubts: &Doubts<'_>, since: Day) -> Vec<Series> {
        let mut groups: BTreeMap<Key<'_>, Vec<(NaiveDate, &Reservation)>> = BTreeMap::new();
        for it in &self.reservations {
            groups.entry(self.key(it)).or_default().push((self.zone.wall(it.start).date(), it));
        }
        let closed = self.closed();
        let elsewhere = self.of_owners();
        let mut found: Vec<Series> = groups
            .values()
            .filter(|all| all.len() >= TIMES && all.last().is_some_and(|(day, _)| *day >= since.0))
            .flat_map(|all| {
                let days = all.iter().map(|(day, _)| *day).collect();
                let found = rhythms(&days, |it| closed.contains(&it));
                let recent = found.into_iter().filter(|it| it.days.last().is_some_and(|last| *last >= since.0));
                recent.filter_map(|it| self.told(&it, all, doubts, &elsewhere)).collect::<Vec<_>>()
            })
            .collect();
        found.sort_by(|a, b| {
            let key = |it: &Series| (std::cmp::Reverse(it.signs.len()), it.weekday, it.first);
            key(a).cmp(&key(b))
        });
        found
    }

    /// How a booking comes again among the others of its room.
    pub(crate) fn again(&self, it: &Reservation) -> Option<ComesAgain> {
        let on = |one: &Reservation| self.zone.wall(one.start).date();
        let key = self.key(it);
        let alike = self.reservations.iter().filter(|one| self.key(one) == key);
        let days: BTreeSet<NaiveDate> = alike.map(on).collect();
        let closed = self.closed();
        let day = on(it);
        let found = rhythms(&days, |it| closed.contains(&it)).into_iter().find(|found| found.days.contains(&day))?;
        Some(ComesAgain {
            rhythm: found.rhythm,
            weekday: weekday(day.weekday()),
            nth: nth_of(found.rhythm, day),
            times: u16::try_from(found.days.len()).unwrap_or(u16::MAX),
            expected: u16::try_from(found.expected).unwrap_or(u16::MAX),
        })
    }

    fn key<'a>(&self, it: &'a Reservation) -> Key<'a> {
        let title = model::text::fold(it.title.trim());
        (&it.room_id, title, it.owner.as_deref(), self.zone.wall(it.start).time())
    }

    fn closed(&self) -> BTreeSet<NaiveDate> {
        self.days.iter().filter(|it| !is_working(it)).map(|it| it.day.0).collect()
    }

    /// A series of the bookings of one group that are in its rhythm.
    fn told(
        &self,
        found: &Found,
        group: &[(NaiveDate, &Reservation)],
        doubts: &Doubts<'_>,
        elsewhere: &Elsewhere<'_>,
    ) -> Option<Series> {
        let days = &found.days;
        // The same booking twice on a day is one time.
        let of = |day: &NaiveDate| group.iter().find(|(on, _)| on == day).map(|(_, it)| *it);
        let all: Vec<&Reservation> = days.iter().filter_map(of).collect();
        let (first, last) = (all.first()?, all.last()?);
        let next = all.iter().find(|it| it.start >= doubts.now).unwrap_or(last);
        let on = days.last()?;
        let room = self.rooms.iter().find(|it| it.id == last.room_id);
        Some(Series {
            room: last.room_id.clone(),
            name: room.map_or_else(|| last.room_id.0.clone(), |it| it.name.clone()),
            title: last.title.clone(),
            owner: last.owner.clone(),
            rhythm: found.rhythm,
            weekday: weekday(on.weekday()),
            nth: nth_of(found.rhythm, *on),
            times: u16::try_from(all.len()).unwrap_or(u16::MAX),
            expected: u16::try_from(found.expected).unwrap_or(u16::MAX),
            first: first.start,
            first_end: first.end,
            last: last.start,
            booking: next.id.clone(),
            signs: signs(&all, doubts, elsewhere),
        })
    }

    /// The bookings that are under each word for an organiser.
    fn of_owners(&self) -> Elsewhere<'_> {
        let mut all: Elsewhere<'_> = HashMap::new();
        for it in &self.reservations {
            if let Some(owner) = it.owner.as_deref() {
                all.entry((&it.connection, owner)).or_default().push(it);
            }
        }
        all
    }
}

fn nth_of(rhythm: Rhythm, day: NaiveDate) -> u8 {
    if rhythm == Rhythm::MonthlyDate { u8::try_from(day.day()).unwrap_or(1) } else { nth(day) }
}

fn weekday(day: Weekday) -> u8 {
    u8::try_from(day.number_from_monday()).unwrap_or(7)
}

fn signs(all: &[&Reservation], doubts: &Doubts<'_>, elsewhere: &Elsewhere<'_>) -> Vec<DeadSign> {
    let mut signs = Vec::new();
    let Some(it) = all.last() else { return signs };
    if let Some(owner) = it.owner.as_deref().filter(|it| !it.trim().is_empty()) {
        let (found, person) = doubts.office.organiser(&it.connection, owner);
        let is_active = |person: &LinkedPerson| doubts.office.entries(person).any(|entry| entry.is_active);
        match (found, person) {
            (_, Some(person)) if !is_active(person) => signs.push(DeadSign::OrganiserLeft),
            // Where no directory was ever read, nobody is missing in it.
            (OrganiserFound::Nobody, _) if !doubts.office.linked.is_empty() => signs.push(DeadSign::OrganiserUnknown),
            _ => {}
        }
        let others = elsewhere.get(&(&it.connection, owner)).map_or(&[][..], Vec::as_slice);
        let is_doubled = |one: &&&Reservation| {
            others.iter().any(|other| other.room_id != one.room_id && other.start < one.end && one.start < other.end)
        };
        if all.iter().filter(is_doubled).count() * 2 >= all.len() {
            signs.push(DeadSign::OrganiserElsewhere);
        }
    }
    if all.iter().any(|one| doubts.unanswered.contains(&one.id)) {
        signs.push(DeadSign::Unanswered);
    }
    signs
}
