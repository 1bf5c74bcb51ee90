//! No message is lost and none is sent twice.

use futures::future::join_all;
use model::failure::Code;
use model::message::{Delivery, DeliveryState, Recipient};
use simulators::{CHAT_AND_MESSENGER, Fault, RING_CENTRAL, ROCKET_CHAT};

use crate::support::{Desk, arrived, failure, somebody};

#[tokio::test]
async fn pressing_send_twice_sends_once() {
    let desk = Desk::synced().await;
    for system in [CHAT_AND_MESSENGER, ROCKET_CHAT, RING_CENTRAL] {
        let text = format!("once for {system}");
        let draft = desk.draft(system, somebody(), &text).await;
        let presses = join_all((0..5).map(|_| desk.console.send_now(draft.clone()))).await;
        for press in presses {
            assert_eq!(press.unwrap().id.as_str(), draft.id.as_str());
        }
        assert_eq!(arrived(&desk.office, &text), 1, "{system}");
    }
}

#[tokio::test]
async fn an_answer_that_is_lost_is_unknown_or_asked_for_and_never_sent_again() {
    let desk = Desk::synced().await;
    let check = async |system: &'static str, path: &str, expected: DeliveryState| {
        let text = format!("lost answer at {system}");
        desk.office.fault(system, Fault::LoseAnswer.only(path).next(1));
        let delivery = desk.console.send_now(desk.draft(system, somebody(), &text).await).await.unwrap();
        assert_eq!(delivery.state, expected, "{delivery:?}");
        assert_eq!(arrived(&desk.office, &text), 1, "{system}");
        desk.office.heal(system);
        delivery
    };
    let unknown: Delivery = check(CHAT_AND_MESSENGER, "sendMessage", DeliveryState::Unknown).await;
    assert_eq!(unknown.problem.map(|it| it.code), Some(Code::UnknownOutcome));
    assert!(!unknown.detail.is_empty());
    check(RING_CENTRAL, "/posts", DeliveryState::Unknown).await;
    check(ROCKET_CHAT, "chat.sendMessage", DeliveryState::Sent).await;
}

#[tokio::test]
async fn what_was_being_sent_when_the_program_died_is_unknown_unless_the_system_knows() {
    let desk = Desk::synced().await;
    let reached = desk.draft(ROCKET_CHAT, somebody(), "arrived before the end").await;
    let doubtful = desk.draft(CHAT_AND_MESSENGER, somebody(), "nobody knows").await;
    let mut entries = Vec::new();
    for draft in [&reached, &doubtful] {
        // The process ends at the worst moment: claimed, the answer not yet written down.
        desk.console.send_now(draft.clone()).await.unwrap();
        entries.push((draft.id.as_str().to_owned(), draft.connection.clone()));
    }
    let desk = crash_while_sending(desk).await;
    desk.office.clock.advance(chrono::Duration::minutes(5).to_std().unwrap());
    let mut events = desk.console.subscribe();
    desk.console.start().await.unwrap();
    let console = desk.console.clone();
    let settled = async {
        loop {
            let all = console.deliveries_list().await.unwrap();
            let state = |id: &str| all.iter().find(|it| it.id.as_str() == id).map(|it| it.state);
            if state(&entries[0].0) == Some(DeliveryState::Sent) && state(&entries[1].0) == Some(DeliveryState::Unknown)
            {
                return;
            }
            futures::StreamExt::next(&mut events).await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(30), settled).await.expect("both are settled");
    assert_eq!(arrived(&desk.office, "arrived before the end"), 1);
    assert_eq!(arrived(&desk.office, "nobody knows"), 1, "it was not sent again");
    desk.console.stop();
}

/// Puts the ledger back to the state in which a kill between the answer and its entry leaves it.
async fn crash_while_sending(desk: Desk) -> Desk {
    let desk = desk.restarted().await;
    let store = store::Store::open(desk.folder.path().to_owned()).await.expect("the ledger opens").store;
    let now = model::Time::parse(crate::support::NOW).expect("an instant");
    store
        .write(move |w| {
            for delivery in store::deliveries::recent(w, 10)? {
                store::deliveries::settle(w, &delivery.id, DeliveryState::Paused, "", None, now)?;
                store::deliveries::claim(w, &delivery.id, now, std::time::Duration::from_secs(60))?;
            }
            Ok(())
        })
        .await
        .expect("the ledger is written");
    desk
}

#[tokio::test]
async fn a_room_that_was_not_saved_is_not_kept_as_if_it_were() {
    let desk = Desk::connected().await;
    let connection = desk.id(CHAT_AND_MESSENGER).await;
    let uid = desk.office.chat_and_messenger.people()[0].cam_uid.clone();
    let file = |name: &str| {
        format!(
            r#"{{"name":"{name}","createUserId":"{uid}","adminUserId":"{uid}","isPublic":false,"memberUids":{{"{uid}":true}}}}"#
        )
    };
    for fault in [Fault::Status(403), Fault::Reset, Fault::Status(500)] {
        desk.office.fault(CHAT_AND_MESSENGER, fault.clone());
        failure(desk.console.chat_room_apply(&connection, &file("受付")).await);
        assert_eq!(desk.console.chat_rooms_list().await.unwrap(), [], "{fault:?}");
        desk.office.heal(CHAT_AND_MESSENGER);
    }
    let saved = desk.console.chat_room_apply(&connection, &file("受付")).await.unwrap();
    assert_eq!(desk.console.chat_rooms_list().await.unwrap(), [saved.kept]);
}

#[tokio::test]
async fn a_silence_after_sending_does_not_make_a_connection_look_fresh() {
    let desk = Desk::synced().await;
    let before = desk.view(CHAT_AND_MESSENGER).await.last_ok_at;
    desk.office.clock.advance(std::time::Duration::from_secs(600));
    desk.office.fault(CHAT_AND_MESSENGER, Fault::LoseAnswer);
    let draft = desk.draft(CHAT_AND_MESSENGER, somebody(), "into the silence").await;
    assert_eq!(desk.console.send_now(draft).await.unwrap().state, DeliveryState::Unknown);
    assert_eq!(desk.view(CHAT_AND_MESSENGER).await.last_ok_at, before);
}

#[tokio::test]
async fn what_can_be_seen_to_be_wrong_is_told_before_anything_is_sent() {
    let desk = Desk::synced().await;
    let before = desk.office.requests(CHAT_AND_MESSENGER);
    let room = |name: &str| Recipient::Room(name.to_owned());
    let people = |address: &str| Recipient::People(vec![address.to_owned()]);
    for (to, text) in [
        (people("t.kenichi@example.jp"), "  "),
        (people(""), "text"),
        (room(" "), "text"),
        (room("messenger"), "text"),
        (people("a b"), "text"),
    ] {
        let draft = desk.draft(CHAT_AND_MESSENGER, to.clone(), text).await;
        assert_eq!(failure(desk.console.outbox_add(draft).await).code(), Code::Invalid, "{to:?}");
    }
    assert_eq!(desk.office.requests(CHAT_AND_MESSENGER), before);
    assert_eq!(desk.console.deliveries_list().await.unwrap(), []);
}
