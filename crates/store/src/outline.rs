//! What a list of calls looks like as a whole, remembered per filter and edition, so that a block costs one page by key.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use model::call::CallFilter;

/// Place of a call in every list: when it began, in milliseconds, and its row.
pub(crate) type Key = (i64, i64);

/// How many filters are remembered.
const KEPT: usize = 12;
/// How many keys of found calls are remembered in all of them together; the newest outline is kept whatever it holds.
const MOST_KEYS: usize = 1_500_000;

/// A list of calls as a whole.
#[derive(Clone)]
pub(crate) enum Outline {
    /// Every call of a list that is answered by an index of its own (search, number, person, customer), newest first.
    Found(Arc<[Key]>),
    /// The weeks of a list that is a walk through time, newest first, and how many calls it has in each.
    Spans(Arc<[(i64, u64)]>),
}

impl Outline {
    /// How many calls the list has.
    pub(crate) fn total(&self) -> u64 {
        match self {
            Self::Found(keys) => keys.len() as u64,
            Self::Spans(spans) => spans.iter().map(|(_, calls)| calls).sum(),
        }
    }

    fn keys(&self) -> usize {
        match self {
            Self::Found(keys) => keys.len(),
            Self::Spans(_) => 0,
        }
    }
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
        kept.retain(|(of, what, _)| what != filter && *of + 1 >= edition);
        kept.push_front((edition, filter.clone(), outline));
        let mut keys = 0;
        let fit = kept.iter().take(KEPT).take_while(|(_, _, outline)| {
            keys += outline.keys();
            keys <= MOST_KEYS
        });
        let fit = fit.count().max(1);
        kept.truncate(fit);
    }
}
