//! The call log of RingCentral: every call exactly once, inside the limits, whatever happens while it is read.

use std::collections::BTreeSet;
use std::time::Duration;

use model::connection::{ConnectionView, Limitation};
use model::event::Event;
use model::{ConnectionId, Reason, Time};
use simulators::ring_central::{Group, Spelling};
use simulators::{Fault, RING_CENTRAL};

use crate::support::{Desk, wait_for};

/// Pages of the log are of 250 calls.
const CALLS: usize = 1_100;

async fn desk(calls: usize) -> (Desk, ConnectionId) {
    let desk = Desk::at(|plan| simulators::Plan { ring_calls: calls, is_clock_running: true, ..plan }).await;
    let id = desk.connect(RING_CENTRAL).await;
    (desk, id)
}

/// The ids of the cached calls; each stands there once.
async fn ids(desk: &Desk, id: &ConnectionId) -> BTreeSet<String> {
    let calls = desk.calls_of(id).await;
    let ids: BTreeSet<_> = calls.iter().map(|call| call.external_id.clone()).collect();
    assert_eq!(ids.len(), calls.len(), "no call twice");
    ids
}

fn asked(desk: &Desk, text: &str) -> usize {
    desk.office.log(RING_CENTRAL).iter().filter(|seen| seen.path.contains(text)).count()
}

#[tokio::test]
async fn every_call_is_there_exactly_once_though_calls_come_and_go_while_pages_are_read() {
    let (desk, id) = desk(CALLS).await;
    let ring = &desk.office.ring_central;
    ring.set_calls_per_page(7);
    let newest = ring.newest_ids(400);
    let mut events = desk.console.subscribe();
    let console = desk.console.clone();
    let syncing = tokio::spawn(async move { console.sync(&[], None).await });
    // As soon as the first page has been read, calls of the first pages are deleted, which shifts all others.
    wait_for(&mut events, |event| reading(event).is_some().then_some(())).await;
    let deleted: Vec<_> = newest.iter().skip(3).step_by(5).take(30).cloned().collect();
    for call in &deleted {
        assert!(ring.delete_call(call), "{call} is deleted");
    }
    let report = syncing.await.unwrap().unwrap().pop().unwrap();
    assert_eq!(report.error, None);
    ring.set_calls_per_page(0);
    desk.sync(RING_CENTRAL).await;
    let there: BTreeSet<_> = ring.newest_ids(10_000).into_iter().collect();
    let cached = ids(&desk, &id).await;
    assert_eq!(there.difference(&cached).next(), None, "none is missing");
    let gone: Vec<_> = cached.difference(&there).collect();
    assert!(gone.iter().all(|call| deleted.contains(call)), "only what was deleted after it was read: {gone:?}");
}

/// The connection while its first fill is told of.
fn reading(event: Event) -> Option<ConnectionView> {
    match event {
        Event::Connections { connections } | Event::Snapshot { connections, .. } => {
            connections.into_iter().find(|view| view.reading.is_some())
        }
        Event::Call(_) | Event::Changed { .. } => None,
    }
}

#[tokio::test]
async fn not_one_request_is_sent_inside_a_penalty_with_headers_of_either_spelling_or_none() {
    // Without headers the client knows of no limit until it meets it: at the second request already, on however slow a computer.
    for (spelling, limit, window, calls) in
        [(Spelling::Dashed, 3, 700, CALLS), (Spelling::Joined, 3, 700, CALLS), (Spelling::None, 1, 2_000, 300)]
    {
        let (desk, id) = desk(calls).await;
        let ring = &desk.office.ring_central;
        ring.set_window(Duration::from_millis(window));
        ring.set_limit(Group::Heavy, limit);
        ring.set_limit_headers(spelling);
        let report = desk.sync(RING_CENTRAL).await;
        assert_eq!(report.error, None, "{spelling:?}");
        assert_eq!(ring.requests_in_penalty(), 0, "{spelling:?}");
        let is_told = spelling != Spelling::None;
        assert!(is_told || asked(&desk, "/call-log?") > calls / 250 + 1, "without headers the limit was met");
        assert_eq!(ids(&desk, &id).await.len(), calls, "{spelling:?}");
    }
}

#[tokio::test]
async fn a_penalty_of_one_group_leaves_the_others_alone() {
    let (desk, _) = desk(20).await;
    desk.office.fault(RING_CENTRAL, Fault::Limit { retry_after: 600 }.only("call-log"));
    let report = desk.sync(RING_CENTRAL).await;
    assert_eq!(report.error.map(|it| it.reason), Some(Reason::LimitReached));
    assert!(report.people > 0, "people are of another group");
    let before = asked(&desk, "call-log");
    desk.office.heal(RING_CENTRAL);
    desk.sync(RING_CENTRAL).await;
    assert_eq!(asked(&desk, "call-log"), before, "the penalty still runs");
}

#[tokio::test]
async fn a_token_that_dies_in_the_middle_of_the_walk_is_not_noticed() {
    let (desk, id) = desk(CALLS).await;
    desk.office.ring_central.set_token_requests(2);
    assert_eq!(desk.sync(RING_CENTRAL).await.error, None);
    assert_eq!(ids(&desk, &id).await.len(), CALLS);
    let tokens = asked(&desk, "oauth/token");
    assert!(tokens >= 4, "it died {tokens} times");
}

#[tokio::test]
async fn what_was_deleted_and_what_was_changed_is_followed() {
    let (desk, id) = desk(300).await;
    desk.sync(RING_CENTRAL).await;
    let ring = &desk.office.ring_central;
    let newest = ring.newest_ids(10);
    let before = desk.calls_of(&id).await;
    assert!(ring.delete_call(&newest[2]) && ring.change_call(&newest[5]));
    ring.end_calls(3);
    desk.office.forget_requests(RING_CENTRAL);
    let report = desk.sync(RING_CENTRAL).await;
    assert_eq!((report.error, report.calls), (None, 4), "one changed, three new");
    assert_eq!(asked(&desk, "call-log"), 1, "one request tells it all");
    let after = desk.calls_of(&id).await;
    assert_eq!(after.len(), 302);
    assert!(!after.iter().any(|call| call.external_id == newest[2]), "the deleted one is gone");
    let of = |calls: &[model::call::Call]| calls.iter().find(|call| call.external_id == newest[5]).cloned().unwrap();
    assert_ne!(of(&before), of(&after), "the changed one is as it is now");
}

#[tokio::test]
async fn a_sync_token_that_is_refused_begins_a_full_sync_and_loses_nothing() {
    let (desk, id) = desk(300).await;
    desk.sync(RING_CENTRAL).await;
    let ring = &desk.office.ring_central;
    ring.end_calls(270);
    ring.expire_sync_tokens();
    assert_eq!(desk.sync(RING_CENTRAL).await.error, None);
    assert_eq!(ids(&desk, &id).await.len(), 570);
    assert!(asked(&desk, "syncType=FSync") >= 2);
    ring.end_calls(300);
    assert_eq!(desk.sync(RING_CENTRAL).await.error, None);
    assert_eq!(ids(&desk, &id).await.len(), 870, "more than one sync tells is read page by page");
}

#[tokio::test]
async fn a_fill_that_was_killed_goes_on_where_it_was_and_says_how_far_it_is() {
    let (desk, id) = desk(CALLS).await;
    desk.office.ring_central.set_limit(Group::Heavy, 2);
    desk.office.ring_central.set_window(Duration::from_secs(2));
    let mut events = desk.console.subscribe();
    let console = desk.console.clone();
    let syncing = tokio::spawn(async move { console.sync(&[], None).await });
    let view = wait_for(&mut events, reading).await;
    let reading = view.reading.unwrap();
    assert_eq!(view.state, model::connection::State::Reading);
    assert!(reading.calls >= 250 && reading.permille > 0 && reading.permille < 1_000, "{reading:?}");
    assert!(reading.ends_at.is_some_and(|at| at > Time::from(desk.office.clock.now())), "{reading:?}");
    syncing.abort();
    let pages = asked(&desk, "/call-log?");
    let desk = desk.restarted().await;
    desk.office.ring_central.set_limits(false);
    assert_eq!(desk.sync(RING_CENTRAL).await.error, None);
    assert_eq!(ids(&desk, &id).await.len(), CALLS);
    assert!(pages >= 1 && asked(&desk, "/call-log?") <= 7, "the pages that were read are not read again");
}

#[tokio::test]
async fn without_the_right_to_the_companys_log_the_own_one_is_read_and_that_is_said_until_it_is_given() {
    let (desk, id) = desk(300).await;
    let ring = &desk.office.ring_central;
    ring.set_permission("FullCompanyCallLog", false);
    assert_eq!(desk.sync(RING_CENTRAL).await.error, None);
    let own = ids(&desk, &id).await.len();
    assert!(own > 0 && own < 300, "{own}");
    assert_eq!(desk.view(RING_CENTRAL).await.limitations, [Limitation::OwnCallsOnly]);
    ring.set_permission("FullCompanyCallLog", true);
    let desk = desk.restarted().await;
    assert_eq!(desk.sync(RING_CENTRAL).await.error, None);
    assert_eq!(ids(&desk, &id).await.len(), 300, "the whole log, without anybody connecting anew");
    assert_eq!(desk.view(RING_CENTRAL).await.limitations, []);
}

#[tokio::test]
async fn a_record_that_cannot_be_understood_is_kept_and_counted() {
    let (desk, id) = desk(5).await;
    let odd = r#"{"id":"odd-1","sessionId":"9","startTime":"2026-10-14T00:10:00.000Z","type":"Voice","direction":"Sideways","action":"Levitate","result":"Teleported","z":1564831284702237059123,"a":null}"#;
    desk.office.ring_central.inject_record(odd);
    let report = desk.sync(RING_CENTRAL).await;
    assert_eq!((report.error, report.not_understood), (None, 0), "unknown words are no trouble");
    let call = model::CallId(format!("{id}/odd-1"));
    assert_eq!(desk.console.call_show(&call).await.unwrap().raw.0, odd, "untouched");
    desk.office.ring_central.inject_record(&odd.replace("odd-1", "odd-2").replace("2026-10-14T00", "soon"));
    desk.office.ring_central.expire_sync_tokens();
    let report = desk.sync(RING_CENTRAL).await;
    assert_eq!((report.error, report.not_understood), (None, 1), "nobody knows when it began");
    assert_eq!(desk.view(RING_CENTRAL).await.not_understood, 1);
}

#[tokio::test]
async fn guests_are_never_asked_for_among_the_extensions_and_other_companies_only_if_wanted() {
    let (desk, _) = desk(5).await;
    desk.sync(RING_CENTRAL).await;
    assert_eq!(desk.office.ring_central.guest_ids_at_extensions(), 0);
    assert_eq!(asked(&desk, "showFederated=true"), 0);
    assert_eq!(asked(&desk, "showFederated=false"), 1);
}

#[tokio::test]
async fn a_recording_is_fetched_from_the_systems_own_hosts_and_the_token_goes_nowhere_else() {
    let (desk, id) = desk(200).await;
    desk.sync(RING_CENTRAL).await;
    let mut recorded = None;
    for call in desk.calls_of(&id).await {
        if let Some(recording) = desk.console.recordings_of(&call.id).await.unwrap().pop() {
            recorded = Some((call.id, recording));
            break;
        }
    }
    let (call, recording) = recorded.expect("some calls are recorded");
    assert!(!desk.console.recording_content(&call, &recording).await.unwrap().is_empty());
    let other = simulators::ROCKET_CHAT;
    desk.office.ring_central.set_content_host(Some(desk.office.account(other).url));
    desk.office.forget_requests(other);
    let moved = desk.console.recordings_of(&call).await.unwrap().pop().unwrap();
    let refused = crate::support::failure(desk.console.recording_content(&call, &moved).await);
    assert_eq!(refused.why().reason, Reason::RedirectedAway);
    assert_eq!(desk.office.requests(other), 0, "not even asked");
}
