//! The last calls with a number, in brief: read while it rings, so no more of them is read than is shown.

use std::collections::HashMap;
use std::rc::Rc;

use model::call::CallPerson;
use model::last_call::LastCall;
use model::{CallId, Time};
use rusqlite::types::Value;

use super::NEVER;
use super::read::latest;
use crate::code::Coded;
use crate::source::Sources;
use crate::{Reader, StoreError, source};

/// How many of them are shown.
const MOST: u32 = 5;

/// The columns that [`Brief::read`] reads.
const COLUMNS: &str = "c.id, c.source, c.external_id, c.started_at, c.duration, c.direction, c.outcome,
  (SELECT n.text FROM notes n WHERE n.id = c.note), c.joined";

/// A record of a call, before people are joined.
struct Brief {
    id: i64,
    source: i64,
    /// The row by which this one is shown, where another connection told of the same call.
    joined: Option<i64>,
    call: LastCall,
}

impl Brief {
    fn read(row: &rusqlite::Row<'_>, sources: &Sources) -> Result<Self, StoreError> {
        let source = row.get(1)?;
        let connection = sources.get(&source).cloned().ok_or(StoreError::damaged("calls.source"))?;
        let external_id: String = row.get(2)?;
        let started_at: i64 = row.get(3)?;
        let call = LastCall {
            id: CallId(format!("{connection}/{external_id}")),
            connection,
            external_id,
            started_at: Some(started_at).filter(|it| *it != NEVER).and_then(Time::from_millis),
            duration_seconds: row.get(4)?,
            direction: Coded::decode(row.get(5)?)?,
            outcome: Coded::decode(row.get(6)?)?,
            people: Vec::new(),
            note: row.get(7)?,
        };
        Ok(Self { id: row.get(0)?, source, joined: row.get(8)?, call })
    }
}

/// The last calls with a number, newest first, before people are joined.
#[derive(Default)]
pub(super) struct LastCalls {
    shown: Vec<Brief>,
    /// Records of other connections for the same calls, by their connection.
    others: Vec<Brief>,
}

impl LastCalls {
    /// The last calls with this number, without the one that is shown under this row.
    pub(super) fn find(r: &Reader<'_>, besides: i64, key: Option<&str>) -> Result<Self, StoreError> {
        let Some(key) = key else {
            return Ok(Self::default());
        };
        let mut keys = latest(r, key, MOST + 1)?;
        keys.retain(|it| it.1 != besides);
        keys.truncate(MOST as usize);
        let sources = source::all(r)?;
        let mut found = Self::default();
        let mut one = r.conn.prepare_cached(&format!("SELECT {COLUMNS} FROM calls c WHERE c.id = $1"))?;
        for (_, row) in &keys {
            let read = one.query_and_then([row], |it| Brief::read(it, &sources))?.next();
            found.shown.extend(read.transpose()?);
        }
        if sources.len() > 1 && !keys.is_empty() {
            let rows: Rc<Vec<Value>> = Rc::new(keys.iter().map(|it| Value::from(it.1)).collect());
            let sql = format!("SELECT {COLUMNS} FROM rarray($1) x CROSS JOIN calls c ON c.joined = x.value");
            let mut others = r.conn.prepare_cached(&sql)?;
            found.others =
                others.query_and_then([rows], |it| Brief::read(it, &sources))?.collect::<Result<_, StoreError>>()?;
            found.others.sort_by_key(|it| it.source);
        }
        Ok(found)
    }

    /// The rows whose people are joined to them.
    pub(super) fn rows(&self) -> impl Iterator<Item = i64> {
        self.shown.iter().chain(&self.others).map(|it| it.id)
    }

    /// The calls with the people of their rows: a record of another connection fills in what the one that is shown leaves empty.
    pub(super) fn with(self, people: &HashMap<i64, Vec<CallPerson>>) -> Vec<LastCall> {
        let people_of = |row: i64| people.get(&row).cloned().unwrap_or_default();
        let finish = |Brief { id, mut call, .. }: Brief| {
            call.people = people_of(id);
            for other in self.others.iter().filter(|it| it.joined == Some(id)) {
                if call.people.is_empty() {
                    call.people = people_of(other.id);
                }
                call.note = call.note.or_else(|| other.call.note.clone());
                call.duration_seconds = call.duration_seconds.or(other.call.duration_seconds);
            }
            call
        };
        self.shown.into_iter().map(finish).collect()
    }
}
