//! What comes again every week, and what of it may be kept for nothing.

use std::collections::{BTreeMap, HashMap};

use chrono::{Datelike, NaiveTime, Weekday};
use model::booking_detail::OrganiserFound;
use model::conference_room::Reservation;
use model::person::LinkedPerson;
use model::room_report::{DeadSign, Series};
use model::{ConnectionId, ReservationId, RoomId, Time};

use super::Material;
use crate::whereabouts::Office;

/// So often something has to be seen to come again.
const TIMES: usize = 3;

/// What is asked where something may be kept for nothing.
pub(crate) struct Doubts<'a> {
    pub(crate) office: &'a Office,
    /// Bookings about which a question ended without an answer.
    pub(crate) unanswered: &'a [ReservationId],
    pub(crate) now: Time,
}

/// What makes bookings one series: room, folded title, organiser, weekday and begin.
type Key<'a> = (&'a RoomId, String, Option<&'a str>, u8, NaiveTime);

impl Material {
    /// What comes again, with the most doubtful first.
    pub(crate) fn series(&self, doubts: &Doubts<'_>) -> Vec<Series> {
        let mut groups: BTreeMap<Key<'_>, Vec<&Reservation>> = BTreeMap::new();
        for it in &self.reservations {
            let wall = self.zone.wall(it.start);
            let weekday = weekday(wall.date().weekday());
            let title = model::text::fold(it.title.trim());
            groups.entry((&it.room_id, title, it.owner.as_deref(), weekday, wall.time())).or_default().push(it);
        }
        let names: HashMap<&RoomId, &str> = self.rooms.iter().map(|it| (&it.id, it.name.as_str())).collect();
        let elsewhere = self.of_owners();
        let mut found: Vec<Series> = groups
            .into_iter()
            .filter(|(_, all)| all.len() >= TIMES)
            .filter_map(|((room, _, _, weekday, _), all)| {
                let (first, last) = (all.first()?, all.last()?);
                let next = all.iter().find(|it| it.start >= doubts.now).unwrap_or(last);
                Some(Series {
                    room: room.clone(),
                    name: names.get(room).map_or_else(|| room.0.clone(), |it| (*it).to_owned()),
                    title: last.title.clone(),
                    owner: last.owner.clone(),
                    weekday,
                    times: u16::try_from(all.len()).unwrap_or(u16::MAX),
                    first: first.start,
                    first_end: first.end,
                    last: last.start,
                    booking: next.id.clone(),
                    signs: signs(&all, doubts, &elsewhere),
                })
            })
            .collect();
        found.sort_by(|a, b| {
            let key = |it: &Series| (std::cmp::Reverse(it.signs.len()), it.weekday, it.first);
            key(a).cmp(&key(b))
        });
        found
    }

    /// The bookings that are under each word for an organiser.
    fn of_owners(&self) -> HashMap<(&ConnectionId, &str), Vec<&Reservation>> {
        let mut all: HashMap<(&ConnectionId, &str), Vec<&Reservation>> = HashMap::new();
        for it in &self.reservations {
            if let Some(owner) = it.owner.as_deref() {
                all.entry((&it.connection, owner)).or_default().push(it);
            }
        }
        all
    }
}

fn weekday(day: Weekday) -> u8 {
    u8::try_from(day.number_from_monday()).unwrap_or(7)
}

fn signs(
    all: &[&Reservation],
    doubts: &Doubts<'_>,
    elsewhere: &HashMap<(&ConnectionId, &str), Vec<&Reservation>>,
) -> Vec<DeadSign> {
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
