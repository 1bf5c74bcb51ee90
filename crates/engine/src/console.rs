//! The console: the one door for both shells. Each thing a person can do is one method; they stand in files by subject.

use std::collections::{BTreeSet, HashMap, HashSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures::stream::{self, BoxStream, StreamExt};
use model::about::About;
use model::call::Call;
use model::event::{Event, Table};
use model::person::Presence;
use model::ports::System;
use model::{CallId, Clock, ConnectionId, Day, Failure, SystemId, Time};
use store::{Store, Written};
use tokio::sync::broadcast;
use tokio::task::AbortHandle;

use crate::bulk::Bulks;
use crate::feed::Ring;
use crate::health::Health;
use crate::records::RecordDesk;
use crate::sessions::Sessions;
use crate::vault::Vault;

/// What a console is put together from.
pub struct Parts {
    /// The cache and the ledger.
    pub store: Store,
    /// The secrets.
    pub vault: Arc<dyn Vault>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Every kind of system that can be connected.
    pub systems: Vec<Arc<dyn System>>,
}

/// The console. Cloning it is cheap; all clones are the same console.
#[derive(Clone)]
pub struct Console(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) store: Store,
    pub(crate) vault: Arc<dyn Vault>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) systems: Vec<Arc<dyn System>>,
    pub(crate) sessions: Sessions,
    pub(crate) health: Mutex<HashMap<ConnectionId, Health>>,
    pub(crate) ringing: Mutex<HashMap<CallId, Ring>>,
    /// Whose turn it is at the vault: a keyring that asks its owner is asked once, not by every connection.
    pub(crate) vault_turn: Arc<tokio::sync::Mutex<()>>,
    /// Whose turn it is to read a connection.
    pub(crate) turns: Mutex<HashMap<ConnectionId, Arc<tokio::sync::Mutex<()>>>>,
    /// Whose turn it is to read the bookings of a connection.
    pub(crate) reading_bookings: Mutex<HashMap<ConnectionId, Arc<tokio::sync::Mutex<()>>>>,
    /// Months of bookings that a window shows, and when it last asked for them.
    pub(crate) months_in_sight: Mutex<HashMap<Day, Time>>,
    /// Background work by connection; `None` until [`Console::start`].
    pub(crate) work: Mutex<Option<HashMap<ConnectionId, Vec<AbortHandle>>>>,
    /// Told when a connection that could not be reached answers again.
    pub(crate) reached: tokio::sync::Notify,
    /// Readings of a call log that are due, by connection and the wait before them.
    pub(crate) due: Mutex<HashSet<(ConnectionId, Duration)>>,
    /// Sessions of calls that were told live and are not in the log yet, oldest first.
    pub(crate) heard: Mutex<VecDeque<(ConnectionId, String)>>,
    /// Calls as this process told them last, oldest first.
    pub(crate) told: Mutex<VecDeque<Call>>,
    /// Who is there and who speaks, by the system's id, as far as it was told.
    pub(crate) presences: Mutex<HashMap<ConnectionId, HashMap<String, Presence>>>,
    /// Plans of many messages that this process runs.
    pub(crate) bulks: Bulks,
    /// Whose turn it is to add customers, so that two presses cannot add the same.
    pub(crate) adding: tokio::sync::Mutex<()>,
    /// Rows of administration records as they were read, and whose turn it is to stage or commit.
    pub(crate) records: RecordDesk,
    events: broadcast::Sender<Event>,
}

impl Console {
    /// A console over these parts. Nothing is asked of any system until [`Console::start`] or a call that needs it.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        let (events, _) = broadcast::channel(1024);
        Self(Arc::new(Inner {
            store: parts.store,
            vault: parts.vault,
            clock: parts.clock,
            systems: parts.systems,
            sessions: Sessions::default(),
            health: Mutex::default(),
            ringing: Mutex::default(),
            vault_turn: Arc::default(),
            turns: Mutex::default(),
            reading_bookings: Mutex::default(),
            months_in_sight: Mutex::default(),
            work: Mutex::default(),
            reached: tokio::sync::Notify::new(),
            due: Mutex::default(),
            heard: Mutex::default(),
            told: Mutex::default(),
            presences: Mutex::default(),
            bulks: Bulks::default(),
            adding: tokio::sync::Mutex::default(),
            records: RecordDesk::default(),
            events,
        }))
    }

    /// Every kind of system that can be connected.
    #[must_use]
    pub fn systems_list(&self) -> Vec<About> {
        self.0.systems.iter().map(|system| system.about()).collect()
    }

    /// Everything that is told unasked, beginning with a snapshot. A listener that falls behind gets a new snapshot and is
    /// told that everything changed.
    pub fn subscribe(&self) -> BoxStream<'static, Event> {
        let console = self.clone();
        let listener = self.0.events.subscribe();
        let first = stream::once({
            let console = console.clone();
            async move { console.snapshot().await }
        });
        let rest = stream::unfold((console, listener), |(console, mut listener)| async move {
            match listener.recv().await {
                Ok(event) => Some((vec![event], (console, listener))),
                Err(broadcast::error::RecvError::Lagged(_)) => {
                    let all = Event::Changed { tables: Self::ALL_TABLES.to_vec() };
                    Some((vec![console.snapshot().await, all], (console, listener)))
                }
                Err(broadcast::error::RecvError::Closed) => None,
            }
        });
        first.chain(rest.flat_map(stream::iter)).boxed()
    }

    const ALL_TABLES: [Table; 16] = [
        Table::Calls,
        Table::People,
        Table::Customers,
        Table::Rooms,
        Table::Reservations,
        Table::ChatRooms,
        Table::Destinations,
        Table::Deliveries,
        Table::Bulks,
        Table::Settings,
        Table::CallViews,
        Table::FollowUps,
        Table::Audit,
        Table::Stages,
        Table::Templates,
        Table::Planned,
    ];

    pub(crate) async fn snapshot(&self) -> Event {
        let connections = self.connections_list().await.unwrap_or_default();
        // Nothing is waited for after this copy: a call that begins to ring meanwhile would be wiped by an older snapshot.
        let mut ringing: Vec<Call> = lock(&self.0.ringing).values().map(|ring| ring.call.clone()).collect();
        ringing.sort_by(|a, b| a.started_at.cmp(&b.started_at).then_with(|| a.id.cmp(&b.id)));
        Event::Snapshot { ringing, connections }
    }

    pub(crate) fn now(&self) -> Time {
        self.0.clock.now()
    }

    pub(crate) fn tell(&self, event: Event) {
        // Nobody listening is not a failure: the command line has no window.
        let _ = self.0.events.send(event);
    }

    /// Writes and announces what was touched.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        change: impl FnOnce(&mut store::Writer<'_>) -> Result<T, store::StoreError> + Send + 'static,
    ) -> Result<T, Failure> {
        let Written { value, tables } = self.0.store.write(change).await?;
        self.announce(tables).await;
        Ok(value)
    }

    async fn announce(&self, mut tables: BTreeSet<Table>) {
        if tables.remove(&Table::Connections) {
            self.tell_connections().await;
        }
        if !tables.is_empty() {
            self.tell(Event::Changed { tables: tables.into_iter().collect() });
        }
    }

    pub(crate) async fn tell_connections(&self) {
        if let Ok(connections) = self.connections_list().await {
            self.tell(Event::Connections { connections });
        }
    }

    pub(crate) fn system(&self, id: &SystemId) -> Option<&Arc<dyn System>> {
        self.0.systems.iter().find(|system| system.about().id == *id)
    }
}

/// The content of a lock. A thread that panicked while it held one leaves data that is still whole: every change is one assignment.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
