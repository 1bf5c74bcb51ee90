//! What the service remembers, and what can happen to it from outside: calls, and switches for tests.

use super::answers::Shape;
use super::office::{Office, WITHHELD, answer, written};
use super::pages::OutcomeShape;
use super::resources::{CONNECTED_CLIENTS, CUSTOMERS, RECEIVED_CALLS, RESOURCES, find};
use super::row::{Row, Stored};
use super::switches::Switches;
use super::table::Table;
use super::times::TimeFormat;
use crate::generator::calls::{LINES, national};
use crate::line::Plug;
use crate::lock;
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock};
use tokio::sync::broadcast;

/// The present, as the simulator sees it.
type Clock = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// One service with its rows.
pub struct State {
    pub(super) office: Office,
    pub(super) inner: Mutex<Inner>,
    /// What is sent to every client; nothing cuts them off.
    pub(super) notices: broadcast::Sender<Option<String>>,
    pub(super) plug: OnceLock<Arc<Plug>>,
    clock: Clock,
}

/// What changes.
pub(super) struct Inner {
    pub(super) tables: Vec<Table>,
    pub(super) shape: Shape,
    pub(super) outcome_shape: OutcomeShape,
    pub(super) time_format: TimeFormat,
    /// Every write is refused in these words.
    pub(super) refusal: Option<String>,
    /// Rows that somebody else adds just before the next one is added, by resource.
    pub(super) races: BTreeMap<usize, Stored>,
    pub(super) switches: Switches,
    /// Clients by the name that they registered, and since when.
    pub(super) clients: BTreeMap<String, DateTime<Utc>>,
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
        let inner = Inner {
            tables: office.tables(),
            shape: Shape::Plain,
            outcome_shape: OutcomeShape::Documented,
            time_format: TimeFormat::Slashed,
            refusal: None,
            races: BTreeMap::new(),
            switches: Switches::default(),
            clients: BTreeMap::new(),
        };
        let (notices, _) = broadcast::channel(64);
        Self { office, inner: Mutex::new(inner), notices, plug: OnceLock::new(), clock }
    }

    /// A call from `from` to the line `to` begins to ring; answers the key of its record. Numbers may be in E.164 or
    /// as the exchange shows them; an empty `from` is a caller who withholds the number.
    pub fn ring(&self, from: &str, to: &str) -> u64 {
        let from = shown(from);
        self.ring_as(if from.is_empty() { WITHHELD } else { &from }, &from, to)
    }

    /// A call whose caller shows no number begins to ring at the line `to`; the service writes `word` in its place, such
    /// as `公衆電話`, which may be empty. Answers the key of its record.
    pub fn ring_withheld(&self, word: &str, to: &str) -> u64 {
        self.ring_as(word, "", to)
    }

    fn ring_as(&self, caller: &str, from: &str, to: &str) -> u64 {
        let to = shown(to);
        let line = LINES.iter().position(|it| national(it.number) == to).unwrap_or(0);
        let mut inner = lock(&self.inner);
        let (customer, name) = self.customer(&inner, from);
        let row = vec![
            String::new(),
            written((self.clock)()),
            caller.to_owned(),
            to,
            (line + 1).to_string(),
            customer.to_string(),
            name,
            "着信".to_owned(),
            String::new(),
            "0".to_owned(),
            String::new(),
        ];
        let key = inner.tables[RECEIVED_CALLS].add(Stored::Known(row));
        drop(inner);
        self.tell(key);
        key
    }

    /// The call with this key ends: somebody took it and spoke for `seconds`, or nobody did. An unknown key is ignored.
    pub fn update(&self, id: u64, answered: bool, seconds: u32) {
        let fields = RESOURCES[RECEIVED_CALLS].fields;
        let mut inner = lock(&self.inner);
        let Some(mut row) = inner.tables[RECEIVED_CALLS].get(&self.office, id) else {
            return;
        };
        row.set(fields, "対応", answer(answered));
        row.set(fields, "通話時間", &if answered { seconds } else { 0 }.to_string());
        inner.tables[RECEIVED_CALLS].put(id, row);
        drop(inner);
        self.tell(id);
    }

    /// One row as field and value, such as `row("ReceivedCall-Record", 12)`, for looking at what was written.
    pub fn row(&self, path: &str, key: u64) -> Option<Vec<(&'static str, String)>> {
        let resource = find(path)?;
        let row = lock(&self.inner).tables[resource].get(&self.office, key)?;
        let fields = RESOURCES[resource].fields;
        Some(fields.iter().copied().zip(row.row(fields)).collect())
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

    /// Tells the clients that a call's record is new or was changed.
    pub(super) fn tell(&self, key: u64) {
        self.notice(&format!("ReceivedCall('{key}')"));
    }

    /// Key and name of the customer with this number; 0 and nothing if there is none.
    fn customer(&self, inner: &Inner, number: &str) -> (u64, String) {
        const NUMBERS: [&str; 6] = ["TEL1", "TEL2", "TEL3", "TEL4", "TEL5", "TEL6"];
        let fields = RESOURCES[CUSTOMERS].fields;
        let table = &inner.tables[CUSTOMERS];
        if number.is_empty() {
            return (0, String::new());
        }
        let has_number = |row: &Stored| NUMBERS.iter().any(|it| row.get(fields, it) == number);
        let written = table.written_rows().find(|(_, row)| has_number(row)).map(|it| it.0);
        let usual = self.office.customer_with(number).filter(|key| table.has(*key));
        match written.or(usual).and_then(|key| Some((key, table.get(&self.office, key)?))) {
            Some((key, row)) => (key, row.get(fields, fields[1])),
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
        let rows: Vec<Row> = rows.collect();
        let table = &mut self.tables[CONNECTED_CLIENTS];
        let extras = std::mem::take(&mut table.extras);
        *table = Table::of(RESOURCES[CONNECTED_CLIENTS].fields, rows);
        table.extras = extras;
    }
}

/// The number as the exchange shows it.
fn shown(number: &str) -> String {
    if number.starts_with('+') { national(number) } else { number.to_owned() }
}
