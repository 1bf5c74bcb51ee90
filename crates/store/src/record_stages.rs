//! Changes of administration records that wait for a commit, those that were committed, and the fields that each resource is known to
//! have. Own data, which survives a rebuilt cache.
//!
//! Each row is kept whole as JSON, because it is only ever read whole; values of secret fields are digests when they come here.

use model::staging::{KeptDone, KeptStage, RecordColumn};
use model::{ConnectionId, DoneId, StageId};
use rusqlite::{OptionalExtension, params};

use crate::{Reader, StoreError, Writer, code};

/// Own data.
pub(crate) const SCHEMA: &str = "
CREATE TABLE record_stages (
  id INTEGER PRIMARY KEY,
  stage TEXT NOT NULL UNIQUE,
  connection TEXT NOT NULL,
  resource TEXT NOT NULL,
  key TEXT,
  body TEXT NOT NULL,
  UNIQUE (connection, resource, key)
);
CREATE TABLE record_done (
  id INTEGER PRIMARY KEY,
  done TEXT NOT NULL UNIQUE,
  connection TEXT NOT NULL,
  body TEXT NOT NULL
);
CREATE INDEX record_done_by_connection ON record_done (connection, id);
CREATE TABLE record_columns (
  id INTEGER PRIMARY KEY,
  connection TEXT NOT NULL,
  resource TEXT NOT NULL,
  columns TEXT NOT NULL,
  UNIQUE (connection, resource)
);
";

/// The most committed changes that are kept of a connection; the oldest go first.
const MOST_DONE: u32 = 2_000;

/// Every staged change of a connection, in the order in which they were staged first.
///
/// # Errors
/// A database that cannot be read.
pub fn all(r: &Reader<'_>, connection: &ConnectionId) -> Result<Vec<KeptStage>, StoreError> {
    let mut statement = r.conn.prepare_cached("SELECT body FROM record_stages WHERE connection = $1 ORDER BY id")?;
    statement.query_and_then([connection.as_str()], |row| body(&row.get::<_, String>(0)?))?.collect()
}

/// One staged change.
///
/// # Errors
/// A database that cannot be read.
pub fn get(r: &Reader<'_>, id: &StageId) -> Result<Option<KeptStage>, StoreError> {
    let mut statement = r.conn.prepare_cached("SELECT body FROM record_stages WHERE stage = $1")?;
    statement.query_and_then([id.as_str()], |row| body(&row.get::<_, String>(0)?))?.next().transpose()
}

/// Keeps a staged change, new or changed; it keeps its place among the others.
///
/// # Errors
/// A row that another one is staged for; a database that cannot be written.
pub fn put(w: &mut Writer<'_>, stage: &KeptStage) -> Result<(), StoreError> {
    let mut statement = w.conn.prepare_cached(
        "INSERT INTO record_stages (stage, connection, resource, key, body) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (stage) DO UPDATE SET
           connection = excluded.connection, resource = excluded.resource, key = excluded.key, body = excluded.body",
    )?;
    statement.execute(params![
        stage.id.as_str(),
        stage.connection.as_str(),
        stage.resource,
        stage.key,
        code::to_json(stage)?,
    ])?;
    Ok(())
}

/// Forgets a staged change.
///
/// # Errors
/// A database that cannot be written.
pub fn remove(w: &mut Writer<'_>, id: &StageId) -> Result<(), StoreError> {
    w.conn.prepare_cached("DELETE FROM record_stages WHERE stage = $1")?.execute([id.as_str()])?;
    Ok(())
}

/// The committed changes of a connection, the newest first.
///
/// # Errors
/// A database that cannot be read.
pub fn done(r: &Reader<'_>, connection: &ConnectionId, most: u32) -> Result<Vec<KeptDone>, StoreError> {
    let sql = "SELECT body FROM record_done WHERE connection = $1 ORDER BY id DESC LIMIT $2";
    let mut statement = r.conn.prepare_cached(sql)?;
    let rows = statement.query_and_then(params![connection.as_str(), most], |row| {
        code::from_json(&row.get::<_, String>(0)?, "record_done.body")
    })?;
    rows.collect()
}

/// One committed change.
///
/// # Errors
/// A database that cannot be read.
pub fn done_one(r: &Reader<'_>, id: &DoneId) -> Result<Option<KeptDone>, StoreError> {
    let mut statement = r.conn.prepare_cached("SELECT body FROM record_done WHERE done = $1")?;
    let body: Option<String> = statement.query_one([id.as_str()], |row| row.get(0)).optional()?;
    body.map(|body| code::from_json(&body, "record_done.body")).transpose()
}

/// Keeps a committed change, new or changed. Those that became too old to be kept are the answer.
///
/// # Errors
/// A database that cannot be written.
pub fn put_done(w: &mut Writer<'_>, done: &KeptDone) -> Result<Vec<DoneId>, StoreError> {
    let mut statement = w.conn.prepare_cached(
        "INSERT INTO record_done (done, connection, body) VALUES ($1, $2, $3)
         ON CONFLICT (done) DO UPDATE SET connection = excluded.connection, body = excluded.body",
    )?;
    statement.execute(params![done.id.as_str(), done.connection.as_str(), code::to_json(done)?])?;
    let mut prune = w.conn.prepare_cached(
        "DELETE FROM record_done WHERE connection = $1
           AND id NOT IN (SELECT id FROM record_done WHERE connection = $1 ORDER BY id DESC LIMIT $2)
         RETURNING done",
    )?;
    let old = prune.query_and_then(params![done.connection.as_str(), MOST_DONE], |row| Ok(DoneId(row.get(0)?)))?;
    old.collect()
}

/// The fields that a resource is known to have.
///
/// # Errors
/// A database that cannot be read.
pub fn columns(r: &Reader<'_>, connection: &ConnectionId, resource: &str) -> Result<Vec<RecordColumn>, StoreError> {
    let sql = "SELECT columns FROM record_columns WHERE connection = $1 AND resource = $2";
    let mut statement = r.conn.prepare_cached(sql)?;
    let columns: Option<String> = statement.query_one([connection.as_str(), resource], |row| row.get(0)).optional()?;
    columns.map_or(Ok(Vec::new()), |text| code::from_json(&text, "record_columns.columns"))
}

/// Remembers the fields of a resource. Announces nothing: whoever reads rows is told of their columns.
///
/// # Errors
/// A database that cannot be written.
pub fn learn(
    w: &mut Writer<'_>,
    connection: &ConnectionId,
    resource: &str,
    columns: &[RecordColumn],
) -> Result<(), StoreError> {
    let mut statement = w.conn.prepare_cached(
        "INSERT INTO record_columns (connection, resource, columns) VALUES ($1, $2, $3)
         ON CONFLICT (connection, resource) DO UPDATE SET columns = excluded.columns",
    )?;
    statement.execute(params![connection.as_str(), resource, code::to_json(&columns)?])?;
    Ok(())
}

/// Forgets everything of a connection, whose id never comes again.
pub(crate) fn forget(w: &mut Writer<'_>, connection: &ConnectionId) -> Result<(), StoreError> {
    for table in ["record_stages", "record_done", "record_columns"] {
        w.conn.prepare_cached(&format!("DELETE FROM {table} WHERE connection = $1"))?.execute([connection.as_str()])?;
    }
    Ok(())
}

fn body(text: &str) -> Result<KeptStage, StoreError> {
    code::from_json(text, "record_stages.body")
}
