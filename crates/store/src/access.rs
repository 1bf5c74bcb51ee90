//! The door to the database: one writer, a few readers, each closure a transaction of its own.

use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::ops::Deref;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use model::Failure;
use model::audit::Through;
use model::event::Table;
use rusqlite::{Connection, TransactionBehavior};
use tempfile::TempDir;
use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::sync::Semaphore;
use tokio::task::block_in_place;

use crate::error::{broken, words};
use crate::files::{self, Purpose};
use crate::notice::Notice;
use crate::outline::Outlines;
use crate::source::{Sources, Systems};
use crate::{StoreError, edition};

/// How many reads run side by side.
const READERS: usize = 4;

/// The database. Clones are the same database.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

struct Inner {
    writer: Arc<tokio::sync::Mutex<Desk>>,
    readers: Mutex<Vec<Connection>>,
    places: Arc<Semaphore>,
    known: Known,
    dir: PathBuf,
    /// Whether it is the command line that writes, and no window.
    is_command_line: AtomicBool,
    /// Keeps the folder of a store that is thrown away afterwards. Last, so that it goes after the connections.
    _thrown_away: Option<TempDir>,
}

/// What is remembered beside the database, so that it is not read again.
#[derive(Default)]
pub(crate) struct Known {
    pub(crate) outlines: Outlines,
    pub(crate) systems: Systems,
}

/// The connection that writes, and what it touched.
struct Desk {
    conn: Connection,
    notice: Notice,
}

/// What [`Store::open`] gives.
pub struct Opened {
    /// The database.
    pub store: Store,
    /// Whether the cache could not be used and begins empty. The old one lies beside it as `cache.broken-N.db`.
    pub cache_was_rebuilt: bool,
}

/// What [`Store::write`] gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written<T> {
    /// What the closure returned.
    pub value: T,
    /// The tables it touched, to be announced. Empty where nothing really changed.
    pub tables: BTreeSet<Table>,
}

/// A consistent view of the database for the length of one closure.
pub struct Reader<'a> {
    pub(crate) conn: &'a Connection,
    /// Absent inside a write, whose edition is not settled yet.
    pub(crate) known: Option<&'a Known>,
    /// Where cached rows come from, once it was read; not kept inside a write, which may change it.
    pub(crate) sources: OnceCell<Rc<Sources>>,
}

impl<'a> Reader<'a> {
    fn new(conn: &'a Connection, known: Option<&'a Known>) -> Self {
        Self { conn, known, sources: OnceCell::new() }
    }

    /// Whether what it sees is settled, and nothing that a write has yet to end.
    pub(crate) fn is_settled(&self) -> bool {
        self.known.is_some()
    }
}

/// A transaction that writes; it reads like a [`Reader`] and sees what it wrote.
pub struct Writer<'a> {
    reader: Reader<'a>,
    through: Through,
}

impl<'a> Writer<'a> {
    /// Over a transaction of the cache alone, while it is migrated: own data is not there.
    pub(crate) fn over(conn: &'a Connection) -> Self {
        Self { reader: Reader::new(conn, None), through: Through::default() }
    }

    /// From where it is written.
    pub(crate) fn through(&self) -> Through {
        self.through
    }
}

impl<'a> Deref for Writer<'a> {
    type Target = Reader<'a>;

    fn deref(&self) -> &Reader<'a> {
        &self.reader
    }
}

impl Store {
    /// Opens the database in this folder, and makes it where there is none.
    ///
    /// # Errors
    /// [`model::Reason::StoreBroken`] where the folder cannot be written, or the console's own data is damaged or was
    /// written by a newer version. A cache of which the same is true is moved aside instead.
    pub async fn open(dir: PathBuf) -> Result<Opened, Failure> {
        blocking(move || Self::open_now(dir, None)).await
    }

    /// A database in a folder of its own that goes when the last clone goes: for tests and trials.
    ///
    /// # Errors
    /// [`model::Reason::StoreBroken`] where the computer's temporary folder cannot be written.
    pub async fn in_memory() -> Result<Self, Failure> {
        blocking(|| {
            let folder = tempfile::Builder::new().prefix("frontdesk-").tempdir();
            let folder = folder.map_err(|error| broken(error.kind().to_string()))?;
            Self::open_now(folder.path().to_owned(), Some(folder)).map(|opened| opened.store)
        })
        .await
    }

    fn open_now(dir: PathBuf, thrown_away: Option<TempDir>) -> Result<Opened, Failure> {
        let cache_was_rebuilt = files::prepare(&dir)?;
        let told = |error: rusqlite::Error| broken(words(&error));
        let conn = files::connect(&dir, Purpose::Writing).map_err(told)?;
        if thrown_away.is_some() {
            conn.pragma_update(Some("main"), "synchronous", "OFF").map_err(told)?;
            conn.pragma_update(Some("cache"), "synchronous", "OFF").map_err(told)?;
        }
        let notice = Notice::watch(&conn).map_err(told)?;
        let inner = Inner {
            writer: Arc::new(tokio::sync::Mutex::new(Desk { conn, notice })),
            readers: Mutex::default(),
            places: Arc::new(Semaphore::new(READERS)),
            known: Known::default(),
            dir,
            is_command_line: AtomicBool::default(),
            _thrown_away: thrown_away,
        };
        Ok(Opened { store: Self(Arc::new(inner)), cache_was_rebuilt })
    }

    /// Says from where everything is written from now on; a window where nobody says.
    pub fn set_through(&self, through: Through) {
        self.0.is_command_line.store(through == Through::CommandLine, Ordering::Relaxed);
    }

    /// The folder in which everything lies.
    #[must_use]
    pub fn folder(&self) -> &std::path::Path {
        &self.0.dir
    }

    /// Runs a closure that reads, on a thread where waiting for the disk disturbs nobody.
    ///
    /// # Errors
    /// [`model::Reason::StoreBroken`], or the failure that the closure ended with.
    pub async fn read<T: Send + 'static>(
        &self,
        f: impl FnOnce(&Reader<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, Failure> {
        let place = Arc::clone(&self.0.places).acquire_owned().await.map_err(|_| broken("closed"))?;
        let inner = Arc::clone(&self.0);
        blocking(move || {
            let result = inner.read_now(f);
            drop(place);
            result.map_err(|error| inner.told(error))
        })
        .await
    }

    /// Runs a closure that reads a few rows, on the thread that asks: somebody waits for them, and they are read sooner than another
    /// thread would be woken.
    ///
    /// # Errors
    /// As [`Store::read`].
    ///
    /// # Panics
    /// Where the closure does, or outside a runtime.
    pub async fn read_at_once<T>(&self, f: impl FnOnce(&Reader<'_>) -> Result<T, StoreError>) -> Result<T, Failure> {
        let _place = self.0.places.acquire().await.map_err(|_| broken("closed"))?;
        let read = || self.0.read_now(f).map_err(|error| self.0.told(error));
        // Whoever else waits for this thread goes on with another one.
        if Handle::current().runtime_flavor() == RuntimeFlavor::MultiThread { block_in_place(read) } else { read() }
    }

    /// Runs a closure that writes, alone. Either all of it is kept or nothing. The closure runs to its end even if nobody
    /// waits for it any more.
    ///
    /// # Errors
    /// [`model::Reason::StoreBroken`], or the failure that the closure ended with.
    pub async fn write<T: Send + 'static>(
        &self,
        f: impl FnOnce(&mut Writer<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<Written<T>, Failure> {
        let mut desk = Arc::clone(&self.0.writer).lock_owned().await;
        let inner = Arc::clone(&self.0);
        blocking(move || {
            let result = desk.write_now(inner.through(), f);
            drop(desk);
            result.map_err(|error| inner.told(error))
        })
        .await
    }
}

impl Inner {
    fn read_now<T>(&self, f: impl FnOnce(&Reader<'_>) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let idle = self.idle().pop();
        let mut conn = match idle {
            Some(conn) => conn,
            None => files::connect(&self.dir, Purpose::Reading)?,
        };
        // A closure that panics takes its connection with it; the next read opens another.
        let transaction = conn.transaction()?;
        let result = f(&Reader::new(&transaction, Some(&self.known)));
        transaction.finish()?;
        self.idle().push(conn);
        result
    }

    fn through(&self) -> Through {
        if self.is_command_line.load(Ordering::Relaxed) { Through::CommandLine } else { Through::Window }
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Connection>> {
        self.readers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn told(&self, error: StoreError) -> Failure {
        if error.is_corruption() {
            files::suspect(&self.dir);
        }
        Failure::from(error)
    }
}

impl Desk {
    fn write_now<T>(
        &mut self,
        through: Through,
        f: impl FnOnce(&mut Writer<'_>) -> Result<T, StoreError>,
    ) -> Result<Written<T>, StoreError> {
        // What a transaction that was rolled back had touched is forgotten.
        self.notice.take();
        let transaction = self.conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let value = f(&mut Writer { reader: Reader::new(&transaction, None), through })?;
        let tables = self.notice.take();
        if tables.contains(&Table::Calls) {
            edition::advance(&transaction)?;
        }
        transaction.commit()?;
        Ok(Written { value, tables })
    }
}

async fn blocking<T: Send + 'static>(f: impl FnOnce() -> Result<T, Failure> + Send + 'static) -> Result<T, Failure> {
    tokio::task::spawn_blocking(f).await.unwrap_or_else(|_| Err(broken("interrupted")))
}
