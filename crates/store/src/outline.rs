//! What a list of calls looks like as a whole, remembered per filter and edition, so that a block costs one page by key.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use model::call::CallFilter;

/// Place of a call in every list: when it began, in milliseconds, and its row.
pub(crate) type Key = (i64, i64);

/// How many filters are remembered.
const KEPT: usize = 6;

/// A list of calls as a whole.
#[derive(Clone)]
pub(crate) struct Outline {
    /// How many calls it has.
    pub(crate) total: u64,
    /// For a filter that is answered by an index of its own (search, number, person): every call of the list, newest first.
    /// For the others: the last call of every block. `None` where only the total was needed so far.
    pub(crate) keys: Option<Arc<[Key]>>,
}

/// The outlines of the filters used last.
#[derive(Default)]
pub(crate) struct Outlines(Mutex<VecDeque<(u64, CallFilter, Outline)>>);

impl Outlines {
    /// What is known of this filter at this edition.
    pub(crate) fn get(&self, edition: u64, filter: &CallFilter) -> Option<Outline> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().find(|(of, what, _)| *of == edition && what == filter).map(|(_, _, outline)| outline.clone())
    }

    /// Remembers it and forgets the oldest, and what was known of this filter before.
    pub(crate) fn put(&self, edition: u64, filter: &CallFilter, outline: Outline) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|(_, what, _)| what != filter);
        kept.push_front((edition, filter.clone(), outline));
        kept.truncate(KEPT);
    }
}
