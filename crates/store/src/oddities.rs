//! What a system told that could not be understood: kept untouched, so that somebody can look at it.

use model::{ConnectionId, Raw, Time};
use rusqlite::params;

use crate::{Reader, StoreError, Writer, code, source};

/// In the cache.
pub(crate) const SCHEMA: &str = "
CREATE TABLE oddities (id INTEGER PRIMARY KEY, source INTEGER NOT NULL, at INTEGER NOT NULL, raw TEXT NOT NULL);
CREATE INDEX oddities_by_source ON oddities (source, id);
";

/// How many are kept of each connection; the oldest go first.
const KEPT: u32 = 200;

/// Keeps one.
///
/// # Errors
/// A connection that is not there, or a database that cannot be written.
pub fn keep(w: &mut Writer<'_>, connection: &ConnectionId, at: Time, raw: &Raw) -> Result<(), StoreError> {
    let source = source::ensure(w, connection)?;
    let sql = "INSERT INTO oddities (source, at, raw) VALUES ($1, $2, $3)";
    w.conn.prepare_cached(sql)?.execute(params![source, at.millis(), raw.0])?;
    let sql = "DELETE FROM oddities WHERE source = $1
        AND id <= (SELECT id FROM oddities WHERE source = $1 ORDER BY id DESC LIMIT 1 OFFSET $2)";
    w.conn.prepare_cached(sql)?.execute(params![source, KEPT])?;
    Ok(())
}

/// The kept ones of a connection, newest first.
///
/// # Errors
/// A database that cannot be read.
pub fn all(r: &Reader<'_>, connection: &ConnectionId) -> Result<Vec<(Time, Raw)>, StoreError> {
    let Some(source) = source::number(r, connection)? else {
        return Ok(Vec::new());
    };
    let mut statement = r.conn.prepare_cached("SELECT at, raw FROM oddities WHERE source = $1 ORDER BY id DESC")?;
    let rows = statement.query_and_then([source], |row| Ok((code::time(row.get(0)?)?, Raw(row.get(1)?))))?;
    rows.collect()
}

/// Forgets those of a connection.
pub(crate) fn forget(w: &mut Writer<'_>, source: i64) -> Result<(), StoreError> {
    w.conn.execute("DELETE FROM oddities WHERE source = $1", [source])?;
    Ok(())
}
