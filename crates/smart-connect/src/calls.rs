//! The call log in steps: windows of the newest rows that grow, because the interface has a number of rows but no offset.

use std::collections::HashMap;
use std::sync::Arc;

use async_trait::async_trait;
use model::call::SeenCall;
use model::ports::{CallLog, CallStep};
use model::{Failure, Time};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use tokio::sync::Mutex;

use crate::client::Client;
use crate::wire::{self, CallRows};

/// Every row.
const ALL: u32 = 0;
/// Windows of a first fill: the newest calls are usable at once, then comes the rest.
const FILL: &[u32] = &[1_000, 10_000, ALL];
/// Windows of a later sync; after the last one the whole log is read.
const NEWS: &[u32] = &[200, 2_000];
/// Rows of one step while the whole log is handed on.
const PORTION: usize = 10_000;
/// The longest run of ids that is reported as gone when the server was set back.
const GONE: u64 = 100_000;

/// How far the log was read; JSON text outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Cursor {
    /// The highest id seen.
    high: u64,
    /// The next window of a fill; `None` once the log was read to its end.
    fill: Option<u32>,
}

impl Cursor {
    const START: Self = Self { high: 0, fill: Some(FILL[0]) };

    /// A text that is not ours begins anew.
    fn read(text: Option<&str>) -> Self {
        text.and_then(|text| serde_json::from_str(text).ok()).unwrap_or(Self::START)
    }

    fn text(self) -> String {
        serde_json::to_string(&self).unwrap_or_default()
    }
}

/// The call log of one server.
pub(crate) struct Log {
    client: Arc<Client>,
    memory: Mutex<Memory>,
}

/// What saves work within a session; nothing is lost with it.
#[derive(Default)]
struct Memory {
    /// Digest of each row that was handed on, by id.
    known: HashMap<u64, u64>,
    /// Rows of the whole log that are not handed on yet, oldest first.
    rest: Option<Vec<Box<RawValue>>>,
}

/// A row as a call, with its id as a number where it is one.
type Row = (Option<u64>, SeenCall);

impl Log {
    pub(crate) fn new(client: Arc<Client>) -> Self {
        Self { client, memory: Mutex::default() }
    }

    async fn fill(
        &self,
        memory: &mut Memory,
        cursor: Cursor,
        window: u32,
        since: Option<Time>,
    ) -> Result<CallStep, Failure> {
        let (rows, mut is_last) = if window == ALL {
            self.portion(memory).await?
        } else {
            let rows = self.client.calls(window, |rows| self.changed(memory, rows)).await?;
            let is_whole = rows.1 != window as usize;
            (rows.0, is_whole)
        };
        let too_old = |(_, call): &&Row| since.zip(call.started_at).is_some_and(|(since, at)| at < since);
        is_last |= rows.iter().any(|row| too_old(&row));
        let high = highest(&rows).map_or(cursor.high, |id| id.max(cursor.high));
        let next = FILL.iter().skip_while(|it| **it != window).nth(1).copied().unwrap_or(ALL);
        if is_last {
            memory.rest = None;
        }
        let calls = newest_first(rows.into_iter().filter(|row| !too_old(&row)).collect());
        let cursor = Cursor { high, fill: (!is_last).then_some(next) };
        Ok(CallStep { calls, gone: Vec::new(), cursor: cursor.text(), has_more: !is_last, ..CallStep::default() })
    }

    /// The next rows of the whole log, and whether they are the last. The log is asked for once and handed on in portions.
    async fn portion(&self, memory: &mut Memory) -> Result<(Vec<Row>, bool), Failure> {
        let mut rest = match memory.rest.take() {
            Some(rest) => rest,
            None => self.client.calls(ALL, |rows| rows.iter().rev().map(|row| (*row).to_owned()).collect()).await?,
        };
        let from = rest.len().saturating_sub(PORTION);
        let portion = rest.split_off(from);
        let rows: Vec<&RawValue> = portion.iter().rev().map(AsRef::as_ref).collect();
        let read = self.changed(memory, &rows).0;
        let is_last = rest.is_empty();
        memory.rest = Some(rest);
        Ok((read, is_last))
    }

    async fn news(&self, memory: &mut Memory, cursor: Cursor) -> Result<CallStep, Failure> {
        for window in NEWS {
            let found = self.client.calls(*window, |rows| News::read(rows, cursor.high, self.client.zone())).await?;
            if found.is_set_back {
                return Ok(set_back(memory, cursor.high, found.highest));
            }
            if found.reaches_known || found.count != *window as usize {
                let high = found.highest.max(cursor.high);
                let calls = newest_first(found.rows.into_iter().filter_map(|row| memory.keep_new(row)).collect());
                let cursor = Cursor { high, fill: None };
                return Ok(CallStep {
                    calls,
                    gone: Vec::new(),
                    cursor: cursor.text(),
                    has_more: false,
                    ..CallStep::default()
                });
            }
        }
        let cursor = Cursor { high: cursor.high, fill: Some(ALL) };
        Ok(CallStep { cursor: cursor.text(), has_more: true, ..CallStep::default() })
    }

    /// The rows that were not handed on before in the same words, and how many rows there were in all.
    fn changed(&self, memory: &mut Memory, rows: &[&RawValue]) -> (Vec<Row>, usize) {
        let mut reader = CallRows::new(self.client.zone());
        let read = rows.iter().map(|row| (wire::digest(row), reader.call(row)));
        (read.filter_map(|row| memory.keep_new(row)).collect(), rows.len())
    }
}

impl Memory {
    /// Remembers a row; `None` where the very same one was handed on before.
    fn keep_new(&mut self, (digest, call): (u64, SeenCall)) -> Option<Row> {
        let id = call.external_id.parse().ok();
        let is_known = id.is_some_and(|id| self.known.insert(id, digest) == Some(digest));
        (!is_known).then_some((id, call))
    }
}

/// What one look at the newest rows found.
struct News {
    rows: Vec<(u64, SeenCall)>,
    count: usize,
    highest: u64,
    reaches_known: bool,
    is_set_back: bool,
}

impl News {
    fn read(rows: &[&RawValue], high: u64, zone: crate::times::Zone) -> Self {
        let mut reader = CallRows::new(zone);
        let rows: Vec<_> = rows.iter().map(|row| (wire::digest(row), reader.call(row))).collect();
        let ids = || rows.iter().filter_map(|(_, call)| call.external_id.parse::<u64>().ok());
        let highest = ids().max().unwrap_or(0);
        let reaches_known = ids().any(|id| id <= high);
        // No row at all proves nothing: an empty answer also comes from a server that is just starting.
        let is_set_back = ids().next().is_some() && highest < high;
        Self { count: rows.len(), highest, reaches_known, is_set_back, rows }
    }
}

/// The server was set back to a backup: what is above its highest id is gone, and the log is read anew.
fn set_back(memory: &mut Memory, high: u64, highest: u64) -> CallStep {
    memory.known.clear();
    memory.rest = None;
    let gone = (highest + 1..=high.min(highest.saturating_add(GONE))).map(|id| id.to_string()).collect();
    CallStep { calls: Vec::new(), gone, cursor: Cursor::START.text(), has_more: true, ..CallStep::default() }
}

fn highest(rows: &[Row]) -> Option<u64> {
    rows.iter().filter_map(|(id, _)| *id).max()
}

/// By time, then by number, because the system does not say what it sorts by.
fn newest_first(mut rows: Vec<Row>) -> Vec<SeenCall> {
    rows.sort_by(|(a_id, a), (b_id, b)| (b.started_at, b_id).cmp(&(a.started_at, a_id)));
    rows.into_iter().map(|(_, call)| call).collect()
}

#[async_trait]
impl CallLog for Log {
    async fn step(&self, cursor: Option<&str>, since: Option<Time>) -> Result<CallStep, Failure> {
        let mut memory = self.memory.lock().await;
        let is_start = cursor.is_none();
        let cursor = Cursor::read(cursor);
        if is_start {
            *memory = Memory::default();
        }
        match cursor.fill {
            Some(window) => self.fill(&mut memory, cursor, window, since).await,
            None => self.news(&mut memory, cursor).await,
        }
    }
}
