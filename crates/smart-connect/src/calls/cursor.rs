//! How far a call log was read, as text that outlives the program.

use model::Time;
use model::connection::Limitation;
use serde::{Deserialize, Serialize};

use crate::search::Order;

/// The first window of a fill: its calls are usable at once.
const FIRST: u32 = 1_000;
/// The first window after the log was left alone for so long that the usual windows do not reach what is known.
const AFTER_ABSENCE: u32 = 10_000;

/// How far the log was read; JSON text outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Cursor {
    /// The highest id seen.
    pub(super) high: u64,
    /// The window that a fill reads; `None` once the log was read to its end.
    pub(super) fill: Option<u32>,
    /// When the call of the highest id began. Another time there means that the ids were given anew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) at: Option<Time>,
    /// The id from which the log is known already, so that the fill may end there; 0 where nothing is known.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(super) until: u64,
    /// Whether the window reads from the oldest end, because one with every row was too large.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) from_oldest: bool,
    /// The lowest id that was read from the newest end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) low: Option<u64>,
    /// Whether the two ends of a log that is too large did not meet, so that calls between them are missing.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) has_gap: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
fn is_zero(number: &u64) -> bool {
    *number == 0
}

impl Cursor {
    pub(super) const START: Self =
        Self { high: 0, fill: Some(FIRST), at: None, until: 0, from_oldest: false, low: None, has_gap: false };

    /// A text that is not ours begins anew. A window of 0 rows would be the whole log, and is never asked for.
    pub(super) fn read(text: Option<&str>) -> Self {
        let read = text.and_then(|text| serde_json::from_str::<Self>(text).ok());
        read.filter(|it| it.fill != Some(0)).unwrap_or(Self::START)
    }

    pub(super) fn text(self) -> String {
        serde_json::to_string(&self).unwrap_or_default()
    }

    /// Remembers the highest id.
    pub(super) fn raise(&mut self, id: Option<u64>, at: Option<Time>) {
        if let Some(id) = id
            && (id > self.high || id == self.high && self.at.is_none())
        {
            self.high = id;
            self.at = at;
        }
    }

    /// Takes note of how far down a portion reached from the newest end, and, from the oldest end, whether it came up to that.
    pub(super) fn reach(&mut self, ids: impl Iterator<Item = u64>) {
        if self.from_oldest {
            let highest = ids.max();
            self.has_gap = self.low.zip(highest).is_some_and(|(low, highest)| highest + 1 < low);
        } else {
            self.low = ids.chain(self.low).min();
        }
    }

    /// What is read only in part, for good.
    pub(super) fn limitation(self) -> Option<Limitation> {
        self.has_gap.then_some(Limitation::LogHasGap)
    }

    /// The log is known, but not what came since.
    pub(super) fn caught_up_on(self) -> Self {
        Self { fill: Some(AFTER_ABSENCE), until: self.high, from_oldest: false, low: None, ..self }
    }

    /// Everything was read.
    pub(super) fn filled(self) -> Self {
        Self { fill: None, until: 0, from_oldest: false, low: None, ..self }
    }

    /// The next window after one that was filled to its last row.
    pub(super) fn wider(self, window: u32) -> Self {
        if is_step(window) {
            Self { fill: Some(window.saturating_mul(10)), ..self }
        } else {
            // A wider one was too large before.
            self.at_oldest_end(window)
        }
    }

    /// The next window after one whose answer was too large to be read; `None` where there is none left to try.
    pub(super) fn narrower(self, window: u32) -> Option<Self> {
        if self.from_oldest || window <= FIRST {
            return None;
        }
        let half = window / 2;
        let fitted = 10_u32.pow((window - 1).ilog10());
        Some(if half > fitted { Self { fill: Some(half), ..self } } else { self.at_oldest_end(fitted) })
    }

    fn at_oldest_end(self, window: u32) -> Self {
        Self { fill: Some(window), from_oldest: true, ..self }
    }

    pub(super) fn order(self) -> Order {
        if self.from_oldest { Order::OldestFirst } else { Order::NewestFirst }
    }
}

/// Whether a window is one of those that grow by ten.
fn is_step(window: u32) -> bool {
    window == 10_u32.pow(window.max(1).ilog10())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_grow_by_ten_and_shrink_by_half_until_the_other_end_is_tried() {
        let wide = Cursor::START.wider(1_000).wider(10_000).wider(100_000);
        assert_eq!((wide.fill, wide.from_oldest), (Some(1_000_000), false));
        let mut windows = Vec::new();
        let mut next = wide.narrower(1_000_000);
        while let Some(cursor) = next {
            windows.push((cursor.fill.unwrap(), cursor.from_oldest));
            next = cursor.narrower(cursor.fill.unwrap());
        }
        assert_eq!(windows, [(500_000, false), (250_000, false), (125_000, false), (100_000, true)]);
        let half = Cursor { fill: Some(250_000), ..Cursor::START }.wider(250_000);
        assert_eq!((half.fill, half.from_oldest), (Some(250_000), true));
        assert_eq!(Cursor::START.narrower(1_000), None);
    }

    #[test]
    fn a_cursor_survives_as_text_and_the_whole_log_is_never_a_window() {
        let cursor = Cursor { high: 7, fill: None, ..Cursor::START };
        assert_eq!(cursor.text(), r#"{"high":7,"fill":null}"#);
        assert_eq!(Cursor::read(Some(&cursor.text())), cursor);
        assert_eq!(Cursor::read(Some(r#"{"high":7,"fill":0}"#)), Cursor::START);
        assert_eq!(Cursor::read(Some("else")), Cursor::START);
        assert_eq!(Cursor::read(None), Cursor::START);
    }
}
