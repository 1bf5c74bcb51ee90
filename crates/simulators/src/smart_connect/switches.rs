//! What tests do to the service and ask of it: other clients, odd shapes, refusals and stops.

use super::answers::Shape;
use super::pages::OutcomeShape;
use super::resources::{RECEIVED_CALLS, RESOURCES, find};
use super::row::{Members, Stored, quoted};
use super::state::State;
use super::times::TimeFormat;
use crate::line::Plug;
use crate::lock;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

/// Where in a write the service stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// The write is not done.
    BeforeDoing,
    /// The write is done, but nobody is told.
    AfterDoing,
}

/// What is counted, and what happens at a count.
#[derive(Debug, Default)]
pub(super) struct Switches {
    /// Writes up to the one at which the service stops, and where.
    stop: Option<(usize, Stop)>,
    biggest_ask: Option<usize>,
    asked_for_all: usize,
}

/// The position of a resource that a test names.
fn at(resource: &str) -> usize {
    find(resource).expect("one of the nineteen resources")
}

impl State {
    /// Changes the shape in which lists are answered.
    pub fn set_shape(&self, shape: Shape) {
        lock(&self.inner).shape = shape;
    }

    /// Changes the way in which the answers to writes say whether they were done.
    pub fn set_outcome_shape(&self, shape: OutcomeShape) {
        lock(&self.inner).outcome_shape = shape;
    }

    /// Changes how the times of calls are written, those that were written by clients apart.
    pub fn set_time_format(&self, format: TimeFormat) {
        lock(&self.inner).time_format = format;
    }

    /// Refuses every write in these words, or none any more.
    pub fn set_refusal(&self, words: Option<&str>) {
        lock(&self.inner).refusal = words.map(str::to_owned);
    }

    /// A backup is restored: calls with a higher key vanish, and new ones go on from there.
    pub fn restore(&self, to_key: u64) {
        lock(&self.inner).tables[RECEIVED_CALLS].cut(to_key);
    }

    /// At the `writes`-th write from now (1 is the next) the connection is reset instead of answered, and the port is
    /// closed until [`Self::go_on`]. This needs the service of a running office.
    pub fn stop_after_writes(&self, writes: usize, stop: Stop) {
        lock(&self.inner).switches.stop = Some((writes, stop));
    }

    /// Opens the port again after a stop, and forgets a stop that did not come yet.
    ///
    /// # Panics
    /// If somebody else took the port.
    pub fn go_on(&self) {
        lock(&self.inner).switches.stop = None;
        if let Some(plug) = self.plug.get() {
            plug.put_in().expect("the port that was just closed is free");
        }
    }

    /// The port that a stop closes; the first one stays.
    pub(crate) fn hang_on(&self, plug: Arc<Plug>) {
        let _ = self.plug.set(plug);
    }

    /// Counts a write; whether it is the one to stop at.
    pub(super) fn count_write(&self) -> Option<Stop> {
        let switches = &mut lock(&self.inner).switches;
        let (left, stop) = switches.stop.take()?;
        if left <= 1 {
            return Some(stop);
        }
        switches.stop = Some((left - 1, stop));
        None
    }

    /// Stops the service. Where the port is its own, nobody hears the answer.
    pub(super) async fn stop(&self) -> Response {
        if let Some(plug) = self.plug.get() {
            plug.pull().await;
        }
        StatusCode::SERVICE_UNAVAILABLE.into_response()
    }

    /// Just before the next row is added to a resource, somebody else adds one with these values.
    ///
    /// # Panics
    /// If there is no such resource.
    pub fn race_on_post(&self, resource: &str, fields: &[(&str, &str)]) {
        let resource = at(resource);
        let known = RESOURCES[resource].fields;
        let mut row = Stored::Known(vec![String::new(); known.len()]);
        fields.iter().for_each(|(name, value)| row.set(known, name, value));
        lock(&self.inner).races.insert(resource, row);
    }

    /// Somebody else changes one field of a row now; whether there was such a row.
    ///
    /// # Panics
    /// If there is no such resource.
    pub fn edit(&self, resource: &str, key: u64, field: &str, value: &str) -> bool {
        let resource = at(resource);
        let fields = RESOURCES[resource].fields;
        let mut inner = lock(&self.inner);
        let Some(mut row) = inner.tables[resource].get(&self.office, key) else {
            return false;
        };
        let table = &mut inner.tables[resource];
        if !table.extras.is_empty() && !fields.contains(&field) {
            let mut members = row.members(fields);
            if matches!(row, Stored::Known(_)) {
                members.0.extend(table.extras.iter().cloned());
            }
            members.put(field, quoted(value));
            row = Stored::of(members);
        } else {
            row.set(fields, field, value);
        }
        table.put_raw(key, row);
        drop(inner);
        if resource == RECEIVED_CALLS {
            self.tell(key);
        }
        true
    }

    /// Gives every row of a resource one more field with this JSON text. A row that a client writes has what the client
    /// sent in it, or lost it.
    ///
    /// # Panics
    /// If there is no such resource, or the text is not JSON.
    pub fn add_field(&self, resource: &str, name: &str, json: &str) {
        let _: serde::de::IgnoredAny = serde_json::from_str(json).expect("a value in JSON");
        lock(&self.inner).tables[at(resource)].extras.push((name.to_owned(), json.to_owned()));
    }

    /// Puts a row in that is answered byte for byte. Its fields may hold any JSON in what clients write, too.
    ///
    /// # Panics
    /// If there is no such resource, or the text is not one JSON object.
    pub fn put_row(&self, resource: &str, key: u64, json_text: &str) {
        let members = Members::read(json_text.as_bytes()).expect("an object in JSON");
        lock(&self.inner).tables[at(resource)].put_raw(key, Stored::Raw(members, json_text.to_owned()));
        if at(resource) == RECEIVED_CALLS {
            self.tell(key);
        }
    }

    /// One row as JSON, as it would be answered.
    pub fn raw_row(&self, resource: &str, key: u64) -> Option<String> {
        let resource = find(resource)?;
        let inner = lock(&self.inner);
        let row = inner.tables[resource].get(&self.office, key)?;
        Some(inner.written_row(resource, &row))
    }

    /// Counts how many calls were asked for: none means all of them. Nothing is counted for other resources.
    pub(super) fn count_ask(&self, top: Option<Option<usize>>) {
        let switches = &mut lock(&self.inner).switches;
        match top {
            None => {}
            Some(None) => switches.asked_for_all += 1,
            Some(top) => switches.biggest_ask = switches.biggest_ask.max(top),
        }
    }

    /// The largest number of calls that was asked for at once, all of them apart.
    pub fn biggest_ask(&self) -> Option<usize> {
        lock(&self.inner).switches.biggest_ask
    }

    /// How often all calls were asked for at once.
    pub fn asked_for_all(&self) -> usize {
        lock(&self.inner).switches.asked_for_all
    }

    /// The names that clients gave over their open sockets, sorted.
    pub fn registered(&self) -> Vec<String> {
        lock(&self.inner).clients.keys().cloned().collect()
    }

    /// Sends a text to every client that gave its name.
    pub fn notice(&self, text: &str) {
        // Nobody listening is no failure: the socket is only a hint.
        let _ = self.notices.send(Some(text.to_owned()));
    }

    /// Cuts every open socket without a word.
    pub fn cut_sockets(&self) {
        let _ = self.notices.send(None);
    }
}
