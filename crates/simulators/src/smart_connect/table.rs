//! The rows of one resource: a generated beginning that takes no memory, and what was changed since.

use super::office::Office;
use std::collections::BTreeMap;

/// The values of a row in the order of the resource's fields; the first is the key.
pub(super) type Row = Vec<String>;

/// The rows of one resource.
#[derive(Debug)]
pub(super) struct Table {
    /// Makes the row with a key from 1 to `generated`.
    make: fn(&Office, u64) -> Row,
    generated: u64,
    /// Rows that differ from what is generated; none where a row was removed.
    changed: BTreeMap<u64, Option<Row>>,
}

impl Table {
    /// A table whose rows 1 to `generated` come from `make`.
    pub(super) fn generated(generated: u64, make: fn(&Office, u64) -> Row) -> Self {
        Self { make, generated, changed: BTreeMap::new() }
    }

    /// A table with exactly these rows, numbered from 1.
    pub(super) fn of(rows: impl IntoIterator<Item = Row>) -> Self {
        let mut table = Self::generated(0, |_, _| Row::new());
        for row in rows {
            table.add(row);
        }
        table
    }

    /// The row with this key.
    pub(super) fn get(&self, office: &Office, key: u64) -> Option<Row> {
        match self.changed.get(&key) {
            Some(row) => row.clone(),
            None => (1..=self.generated).contains(&key).then(|| (self.make)(office, key)),
        }
    }

    /// The row with this key if it was written after the beginning, else nothing.
    pub(super) fn written(&self, key: u64) -> Option<&Row> {
        self.changed.get(&key).and_then(Option::as_ref)
    }

    /// All rows that were written after the beginning, newest key first.
    pub(super) fn written_rows(&self) -> impl Iterator<Item = (u64, &Row)> {
        self.changed.iter().rev().filter_map(|(key, row)| Some((*key, row.as_ref()?)))
    }

    /// Whether a row with this key is there.
    pub(super) fn has(&self, key: u64) -> bool {
        self.changed.get(&key).map_or((1..=self.generated).contains(&key), Option::is_some)
    }

    /// Adds a row under the highest key plus one, which it answers.
    pub(super) fn add(&mut self, mut row: Row) -> u64 {
        let key = self.before(u64::MAX).map_or(1, |highest| highest + 1);
        row[0] = key.to_string();
        self.changed.insert(key, Some(row));
        key
    }

    /// Writes the row under `key`, which also becomes the value of its first field.
    pub(super) fn put(&mut self, key: u64, mut row: Row) {
        row[0] = key.to_string();
        self.changed.insert(key, Some(row));
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
