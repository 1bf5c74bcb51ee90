//! One call: as the popup has it, and with everything that its detail shows.

use std::collections::{BTreeSet, HashSet};

use model::call::{Call, CallDetail, Leg, SameRaw};
use model::customer::Customer;
use model::last_call::LastCall;
use model::{CallId, ConnectionId, Raw};
use rusqlite::{OptionalExtension, params};

use super::join::{Desk, Joined};
use super::last::LastCalls;
use super::packed::PackedLeg;
use super::write::LIVE;
use super::{Row, SELECT, block, join};
use crate::code::{self, Coded};
use crate::outline::Key;
use crate::{Reader, StoreError, pack, source};

/// How many calls are offered as perhaps the same.
const MOST_BESIDE: usize = 50;

/// A call with its people and customer, without legs.
///
/// # Errors
/// A database that cannot be read.
pub fn call(r: &Reader<'_>, id: &CallId) -> Result<Option<Call>, StoreError> {
    let row = row(r, id)?;
    Ok(join::finish(r, row.into_iter().collect())?.pop())
}

/// The call that stands under this id now: itself, or the log's where a live call was meant whose place that has taken. `None`
/// where there is neither.
///
/// # Errors
/// A database that cannot be read.
pub fn standing(r: &Reader<'_>, id: &CallId) -> Result<Option<CallId>, StoreError> {
    let Some((connection, external_id)) = id.as_str().split_once('/') else {
        return Ok(None);
    };
    let Some(source) = source::number(r, &ConnectionId::from(connection))? else {
        return Ok(None);
    };
    let mut find = r.conn.prepare_cached("SELECT 1 FROM calls WHERE source = $1 AND external_id = $2")?;
    if find.exists(params![source, external_id])? {
        return Ok(Some(id.clone()));
    }
    let Some(session) = external_id.strip_prefix(LIVE) else {
        return Ok(None);
    };
    let sql = "SELECT external_id FROM calls WHERE session_id = $1 AND source = $2 ORDER BY started_at LIMIT 1";
    let logged: Option<String> =
        r.conn.prepare_cached(sql)?.query_one(params![session, source], |row| row.get(0)).optional()?;
    Ok(logged.map(|it| CallId(format!("{connection}/{it}"))))
}

/// A call with what is shown while it rings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The call with its people and customer, without legs.
    pub call: Call,
    /// Every customer whose number this is.
    pub customers: Vec<Customer>,
    /// The last calls with the same outside number, newest first, without this one; at most five.
    pub last_calls: Vec<LastCall>,
}

/// A call with its customers and the last calls of its outside number. Nothing stands in for a live call that the log has by now:
/// what its system tells of it late is no news.
///
/// # Errors
/// A database that cannot be read.
pub fn told(r: &Reader<'_>, id: &CallId) -> Result<Option<Told>, StoreError> {
    row(r, id)?.map(|row| told_of(r, row)).transpose()
}

fn told_of(r: &Reader<'_>, row: Row) -> Result<Told, StoreError> {
    let shown = row.shown();
    let key = row.outside_key();
    let last = LastCalls::find(r, shown, key.as_deref())?;
    let desk = Desk::beside(r, std::slice::from_ref(&row), last.rows())?;
    let Joined { call, outside } = desk.join(row)?;
    let last_calls = if key == outside.1 {
        last.with(desk.people())
    } else {
        // Another system knows the number that this one does not.
        let last = LastCalls::find(r, shown, outside.1.as_deref())?;
        let people = join::people(r, last.rows())?;
        last.with(&people)
    };
    let customers = join::customers_of(r, &outside)?;
    let (customer, customer_count) = join::only(&customers);
    Ok(Told { call: Call { customer, customer_count, ..call }, customers, last_calls })
}

/// Everything that the detail of a call shows, or of the log's word for it where it was told live, but who keeps its note and whether there is a recording, which only its system knows.
///
/// # Errors
/// A database that cannot be read.
pub fn detail(r: &Reader<'_>, id: &CallId) -> Result<Option<CallDetail>, StoreError> {
    let Some(row) = standing_row(r, id)? else {
        return Ok(None);
    };
    let raw = unpacked(r, "call_raw", row.id)?.unwrap_or_default();
    let mut legs = legs(r, row.id)?;
    let mut same_raw = Vec::new();
    for other in Desk::new(r, std::slice::from_ref(&row))?.others(&row) {
        let raw = Raw(unpacked(r, "call_raw", other.id)?.unwrap_or_default());
        same_raw.push(SameRaw { connection: other.call.connection.clone(), raw });
        if legs.is_empty() {
            legs = self::legs(r, other.id)?;
        }
    }
    let calls_with_number = row.outside_key().map_or(Ok(0), |key| count_with_number(r, &key))?;
    let Told { call, customers, last_calls } = told_of(r, row)?;
    Ok(Some(CallDetail {
        call: Call { legs, ..call },
        raw: Raw(raw),
        customers,
        last_calls,
        calls_with_number,
        same_raw,
        note_kept_by: None,
        has_recording: false,
    }))
}

/// Calls of other connections that began at most five minutes away, and are not joined with any of this one's connection.
///
/// # Errors
/// A database that cannot be read.
pub fn beside(r: &Reader<'_>, id: &CallId) -> Result<Vec<Call>, StoreError> {
    const AROUND: i64 = 5 * 60_000;
    let Some(row) = row(r, id)? else {
        return Ok(Vec::new());
    };
    let (started_at, _) = row.key();
    let desk = Desk::new(r, std::slice::from_ref(&row))?;
    let mut taken: Vec<i64> = desk.others(&row).map(|it| it.source).collect();
    taken.push(row.source);
    let keys: Vec<Key> = {
        let sql = "SELECT started_at, id, source FROM calls WHERE started_at >= $1 AND started_at <= $2
            ORDER BY abs(started_at - $3), id";
        let mut statement = r.conn.prepare_cached(sql)?;
        let mut rows = statement.query(params![started_at - AROUND, started_at + AROUND, started_at])?;
        let mut keys = Vec::new();
        while let Some(row) = rows.next()? {
            if !taken.contains(&row.get(2)?) && keys.len() < MOST_BESIDE {
                keys.push((row.get(0)?, row.get(1)?));
            }
        }
        keys
    };
    let shown = row.shown();
    let mut rows = block::by_key(r, &keys)?;
    rows.retain(|it| it.shown() != shown);
    join::finish(r, rows)
}

/// How many calls there are with this number on either side; the same call told twice counts once.
fn count_with_number(r: &Reader<'_>, key: &str) -> Result<u64, StoreError> {
    let mut calls = 0;
    for side in ["from_party", "to_party"] {
        let mut statement = r.conn.prepare_cached(&format!(
            "SELECT count(DISTINCT COALESCE(joined, id)) FROM calls
             WHERE {side} IN (SELECT id FROM parties WHERE number_key = $1)"
        ))?;
        calls += statement.query_one([key], |row| row.get::<_, i64>(0))?;
    }
    Ok(u64::try_from(calls).unwrap_or_default())
}

/// The records of a call: this one, and then the others.
pub(super) fn same_records(r: &Reader<'_>, row: &Row) -> Result<Vec<(Key, CallId)>, StoreError> {
    let record = |it: &Row| (it.key(), it.call.id.clone());
    let mut records = vec![record(row)];
    records.extend(Desk::new(r, std::slice::from_ref(row))?.others(row).map(record));
    Ok(records)
}

/// The last calls with this number on either side, newest first; the number as [`model::phone::key`] makes it.
///
/// # Errors
/// A database that cannot be read.
pub fn latest_with_number(r: &Reader<'_>, key: &str, limit: u32) -> Result<Vec<Call>, StoreError> {
    let keys = latest(r, key, limit)?;
    join::finish(r, block::by_key(r, &keys)?)
}

/// The rows of the last calls with a number, newest first, each call once.
pub(super) fn latest(r: &Reader<'_>, key: &str, limit: u32) -> Result<Vec<Key>, StoreError> {
    let limit = limit as usize;
    let parties: Vec<i64> = {
        let mut statement = r.conn.prepare_cached("SELECT id FROM parties WHERE number_key = $1")?;
        statement.query_map([key], |row| row.get(0))?.collect::<Result<_, _>>()?
    };
    let mut keys: BTreeSet<Key> = BTreeSet::new();
    for side in ["from_party", "to_party"] {
        let mut statement = r.conn.prepare_cached(&format!(
            "SELECT started_at, COALESCE(joined, id) FROM calls WHERE {side} = $1 ORDER BY started_at DESC"
        ))?;
        for party in &parties {
            let mut rows = statement.query([party])?;
            let (mut told, mut last) = (HashSet::new(), i64::MAX);
            // The same call may be told twice, and of those that began in one moment the later row comes first.
            while let Some(row) = rows.next()? {
                let key: Key = (row.get(0)?, row.get(1)?);
                if told.len() >= limit && key.0 < last {
                    break;
                }
                last = key.0;
                told.insert(key.1);
                keys.insert(key);
            }
        }
    }
    Ok(newest(keys, limit))
}

/// The newest of them, each call once: by the time of its newest record.
fn newest(keys: BTreeSet<Key>, limit: usize) -> Vec<Key> {
    let mut known = HashSet::new();
    keys.into_iter().rev().filter(|(_, row)| known.insert(*row)).take(limit).collect()
}

pub(super) fn row(r: &Reader<'_>, id: &CallId) -> Result<Option<Row>, StoreError> {
    let Some((connection, external_id)) = id.as_str().split_once('/') else {
        return Ok(None);
    };
    let sources = source::all(r)?;
    let Some((source, _)) = sources.iter().find(|(_, it)| it.as_str() == connection) else {
        return Ok(None);
    };
    let mut statement = r.conn.prepare_cached(&format!("{} WHERE c.source = $1 AND c.external_id = $2", *SELECT))?;
    statement.query_and_then(params![source, external_id], |row| Row::read(row, &sources))?.next().transpose()
}

/// The row of what stands under this id now; see [`standing`].
pub(super) fn standing_row(r: &Reader<'_>, id: &CallId) -> Result<Option<Row>, StoreError> {
    match standing(r, id)? {
        Some(id) => row(r, &id),
        None => Ok(None),
    }
}

fn unpacked(r: &Reader<'_>, table: &'static str, row: i64) -> Result<Option<String>, StoreError> {
    let mut statement = r.conn.prepare_cached(&format!("SELECT dictionary, packed FROM {table} WHERE call = $1"))?;
    let packed: Option<(Option<i64>, Vec<u8>)> =
        statement.query_one([row], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    let Some((dictionary, packed)) = packed else {
        return Ok(None);
    };
    let bytes = pack::unpack(r, dictionary, &packed)?;
    String::from_utf8(bytes).map(Some).map_err(|_| StoreError::damaged("a packed record"))
}

fn legs(r: &Reader<'_>, row: i64) -> Result<Vec<Leg>, StoreError> {
    let Some(text) = unpacked(r, "call_legs", row)? else {
        return Ok(Vec::new());
    };
    let legs: Vec<PackedLeg> = code::from_json(&text, "call_legs.packed")?;
    legs.into_iter()
        .map(|(begin, duration_seconds, name, outcome, extension_id, kind, is_master)| {
            Ok(Leg {
                started_at: begin.map(code::time).transpose()?,
                duration_seconds,
                name,
                outcome: Coded::decode(outcome)?,
                extension_id,
                kind,
                is_master,
            })
        })
        .collect()
}
