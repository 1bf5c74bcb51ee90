//! Bookings of conference rooms, what could not be placed, and which months were read when.

use std::collections::{BTreeMap, BTreeSet};

use model::conference_room::{Bookings, Reservation, Unplaced};
use model::{ConnectionId, Raw, ReservationId, RoomId, Time};
use rusqlite::{OptionalExtension, Row, params};

use crate::code::{self, Coded};
use crate::{Reader, StoreError, Writer, source};

/// In the cache.
pub(crate) const SCHEMA: &str = "
CREATE TABLE reservations (
  id INTEGER PRIMARY KEY,
  source INTEGER NOT NULL,
  external_id TEXT NOT NULL,
  room TEXT NOT NULL,
  title TEXT NOT NULL,
  owner TEXT,
  start_at INTEGER NOT NULL,
  end_at INTEGER NOT NULL,
  all_day INTEGER NOT NULL,
  raw TEXT NOT NULL,
  UNIQUE (source, external_id, start_at)
);
CREATE INDEX reservations_by_time ON reservations (start_at, end_at);
CREATE TABLE unplaced (
  id INTEGER PRIMARY KEY,
  source INTEGER NOT NULL,
  month TEXT NOT NULL,
  place_in_list INTEGER NOT NULL,
  reason INTEGER NOT NULL,
  words TEXT NOT NULL,
  title TEXT NOT NULL,
  raw TEXT NOT NULL,
  UNIQUE (source, month, place_in_list)
);
CREATE TABLE months (source INTEGER NOT NULL, month TEXT NOT NULL, read_at INTEGER NOT NULL, UNIQUE (source, month));
";

/// In the cache: the people of a booking as JSON.
pub(crate) const LATER: &str = "ALTER TABLE reservations ADD COLUMN people TEXT NOT NULL DEFAULT '[]';";

/// In the cache: the systems' own ids, by which a reading is compared with the one before, and since when readings of a month can be
/// compared. It is not known of a month until it is read again, so that nothing is told of what the former version read.
pub(crate) const COMPARED: &str = "
ALTER TABLE reservations ADD COLUMN own_id TEXT;
ALTER TABLE unplaced ADD COLUMN own_id TEXT;
ALTER TABLE months ADD COLUMN compared_from INTEGER;
";

/// What a board shows: bookings that touch its time, what could not be placed, and the oldest reading.
pub type Board = (Vec<Reservation>, Vec<Unplaced>, Option<Time>);

/// Makes the bookings of a connection that touch the time from `month_begin` to before `month_end` what the system says now.
/// `month_key` names the month for what could not be placed. One that begins in an earlier month goes only with that month: a
/// system may tell it there alone. Where nothing earlier was ever read, this reading is all that is known. Returns how many are
/// new, changed or gone.
///
/// # Errors
/// A connection that is not there, or a database that cannot be written.
pub fn replace(
    w: &mut Writer<'_>,
    connection: &ConnectionId,
    month_begin: Time,
    month_end: Time,
    month_key: &str,
    bookings: &Bookings,
    read_at: Time,
) -> Result<u64, StoreError> {
    let source = source::ensure(w, connection)?;
    let named = with_ids(connection, &bookings.reservations);
    let mut changed = 0;
    for (external_id, reservation) in &named {
        changed += upsert(w, (source, connection), external_id, reservation)?;
    }
    let kept: BTreeSet<(&str, i64)> = named.iter().map(|(id, it)| (id.as_str(), it.start.millis())).collect();
    let moved: BTreeSet<&str> = named.iter().map(|(id, _)| id.as_str()).collect();
    let knows_earlier = has_month_before(w, source, month_key)?;
    for (row, external_id, start_at) in touching(w, source, month_begin, month_end)? {
        let is_earlier = start_at < month_begin.millis() && knows_earlier && !moved.contains(external_id.as_str());
        if !is_earlier && !kept.contains(&(external_id.as_str(), start_at)) {
            changed += w.conn.prepare_cached("DELETE FROM reservations WHERE id = $1")?.execute([row])?;
        }
    }
    changed += replace_unplaced(w, source, month_key, &bookings.unplaced)?;
    let mut statement = w.conn.prepare_cached(
        "INSERT INTO months (source, month, read_at) VALUES ($1, $2, $3)
         ON CONFLICT (source, month) DO UPDATE SET read_at = excluded.read_at",
    )?;
    statement.execute(params![source, month_key, read_at.millis()])?;
    Ok(changed as u64)
}

/// The part of each id that follows the connection: the system's own id, or room and times where it gives none. Where an
/// answer has the same id more than once, as systems do for what repeats, the begin tells them apart.
fn with_ids<'a>(connection: &ConnectionId, reservations: &'a [Reservation]) -> Vec<(String, &'a Reservation)> {
    let mut times: BTreeMap<&str, u32> = BTreeMap::new();
    for reservation in reservations {
        *times.entry(own_part(connection, reservation.id.as_str())).or_default() += 1;
    }
    let name = |it: &Reservation| {
        let own = own_part(connection, it.id.as_str());
        let room = own_part(connection, it.room_id.as_str());
        match times.get(own) {
            _ if own.is_empty() => format!("{room}@{}-{}", it.start.millis(), it.end.millis()),
            Some(2..) => format!("{own}@{}", it.start.millis()),
            _ => own.to_owned(),
        }
    };
    let mut used = BTreeSet::new();
    let mut named = Vec::with_capacity(reservations.len());
    for reservation in reservations {
        let wanted = name(reservation);
        // Two bookings that nothing tells apart are still two.
        let free = (2..).map(|n| format!("{wanted}#{n}"));
        let id = std::iter::once(wanted.clone()).chain(free).find(|id| !used.contains(id)).unwrap_or(wanted);
        used.insert(id.clone());
        named.push((id, reservation));
    }
    named
}

/// The system's own id, whether or not the connection already stands before it.
fn own_part<'a>(connection: &ConnectionId, id: &'a str) -> &'a str {
    id.strip_prefix(connection.as_str()).and_then(|rest| rest.strip_prefix('/')).unwrap_or(id)
}

fn upsert(
    w: &mut Writer<'_>,
    (source, connection): (i64, &ConnectionId),
    external_id: &str,
    it: &Reservation,
) -> Result<usize, StoreError> {
    let mut statement = w.conn.prepare_cached(
        "INSERT INTO reservations (source, external_id, room, title, owner, start_at, end_at, all_day, raw, people, own_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         ON CONFLICT (source, external_id, start_at) DO UPDATE SET
           room = excluded.room, title = excluded.title, owner = excluded.owner, end_at = excluded.end_at,
           all_day = excluded.all_day, raw = excluded.raw, people = excluded.people, own_id = excluded.own_id
         WHERE reservations.room <> excluded.room OR reservations.title <> excluded.title
           OR reservations.owner IS DISTINCT FROM excluded.owner OR reservations.end_at <> excluded.end_at
           OR reservations.all_day <> excluded.all_day OR reservations.raw <> excluded.raw
           OR reservations.people <> excluded.people OR reservations.own_id IS DISTINCT FROM excluded.own_id",
    )?;
    Ok(statement.execute(params![
        source,
        external_id,
        own_part(connection, it.room_id.as_str()),
        it.title,
        it.owner,
        it.start.millis(),
        it.end.millis(),
        it.all_day,
        it.raw.0,
        code::to_json(&it.people)?,
        it.own_id,
    ])?)
}

fn touching(r: &Reader<'_>, source: i64, begin: Time, end: Time) -> Result<Vec<(i64, String, i64)>, StoreError> {
    let mut statement = r.conn.prepare_cached(
        "SELECT id, external_id, start_at FROM reservations
         WHERE source = $1 AND start_at < $2 AND (end_at > $3 OR start_at >= $3)",
    )?;
    let rows = statement
        .query_map(params![source, end.millis(), begin.millis()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn has_month_before(r: &Reader<'_>, source: i64, month: &str) -> Result<bool, StoreError> {
    let mut statement =
        r.conn.prepare_cached("SELECT EXISTS (SELECT 1 FROM months WHERE source = $1 AND month < $2)")?;
    Ok(statement.query_one(params![source, month], |row| row.get(0))?)
}

fn replace_unplaced(w: &mut Writer<'_>, source: i64, month: &str, unplaced: &[Unplaced]) -> Result<usize, StoreError> {
    let mut changed = 0;
    for (place, it) in (0_i64..).zip(unplaced) {
        let mut statement = w.conn.prepare_cached(
            "INSERT INTO unplaced (source, month, place_in_list, reason, words, title, raw, own_id)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
             ON CONFLICT (source, month, place_in_list) DO UPDATE SET reason = excluded.reason,
               words = excluded.words, title = excluded.title, raw = excluded.raw, own_id = excluded.own_id
             WHERE unplaced.reason <> excluded.reason OR unplaced.words <> excluded.words
               OR unplaced.title <> excluded.title OR unplaced.raw <> excluded.raw
               OR unplaced.own_id IS DISTINCT FROM excluded.own_id",
        )?;
        let reason = it.reason.code();
        changed += statement.execute(params![source, month, place, reason, it.words, it.title, it.raw.0, it.own_id])?;
    }
    let kept = i64::try_from(unplaced.len()).unwrap_or(i64::MAX);
    let mut statement =
        w.conn.prepare_cached("DELETE FROM unplaced WHERE source = $1 AND month = $2 AND place_in_list >= $3")?;
    Ok(changed + statement.execute(params![source, month, kept])?)
}

/// What a board from `from` to before `to` shows. `months` are the months that it needs of each connection; the time is that
/// of the oldest reading among them, and `None` where one of them was never read.
///
/// # Errors
/// A database that cannot be read.
pub fn board(r: &Reader<'_>, from: Time, to: Time, months: &[(ConnectionId, String)]) -> Result<Board, StoreError> {
    let mut statement = r.conn.prepare_cached(
        "SELECT s.connection, v.external_id, v.room, v.title, v.owner, v.start_at, v.end_at, v.all_day, v.raw, v.people,
           v.own_id
         FROM reservations v JOIN sources s ON s.id = v.source
         WHERE v.start_at < $1 AND (v.end_at > $2 OR v.start_at >= $2)
         ORDER BY v.start_at, v.end_at, v.id",
    )?;
    let reservations =
        statement.query_and_then(params![to.millis(), from.millis()], read)?.collect::<Result<Vec<_>, _>>()?;
    let mut unplaced = Vec::new();
    let mut oldest = None;
    let mut all_read = true;
    for (connection, month) in months {
        let read_at = read_at(r, connection, month)?;
        all_read &= read_at.is_some();
        oldest = [oldest, read_at].into_iter().flatten().min();
        unplaced.append(&mut unplaced_of(r, connection, month)?);
    }
    Ok((reservations, unplaced, oldest.filter(|_| all_read)))
}

/// Bookings that touch the time from `from` to before `to`, in the order of begin and without their records and people, for counting:
/// a house of five hundred rooms has a hundred thousand in a quarter of a year.
///
/// # Errors
/// A database that cannot be read.
pub fn without_records(r: &Reader<'_>, from: Time, to: Time) -> Result<Vec<Reservation>, StoreError> {
    let mut statement = r.conn.prepare_cached(
        "SELECT s.connection, v.external_id, v.room, v.title, v.owner, v.start_at, v.end_at, v.all_day, '', '[]', NULL
         FROM reservations v JOIN sources s ON s.id = v.source
         WHERE v.start_at < $1 AND (v.end_at > $2 OR v.start_at >= $2)
         ORDER BY v.start_at, v.end_at, v.id",
    )?;
    statement.query_and_then(params![to.millis(), from.millis()], read)?.collect()
}

/// A month of one connection as it was read last: what touches it from `begin` to before `end`, and what could not be placed.
///
/// # Errors
/// A database that cannot be read.
pub fn of_month(
    r: &Reader<'_>,
    connection: &ConnectionId,
    (begin, end): (Time, Time),
    month: &str,
) -> Result<Bookings, StoreError> {
    let (mut reservations, unplaced, _) = board(r, begin, end, &[(connection.clone(), month.to_owned())])?;
    reservations.retain(|it| it.connection == *connection);
    Ok(Bookings { reservations, unplaced })
}

/// Since when each reading of a month could be compared with the one before; `None` where the next one cannot.
///
/// # Errors
/// A database that cannot be read.
pub fn compared_from(r: &Reader<'_>, connection: &ConnectionId, month: &str) -> Result<Option<Time>, StoreError> {
    let mut statement = r.conn.prepare_cached(
        "SELECT m.compared_from FROM months m JOIN sources s ON s.id = m.source
         WHERE s.connection = $1 AND m.month = $2",
    )?;
    let millis: Option<Option<i64>> = statement.query_one([connection.as_str(), month], |row| row.get(0)).optional()?;
    millis.flatten().map(code::time).transpose()
}

/// Says since when readings of a month that was read can be compared.
///
/// # Errors
/// A database that cannot be written.
pub fn set_compared_from(
    w: &mut Writer<'_>,
    connection: &ConnectionId,
    month: &str,
    from: Option<Time>,
) -> Result<(), StoreError> {
    let mut statement = w.conn.prepare_cached(
        "UPDATE months SET compared_from = $1
         WHERE source = (SELECT id FROM sources WHERE connection = $2) AND month = $3",
    )?;
    statement.execute(params![from.map(Time::millis), connection.as_str(), month])?;
    Ok(())
}

/// When a month of a connection was read; `None` where it never was.
///
/// # Errors
/// A database that cannot be read.
pub fn read_at(r: &Reader<'_>, connection: &ConnectionId, month: &str) -> Result<Option<Time>, StoreError> {
    let mut statement = r.conn.prepare_cached(
        "SELECT m.read_at FROM months m JOIN sources s ON s.id = m.source WHERE s.connection = $1 AND m.month = $2",
    )?;
    let millis: Option<i64> = statement.query_one([connection.as_str(), month], |row| row.get(0)).optional()?;
    millis.map(code::time).transpose()
}

/// How many entries of a month of a connection could not be placed.
///
/// # Errors
/// A database that cannot be read.
pub fn unplaced_count(r: &Reader<'_>, connection: &ConnectionId, month: &str) -> Result<u32, StoreError> {
    let mut statement = r.conn.prepare_cached(
        "SELECT COUNT(*) FROM unplaced u JOIN sources s ON s.id = u.source WHERE s.connection = $1 AND u.month = $2",
    )?;
    Ok(statement.query_one([connection.as_str(), month], |row| row.get(0))?)
}

/// The bookings of one room that touch the time from `from` to before `to`, in the order of begin.
///
/// # Errors
/// A database that cannot be read.
pub fn of_room(r: &Reader<'_>, room: &RoomId, (from, to): (Time, Time)) -> Result<Vec<Reservation>, StoreError> {
    let (connection, own) = room.as_str().split_once('/').unwrap_or((room.as_str(), ""));
    let mut statement = r.conn.prepare_cached(
        "SELECT s.connection, v.external_id, v.room, v.title, v.owner, v.start_at, v.end_at, v.all_day, v.raw, v.people,
           v.own_id
         FROM reservations v JOIN sources s ON s.id = v.source
         WHERE v.start_at < $1 AND (v.end_at > $2 OR v.start_at >= $2) AND s.connection = $3 AND v.room = $4
         ORDER BY v.start_at, v.end_at, v.id",
    )?;
    statement.query_and_then(params![to.millis(), from.millis(), connection, own], read)?.collect()
}

/// One booking as it was read last; `None` where it is not there any more.
///
/// # Errors
/// A database that cannot be read.
pub fn get(r: &Reader<'_>, id: &ReservationId) -> Result<Option<Reservation>, StoreError> {
    let (connection, external_id) = id.as_str().split_once('/').unwrap_or((id.as_str(), ""));
    let mut statement = r.conn.prepare_cached(
        "SELECT s.connection, v.external_id, v.room, v.title, v.owner, v.start_at, v.end_at, v.all_day, v.raw, v.people,
           v.own_id
         FROM reservations v JOIN sources s ON s.id = v.source
         WHERE s.connection = $1 AND v.external_id = $2 ORDER BY v.start_at LIMIT 1",
    )?;
    statement.query_and_then([connection, external_id], read)?.next().transpose()
}

fn unplaced_of(r: &Reader<'_>, connection: &ConnectionId, month: &str) -> Result<Vec<Unplaced>, StoreError> {
    let mut statement = r.conn.prepare_cached(
        "SELECT u.reason, u.words, u.title, u.raw, u.own_id FROM unplaced u JOIN sources s ON s.id = u.source
         WHERE s.connection = $1 AND u.month = $2 ORDER BY u.place_in_list",
    )?;
    let rows = statement.query_and_then([connection.as_str(), month], |row| {
        Ok::<_, StoreError>(Unplaced {
            reason: Coded::decode(row.get(0)?)?,
            words: row.get(1)?,
            title: row.get(2)?,
            raw: Raw(row.get(3)?),
            own_id: row.get(4)?,
        })
    })?;
    rows.collect()
}

/// Forgets the bookings of a connection.
pub(crate) fn forget(w: &mut Writer<'_>, source: i64) -> Result<(), StoreError> {
    for table in ["reservations", "unplaced", "months"] {
        w.conn.prepare_cached(&format!("DELETE FROM {table} WHERE source = $1"))?.execute([source])?;
    }
    Ok(())
}

fn read(row: &Row<'_>) -> Result<Reservation, StoreError> {
    let connection = ConnectionId(row.get(0)?);
    Ok(Reservation {
        id: ReservationId(format!("{connection}/{}", row.get::<_, String>(1)?)),
        room_id: RoomId(format!("{connection}/{}", row.get::<_, String>(2)?)),
        connection,
        title: row.get(3)?,
        owner: row.get(4)?,
        start: code::time(row.get(5)?)?,
        end: code::time(row.get(6)?)?,
        all_day: row.get(7)?,
        raw: Raw(row.get(8)?),
        people: code::from_json(&row.get::<_, String>(9)?, "reservations.people")?,
        own_id: row.get(10)?,
    })
}
