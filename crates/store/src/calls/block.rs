//! Lists of calls, newest first: blocks for the table on screen, pages for the command line. Always by key; only within one week is
//! a place counted off.

use std::sync::Arc;

use model::call::{Call, CallBlock, CallFilter, CallPage, CallPlace};
use model::{CallId, Failure, Reason};
use rusqlite::params_from_iter;

use super::filter::Plan;
use super::query::Query;
use super::{Row, SELECT, join, read, spans};
use crate::outline::{Key, Outline};
use crate::{Reader, StoreError, edition, source};

const NEWEST_FIRST: &str = "ORDER BY c.started_at DESC, c.id DESC";

/// A block of the list on screen. Every block costs the same: one page by key.
///
/// # Errors
/// A database that cannot be read.
pub fn block(r: &Reader<'_>, filter: &CallFilter, block: u64) -> Result<CallBlock, StoreError> {
    let first_row = block.saturating_mul(CallBlock::SIZE);
    let edition = edition::get(r.conn)?;
    let Some(list) = List::open(r, filter)? else {
        return Ok(CallBlock { edition, total: 0, first_row, calls: Vec::new() });
    };
    let rows = match &list.outline {
        Outline::Found(keys) => by_key(r, slice(keys, first_row, CallBlock::SIZE))?,
        Outline::Spans(_) if first_row == 0 => list.after(None, CallBlock::SIZE)?,
        Outline::Spans(_) => match list.key_at(first_row - 1)? {
            Some(before) => list.after(Some(before), CallBlock::SIZE)?,
            None => Vec::new(),
        },
    };
    Ok(CallBlock { edition, total: list.outline.total(), first_row, calls: join::finish(r, rows)? })
}

/// How many calls a filter finds.
///
/// # Errors
/// A database that cannot be read.
pub fn count(r: &Reader<'_>, filter: &CallFilter) -> Result<u64, StoreError> {
    Ok(List::open(r, filter)?.map_or(0, |list| list.outline.total()))
}

/// Where a call stands in a list, or what stands for it: the log's word for a live one, the record by which it is shown. `None`
/// where the filter does not find it.
///
/// # Errors
/// A database that cannot be read.
pub fn place(r: &Reader<'_>, filter: &CallFilter, id: &CallId) -> Result<Option<CallPlace>, StoreError> {
    let (Some(list), Some(call)) = (List::open(r, filter)?, read::standing_row(r, id)?) else {
        return Ok(None);
    };
    for (key, id) in read::same_records(r, &call)? {
        let place = match &list.outline {
            Outline::Found(keys) => keys.binary_search_by(|it| key.cmp(it)).ok().map(|at| at as u64),
            Outline::Spans(spans) => list.place_of(spans, key)?,
        };
        if let Some(row) = place {
            return Ok(Some(CallPlace { row, id }));
        }
    }
    Ok(None)
}

/// A page of at most `limit` calls after the place where another page ended. Rows that arrive meanwhile make no page skip or
/// repeat a call.
///
/// # Errors
/// [`Failure::Invalid`] where `after` is not what another page ended with, or a database that cannot be read.
pub fn page(r: &Reader<'_>, filter: &CallFilter, after_key: Option<&str>, limit: u32) -> Result<CallPage, StoreError> {
    let rows = page_rows(r, filter, after_key, limit)?;
    Ok(CallPage { next: rows.next.clone(), total: rows.total, calls: page_calls(r, rows)? })
}

/// A page whose calls still lack what is joined to them. Whoever reads many pages joins one while the next is read.
pub struct PageRows {
    rows: Vec<Row>,
    /// Where the next page begins; `None` after the last one.
    pub next: Option<String>,
    /// How many calls the list has.
    pub total: u64,
}

/// The first half of [`page`].
///
/// # Errors
/// As [`page`].
pub fn page_rows(
    r: &Reader<'_>,
    filter: &CallFilter,
    after_key: Option<&str>,
    limit: u32,
) -> Result<PageRows, StoreError> {
    let after_key = after_key.map(parse).transpose()?;
    let Some(list) = List::open(r, filter)? else {
        return Ok(PageRows { rows: Vec::new(), next: None, total: 0 });
    };
    let wanted = u64::from(limit) + 1;
    let mut rows = match &list.outline {
        Outline::Found(keys) => {
            let begin = after_key.map_or(0, |key| keys.partition_point(|it| *it >= key));
            by_key(r, slice(keys, begin as u64, wanted))?
        }
        Outline::Spans(_) => list.after(after_key, wanted)?,
    };
    let has_more = rows.len() as u64 == wanted;
    rows.truncate(limit as usize);
    let next = rows.last().filter(|_| has_more).map(|row| write(row.key()));
    Ok(PageRows { rows, next, total: list.outline.total() })
}

/// The second half of [`page`]: the calls with people, customers and other records, as they are now.
///
/// # Errors
/// A database that cannot be read.
pub fn page_calls(r: &Reader<'_>, page: PageRows) -> Result<Vec<Call>, StoreError> {
    join::finish(r, page.rows)
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

/// A list as it stands in this view of the database.
pub(super) struct List<'a> {
    r: &'a Reader<'a>,
    plan: Plan,
    pub(super) outline: Outline,
}

impl<'a> List<'a> {
    /// `None` where the filter names something that is not here. Remembers the outline, except inside a write, which may still be
    /// rolled back.
    pub(super) fn open(r: &'a Reader<'a>, filter: &CallFilter) -> Result<Option<Self>, StoreError> {
        let edition = edition::get(r.conn)?;
        let Some(plan) = Plan::new(r, filter)? else {
            return Ok(None);
        };
        let known = r.known.and_then(|known| known.outlines.get(edition, filter));
        let outline = match known {
            Some(outline) => outline,
            None => {
                let made = if plan.is_selective() {
                    Outline::Found(plan.found(r)?.into())
                } else {
                    Outline::Spans(plan.spans(r)?.into())
                };
                if let Some(known) = r.known {
                    known.outlines.put(edition, filter, made.clone());
                }
                made
            }
        };
        Ok(Some(Self { r, plan, outline }))
    }

    /// The weeks of a walk; none for a list that is found otherwise.
    fn spans(&self) -> &[(i64, u64)] {
        match &self.outline {
            Outline::Spans(spans) => spans,
            Outline::Found(_) => &[],
        }
    }

    /// Rows after a key, by a walk through time that leaves out the weeks in which nothing is found.
    fn after(&self, key: Option<Key>, limit: u64) -> Result<Vec<Row>, StoreError> {
        let mut rows = Vec::new();
        for (span, _) in self.spans() {
            let left = limit - rows.len() as u64;
            let (begin, end) = spans::bounds(*span);
            if left == 0 {
                break;
            }
            if key.is_none_or(|(started_at, _)| begin <= started_at) {
                self.walk(key, (begin, end), left, &mut rows)?;
            }
        }
        Ok(rows)
    }

    fn walk(
        &self,
        key: Option<Key>,
        (begin, end): (i64, i64),
        limit: u64,
        rows: &mut Vec<Row>,
    ) -> Result<(), StoreError> {
        let r = self.r;
        let mut query = Query::from(&format!("{} WHERE 1 = 1", *SELECT));
        let key = key.filter(|(started_at, _)| *started_at < end);
        self.plan.narrow(&mut query, (begin, key.map_or(end, |(started_at, _)| started_at + 1)));
        if let Some((started_at, row)) = key {
            let (started_at, row) = (query.bind(started_at), query.bind(row));
            query.and(&format!("(c.started_at, c.id) < ({started_at}, {row})"));
        }
        let limit = query.bind(i64::try_from(limit).unwrap_or(i64::MAX));
        query.text.push_str(&format!(" {NEWEST_FIRST} LIMIT {limit}"));
        let sources = source::all(r)?;
        let mut statement = r.conn.prepare_cached(&query.text)?;
        let found = statement.query_and_then(params_from_iter(&query.values), |row| Row::read(row, &sources))?;
        for row in found {
            rows.push(row?);
        }
        Ok(())
    }

    /// The key of the call at a place of a walk.
    fn key_at(&self, place: u64) -> Result<Option<Key>, StoreError> {
        let mut left = place;
        for (span, calls) in self.spans() {
            if left >= *calls {
                left -= calls;
                continue;
            }
            let mut query = Query::from("SELECT c.started_at, c.id FROM calls c WHERE 1 = 1");
            self.plan.narrow(&mut query, spans::bounds(*span));
            let skipped = query.bind(i64::try_from(left).unwrap_or(i64::MAX));
            query.text.push_str(&format!(" {NEWEST_FIRST} LIMIT 1 OFFSET {skipped}"));
            let mut statement = self.r.conn.prepare_cached(&query.text)?;
            let mut rows =
                statement.query_map(params_from_iter(&query.values), |row| Ok((row.get(0)?, row.get(1)?)))?;
            return Ok(rows.next().transpose()?);
        }
        Ok(None)
    }

    /// The place of a call in a walk.
    fn place_of(&self, weeks: &Arc<[(i64, u64)]>, (started_at, row): Key) -> Result<Option<u64>, StoreError> {
        let span = spans::of(started_at);
        let newer: u64 = weeks.iter().take_while(|(it, _)| *it > span).map(|(_, calls)| calls).sum();
        let (_, end) = spans::bounds(span);
        let is_there = {
            let mut query = Query::from("SELECT 1 FROM calls c WHERE 1 = 1");
            self.plan.narrow(&mut query, (started_at, started_at + 1));
            let row = query.bind(row);
            query.and(&format!("c.id = {row}"));
            self.r.conn.prepare_cached(&query.text)?.exists(params_from_iter(&query.values))?
        };
        if !is_there {
            return Ok(None);
        }
        let mut query = Query::from("SELECT count(*) FROM calls c WHERE 1 = 1");
        self.plan.narrow(&mut query, (started_at, end));
        let (started_at, row) = (query.bind(started_at), query.bind(row));
        query.and(&format!("(c.started_at, c.id) > ({started_at}, {row})"));
        let mut statement = self.r.conn.prepare_cached(&query.text)?;
        let before: i64 = statement.query_one(params_from_iter(&query.values), |row| row.get(0))?;
        Ok(Some(newer + u64::try_from(before).unwrap_or_default()))
    }

    /// Calls `f` with begin and outcome of every call of the list that began from one instant to another.
    pub(super) fn each(&self, from: i64, to: i64, mut f: impl FnMut(i64, i64)) -> Result<(), StoreError> {
        match &self.outline {
            Outline::Spans(_) => {
                let mut query = Query::from("SELECT c.started_at, c.outcome FROM calls c WHERE 1 = 1");
                self.plan.narrow(&mut query, (from, to));
                let mut statement = self.r.conn.prepare_cached(&query.text)?;
                let mut rows = statement.query(params_from_iter(&query.values))?;
                while let Some(row) = rows.next()? {
                    f(row.get(0)?, row.get(1)?);
                }
            }
            Outline::Found(keys) => {
                let mut statement = self.r.conn.prepare_cached("SELECT outcome FROM calls WHERE id = $1")?;
                let begin = keys.partition_point(|(started_at, _)| *started_at >= to);
                for (started_at, row) in keys[begin..].iter().take_while(|(started_at, _)| *started_at >= from) {
                    f(*started_at, statement.query_one([row], |row| row.get(0))?);
                }
            }
        }
        Ok(())
    }
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
