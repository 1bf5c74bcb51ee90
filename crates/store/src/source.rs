//! Connections as the cache counts them: a small number instead of a long id in every row.

use std::collections::BTreeMap;
use std::rc::Rc;

use model::{ConnectionId, Failure, Reason, SystemId};
use rusqlite::OptionalExtension;

use crate::{Reader, StoreError, Writer};

/// In the cache. `calls` went when weeks of calls came to be counted.
pub(crate) const SCHEMA: &str = "
CREATE TABLE sources (
  id INTEGER PRIMARY KEY,
  connection TEXT NOT NULL UNIQUE,
  calls INTEGER NOT NULL DEFAULT 0
);
";

/// Every source by its number.
pub(crate) type Sources = BTreeMap<i64, Source>;

/// Where cached rows come from.
#[derive(Clone)]
pub(crate) struct Source {
    /// The connection.
    pub(crate) connection: ConnectionId,
    /// Its kind of system.
    pub(crate) system: SystemId,
}

/// Every source by its number: read once for all that one view of the database is asked.
pub(crate) fn all(r: &Reader<'_>) -> Result<Rc<Sources>, StoreError> {
    if let Some(known) = r.sources.get() {
        return Ok(Rc::clone(known));
    }
    let sources = Rc::new(read(r)?);
    if r.outlines.is_some() {
        // Nobody else can have put it there meanwhile.
        let _ = r.sources.set(Rc::clone(&sources));
    }
    Ok(sources)
}

fn read(r: &Reader<'_>) -> Result<Sources, StoreError> {
    let mut statement = r.conn.prepare_cached(
        "SELECT s.id, s.connection, COALESCE(k.system, '') FROM sources s LEFT JOIN connections k ON k.id = s.connection",
    )?;
    let rows = statement.query_map([], |row| {
        let source = Source { connection: ConnectionId(row.get(1)?), system: SystemId(row.get(2)?) };
        Ok((row.get(0)?, source))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The number of a connection, if anything of it was ever cached.
pub(crate) fn number(r: &Reader<'_>, connection: &ConnectionId) -> Result<Option<i64>, StoreError> {
    let mut statement = r.conn.prepare_cached("SELECT id FROM sources WHERE connection = $1")?;
    Ok(statement.query_one([connection.as_str()], |row| row.get(0)).optional()?)
}

/// The number of a connection, made at its first use. A connection that was removed meanwhile gets none: an answer that
/// comes late must not bring its rows back.
pub(crate) fn ensure(w: &mut Writer<'_>, connection: &ConnectionId) -> Result<i64, StoreError> {
    if crate::connections::get(w, connection)?.is_none() {
        return Err(Failure::invalid(Reason::NoSuchThing, connection.as_str()).into());
    }
    if let Some(number) = number(w, connection)? {
        return Ok(number);
    }
    let mut statement = w.conn.prepare_cached("INSERT INTO sources (connection) VALUES ($1) RETURNING id")?;
    Ok(statement.query_one([connection.as_str()], |row| row.get(0))?)
}
