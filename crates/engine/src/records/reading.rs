//! Rows of a resource as they were read last, in memory: their columns, the hundred that is on screen, and what is staged over them.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex};

use model::record::{Resource, Verb, is_secret};
use model::staging::{KeptStage, RecordColumn, RecordRow, RecordsAsk, RecordsBlock, StageKind, ValueKind};
use model::text::fold;
use model::{ConnectionId, Failure, Raw, Reason, Time, Why};

use crate::console::{Console, lock};
use crate::records::restore::HeldDrift;
use crate::records::row::{self, Fields};
use crate::records::secrets::{KEPT, shown};
use crate::records::staged::{view, would_be};
use crate::records::staging::Undo;

/// Rows of a block.
const BLOCK: usize = 100;
/// The most different values of a column that a person is offered.
const MOST_CHOICES: usize = 8;
/// Resources whose rows are held at a time.
const MOST_READINGS: usize = 24;

type ReadingKey = (ConnectionId, String);

/// What the console holds of administration records while it runs.
#[derive(Default)]
pub(crate) struct RecordDesk {
    readings: Mutex<HashMap<ReadingKey, Arc<Reading>>>,
    /// What the last changes of the staged ones were, the newest last.
    pub(crate) undo: Mutex<Vec<Undo>>,
    /// Whose turn it is to stage or commit.
    pub(crate) turn: tokio::sync::Mutex<()>,
    /// What became different since a snapshot, as it was compared last.
    pub(crate) drift: Mutex<Option<Arc<HeldDrift>>>,
    /// The connections that are committing now.
    pub(crate) committing: Mutex<BTreeSet<ConnectionId>>,
}

/// Every row of a resource at one time.
pub(crate) struct Reading {
    at: Time,
    columns: Vec<RecordColumn>,
    rows: Vec<ReadRow>,
    places: HashMap<String, usize>,
}

struct ReadRow {
    key: Option<String>,
    raw: Raw,
    /// Everything in it that may be searched for.
    folded: String,
}

impl Reading {
    fn new(at: Time, resource: &Resource, known: Vec<RecordColumn>, raws: Vec<Raw>) -> Result<Self, Failure> {
        let mut columns = Columns { key: fold(&resource.key), all: known, values: HashMap::new() };
        let mut rows = Vec::with_capacity(raws.len());
        for raw in raws {
            // What is no object has no columns; it is shown as it is and left alone.
            let fields = Fields::read(&raw).unwrap_or_default();
            let (mut key, mut folded) = (None, String::new());
            for (name, value) in fields.iter() {
                let column = columns.see(name, value);
                let text = row::text(value);
                if column.is_key {
                    key = Some(text.trim().to_owned());
                }
                if !column.is_secret {
                    folded.push_str(&fold(&text));
                    folded.push('\n');
                }
            }
            rows.push(ReadRow { key, raw, folded });
        }
        let places = rows.iter().enumerate().filter_map(|(place, row)| Some((row.key.clone()?, place))).collect();
        Ok(Self { at, columns: columns.done(rows.len()), rows, places })
    }

    /// The row of a key.
    pub(crate) fn row(&self, key: &str) -> Option<&Raw> {
        self.places.get(key).map(|place| &self.rows[*place].raw)
    }

    /// The places of the rows that are asked for, in their order.
    fn asked(&self, ask: &RecordsAsk) -> Vec<usize> {
        let find = fold(&ask.find);
        let mut places: Vec<usize> =
            (0..self.rows.len()).filter(|place| find.is_empty() || self.rows[*place].folded.contains(&find)).collect();
        if let Some(column) = &ask.sort {
            let sorted_by = |place: &usize| {
                let fields = Fields::read(&self.rows[*place].raw).unwrap_or_default();
                let text = fields.get(column).map(row::text).unwrap_or_default();
                (text.trim().parse::<u64>().unwrap_or(u64::MAX), fold(&text))
            };
            if !is_secret(column) {
                places.sort_by_cached_key(sorted_by);
            }
        }
        if ask.is_descending {
            places.reverse();
        }
        places
    }
}

/// Columns as they are seen.
struct Columns {
    key: String,
    all: Vec<RecordColumn>,
    values: HashMap<String, BTreeSet<String>>,
}

impl Columns {
    fn see(&mut self, name: &str, value: &str) -> &RecordColumn {
        let place = self.all.iter().position(|it| it.name == name).unwrap_or_else(|| {
            self.all.push(column(name, &self.key, row::kind(value)));
            self.all.len() - 1
        });
        if !row::is_nothing(value) {
            self.all[place].kind = row::kind(value);
            let values = self.values.entry(name.to_owned()).or_default();
            if values.len() <= MOST_CHOICES {
                values.insert(row::text(value));
            }
        }
        &self.all[place]
    }

    /// The columns, with the values to choose from where there are few of them among many rows.
    fn done(mut self, rows: usize) -> Vec<RecordColumn> {
        for column in &mut self.all {
            let values = self.values.remove(&column.name).unwrap_or_default();
            let are_few = values.len() > 1 && values.len() <= MOST_CHOICES && values.len() * 3 <= rows;
            let is_chosen = are_few && column.kind == ValueKind::Text && !column.is_key && !column.is_secret;
            column.choices = if is_chosen { values.into_iter().collect() } else { Vec::new() };
        }
        self.all
    }
}

fn column(name: &str, key: &str, kind: ValueKind) -> RecordColumn {
    RecordColumn {
        name: name.to_owned(),
        kind,
        is_key: fold(name) == key,
        is_secret: is_secret(name),
        choices: Vec::new(),
    }
}

impl Console {
    /// Reads every row of a resource from the system now, and holds them for [`Console::records_block`]. How many there are.
    ///
    /// # Errors
    /// As [`Console::records_list`].
    pub async fn records_read(&self, id: &ConnectionId, path: &str) -> Result<u32, Failure> {
        let resource = self.resource(id, path).await?;
        let rows = self.records_list(id, path).await?;
        let (connection, asked) = (id.clone(), path.to_owned());
        let known = self.0.store.read(move |r| store::record_stages::columns(r, &connection, &asked)).await?;
        let (now, before) = (self.now(), known.clone());
        let reading = tokio::task::spawn_blocking(move || Reading::new(now, &resource, known, rows));
        let reading = reading.await.map_err(|_| Failure::surprise(""))??;
        let learnt: Vec<RecordColumn> =
            reading.columns.iter().map(|it| RecordColumn { choices: Vec::new(), ..it.clone() }).collect();
        if learnt != before {
            let (connection, asked) = (id.clone(), path.to_owned());
            self.write(move |w| store::record_stages::learn(w, &connection, &asked, &learnt)).await?;
        }
        let count = u32::try_from(reading.rows.len()).unwrap_or(u32::MAX);
        let mut readings = lock(&self.0.records.readings);
        if readings.len() >= MOST_READINGS
            && let Some(oldest) = readings.iter().min_by_key(|(_, it)| it.at).map(|(key, _)| key.clone())
        {
            readings.remove(&oldest);
        }
        readings.insert((id.clone(), path.to_owned()), Arc::new(reading));
        Ok(count)
    }

    /// A hundred rows as they were read last, with what is staged laid over them; new rows come last. Asks no system.
    ///
    /// # Errors
    /// [`Failure::Invalid`] for a resource that there is not; a ledger that cannot be read.
    pub async fn records_block(&self, ask: &RecordsAsk) -> Result<RecordsBlock, Failure> {
        let resource = self.resource(&ask.connection, &ask.resource).await?;
        let stages = self.kept_stages(&ask.connection, &ask.resource).await?;
        let reading = self.reading(&ask.connection, &ask.resource);
        let columns = self.columns(&ask.connection, &resource).await?;
        let places = reading.as_ref().map(|it| it.asked(ask)).unwrap_or_default();
        let added: Vec<&KeptStage> = stages.iter().filter(|it| it.kind == StageKind::Add).collect();
        let matched = places.len() + added.len();
        let first = ask.block as usize * BLOCK;
        let mut rows = Vec::with_capacity(BLOCK);
        for place in first..(first + BLOCK).min(matched) {
            rows.push(match (&reading, places.get(place)) {
                (Some(reading), Some(at)) => old_row(&resource, &reading.rows[*at], &stages),
                (None | Some(_), _) => new_row(added[place - places.len()]),
            });
        }
        let total = reading.as_ref().map_or(0, |it| it.rows.len());
        Ok(RecordsBlock {
            columns,
            total: u32::try_from(total).unwrap_or(u32::MAX),
            matched: u32::try_from(matched).unwrap_or(u32::MAX),
            read_at: reading.map(|it| it.at),
            block: ask.block,
            rows,
        })
    }

    /// The rows as they were read last.
    pub(crate) fn reading(&self, id: &ConnectionId, path: &str) -> Option<Arc<Reading>> {
        lock(&self.0.records.readings).get(&(id.clone(), path.to_owned())).cloned()
    }

    /// The columns of a resource: of the rows that were read, else those that are remembered, else those that are published.
    pub(crate) async fn columns(&self, id: &ConnectionId, resource: &Resource) -> Result<Vec<RecordColumn>, Failure> {
        if let Some(reading) = self.reading(id, &resource.path).filter(|it| !it.columns.is_empty()) {
            return Ok(reading.columns.clone());
        }
        let (connection, path) = (id.clone(), resource.path.clone());
        let known = self.0.store.read(move |r| store::record_stages::columns(r, &connection, &path)).await?;
        if !known.is_empty() {
            return Ok(known);
        }
        let key = fold(&resource.key);
        Ok(resource.fields.iter().map(|name| column(name, &key, ValueKind::Text)).collect())
    }

    /// A row as it was read last, else as it is there now.
    pub(crate) async fn known_row(&self, id: &ConnectionId, path: &str, key: &str) -> Result<Fields, Failure> {
        if let Some(raw) = self.reading(id, path).and_then(|it| it.row(key).cloned()) {
            return Fields::read(&raw);
        }
        let raw = self.records_get(id, path, key).await?;
        Fields::read(&raw)
    }

    /// What is known of a resource.
    pub(crate) async fn resource(&self, id: &ConnectionId, path: &str) -> Result<Resource, Failure> {
        let found = self.records_resources(id).await?.into_iter().find(|it| it.path == path);
        found.ok_or_else(|| Failure::invalid(Reason::NoSuchThing, path))
    }

    /// What is known of a resource that allows this.
    pub(crate) async fn resource_for(&self, id: &ConnectionId, path: &str, verb: Verb) -> Result<Resource, Failure> {
        let resource = self.resource(id, path).await?;
        if resource.verbs.contains(&verb) { Ok(resource) } else { Err(Failure::invalid(Reason::NotOffered, path)) }
    }
}

/// Whether a row of this key may be written.
pub(crate) fn may_write(resource: &Resource, key: &str) -> bool {
    key.bytes().all(|byte| byte.is_ascii_digit())
        && key.parse::<u64>().is_ok_and(|key| key >= u64::from(resource.least_key))
}

/// A row that is not there.
pub(crate) fn not_there(path: &str) -> Failure {
    Failure::Refused(Why::new(Reason::NotFound, path))
}

fn old_row(resource: &Resource, read: &ReadRow, stages: &[KeptStage]) -> RecordRow {
    let stage = read.key.as_ref().and_then(|key| stages.iter().find(|it| it.key.as_ref() == Some(key)));
    let row = match Fields::read(&read.raw) {
        Ok(fields) => would_be(&fields, stage).raw(),
        Err(_) => read.raw.clone(),
    };
    RecordRow {
        is_read_only: !read.key.as_ref().is_some_and(|key| may_write(resource, key)),
        key: read.key.clone(),
        row,
        staged: stage.map(view),
    }
}

fn new_row(stage: &KeptStage) -> RecordRow {
    let fields = Fields::read(&stage.fields).unwrap_or_default();
    let row = shown(&fields, KEPT).raw();
    RecordRow { key: None, is_read_only: false, row, staged: Some(view(stage)) }
}
