//! What the service remembers, and what can happen to it from outside: calls, and switches for tests.

use super::answers::Shape;
use super::office::{Office, WITHHELD, answer, written};
use super::resources::{CONNECTED_CLIENTS, CUSTOMERS, RECEIVED_CALLS, RESOURCES, find};
use super::table::{Row, Table};
use crate::generator::calls::{LINES, national};
use crate::lock;
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use tokio::sync::broadcast;

/// The present, as the simulator sees it.
type Clock = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// One service with its rows.
pub struct State {
    pub(super) office: Office,
    pub(super) inner: Mutex<Inner>,
    pub(super) notices: broadcast::Sender<String>,
    clock: Clock,
}

/// What changes.
pub(super) struct Inner {
    pub(super) tables: Vec<Table>,
    pub(super) shape: Shape,
    /// Clients by the name that they registered, and since when.
    clients: BTreeMap<String, DateTime<Utc>>,
}

impl std::fmt::Debug for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("State").finish_non_exhaustive()
    }
}

impl State {
    /// A service with a history of `calls` calls up to the clock's present, and an address book of `customers` entries.
    pub fn new(seed: u64, calls: usize, customers: usize, clock: Clock) -> Self {
        let office = Office::new(seed, calls, customers, clock());
        let inner = Inner { tables: office.tables(), shape: Shape::Plain, clients: BTreeMap::new() };
        let (notices, _) = broadcast::channel(64);
        Self { office, inner: Mutex::new(inner), notices, clock }
    }

    /// Changes the shape in which lists are answered.
    pub fn set_shape(&self, shape: Shape) {
        lock(&self.inner).shape = shape;
    }

    /// A call from `from` to the line `to` begins to ring; answers the key of its record. Numbers may be in E.164 or
    /// as the exchange shows them; an empty `from` is a caller who withholds the number.
    pub fn ring(&self, from: &str, to: &str) -> u64 {
        let (from, to) = (shown(from), shown(to));
        let line = LINES.iter().position(|it| national(it.number) == to).unwrap_or(0);
        let mut inner = lock(&self.inner);
        let (customer, name) = self.customer(&inner, &from);
        let row = vec![
            String::new(),
            written((self.clock)()),
            if from.is_empty() { WITHHELD.to_owned() } else { from },
            to,
            (line + 1).to_string(),
            customer.to_string(),
            name,
            "着信".to_owned(),
            String::new(),
            "0".to_owned(),
            String::new(),
        ];
        let key = inner.tables[RECEIVED_CALLS].add(row);
        drop(inner);
        self.tell(key);
        key
    }

    /// The call with this key ends: somebody took it and spoke for `seconds`, or nobody did. An unknown key is ignored.
    pub fn update(&self, id: u64, answered: bool, seconds: u32) {
        const OUTCOME: usize = 8;
        let mut inner = lock(&self.inner);
        let Some(mut row) = inner.tables[RECEIVED_CALLS].get(&self.office, id) else {
            return;
        };
        answer(answered).clone_into(&mut row[OUTCOME]);
        row[OUTCOME + 1] = if answered { seconds } else { 0 }.to_string();
        inner.tables[RECEIVED_CALLS].put(id, row);
        drop(inner);
        self.tell(id);
    }

    /// One row as field and value, such as `row("ReceivedCall-Record", 12)`, for looking at what was written.
    pub fn row(&self, path: &str, key: u64) -> Option<Vec<(&'static str, String)>> {
        let resource = find(path)?;
        let row = lock(&self.inner).tables[resource].get(&self.office, key)?;
        Some(RESOURCES[resource].fields.iter().copied().zip(row).collect())
    }

    /// A client gave its name.
    pub(super) fn regist(&self, name: &str) {
        let now = (self.clock)();
        let mut inner = lock(&self.inner);
        inner.clients.insert(name.to_owned(), now);
        inner.list_clients();
    }

    /// A client left or its socket closed.
    pub(super) fn unregist(&self, name: &str) {
        let mut inner = lock(&self.inner);
        inner.clients.remove(name);
        inner.list_clients();
    }

    fn tell(&self, key: u64) {
        // Nobody listening is no failure: the socket is only a hint.
        let _ = self.notices.send(format!("ReceivedCall('{key}')"));
    }

    /// Key and name of the customer with this number; 0 and nothing if there is none.
    fn customer(&self, inner: &Inner, number: &str) -> (u64, String) {
        const NUMBERS: std::ops::Range<usize> = 4..10;
        let table = &inner.tables[CUSTOMERS];
        if number.is_empty() {
            return (0, String::new());
        }
        let written = table.written_rows().find(|(_, row)| row[NUMBERS].iter().any(|it| it == number)).map(|it| it.0);
        let usual = self.office.customer_with(number).filter(|key| table.has(*key));
        match written.or(usual).and_then(|key| Some((key, table.get(&self.office, key)?))) {
            Some((key, row)) => (key, row[1].clone()),
            None => (0, String::new()),
        }
    }
}

impl Inner {
    fn list_clients(&mut self) {
        let rows = self
            .clients
            .iter()
            .map(|(name, since)| -> Row { vec![String::new(), name.clone(), "127.0.0.1".to_owned(), written(*since)] });
        self.tables[CONNECTED_CLIENTS] = Table::of(rows.collect::<Vec<_>>());
    }
}

/// The number as the exchange shows it.
fn shown(number: &str) -> String {
    if number.starts_with('+') { national(number) } else { number.to_owned() }
}
