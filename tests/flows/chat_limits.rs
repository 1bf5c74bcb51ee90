//! The three chats where something is used up or not allowed: never one request too many, whatever waits is sent later or told, and
//! every sign arrives in rooms as it does with people.

use std::time::Duration;

use model::Reason;
use model::failure::Code;
use model::message::{Delivery, DeliveryState, Recipient};
use simulators::{CHAT_AND_MESSENGER, Fault, RING_CENTRAL, ROCKET_CHAT};

use crate::support::{Desk, arrived, somebody, wait_for};

/// Everything that breaks where somebody forgets to encode, and what people write.
const SIGNS: &str = "R&D + 100% \"引用\" \\ \\\\ \\n ; # <b> '\n二行目\r\n\t三行目 🛎👩‍💻🇯🇵 ｶﾞ か\u{3099} 한국어 %0A {{}} ";

/// Waits until the ledger is as it is wanted.
async fn until(desk: &Desk, wanted: impl Fn(usize, usize) -> bool) -> Vec<Delivery> {
    let mut events = desk.console.subscribe();
    loop {
        let all = desk.console.deliveries_list().await.expect("the ledger");
        let count = |state| all.iter().filter(|it| it.state == state).count();
        if wanted(count(DeliveryState::Sent), count(DeliveryState::Waiting)) {
            return all;
        }
        wait_for(&mut events, Some).await;
    }
}

fn posts(desk: &Desk) -> usize {
    desk.office.log(RING_CENTRAL).iter().filter(|it| it.path.ends_with("/posts")).count()
}

#[tokio::test]
async fn team_messages_keep_to_the_limit_of_their_group_to_the_last_request() {
    let desk = Desk::connected().await;
    desk.office.ring_central.set_limits(true);
    let chat = desk.office.ring_central.chat_named("Sales").unwrap();
    for number in 0..45 {
        let draft = desk.draft(RING_CENTRAL, Recipient::Room(chat.clone()), &format!("burst {number}")).await;
        desk.console.outbox_add(draft).await.unwrap();
    }
    let all = until(&desk, |sent, waiting| sent >= 40 && sent + waiting == 45).await;
    assert_eq!(all.iter().filter(|it| it.state == DeliveryState::Sent).count(), 40, "nothing is refused");
    assert_eq!((posts(&desk), desk.office.ring_central.requests_in_penalty()), (40, 0), "the next is not even tried");
}

#[tokio::test]
async fn a_chat_that_asks_to_be_left_alone_is_left_alone_and_the_message_waits() {
    let desk = Desk::connected().await;
    let limit = Fault::Limit { retry_after: 200 };
    for (system, path) in [(CHAT_AND_MESSENGER, "sendMessage"), (RING_CENTRAL, "/posts"), (ROCKET_CHAT, "chat.send")] {
        desk.office.fault(system, limit.clone().only(path).next(1));
        let asked = || desk.office.log(system).iter().filter(|it| it.path.contains(path)).count();
        for text in ["first", "second"] {
            let draft = desk.draft(system, somebody(), &format!("{text} at {system}")).await;
            let id = desk.console.outbox_add(draft).await.unwrap().id;
            let mut events = desk.console.subscribe();
            // Claimed, met the limit, put back.
            let held = async || {
                let all = desk.console.deliveries_list().await.unwrap();
                let state = all.into_iter().find(|it| it.id == id).unwrap().state;
                state == DeliveryState::Waiting && asked() > 0
            };
            while !held().await {
                wait_for(&mut events, Some).await;
            }
        }
        assert_eq!(asked(), 1, "{system}: the second is not even tried");
        assert_eq!(arrived(&desk.office, &format!("first at {system}")), 0);
    }
}

#[tokio::test]
async fn a_right_that_is_missing_is_told_and_nothing_arrives() {
    let desk = Desk::connected().await;
    desk.office.ring_central.set_permission("TeamMessaging", false);
    desk.office.chat_and_messenger.plan_is_too_small(true);
    for (system, reason) in [(RING_CENTRAL, Reason::NoPermission), (CHAT_AND_MESSENGER, Reason::NoPlan)] {
        let text = format!("not allowed at {system}");
        let refused = desk.console.send_now(desk.draft(system, somebody(), &text).await).await.unwrap();
        let problem = refused.problem.map(|it| (it.code, it.reason));
        assert_eq!((refused.state, problem), (DeliveryState::Refused, Some((Code::Refused, reason))), "{system}");
        assert_eq!(arrived(&desk.office, &text), 0);
        // Once the right is there, the same message goes out once.
        desk.office.ring_central.set_permission("TeamMessaging", true);
        desk.office.chat_and_messenger.plan_is_too_small(false);
        desk.office.clock.advance(Duration::from_secs(1));
        assert_eq!(desk.console.outbox_again_now(&refused.id).await.unwrap().state, DeliveryState::Sent, "{system}");
        assert_eq!(arrived(&desk.office, &text), 1);
        desk.office.chat_and_messenger.plan_is_too_small(true);
    }
}

#[tokio::test]
async fn every_sign_arrives_in_a_room_as_it_was_written() {
    let desk = Desk::connected().await;
    for (system, room) in [(CHAT_AND_MESSENGER, "受付"), (ROCKET_CHAT, "reception"), (RING_CENTRAL, "Sales")] {
        let sent = desk.console.send_now(desk.draft(system, Recipient::Room(room.into()), SIGNS).await).await.unwrap();
        assert_eq!(sent.state, DeliveryState::Sent, "{system}: {sent:?}");
    }
    assert_eq!(arrived(&desk.office, SIGNS), 3);
}
