//! What saves work within a session: which rows were handed on, and the rest of a window. Nothing is lost with it.

use std::collections::{BTreeMap, BTreeSet};

use model::call::SeenCall;

use crate::times::Zone;
use crate::wire::{self, CallRows, Page, Row};

/// The most rows that are remembered; of more, the newest.
const MOST: usize = 200_000;
/// The most rows without a number that are remembered.
const MOST_ODD: usize = 20_000;

/// See the file.
pub(super) struct Memory {
    /// Reads rows, and knows the field names and telephone numbers of those before.
    reader: CallRows,
    /// Mark of each row that was handed on, by id.
    known: BTreeMap<u64, u64>,
    /// Marks of the rows without a number that were handed on.
    odd: BTreeSet<u64>,
    /// The window that is being handed on.
    pub(super) rest: Option<Rest>,
}

/// A window of which not every row is handed on yet.
pub(super) struct Rest {
    pub(super) window: u32,
    pub(super) from_oldest: bool,
    pub(super) page: Page,
}

/// A row as a call, with its id as a number where it is one.
pub(super) struct Read {
    pub(super) id: Option<u64>,
    mark: u64,
    pub(super) call: SeenCall,
}

impl Read {
    /// Whether something essential of it could not be read.
    pub(super) fn is_odd(&self) -> bool {
        self.id.is_none() || self.call.started_at.is_none()
    }
}

impl Memory {
    pub(super) fn new(zone: Zone) -> Self {
        Self { reader: CallRows::new(zone), known: BTreeMap::new(), odd: BTreeSet::new(), rest: None }
    }

    pub(super) fn forget(&mut self) {
        self.known.clear();
        self.odd.clear();
        self.rest = None;
    }

    pub(super) fn read(&mut self, row: &Row<'_>) -> Read {
        let call = self.reader.call(row);
        Read { id: call.external_id.parse().ok(), mark: wire::mark(row.raw), call }
    }

    /// Whether a row was not handed on before in the same words; from now on it was.
    pub(super) fn is_new(&mut self, read: &Read) -> bool {
        match read.id {
            Some(id) => {
                let is_new = self.known.insert(id, read.mark) != Some(read.mark);
                if self.known.len() > MOST {
                    self.known.pop_first();
                }
                is_new
            }
            None => {
                if self.odd.len() >= MOST_ODD {
                    self.odd.clear();
                }
                self.odd.insert(read.mark)
            }
        }
    }

    /// Known ids that are missing where they would have to stand: in the whole log, or between rows that the system has
    /// sorted by their ids.
    pub(super) fn vanished(&mut self, rows: &[Read], is_whole: bool) -> Vec<String> {
        let ids: Vec<u64> = rows.iter().filter_map(|read| read.id).collect();
        let (Some(lowest), Some(highest)) = (ids.iter().min(), ids.iter().max()) else {
            return Vec::new();
        };
        if !is_whole && !ids.is_sorted_by(|newer, older| newer > older) {
            return Vec::new();
        }
        let from = if is_whole { 0 } else { *lowest };
        let there: BTreeSet<u64> = ids.iter().copied().collect();
        let gone: Vec<u64> =
            self.known.range(from..=*highest).map(|(id, _)| *id).filter(|id| !there.contains(id)).collect();
        for id in &gone {
            self.known.remove(id);
        }
        gone.iter().map(u64::to_string).collect()
    }
}
