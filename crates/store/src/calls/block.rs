//! Lists of calls, newest first: blocks for the table on screen, pages for the command line. Always by key, never by offset.

use std::sync::Arc;

use model::call::{CallBlock, CallFilter, CallPage};
use model::{Failure, Reason};
use rusqlite::params_from_iter;

use super::filter::{Plan, Query};
use super::{Row, SELECT, join};
use crate::outline::{Key, Outline};
use crate::{Reader, StoreError, edition, source};

const NEWEST_FIRST: &str = "ORDER BY c.started_at DESC, c.id DESC";

/// A block of the list on screen. Block 0 costs one page and the total; the others need the list's landmarks, which are found
/// once for a filter and an edition.
///
/// # Errors
/// A database that cannot be read.
pub fn block(r: &Reader<'_>, filter: &CallFilter, block: u64) -> Result<CallBlock, StoreError> {
    let edition = edition::get(r.conn)?;
    let first_row = block.saturating_mul(CallBlock::SIZE);
    let empty = CallBlock { edition, total: 0, first_row, calls: Vec::new() };
    let Some(plan) = Plan::new(r, filter)? else {
        return Ok(empty);
    };
    let list = List { r, edition, filter, plan: &plan };
    let (total, rows) = if plan.is_selective() {
        let keys = list.found()?;
        (keys.len() as u64, by_key(r, slice(&keys, first_row, CallBlock::SIZE))?)
    } else if block == 0 {
        (list.total()?, after(r, &plan, None, CallBlock::SIZE)?)
    } else {
        let (total, landmarks) = list.landmarks()?;
        let before = usize::try_from(block - 1).ok().and_then(|it| landmarks.get(it));
        (total, before.map_or(Ok(Vec::new()), |key| after(r, &plan, Some(*key), CallBlock::SIZE))?)
    };
    Ok(CallBlock { total, calls: join::finish(r, rows)?, ..empty })
}

/// A page of at most `limit` calls after the place where another page ended. Rows that arrive meanwhile make no page skip or
/// repeat a call.
///
/// # Errors
/// [`Failure::Invalid`] where `after` is not what another page ended with, or a database that cannot be read.
pub fn page(r: &Reader<'_>, filter: &CallFilter, after_key: Option<&str>, limit: u32) -> Result<CallPage, StoreError> {
    let after_key = after_key.map(parse).transpose()?;
    let edition = edition::get(r.conn)?;
    let Some(plan) = Plan::new(r, filter)? else {
        return Ok(CallPage { calls: Vec::new(), next: None, total: 0 });
    };
    let list = List { r, edition, filter, plan: &plan };
    let wanted = u64::from(limit) + 1;
    let (total, mut rows) = if plan.is_selective() {
        let keys = list.found()?;
        let begin = after_key.map_or(0, |key| keys.partition_point(|it| *it >= key));
        (keys.len() as u64, by_key(r, slice(&keys, begin as u64, wanted))?)
    } else {
        (list.total()?, after(r, &plan, after_key, wanted)?)
    };
    let has_more = rows.len() as u64 == wanted;
    rows.truncate(limit as usize);
    let next = rows.last().filter(|_| has_more).map(|row| write(row.key()));
    Ok(CallPage { calls: join::finish(r, rows)?, next, total })
}

fn write((started_at, row): Key) -> String {
    format!("{started_at}.{row}")
}

fn parse(text: &str) -> Result<Key, StoreError> {
    let read = || {
        let (started_at, row) = text.split_once('.')?;
        Some((started_at.parse().ok()?, row.parse().ok()?))
    };
    read().ok_or_else(|| Failure::invalid(Reason::NotUsable, "after").into())
}

fn slice(keys: &[Key], begin: u64, length: u64) -> &[Key] {
    let place = |it: u64| usize::try_from(it).unwrap_or(usize::MAX).min(keys.len());
    &keys[place(begin)..place(begin.saturating_add(length))]
}

/// A list at an edition, with what is remembered of it.
struct List<'a> {
    r: &'a Reader<'a>,
    edition: u64,
    filter: &'a CallFilter,
    plan: &'a Plan,
}

impl List<'_> {
    fn known(&self) -> Option<Outline> {
        self.r.outlines?.get(self.edition, self.filter)
    }

    fn remember(&self, total: u64, keys: Option<Arc<[Key]>>) {
        if let Some(outlines) = self.r.outlines {
            outlines.put(self.edition, self.filter, Outline { total, keys });
        }
    }

    /// Every call of a selective filter.
    fn found(&self) -> Result<Arc<[Key]>, StoreError> {
        if let Some(keys) = self.known().and_then(|it| it.keys) {
            return Ok(keys);
        }
        let keys: Arc<[Key]> = self.plan.found(self.r)?.into();
        self.remember(keys.len() as u64, Some(Arc::clone(&keys)));
        Ok(keys)
    }

    /// How many calls a filter finds that is no selective one.
    fn total(&self) -> Result<u64, StoreError> {
        if let Some(outline) = self.known() {
            return Ok(outline.total);
        }
        let total = match self.plan.whole() {
            Some(source) => source::calls(self.r, source)?,
            None => self.count()?,
        };
        self.remember(total, None);
        Ok(total)
    }

    fn count(&self) -> Result<u64, StoreError> {
        let query = self.query("SELECT count(*)");
        let mut statement = self.r.conn.prepare_cached(&query.text)?;
        let total: i64 = statement.query_one(params_from_iter(&query.values), |row| row.get(0))?;
        Ok(u64::try_from(total).unwrap_or_default())
    }

    /// The total and the last call of every block.
    fn landmarks(&self) -> Result<(u64, Arc<[Key]>), StoreError> {
        if let Some(Outline { total, keys: Some(keys) }) = self.known() {
            return Ok((total, keys));
        }
        let mut query = self.query("SELECT c.started_at, c.id");
        query.text.push(' ');
        query.text.push_str(NEWEST_FIRST);
        let mut statement = self.r.conn.prepare_cached(&query.text)?;
        let mut rows = statement.query(params_from_iter(&query.values))?;
        let mut ends = Vec::new();
        let mut total = 0;
        while let Some(row) = rows.next()? {
            total += 1;
            if total % CallBlock::SIZE == 0 {
                ends.push((row.get(0)?, row.get(1)?));
            }
        }
        let ends: Arc<[Key]> = ends.into();
        self.remember(total, Some(Arc::clone(&ends)));
        Ok((total, ends))
    }

    fn query(&self, select: &str) -> Query {
        let mut query = Query { text: format!("{select} FROM calls c WHERE 1 = 1"), ..Query::default() };
        self.plan.narrow(&mut query);
        query
    }
}

/// Rows after a key, by a walk through time.
fn after(r: &Reader<'_>, plan: &Plan, key: Option<Key>, limit: u64) -> Result<Vec<Row>, StoreError> {
    let mut query = Query { text: format!("{} WHERE 1 = 1", *SELECT), ..Query::default() };
    plan.narrow(&mut query);
    if let Some((started_at, row)) = key {
        let (started_at, row) = (query.bind(started_at), query.bind(row));
        query.text.push_str(&format!(" AND (c.started_at, c.id) < ({started_at}, {row})"));
    }
    let limit = query.bind(i64::try_from(limit).unwrap_or(i64::MAX));
    query.text.push_str(&format!(" {NEWEST_FIRST} LIMIT {limit}"));
    let sources = source::all(r)?;
    let mut statement = r.conn.prepare_cached(&query.text)?;
    let rows = statement.query_and_then(params_from_iter(&query.values), |row| Row::read(row, &sources))?;
    rows.collect()
}

/// The rows of these keys, in their order.
pub(super) fn by_key(r: &Reader<'_>, keys: &[Key]) -> Result<Vec<Row>, StoreError> {
    let sources = source::all(r)?;
    let mut statement = r.conn.prepare_cached(&format!("{} WHERE c.id = $1", *SELECT))?;
    let mut rows = Vec::with_capacity(keys.len());
    for (_, row) in keys {
        rows.extend(statement.query_and_then([row], |row| Row::read(row, &sources))?.next().transpose()?);
    }
    Ok(rows)
}
