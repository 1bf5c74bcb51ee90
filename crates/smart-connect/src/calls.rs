//! The call log in steps: windows of the newest rows that grow, because the interface has a number of rows but no offset.

mod cursor;
mod memory;

use std::sync::Arc;

use async_trait::async_trait;
use model::call::SeenCall;
use model::ports::{CallLog, CallStep, Fill};
use model::{Failure, Reason, Time};
use tokio::sync::Mutex;

use crate::client::Client;
use crate::resources::{self, CALLS};
use crate::search;
use cursor::Cursor;
use memory::{Memory, Read, Rest};

/// Windows of a later sync; where the last one does not reach what is known, the log is caught up on in wider ones.
const NEWS: &[u32] = &[200, 2_000];
/// New rows of one step.
const PORTION: usize = 10_000;
/// So many of the oldest rows of a portion have to be too old before a fill ends: one wrong clock does not end it.
const TAIL: usize = 20;
/// The longest run of ids that is reported as gone when the server was set back.
const GONE: u64 = 100_000;

/// The call log of one server.
pub(crate) struct Log {
    client: Arc<Client>,
    memory: Mutex<Memory>,
}

/// What a portion of a window came to.
struct Portion {
    /// Id and time of each row, of known ones too, in the order of the answer.
    seen: Vec<(Option<u64>, Option<Time>)>,
    /// The rows that are to be handed on.
    new: Vec<SeenCall>,
    not_understood: u64,
    /// Whether the window has no further row.
    is_end: bool,
    /// How many rows of the window were read so far.
    count: usize,
}

impl Log {
    pub(crate) fn new(client: Arc<Client>) -> Self {
        let memory = Mutex::new(Memory::new(client.zone()));
        Self { client, memory }
    }

    /// The next portion of a window of a first fill, or of catching up.
    async fn fill(
        &self,
        memory: &mut Memory,
        mut cursor: Cursor,
        window: u32,
        since: Option<Time>,
    ) -> Result<CallStep, Failure> {
        let mut rest = match self.rest(memory, cursor, window).await {
            Ok(rest) => rest,
            Err(Failure::Surprise(why)) if why.reason == Reason::TooLarge => {
                let next = cursor.narrower(window).ok_or(Failure::Surprise(why))?;
                return Ok(CallStep { cursor: next.text(), has_more: true, ..CallStep::default() });
            }
            Err(other) => return Err(other),
        };
        let portion = portion(memory, &mut rest, since)?;
        for (id, at) in &portion.seen {
            cursor.raise(*id, *at);
        }
        cursor.reach(portion.seen.iter().filter_map(|(id, _)| *id));
        let is_whole = portion.is_end && (cursor.from_oldest || portion.count != window as usize);
        let is_reached = is_known(&portion.seen, cursor.until) || is_too_old(&portion.seen, since);
        let is_last = is_whole || is_reached && !cursor.from_oldest;
        let fill = if is_last { 1_000 } else { permille(cursor, &portion.seen, since) };
        let next = match (is_last, portion.is_end) {
            (true, _) => cursor.filled(),
            (false, true) => cursor.wider(window),
            (false, false) => cursor,
        };
        memory.rest = (!is_last && !portion.is_end).then_some(rest);
        Ok(CallStep {
            calls: newest_first(portion.new),
            cursor: next.text(),
            has_more: !is_last,
            fill: Some(Fill { permille: fill, left: None }),
            not_understood: portion.not_understood,
            limitation: next.limitation(),
            ..CallStep::default()
        })
    }

    /// What is left of a window; it is asked for where nothing is.
    async fn rest(&self, memory: &mut Memory, cursor: Cursor, window: u32) -> Result<Rest, Failure> {
        if let Some(rest) = memory.rest.take()
            && rest.window == window
            && rest.from_oldest == cursor.from_oldest
        {
            return Ok(rest);
        }
        let page = self.client.calls(&search::path(window, cursor.order(), 0, &[])).await?;
        Ok(Rest { window, from_oldest: cursor.from_oldest, page })
    }

    /// What is new since the log was read to its end.
    async fn news(&self, memory: &mut Memory, mut cursor: Cursor, since: Option<Time>) -> Result<CallStep, Failure> {
        for window in NEWS {
            let page = self.client.newest(*window).await?;
            let rows = page.rows()?.map(|row| row.map(|row| memory.read(&row))).collect::<Result<Vec<_>, _>>()?;
            let is_whole = rows.len() != *window as usize;
            let highest = rows.iter().filter_map(|read| read.id).max();
            // No row at all proves nothing: an empty answer also comes from a server that is just starting.
            if let Some(highest) = highest.filter(|highest| *highest < cursor.high)
                && !self.is_there(cursor.high).await?
            {
                return Ok(set_back(memory, cursor.high, highest));
            }
            if is_given_anew(&rows, cursor) {
                memory.forget();
                return Ok(CallStep { cursor: Cursor::START.text(), has_more: true, ..CallStep::default() });
            }
            if is_whole || rows.iter().any(|read| read.id.is_some_and(|id| id <= cursor.high)) {
                for read in &rows {
                    cursor.raise(read.id, read.call.started_at);
                }
                let gone = memory.vanished(&rows, is_whole);
                let (new, not_understood) = keep_new(memory, rows, since);
                let calls = newest_first(new);
                let limitation = cursor.limitation();
                return Ok(CallStep {
                    calls,
                    gone,
                    cursor: cursor.text(),
                    not_understood,
                    limitation,
                    ..CallStep::default()
                });
            }
        }
        Ok(CallStep { cursor: cursor.caught_up_on().text(), has_more: true, ..CallStep::default() })
    }

    /// Whether the system still has the row of this id.
    async fn is_there(&self, id: u64) -> Result<bool, Failure> {
        let entry = resources::permitted(CALLS, model::record::Verb::Get)?;
        Ok(self.client.one(entry, id).await?.is_some())
    }
}

/// Reads on in a window until there are enough new rows for a step.
fn portion(memory: &mut Memory, rest: &mut Rest, since: Option<Time>) -> Result<Portion, Failure> {
    let (mut seen, mut new, mut not_understood) = (Vec::new(), Vec::new(), 0);
    let mut rows = rest.page.rows()?;
    for row in rows.by_ref() {
        let read = memory.read(&row?);
        seen.push((read.id, read.call.started_at));
        if !is_older(read.call.started_at, since) && memory.is_new(&read) {
            not_understood += u64::from(read.is_odd());
            new.push(read.call);
        }
        if new.len() >= PORTION {
            break;
        }
    }
    let mark = rows.mark();
    rest.page.go_on_from(mark);
    let is_end = rest.page.rows()?.next().is_none();
    Ok(Portion { seen, new, not_understood, is_end, count: rest.page.count() })
}

/// The rows that were not handed on before and are not too old, and how many of them are not understood.
fn keep_new(memory: &mut Memory, rows: Vec<Read>, since: Option<Time>) -> (Vec<SeenCall>, u64) {
    let mut is_wanted = |read: &Read| !is_older(read.call.started_at, since) && memory.is_new(read);
    let new: Vec<_> = rows.into_iter().filter(|read| is_wanted(read)).collect();
    let odd = new.iter().filter(|read| read.is_odd()).count() as u64;
    (new.into_iter().map(|read| read.call).collect(), odd)
}

fn is_older(at: Option<Time>, since: Option<Time>) -> bool {
    since.zip(at).is_some_and(|(since, at)| at < since)
}

/// Whether what is known already was reached.
fn is_known(seen: &[(Option<u64>, Option<Time>)], until: u64) -> bool {
    until > 0 && seen.iter().any(|(id, _)| id.is_some_and(|id| id <= until))
}

/// Whether the oldest end of a portion is older than what is wanted.
fn is_too_old(seen: &[(Option<u64>, Option<Time>)], since: Option<Time>) -> bool {
    let mut oldest = seen.iter().rev().filter_map(|(_, at)| *at).take(TAIL).peekable();
    since.is_some() && oldest.peek().is_some() && oldest.all(|at| is_older(Some(at), since))
}

/// How far a fill has come. Ids are given one after the other, so that they tell how many calls there are; where a fill goes
/// back to a day only, the time tells too.
fn permille(cursor: Cursor, seen: &[(Option<u64>, Option<Time>)], since: Option<Time>) -> u16 {
    let share =
        |part: u64, whole: u64| u16::try_from(part.saturating_mul(1_000) / whole.max(1)).unwrap_or(999).min(999);
    let lowest = seen.iter().filter_map(|(id, _)| *id).min();
    let by_id = lowest.map_or(0, |lowest| share((cursor.high + 1).saturating_sub(lowest), cursor.high - cursor.until));
    let oldest = seen.iter().filter_map(|(_, at)| *at).min();
    let span = |from: Time, to: Time| u64::try_from(to.millis() - from.millis()).unwrap_or(0);
    let by_time = match (cursor.at, oldest, since) {
        (Some(newest), Some(oldest), Some(since)) => share(span(oldest, newest), span(since, newest)),
        (_, _, _) => 0,
    };
    by_id.max(by_time)
}

/// Whether the highest known id belongs to another call now: the server was set back, and gave its ids anew since.
fn is_given_anew(rows: &[Read], cursor: Cursor) -> bool {
    let now = rows.iter().find(|read| read.id == Some(cursor.high)).and_then(|read| read.call.started_at);
    now.zip(cursor.at).is_some_and(|(now, before)| now != before)
}

/// The server was set back to a backup: what is above its highest id is gone, and the log is read anew.
fn set_back(memory: &mut Memory, high: u64, highest: u64) -> CallStep {
    memory.forget();
    let gone = (highest + 1..=high.min(highest.saturating_add(GONE))).map(|id| id.to_string()).collect();
    CallStep { gone, cursor: Cursor::START.text(), has_more: true, ..CallStep::default() }
}

fn newest_first(mut calls: Vec<SeenCall>) -> Vec<SeenCall> {
    search::sort(&mut calls);
    calls
}

#[async_trait]
impl CallLog for Log {
    async fn step(&self, cursor: Option<&str>, since: Option<Time>) -> Result<CallStep, Failure> {
        let mut memory = self.memory.lock().await;
        if cursor.is_none() {
            memory.forget();
        }
        let cursor = Cursor::read(cursor);
        match cursor.fill {
            Some(window) => self.fill(&mut memory, cursor, window, since).await,
            None => self.news(&mut memory, cursor, since).await,
        }
    }
}
