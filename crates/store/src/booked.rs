//! When rooms are booked, without the records: what calendars of many days count.

use model::{ConnectionId, RoomId, Time};
use rusqlite::params;

use crate::{Reader, StoreError, code};

/// A room and the time in which a booking has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Booked {
    /// The room, which may not be in the list of rooms.
    pub room: RoomId,
    /// Begin.
    pub start: Time,
    /// End, exclusive.
    pub end: Time,
}

/// What is booked from `from` to before `to`, in the order of begin.
///
/// # Errors
/// A database that cannot be read.
pub fn times(r: &Reader<'_>, from: Time, to: Time) -> Result<Vec<Booked>, StoreError> {
    let mut statement = r.conn.prepare_cached(
        "SELECT s.connection, v.room, v.start_at, v.end_at FROM reservations v JOIN sources s ON s.id = v.source
         WHERE v.start_at < $1 AND (v.end_at > $2 OR v.start_at >= $2) ORDER BY v.start_at, v.end_at, v.id",
    )?;
    let rows = statement.query_and_then(params![to.millis(), from.millis()], |row| {
        let connection = ConnectionId(row.get(0)?);
        Ok::<_, StoreError>(Booked {
            room: RoomId(format!("{connection}/{}", row.get::<_, String>(1)?)),
            start: code::time(row.get(2)?)?,
            end: code::time(row.get(3)?)?,
        })
    })?;
    rows.collect()
}
