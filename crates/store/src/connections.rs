//! Connections: what is kept of each. Their secrets are in the keyring only.

use std::collections::BTreeMap;

use model::connection::Connection;
use model::{ConnectionId, Failure, Reason, SystemId, Time};
use rusqlite::{OptionalExtension, Row, params};

use crate::{
    Reader, StoreError, Writer, booking_changes, booking_questions, call_notes, call_sameness, calls, code, customers,
    destinations, entry_changes, follow_ups, oddities, pack, people, person_links, record_stages, reservations,
    room_overlays, rooms, source,
};

/// Own data. `folded` is the name as it is compared.
pub(crate) const SCHEMA: &str = "
CREATE TABLE connections (
  id TEXT PRIMARY KEY,
  place INTEGER NOT NULL,
  name TEXT NOT NULL,
  folded TEXT NOT NULL UNIQUE,
  system TEXT NOT NULL,
  url TEXT NOT NULL,
  settings TEXT NOT NULL,
  allow_http INTEGER NOT NULL
);
";

/// In the cache: when each connection last answered as it should.
pub(crate) const CACHE_SCHEMA: &str = "
CREATE TABLE answers (connection TEXT PRIMARY KEY, last_ok_at INTEGER NOT NULL);
";

const COLUMNS: &str = "id, name, system, url, settings, allow_http";

/// Every connection, in the order in which they were made.
///
/// # Errors
/// A database that cannot be read.
pub fn all(r: &Reader<'_>) -> Result<Vec<Connection>, StoreError> {
    let mut statement = r.conn.prepare_cached(&format!("SELECT {COLUMNS} FROM connections ORDER BY place"))?;
    let rows = statement.query_and_then([], read)?;
    rows.collect()
}

/// One connection.
///
/// # Errors
/// A database that cannot be read.
pub fn get(r: &Reader<'_>, id: &ConnectionId) -> Result<Option<Connection>, StoreError> {
    let mut statement = r.conn.prepare_cached(&format!("SELECT {COLUMNS} FROM connections WHERE id = $1"))?;
    statement.query_and_then([id.as_str()], read)?.next().transpose()
}

/// Keeps a new connection.
///
/// # Errors
/// [`Failure::Invalid`] with [`Reason::NameTaken`] where another has this name, without regard to case, width or kana.
pub fn insert(w: &mut Writer<'_>, connection: &Connection) -> Result<(), StoreError> {
    let mut statement = w.conn.prepare_cached(
        "INSERT INTO connections (id, name, folded, system, url, settings, allow_http, place)
         VALUES ($1, $2, $3, $4, $5, $6, $7, (SELECT COALESCE(MAX(place), 0) + 1 FROM connections))
         ON CONFLICT (folded) DO NOTHING",
    )?;
    let inserted = statement.execute(params![
        connection.id.as_str(),
        connection.name,
        model::text::fold(&connection.name),
        connection.system.as_str(),
        connection.url,
        code::to_json(&connection.settings)?,
        connection.allow_http,
    ])?;
    if inserted == 0 {
        return Err(Failure::invalid(Reason::NameTaken, connection.name.as_str()).into());
    }
    Ok(())
}

/// Keeps other settings of a connection.
///
/// # Errors
/// A database that cannot be written.
pub fn set_settings(
    w: &mut Writer<'_>,
    id: &ConnectionId,
    settings: &BTreeMap<String, String>,
) -> Result<(), StoreError> {
    let mut statement = w.conn.prepare_cached("UPDATE connections SET settings = $1 WHERE id = $2")?;
    statement.execute(params![code::to_json(settings)?, id.as_str()])?;
    Ok(())
}

/// Removes a connection, all that was cached of it, the notes on its calls and the changes of its bookings, which nothing could show any more. What was sent
/// through it stays in the ledger, and the chat rooms kept for it stay too, because no system can list them again.
///
/// # Errors
/// A database that cannot be written.
pub fn remove(w: &mut Writer<'_>, id: &ConnectionId) -> Result<(), StoreError> {
    if let Some(source) = source::number(w, id)? {
        calls::forget(w, source)?;
        people::forget(w, source)?;
        customers::forget(w, source)?;
        rooms::forget(w, source)?;
        reservations::forget(w, source)?;
        destinations::forget(w, source)?;
        oddities::forget(w, source)?;
        pack::forget(w, source)?;
        w.conn.prepare_cached("DELETE FROM cursors WHERE source = $1")?.execute([source])?;
        w.conn.prepare_cached("DELETE FROM sources WHERE id = $1")?.execute([source])?;
    }
    booking_changes::forget(w, id)?;
    booking_questions::forget(w, id)?;
    entry_changes::forget(w, id)?;
    call_notes::forget(w, id)?;
    call_sameness::forget(w, id)?;
    follow_ups::forget(w, id)?;
    person_links::forget(w, id)?;
    record_stages::forget(w, id)?;
    room_overlays::forget(w, id)?;
    w.conn.prepare_cached("DELETE FROM answers WHERE connection = $1")?.execute([id.as_str()])?;
    w.conn.prepare_cached("DELETE FROM connections WHERE id = $1")?.execute([id.as_str()])?;
    Ok(())
}

/// Remembers that this connection answered as it should. Announces nothing.
///
/// # Errors
/// A database that cannot be written.
pub fn mark_ok(w: &mut Writer<'_>, id: &ConnectionId, at: Time) -> Result<(), StoreError> {
    let mut statement = w.conn.prepare_cached(
        "INSERT INTO answers (connection, last_ok_at) VALUES ($1, $2)
         ON CONFLICT (connection) DO UPDATE SET last_ok_at = excluded.last_ok_at
         WHERE answers.last_ok_at < excluded.last_ok_at",
    )?;
    statement.execute(params![id.as_str(), at.millis()])?;
    Ok(())
}

/// When this connection last answered as it should.
///
/// # Errors
/// A database that cannot be read.
pub fn last_ok(r: &Reader<'_>, id: &ConnectionId) -> Result<Option<Time>, StoreError> {
    let mut statement = r.conn.prepare_cached("SELECT last_ok_at FROM answers WHERE connection = $1")?;
    let millis: Option<i64> = statement.query_one([id.as_str()], |row| row.get(0)).optional()?;
    millis.map(code::time).transpose()
}

fn read(row: &Row<'_>) -> Result<Connection, StoreError> {
    Ok(Connection {
        id: ConnectionId(row.get(0)?),
        name: row.get(1)?,
        system: SystemId(row.get(2)?),
        url: row.get(3)?,
        settings: code::from_json(&row.get::<_, String>(4)?, "connections.settings")?,
        allow_http: row.get(5)?,
    })
}
