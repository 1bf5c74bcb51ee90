//! Changes of bookings since the last shift: remembered as readings show them, and shown from the console's own data.

use std::collections::HashMap;
use std::time::Duration;

use chrono::{Datelike, NaiveDate, NaiveTime, Weekday};
use model::about::Ability;
use model::booking_change::{BookingChange, BookingChangeKind, BookingChanges, BookingThen, ChangesSince};
use model::conference_room::{Bookings, Reservation};
use model::{Failure, RoomId, Time};
use store::{StoreError, Writer};

use crate::board::{Zone, month_key, today};
use crate::console::Console;
use crate::readings::{Difference, differences};

/// How long a change is kept.
pub(crate) const KEPT: Duration = Duration::from_secs(90 * 24 * 3_600);
/// The most changes that are shown.
const MOST: u32 = 200;
/// A page that is printed twice within this time is handed over once: the second has the same changes as the first.
const REPRINT: Duration = Duration::from_secs(30 * 60);
/// A hand-over before this is not the last shift's.
const LAST_SHIFT: Duration = Duration::from_secs(7 * 24 * 3_600);
/// Minutes after midnight at which a working day ends.
const EVENING: i64 = 17 * 60 + 30;

impl Console {
    /// What changed in bookings, address books and directories, as far as readings showed it, with the time that is meant by `since`.
    ///
    /// # Errors
    /// Where the cache or the console's own data cannot be read.
    pub async fn booking_changes(&self, since: ChangesSince) -> Result<BookingChanges, Failure> {
        let now = self.now();
        let connections = self.connections_with(Ability::Rooms).await?;
        let zone = connections.first().map_or(Zone::Computer, Zone::of).name();
        self.0
            .store
            .read(move |r| {
                let handed_over_at = store::booking_changes::handed_over_at(r, now.minus(REPRINT))?;
                let handed_over_at = handed_over_at.filter(|at| *at >= now.minus(LAST_SHIFT));
                let since = match (since, handed_over_at) {
                    (ChangesSince::HandOver, Some(at)) => at,
                    (ChangesSince::Midnight, _) => midnight(Zone::Computer, now),
                    (ChangesSince::HandOver | ChangesSince::Evening, _) => evening(Zone::Computer, now),
                };
                let mut compared = Vec::new();
                for it in &connections {
                    let month = month_key(today(it, now));
                    compared.push(store::reservations::compared_from(r, &it.id, &month)?);
                }
                let all: Option<Vec<Time>> = compared.into_iter().collect();
                let compared_from = all.and_then(|times| times.into_iter().max());
                let (changes, count) = store::booking_changes::since(r, since, MOST)?;
                let (entries, entry_count) = store::entry_changes::since(r, since, MOST)?;
                Ok(BookingChanges { since, handed_over_at, compared_from, zone, changes, count, entries, entry_count })
            })
            .await
    }

    /// Remembers that the page of *Today* was printed for whoever comes next.
    ///
    /// # Errors
    /// Where the console's own data cannot be written.
    pub async fn handed_over(&self) -> Result<(), Failure> {
        let now = self.now();
        self.write(move |w| store::booking_changes::hand_over(w, now)).await
    }
}

/// Keeps what a reading of a month shows beside the one before it, and forgets what is too old.
pub(crate) fn remember(
    w: &mut Writer<'_>,
    (before, after): (&Bookings, &Bookings),
    month: (Time, Time),
    at: Time,
) -> Result<(), StoreError> {
    let found = differences(before, after, month);
    if !found.is_empty() {
        let names = store::rooms::all(w)?.into_iter().map(|room| (room.id, room.name)).collect();
        for difference in found {
            if let Some(change) = change(&difference, &names, at) {
                let change = across_months(w, change, month)?;
                store::booking_changes::add(w, &change)?;
            }
        }
    }
    store::booking_changes::prune(w, at.minus(KEPT))
}

fn change(difference: &Difference<'_>, names: &HashMap<RoomId, String>, at: Time) -> Option<BookingChange> {
    let Difference { before, after } = *difference;
    let it = after.or(before)?;
    Some(BookingChange {
        connection: it.connection.clone(),
        reservation: it.id.clone(),
        kind: kind(before, after)?,
        before: before.map(|it| then(it, names)),
        after: after.map(|it| then(it, names)),
        has_id: it.own_id.is_some(),
        seen_at: at,
    })
}

fn kind(before: Option<&Reservation>, after: Option<&Reservation>) -> Option<BookingChangeKind> {
    match (before, after) {
        (None, None) => None,
        (None, Some(_)) => Some(BookingChangeKind::Added),
        (Some(_), None) => Some(BookingChangeKind::Cancelled),
        (Some(old), Some(new)) if (old.start, old.end) != (new.start, new.end) => Some(BookingChangeKind::Moved),
        (Some(old), Some(new)) if old.room_id != new.room_id => Some(BookingChangeKind::OtherRoom),
        (Some(_), Some(_)) => Some(BookingChangeKind::Renamed),
    }
}

fn then(it: &Reservation, names: &HashMap<RoomId, String>) -> BookingThen {
    let id = it.room_id.as_str();
    let own = || id.split_once('/').map_or(id, |(_, own)| own).to_owned();
    BookingThen {
        room_id: it.room_id.clone(),
        room: names.get(&it.room_id).cloned().unwrap_or_else(own),
        title: it.title.clone(),
        owner: it.owner.clone(),
        start: it.start,
        end: it.end,
        all_day: it.all_day,
    }
}

/// Months are read one after the other: what left one and came in another under its id was moved, and is told once.
fn across_months(w: &mut Writer<'_>, change: BookingChange, month: (Time, Time)) -> Result<BookingChange, StoreError> {
    use BookingChangeKind::{Added, Cancelled, Moved, OtherRoom, Renamed};
    let wanted = match change.kind {
        Added => Cancelled,
        Cancelled => Added,
        Moved | OtherRoom | Renamed => return Ok(change),
    };
    if !change.has_id {
        return Ok(change);
    }
    let is_elsewhere = |it: &BookingThen| it.start < month.0 || it.start >= month.1;
    let there = |it: &BookingChange| it.before.as_ref().or(it.after.as_ref()).is_some_and(is_elsewhere);
    let Some(other) = store::booking_changes::take_last(w, &change.reservation, wanted, there)? else {
        return Ok(change);
    };
    let (before, after) = (change.before.or(other.before), change.after.or(other.after));
    Ok(BookingChange { kind: Moved, before, after, ..change })
}

/// Half past five of the last working day before today.
fn evening(zone: Zone, now: Time) -> Time {
    let earlier = std::iter::successors(zone.day(now).pred_opt(), NaiveDate::pred_opt);
    let is_working = |day: &NaiveDate| !matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
    earlier
        .take(7)
        .find(is_working)
        .map_or(now, |day| zone.at(day.and_time(NaiveTime::MIN) + chrono::Duration::minutes(EVENING)))
}

fn midnight(zone: Zone, now: Time) -> Time {
    zone.at(zone.day(now).and_time(NaiveTime::MIN))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shift_begins_at_half_past_five_of_the_last_working_day() {
        let zone = Zone::Named("Asia/Tokyo".parse().unwrap());
        let check = |now: &str, expected: &str| {
            let now = Time::parse(now).unwrap();
            let found = evening(zone, now).utc().with_timezone(&chrono_tz::Asia::Tokyo);
            assert_eq!(found.format("%a %d %H:%M").to_string(), expected, "{now}");
        };
        check("2026-10-14T10:42:00+09:00", "Tue 13 17:30");
        check("2026-10-14T18:00:00+09:00", "Tue 13 17:30");
        check("2026-10-14T00:10:00+09:00", "Tue 13 17:30");
        check("2026-10-12T08:00:00+09:00", "Fri 09 17:30");
        check("2026-10-11T08:00:00+09:00", "Fri 09 17:30");
        check("2026-10-10T08:00:00+09:00", "Fri 09 17:30");
    }

    #[test]
    fn today_begins_at_midnight() {
        let zone = Zone::Named("Asia/Tokyo".parse().unwrap());
        let begin = midnight(zone, Time::parse("2026-10-14T10:42:00+09:00").unwrap());
        assert_eq!(begin, Time::parse("2026-10-14T00:00:00+09:00").unwrap());
    }
}
