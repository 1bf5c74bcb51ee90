//! Changes of bookings that were seen, and when the page of *Today* was handed over. Own data, which survives a rebuilt cache.

use model::booking_change::{BookingChange, BookingChangeKind};
use model::{ConnectionId, ReservationId, Time};
use rusqlite::{OptionalExtension, Row, params};

use crate::code::{self, Coded};
use crate::{Reader, StoreError, Writer};

/// Own data: two readings that differed cannot be fetched again, and the cache keeps only the last one. How a booking stood is
/// written whole, names included, because the room or the booking may be gone when it is shown. Bounded by [`prune`].
pub(crate) const SCHEMA: &str = "
CREATE TABLE booking_changes (
  id INTEGER PRIMARY KEY,
  connection TEXT NOT NULL,
  external_id TEXT NOT NULL,
  kind INTEGER NOT NULL,
  stood TEXT,
  stands TEXT,
  has_id INTEGER NOT NULL,
  seen_at INTEGER NOT NULL
);
CREATE INDEX booking_changes_by_time ON booking_changes (seen_at, id);
CREATE INDEX booking_changes_by_booking ON booking_changes (connection, external_id);
CREATE TABLE hand_overs (at INTEGER PRIMARY KEY);
";

/// The most changes that are kept: a system that answers something else at each reading fills no disk.
const MOST: i64 = 5_000;

const COLUMNS: &str = "connection, external_id, kind, stood, stands, has_id, seen_at";

/// Keeps a change.
///
/// # Errors
/// A database that cannot be written.
pub fn add(w: &mut Writer<'_>, change: &BookingChange) -> Result<(), StoreError> {
    let (connection, external_id) = parts(&change.reservation);
    let mut statement = w
        .conn
        .prepare_cached(&format!("INSERT INTO booking_changes ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7)"))?;
    statement.execute(params![
        connection,
        external_id,
        change.kind.code(),
        change.before.as_ref().map(code::to_json).transpose()?,
        change.after.as_ref().map(code::to_json).transpose()?,
        change.has_id,
        change.seen_at.millis(),
    ])?;
    Ok(())
}

/// Changes seen at `since` or later, the one seen last first, at most `limit`; and how many there are in all.
///
/// # Errors
/// A database that cannot be read.
pub fn since(r: &Reader<'_>, since: Time, limit: u32) -> Result<(Vec<BookingChange>, u32), StoreError> {
    let mut counting = r.conn.prepare_cached("SELECT COUNT(*) FROM booking_changes WHERE seen_at >= $1")?;
    let count = counting.query_one([since.millis()], |row| row.get(0))?;
    let mut statement = r.conn.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM booking_changes WHERE seen_at >= $1 ORDER BY seen_at DESC, id DESC LIMIT $2"
    ))?;
    let changes = statement.query_and_then(params![since.millis(), limit], read)?.collect::<Result<_, StoreError>>()?;
    Ok((changes, count))
}

/// What was seen of one booking, the newest first.
///
/// # Errors
/// A database that cannot be read.
pub fn of(r: &Reader<'_>, reservation: &ReservationId) -> Result<Vec<BookingChange>, StoreError> {
    let (connection, external_id) = parts(reservation);
    let mut statement = r.conn.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM booking_changes WHERE connection = $1 AND external_id = $2
         ORDER BY seen_at DESC, id DESC"
    ))?;
    statement.query_and_then([connection, external_id], read)?.collect()
}

/// The last change of a booking, taken out if it is of this kind and `fits`: what a later reading showed says it better.
///
/// # Errors
/// A database that cannot be written.
pub fn take_last(
    w: &mut Writer<'_>,
    reservation: &ReservationId,
    kind: BookingChangeKind,
    fits: impl Fn(&BookingChange) -> bool,
) -> Result<Option<BookingChange>, StoreError> {
    let (connection, external_id) = parts(reservation);
    let found = {
        let mut statement = w.conn.prepare_cached(&format!(
            "SELECT {COLUMNS}, id FROM booking_changes WHERE connection = $1 AND external_id = $2
             ORDER BY id DESC LIMIT 1"
        ))?;
        let row = |row: &Row<'_>| Ok::<_, StoreError>((read(row)?, row.get::<_, i64>(7)?));
        statement.query_and_then([connection, external_id], row)?.next().transpose()?
    };
    let Some((change, id)) = found.filter(|(change, _)| change.kind == kind && fits(change)) else { return Ok(None) };
    w.conn.prepare_cached("DELETE FROM booking_changes WHERE id = $1")?.execute([id])?;
    Ok(Some(change))
}

/// Forgets what was seen before `before`, and of the rest all but the last five thousand.
///
/// # Errors
/// A database that cannot be written.
pub fn prune(w: &mut Writer<'_>, before: Time) -> Result<(), StoreError> {
    let mut statement = w.conn.prepare_cached(
        "DELETE FROM booking_changes
         WHERE seen_at < $1 OR id <= (SELECT COALESCE(MAX(id), 0) FROM booking_changes) - $2",
    )?;
    statement.execute(params![before.millis(), MOST])?;
    w.conn.prepare_cached("DELETE FROM hand_overs WHERE at < $1")?.execute([before.millis()])?;
    Ok(())
}

/// Remembers that the page was handed over. Announces nothing: the page is being printed at this moment.
///
/// # Errors
/// A database that cannot be written.
pub fn hand_over(w: &mut Writer<'_>, at: Time) -> Result<(), StoreError> {
    w.conn
        .prepare_cached("INSERT INTO hand_overs (at) VALUES ($1) ON CONFLICT (at) DO NOTHING")?
        .execute([at.millis()])?;
    Ok(())
}

/// The last hand-over until `until`.
///
/// # Errors
/// A database that cannot be read.
pub fn handed_over_at(r: &Reader<'_>, until: Time) -> Result<Option<Time>, StoreError> {
    let mut statement = r.conn.prepare_cached("SELECT at FROM hand_overs WHERE at <= $1 ORDER BY at DESC LIMIT 1")?;
    let millis: Option<i64> = statement.query_one([until.millis()], |row| row.get(0)).optional()?;
    millis.map(code::time).transpose()
}

/// Forgets the changes of a connection, whose id never comes again.
pub(crate) fn forget(w: &mut Writer<'_>, connection: &ConnectionId) -> Result<(), StoreError> {
    w.conn.prepare_cached("DELETE FROM booking_changes WHERE connection = $1")?.execute([connection.as_str()])?;
    Ok(())
}

fn read(row: &Row<'_>) -> Result<BookingChange, StoreError> {
    let connection = ConnectionId(row.get(0)?);
    let stood: Option<String> = row.get(3)?;
    let stands: Option<String> = row.get(4)?;
    Ok(BookingChange {
        reservation: ReservationId(format!("{connection}/{}", row.get::<_, String>(1)?)),
        connection,
        kind: Coded::decode(row.get(2)?)?,
        before: stood.map(|text| code::from_json(&text, "booking_changes.stood")).transpose()?,
        after: stands.map(|text| code::from_json(&text, "booking_changes.stands")).transpose()?,
        has_id: row.get(5)?,
        seen_at: code::time(row.get(6)?)?,
    })
}

fn parts(id: &ReservationId) -> (&str, &str) {
    id.as_str().split_once('/').unwrap_or((id.as_str(), ""))
}
