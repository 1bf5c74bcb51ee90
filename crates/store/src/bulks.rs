//! Plans of many messages: what is to be sent, how far it is, and how each of its connections goes. Own data. The rows are in
//! `bulk_rows.rs`, and what leaves of them is in the ledger like any other message.

use std::collections::BTreeMap;

use model::bulk::{
    Bulk, BulkCounts, BulkFormat, BulkLane, BulkMessage, BulkOptions, BulkProblemCount, BulkProblemKind, BulkRest,
    BulkState, Pace,
};
use model::message::DeliveryState;
use model::{BulkId, ConnectionId, Time};
use rusqlite::{OptionalExtension, Row, params};

use crate::code::{self, Coded};
use crate::{Reader, StoreError, Writer, bulk_rows};

/// Own data. A row of a plan becomes a delivery when the plan is first run.
pub(crate) const SCHEMA: &str = "
CREATE TABLE bulks (
  id TEXT PRIMARY KEY,
  title TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  format INTEGER NOT NULL,
  file TEXT,
  message TEXT NOT NULL,
  fields TEXT NOT NULL,
  options TEXT NOT NULL,
  state INTEGER NOT NULL,
  started_at INTEGER,
  started_by TEXT,
  ended_at INTEGER
);
CREATE TABLE bulk_lanes (
  bulk TEXT NOT NULL,
  place INTEGER NOT NULL,
  connection TEXT NOT NULL,
  rest TEXT,
  PRIMARY KEY (bulk, connection)
);
CREATE TABLE bulk_rows (
  bulk TEXT NOT NULL,
  position INTEGER NOT NULL,
  line INTEGER,
  connection TEXT NOT NULL,
  recipient TEXT NOT NULL,
  name TEXT,
  text TEXT NOT NULL,
  mentions TEXT NOT NULL,
  found TEXT NOT NULL,
  kinds INTEGER NOT NULL,
  is_excluded INTEGER NOT NULL,
  mark INTEGER,
  delivery TEXT NOT NULL UNIQUE,
  folded TEXT NOT NULL,
  PRIMARY KEY (bulk, position)
);
ALTER TABLE deliveries ADD COLUMN bulk TEXT;
CREATE INDEX deliveries_alone ON deliveries (created_at, id) WHERE bulk IS NULL;
CREATE INDEX deliveries_of_bulks ON deliveries (bulk, state) WHERE bulk IS NOT NULL;
";

/// When a plan was tested last, and the attachment cards of rows that have their own.
pub(crate) const LATER: &str =
    "ALTER TABLE bulks ADD COLUMN tested_at INTEGER; ALTER TABLE bulk_rows ADD COLUMN attachments TEXT;";

const SELECT: &str =
    "SELECT id, title, created_at, created_by, format, file, message, fields, options, state, started_at,
  started_by, ended_at, tested_at FROM bulks";

/// What is known of a plan besides what its rows say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Id.
    pub id: BulkId,
    /// Name.
    pub title: String,
    /// When it was made.
    pub created_at: Time,
    /// By whom.
    pub created_by: String,
    /// From what.
    pub format: BulkFormat,
    /// From which file.
    pub file: Option<String>,
    /// The message before its fields are filled in.
    pub message: BulkMessage,
    /// The fields of its text.
    pub fields: Vec<String>,
    /// How it is sent.
    pub options: BulkOptions,
    /// How it stands, never interrupted: that is seen by whoever asks whether somebody is at it.
    pub state: BulkState,
    /// When it was first run.
    pub started_at: Option<Time>,
    /// Who ran it last.
    pub started_by: Option<String>,
    /// When it came to its end.
    pub ended_at: Option<Time>,
    /// When the person who plans had a test of it last.
    pub tested_at: Option<Time>,
}

/// Takes in a plan with its connections in their order.
///
/// # Errors
/// A database that cannot be written.
pub fn add(w: &mut Writer<'_>, plan: &Plan, connections: &[ConnectionId]) -> Result<(), StoreError> {
    let mut statement = w.conn.prepare_cached(
        "INSERT INTO bulks (id, title, created_at, created_by, format, file, message, fields, options, state)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )?;
    statement.execute(params![
        plan.id.as_str(),
        plan.title,
        plan.created_at.millis(),
        plan.created_by,
        plan.format.code(),
        plan.file,
        code::to_json(&plan.message)?,
        code::to_json(&plan.fields)?,
        code::to_json(&plan.options)?,
        plan.state.code(),
    ])?;
    let mut statement =
        w.conn.prepare_cached("INSERT INTO bulk_lanes (bulk, place, connection) VALUES ($1, $2, $3)")?;
    for (place, connection) in (0_u32..).zip(connections) {
        statement.execute(params![plan.id.as_str(), place, connection.as_str()])?;
    }
    Ok(())
}

/// A plan.
///
/// # Errors
/// A database that cannot be read.
pub fn get(r: &Reader<'_>, id: &BulkId) -> Result<Option<Plan>, StoreError> {
    let mut statement = r.conn.prepare_cached(&format!("{SELECT} WHERE id = $1"))?;
    statement.query_and_then([id.as_str()], read)?.next().transpose()
}

/// The plans, the newest first.
///
/// # Errors
/// A database that cannot be read.
pub fn all(r: &Reader<'_>, limit: u32) -> Result<Vec<Plan>, StoreError> {
    let mut statement = r.conn.prepare_cached(&format!("{SELECT} ORDER BY created_at DESC, id DESC LIMIT $1"))?;
    statement.query_and_then([limit], read)?.collect()
}

/// How a plan stands; `None` where there is none.
///
/// # Errors
/// A database that cannot be read.
pub fn state(r: &Reader<'_>, id: &BulkId) -> Result<Option<BulkState>, StoreError> {
    let mut statement = r.conn.prepare_cached("SELECT state FROM bulks WHERE id = $1")?;
    let state: Option<i64> = statement.query_one([id.as_str()], |row| row.get(0)).optional()?;
    state.map(Coded::decode).transpose()
}

/// Says how a plan stands, where it stood as one of `from`. `false` where it did not.
///
/// # Errors
/// A database that cannot be written.
pub fn set_state(w: &mut Writer<'_>, id: &BulkId, from: &[BulkState], to: BulkState) -> Result<bool, StoreError> {
    match state(w, id)? {
        Some(state) if from.contains(&state) => {
            let mut statement = w.conn.prepare_cached("UPDATE bulks SET state = $1 WHERE id = $2")?;
            Ok(statement.execute(params![to.code(), id.as_str()])? == 1)
        }
        Some(_) | None => Ok(false),
    }
}

/// Notes who runs a plan, since when it has been run at all, and that it has not ended.
///
/// # Errors
/// A database that cannot be written.
pub fn started(w: &mut Writer<'_>, id: &BulkId, who: &str, now: Time) -> Result<(), StoreError> {
    let mut statement = w.conn.prepare_cached(
        "UPDATE bulks SET started_at = COALESCE(started_at, $1), started_by = $2, ended_at = NULL WHERE id = $3",
    )?;
    statement.execute(params![now.millis(), who, id.as_str()])?;
    Ok(())
}

/// Notes when a plan came to its end.
///
/// # Errors
/// A database that cannot be written.
pub fn ended(w: &mut Writer<'_>, id: &BulkId, now: Time) -> Result<(), StoreError> {
    let mut statement = w.conn.prepare_cached("UPDATE bulks SET ended_at = $1 WHERE id = $2")?;
    statement.execute(params![now.millis(), id.as_str()])?;
    Ok(())
}

/// Notes when the person who plans had a test.
///
/// # Errors
/// A database that cannot be written.
pub fn tested(w: &mut Writer<'_>, id: &BulkId, now: Time) -> Result<(), StoreError> {
    let mut statement = w.conn.prepare_cached("UPDATE bulks SET tested_at = $1 WHERE id = $2")?;
    statement.execute(params![now.millis(), id.as_str()])?;
    Ok(())
}

/// Notes why a connection does not send now, or that it does.
///
/// # Errors
/// A database that cannot be written.
pub fn rest(
    w: &mut Writer<'_>,
    id: &BulkId,
    connection: &ConnectionId,
    rest: Option<&BulkRest>,
) -> Result<(), StoreError> {
    let mut statement = w.conn.prepare_cached(
        "UPDATE bulk_lanes SET rest = $1 WHERE bulk = $2 AND connection = $3 AND rest IS DISTINCT FROM $1",
    )?;
    statement.execute(params![rest.map(code::to_json).transpose()?, id.as_str(), connection.as_str()])?;
    Ok(())
}

/// Forgets a plan and its rows. What left of it stays in the ledger, so this is for plans of which nothing did.
///
/// # Errors
/// A database that cannot be written.
pub fn remove(w: &mut Writer<'_>, id: &BulkId) -> Result<(), StoreError> {
    w.conn.prepare_cached("DELETE FROM bulk_rows WHERE bulk = $1")?.execute([id.as_str()])?;
    w.conn.prepare_cached("DELETE FROM bulk_lanes WHERE bulk = $1")?.execute([id.as_str()])?;
    w.conn.prepare_cached("DELETE FROM deliveries WHERE bulk = $1")?.execute([id.as_str()])?;
    w.conn.prepare_cached("DELETE FROM bulks WHERE id = $1")?.execute([id.as_str()])?;
    Ok(())
}

/// A plan with what its rows say. How fast its connections may go, and when it finishes, is not known here.
///
/// # Errors
/// A database that cannot be read.
pub fn whole(r: &Reader<'_>, plan: Plan) -> Result<Bulk, StoreError> {
    let mut lanes = lanes(r, &plan)?;
    let mut counts = BulkCounts::default();
    let mut statement = r.conn.prepare_cached(
        "SELECT r.connection, r.is_excluded, r.mark, d.state, COUNT(*)
         FROM bulk_rows r LEFT JOIN deliveries d ON d.id = r.delivery
         WHERE r.bulk = $1 GROUP BY r.connection, r.is_excluded, r.mark, d.state",
    )?;
    let mut rows = statement.query([plan.id.as_str()])?;
    while let Some(row) = rows.next()? {
        let connection: String = row.get(0)?;
        let (state, count) = (row_state(row, 1)?, row.get(4)?);
        counts.add(state, count);
        if let Some(lane) = lanes.iter_mut().find(|it| it.connection.as_str() == connection) {
            lane.counts.add(state, count);
        }
    }
    let problems = problems(r, &plan.id)?;
    Ok(Bulk {
        id: plan.id,
        title: plan.title,
        created_at: plan.created_at,
        created_by: plan.created_by,
        format: plan.format,
        file: plan.file,
        text: plan.message.text,
        fields: plan.fields,
        options: plan.options,
        state: plan.state,
        started_at: plan.started_at,
        started_by: plan.started_by,
        ended_at: plan.ended_at,
        tested_at: plan.tested_at,
        finishes_at: None,
        counts,
        lanes,
        problems,
    })
}

/// One row of each connection that is to be sent: this one where it is such a row, elsewhere the first. In their order.
///
/// # Errors
/// A database that cannot be read.
pub fn samples(
    r: &Reader<'_>,
    bulk: &BulkId,
    position: Option<u32>,
) -> Result<Vec<(ConnectionId, bulk_rows::Outgoing)>, StoreError> {
    let mut statement = r.conn.prepare_cached(
        "SELECT position, delivery, recipient, text, mentions, attachments, connection FROM bulk_rows
         WHERE bulk = $1 AND position IN (
           SELECT COALESCE(MAX(CASE WHEN position = $2 THEN position END), MIN(position)) FROM bulk_rows
           WHERE bulk = $1 AND NOT is_excluded GROUP BY connection)
         ORDER BY position",
    )?;
    let sample = |row: &Row<'_>| Ok((ConnectionId(row.get(6)?), bulk_rows::outgoing(row)?));
    statement.query_and_then(params![bulk.as_str(), position], sample)?.collect()
}

fn lanes(r: &Reader<'_>, plan: &Plan) -> Result<Vec<BulkLane>, StoreError> {
    let mut statement =
        r.conn.prepare_cached("SELECT connection, rest FROM bulk_lanes WHERE bulk = $1 ORDER BY place")?;
    let lane = |row: &Row<'_>| {
        let rest: Option<String> = row.get(1)?;
        Ok(BulkLane {
            connection: ConnectionId(row.get(0)?),
            counts: BulkCounts::default(),
            by_batch: plan.options.by_batch,
            pace: Pace::default(),
            // A reason that a newer version knew: the lane matters more.
            rest: rest.and_then(|text| serde_json::from_str(&text).ok()),
        })
    };
    statement.query_and_then([plan.id.as_str()], lane)?.collect()
}

fn problems(r: &Reader<'_>, id: &BulkId) -> Result<Vec<BulkProblemCount>, StoreError> {
    let sql = "SELECT kinds, is_excluded, COUNT(*) FROM bulk_rows WHERE bulk = $1 AND kinds <> 0
        GROUP BY kinds, is_excluded";
    let mut statement = r.conn.prepare_cached(sql)?;
    let mut rows = statement.query([id.as_str()])?;
    let mut found: BTreeMap<BulkProblemKind, BulkProblemCount> = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let (kinds, is_excluded, count): (i64, bool, u32) = (row.get(0)?, row.get(1)?, row.get(2)?);
        for kind in BulkProblemKind::ALL.into_iter().filter(|it| kinds & bit(*it) != 0) {
            let sum = found.entry(kind).or_insert(BulkProblemCount { kind, rows: 0, excluded: 0 });
            sum.rows += count;
            sum.excluded += if is_excluded { count } else { 0 };
        }
    }
    Ok(found.into_values().collect())
}

/// The place of a problem among the bits of a row.
pub(crate) fn bit(kind: BulkProblemKind) -> i64 {
    1 << kind.code()
}

/// What became of a row: from its exclusion, its mark and the state of its delivery, which stand in this order.
pub(crate) fn row_state(row: &Row<'_>, first: usize) -> Result<model::bulk::BulkRowState, StoreError> {
    use model::bulk::BulkRowState as State;
    let (is_excluded, mark, state): (bool, Option<i64>, Option<i64>) =
        (row.get(first)?, row.get(first + 1)?, row.get(first + 2)?);
    if is_excluded {
        return Ok(State::Excluded);
    }
    let mark = mark.map(Mark::decode).transpose()?;
    Ok(match state.map(DeliveryState::decode).transpose()? {
        None | Some(DeliveryState::Waiting) => State::Waiting,
        Some(DeliveryState::Sending) => State::Sending,
        Some(DeliveryState::Sent) => State::Sent,
        Some(DeliveryState::Refused) if mark == Some(Mark::Withheld) => State::Withheld,
        Some(DeliveryState::Refused) => State::Refused,
        Some(DeliveryState::Unknown) if mark == Some(Mark::Left) => State::Left,
        Some(DeliveryState::Unknown) => State::Unknown,
        Some(DeliveryState::Paused) => State::Paused,
    })
}

/// What was said of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// Nobody knows its outcome, and somebody left it so.
    Left,
    /// It had not left when its plan was stopped.
    Withheld,
}

fn read(row: &Row<'_>) -> Result<Plan, StoreError> {
    let time = |at: Option<i64>| at.map(code::time).transpose();
    Ok(Plan {
        id: BulkId(row.get(0)?),
        title: row.get(1)?,
        created_at: code::time(row.get(2)?)?,
        created_by: row.get(3)?,
        format: Coded::decode(row.get(4)?)?,
        file: row.get(5)?,
        message: code::from_json(&row.get::<_, String>(6)?, "bulks.message")?,
        fields: code::from_json(&row.get::<_, String>(7)?, "bulks.fields")?,
        options: code::from_json(&row.get::<_, String>(8)?, "bulks.options")?,
        state: Coded::decode(row.get(9)?)?,
        started_at: time(row.get(10)?)?,
        started_by: row.get(11)?,
        ended_at: time(row.get(12)?)?,
        tested_at: time(row.get(13)?)?,
    })
}
