//! What the last looks at the newest rows saw, and what is new or changed in the next.

use std::collections::BTreeMap;

use model::call::{Outcome, SeenCall};

/// Rows that are remembered, so that a row which leaves the window and returns is not taken for a change.
const REMEMBERED: usize = 1_000;

/// A row as a call, with a mark that changes whenever the row does.
pub(super) type Row = (u64, SeenCall);

/// What a look found.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// It was the first one: everything is known now, and nothing of it is news.
    First,
    /// The numbers went down, because the server was set back to a backup. Nothing of it is news either.
    SetBack,
    /// The calls to tell of, oldest first.
    Calls(Vec<SeenCall>),
}

/// What the last looks saw: a mark by the number of the row.
#[derive(Debug, Default)]
pub(super) struct Window {
    known: Option<BTreeMap<u64, u64>>,
}

impl Window {
    pub(super) fn is_filled(&self) -> bool {
        self.known.is_some()
    }

    /// The highest number that is known.
    fn highest(&self) -> Option<u64> {
        self.known.as_ref().map(|known| known.keys().next_back().copied().unwrap_or(0))
    }

    /// Whether one of these rows was there already, so that no row between them and the known ones is missing.
    pub(super) fn reaches(&self, rows: &[Row]) -> bool {
        let number = |call: &SeenCall| call.external_id.parse::<u64>().ok();
        self.highest().is_none_or(|highest| rows.iter().any(|(_, call)| number(call).is_some_and(|it| it <= highest)))
    }

    pub(super) fn take(&mut self, rows: Vec<Row>) -> Found {
        let mut rows: Vec<_> = rows
            .into_iter()
            .filter_map(|(mark, call)| Some((call.external_id.parse::<u64>().ok()?, mark, call)))
            .collect();
        rows.sort_by_key(|(id, ..)| *id);
        let newest = rows.last().map(|(id, ..)| *id);
        let highest = self.highest();
        // An empty answer proves nothing; it also comes from a server that is just starting.
        let is_set_back = highest.zip(newest).is_some_and(|(highest, newest)| newest < highest);
        let Some(highest) = highest.filter(|_| !is_set_back) else {
            self.known = Some(rows.into_iter().map(|(id, mark, _)| (id, mark)).collect());
            return if is_set_back { Found::SetBack } else { Found::First };
        };
        let known = self.known.get_or_insert_default();
        let mut told = Vec::new();
        for (id, mark, call) in rows {
            match known.insert(id, mark) {
                None if id > highest => told.extend(rings(call)),
                Some(before) if before != mark => told.push(call),
                None | Some(_) => {}
            }
        }
        while known.len() > REMEMBERED {
            known.pop_first();
        }
        Found::Calls(told)
    }
}

/// A new row is a ring, even where it already says how the call ended: that follows at once as a change.
fn rings(call: SeenCall) -> impl Iterator<Item = SeenCall> {
    let ring = SeenCall { outcome: Outcome::Ringing, ..call.clone() };
    let end = (call.outcome != Outcome::Unknown).then_some(call);
    [Some(ring), end].into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::times::Zone;
    use crate::wire::{self, CallRows, Page};

    fn rows(json: &[&str]) -> Vec<Row> {
        let mut reader = CallRows::new(Zone::Computer);
        let page = Page::of_text(&format!("[{}]", json.join(","))).unwrap();
        let rows = page.rows().unwrap().map(Result::unwrap);
        rows.map(|row| (wire::mark(row.raw), reader.call(&row))).collect()
    }

    fn told(window: &mut Window, json: &[&str]) -> Vec<(String, Outcome)> {
        let Found::Calls(calls) = window.take(rows(json)) else { panic!("it only filled") };
        calls.into_iter().map(|call| (call.external_id, call.outcome)).collect()
    }

    fn filled(json: &[&str]) -> Window {
        let mut window = Window::default();
        assert_eq!(window.take(rows(json)), Found::First);
        window
    }

    fn is(id: &str, outcome: Outcome) -> (String, Outcome) {
        (id.to_owned(), outcome)
    }

    #[test]
    fn the_first_look_fills_silently_and_a_new_number_rings() {
        let mut window = filled(&[r#"{"ID":"9"}"#, r#"{"ID":"10"}"#]);
        assert_eq!(told(&mut window, &[r#"{"ID":"10"}"#, r#"{"ID":"9"}"#]), []);
        let three = [r#"{"ID":"12"}"#, r#"{"ID":"11"}"#, r#"{"ID":"10"}"#];
        let rings = [is("11", Outcome::Ringing), is("12", Outcome::Ringing)];
        assert_eq!(told(&mut window, &three), rings, "numbers, not texts");
        assert_eq!(told(&mut window, &three), [], "a ring is told once");
    }

    #[test]
    fn a_changed_row_is_told_as_it_is_now() {
        let mut window = filled(&[r#"{"ID":"1"}"#]);
        assert_eq!(told(&mut window, &[r#"{"ID":"2","対応":""}"#]), [is("2", Outcome::Ringing)]);
        assert_eq!(told(&mut window, &[r#"{"ID":"2","対応":"応答"}"#]), [is("2", Outcome::Answered)]);
        let ended = r#"{"ID":"3","種別":"不在着信"}"#;
        assert_eq!(told(&mut window, &[ended]), [is("3", Outcome::Ringing), is("3", Outcome::Missed)]);
    }

    #[test]
    fn numbers_that_go_down_only_fill_again() {
        let mut window = filled(&[r#"{"ID":"100"}"#]);
        assert_eq!(window.take(rows(&[r#"{"ID":"40"}"#, r#"{"ID":"39"}"#])), Found::SetBack);
        assert_eq!(told(&mut window, &[r#"{"ID":"41"}"#]), [is("41", Outcome::Ringing)]);
    }

    #[test]
    fn the_first_call_of_an_empty_log_rings() {
        let mut window = filled(&[]);
        assert_eq!(told(&mut window, &[r#"{"ID":"1"}"#]), [is("1", Outcome::Ringing)]);
        assert_eq!(told(&mut window, &[]), [], "an empty answer changes nothing");
        assert_eq!(told(&mut window, &[r#"{"ID":"1"}"#]), []);
    }

    #[test]
    fn a_look_of_new_rows_only_does_not_reach_what_is_known() {
        let window = filled(&[r#"{"ID":"10"}"#]);
        assert!(window.reaches(&rows(&[r#"{"ID":"12"}"#, r#"{"ID":"10"}"#])));
        assert!(window.reaches(&rows(&[r#"{"ID":"12"}"#, r#"{"ID":"8"}"#])), "a row may have been removed");
        assert!(!window.reaches(&rows(&[r#"{"ID":"12"}"#, r#"{"ID":"11"}"#])));
        assert!(Window::default().reaches(&rows(&[r#"{"ID":"12"}"#])), "nothing is known yet");
    }
}
