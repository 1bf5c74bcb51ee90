//! What was said of missed calls, which messages went out about them, and the calls of the last days in few words.

use model::call::{Direction, Outcome, SeenCall};
use model::event::Table;
use model::message::{Delivery, DeliveryState, Recipient};
use model::worklist::{FollowUpMark, FollowUpStep};
use model::{CallId, ConnectionId, DeliveryId, DraftId};
use store::Store;
use store::calls::{Fate, Trace};

use crate::making::{at, connection, number, office, read, seen, store, take_in, write};

fn id(external_id: &str) -> CallId {
    CallId(format!("{}/{external_id}", office()))
}

async fn say(store: &Store, external_id: &str, step: FollowUpStep, minute: i64) -> Vec<FollowUpMark> {
    let ids = [id(external_id)];
    store.write(move |w| store::follow_ups::say(w, &ids, step, "misaki", at(minute))).await.unwrap().value
}

/// What is said, by the system's id of the call.
async fn said(store: &Store) -> Vec<(String, FollowUpStep, i64)> {
    let all = read(store, store::follow_ups::all).await;
    let short = |mark: FollowUpMark| (mark.call.0, mark.step, (mark.at.millis() - at(0).millis()) / 60_000);
    let mut said: Vec<_> = all.into_values().map(short).collect();
    said.sort();
    said
}

async fn traces(store: &Store) -> Vec<Trace> {
    let mut traces = read(store, |r| store::calls::traces(r, at(0))).await;
    traces.sort_by(|a, b| a.id.cmp(&b.id));
    traces
}

fn missed(external_id: &str, minute: i64) -> SeenCall {
    SeenCall { outcome: Outcome::Missed, ..seen(external_id, minute, number("0355500142")) }
}

fn of_session(external_id: &str) -> SeenCall {
    SeenCall { session_id: Some("s1".to_owned()), ..missed(external_id, 0) }
}

fn delivery(draft: &str, minute: i64) -> Delivery {
    Delivery {
        id: DeliveryId::from(draft),
        draft: DraftId::from(draft),
        connection: office(),
        to: Recipient::People(vec!["t@example.jp".to_owned()]),
        text: "折り返しをお願いします".to_owned(),
        file: None,
        state: DeliveryState::Waiting,
        detail: String::new(),
        problem: None,
        created_at: at(minute),
        settled_at: None,
    }
}

async fn message(store: &Store, external_id: &str) -> Option<(String, DraftId)> {
    let ids = [id(external_id)];
    let found = read(store, move |r| store::follow_ups::last_message(r, &ids)).await;
    found.map(|it| (it.name, it.delivery.draft))
}

async fn send(store: &Store, external_id: &str, draft: &'static str, name: &'static str) {
    let id = id(external_id);
    write(store, move |w| store::follow_ups::send(w, &id, &DraftId::from(draft), name, at(1))).await;
}

/// A second connection that told of the same call.
async fn joined() -> Store {
    let store = store().await;
    write(&store, |w| store::connections::insert(w, &connection("c2", "Cloud"))).await;
    take_in(&store, vec![missed("1", 0)]).await;
    let other = SeenCall { outcome: Outcome::Answered, ..missed("x", 1) };
    write(&store, move |w| store::calls::upsert(w, &ConnectionId::from("c2"), Some("JP"), &[other])).await;
    store
}

#[tokio::test]
async fn what_is_said_is_announced_replaced_and_taken_back() {
    let store = store().await;
    take_in(&store, vec![missed("1", 0), missed("2", 1)]).await;
    let ids = [id("1"), id("2"), id("gone")];
    let written =
        store.write(move |w| store::follow_ups::say(w, &ids, FollowUpStep::Taken, "misaki", at(5))).await.unwrap();
    assert_eq!((written.value, written.tables), (vec![], [Table::FollowUps].into()));
    let both = [("c1/1".to_owned(), FollowUpStep::Taken, 5), ("c1/2".to_owned(), FollowUpStep::Taken, 5)];
    assert_eq!(said(&store).await, both);

    let former = say(&store, "1", FollowUpStep::Done, 6).await;
    assert_eq!(
        former.iter().map(|it| (it.step, it.who.as_str())).collect::<Vec<_>>(),
        [(FollowUpStep::Taken, "misaki")]
    );
    assert_eq!(said(&store).await[0].1, FollowUpStep::Done);
    write(&store, move |w| store::follow_ups::restore(w, &[id("1")], &former)).await;
    assert_eq!(said(&store).await, both);
    write(&store, |w| store::follow_ups::restore(w, &[id("1"), id("2")], &[])).await;
    assert_eq!(said(&store).await, []);
}

#[tokio::test]
async fn what_was_said_survives_a_cache_that_is_begun_anew() {
    let dir = tempfile::tempdir().unwrap();
    {
        let store = Store::open(dir.path().to_owned()).await.unwrap().store;
        write(&store, |w| store::connections::insert(w, &connection("c1", "Office"))).await;
        take_in(&store, vec![of_session("live-s1")]).await;
        say(&store, "live-s1", FollowUpStep::Taken, 5).await;
        send(&store, "live-s1", "d1", "田中").await;
        write(&store, |w| store::deliveries::add(w, &delivery("d1", 2))).await;
    }
    std::fs::write(dir.path().join("cache.db"), vec![b'x'; 9000]).unwrap();
    let opened = Store::open(dir.path().to_owned()).await.unwrap();
    assert!(opened.cache_was_rebuilt);
    assert_eq!(said(&opened.store).await, [("c1/live-s1".to_owned(), FollowUpStep::Taken, 5)]);
    take_in(&opened.store, vec![of_session("77")]).await;
    assert_eq!(said(&opened.store).await, [("c1/77".to_owned(), FollowUpStep::Taken, 5)], "the log's call has it");
    assert_eq!(message(&opened.store, "77").await, Some(("田中".to_owned(), DraftId::from("d1"))));
}

#[tokio::test]
async fn the_log_takes_over_what_was_said_of_the_live_call() {
    let store = store().await;
    take_in(&store, vec![of_session("live-s1")]).await;
    say(&store, "live-s1", FollowUpStep::Taken, 5).await;
    take_in(&store, vec![of_session("77")]).await;
    assert_eq!(said(&store).await, [("c1/77".to_owned(), FollowUpStep::Taken, 5)]);
    say(&store, "live-s1", FollowUpStep::Done, 6).await;
    let done = [("c1/77".to_owned(), FollowUpStep::Done, 6)];
    assert_eq!(said(&store).await, done, "whoever still looks at the live call means the log's");
    write(&store, |w| store::connections::remove(w, &office())).await;
    assert_eq!(said(&store).await, [], "nothing could show it any more");
}

#[tokio::test]
async fn one_word_holds_for_every_record_of_a_call() {
    let store = joined().await;
    write(&store, |w| store::follow_ups::say(w, &[id("1")], FollowUpStep::Taken, "misaki", at(5)).map(drop)).await;
    let other = CallId::from("c2/x");
    let former =
        store.write(move |w| store::follow_ups::say(w, &[other], FollowUpStep::Done, "ichiro", at(6))).await.unwrap();
    assert_eq!(former.value.len(), 1);
    assert_eq!(said(&store).await, [("c2/x".to_owned(), FollowUpStep::Done, 6)], "said once");
}

#[tokio::test]
async fn a_message_is_shown_once_it_was_handed_over_and_the_last_one_counts() {
    let store = store().await;
    take_in(&store, vec![missed("1", 0)]).await;
    send(&store, "1", "d1", "田中").await;
    assert_eq!(message(&store, "1").await, None, "the ledger took none");
    for (draft, minute) in [("d1", 2), ("d2", 3)] {
        write(&store, move |w| store::deliveries::add(w, &delivery(draft, minute))).await;
    }
    assert_eq!(message(&store, "1").await, Some(("田中".to_owned(), DraftId::from("d1"))));
    send(&store, "1", "d2", "鈴木").await;
    send(&store, "1", "d2", "somebody else").await;
    assert_eq!(message(&store, "1").await, Some(("鈴木".to_owned(), DraftId::from("d2"))));
}

#[tokio::test]
async fn a_call_is_one_trace_whoever_told_of_it_and_answered_where_anybody_says_so() {
    let store = joined().await;
    let [trace] = traces(&store).await.try_into().unwrap();
    assert_eq!((trace.fate, trace.same.len()), (Fate::Answered, 1));
    assert_eq!(trace.number.as_deref(), Some("+81355500142"));
}

#[tokio::test]
async fn a_trace_tells_the_outside_number_and_what_became_of_the_call() {
    let store = store().await;
    let way = |id: &str, direction, outcome| SeenCall {
        direction,
        outcome,
        to: number("0655500118"),
        ..seen(id, 1, number("0355500142"))
    };
    let hidden = SeenCall { from: number(""), ..missed("4", 2) };
    take_in(
        &store,
        vec![
            way("1", Direction::Outbound, Outcome::Answered),
            way("2", Direction::Inbound, Outcome::Voicemail),
            way("3", Direction::Inbound, Outcome::Ringing),
            hidden,
            missed("old", -1),
            SeenCall { started_at: None, ..missed("never", 0) },
        ],
    )
    .await;
    let found: Vec<_> = traces(&store).await.into_iter().map(|it| (it.id.0, it.number, it.fate)).collect();
    let some = |text: &str| Some(text.to_owned());
    let expected = [
        ("c1/1".to_owned(), some("+81655500118"), Fate::Answered),
        ("c1/2".to_owned(), some("+81355500142"), Fate::Missed),
        ("c1/3".to_owned(), some("+81355500142"), Fate::Other),
        ("c1/4".to_owned(), None, Fate::Missed),
    ];
    assert_eq!(found, expected);
}
