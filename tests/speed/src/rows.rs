//! The cache's file from outside: its size, and its rows written once more into a file without any index.

use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags, params_from_iter};

use crate::Outcome;

/// Rows that are held in memory at once, and written in one transaction: a step of a call log.
const AT_ONCE: usize = 250;

/// Size of the cache in bytes, after everything in its log of writes was taken into it.
pub(crate) fn size(data: &Path) -> Outcome<u64> {
    let cache = data.join("cache.db");
    let conn = Connection::open_with_flags(&cache, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    drop(conn);
    let mut bytes = 0;
    for name in ["cache.db", "cache.db-wal"] {
        bytes += std::fs::metadata(data.join(name)).map_or(0, |file| file.len());
    }
    Ok(bytes)
}

/// Writes every row of the cache's plain tables into tables of the same columns in a new file, and gives the seconds that writing
/// took. Reading them is not counted.
pub(crate) fn insert_again(data: &Path) -> Outcome<f64> {
    let path = data.join("floor.db");
    for tail in ["", "-wal", "-shm"] {
        // The file of an earlier run; most often there is none.
        let _ = std::fs::remove_file(data.join(format!("floor.db{tail}")));
    }
    let cache = Connection::open_with_flags(data.join("cache.db"), OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let mut bare = Connection::open(path)?;
    bare.pragma_update(None, "journal_mode", "WAL")?;
    bare.pragma_update(None, "synchronous", "NORMAL")?;
    let mut took = Duration::ZERO;
    for table in tables(&cache)? {
        took += copy(&cache, &mut bare, &table)?;
    }
    Ok(took.as_secs_f64())
}

/// The tables with rows of their own. What a search index keeps for itself (`…_words…`) is no row of ours.
fn tables(cache: &Connection) -> Outcome<Vec<String>> {
    let mut statement = cache.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'")?;
    let names: Vec<String> = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    Ok(names.into_iter().filter(|name| !name.contains("_words") && !name.starts_with("sqlite_")).collect())
}

fn copy(cache: &Connection, bare: &mut Connection, table: &str) -> Outcome<Duration> {
    let mut statement = cache.prepare(&format!("SELECT * FROM {table}"))?;
    let columns: Vec<String> = statement.column_names().iter().map(|name| format!("\"{name}\"")).collect();
    bare.execute(&format!("CREATE TABLE {table} ({})", columns.join(", ")), [])?;
    let places = vec!["?"; columns.len()].join(", ");
    let insert = format!("INSERT INTO {table} VALUES ({places})");
    let mut rows = statement.query([])?;
    let mut took = Duration::ZERO;
    loop {
        let mut portion: Vec<Vec<Value>> = Vec::with_capacity(AT_ONCE);
        while portion.len() < AT_ONCE
            && let Some(row) = rows.next()?
        {
            portion.push((0..columns.len()).map(|at| row.get(at)).collect::<Result<_, _>>()?);
        }
        if portion.is_empty() {
            return Ok(took);
        }
        let begun = Instant::now();
        let transaction = bare.transaction()?;
        {
            let mut insert = transaction.prepare_cached(&insert)?;
            for row in &portion {
                insert.execute(params_from_iter(row))?;
            }
        }
        transaction.commit()?;
        took += begun.elapsed();
    }
}
