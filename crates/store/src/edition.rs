//! The edition of the calls: a number that grows with every write that changes what a list of calls shows.

use rusqlite::Connection;

use crate::StoreError;

/// One row, in the cache.
pub(crate) const SCHEMA: &str = "
CREATE TABLE editions (id INTEGER PRIMARY KEY, number INTEGER NOT NULL);
INSERT INTO editions (id, number) VALUES (1, 1);
";

/// The edition that this transaction sees.
pub(crate) fn get(conn: &Connection) -> Result<u64, StoreError> {
    let number: i64 =
        conn.prepare_cached("SELECT number FROM editions WHERE id = 1")?.query_one([], |row| row.get(0))?;
    u64::try_from(number).map_err(|_| StoreError::damaged("editions.number"))
}

/// Begins a new edition.
pub(crate) fn advance(conn: &Connection) -> Result<(), StoreError> {
    conn.prepare_cached("UPDATE editions SET number = number + 1 WHERE id = 1")?.execute([])?;
    Ok(())
}
