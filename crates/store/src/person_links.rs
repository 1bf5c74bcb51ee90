//! What a person said of people of several systems: that two are one, that they are not, and that nothing needs to be done about one.
//! And since when a link that the systems themselves suggest has been seen. Own data, which survives a rebuilt cache.
//!
//! Both of a pair are named as their systems name them, the smaller one first, so that each pair stands there once.

use std::collections::HashMap;

use model::person::{LinkReason, PersonSaid, PutAside};
use model::{ConnectionId, Failure, PersonId, Reason, Time};
use rusqlite::{Row, params};

use crate::code::{self, Coded};
use crate::{Reader, StoreError, Writer};

/// Own data. The tables have row numbers, because what is written to a table without them is never announced.
pub(crate) const SCHEMA: &str = "
CREATE TABLE person_links (
  id INTEGER PRIMARY KEY,
  connection TEXT NOT NULL,
  external_id TEXT NOT NULL,
  other_connection TEXT NOT NULL,
  other_external_id TEXT NOT NULL,
  is_same INTEGER NOT NULL,
  at INTEGER NOT NULL,
  UNIQUE (connection, external_id, other_connection, other_external_id)
);
CREATE TABLE person_links_seen (
  id INTEGER PRIMARY KEY,
  connection TEXT NOT NULL,
  external_id TEXT NOT NULL,
  other_connection TEXT NOT NULL,
  other_external_id TEXT NOT NULL,
  reason INTEGER NOT NULL,
  at INTEGER NOT NULL,
  UNIQUE (connection, external_id, other_connection, other_external_id, reason)
);
CREATE TABLE people_put_aside (
  id INTEGER PRIMARY KEY,
  connection TEXT NOT NULL,
  external_id TEXT NOT NULL,
  list INTEGER NOT NULL,
  at INTEGER NOT NULL,
  UNIQUE (connection, external_id, list)
);
";

/// A link that the systems suggest: both ids, the smaller one first, and why.
pub type SeenLink = (PersonId, PersonId, LinkReason);

/// The two ids in the order in which a pair is kept.
#[must_use]
pub fn ordered(one: PersonId, other: PersonId) -> (PersonId, PersonId) {
    if parts(&one) <= parts(&other) { (one, other) } else { (other, one) }
}

/// Everything that was said of two people, the newest first.
///
/// # Errors
/// A database that cannot be read.
pub fn said(r: &Reader<'_>) -> Result<Vec<PersonSaid>, StoreError> {
    let mut statement = r.conn.prepare_cached(
        "SELECT connection, external_id, other_connection, other_external_id, is_same, at FROM person_links
         ORDER BY at DESC, connection, external_id, other_connection, other_external_id",
    )?;
    let read = |row: &Row<'_>| -> Result<PersonSaid, StoreError> {
        let (one, other) = pair(row)?;
        Ok(PersonSaid { one, other, is_same: Some(row.get(4)?), at: Some(code::time(row.get(5)?)?) })
    };
    statement.query_and_then([], read)?.collect()
}

/// Keeps what is said of a pair, or forgets it where nothing is said; what was said before is the answer. A pair of which something is
/// said without a time is said `now`.
///
/// # Errors
/// [`Failure::Invalid`] where both are of one connection; a database that cannot be written.
pub fn say(w: &mut Writer<'_>, new: &PersonSaid, now: Time) -> Result<PersonSaid, StoreError> {
    let (one, other) = ordered(new.one.clone(), new.other.clone());
    let ((connection, external_id), (other_connection, other_external_id)) = (parts(&one), parts(&other));
    if connection == other_connection {
        return Err(Failure::invalid(Reason::NotUsable, new.other.as_str()).into());
    }
    let key = params![connection, external_id, other_connection, other_external_id];
    let before: Option<(bool, i64)> = {
        let mut statement = w.conn.prepare_cached(
            "SELECT is_same, at FROM person_links
             WHERE connection = $1 AND external_id = $2 AND other_connection = $3 AND other_external_id = $4",
        )?;
        statement.query_map(key, |row| Ok((row.get(0)?, row.get(1)?)))?.next().transpose()?
    };
    match new.is_same {
        None => {
            let sql = "DELETE FROM person_links
                       WHERE connection = $1 AND external_id = $2 AND other_connection = $3 AND other_external_id = $4";
            w.conn.prepare_cached(sql)?.execute(key)?;
        }
        Some(is_same) => {
            let mut statement = w.conn.prepare_cached(
                "INSERT INTO person_links (connection, external_id, other_connection, other_external_id, is_same, at)
                 VALUES ($1, $2, $3, $4, $5, $6)
                 ON CONFLICT (connection, external_id, other_connection, other_external_id)
                 DO UPDATE SET is_same = excluded.is_same, at = excluded.at",
            )?;
            let at = new.at.unwrap_or(now).millis();
            statement.execute(params![connection, external_id, other_connection, other_external_id, is_same, at])?;
        }
    }
    let at = before.map(|(_, at)| code::time(at)).transpose()?;
    Ok(PersonSaid { is_same: before.map(|(is_same, _)| is_same), at, one, other })
}

/// Since when each link has been seen.
///
/// # Errors
/// A database that cannot be read.
pub fn seen(r: &Reader<'_>) -> Result<HashMap<SeenLink, Time>, StoreError> {
    let mut statement = r.conn.prepare_cached(
        "SELECT connection, external_id, other_connection, other_external_id, reason, at FROM person_links_seen",
    )?;
    let read = |row: &Row<'_>| -> Result<(SeenLink, Time), StoreError> {
        let (one, other) = pair(row)?;
        Ok(((one, other, Coded::decode(row.get(4)?)?), code::time(row.get(5)?)?))
    };
    statement.query_and_then([], read)?.collect()
}

/// Remembers when each link was seen first, and forgets those that are seen no more. A pair of which one directory has not been read,
/// as after a rebuilt cache, is kept: nobody knows yet.
///
/// # Errors
/// A database that cannot be written.
pub fn see(w: &mut Writer<'_>, links: &[SeenLink], at: Time) -> Result<(), StoreError> {
    let known = seen(w)?;
    for (one, other, reason) in links.iter().filter(|it| !known.contains_key(it)) {
        let ((connection, external_id), (other_connection, other_external_id)) = (parts(one), parts(other));
        let mut statement = w.conn.prepare_cached(
            "INSERT INTO person_links_seen (connection, external_id, other_connection, other_external_id, reason, at)
             VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (connection, external_id, other_connection, other_external_id, reason) DO NOTHING",
        )?;
        let (reason, at) = (reason.code(), at.millis());
        statement.execute(params![connection, external_id, other_connection, other_external_id, reason, at])?;
    }
    let read: Vec<String> = {
        let sql = "SELECT s.connection FROM sources s WHERE EXISTS (SELECT 1 FROM people p WHERE p.source = s.id)";
        let mut statement = w.conn.prepare_cached(sql)?;
        statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?
    };
    let is_read = |id: &PersonId| read.iter().any(|it| it == parts(id).0);
    let links: std::collections::HashSet<&SeenLink> = links.iter().collect();
    for (one, other, reason) in known.keys().filter(|it| !links.contains(it) && is_read(&it.0) && is_read(&it.1)) {
        let ((connection, external_id), (other_connection, other_external_id)) = (parts(one), parts(other));
        let mut statement = w.conn.prepare_cached(
            "DELETE FROM person_links_seen WHERE connection = $1 AND external_id = $2
             AND other_connection = $3 AND other_external_id = $4 AND reason = $5",
        )?;
        statement.execute(params![connection, external_id, other_connection, other_external_id, reason.code()])?;
    }
    Ok(())
}

/// Everything that was put aside.
///
/// # Errors
/// A database that cannot be read.
pub fn put_aside(r: &Reader<'_>) -> Result<Vec<PutAside>, StoreError> {
    let sql = "SELECT connection, external_id, list FROM people_put_aside ORDER BY connection, external_id, list";
    let mut statement = r.conn.prepare_cached(sql)?;
    let read = |row: &Row<'_>| -> Result<PutAside, StoreError> {
        Ok(PutAside { person: id(row.get(0)?, row.get(1)?), list: Coded::decode(row.get(2)?)? })
    };
    statement.query_and_then([], read)?.collect()
}

/// Puts an entry of a health list aside, or takes it back. Returns whether anything changed.
///
/// # Errors
/// A database that cannot be written.
pub fn set_aside(w: &mut Writer<'_>, entry: &PutAside, is_aside: bool, at: Time) -> Result<bool, StoreError> {
    let (connection, external_id) = parts(&entry.person);
    let list = entry.list.code();
    let changed = if is_aside {
        let mut statement = w.conn.prepare_cached(
            "INSERT INTO people_put_aside (connection, external_id, list, at) VALUES ($1, $2, $3, $4)
             ON CONFLICT (connection, external_id, list) DO NOTHING",
        )?;
        statement.execute(params![connection, external_id, list, at.millis()])?
    } else {
        let sql = "DELETE FROM people_put_aside WHERE connection = $1 AND external_id = $2 AND list = $3";
        w.conn.prepare_cached(sql)?.execute(params![connection, external_id, list])?
    };
    Ok(changed > 0)
}

/// Forgets what was said of a connection's people, whose id never comes again.
pub(crate) fn forget(w: &mut Writer<'_>, connection: &ConnectionId) -> Result<(), StoreError> {
    for sql in [
        "DELETE FROM person_links WHERE connection = $1 OR other_connection = $1",
        "DELETE FROM person_links_seen WHERE connection = $1 OR other_connection = $1",
        "DELETE FROM people_put_aside WHERE connection = $1",
    ] {
        w.conn.prepare_cached(sql)?.execute([connection.as_str()])?;
    }
    Ok(())
}

fn pair(row: &Row<'_>) -> Result<(PersonId, PersonId), StoreError> {
    Ok((id(row.get(0)?, row.get(1)?), id(row.get(2)?, row.get(3)?)))
}

fn id(connection: String, external_id: String) -> PersonId {
    PersonId(format!("{connection}/{external_id}"))
}

fn parts(id: &PersonId) -> (&str, &str) {
    id.as_str().split_once('/').unwrap_or((id.as_str(), ""))
}
