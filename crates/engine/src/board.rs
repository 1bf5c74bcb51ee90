//! The rooms board: one day from the cache, and a month read when somebody looks at it.

use chrono::{DateTime, Datelike, Local, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Utc};
use model::about::Ability;
use model::conference_room::{Bookings, Period, Room, RoomBoard, RoomHours};
use model::connection::Connection;
use model::ports::Session;
use model::room_calendar::CalendarDay;
use model::{ConnectionId, Day, Failure, Reason, RoomId, Time, Why};

use crate::console::{Console, lock};
use crate::room_calendar::open_span;
use crate::{booking_changes, readings};

/// The setting that names the zone of a connection's rooms.
const TIME_ZONE: &str = "time-zone";

impl Console {
    /// The board of a day over all connections, from the cache, without rooms that are hidden here. Its month is read now and then
    /// for as long as somebody asks.
    ///
    /// # Errors
    /// Where the cache cannot be read.
    pub async fn room_board(&self, day: Day) -> Result<RoomBoard, Failure> {
        self.see_months(day, 1);
        let mut board = self.room_board_of(&self.connections_with(Ability::Rooms).await?, day).await?;
        let said = self.0.store.read(store::room_overlays::all).await?;
        let is_shown = |room: &RoomId| said.get(room).is_none_or(|it| !it.is_hidden);
        board.rooms.retain(|it| is_shown(&it.id));
        board.reservations.retain(|it| is_shown(&it.room_id));
        Ok(board)
    }

    /// The board of a day over these connections, from the cache, rooms included that are hidden here. The zone is that of the first.
    ///
    /// # Errors
    /// Where the cache cannot be read.
    pub async fn room_board_of(&self, connections: &[Connection], day: Day) -> Result<RoomBoard, Failure> {
        let (zone, days) = self.days(connections, day, 1, 1).await?;
        let on = days.into_iter().next().ok_or_else(|| Failure::invalid(Reason::NotUsable, "day"))?;
        let (begins_at, ends_at) = (on.begins_at, on.ends_at);
        let months: Vec<(ConnectionId, String)> =
            connections.iter().map(|it| (it.id.clone(), month_key(day))).collect();
        let ids: Vec<ConnectionId> = connections.iter().map(|it| it.id.clone()).collect();
        let (rooms, (reservations, unplaced, read_at)) = self
            .0
            .store
            .read(move |r| {
                let mut rooms = store::rooms::all(r)?;
                rooms.retain(|room| ids.contains(&room.connection));
                let mut found = store::reservations::board(r, begins_at, ends_at, &months)?;
                found.0.retain(|it| ids.contains(&it.connection));
                Ok((rooms, found))
            })
            .await?;
        let with_own = rooms.iter().filter(|it| it.hours.is_some());
        let hours = with_own
            .map(|room| {
                let (opens_at, closes_at) = open_span(zone, &on, room);
                RoomHours { room: room.id.clone(), opens_at, closes_at }
            })
            .collect();
        let CalendarDay { opens_at, closes_at, is_weekend, holiday, .. } = on;
        Ok(RoomBoard {
            day,
            begins_at,
            ends_at,
            zone: zone.name(),
            opens_at,
            closes_at,
            is_weekend,
            holiday,
            rooms,
            hours,
            reservations,
            unplaced,
            read_at,
        })
    }

    /// The bookings of a whole month over these connections, from the cache; the day within is of no meaning.
    ///
    /// # Errors
    /// Where the cache cannot be read.
    pub async fn room_month_of(&self, connections: &[Connection], day: Day) -> Result<Bookings, Failure> {
        let zone = connections.first().map(Zone::of).unwrap_or(Zone::Computer);
        let (first, next) = month(day.0);
        let (begins_at, ends_at) = zone.span(first, next);
        let months: Vec<(ConnectionId, String)> =
            connections.iter().map(|it| (it.id.clone(), month_key(day))).collect();
        let ids: Vec<ConnectionId> = connections.iter().map(|it| it.id.clone()).collect();
        let (mut reservations, unplaced, _) =
            self.0.store.read(move |r| store::reservations::board(r, begins_at, ends_at, &months)).await?;
        reservations.retain(|it| ids.contains(&it.connection));
        Ok(Bookings { reservations, unplaced })
    }

    /// Reads the month of a day from every connection that has rooms.
    ///
    /// # Errors
    /// The first failure; the other connections were read all the same.
    pub async fn room_board_read(&self, day: Day) -> Result<(), Failure> {
        let mut outcome = Ok(());
        for connection in self.connections_with(Ability::Rooms).await? {
            let read = self.room_board_read_one(&connection, day).await;
            outcome = outcome.and(read);
        }
        outcome
    }

    /// Reads the rooms and the month of a day from one connection.
    ///
    /// # Errors
    /// What the system answers; [`Failure::Invalid`] where it has no rooms.
    pub async fn room_board_read_one(&self, connection: &Connection, day: Day) -> Result<(), Failure> {
        let outcome = async {
            self.rooms_read(connection).await?;
            let session = self.session(&connection.id).await?;
            self.read_month(connection, &session, day).await.map(drop)
        }
        .await;
        self.note(&connection.id, &outcome).await;
        outcome
    }

    /// Reads the rooms of one connection now.
    ///
    /// # Errors
    /// What the system answers; [`Failure::Invalid`] where it has no rooms.
    pub async fn rooms_read(&self, connection: &Connection) -> Result<Vec<Room>, Failure> {
        let outcome = async {
            let session = self.session(&connection.id).await?;
            let rooms = session.rooms.as_ref().ok_or_else(|| not_offered(&connection.name))?.rooms().await?;
            let (id, kept) = (connection.id.clone(), rooms.clone());
            self.write(move |w| store::rooms::replace(w, &id, &kept)).await?;
            Ok(rooms)
        }
        .await;
        self.note(&connection.id, &outcome).await;
        outcome
    }

    /// Reads the bookings of the month of a day, and remembers what changed since they were read before; the number of bookings that
    /// are new or changed.
    pub(crate) async fn read_month(
        &self,
        connection: &Connection,
        session: &Session,
        day: Day,
    ) -> Result<u64, Failure> {
        let Some(port) = &session.rooms else { return Ok(0) };
        // Readings are kept in the order in which they were asked: one that comes late would undo what a later one showed, and
        // the two would be told as changes.
        let turn = lock(&self.0.reading_bookings).entry(connection.id.clone()).or_default().clone();
        let _turn = turn.lock_owned().await;
        let bookings = port.bookings(Period::Month(day)).await?;
        let zone = Zone::of(connection);
        let (first, next) = month(day.0);
        let span = zone.span(first, next);
        let (id, key, now) = (connection.id.clone(), month_key(day), self.now());
        self.write(move |w| {
            let before = store::reservations::of_month(w, &id, span, &key)?;
            let compared = store::reservations::compared_from(w, &id, &key)?;
            let changed = store::reservations::replace(w, &id, span.0, span.1, &key, &bookings, now)?;
            let after = store::reservations::of_month(w, &id, span, &key)?;
            let from = match compared {
                None => Some(now),
                Some(_) if readings::is_doubtful(&before, &after) => None,
                Some(from) => {
                    booking_changes::remember(w, (&before, &after), span, now)?;
                    Some(from)
                }
            };
            if from != compared {
                store::reservations::set_compared_from(w, &id, &key, from)?;
            }
            Ok(changed)
        })
        .await
    }

    /// The connections whose system has an ability, in the order in which they were made.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub async fn connections_with(&self, ability: Ability) -> Result<Vec<Connection>, Failure> {
        let all = self.0.store.read(store::connections::all).await?;
        Ok(all
            .into_iter()
            .filter(|it| self.system(&it.system).is_some_and(|system| system.about().abilities.contains(&ability)))
            .collect())
    }
}

pub(crate) fn not_offered(name: &str) -> Failure {
    Failure::Invalid(Why::new(Reason::NotOffered, name))
}

/// Today where the rooms of a connection are.
pub(crate) fn today(connection: &Connection, now: Time) -> Day {
    Day(Zone::of(connection).day(now))
}

pub(crate) fn month_key(day: Day) -> String {
    day.0.format("%Y%m").to_string()
}

fn month(day: NaiveDate) -> (NaiveDate, NaiveDate) {
    let first = day.with_day(1).unwrap_or(day);
    (first, first.checked_add_months(chrono::Months::new(1)).unwrap_or(first))
}

/// The zone in which a connection's days begin.
#[derive(Clone, Copy)]
pub(crate) enum Zone {
    Named(chrono_tz::Tz),
    Computer,
}

impl Zone {
    pub(crate) fn of(connection: &Connection) -> Self {
        connection.settings.get(TIME_ZONE).and_then(|name| name.parse().ok()).map_or(Self::Computer, Self::Named)
    }

    pub(crate) fn name(self) -> String {
        match self {
            Self::Named(zone) => zone.name().to_owned(),
            Self::Computer => String::new(),
        }
    }

    /// The day of an instant.
    pub(crate) fn day(self, now: Time) -> NaiveDate {
        self.wall(now).date()
    }

    /// What a clock on the wall shows at an instant.
    pub(crate) fn wall(self, at: Time) -> NaiveDateTime {
        match self {
            Self::Named(zone) => at.utc().with_timezone(&zone).naive_local(),
            Self::Computer => at.utc().with_timezone(&Local).naive_local(),
        }
    }

    /// The instant at which a clock on the wall shows this; where the clock is put forward over it, the first one after it.
    pub(crate) fn at(self, wall: NaiveDateTime) -> Time {
        match self {
            Self::Named(zone) => instant(&zone, wall),
            Self::Computer => instant(&Local, wall),
        }
    }

    pub(crate) fn span(self, from: NaiveDate, to: NaiveDate) -> (Time, Time) {
        (self.at(from.and_time(NaiveTime::MIN)), self.at(to.and_time(NaiveTime::MIN)))
    }
}

fn instant<Z: TimeZone>(zone: &Z, wall: NaiveDateTime) -> Time {
    let first = (0..4).find_map(|hours| zone.from_local_datetime(&(wall + chrono::Duration::hours(hours))).earliest());
    first.map_or_else(|| Time::from(DateTime::<Utc>::from_naive_utc_and_offset(wall, Utc)), Time::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_day_begins_at_midnight_where_the_rooms_are() {
        let check = |zone: &str, on: &str, begins: &str, ends: &str| {
            let (from, to) = Zone::Named(zone.parse().unwrap()).span(day(on), day(on).succ_opt().unwrap());
            assert_eq!((from.to_string(), to.to_string()), (begins.to_owned(), ends.to_owned()), "{zone} {on}");
        };
        check("Asia/Tokyo", "2026-10-14", "2026-10-13T15:00:00.000Z", "2026-10-14T15:00:00.000Z");
        check("Europe/Berlin", "2026-03-29", "2026-03-28T23:00:00.000Z", "2026-03-29T22:00:00.000Z");
        check("America/Santiago", "2026-09-06", "2026-09-06T04:00:00.000Z", "2026-09-07T03:00:00.000Z");
    }

    #[test]
    fn a_month_ends_where_the_next_begins() {
        let check = |on: &str, first: &str, next: &str| assert_eq!(month(day(on)), (day(first), day(next)));
        check("2026-10-14", "2026-10-01", "2026-11-01");
        check("2026-12-31", "2026-12-01", "2027-01-01");
        check("2024-02-29", "2024-02-01", "2024-03-01");
    }
}
