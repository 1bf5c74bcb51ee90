//! How many calls began when, the lines they came in on, and who rings without being in an address book.

use std::cmp::Reverse;
use std::collections::HashMap;

use model::call::{CallFilter, CallVolume, CallerKind, Outcome, Party, UnknownCaller};
use model::{Failure, Reason, Time, phone};
use rusqlite::params;

use super::NEVER;
use super::block::List;
use crate::code::{self, Coded};
use crate::outline::{Key, Outline};
use crate::{Reader, StoreError};

/// How many calls of a list began between each two neighbouring instants, which must rise.
///
/// # Errors
/// [`Failure::Invalid`] where they do not; a database that cannot be read.
pub fn volume(r: &Reader<'_>, filter: &CallFilter, edges: &[Time]) -> Result<Vec<CallVolume>, StoreError> {
    let edges: Vec<i64> = edges.iter().map(|it| it.millis()).collect();
    if edges.windows(2).any(|pair| pair[0] >= pair[1]) {
        return Err(Failure::invalid(Reason::NotUsable, "edges").into());
    }
    let mut volumes = vec![CallVolume::default(); edges.len().saturating_sub(1)];
    let (Some(first), Some(last)) = (edges.first(), edges.last()) else {
        return Ok(volumes);
    };
    let Some(list) = List::open(r, filter)? else {
        return Ok(volumes);
    };
    let (answered, missed) = (Outcome::Answered.code(), Outcome::Missed.code());
    list.each(*first, *last, |started_at, outcome| {
        let at = edges.partition_point(|edge| *edge <= started_at) - 1;
        if let Some(volume) = volumes.get_mut(at) {
            volume.calls += 1;
            volume.answered += u32::from(outcome == answered);
            volume.missed += u32::from(outcome == missed);
        }
    })?;
    Ok(volumes)
}

/// The lines that calls came in on, by name.
///
/// # Errors
/// A database that cannot be read.
pub fn lines(r: &Reader<'_>) -> Result<Vec<String>, StoreError> {
    let mut statement = r.conn.prepare_cached("SELECT text FROM lines WHERE text <> '' ORDER BY text")?;
    let rows = statement.query_map([], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The numbers that rang most since an instant and stand in no address book, the most frequent first.
///
/// # Errors
/// A database that cannot be read.
pub fn unknown_callers(r: &Reader<'_>, since: Option<Time>, limit: u32) -> Result<Vec<UnknownCaller>, StoreError> {
    let filter = CallFilter { caller: Some(CallerKind::Unknown), from: since, ..CallFilter::default() };
    let Some(list) = List::open(r, &filter)? else {
        return Ok(Vec::new());
    };
    let Outline::Found(keys) = &list.outline else {
        return Ok(Vec::new());
    };
    let mut callers = gather(r, keys)?;
    callers.sort_unstable_by_key(|it| Reverse((it.calls, it.last)));
    callers.truncate(limit as usize);
    callers.into_iter().map(|it| it.finish(r)).collect()
}

/// A number while its calls are counted.
struct Caller {
    calls: u64,
    missed: u64,
    last: Key,
    party: i64,
}

fn gather(r: &Reader<'_>, keys: &[Key]) -> Result<Vec<Caller>, StoreError> {
    let missed = Outcome::Missed.code();
    let sql = "SELECT c.outcome, p.number_key, p.id FROM calls c
        JOIN parties p ON p.id = CASE c.direction WHEN 2 THEN c.to_party ELSE c.from_party END
        WHERE c.id = $1 AND c.direction <> 2";
    let mut statement = r.conn.prepare_cached(sql)?;
    let mut callers: HashMap<String, Caller> = HashMap::new();
    // Newest first: the first that is met of a number is its last call.
    for key in keys {
        let mut rows = statement.query([key.1])?;
        let Some(row) = rows.next()? else { continue };
        let (outcome, party): (i64, i64) = (row.get(0)?, row.get(2)?);
        let caller = callers.entry(row.get(1)?).or_insert(Caller { calls: 0, missed: 0, last: *key, party });
        caller.calls += 1;
        caller.missed += u64::from(outcome == missed);
    }
    Ok(callers.into_values().collect())
}

impl Caller {
    fn finish(self, r: &Reader<'_>) -> Result<UnknownCaller, StoreError> {
        let sql = "SELECT raw, CASE WHEN is_e164 THEN number_key END, name, location FROM parties WHERE id = $1";
        let mut statement = r.conn.prepare_cached(sql)?;
        let some = |text: String| (!text.is_empty()).then_some(text);
        let party = statement.query_one(params![self.party], |row| {
            Ok(Party {
                raw: row.get(0)?,
                e164: row.get(1)?,
                name: some(row.get(2)?),
                location: some(row.get(3)?),
                ..Party::default()
            })
        })?;
        let last_at = (self.last.0 != NEVER).then(|| code::time(self.last.0)).transpose()?;
        Ok(UnknownCaller { party: phone::with_shown(party), calls: self.calls, missed: self.missed, last_at })
    }
}
