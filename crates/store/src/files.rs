//! The two database files: opening, migrating, and moving a cache aside that cannot be used.

use std::path::{Path, PathBuf};
use std::time::Duration;

use model::Failure;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use rusqlite_migration::{Error as MigrationError, M, MigrationDefinitionError, Migrations};

use crate::error::{broken, is_corruption, words};
use crate::{
    audit, booking_changes, booking_questions, bulks, call_notes, call_sameness, call_views, calls, chat_rooms,
    connections, cursors, customers, deliveries, destinations, edition, entry_changes, follow_ups, full_text, oddities,
    pack, people, person_links, record_stages, reservations, room_overlays, rooms, settings, source, templates,
    uploads,
};

/// The console's own data.
const OWN: &str = "frontdesk.db";
/// What can be fetched again.
const CACHE: &str = "cache.db";
/// Lies in the folder when a damaged page was met: the next start looks at the whole cache.
const SUSPECT: &str = "cache.suspect";

/// How long a statement waits for another program, such as the command line beside the window.
const PATIENCE: Duration = Duration::from_secs(10);

/// Pages of the log of writes after which they go into the database. A fill touches the same pages of the indexes again and again:
/// the longer the log, the fewer of them are written twice.
const CHECKPOINT_PAGES: u32 = 4_000;
/// Bytes that the log of writes keeps on disk when it is empty.
const LOG_BYTES: u32 = 1024 * 1024;

/// Statements that stay prepared on each connection.
const PREPARED: usize = 160;

/// Own data, in the order in which the tables came to be. Only ever append.
fn own_migrations() -> Migrations<'static> {
    Migrations::new(vec![
        M::up(connections::SCHEMA),
        M::up(settings::SCHEMA),
        M::up(chat_rooms::SCHEMA),
        M::up(deliveries::SCHEMA),
        M::up(call_notes::SCHEMA),
        M::up(call_sameness::SCHEMA),
        M::up(call_views::SCHEMA),
        M::up(person_links::SCHEMA),
        M::up(follow_ups::SCHEMA),
        M::up(booking_changes::SCHEMA),
        M::up(chat_rooms::LATER),
        M::up(audit::SCHEMA),
        M::up(record_stages::SCHEMA),
        M::up(bulks::SCHEMA),
        M::up(templates::SCHEMA),
        M::up(uploads::SCHEMA),
        M::up(booking_questions::SCHEMA),
        M::up(room_overlays::SCHEMA),
        M::up(bulks::LATER),
        M::up(entry_changes::SCHEMA),
    ])
}

/// The cache, in the order in which the tables came to be. Only ever append.
fn cache_migrations() -> Migrations<'static> {
    Migrations::new(vec![
        M::up(source::SCHEMA),
        M::up(edition::SCHEMA),
        M::up(connections::CACHE_SCHEMA),
        M::up(cursors::SCHEMA),
        M::up(pack::SCHEMA),
        M::up(full_text::SCHEMA),
        M::up(calls::SCHEMA),
        M::up(people::SCHEMA),
        M::up(customers::SCHEMA),
        M::up(rooms::SCHEMA),
        M::up(reservations::SCHEMA),
        M::up(destinations::SCHEMA),
        M::up(oddities::SCHEMA),
        M::up_with_hook(calls::LATER, calls::take_over),
        M::up(calls::PERSON_CALLS),
        M::up(reservations::LATER),
        M::up(calls::SHOWN),
        M::up(people::CALLED),
        M::up(reservations::COMPARED),
        M::up(destinations::LATER),
    ])
}

/// Why a file cannot be used.
enum Trouble {
    /// A newer version of this program wrote it.
    Newer,
    /// No database, or damaged.
    Damaged,
    /// The disk, the permissions or another program.
    Failed(rusqlite::Error),
}

/// Makes both files ready. Tells whether the cache had to be begun anew.
///
/// # Errors
/// [`model::Reason::StoreBroken`] where the own data cannot be used, or the folder cannot be written.
pub(crate) fn prepare(dir: &Path) -> Result<bool, Failure> {
    std::fs::create_dir_all(dir).map_err(|error| broken(error.kind().to_string()))?;
    migrate(&dir.join(OWN), &own_migrations()).map_err(|trouble| match trouble {
        Trouble::Newer => broken(format!("{OWN} was written by a newer version")),
        Trouble::Damaged => broken(format!("{OWN} is damaged")),
        Trouble::Failed(error) => broken(words(&error)),
    })?;
    let cache = dir.join(CACHE);
    let first =
        if is_damaged_inside(dir, &cache) { Err(Trouble::Damaged) } else { migrate(&cache, &cache_migrations()) };
    match first {
        Ok(()) => Ok(false),
        Err(Trouble::Failed(error)) => Err(broken(words(&error))),
        Err(Trouble::Newer | Trouble::Damaged) => {
            move_aside(dir).map_err(|error| broken(error.kind().to_string()))?;
            migrate(&cache, &cache_migrations()).map_err(|_| broken(CACHE))?;
            Ok(true)
        }
    }
}

fn migrate(path: &Path, migrations: &Migrations<'_>) -> Result<(), Trouble> {
    let mut conn = Connection::open(path).map_err(trouble)?;
    conn.busy_timeout(PATIENCE).map_err(trouble)?;
    conn.pragma_update(None, "journal_mode", "WAL").map_err(trouble)?;
    match migrations.to_latest(&mut conn) {
        Ok(()) => Ok(()),
        Err(MigrationError::MigrationDefinition(MigrationDefinitionError::DatabaseTooFarAhead)) => Err(Trouble::Newer),
        Err(MigrationError::RusqliteError { err, .. }) => Err(trouble(err)),
        Err(_) => Err(Trouble::Damaged),
    }
}

fn trouble(error: rusqlite::Error) -> Trouble {
    if is_corruption(&error) { Trouble::Damaged } else { Trouble::Failed(error) }
}

/// Looks through every page, but only when something damaged was met before: on a large cache it takes seconds.
fn is_damaged_inside(dir: &Path, cache: &Path) -> bool {
    let mark = dir.join(SUSPECT);
    if !mark.exists() {
        return false;
    }
    let verdict = Connection::open(cache)
        .and_then(|conn| conn.query_one("PRAGMA quick_check(1)", [], |row| row.get::<_, String>(0)));
    // A mark that cannot be taken away costs another look at the next start, nothing else.
    if let Err(error) = std::fs::remove_file(&mark) {
        tracing::warn!(kind = %error.kind(), "the mark of a suspect cache stays");
    }
    !matches!(verdict.as_deref(), Ok("ok"))
}

/// Asks the next start to look at the whole cache.
pub(crate) fn suspect(dir: &Path) {
    if let Err(error) = std::fs::write(dir.join(SUSPECT), b"") {
        tracing::warn!(kind = %error.kind(), "the suspect cache cannot be marked");
    }
}

/// Renames the cache to the first free `cache.broken-N.db`, with the files that belong to it.
fn move_aside(dir: &Path) -> std::io::Result<()> {
    let (number, aside) = (1_u32..)
        .map(|n| (n, dir.join(format!("cache.broken-{n}.db"))))
        .find(|(_, path)| !path.exists())
        .ok_or(std::io::ErrorKind::AlreadyExists)?;
    std::fs::rename(dir.join(CACHE), &aside)?;
    for tail in ["-wal", "-shm"] {
        let beside = dir.join(format!("{CACHE}{tail}"));
        if beside.exists() {
            std::fs::rename(beside, PathBuf::from(format!("{}{tail}", aside.display())))?;
        }
    }
    tracing::warn!(number, "the cache could not be used and is begun anew");
    Ok(())
}

/// What a connection is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// The one that writes.
    Writing,
    /// One of those that read.
    Reading,
}

/// Opens the own data and attaches the cache.
pub(crate) fn connect(dir: &Path, purpose: Purpose) -> rusqlite::Result<Connection> {
    let conn = Connection::open_with_flags(
        dir.join(OWN),
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    conn.busy_timeout(PATIENCE)?;
    conn.set_prepared_statement_cache_capacity(PREPARED);
    // Otherwise a kept statement with a bound limit or bound is planned anew each time it gets another value.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    // Lists of rows as parameters.
    rusqlite::vtab::array::load_module(&conn)?;
    conn.execute("ATTACH DATABASE $1 AS cache", [dir.join(CACHE).to_string_lossy()])?;
    conn.pragma_update(None, "temp_store", "MEMORY")?;
    // A claimed message must be known to be claimed after a power cut too; the cache only has to stay readable.
    conn.pragma_update(Some("main"), "synchronous", "FULL")?;
    conn.pragma_update(Some("cache"), "synchronous", "NORMAL")?;
    match purpose {
        Purpose::Reading => {
            conn.pragma_update(None, "query_only", true)?;
            // There are several of them, and what one has read the computer keeps for all.
            conn.pragma_update(Some("cache"), "cache_size", -6_000)?;
        }
        Purpose::Writing => {
            conn.pragma_update(Some("cache"), "cache_size", -16_000)?;
            conn.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES)?;
            conn.pragma_update(Some("cache"), "journal_size_limit", LOG_BYTES)?;
        }
    }
    Ok(conn)
}
