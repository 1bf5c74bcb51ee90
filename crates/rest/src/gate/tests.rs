//! The gate under a clock that stands still.

use super::*;

const MINUTE: Duration = Duration::from_secs(60);
const TWO_A_MINUTE: Limit = Limit { group: "heavy", requests: 2, per: MINUTE };

fn wait_of(result: Result<Passage<'_>, Failure>) -> Option<u64> {
    match result {
        Err(Failure::SlowDown(wait, _)) => Some(wait.as_secs()),
        Ok(_) => None,
        Err(other) => panic!("{other}"),
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_over_the_pace_waits_for_its_turn_or_is_told_how_long() {
    let gate = Gate::new(&[TWO_A_MINUTE], None);
    let start = Instant::now();
    assert_eq!(wait_of(gate.pass("heavy", Duration::ZERO).await), None);
    assert_eq!(wait_of(gate.pass("heavy", Duration::ZERO).await), None);
    assert_eq!(wait_of(gate.pass("heavy", Duration::from_secs(30)).await), Some(60));
    assert_eq!(wait_of(gate.pass("light", Duration::ZERO).await), None, "another group is free");
    assert_eq!(wait_of(gate.pass("heavy", MINUTE).await), None);
    assert_eq!(start.elapsed(), MINUTE, "it left when the first of the two was a minute old");
}

#[tokio::test(start_paused = true)]
async fn a_request_that_did_not_leave_does_not_count() {
    let gate = Gate::new(&[TWO_A_MINUTE], None);
    for _ in 0..10 {
        gate.pass("heavy", Duration::ZERO).await.expect("it may leave").unsent();
    }
    gate.hear("route", 1, Some(MINUTE));
    for _ in 0..10 {
        gate.pass("route", Duration::ZERO).await.expect("it may leave").unsent();
    }
}

#[tokio::test(start_paused = true)]
async fn who_waits_uses_nothing_up() {
    let gate = Gate::new(&[TWO_A_MINUTE], None);
    gate.hear("heavy", 3, Some(2 * MINUTE));
    for expected in [None, None, Some(60), Some(60), Some(60)] {
        assert_eq!(wait_of(gate.pass("heavy", Duration::ZERO).await), expected);
    }
    tokio::time::advance(MINUTE).await;
    assert_eq!(wait_of(gate.pass("heavy", Duration::ZERO).await), None, "the third is still there");
    assert_eq!(wait_of(gate.pass("heavy", Duration::ZERO).await), Some(60));
}

#[tokio::test(start_paused = true)]
async fn a_penalty_shuts_its_group_until_it_is_over() {
    let gate = Gate::new(&[], None);
    gate.shut("heavy", MINUTE, Reason::LimitReached);
    gate.shut("heavy", Duration::from_secs(1), Reason::LimitReached);
    assert_eq!(wait_of(gate.pass("heavy", 10 * MINUTE).await), Some(60), "it does not even wait");
    assert_eq!(wait_of(gate.pass("light", Duration::ZERO).await), None);
    tokio::time::advance(MINUTE).await;
    assert_eq!(wait_of(gate.pass("heavy", Duration::ZERO).await), None);
}

#[tokio::test(start_paused = true)]
async fn the_servers_own_limit_takes_the_place_of_ours() {
    let gate = Gate::new(&[TWO_A_MINUTE], None);
    gate.learn("heavy", Some(3), None);
    for _ in 0..3 {
        assert_eq!(wait_of(gate.pass("heavy", Duration::ZERO).await), None);
    }
    assert_eq!(wait_of(gate.pass("heavy", Duration::ZERO).await), Some(60));
    gate.learn("heavy", Some(0), None);
    assert_eq!(wait_of(gate.pass("heavy", Duration::ZERO).await), Some(60), "no limit is of nothing");
}

#[tokio::test(start_paused = true)]
async fn the_servers_own_span_takes_the_place_of_ours_and_tells_how_long_the_rest_takes() {
    let gate = Gate::new(&[TWO_A_MINUTE], None);
    assert_eq!(gate.span("heavy", 5), Some(Duration::from_secs(150)));
    assert_eq!(gate.span("light", 5), None, "without a limit nobody knows");
    gate.learn("heavy", None, Some(Duration::from_secs(2)));
    assert_eq!(gate.span("heavy", 5), Some(Duration::from_secs(5)));
    assert_eq!(wait_of(gate.pass("heavy", Duration::ZERO).await), None);
    assert_eq!(wait_of(gate.pass("heavy", Duration::ZERO).await), None);
    assert_eq!(wait_of(gate.pass("heavy", Duration::ZERO).await), Some(2));
}

#[tokio::test(start_paused = true)]
async fn the_outlook_counts_nothing_and_says_when_the_next_may_leave() {
    let gate = Gate::new(&[TWO_A_MINUTE], None);
    let seen = |gate: &Gate| (gate.pace("heavy").left, gate.pace("heavy").ready_in_ms);
    assert_eq!((gate.pace("heavy").requests, gate.pace("heavy").per_ms), (Some(2), Some(60_000)));
    assert_eq!((seen(&gate), gate.pace("light")), ((Some(2), 0), Pace::default()));
    for _ in 0..2 {
        gate.pass("heavy", Duration::ZERO).await.expect("it may leave").heard();
    }
    assert_eq!(seen(&gate), (Some(0), 60_000));
    tokio::time::advance(MINUTE).await;
    assert_eq!(seen(&gate), (Some(2), 0));
    gate.learn("route", Some(10), None);
    gate.hear("route", 0, Some(Duration::from_secs(7)));
    let route = gate.pace("route");
    assert_eq!((route.requests, route.left, route.ready_in_ms), (Some(10), Some(0), 7_000));
}

#[tokio::test(start_paused = true)]
async fn the_servers_figure_counts_where_it_allows_less() {
    let gate = Gate::new(&[TWO_A_MINUTE], None);
    gate.hear("heavy", 1, None);
    assert_eq!(wait_of(gate.pass("heavy", Duration::ZERO).await), None);
    assert_eq!(wait_of(gate.pass("heavy", Duration::ZERO).await), Some(60));
    gate.hear("route", 1, Some(Duration::from_secs(20)));
    assert_eq!(wait_of(gate.pass("route", Duration::ZERO).await), None);
    assert_eq!(wait_of(gate.pass("route", Duration::ZERO).await), Some(20));
    tokio::time::advance(Duration::from_secs(20)).await;
    assert_eq!(wait_of(gate.pass("route", Duration::ZERO).await), None, "a told span ends");
}

#[tokio::test(start_paused = true)]
async fn no_more_leave_at_once_than_a_server_takes_that_has_not_said_how_many() {
    let gate = Gate::new(&[], Some(3));
    let pass = async || gate.pass("route", Duration::ZERO).await.ok();
    let first = [pass().await, pass().await, pass().await].map(|it| it.expect("three may leave"));
    assert!(pass().await.is_none(), "the fourth waits for what the first answer says");
    // The answers come in another order than the requests were counted in: 2 of 5 are left after all three.
    for (passage, remaining) in first.into_iter().zip([3, 2, 4]) {
        passage.heard();
        gate.learn("route", Some(5), None);
        gate.hear("route", remaining, Some(MINUTE));
    }
    let second = [pass().await, pass().await].map(|it| it.expect("two are left"));
    assert!(pass().await.is_none(), "neither is counted yet, and a third would be one too many");
    drop(second);
    assert!(pass().await.is_none(), "what was lost may have been counted");
    tokio::time::advance(MINUTE).await;
    let next = [pass().await, pass().await, pass().await, pass().await, pass().await];
    assert!(next.iter().all(Option::is_some) && pass().await.is_none(), "five a span, as the server said");
}

#[tokio::test(start_paused = true)]
async fn a_server_that_says_nothing_of_a_limit_has_none() {
    let gate = Gate::new(&[], Some(1));
    let first = gate.pass("route", Duration::ZERO).await.expect("one may leave");
    first.heard();
    gate.free("route");
    let mut many = Vec::new();
    for _ in 0..20 {
        many.push(gate.pass("route", Duration::ZERO).await.expect("any number may leave"));
    }
}
