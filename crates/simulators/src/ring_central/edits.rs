//! What happens to the call log from outside: calls end, are changed or deleted, and records are put in as they are.

use super::ids;
use super::live::TEAM;
use super::records::Entry;
use super::state::State;
use crate::generator::calls::{Call, Direction, Outcome};
use crate::generator::customers::usual_number;
use crate::lock;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

/// What was done to ended calls.
#[derive(Debug, Default)]
pub(super) struct Edits {
    deleted: BTreeSet<u64>,
    /// How often each call was changed, and when last.
    changed: BTreeMap<u64, (u32, DateTime<Utc>)>,
    /// The numbers of calls that were changed or deleted, in the order in which that happened.
    order: Vec<u64>,
    /// Calls that end after each page of the log.
    per_page: usize,
}

/// A record that is answered byte for byte.
#[derive(Debug)]
pub(super) struct Raw {
    text: String,
    pub(super) id: String,
    session: String,
    telephony: String,
    pub(super) is_fax: bool,
    pub(super) is_recorded: bool,
}

/// Stands in an answer where a raw record belongs, followed by the number of its call.
const MARK: &str = "\u{F8FF}raw:";
/// Every change makes a call so many seconds longer.
const LONGER: u32 = 60;

/// A place in the log.
pub(super) enum Spot {
    /// In the generated history.
    Old(usize),
    /// Ended since.
    New(Box<Entry>),
}

impl Spot {
    /// The number of the call.
    pub(super) fn n(&self) -> u64 {
        match self {
            Self::Old(index) => *index as u64,
            Self::New(entry) => entry.n,
        }
    }
}

impl Raw {
    /// Whether its session, of before or of today, has this id.
    pub(super) fn is_of(&self, session: &str) -> bool {
        self.session == session || self.telephony == session
    }

    /// What stands in its place until the answer is written.
    pub(super) fn mark(n: u64) -> Value {
        format!("{MARK}{n}").into()
    }

    /// The record as JSON, for one that says more than was put in.
    pub(super) fn value(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_default()
    }
}

impl State {
    /// Lets `count` calls begin and end right now, so that they stand at the top of the log. Nobody is told over the
    /// socket. Answers the ids of their records, newest first.
    pub fn end_calls(&self, count: usize) -> Vec<String> {
        self.end_calls_at(self.now(), count)
    }

    fn end_calls_at(&self, at: DateTime<Utc>, count: usize) -> Vec<String> {
        let mut inner = lock(&self.inner);
        let mut ended = Vec::with_capacity(count);
        for _ in 0..count {
            let n = inner.next_live;
            inner.next_live += 1;
            let customer = n as usize % self.customers.max(1);
            let rang: Vec<usize> = (0..self.people.len().min(TEAM)).collect();
            let call = Call {
                started_at: at,
                direction: Direction::Inbound,
                outside: Some(usual_number(customer)),
                line: 0,
                rang_for: 0,
                seconds: 0,
                outcome: Outcome::Missed,
                customer: (self.customers > 0).then_some(customer),
                rang,
                spoke: None,
                note: "",
            };
            inner.finished.push(Entry::new(n, call, false));
            ended.insert(0, ids::record(n));
        }
        ended
    }

    /// How many calls end after each page of the log, so that the following pages shift. They begin a millisecond
    /// after the present, because some time goes by while a page is fetched even where the clock stands.
    pub fn set_calls_per_page(&self, count: usize) {
        lock(&self.edits).per_page = count;
    }

    /// A page of the log was answered.
    pub(super) fn turn_page(&self) {
        let count = lock(&self.edits).per_page;
        self.end_calls_at(self.now() + TimeDelta::milliseconds(1), count);
    }

    /// Deletes the record of a call; whether there was one.
    pub fn delete_call(&self, id: &str) -> bool {
        let Some(entry) = self.entry_with(id).filter(|it| !it.is_deleted) else {
            return false;
        };
        let edits = &mut *lock(&self.edits);
        edits.deleted.insert(entry.n);
        edits.order.push(entry.n);
        true
    }

    /// Changes the record of a call: somebody has spoken after all, or a minute longer. Whether there was one that is
    /// not raw.
    pub fn change_call(&self, id: &str) -> bool {
        let Some(entry) = self.entry_with(id).filter(|it| !it.is_deleted && it.raw.is_none()) else {
            return false;
        };
        let now = self.now();
        let edits = &mut *lock(&self.edits);
        let changed = edits.changed.entry(entry.n).or_insert((0, now));
        *changed = (changed.0 + 1, now);
        edits.order.push(entry.n);
        true
    }

    /// The ids of the newest records of the company's log, newest first.
    pub fn newest_ids(&self, count: usize) -> Vec<String> {
        let gone = self.gone();
        let spots = self.merged(0..self.calls.len(), self.recent(|_| true));
        spots.filter(|it| !gone.contains(&it.n())).take(count).map(|it| self.made(it).record_id()).collect()
    }

    /// Puts a record in that is answered byte for byte, wherever the log shows it. Its `startTime` decides where it
    /// stands, one that is no time in RFC 3339 at the present; its other fields decide which filters it passes.
    ///
    /// # Panics
    /// If it is not a JSON object with an `id`.
    pub fn inject_record(&self, json: &str) {
        let record: Value = serde_json::from_str(json).expect("a record in JSON");
        let text = |name: &str| record[name].as_str().unwrap_or_default().to_owned();
        let started_at = DateTime::parse_from_rfc3339(&text("startTime")).map_or_else(|_| self.now(), |it| it.to_utc());
        let is_outbound = record["direction"] == "Outbound";
        let is_missed = record["result"] == "Missed";
        let end = if is_outbound { &record["to"] } else { &record["from"] };
        let named = |it: &usize| json.contains(&self.people[*it].extension_id.to_string());
        let call = Call {
            started_at,
            direction: if is_outbound { Direction::Outbound } else { Direction::Inbound },
            outside: end["phoneNumber"].as_str().map(str::to_owned),
            line: 0,
            rang_for: 0,
            seconds: record["duration"].as_u64().and_then(|it| u32::try_from(it).ok()).unwrap_or(0),
            outcome: if is_missed { Outcome::Missed } else { Outcome::Answered },
            customer: None,
            rang: (0..self.people.len()).filter(named).collect(),
            spoke: None,
            note: "",
        };
        let id = record["id"].as_str().expect("a record with an id").to_owned();
        let raw = Raw {
            text: json.to_owned(),
            id,
            session: text("sessionId"),
            telephony: text("telephonySessionId"),
            is_fax: record["type"] == "Fax",
            is_recorded: record["recording"].is_object(),
        };
        let mut inner = lock(&self.inner);
        let n = inner.next_live;
        inner.next_live += 1;
        inner.finished.push(Entry { raw: Some(Arc::new(raw)), ..Entry::new(n, call, true) });
    }

    /// An entry with what was done to it since.
    pub(super) fn edited(&self, mut entry: Entry) -> Entry {
        let edits = lock(&self.edits);
        entry.is_deleted = edits.deleted.contains(&entry.n);
        if let Some((times, at)) = edits.changed.get(&entry.n) {
            entry.modified_at = Some(*at);
            entry.call.outcome = Outcome::Answered;
            entry.call.spoke = entry.call.spoke.or(entry.call.rang.last().copied());
            entry.call.seconds += LONGER * times;
        }
        entry
    }

    /// The numbers of deleted calls.
    pub(super) fn gone(&self) -> BTreeSet<u64> {
        lock(&self.edits).deleted.clone()
    }

    /// How many edits there were.
    pub(super) fn edit_count(&self) -> usize {
        lock(&self.edits).order.len()
    }

    /// The calls that were edited after the first `count` edits, each once.
    pub(super) fn edited_from(&self, count: usize) -> Vec<Entry> {
        let numbers: BTreeSet<u64> = lock(&self.edits).order.iter().skip(count).copied().collect();
        numbers.into_iter().rev().filter_map(|n| self.entry(n)).collect()
    }

    /// Chosen calls that ended since the start, newest first.
    pub(super) fn recent(&self, is_chosen: impl Fn(&Entry) -> bool) -> Vec<Entry> {
        let mut recent: Vec<Entry> = lock(&self.inner).finished.iter().filter(|it| is_chosen(it)).cloned().collect();
        recent.sort_by_key(|it| std::cmp::Reverse((it.call.started_at, it.n)));
        recent
    }

    /// Positions of the history and calls that ended since, which are sorted, together: newest first.
    pub(super) fn merged(&self, positions: Range<usize>, recent: Vec<Entry>) -> impl Iterator<Item = Spot> + use<> {
        let mut upper = positions.end;
        let mut parts = Vec::with_capacity(recent.len() + 1);
        for entry in recent {
            let lower = self.calls.before(entry.call.started_at).clamp(positions.start.min(upper), upper);
            parts.push((lower..upper, Some(Box::new(entry))));
            upper = lower;
        }
        parts.push((positions.start..upper, None));
        parts.into_iter().flat_map(|(old, new)| old.rev().map(Spot::Old).chain(new.map(Spot::New)))
    }

    /// The call in a place of the log.
    pub(super) fn made(&self, spot: Spot) -> Entry {
        match spot {
            Spot::Old(index) => self.generated(index),
            Spot::New(entry) => self.edited(*entry),
        }
    }

    /// An answer as text, with the raw records in their places.
    pub(super) fn written(&self, answer: &Value) -> String {
        let text = answer.to_string();
        if !text.contains(MARK) {
            return text;
        }
        let inner = lock(&self.inner);
        let raws = inner.finished.iter().filter_map(|it| Some((it.n, it.raw.as_ref()?)));
        raws.fold(text, |text, (n, raw)| text.replace(&Raw::mark(n).to_string(), &raw.text))
    }
}
