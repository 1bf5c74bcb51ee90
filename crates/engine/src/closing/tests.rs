//! The closing rule by example, and what holds for any calls in any order.

use proptest::prelude::*;

use super::*;

const CALLER: &str = "+81355500142";

fn at(minute: i64) -> Time {
    Time::from_millis(1_790_000_000_000 + minute * 60_000).unwrap()
}

fn call(id: &str, minute: i64, direction: Direction, fate: Fate, number: Option<&str>) -> Trace {
    let number = number.map(str::to_owned);
    Trace { id: CallId::from(id), same: Vec::new(), started_at: at(minute), direction, fate, number }
}

fn missed(id: &str, minute: i64) -> Trace {
    call(id, minute, Direction::Inbound, Fate::Missed, Some(CALLER))
}

fn said(id: &str, minute: i64, step: FollowUpStep) -> (CallId, FollowUpMark) {
    let id = CallId::from(id);
    (id.clone(), FollowUpMark { call: id, step, who: "misaki".to_owned(), at: at(minute) })
}

/// Ids of each entry, and in a word what became of it.
fn shape(traces: &[Trace], marks: &[(CallId, FollowUpMark)]) -> Vec<(String, String)> {
    let marks = marks.iter().cloned().collect();
    let word = |entry: Entry| match entry.standing {
        Standing::New => "new".to_owned(),
        Standing::Taken(_) => "taken".to_owned(),
        Standing::Done(_) => "done".to_owned(),
        Standing::ClosedBy(id, _) => id.0,
    };
    let ids = |entry: &Entry| entry.calls.iter().map(|it| it.as_str()).collect::<Vec<_>>().join(" ");
    entries(traces, &marks).into_iter().map(|it| (ids(&it), word(it))).collect()
}

fn pair(ids: &str, word: &str) -> (String, String) {
    (ids.to_owned(), word.to_owned())
}

#[test]
fn a_later_answered_call_either_way_closes_what_came_before_it() {
    use Direction::{Inbound, Outbound, Unknown};
    use Fate::{Answered, Missed, Other};
    let check = |direction, fate, number: Option<&str>, minute, expected: &str| {
        let traces = [missed("a/1", 10), call("b/9", minute, direction, fate, number)];
        let found = shape(&traces, &[]);
        let of_first = found.iter().find(|(ids, _)| ids.contains("a/1")).unwrap();
        assert_eq!(of_first.1, expected, "{direction:?} {fate:?} {number:?} {minute}");
    };
    check(Outbound, Answered, Some(CALLER), 11, "b/9");
    check(Inbound, Answered, Some(CALLER), 11, "b/9");
    check(Outbound, Answered, Some("0355500142"), 11, "b/9");
    check(Outbound, Answered, Some(CALLER), 9, "new");
    check(Outbound, Answered, Some(CALLER), 10, "new");
    check(Outbound, Missed, Some(CALLER), 11, "new");
    check(Inbound, Other, Some(CALLER), 11, "new");
    check(Unknown, Answered, Some(CALLER), 11, "new");
    check(Outbound, Answered, Some("+81355500143"), 11, "new");
    check(Outbound, Answered, Some("+82355500142"), 11, "new");
    check(Outbound, Answered, None, 11, "new");
}

#[test]
fn the_calls_of_one_number_wait_together_until_one_is_answered() {
    let back = call("b/5", 25, Direction::Outbound, Fate::Answered, Some(CALLER));
    let traces = [missed("a/1", 10), missed("a/2", 20), back, missed("a/3", 30), missed("a/4", 40)];
    assert_eq!(shape(&traces, &[]), [pair("a/4 a/3", "new"), pair("a/2 a/1", "b/5")]);
}

#[test]
fn a_withheld_number_stands_alone_and_closes_nothing() {
    let hidden = |id, minute, fate| call(id, minute, Direction::Inbound, fate, None);
    let traces = [hidden("a/1", 1, Fate::Missed), hidden("a/2", 2, Fate::Missed), hidden("a/3", 3, Fate::Answered)];
    assert_eq!(shape(&traces, &[]), [pair("a/2", "new"), pair("a/1", "new")]);
}

#[test]
fn a_short_number_is_another_in_another_connection() {
    let short = |id, minute, fate| call(id, minute, Direction::Inbound, fate, Some("204"));
    let traces = [short("a/1", 1, Fate::Missed), short("b/2", 2, Fate::Answered), short("a/3", 3, Fate::Answered)];
    assert_eq!(shape(&traces[..2], &[]), [pair("a/1", "new")]);
    assert_eq!(shape(&traces, &[]), [pair("a/1", "a/3")]);
}

#[test]
fn who_takes_a_number_has_its_next_call_too_and_who_closed_it_has_not() {
    use FollowUpStep::{Done, Taken};
    let traces = [missed("a/1", 10), missed("a/2", 20)];
    assert_eq!(shape(&traces, &[said("a/1", 15, Taken)]), [pair("a/2 a/1", "taken")]);
    assert_eq!(shape(&traces, &[said("a/1", 15, Done)]), [pair("a/2", "new"), pair("a/1", "done")]);
    let both = [said("a/1", 25, Done), said("a/2", 25, Done)];
    assert_eq!(shape(&traces, &both), [pair("a/2 a/1", "done")]);
}

#[test]
fn what_was_opened_again_is_closed_by_a_call_after_that_only() {
    let back = |id, minute| call(id, minute, Direction::Outbound, Fate::Answered, Some(CALLER));
    let opened = [said("a/1", 30, FollowUpStep::Open)];
    assert_eq!(shape(&[missed("a/1", 10), back("b/2", 20)], &opened), [pair("a/1", "new")]);
    assert_eq!(shape(&[missed("a/1", 10), back("b/2", 20), back("b/3", 40)], &opened), [pair("a/1", "b/3")]);
}

#[test]
fn what_was_said_of_another_record_of_the_call_holds() {
    let traces = [Trace { same: vec![CallId::from("b/7")], ..missed("a/1", 10) }];
    let (taken, done) = (said("b/7", 15, FollowUpStep::Taken), said("b/7", 15, FollowUpStep::Done));
    assert_eq!(shape(&traces, &[taken]), [pair("a/1", "taken")]);
    assert_eq!(shape(&traces, &[done, said("a/1", 12, FollowUpStep::Taken)]), [pair("a/1", "done")], "the later word");
}

fn any_trace() -> impl Strategy<Value = (i64, Direction, Fate, Option<&'static str>)> {
    let direction = prop_oneof![Just(Direction::Inbound), Just(Direction::Outbound), Just(Direction::Unknown)];
    let fate = prop_oneof![Just(Fate::Missed), Just(Fate::Answered), Just(Fate::Other)];
    let numbers = [Some(CALLER), Some("0355500142"), Some("+82355500142"), Some("+819055500187"), Some("204"), None];
    (0..60_i64, direction, fate, proptest::sample::select(numbers.to_vec()))
}

fn any_traces() -> impl Strategy<Value = Vec<Trace>> {
    proptest::collection::vec(any_trace(), 0..40).prop_map(|all| {
        let named = all.into_iter().enumerate();
        named.map(|(at, (minute, way, fate, number))| call(&format!("a/{at}"), minute, way, fate, number)).collect()
    })
}

fn any_marks() -> impl Strategy<Value = Vec<(CallId, FollowUpMark)>> {
    let step = prop_oneof![Just(FollowUpStep::Open), Just(FollowUpStep::Taken), Just(FollowUpStep::Done)];
    let mark = (0..40_usize, 0..60_i64, step).prop_map(|(id, minute, step)| said(&format!("a/{id}"), minute, step));
    proptest::collection::vec(mark, 0..10)
}

proptest! {
    #[test]
    fn the_order_in_which_calls_come_does_not_matter(
        (traces, turned) in any_traces().prop_flat_map(|all| (Just(all.clone()), Just(all).prop_shuffle())),
        marks in any_marks(),
    ) {
        prop_assert_eq!(shape(&traces, &marks), shape(&turned, &marks));
    }

    #[test]
    fn every_missed_call_stands_in_exactly_one_entry_and_nothing_else_does(
        traces in any_traces(), marks in any_marks(),
    ) {
        let mut expected: Vec<_> = traces.iter().filter(|it| is_missed(it)).map(|it| it.id.clone()).collect();
        let mut found: Vec<_> = entries(&traces, &marks.into_iter().collect()).into_iter().flat_map(|it| it.calls).collect();
        expected.sort();
        found.sort();
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn what_closed_an_entry_was_answered_and_began_after_all_of_it(traces in any_traces(), marks in any_marks()) {
        let of = |id: &CallId| traces.iter().find(|it| it.id == *id).unwrap();
        for entry in entries(&traces, &marks.into_iter().collect()) {
            if let Standing::ClosedBy(by, _) = &entry.standing {
                prop_assert_eq!(of(by).fate, Fate::Answered);
                prop_assert!(entry.calls.iter().all(|it| of(it).started_at < of(by).started_at));
                prop_assert!(of(by).number.is_some());
            }
        }
    }
}
