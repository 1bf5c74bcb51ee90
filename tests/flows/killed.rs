//! A program that ends at any step of a send: nothing is lost, nothing is sent twice, and what nobody knows is called unknown.

use std::future::Future;
use std::task::Poll;
use std::time::Duration;

use model::message::{Delivery, DeliveryState, Draft};
use model::{DraftId, Reason};
use simulators::{CHAT_AND_MESSENGER, Fault, RING_CENTRAL, ROCKET_CHAT};

use crate::support::{Desk, arrived, failure, somebody};

/// Longer than any lease.
const A_WHILE: Duration = Duration::from_secs(300);
/// More steps than a send has.
const MOST_STEPS: usize = 500;

/// Goes on for so many steps and then ends, wherever it is. `None`: it was not over.
async fn killed_after<T>(steps: usize, work: impl Future<Output = T>) -> Option<T> {
    let mut work = Box::pin(work);
    let mut left = steps;
    std::future::poll_fn(move |context| {
        if left == 0 {
            return Poll::Ready(None);
        }
        left -= 1;
        work.as_mut().poll(context).map(Some)
    })
    .await
}

/// Lets the servers finish what they began: they live in this program too.
async fn settle_down() {
    for _ in 0..200 {
        tokio::task::yield_now().await;
    }
}

async fn entry(desk: &Desk, draft: &DraftId) -> Option<Delivery> {
    desk.console.deliveries_list().await.expect("the ledger").into_iter().find(|it| it.draft == *draft)
}

/// What the next run of the program makes of a delivery once every lease is over; `None` where it never came into the ledger.
async fn found_by_the_next_run(desk: &Desk, draft: &DraftId) -> Option<Delivery> {
    for _ in 0..50 {
        settle_down().await;
        desk.office.clock.advance(A_WHILE);
        desk.console.outbox_look().await.expect("a look");
        match entry(desk, draft).await {
            Some(it) if matches!(it.state, DeliveryState::Waiting | DeliveryState::Sending) => {}
            other => return other,
        }
    }
    panic!("it was never settled");
}

/// Kills a send at each of its steps, of a message with a file or without one. Answers with every state that a delivery was left in.
async fn kill_at_every_step(system: &'static str, with_file: bool) -> Vec<DeliveryState> {
    let mut desk = Desk::connected().await;
    let path = desk.folder.path().join("見積.pdf");
    std::fs::write(&path, b"%PDF").expect("room for a file");
    let file = desk.console.file_look(path).await.expect("a file");
    let mut states = Vec::new();
    for steps in 1..MOST_STEPS {
        let text = format!("killed after {steps} steps");
        let file = with_file.then(|| file.clone());
        let draft = Draft { file, ..desk.draft(system, somebody(), &text).await };
        let outcome = killed_after(steps, desk.console.send_now(draft.clone())).await;
        desk = desk.restarted().await;
        let found = found_by_the_next_run(&desk, &draft.id).await;
        let count = arrived(&desk.office, &text);
        match found.as_ref().map(|it| it.state) {
            // The composer still has it: the press was never answered.
            None => assert_eq!(count, 0, "{system}: {text}"),
            Some(DeliveryState::Refused) => assert_eq!(count, 0, "{system}: {text}: {found:?}"),
            Some(DeliveryState::Sent) => assert_eq!(count, 1, "{system}: {text}"),
            Some(DeliveryState::Unknown) => assert!(count <= 1, "{system}: {text}"),
            other => panic!("{system}: {text}: {other:?}"),
        }
        states.extend(found.map(|it| it.state));
        if let Some(delivery) = outcome {
            assert_eq!(delivery.expect("a delivery").state, DeliveryState::Sent);
            return states;
        }
    }
    panic!("a send of {MOST_STEPS} steps");
}

#[tokio::test]
async fn a_kill_at_any_step_leaves_no_doubt_where_the_system_knows_our_ids() {
    let states = kill_at_every_step(ROCKET_CHAT, false).await;
    assert!(!states.contains(&DeliveryState::Unknown), "the system was asked: {states:?}");
    assert!(states.contains(&DeliveryState::Refused) && states.contains(&DeliveryState::Sent), "{states:?}");
}

#[tokio::test]
async fn a_kill_at_any_step_of_a_message_with_a_file_leaves_no_doubt_because_its_file_can_be_found() {
    for system in [ROCKET_CHAT, RING_CENTRAL] {
        let states = kill_at_every_step(system, true).await;
        assert!(!states.contains(&DeliveryState::Unknown), "{system} was asked: {states:?}");
        assert!(states.contains(&DeliveryState::Refused) && states.contains(&DeliveryState::Sent), "{states:?}");
    }
}

#[tokio::test]
async fn a_kill_at_any_step_of_a_message_by_chat_and_messenger_is_told_as_it_is() {
    let states = kill_at_every_step(CHAT_AND_MESSENGER, false).await;
    assert!(states.contains(&DeliveryState::Unknown) && states.contains(&DeliveryState::Sent), "{states:?}");
}

#[tokio::test]
async fn a_kill_at_any_step_of_a_team_message_is_told_as_it_is() {
    let states = kill_at_every_step(RING_CENTRAL, false).await;
    assert!(states.contains(&DeliveryState::Unknown) && states.contains(&DeliveryState::Sent), "{states:?}");
}

#[tokio::test]
async fn a_kill_while_the_server_has_the_message_and_says_nothing_is_told_as_it_is() {
    for (system, path, expected) in [
        (ROCKET_CHAT, "chat.sendMessage", DeliveryState::Sent),
        (CHAT_AND_MESSENGER, "sendMessage", DeliveryState::Unknown),
        (RING_CENTRAL, "/posts", DeliveryState::Unknown),
    ] {
        let desk = Desk::connected().await;
        desk.office.fault(system, Fault::Silence.only(path));
        let draft = desk.draft(system, somebody(), "no answer yet").await;
        let has_it = async {
            while arrived(&desk.office, "no answer yet") == 0 {
                tokio::task::yield_now().await;
            }
        };
        tokio::select! {
            outcome = desk.console.send_now(draft.clone()) => panic!("it was answered: {outcome:?}"),
            () = has_it => {}
        }
        assert_eq!(entry(&desk, &draft.id).await.unwrap().state, DeliveryState::Sending, "{system}");
        desk.office.heal(system);
        let desk = desk.restarted().await;
        desk.console.outbox_look().await.unwrap();
        let still = entry(&desk, &draft.id).await.unwrap().state;
        assert_eq!(still, DeliveryState::Sending, "{system}: another program may still be at it");
        let found = found_by_the_next_run(&desk, &draft.id).await.unwrap();
        assert_eq!((found.state, arrived(&desk.office, "no answer yet")), (expected, 1), "{system}");
    }
}

#[tokio::test]
async fn what_could_not_be_asked_for_at_once_is_asked_for_by_the_next_run() {
    let desk = Desk::connected().await;
    // The message arrives, its answer is lost, and so are the answers to the question that follows.
    desk.office.fault(ROCKET_CHAT, Fault::LoseAnswer.only("/chat."));
    let draft = desk.draft(ROCKET_CHAT, somebody(), "into the dark").await;
    let delivery = desk.console.send_now(draft.clone()).await.unwrap();
    assert_eq!(delivery.state, DeliveryState::Unknown, "{delivery:?}");
    let desk = desk.restarted().await;
    desk.office.clock.advance(A_WHILE);
    desk.console.outbox_look().await.unwrap();
    assert_eq!(entry(&desk, &draft.id).await.unwrap().state, DeliveryState::Unknown, "it still does not answer");
    desk.office.heal(ROCKET_CHAT);
    desk.console.outbox_look().await.unwrap();
    let found = entry(&desk, &draft.id).await.unwrap();
    assert_eq!((found.state, found.problem), (DeliveryState::Sent, None));
    assert_eq!(arrived(&desk.office, "into the dark"), 1);
}

#[tokio::test]
async fn what_did_not_arrive_is_told_once_it_cannot_arrive_any_more_and_sent_again_under_its_id() {
    let desk = Desk::connected().await;
    desk.office.fault(ROCKET_CHAT, Fault::Reset.only("/chat."));
    let draft = desk.draft(ROCKET_CHAT, somebody(), "never seen").await;
    let id = desk.console.send_now(draft).await.unwrap().id;
    desk.office.heal(ROCKET_CHAT);
    assert_eq!(desk.console.outbox_ask(&id).await.unwrap().state, DeliveryState::Unknown, "it may be on its way");
    desk.office.clock.advance(A_WHILE);
    let asked = desk.console.outbox_ask(&id).await.unwrap();
    assert_eq!((asked.state, asked.problem.map(|it| it.reason)), (DeliveryState::Refused, Some(Reason::NotArrived)));
    assert_eq!(desk.console.outbox_again_now(&id).await.unwrap().state, DeliveryState::Sent);
    assert_eq!(desk.console.outbox_again_now(&id).await.unwrap().state, DeliveryState::Sent, "once is enough");
    let kept = desk.office.rocket_chat.messages();
    assert_eq!(kept.iter().filter(|it| it.id == id.as_str()).count(), 1);
}

#[tokio::test]
async fn sending_again_what_arrived_after_all_makes_no_second_message_where_the_system_knows_our_ids() {
    let desk = Desk::connected().await;
    desk.office.fault(ROCKET_CHAT, Fault::LoseAnswer.only("/chat."));
    let draft = desk.draft(ROCKET_CHAT, somebody(), "twice pressed").await;
    let id = desk.console.send_now(draft).await.unwrap().id;
    desk.office.heal(ROCKET_CHAT);
    assert_eq!(desk.console.outbox_again_now(&id).await.unwrap().state, DeliveryState::Sent);
    assert_eq!(arrived(&desk.office, "twice pressed"), 1);
}

#[tokio::test]
async fn where_the_system_cannot_be_asked_a_person_decides() {
    let desk = Desk::connected().await;
    for (system, path, has_arrived, expected) in [
        (CHAT_AND_MESSENGER, "sendMessage", true, DeliveryState::Sent),
        (RING_CENTRAL, "/posts", false, DeliveryState::Refused),
    ] {
        desk.office.fault(system, Fault::LoseAnswer.only(path));
        let draft = desk.draft(system, somebody(), "who knows").await;
        let id = desk.console.send_now(draft).await.unwrap().id;
        desk.office.heal(system);
        desk.office.clock.advance(A_WHILE);
        assert_eq!(failure(desk.console.outbox_ask(&id).await).why().reason, Reason::NotOffered);
        desk.console.outbox_look().await.unwrap();
        let kept = desk.console.deliveries_list().await.unwrap();
        assert_eq!(kept[0].state, DeliveryState::Unknown, "nothing decides by itself");
        assert_eq!(desk.console.outbox_decide(&id, has_arrived).await.unwrap().state, expected);
        let again = desk.console.outbox_decide(&id, !has_arrived).await.unwrap();
        assert_eq!(again.state, expected, "what is decided stays");
        assert!(arrived(&desk.office, "who knows") > 0);
    }
}
