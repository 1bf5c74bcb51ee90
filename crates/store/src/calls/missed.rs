//! The calls of the last days in few words: enough to know which were missed and which later one answered them.

use std::collections::BTreeMap;

use model::call::{Call, Direction, Outcome};
use model::{CallId, Time};

use super::join;
use super::read::row;
use crate::code::{self, Coded};
use crate::{Reader, StoreError};

/// A call, whoever told of it, as far as following up is concerned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trace {
    /// The record that is shown.
    pub id: CallId,
    /// Records of other connections.
    pub same: Vec<CallId>,
    /// When it began.
    pub started_at: Time,
    /// Which way.
    pub direction: Direction,
    /// What became of it.
    pub fate: Fate,
    /// The outside number as [`model::phone::key`] makes it; `None` where it was withheld.
    pub number: Option<String>,
}

/// What became of a call, as far as following up is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// Somebody spoke, or speaks: any record says so.
    Answered,
    /// Nobody took it, or the voicemail did.
    Missed,
    /// It rings, or nobody knows, or it did not come about.
    Other,
}

/// One record.
struct Record {
    row: i64,
    id: CallId,
    started_at: Time,
    direction: Direction,
    outcome: Outcome,
    number: Option<String>,
}

/// Every call that began at this instant or later, in no order. One that several connections told of is one.
///
/// # Errors
/// A database that cannot be read.
pub fn traces(r: &Reader<'_>, since: Time) -> Result<Vec<Trace>, StoreError> {
    let mut statement = r.conn.prepare_cached(
        "SELECT c.id, COALESCE(c.joined, c.id), s.connection, c.external_id, c.started_at, c.direction, c.outcome,
           CASE WHEN c.direction = $1 THEN t.number_key ELSE f.number_key END
         FROM calls c JOIN sources s ON s.id = c.source
         JOIN parties f ON f.id = c.from_party JOIN parties t ON t.id = c.to_party
         WHERE c.started_at >= $2",
    )?;
    let mut rows = statement.query([Direction::Outbound.code(), since.millis()])?;
    let mut records: BTreeMap<i64, Vec<Record>> = BTreeMap::new();
    while let Some(it) = rows.next()? {
        let record = Record {
            row: it.get(0)?,
            id: CallId(format!("{}/{}", it.get::<_, String>(2)?, it.get::<_, String>(3)?)),
            started_at: code::time(it.get(4)?)?,
            direction: Coded::decode(it.get(5)?)?,
            outcome: Coded::decode(it.get(6)?)?,
            number: it.get(7)?,
        };
        records.entry(it.get(1)?).or_default().push(record);
    }
    Ok(records.into_iter().filter_map(|(shown, records)| one(shown, records)).collect())
}

/// One call of its records.
fn one(shown: i64, mut records: Vec<Record>) -> Option<Trace> {
    records.sort_by_key(|it| (it.row != shown, it.row));
    let outcomes = || records.iter().map(|it| it.outcome);
    let fate = if outcomes().any(|it| it == Outcome::Answered) {
        Fate::Answered
    } else if outcomes().any(|it| it == Outcome::Ringing) {
        Fate::Other
    } else if outcomes().any(|it| matches!(it, Outcome::Missed | Outcome::Voicemail)) {
        Fate::Missed
    } else {
        Fate::Other
    };
    let number = records.iter().find_map(|it| it.number.clone());
    let mut records = records.into_iter();
    let Record { id, started_at, direction, .. } = records.next()?;
    Some(Trace { id, same: records.map(|it| it.id).collect(), started_at, direction, fate, number })
}

/// These calls as lists show them, those that are there.
///
/// # Errors
/// A database that cannot be read.
pub fn shown(r: &Reader<'_>, ids: &[CallId]) -> Result<Vec<Call>, StoreError> {
    let rows = ids.iter().filter_map(|id| row(r, id).transpose()).collect::<Result<Vec<_>, _>>()?;
    join::finish(r, rows)
}
