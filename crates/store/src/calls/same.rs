//! The same call told by two connections: who is joined with whom, found anew around every change, so that it depends on the calls
//! that are there and not on the order in which they came.
//!
//! Two calls are one where their outside numbers are the same, they went the same way, and they began at most ninety seconds apart.
//! Calls that follow each other closely are matched in their order: as many as possible, then as near as possible. What a
//! person said stands above that.

use std::collections::{BTreeMap, HashMap, HashSet};

use model::call::Direction;
use model::phone;
use rusqlite::params;

use super::spans::{Counts, Kind};
use super::{NEVER, matching, spans};
use crate::code::Coded;
use crate::{StoreError, Writer, call_sameness};

/// The most that the clocks of two systems, and the ways of a call to them, differ: milliseconds.
pub(super) const APART: i64 = 90_000;
/// How far around a change calls are looked at: calls may follow each other so closely that one match hangs on the next.
const AROUND: i64 = 10 * 60_000;

/// A call as far as it matters here.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    pub(super) id: i64,
    pub(super) external_id: String,
    /// The connection, which orders what is else alike: its number in the cache depends on who was read first.
    pub(super) connection: String,
    pub(super) kind: Kind,
    /// The key of the outside number; empty where there is none.
    pub(super) number: String,
}

/// What changed, and where the calls around it have to be looked at again.
#[derive(Debug, Default)]
pub(super) struct Touched {
    times: Vec<i64>,
    rows: Vec<i64>,
}

impl Touched {
    /// A call that came or changed, as it is now.
    pub(super) fn call(&mut self, row: i64, started_at: i64) {
        self.rows.push(row);
        self.times.push(started_at);
    }

    /// A call stood here and does so no longer.
    pub(super) fn place(&mut self, started_at: i64) {
        self.times.push(started_at);
    }

    fn is_near(&self, started_at: i64) -> bool {
        let at = self.times.partition_point(|it| *it < started_at - APART);
        self.times.get(at).is_some_and(|it| *it <= started_at + APART)
    }

    /// The spans of time to look at.
    fn stretches(&self) -> Vec<(i64, i64)> {
        let mut stretches: Vec<(i64, i64)> = Vec::new();
        for at in self.times.iter().filter(|it| **it != NEVER) {
            match stretches.last_mut() {
                Some((_, end)) if at - AROUND <= *end => *end = at + AROUND,
                Some(_) | None => stretches.push((at - AROUND, at + AROUND)),
            }
        }
        stretches
    }
}

/// Joins and separates the calls around what was touched.
pub(super) fn settle(w: &mut Writer<'_>, mut touched: Touched, counts: &mut Counts) -> Result<(), StoreError> {
    if touched.times.is_empty() || !has_several_sources(w)? {
        return Ok(());
    }
    touched.times.sort_unstable();
    touched.times.dedup();
    let said = call_sameness::any(w)?;
    let mut done = HashSet::new();
    if said {
        for row in &touched.rows {
            if !done.contains(row)
                && let Some(seen) = one(w, *row)?
            {
                arrange(w, vec![seen], said, &mut done, counts)?;
            }
        }
    }
    for (from, to) in touched.stretches() {
        let mut by_number: HashMap<String, Vec<Seen>> = HashMap::new();
        for seen in within(w, from, to)? {
            by_number.entry(seen.number.clone()).or_default().push(seen);
        }
        matching::bring_together(&mut by_number);
        for (_, calls) in by_number {
            for chain in matching::chains(calls) {
                if chain.iter().any(|it| touched.is_near(it.kind.started_at)) {
                    arrange(w, chain, said, &mut done, counts)?;
                }
            }
        }
    }
    Ok(())
}

/// Joins every call that is there, as if all of them had just come, and counts them.
pub(super) fn settle_everything(w: &mut Writer<'_>) -> Result<(), StoreError> {
    /// Begins that are looked at together.
    const AT_ONCE: i64 = 5_000;
    let mut counts = Counts::default();
    let mut after = NEVER;
    loop {
        let touched = {
            let sql = "SELECT id, started_at FROM calls WHERE started_at > $1 ORDER BY started_at LIMIT $2";
            let mut statement = w.conn.prepare_cached(sql)?;
            let mut rows = statement.query(params![after, AT_ONCE])?;
            let mut touched = Touched::default();
            while let Some(row) = rows.next()? {
                touched.call(row.get(0)?, row.get(1)?);
            }
            touched
        };
        let Some(last) = touched.times.last().copied() else { break };
        // Those that began in the same instant as the last one are looked at with it: its stretch reaches beyond them.
        after = last;
        settle(w, touched, &mut counts)?;
    }
    drop(counts);
    spans::count_all(w)
}

fn has_several_sources(w: &Writer<'_>) -> Result<bool, StoreError> {
    let count: i64 = w.conn.prepare_cached("SELECT count(*) FROM sources")?.query_one([], |row| row.get(0))?;
    Ok(count > 1)
}

const OUTSIDE: &str =
    "SELECT c.id, c.external_id, c.started_at, c.source, c.direction, c.outcome, c.line, c.joined, p.number_key, s.connection
    FROM calls c JOIN sources s ON s.id = c.source
    LEFT JOIN parties p ON p.id = CASE c.direction WHEN 2 THEN c.to_party ELSE c.from_party END";

fn within(w: &Writer<'_>, from: i64, to: i64) -> Result<Vec<Seen>, StoreError> {
    let sql = format!(
        "{OUTSIDE} WHERE c.started_at >= $1 AND c.started_at <= $2 AND p.number_key IS NOT NULL ORDER BY c.started_at, c.id"
    );
    let mut statement = w.conn.prepare_cached(&sql)?;
    let rows = statement.query_map([from, to], read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn one(w: &Writer<'_>, row: i64) -> Result<Option<Seen>, StoreError> {
    let mut statement = w.conn.prepare_cached(&format!("{OUTSIDE} WHERE c.id = $1"))?;
    let mut rows = statement.query_map([row], read)?;
    Ok(rows.next().transpose()?)
}

fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Seen> {
    Ok(Seen {
        id: row.get(0)?,
        external_id: row.get(1)?,
        connection: row.get(9)?,
        kind: Kind {
            started_at: row.get(2)?,
            source: row.get(3)?,
            direction: row.get(4)?,
            outcome: row.get(5)?,
            line: row.get(6)?,
            joined: row.get(7)?,
        },
        number: row.get::<_, Option<String>>(8)?.unwrap_or_default(),
    })
}

/// Joins what belongs together in a chain of calls with one number.
fn arrange(
    w: &mut Writer<'_>,
    chain: Vec<Seen>,
    said: bool,
    done: &mut HashSet<i64>,
    counts: &mut Counts,
) -> Result<(), StoreError> {
    let mut groups: Vec<Vec<Seen>> = Vec::new();
    let mut apart = HashSet::new();
    let mut free = Vec::new();
    for call in chain {
        if done.contains(&call.id) {
            continue;
        }
        let by_hand = if said { by_hand(w, &call, &mut apart)? } else { Vec::new() };
        if by_hand.len() > 1 {
            done.extend(by_hand.iter().map(|it| it.id));
            groups.push(by_hand);
        } else {
            free.push(call);
        }
    }
    free.retain(|it| !done.contains(&it.id));
    groups.extend(matching::groups(free, &apart));
    for group in groups {
        write(w, group, counts)?;
    }
    Ok(())
}

/// Everything that a person joined with this call, itself among it; pairs that they separated go to `apart`.
fn by_hand(w: &Writer<'_>, call: &Seen, apart: &mut HashSet<(i64, i64)>) -> Result<Vec<Seen>, StoreError> {
    let mut group = vec![call.clone()];
    let mut next = 0;
    while let Some(it) = group.get(next).cloned() {
        next += 1;
        for (other, is_same) in call_sameness::said_of(w, it.kind.source, &it.external_id)? {
            if !is_same {
                apart.extend([(it.id, other), (other, it.id)]);
            } else if group.iter().all(|known| known.id != other) {
                group.extend(one(w, other)?);
            }
        }
    }
    Ok(group)
}

/// Writes which call of a group is shown: the one that tells how it rang, else that of the first connection.
fn write(w: &mut Writer<'_>, group: Vec<Seen>, counts: &mut Counts) -> Result<(), StoreError> {
    let shown = match group.as_slice() {
        [only] => only.id,
        several => {
            let mut ranked = BTreeMap::new();
            for it in several {
                let has_legs = w.conn.prepare_cached("SELECT 1 FROM call_legs WHERE call = $1")?.exists([it.id])?;
                ranked.insert((!has_legs, it.connection.clone(), it.id), it.id);
            }
            ranked.first_key_value().map_or(0, |(_, id)| *id)
        }
    };
    let mut hidden = Vec::new();
    for it in group {
        let joined = (it.id != shown).then_some(shown);
        if it.kind.joined == joined {
            continue;
        }
        // Another group may have let it go meanwhile.
        let mut find = w.conn.prepare_cached("SELECT joined FROM calls WHERE id = $1")?;
        let before: Option<i64> = find.query_one([it.id], |row| row.get(0))?;
        w.conn.prepare_cached("UPDATE calls SET joined = $1 WHERE id = $2")?.execute(params![joined, it.id])?;
        counts.take(Kind { joined: before, ..it.kind });
        counts.add(Kind { joined, ..it.kind });
        hidden.extend(joined.is_some().then_some(it.id));
    }
    // What is left that was shown by a call which is itself hidden now stands for itself.
    hidden.into_iter().try_for_each(|row| dissolve(w, row, &mut Touched::default(), counts))
}

/// Shows again what was joined with a call that goes or moves, so that nothing is joined with what is not there. The calls are
/// touched, and find each other anew.
pub(super) fn dissolve(
    w: &mut Writer<'_>,
    row: i64,
    touched: &mut Touched,
    counts: &mut Counts,
) -> Result<(), StoreError> {
    let sql = format!("{OUTSIDE} WHERE c.joined = $1");
    let joined: Vec<Seen> = w.conn.prepare_cached(&sql)?.query_map([row], read)?.collect::<Result<_, _>>()?;
    for it in joined {
        w.conn.prepare_cached("UPDATE calls SET joined = NULL WHERE id = $1")?.execute([it.id])?;
        counts.take(it.kind);
        counts.add(Kind { joined: None, ..it.kind });
        touched.call(it.id, it.kind.started_at);
    }
    Ok(())
}

/// Whether two calls may be one as far as number and way go.
pub(super) fn is_alike(one: &Seen, other: &Seen) -> bool {
    let unknown = Direction::Unknown.code();
    let ways = (one.kind.direction, other.kind.direction);
    one.kind.source != other.kind.source
        && (ways.0 == ways.1 || ways.0 == unknown || ways.1 == unknown)
        && is_same_number(&one.number, &other.number)
}

/// Whether two keys of numbers are one: the same, or one with its country and the other as people there dial it.
pub(super) fn is_same_number(one: &str, other: &str) -> bool {
    /// Fewer digits mean something within one office only.
    const LEAST: usize = 9;
    if one == other {
        return !one.is_empty();
    }
    let (world, dialled) = match (one.starts_with('+'), other.starts_with('+')) {
        (true, false) => (one, other),
        (false, true) => (other, one),
        (true, true) | (false, false) => return false,
    };
    dialled.len() >= LEAST && phone::national_digits(world).as_deref() == Some(dialled)
}
