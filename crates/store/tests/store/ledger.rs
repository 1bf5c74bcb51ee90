//! The ledger of messages.

use std::time::Duration;

use model::audit::{AuditFilter, AuditOutcome};
use model::event::Table;
use model::failure::Problem;
use model::file::{AttachedFile, Uploaded};
use model::message::{Delivery, DeliveryState, Draft, Guise, Recipient};
use model::{DeliveryId, DraftId, Failure, Raw, Reason, Why};
use store::{Store, deliveries};

use crate::making::{at, office, read, store, write};

const LEASE: Duration = Duration::from_secs(60);

fn delivery(id: &str, draft: &str, minute: i64) -> Delivery {
    Delivery {
        id: DeliveryId::from(id),
        draft: DraftId::from(draft),
        connection: office(),
        to: Recipient::People(vec!["a@example.com".to_owned()]),
        text: "お電話です\n折り返し".to_owned(),
        file: None,
        state: DeliveryState::Waiting,
        detail: String::new(),
        problem: None,
        created_at: at(minute),
        settled_at: None,
    }
}

async fn claim(store: &Store, id: &'static str) -> bool {
    store.write(move |w| deliveries::claim(w, &id.into(), at(1), LEASE)).await.unwrap().value
}

/// Those that stand so, oldest first.
async fn standing(store: &Store, state: DeliveryState) -> Vec<Delivery> {
    let mut all = read(store, |r| deliveries::recent(r, 10)).await;
    all.retain(|it| it.state == state);
    all.reverse();
    all
}

fn ids(deliveries: &[Delivery]) -> Vec<&str> {
    deliveries.iter().map(|it| it.id.as_str()).collect()
}

#[tokio::test]
async fn a_second_press_with_the_same_draft_adds_nothing() {
    let store = store().await;
    let first = store.write(|w| deliveries::add(w, &delivery("m1", "d1", 0))).await.unwrap();
    assert_eq!((first.value, first.tables), (true, [Table::Deliveries].into()));
    for again in [delivery("m2", "d1", 1), delivery("m1", "d2", 1)] {
        let second = store.write(move |w| deliveries::add(w, &again)).await.unwrap();
        assert!(!second.value && second.tables.is_empty());
    }
    let all = read(&store, |r| deliveries::recent(r, 10)).await;
    assert_eq!(all, [delivery("m1", "d1", 0)]);
}

#[tokio::test]
async fn a_delivery_is_claimed_once_and_settled() {
    let store = store().await;
    write(&store, |w| deliveries::add(w, &delivery("m1", "d1", 0))).await;
    write(&store, |w| deliveries::add(w, &delivery("m2", "d2", 1))).await;
    assert_eq!(ids(&standing(&store, DeliveryState::Waiting).await), ["m1", "m2"], "oldest first");
    assert!(claim(&store, "m1").await);
    assert!(!claim(&store, "m1").await, "somebody has it");
    assert!(!claim(&store, "m9").await);
    assert_eq!(ids(&standing(&store, DeliveryState::Waiting).await), ["m2"]);
    assert_eq!(ids(&standing(&store, DeliveryState::Sending).await), ["m1"]);
    assert!(read(&store, |r| deliveries::abandoned(r, at(1))).await.is_empty());
    assert_eq!(ids(&read(&store, |r| deliveries::abandoned(r, at(2))).await), ["m1"], "its lease is over");
    assert!(!claim(&store, "m1").await, "and still nobody sends it again");

    let problem = Problem::from(&Failure::Unknown(Why::new(Reason::OutcomeUnknown, "no answer")));
    let settled = problem.clone();
    write(&store, move |w| {
        deliveries::settle(w, &"m1".into(), DeliveryState::Unknown, "no answer", Some(&settled), at(3))
    })
    .await;
    let kept = read(&store, |r| deliveries::get(r, &"m1".into())).await.unwrap();
    assert_eq!((kept.state, kept.detail.as_str()), (DeliveryState::Unknown, "no answer"));
    assert_eq!((kept.problem, kept.settled_at), (Some(problem), Some(at(3))));
    assert!(standing(&store, DeliveryState::Sending).await.is_empty());
    assert!(!claim(&store, "m1").await, "what may have arrived is never sent again by itself");
}

#[tokio::test]
async fn a_paused_delivery_can_be_claimed_after_the_sign_in() {
    let store = store().await;
    write(&store, |w| deliveries::add(w, &delivery("m1", "d1", 0))).await;
    assert!(claim(&store, "m1").await);
    write(&store, |w| deliveries::settle(w, &"m1".into(), DeliveryState::Paused, "", None, at(2))).await;
    assert_eq!(read(&store, |r| deliveries::get(r, &"m1".into())).await.unwrap().settled_at, None, "not final");
    assert!(claim(&store, "m1").await);
}

async fn settle(store: &Store, id: &'static str, state: DeliveryState, minute: i64) {
    write(store, move |w| deliveries::settle(w, &id.into(), state, "why", None, at(minute))).await;
}

async fn state(store: &Store, id: &'static str) -> DeliveryState {
    read(store, move |r| deliveries::get(r, &id.into())).await.unwrap().state
}

#[tokio::test]
async fn what_waits_out_a_limit_waits_and_is_its_owners_until_its_time_is_over() {
    let store = store().await;
    write(&store, |w| deliveries::add(w, &delivery("m1", "d1", 0))).await;
    write(&store, |w| deliveries::add(w, &delivery("m2", "d2", 4))).await;
    let hold = async |id: &'static str| {
        store.write(move |w| deliveries::hold(w, &id.into(), at(5), LEASE)).await.unwrap().value
    };
    assert!(!hold("m1").await, "nobody has claimed it");
    assert!(claim(&store, "m1").await);
    assert!(hold("m1").await);
    assert_eq!(state(&store, "m1").await, DeliveryState::Waiting, "nothing of it has left");
    assert!(read(&store, |r| deliveries::abandoned(r, at(9))).await.is_empty(), "so it can never become unknown");
    let left = async |minute: i64| {
        ids(&read(&store, move |r| deliveries::left_waiting(r, at(minute), 2 * LEASE, 10)).await).join(" ")
    };
    assert_eq!(left(5).await, "", "one is held, the other has only just come");
    assert_eq!(left(6).await, "m1", "whoever held it is gone");
    assert_eq!(left(7).await, "m1 m2", "nobody ever took the other");
    assert!(claim(&store, "m1").await, "its owner goes on");
    assert!(claim(&store, "m2").await);
    assert_eq!(left(7).await, "");
}

#[tokio::test]
async fn only_what_was_refused_or_is_doubtful_or_paused_is_taken_up_again() {
    let store = store().await;
    write(&store, |w| deliveries::add(w, &delivery("m1", "d1", 0))).await;
    let take_up = async || store.write(|w| deliveries::take_up(w, &"m1".into(), at(9), LEASE)).await.unwrap().value;
    assert!(!take_up().await, "it waits anyway");
    assert!(claim(&store, "m1").await);
    assert!(!take_up().await, "it is being sent");
    for settled in [DeliveryState::Refused, DeliveryState::Unknown, DeliveryState::Paused] {
        settle(&store, "m1", settled, 2).await;
        assert!(take_up().await, "{settled:?}");
        let kept = read(&store, |r| deliveries::get(r, &"m1".into())).await.unwrap();
        assert_eq!((kept.state, kept.detail.as_str(), kept.settled_at), (DeliveryState::Waiting, "", None));
        assert!(claim(&store, "m1").await);
        assert!(!claim(&store, "m1").await, "by one alone");
    }
    settle(&store, "m1", DeliveryState::Sent, 3).await;
    assert!(!take_up().await, "what arrived is never sent again");
}

#[tokio::test]
async fn what_is_doubtful_and_what_is_paused_can_be_found_again() {
    let store = store().await;
    for (id, draft, minute) in [("m1", "d1", 0), ("m2", "d2", 1), ("m3", "d3", 2)] {
        write(&store, move |w| deliveries::add(w, &delivery(id, draft, minute))).await;
    }
    settle(&store, "m1", DeliveryState::Unknown, 5).await;
    settle(&store, "m2", DeliveryState::Unknown, 7).await;
    settle(&store, "m3", DeliveryState::Paused, 7).await;
    let doubtful = async |since: i64, settled: i64| {
        ids(&read(&store, move |r| deliveries::doubtful(r, at(since), at(settled), 10)).await).join(" ")
    };
    assert_eq!(doubtful(0, 7).await, "m2 m1", "newest first");
    assert_eq!(doubtful(0, 6).await, "m1", "the other was settled too lately");
    assert_eq!(doubtful(1, 7).await, "m2", "the other is too old");
    assert_eq!(ids(&read(&store, |r| deliveries::paused(r, None)).await), ["m3"]);
    assert_eq!(ids(&read(&store, |r| deliveries::paused(r, Some(&office()))).await), ["m3"]);
    assert!(read(&store, |r| deliveries::paused(r, Some(&"another".into()))).await.is_empty());
}

#[tokio::test]
async fn the_history_goes_back_to_the_first_delivery() {
    let store = store().await;
    // Two of one minute are told apart by their ids.
    for (id, draft, minute) in [("m1", "d1", 0), ("m3", "d3", 1), ("m2", "d2", 1), ("m4", "d4", 2)] {
        write(&store, move |w| deliveries::add(w, &delivery(id, draft, minute))).await;
    }
    let before = async |id: &'static str, limit: u32| {
        ids(&read(&store, move |r| deliveries::before(r, &id.into(), limit)).await).join(" ")
    };
    assert_eq!(before("m4", 2).await, "m3 m2");
    assert_eq!(before("m2", 2).await, "m1");
    assert_eq!(before("m1", 2).await, "");
    assert_eq!(before("m9", 2).await, "", "nobody knows where that would be");
}

#[tokio::test]
async fn a_draft_is_kept_whole() {
    let store = store().await;
    let draft = Draft {
        id: DraftId::from("d1"),
        connection: office(),
        to: Recipient::Room("総務".to_owned()),
        text: "a\nb".to_owned(),
        mentions: vec!["x@example.com".to_owned()],
        sealed: true,
        attachments: Some(Raw("[{\"title\":\"t\"}]".to_owned())),
        guise: Guise { alias: Some("受付".to_owned()), ..Guise::default() },
        thread: Some("17-letters".to_owned()),
        file: None,
    };
    let kept = draft.clone();
    assert!(write(&store, move |w| deliveries::keep_draft(w, &kept)).await.is_empty());
    assert_eq!(read(&store, |r| deliveries::draft(r, &"d1".into())).await, Some(draft));
    assert_eq!(read(&store, |r| deliveries::draft(r, &"d2".into())).await, None);
}

#[tokio::test]
async fn what_became_of_a_message_stands_in_the_log_of_writes() {
    let store = store().await;
    write(&store, |w| deliveries::add(w, &delivery("m1", "d1", 0))).await;
    let settle = |state, detail: &'static str| {
        write(&store, move |w| deliveries::settle(w, &"m1".into(), state, detail, None, at(2)))
    };
    settle(DeliveryState::Paused, "sign in").await;
    settle(DeliveryState::Unknown, "no answer").await;
    settle(DeliveryState::Unknown, "no answer").await;
    settle(DeliveryState::Sent, "8FzQ").await;
    let page = read(&store, |r| store::audit::page(r, &AuditFilter::default(), None, 10)).await;
    let shown: Vec<_> = page.entries.iter().map(|it| (it.outcome, it.detail.as_str())).collect();
    assert_eq!(
        shown,
        [(Some(AuditOutcome::Done), "8FzQ"), (Some(AuditOutcome::Unknown), "no answer")],
        "what is open is not in it, and nothing twice"
    );
    let deed = &page.entries[0].deed;
    assert_eq!((deed.key.as_deref(), deed.subject.as_str()), (Some("m1"), "a@example.com"));
    assert!(deed.after.as_ref().unwrap().0.contains("折り返し"), "the text stands in it");
}

#[tokio::test]
async fn the_settings_of_one_connection_change_alone() {
    let store = store().await;
    write(&store, |w| store::connections::insert(w, &crate::making::connection("c2", "Other"))).await;
    let other = [("user-id".to_owned(), "u2".to_owned())].into();
    write(&store, move |w| store::connections::set_settings(w, &office(), &other)).await;
    let all = read(&store, store::connections::all).await;
    let told: Vec<_> = all.iter().map(|it| it.settings["user-id"].as_str()).collect();
    assert_eq!(told, ["u2", "u1"]);
}

fn file(path: &str) -> AttachedFile {
    AttachedFile {
        path: path.to_owned(), name: "見積 🛎.pdf".to_owned(), size: 4_000_000_000, sha256: "ab".repeat(32)
    }
}

#[tokio::test]
async fn a_delivery_keeps_its_file_and_the_log_of_writes_names_it_by_its_digest() {
    let store = store().await;
    let with_file = Delivery { file: Some(file("/tmp/a")), ..delivery("m1", "d1", 0) };
    let kept = with_file.clone();
    write(&store, move |w| deliveries::add(w, &kept)).await;
    assert_eq!(read(&store, |r| deliveries::get(r, &"m1".into())).await, Some(with_file));
    write(&store, |w| deliveries::settle(w, &"m1".into(), DeliveryState::Sent, "8FzQ", None, at(2))).await;
    let page = read(&store, |r| store::audit::page(r, &AuditFilter::default(), None, 10)).await;
    let after = page.entries[0].deed.after.as_ref().unwrap().0.clone();
    assert!(after.contains("見積 🛎.pdf") && after.contains(&"ab".repeat(32)) && !after.contains("/tmp/a"), "{after}");
}

#[tokio::test]
async fn what_a_system_has_of_a_delivery_is_kept_until_it_is_forgotten() {
    let store = store().await;
    let one = Uploaded { place: "GENERAL".to_owned(), file: "f1".to_owned(), at: at(1) };
    let two = Uploaded { file: "f2".to_owned(), at: at(2), ..one.clone() };
    for (uploaded, again) in [(one.clone(), one), (two.clone(), two)] {
        assert!(write(&store, move |w| store::uploads::put(w, &"m1".into(), &uploaded)).await.is_empty());
        assert_eq!(read(&store, |r| store::uploads::get(r, &"m1".into())).await, Some(again));
    }
    write(&store, |w| store::uploads::remove(w, &"m1".into())).await;
    assert_eq!(read(&store, |r| store::uploads::get(r, &"m1".into())).await, None);
}

#[tokio::test]
async fn a_file_is_wanted_while_its_message_may_still_leave() {
    let store = store().await;
    for (id, minute, state) in
        [("old", 0, DeliveryState::Refused), ("sent", 5, DeliveryState::Sent), ("open", 5, DeliveryState::Refused)]
    {
        let entry = Delivery { file: Some(file(id)), state, ..delivery(id, id, minute) };
        write(&store, move |w| deliveries::add(w, &entry)).await;
    }
    assert_eq!(read(&store, |r| store::uploads::wanted(r, at(3))).await, ["open"]);
}
