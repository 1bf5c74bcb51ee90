//! Notes on calls whose system keeps none: own data, which survives a rebuilt cache and is shown as the call's note.

use model::{CallId, ConnectionId, Failure, Reason, Time};
use rusqlite::{OptionalExtension, params};

use crate::{Reader, StoreError, Writer, calls};

/// Own data. A call is named as its system names it, because its row in the cache may be another after a rebuild.
pub(crate) const SCHEMA: &str = "
CREATE TABLE call_notes (
  connection TEXT NOT NULL,
  external_id TEXT NOT NULL,
  text TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (connection, external_id)
);
";

/// Keeps the note of a call and shows it at once; an empty text takes it away. Returns the call that it stands at: the log's,
/// where a live one was named whose place that has taken.
///
/// # Errors
/// [`Failure::Invalid`] where there is no such call, or a database that cannot be written.
pub fn set(w: &mut Writer<'_>, id: &CallId, text: &str, at: Time) -> Result<CallId, StoreError> {
    let id = calls::standing(w, id)?.ok_or_else(|| Failure::invalid(Reason::NoSuchThing, id.as_str()))?;
    let (connection, external_id) = parts(&id);
    if text.trim().is_empty() {
        if remove(w, &connection, external_id)? {
            calls::show_note(w, &connection, external_id, None)?;
        }
    } else {
        put(w, &connection, external_id, text, at)?;
        calls::show_note(w, &connection, external_id, Some(text))?;
    }
    Ok(id)
}

/// The kept note of a call and when it was written; `None` where none is kept here.
///
/// # Errors
/// A database that cannot be read.
pub fn get(r: &Reader<'_>, id: &CallId) -> Result<Option<(String, Time)>, StoreError> {
    let (connection, external_id) = parts(id);
    let sql = "SELECT text, at FROM call_notes WHERE connection = $1 AND external_id = $2";
    let kept: Option<(String, i64)> = r
        .conn
        .prepare_cached(sql)?
        .query_one([connection.as_str(), external_id], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    kept.map(|(text, at)| Ok((text, crate::code::time(at)?))).transpose()
}

/// Whether any note of a connection is kept: a fill of many calls asks this once instead of looking for the note of each.
pub(crate) fn any(r: &Reader<'_>, connection: &ConnectionId) -> Result<bool, StoreError> {
    Ok(r.conn.prepare_cached("SELECT 1 FROM call_notes WHERE connection = $1")?.exists([connection.as_str()])?)
}

/// The text that is kept for a call.
pub(crate) fn text(r: &Reader<'_>, connection: &ConnectionId, external_id: &str) -> Result<Option<String>, StoreError> {
    let sql = "SELECT text FROM call_notes WHERE connection = $1 AND external_id = $2";
    let mut statement = r.conn.prepare_cached(sql)?;
    Ok(statement.query_one([connection.as_str(), external_id], |row| row.get(0)).optional()?)
}

/// Gives the note of one call to another, which has taken its place. Where that has a note too, both are kept.
pub(crate) fn hand_on(w: &mut Writer<'_>, connection: &ConnectionId, from: &str, to: &str) -> Result<(), StoreError> {
    let from_id = CallId(format!("{connection}/{from}"));
    let Some((moved, at)) = get(w, &from_id)? else {
        return Ok(());
    };
    let whole = match text(w, connection, to)? {
        Some(kept) if kept != moved => format!("{kept}\n{moved}"),
        Some(_) | None => moved,
    };
    put(w, connection, to, &whole, at)?;
    remove(w, connection, from)?;
    Ok(())
}

/// Forgets the notes of a connection, whose id never comes again.
pub(crate) fn forget(w: &mut Writer<'_>, connection: &ConnectionId) -> Result<(), StoreError> {
    w.conn.prepare_cached("DELETE FROM call_notes WHERE connection = $1")?.execute([connection.as_str()])?;
    Ok(())
}

fn put(
    w: &mut Writer<'_>,
    connection: &ConnectionId,
    external_id: &str,
    text: &str,
    at: Time,
) -> Result<(), StoreError> {
    let mut statement = w.conn.prepare_cached(
        "INSERT INTO call_notes (connection, external_id, text, at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (connection, external_id) DO UPDATE SET text = excluded.text, at = excluded.at
         WHERE call_notes.text <> excluded.text",
    )?;
    statement.execute(params![connection.as_str(), external_id, text, at.millis()])?;
    Ok(())
}

fn remove(w: &mut Writer<'_>, connection: &ConnectionId, external_id: &str) -> Result<bool, StoreError> {
    let sql = "DELETE FROM call_notes WHERE connection = $1 AND external_id = $2";
    Ok(w.conn.prepare_cached(sql)?.execute([connection.as_str(), external_id])? > 0)
}

fn parts(id: &CallId) -> (ConnectionId, &str) {
    let (connection, external_id) = id.as_str().split_once('/').unwrap_or((id.as_str(), ""));
    (ConnectionId::from(connection), external_id)
}
