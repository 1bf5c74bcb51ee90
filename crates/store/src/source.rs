//! Connections as the cache counts them: a small number instead of a long id in every row.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::{Mutex, PoisonError};

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

/// The connections that cached rows come from, each by its number.
pub(crate) type Sources = BTreeMap<i64, ConnectionId>;

/// Of which system connections are, as far as it was asked. It never changes, and an id never comes again: what is known spares a
/// look at the own data, another file with locks of its own.
#[derive(Default)]
pub(crate) struct Systems(Mutex<BTreeMap<ConnectionId, SystemId>>);

impl Systems {
    fn get(&self, connection: &ConnectionId) -> Option<SystemId> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(connection).cloned()
    }

    fn put(&self, connection: &ConnectionId, system: &SystemId) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(connection.clone(), system.clone());
    }
}

/// Every source by its number: read once for all that one view of the database is asked.
pub(crate) fn all(r: &Reader<'_>) -> Result<Rc<Sources>, StoreError> {
    if let Some(known) = r.sources.get() {
        return Ok(Rc::clone(known));
    }
    let sources = Rc::new(read(r)?);
    if r.is_settled() {
        // Nobody else can have put it there meanwhile.
        let _ = r.sources.set(Rc::clone(&sources));
    }
    Ok(sources)
}

fn read(r: &Reader<'_>) -> Result<Sources, StoreError> {
    let mut statement = r.conn.prepare_cached("SELECT id, connection FROM sources")?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, ConnectionId(row.get(1)?))))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Of which system a connection is; empty where it is not there.
pub(crate) fn system(r: &Reader<'_>, connection: &ConnectionId) -> Result<SystemId, StoreError> {
    if let Some(known) = r.known.and_then(|known| known.systems.get(connection)) {
        return Ok(known);
    }
    let mut statement = r.conn.prepare_cached("SELECT system FROM connections WHERE id = $1")?;
    let found: Option<String> = statement.query_one([connection.as_str()], |row| row.get(0)).optional()?;
    let Some(system) = found.map(SystemId) else {
        return Ok(SystemId(String::new()));
    };
    if let Some(known) = r.known {
        known.systems.put(connection, &system);
    }
    Ok(system)
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
