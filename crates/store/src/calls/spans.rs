//! How many calls began in each week, by everything that narrows a list without a search: what totals and places in a list are
//! found from, so that neither costs a walk over all calls.

use std::collections::HashMap;

use rusqlite::params;

use super::NEVER;
use crate::{StoreError, Writer};

/// Length of a span, in milliseconds: a week.
const WEEK: i64 = 7 * 24 * 60 * 60 * 1_000;

/// The span of calls whose begin is not known: before every other.
const UNKNOWN: i64 = i64::MIN / 2;

/// The span that an instant is in.
pub(super) fn of(started_at: i64) -> i64 {
    if started_at == NEVER { UNKNOWN } else { started_at.div_euclid(WEEK) }
}

/// The first instant of a span, and the first after it.
pub(super) fn bounds(span: i64) -> (i64, i64) {
    if span == UNKNOWN { (NEVER, NEVER + 1) } else { (span * WEEK, (span + 1) * WEEK) }
}

/// What a call counts as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Kind {
    pub(super) started_at: i64,
    pub(super) source: i64,
    pub(super) direction: i64,
    pub(super) outcome: i64,
    pub(super) line: Option<i64>,
    pub(super) joined: Option<i64>,
}

type Place = (i64, i64, i64, i64, i64, bool);

/// Calls that came, went or changed, counted together and written once.
#[derive(Default)]
pub(super) struct Counts(HashMap<Place, i64>);

impl Counts {
    /// A call is there from now on.
    pub(super) fn add(&mut self, kind: Kind) {
        self.change(kind, 1);
    }

    /// A call is there no longer.
    pub(super) fn take(&mut self, kind: Kind) {
        self.change(kind, -1);
    }

    fn change(&mut self, it: Kind, by: i64) {
        let span = of(it.started_at);
        let place = (span, it.source, it.direction, it.outcome, it.line.unwrap_or(0), it.joined.is_some());
        *self.0.entry(place).or_default() += by;
    }

    /// Writes what was counted.
    pub(super) fn write(self, w: &mut Writer<'_>) -> Result<(), StoreError> {
        for ((span, source, direction, outcome, line, is_joined), by) in self.0 {
            if by == 0 {
                continue;
            }
            let sql = "INSERT INTO call_spans (span, source, direction, outcome, line, is_joined, calls)
                VALUES ($1, $2, $3, $4, $5, $6, $7)
                ON CONFLICT (span, source, direction, outcome, line, is_joined) DO UPDATE SET calls = calls + excluded.calls";
            w.conn.prepare_cached(sql)?.execute(params![span, source, direction, outcome, line, is_joined, by])?;
            if by < 0 {
                let sql = "DELETE FROM call_spans WHERE span = $1 AND source = $2 AND direction = $3 AND outcome = $4
                    AND line = $5 AND is_joined = $6 AND calls = 0";
                w.conn.prepare_cached(sql)?.execute(params![span, source, direction, outcome, line, is_joined])?;
            }
        }
        Ok(())
    }
}

/// Counts everything anew.
pub(super) fn count_all(w: &mut Writer<'_>) -> Result<(), StoreError> {
    w.conn.execute("DELETE FROM call_spans", [])?;
    // Instants before 1970 are in the week that begins before them, as `div_euclid` says.
    let sql = "INSERT INTO call_spans (span, source, direction, outcome, line, is_joined, calls)
        SELECT CASE WHEN started_at = $1 THEN $2 WHEN started_at < 0 THEN (started_at + 1) / $3 - 1 ELSE started_at / $3 END,
          source, direction, outcome, COALESCE(line, 0), joined IS NOT NULL, count(*)
        FROM calls GROUP BY 1, 2, 3, 4, 5, 6";
    w.conn.execute(sql, [NEVER, UNKNOWN, WEEK])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_instant_is_within_its_span() {
        for at in [NEVER, -WEEK, -WEEK - 1, -1, 0, 1, WEEK - 1, WEEK, 1_790_000_000_000] {
            let (from, to) = bounds(of(at));
            assert!(from <= at && at < to, "{at}");
        }
        assert!(of(NEVER) < of(NEVER + 1));
    }
}
