//! A cache made many times as large by copying its calls into the past, row by row in the database itself: as good as a fill for
//! looking at lists, and made in a small part of the time.

use std::path::Path;

use rusqlite::{Connection, OpenFlags, params};

/// A week in milliseconds, the span of time that calls are counted by.
const WEEK: i64 = 7 * 24 * 60 * 60 * 1_000;

/// Copies every call of the cache so often that there are `times` as many, each copy wholly before the one before it. Nobody may
/// have the folder open. Gives how many calls are listed then.
///
/// # Errors
/// Where the file is no cache of this version.
pub fn multiply(dir: &Path, times: i64) -> rusqlite::Result<u64> {
    let conn = Connection::open_with_flags(dir.join("cache.db"), OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    conn.execute_batch("PRAGMA journal_mode = OFF; PRAGMA cache_size = -200000; BEGIN IMMEDIATE")?;
    let (rows, first, last): (i64, i64, i64) =
        conn.query_row("SELECT max(id), min(started_at), max(started_at) FROM calls", [], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })?;
    let weeks = (last - first) / WEEK + 2;
    for copy in 1..times {
        let (offset, weeks) = (copy * rows, copy * weeks);
        conn.execute(
            "INSERT INTO calls (id, source, external_id, started_at, duration, direction, outcome, from_party, to_party, line,
               note, fingerprint, joined, named)
             SELECT id + $1, source, external_id || '-' || $2, started_at - $3, duration, direction, outcome, from_party,
               to_party, line, note, fingerprint, joined + $1, named
             FROM calls WHERE id <= $4",
            params![offset, copy, weeks * WEEK, rows],
        )?;
        for (table, columns) in [
            ("call_raw", "dictionary, packed"),
            ("call_legs", "dictionary, packed"),
            ("call_people", "extension, role"),
        ] {
            let sql = format!(
                "INSERT INTO {table} (call, {columns}) SELECT call + $1, {columns} FROM {table} WHERE call <= $2"
            );
            conn.execute(&sql, params![offset, rows])?;
        }
        conn.execute(
            "INSERT INTO call_spans (span, source, direction, outcome, line, is_joined, calls)
             SELECT span - $1, source, direction, outcome, line, is_joined, calls FROM call_spans WHERE span >= $2",
            params![weeks, first.div_euclid(WEEK)],
        )?;
    }
    conn.execute_batch("UPDATE editions SET number = number + 1; COMMIT; PRAGMA journal_mode = WAL")?;
    conn.query_row("SELECT count(*) FROM calls WHERE joined IS NULL", [], |row| row.get::<_, i64>(0))
        .map(|calls| u64::try_from(calls).unwrap_or_default())
}
