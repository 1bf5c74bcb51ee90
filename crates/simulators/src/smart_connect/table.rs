//! The rows of one resource: a generated beginning that takes no memory, and what was changed since.

use super::office::Office;
use super::row::{Row, Stored};
use std::collections::BTreeMap;

/// The rows of one resource.
#[derive(Debug)]
pub(super) struct Table {
    /// Makes the row with a key from 1 to `generated`.
    make: fn(&Office, u64) -> Row,
    generated: u64,
    /// Rows that differ from what is generated; none where a row was removed.
    changed: BTreeMap<u64, Option<Stored>>,
    fields: &'static [&'static str],
    /// Fields beyond the known ones that every row has, with the JSON text that it has unless it was written.
    pub(super) extras: Vec<(String, String)>,
}

impl Table {
    /// A table whose rows 1 to `generated` come from `make`.
    pub(super) fn generated(fields: &'static [&'static str], generated: u64, make: fn(&Office, u64) -> Row) -> Self {
        Self { make, generated, changed: BTreeMap::new(), fields, extras: Vec::new() }
    }

    /// A table with exactly these rows, numbered from 1.
    pub(super) fn of(fields: &'static [&'static str], rows: impl IntoIterator<Item = Row>) -> Self {
        let mut table = Self::generated(fields, 0, |_, _| Row::new());
        for row in rows {
            table.add(Stored::Known(row));
        }
        table
    }

    /// The row with this key.
    pub(super) fn get(&self, office: &Office, key: u64) -> Option<Stored> {
        match self.changed.get(&key) {
            Some(row) => row.clone(),
            None => (1..=self.generated).contains(&key).then(|| Stored::Known((self.make)(office, key))),
        }
    }

    /// The row with this key if it was written after the beginning, else nothing.
    pub(super) fn written(&self, key: u64) -> Option<&Stored> {
        self.changed.get(&key).and_then(Option::as_ref)
    }

    /// All rows that were written after the beginning, newest key first.
    pub(super) fn written_rows(&self) -> impl Iterator<Item = (u64, &Stored)> {
        self.changed.iter().rev().filter_map(|(key, row)| Some((*key, row.as_ref()?)))
    }

    /// Whether a row with this key is there.
    pub(super) fn has(&self, key: u64) -> bool {
        self.changed.get(&key).map_or((1..=self.generated).contains(&key), Option::is_some)
    }

    /// Adds a row under the highest key plus one, which it answers.
    pub(super) fn add(&mut self, row: Stored) -> u64 {
        let key = self.before(u64::MAX).map_or(1, |highest| highest + 1);
        self.put(key, row);
        key
    }

    /// Writes the row under `key`, which also becomes the value of its first field.
    pub(super) fn put(&mut self, key: u64, mut row: Stored) {
        row.set_key(self.fields, key);
        self.changed.insert(key, Some(row));
    }

    /// Writes the row under `key` exactly as it is.
    pub(super) fn put_raw(&mut self, key: u64, row: Stored) {
        self.changed.insert(key, Some(row));
    }

    /// Forgets every row above `key`, so that the next one follows it.
    pub(super) fn cut(&mut self, key: u64) {
        self.generated = self.generated.min(key);
        self.changed.retain(|it, _| *it <= key);
    }

    /// Whether a field may hold any JSON: one that was added, or one that is unknown or no text in a raw row.
    pub(super) fn takes_any(&self, field: &str) -> bool {
        let is_extra = self.extras.iter().any(|it| it.0 == field);
        let is_raw = |row: &Stored| match row {
            Stored::Raw(members, _) => {
                let is_known = self.fields.contains(&field);
                members.get(field).is_some_and(|json| !is_known || !json.starts_with('"'))
            }
            Stored::Known(_) => false,
        };
        is_extra || self.changed.values().flatten().any(is_raw)
    }

    /// Whether there are fields beyond the known ones, or rows that were put in raw.
    pub(super) fn is_free(&self) -> bool {
        !self.extras.is_empty() || self.changed.values().flatten().any(|it| matches!(it, Stored::Raw(..)))
    }

    /// Removes the row.
    pub(super) fn remove(&mut self, key: u64) {
        self.changed.insert(key, None);
    }

    /// The lowest key above `key`.
    pub(super) fn after(&self, key: u64) -> Option<u64> {
        let generated = (key + 1..=self.generated).find(|it| self.has(*it));
        let changed = self.changed.range(key + 1..).find(|it| it.1.is_some()).map(|it| *it.0);
        generated.into_iter().chain(changed).min()
    }

    /// The highest key below `key`.
    pub(super) fn before(&self, key: u64) -> Option<u64> {
        let generated = (1..key.min(self.generated + 1)).rev().find(|it| self.has(*it));
        let changed = self.changed.range(..key).rev().find(|it| it.1.is_some()).map(|it| *it.0);
        generated.into_iter().chain(changed).max()
    }
}
