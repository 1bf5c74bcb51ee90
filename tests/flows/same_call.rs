//! One call that both telephone systems saw: shown once, noted where notes are kept, separated by a person for good.

use model::call::{Call, CallFilter, CallNoted};
use model::{CallId, ConnectionId};
use simulators::{Fault, RING_CENTRAL, SMART_CONNECT};

use crate::support::Desk;

/// A call that both systems have in their logs.
async fn joined(desk: &Desk) -> Call {
    let all = desk.calls().await;
    all.into_iter().find(|it| !it.same.is_empty()).expect("the office and the cloud saw some calls both")
}

async fn of_both(desk: &Desk) -> (ConnectionId, ConnectionId) {
    (desk.id(SMART_CONNECT).await, desk.id(RING_CENTRAL).await)
}

#[tokio::test]
async fn what_both_systems_saw_is_listed_once_and_of_each_by_itself() {
    let desk = Desk::synced().await;
    let (office, cloud) = of_both(&desk).await;
    let all = desk.console.calls_page(CallFilter::default(), None, 1_000).await.unwrap();
    let (one, other) = (desk.calls_of(&office).await.len(), desk.calls_of(&cloud).await.len());
    let twice = all.calls.iter().filter(|it| !it.same.is_empty()).count();
    assert!(twice > 0);
    assert_eq!(all.calls.len() + twice, one + other);
    let call = joined(&desk).await;
    assert_eq!((&call.connection, &call.same[0].connection), (&cloud, &office), "the cloud tells how it rang");
    let apart = call.started_at.unwrap().millis() - call.same[0].started_at.unwrap().millis();
    assert!(apart.abs() <= 90_000, "{apart}");
}

#[tokio::test]
async fn a_note_on_it_goes_to_the_system_that_keeps_notes() {
    let desk = Desk::synced().await;
    let (office, _) = of_both(&desk).await;
    let call = joined(&desk).await;
    let detail = desk.console.call_show(&call.id).await.unwrap();
    assert_eq!(detail.note_kept_by.as_ref(), Some(&office));
    let noted = desk.console.call_note(&call.id, "折り返し済み & 見積", None).await.unwrap();
    let CallNoted::Done(shown) = noted else { panic!("nobody else wrote") };
    assert_eq!((&shown.id, shown.note.as_deref()), (&call.id, Some("折り返し済み & 見積")));
    // It is really there: another desk reads it from the system.
    desk.sync(SMART_CONNECT).await;
    let own = desk.calls_of(&office).await.into_iter().find(|it| it.id == call.same[0].id).unwrap();
    assert_eq!(own.note.as_deref(), Some("折り返し済み & 見積"));
    let found = CallFilter { search: "見積".to_owned(), ..CallFilter::default() };
    let ids: Vec<CallId> =
        desk.console.calls_page(found, None, 10).await.unwrap().calls.into_iter().map(|it| it.id).collect();
    assert!(ids.contains(&call.id), "found by what the other record says");
}

#[tokio::test]
async fn not_the_same_holds_through_every_later_reading() {
    let desk = Desk::synced().await;
    let call = joined(&desk).await;
    let other = call.same[0].id.clone();
    let alone = desk.console.call_separate(&call.id, &other).await.unwrap();
    assert!(alone.same.is_empty());
    let desk = desk.restarted().await;
    for system in [SMART_CONNECT, RING_CENTRAL] {
        desk.sync(system).await;
    }
    let is_alone = |all: &[Call], id: &CallId| all.iter().any(|it| it.id == *id && it.same.is_empty());
    let all = desk.calls().await;
    assert!(is_alone(&all, &call.id) && is_alone(&all, &other));
    let beside = desk.console.calls_beside(&call.id).await.unwrap();
    assert!(beside.iter().any(|it| it.id == other), "it can be said to be the same again");
    let again = desk.console.call_join(&call.id, &other).await.unwrap();
    assert!(again.same.iter().any(|it| it.id == other && it.is_by_hand));
}

#[tokio::test]
async fn one_system_down_leaves_what_was_joined() {
    let desk = Desk::synced().await;
    let before = desk.calls().await.len();
    desk.office.fault(SMART_CONNECT, Fault::Reset);
    desk.console.sync(&[], None).await.unwrap();
    assert_eq!(desk.calls().await.len(), before);
    assert!(!joined(&desk).await.same.is_empty());
}
