//! Rooms over several days, counted out of the cache: how much of the opening hours is booked, how often, and where bookings overlap.

use std::collections::{BTreeSet, HashMap};

use chrono::{Datelike, NaiveDate, NaiveTime, Weekday};
use model::about::Ability;
use model::conference_room::Room;
use model::connection::Connection;
use model::desk::HolidaySettings;
use model::holiday::{self, Holiday};
use model::room_calendar::{BookedTime, CalendarDay, MonthRead, RoomBookings, RoomCalendar, RoomLine};
use model::room_overlay::OpenHours;
use model::{Day, Failure, Raw, Reason, RoomId, Time};
use store::booked::Booked;
use store::{Reader, StoreError};

use crate::board::{Zone, month_key};
use crate::console::Console;

/// The most days that one question covers: a month in whole weeks.
const MOST_DAYS: u16 = 42;
/// The most days for which the times of bookings are told and not only counted.
const DAYS_WITH_TIMES: u16 = 7;
const MINUTE: i64 = 60_000;

/// When rooms open and close, in hours of the day, and on which days they do not.
pub(crate) struct Hours {
    pub(crate) opens: u8,
    pub(crate) closes: u8,
    pub(crate) holidays: HolidaySettings,
}

impl Hours {
    fn holiday(&self, day: NaiveDate) -> Option<Holiday> {
        let own = self.holidays.closed.contains(&Day(day)).then_some(Holiday::Closed);
        let law = self.holidays.is_japanese.then(|| holiday::japanese(day)).flatten();
        law.or(own)
    }
}

impl Console {
    /// Some days of all rooms, out of the cache. Up to a week also tells when in the day rooms are booked. Their months are read now
    /// and then for as long as somebody asks.
    ///
    /// # Errors
    /// [`Failure::Invalid`] for no day or more than 42; where the cache cannot be read.
    pub async fn room_calendar(&self, from: Day, days: u16) -> Result<RoomCalendar, Failure> {
        self.see_months(from, days.min(MOST_DAYS));
        let connections = self.connections_with(Ability::Rooms).await?;
        self.room_calendar_of(&connections, from, days).await
    }

    /// Some days of the rooms of these connections, out of the cache.
    ///
    /// # Errors
    /// As [`Console::room_calendar`].
    pub async fn room_calendar_of(
        &self,
        connections: &[Connection],
        from: Day,
        days: u16,
    ) -> Result<RoomCalendar, Failure> {
        let (zone, days) = self.days(connections, from, days, MOST_DAYS).await?;
        let connections = connections.to_vec();
        let is_with_times = days.len() <= usize::from(DAYS_WITH_TIMES);
        self.0
            .store
            .read(move |r| {
                let span = span_of(&days);
                let rooms = store::rooms::shown(r)?;
                let rooms = rooms.into_iter().filter(|room| connections.iter().any(|it| it.id == room.connection));
                let months = months_of(r, &connections, &days)?;
                let mut unplaced = 0;
                for month in &months {
                    for it in &connections {
                        unplaced += store::reservations::unplaced_count(r, &it.id, &month_key(month.month))?;
                    }
                }
                let rooms = lines(rooms, &store::booked::times(r, span.0, span.1)?, (zone, &days), is_with_times);
                Ok(RoomCalendar { zone: zone.name(), days, months, rooms, unplaced })
            })
            .await
    }

    /// The bookings of one room over some days, out of the cache.
    ///
    /// # Errors
    /// As [`Console::room_calendar`].
    pub async fn room_bookings(&self, room: RoomId, from: Day, days: u16) -> Result<RoomBookings, Failure> {
        self.see_months(from, days.min(MOST_DAYS));
        let mut connections = self.connections_with(Ability::Rooms).await?;
        let of = room.as_str().split_once('/').map_or(room.as_str(), |(connection, _)| connection).to_owned();
        connections.retain(|it| it.id.as_str() == of);
        let (zone, mut days) = self.days(&connections, from, days, MOST_DAYS).await?;
        self.0
            .store
            .read(move |r| {
                if let Some(own) = store::rooms::all(r)?.into_iter().find(|it| it.id == room) {
                    for day in &mut days {
                        (day.opens_at, day.closes_at) = open_span(zone, day, &own);
                    }
                }
                let reservations = store::reservations::of_room(r, &room, span_of(&days))?;
                let months = months_of(r, &connections, &days)?;
                Ok(RoomBookings { room, zone: zone.name(), days, months, reservations })
            })
            .await
    }

    /// Some days of these connections' rooms, at most so many.
    pub(crate) async fn days(
        &self,
        connections: &[Connection],
        from: Day,
        days: u16,
        most: u16,
    ) -> Result<(Zone, Vec<CalendarDay>), Failure> {
        if !(1..=most).contains(&days) {
            return Err(Failure::invalid(Reason::NotUsable, days.to_string()));
        }
        let zone = connections.first().map_or(Zone::Computer, Zone::of);
        let settings = self.settings_get().await?;
        let hours = Hours { opens: settings.opens_at.0, closes: settings.closes_at.0, holidays: settings.holidays };
        Ok((zone, from.0.iter_days().take(usize::from(days)).map(|day| calendar_day(zone, day, &hours)).collect()))
    }
}

pub(crate) fn calendar_day(zone: Zone, day: NaiveDate, hours: &Hours) -> CalendarDay {
    let (begins_at, ends_at) = zone.span(day, day.succ_opt().unwrap_or(day));
    let (opens_at, closes_at) = hours_on(zone, day, OpenHours { opens_at: hours.opens, closes_at: hours.closes });
    CalendarDay {
        day: Day(day),
        begins_at,
        ends_at,
        opens_at,
        closes_at,
        is_weekend: matches!(day.weekday(), Weekday::Sat | Weekday::Sun),
        holiday: hours.holiday(day),
    }
}

/// Hours of a day as instants.
fn hours_on(zone: Zone, day: NaiveDate, hours: OpenHours) -> (Time, Time) {
    let at = |hour: u8| match NaiveTime::from_hms_opt(hour.into(), 0, 0) {
        Some(time) => zone.at(day.and_time(time)),
        None => zone.span(day, day.succ_opt().unwrap_or(day)).1,
    };
    let opens_at = at(hours.opens_at);
    (opens_at, at(hours.closes_at).max(opens_at))
}

/// When a room can be used on a day: by hours of its own where it has some.
pub(crate) fn open_span(zone: Zone, day: &CalendarDay, room: &Room) -> (Time, Time) {
    room.hours.map_or((day.opens_at, day.closes_at), |own| hours_on(zone, day.day.0, own))
}

pub(crate) fn span_of(days: &[CalendarDay]) -> (Time, Time) {
    let epoch = Time::from(chrono::DateTime::UNIX_EPOCH);
    (days.first().map_or(epoch, |it| it.begins_at), days.last().map_or(epoch, |it| it.ends_at))
}

/// The months that these days are of, each with the time of its oldest reading.
pub(crate) fn months_of(
    r: &Reader<'_>,
    connections: &[Connection],
    days: &[CalendarDay],
) -> Result<Vec<MonthRead>, StoreError> {
    let months: BTreeSet<Day> = days.iter().map(|it| Day(it.day.0.with_day(1).unwrap_or(it.day.0))).collect();
    let mut all = Vec::new();
    for month in months {
        let mut read = Vec::new();
        for it in connections {
            read.push(store::reservations::read_at(r, &it.id, &month_key(month))?);
        }
        let oldest: Option<Vec<Time>> = read.into_iter().collect();
        all.push(MonthRead { month, read_at: oldest.and_then(|times| times.into_iter().min()) });
    }
    Ok(all)
}

/// What stands in each room on each day.
pub(crate) fn lines(
    rooms: impl Iterator<Item = Room>,
    booked: &[Booked],
    (zone, days): (Zone, &[CalendarDay]),
    is_with_times: bool,
) -> Vec<RoomLine> {
    let mut by_room: HashMap<&str, Vec<(Time, Time)>> = HashMap::new();
    for it in booked {
        by_room.entry(it.room.as_str()).or_default().push((it.start, it.end));
    }
    let none = Vec::new();
    rooms
        .map(|room| {
            let spans = by_room.get(room.id.as_str()).unwrap_or(&none);
            let mut line = RoomLine {
                room: Room { raw: Raw(String::new()), ..room },
                used: Vec::with_capacity(days.len()),
                bookings: Vec::with_capacity(days.len()),
                overlaps: Vec::with_capacity(days.len()),
                times: Vec::new(),
            };
            for day in days {
                let of_day: Vec<_> = spans.iter().copied().filter(|it| touches(*it, day)).collect();
                let tangles = tangles(&of_day);
                line.used.push(share(&tangles, open_span(zone, day, &line.room)));
                line.bookings.push(u16::try_from(of_day.len()).unwrap_or(u16::MAX));
                let overlaps = tangles.iter().filter(|it| it.count > 1).count();
                line.overlaps.push(u16::try_from(overlaps).unwrap_or(u16::MAX));
                if is_with_times {
                    line.times.push(of_day.iter().map(|it| minutes(*it, day)).collect());
                }
            }
            line
        })
        .collect()
}

fn touches((start, end): (Time, Time), day: &CalendarDay) -> bool {
    start < day.ends_at && (end > day.begins_at || (start == end && start >= day.begins_at))
}

/// Bookings that overlap one another, from the first begin to the last end.
pub(crate) struct Tangle {
    pub(crate) start: Time,
    pub(crate) end: Time,
    pub(crate) count: usize,
}

/// Bookings in the order of begin as stretches without a gap; what only touches does not overlap.
pub(crate) fn tangles(spans: &[(Time, Time)]) -> Vec<Tangle> {
    let mut all: Vec<Tangle> = Vec::new();
    // One without length still takes its instant.
    let occupied = |(start, end): (Time, Time)| end.max(start.plus(std::time::Duration::from_millis(1)));
    let mut busy_until: Option<Time> = None;
    for span in spans {
        match all.last_mut() {
            Some(last) if busy_until.is_some_and(|it| it > span.0) => {
                last.end = last.end.max(span.1);
                last.count += 1;
            }
            _ => all.push(Tangle { start: span.0, end: span.1, count: 1 }),
        }
        busy_until = busy_until.max(Some(occupied(*span)));
    }
    all
}

fn share(tangles: &[Tangle], (opens_at, closes_at): (Time, Time)) -> u8 {
    let open = closes_at.millis() - opens_at.millis();
    let inside = |it: &Tangle| it.end.min(closes_at).millis() - it.start.max(opens_at).millis();
    let used: i64 = tangles.iter().map(|it| inside(it).max(0)).sum();
    if open <= 0 || used <= 0 {
        return 0;
    }
    let percent = ((used * 200 + open) / (open * 2)).clamp(1, 100);
    u8::try_from(percent).unwrap_or(100)
}

fn minutes((start, end): (Time, Time), day: &CalendarDay) -> BookedTime {
    let at = |time: Time| {
        let inside = time.clamp(day.begins_at, day.ends_at);
        u16::try_from((inside.millis() - day.begins_at.millis()) / MINUTE).unwrap_or(0)
    };
    BookedTime(at(start), at(end))
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::ConnectionId;

    fn zone(name: &str) -> Zone {
        Zone::Named(name.parse().unwrap())
    }

    fn hours(opens: u8, closes: u8) -> Hours {
        Hours { opens, closes, holidays: HolidaySettings::default() }
    }

    #[test]
    fn holidays_are_those_of_japan_and_those_of_the_office_as_it_wants() {
        let day = |text: &str| -> NaiveDate { text.parse().unwrap() };
        let of = |is_japanese, on: &str| {
            let holidays =
                HolidaySettings { is_japanese, closed: vec![Day(day("2026-10-12")), Day(day("2026-10-13"))] };
            Hours { opens: 9, closes: 18, holidays }.holiday(day(on))
        };
        assert_eq!([of(true, "2026-10-12"), of(true, "2026-10-13")], [Some(Holiday::Sports), Some(Holiday::Closed)]);
        assert_eq!([of(false, "2026-10-12"), of(false, "2026-11-03")], [Some(Holiday::Closed), None]);
    }

    fn day(zone: Zone, on: &str) -> CalendarDay {
        calendar_day(zone, on.parse().unwrap(), &hours(9, 18))
    }

    fn room() -> Room {
        Room {
            id: RoomId::from("cam/1"),
            connection: ConnectionId::from("cam"),
            external_id: "1".into(),
            name: "会議室 301".into(),
            capacity: None,
            place: None,
            note: None,
            equipment: vec![],
            hours: None,
            raw: Raw("{}".into()),
        }
    }

    fn line(days: &[CalendarDay], spans: &[(&str, &str)]) -> RoomLine {
        let time = |text: &str| Time::parse(text).unwrap();
        let booked = |(start, end): &(&str, &str)| Booked { room: room().id, start: time(start), end: time(end) };
        let booked: Vec<_> = spans.iter().map(booked).collect();
        lines(std::iter::once(room()), &booked, (zone("Asia/Tokyo"), days), true).remove(0)
    }

    #[test]
    fn what_overlaps_is_counted_once_as_used_and_as_one_overlap() {
        let tokyo = zone("Asia/Tokyo");
        let line = line(
            &[day(tokyo, "2026-10-14")],
            &[
                ("2026-10-14T08:00:00+09:00", "2026-10-14T10:00:00+09:00"),
                ("2026-10-14T09:30:00+09:00", "2026-10-14T11:00:00+09:00"),
                ("2026-10-14T10:00:00+09:00", "2026-10-14T10:30:00+09:00"),
                ("2026-10-14T11:00:00+09:00", "2026-10-14T11:42:00+09:00"),
            ],
        );
        // From 9:00 to 11:42 of nine hours; the three that overlap are one tangle, the one that only touches is none.
        assert_eq!((line.used, line.bookings, line.overlaps), (vec![30], vec![4], vec![1]));
        assert_eq!(line.times[0][0], BookedTime(480, 600));
        assert_eq!(line.room.raw, Raw(String::new()));
    }

    #[test]
    fn a_booking_over_midnight_counts_on_both_days_and_one_without_length_on_its_own() {
        let tokyo = zone("Asia/Tokyo");
        let days = ["2026-10-13", "2026-10-14", "2026-10-15"].map(|it| day(tokyo, it));
        let line = line(
            &days,
            &[
                ("2026-10-13T15:00:00+09:00", "2026-10-14T12:00:00+09:00"),
                ("2026-10-15T00:00:00+09:00", "2026-10-15T00:00:00+09:00"),
            ],
        );
        assert_eq!(line.used, [33, 33, 0]);
        assert_eq!(line.bookings, [1, 1, 1]);
        assert_eq!(line.times, [vec![BookedTime(900, 1_440)], vec![BookedTime(0, 720)], vec![BookedTime(0, 0)]]);
    }

    #[test]
    fn the_hours_of_a_day_on_which_the_clock_changes_are_those_on_the_wall() {
        let berlin = zone("Europe/Berlin");
        let spring = day(berlin, "2026-03-29");
        assert_eq!(spring.ends_at.millis() - spring.begins_at.millis(), 23 * 60 * MINUTE);
        assert_eq!(spring.closes_at.millis() - spring.opens_at.millis(), 9 * 60 * MINUTE);
        let whole = line(&[spring], &[("2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z")]);
        assert_eq!((whole.used, whole.times[0][0]), (vec![100], BookedTime(0, 23 * 60)));
    }

    #[test]
    fn a_room_with_hours_of_its_own_is_used_by_them() {
        let tokyo = zone("Asia/Tokyo");
        let days = [day(tokyo, "2026-10-14")];
        let evening = OpenHours { opens_at: 16, closes_at: 24 };
        let late = Room { hours: Some(evening), ..room() };
        let time = |text: &str| Time::parse(text).unwrap();
        let span = (time("2026-10-14T15:00:00+09:00"), time("2026-10-14T20:00:00+09:00"));
        let booked = [Booked { room: room().id, start: span.0, end: span.1 }];
        let of = |room: Room| lines(std::iter::once(room), &booked, (tokyo, &days), false).remove(0).used;
        assert_eq!((of(late.clone()), of(room())), (vec![50], vec![33]), "four of eight hours, three of nine");
        assert_eq!(open_span(tokyo, &days[0], &late).1, days[0].ends_at, "24 is the end of the day");
    }

    #[test]
    fn the_least_booking_is_not_nothing_and_a_room_open_all_day_ends_at_midnight() {
        let tokyo = zone("Asia/Tokyo");
        let always = calendar_day(tokyo, "2026-10-12".parse().unwrap(), &hours(0, 24));
        assert_eq!((always.opens_at, always.closes_at), (always.begins_at, always.ends_at));
        assert!(!always.is_weekend);
        assert_eq!(always.holiday, Some(holiday::Holiday::Sports));
        let line = line(&[always], &[("2026-10-12T23:59:00+09:00", "2026-10-13T00:01:00+09:00")]);
        assert_eq!(line.used, [1]);
    }
}
