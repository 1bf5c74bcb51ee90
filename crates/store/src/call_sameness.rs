//! What a person said of two records of calls: that they are one call, or two. Own data, which survives a rebuilt cache and stands
//! above what the calls themselves suggest.

use model::{CallId, ConnectionId, Failure, Reason, Time};
use rusqlite::params;

use crate::{Reader, StoreError, Writer, calls, source};

/// Own data. Each pair stands there in both directions. Calls are named as their systems name them.
pub(crate) const SCHEMA: &str = "
CREATE TABLE call_sameness (
  connection TEXT NOT NULL,
  external_id TEXT NOT NULL,
  other_connection TEXT NOT NULL,
  other_external_id TEXT NOT NULL,
  is_same INTEGER NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (connection, external_id, other_connection, other_external_id)
) WITHOUT ROWID;
";

/// Keeps what a person said of two calls and joins or separates them at once.
///
/// # Errors
/// [`Failure::Invalid`] where one of them is not there or both are of one connection; a database that cannot be written.
pub fn say(w: &mut Writer<'_>, one: &CallId, other: &CallId, is_same: bool, at: Time) -> Result<(), StoreError> {
    let there = |id: &CallId| -> Result<CallId, StoreError> {
        calls::standing(w, id)?.ok_or_else(|| Failure::invalid(Reason::NoSuchThing, id.as_str()).into())
    };
    let (one, other) = (there(one)?, there(other)?);
    let ((connection, external_id), (other_connection, other_external_id)) = (parts(&one), parts(&other));
    if connection == other_connection {
        return Err(Failure::invalid(Reason::NotUsable, other.as_str()).into());
    }
    for (connection, external_id, other_connection, other_external_id) in [
        (connection, external_id, other_connection, other_external_id),
        (other_connection, other_external_id, connection, external_id),
    ] {
        let mut statement = w.conn.prepare_cached(
            "INSERT INTO call_sameness (connection, external_id, other_connection, other_external_id, is_same, at)
             VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (connection, external_id, other_connection, other_external_id)
             DO UPDATE SET is_same = excluded.is_same, at = excluded.at",
        )?;
        let at = at.millis();
        statement.execute(params![connection, external_id, other_connection, other_external_id, is_same, at])?;
    }
    calls::settle_around(w, &[one, other])
}

/// Whether a person said anything of any call: most never do, and then nothing is looked up.
pub(crate) fn any(r: &Reader<'_>) -> Result<bool, StoreError> {
    match r.conn.prepare_cached("SELECT 1 FROM call_sameness LIMIT 1") {
        Ok(mut statement) => Ok(statement.exists([])?),
        Err(error) => {
            // While the cache alone is migrated own data is not there.
            let sql = "SELECT 1 FROM pragma_table_list WHERE name = 'call_sameness'";
            if r.conn.prepare(sql)?.exists([])? { Err(error.into()) } else { Ok(false) }
        }
    }
}

/// The rows of calls that a person said something of together with this one, and whether they are the same.
pub(crate) fn said_of(r: &Reader<'_>, source: i64, external_id: &str) -> Result<Vec<(i64, bool)>, StoreError> {
    let mut statement = r.conn.prepare_cached(
        "SELECT c.id, n.is_same
         FROM sources s JOIN call_sameness n ON n.connection = s.connection
         JOIN sources o ON o.connection = n.other_connection
         JOIN calls c ON c.source = o.id AND c.external_id = n.other_external_id
         WHERE s.id = $1 AND n.external_id = $2 ORDER BY c.id",
    )?;
    let rows = statement.query_map(params![source, external_id], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Gives what was said of one call to another, which has taken its place.
pub(crate) fn hand_on(w: &mut Writer<'_>, source: i64, from: &str, to: &str) -> Result<(), StoreError> {
    let Some(connection) = source::all(w)?.get(&source).cloned() else {
        return Ok(());
    };
    for (of, id) in [("connection", "external_id"), ("other_connection", "other_external_id")] {
        let sql = format!("UPDATE OR REPLACE call_sameness SET {id} = $1 WHERE {of} = $2 AND {id} = $3");
        w.conn.prepare_cached(&sql)?.execute(params![to, connection.as_str(), from])?;
    }
    Ok(())
}

/// Forgets what was said of a connection's calls, whose id never comes again.
pub(crate) fn forget(w: &mut Writer<'_>, connection: &ConnectionId) -> Result<(), StoreError> {
    let sql = "DELETE FROM call_sameness WHERE connection = $1 OR other_connection = $1";
    w.conn.prepare_cached(sql)?.execute([connection.as_str()])?;
    Ok(())
}

fn parts(id: &CallId) -> (&str, &str) {
    id.as_str().split_once('/').unwrap_or((id.as_str(), ""))
}
