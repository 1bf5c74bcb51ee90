//! How far each system was read: a text per connection and thing, understood only by that system's client.

use model::ConnectionId;
use rusqlite::{OptionalExtension, params};

use crate::{Reader, StoreError, Writer, source};

/// In the cache.
pub(crate) const SCHEMA: &str = "
CREATE TABLE cursors (source INTEGER NOT NULL, what TEXT NOT NULL, text TEXT NOT NULL, PRIMARY KEY (source, what));
";

/// How far `what` was read; `None` where it never was.
///
/// # Errors
/// A database that cannot be read.
pub fn get(r: &Reader<'_>, connection: &ConnectionId, what: &str) -> Result<Option<String>, StoreError> {
    let mut statement = r.conn.prepare_cached(
        "SELECT c.text FROM cursors c JOIN sources s ON s.id = c.source WHERE s.connection = $1 AND c.what = $2",
    )?;
    Ok(statement.query_one([connection.as_str(), what], |row| row.get(0)).optional()?)
}

/// Keeps how far `what` was read. In the same write as the rows, so that a crash between the two cannot happen.
///
/// # Errors
/// A connection that is not there, or a database that cannot be written.
pub fn set(w: &mut Writer<'_>, connection: &ConnectionId, what: &str, text: &str) -> Result<(), StoreError> {
    let source = source::ensure(w, connection)?;
    let mut statement = w.conn.prepare_cached(
        "INSERT INTO cursors (source, what, text) VALUES ($1, $2, $3)
         ON CONFLICT (source, what) DO UPDATE SET text = excluded.text WHERE cursors.text <> excluded.text",
    )?;
    statement.execute(params![source, what, text])?;
    Ok(())
}
