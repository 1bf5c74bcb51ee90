//! The three chats when something is in the way: limits, a second factor, a right that is missing, a room that is gone, a text that is
//! too long, and answers that nobody can read.

use model::event::{Event, Table};
use model::failure::Code;
use model::message::{Delivery, DeliveryState, Draft, Recipient};
use model::{DeliveryId, Reason, Secret};
use simulators::rocket_chat::{IMPERSONATE, Limit, Version};
use simulators::{CHAT_AND_MESSENGER, Fault, RING_CENTRAL, ROCKET_CHAT};

use crate::support::{Desk, arrived, failure, new, somebody, wait_for};

fn room(name: &str) -> Recipient {
    Recipient::Room(name.to_owned())
}

/// How often this call was asked.
fn asked(desk: &Desk, system: &str, path: &str) -> usize {
    desk.office.log(system).iter().filter(|it| it.path.contains(path)).count()
}

async fn state(desk: &Desk, id: &DeliveryId) -> Delivery {
    desk.console
        .deliveries_list()
        .await
        .expect("the ledger")
        .into_iter()
        .find(|it| it.id == *id)
        .expect("it is in the ledger")
}

/// Waits until the ledger is as it is wanted.
async fn until(desk: &Desk, wanted: impl Fn(&[Delivery]) -> bool) -> Vec<Delivery> {
    let mut events = desk.console.subscribe();
    loop {
        let all = desk.console.deliveries_list().await.expect("the ledger");
        if wanted(&all) {
            return all;
        }
        wait_for(&mut events, Some).await;
    }
}

fn count(all: &[Delivery], state: DeliveryState) -> usize {
    all.iter().filter(|it| it.state == state).count()
}

#[tokio::test]
async fn a_burst_is_never_one_request_too_many_and_the_rest_waits() {
    let desk = Desk::connected().await;
    desk.office.rocket_chat.limit(Some(Limit::default()));
    for number in 0..14 {
        let draft = desk.draft(ROCKET_CHAT, room("reception"), &format!("burst {number}")).await;
        desk.console.outbox_add(draft).await.unwrap();
    }
    let is_over = |all: &[Delivery]| {
        count(all, DeliveryState::Sent) >= 10
            && count(all, DeliveryState::Waiting) + count(all, DeliveryState::Sent) == 14
    };
    let all = until(&desk, is_over).await;
    assert_eq!((count(&all, DeliveryState::Sent), count(&all, DeliveryState::Waiting)), (10, 4), "nothing is refused");
    assert_eq!(asked(&desk, ROCKET_CHAT, "chat.sendMessage"), 10, "the eleventh is not even tried");
    assert_eq!(asked(&desk, ROCKET_CHAT, "rooms.get"), 1, "and one look finds the room for all of them");
}

#[tokio::test]
async fn what_waits_for_a_limit_when_the_program_ends_was_not_sent_and_is_told_so() {
    let desk = Desk::connected().await;
    desk.office.rocket_chat.limit(Some(Limit { calls: 1, ..Limit::default() }));
    let first = desk.draft(ROCKET_CHAT, room("reception"), "the first").await;
    assert_eq!(desk.console.send_now(first).await.unwrap().state, DeliveryState::Sent);
    let second = desk.draft(ROCKET_CHAT, room("reception"), "the second").await;
    let mut events = desk.console.subscribe();
    let id = desk.console.outbox_add(second).await.unwrap().id;
    let ledger =
        |event| matches!(event, Event::Changed { tables } if tables.contains(&Table::Deliveries)).then_some(());
    for _written_claimed_put_back in 0..3 {
        wait_for(&mut events, ledger).await;
    }
    assert_eq!(state(&desk, &id).await.state, DeliveryState::Waiting, "it met the limit and waits again");
    let desk = desk.restarted().await;
    desk.office.clock.advance(std::time::Duration::from_secs(600));
    desk.console.outbox_look().await.unwrap();
    let found = state(&desk, &id).await;
    let reason = found.problem.map(|it| it.reason);
    assert_eq!((found.state, reason), (DeliveryState::Refused, Some(Reason::ClosedBeforeSending)));
    assert_eq!(arrived(&desk.office, "the second"), 0);
}

#[tokio::test]
async fn a_second_factor_or_a_lost_sign_in_keeps_a_message_until_the_connection_is_signed_in_again() {
    let desk = Desk::connected().await;
    for system in [ROCKET_CHAT, CHAT_AND_MESSENGER] {
        if system == ROCKET_CHAT {
            desk.office.rocket_chat.second_factor(Some("246810"));
        } else {
            desk.office.fault(system, Fault::TokenExpired);
        }
        let text = format!("kept at {system}");
        let draft = desk.draft(system, somebody(), &text).await;
        let id = desk.console.outbox_add(draft).await.unwrap().id;
        let is_paused = |all: &[Delivery]| all.iter().any(|it| it.id == id && it.state == DeliveryState::Paused);
        until(&desk, is_paused).await;
        let paused = state(&desk, &id).await;
        let expected = if system == ROCKET_CHAT { Reason::SecondFactor } else { Reason::TokenRefused };
        let problem = paused.problem.map(|it| (it.code, it.reason));
        assert_eq!((problem, paused.settled_at), (Some((Code::SignedOut, expected)), None));
        assert_eq!(arrived(&desk.office, &text), 0);

        // Whoever waits for the outcome gets one.
        let waited_for = desk.draft(system, somebody(), "waited for").await;
        let refused = desk.console.send_now(waited_for).await.unwrap();
        assert_eq!((refused.state, refused.problem.map(|it| it.code)), (DeliveryState::Refused, Some(Code::SignedOut)));

        desk.office.rocket_chat.second_factor(None);
        desk.office.heal(system);
        let (key, value) = desk.office.account(system).secrets.pop().unwrap();
        let connection = desk.id(system).await;
        desk.console.connection_replace_secret(&connection, key, Secret::new(&value)).await.unwrap();
        let is_sent = |all: &[Delivery]| all.iter().any(|it| it.id == id && it.state == DeliveryState::Sent);
        until(&desk, is_sent).await;
        desk.console.connection_replace_secret(&connection, key, Secret::new(&value)).await.unwrap();
        assert_eq!(arrived(&desk.office, &text), 1, "{system}");
        assert_eq!(arrived(&desk.office, "waited for"), 0, "what was refused does not go out by itself");
    }
}

#[tokio::test]
async fn a_message_that_waits_for_a_sign_in_can_be_taken_back_and_never_goes_out() {
    let desk = Desk::connected().await;
    let connection = desk.id(ROCKET_CHAT).await;
    desk.office.rocket_chat.second_factor(Some("246810"));
    let draft = desk.draft(ROCKET_CHAT, somebody(), "taken back").await;
    let id = desk.console.outbox_add(draft).await.unwrap().id;
    let is_paused = |all: &[Delivery]| all.iter().any(|it| it.id == id && it.state == DeliveryState::Paused);
    until(&desk, is_paused).await;
    let withdrawn = desk.console.outbox_withdraw(&id).await.unwrap();
    let reason = withdrawn.problem.map(|it| it.reason);
    assert_eq!((withdrawn.state, reason), (DeliveryState::Refused, Some(Reason::Withdrawn)));

    desk.office.rocket_chat.second_factor(None);
    let (key, value) = desk.office.account(ROCKET_CHAT).secrets.pop().unwrap();
    desk.console.connection_replace_secret(&connection, key, Secret::new(&value)).await.unwrap();
    let later = desk.draft(ROCKET_CHAT, somebody(), "sent later").await;
    let sent = desk.console.send_now(later).await.unwrap();
    assert_eq!(sent.state, DeliveryState::Sent);
    assert_eq!((arrived(&desk.office, "taken back"), arrived(&desk.office, "sent later")), (0, 1));
    // What was sent is not taken back.
    assert_eq!(desk.console.outbox_withdraw(&sent.id).await.unwrap().state, DeliveryState::Sent);
}

#[tokio::test]
async fn a_name_of_another_needs_a_right_that_is_named_where_it_is_missing() {
    let desk = Desk::connected().await;
    let mut draft = desk.draft(ROCKET_CHAT, room("reception"), "in disguise").await;
    draft.guise.alias = Some("受付ロボット".to_owned());
    draft.guise.avatar = Some("https://example.jp/robot.png".to_owned());
    draft.guise.emoji = Some(":bell:".to_owned());
    let refused = desk.console.send_now(draft).await.unwrap();
    let problem = refused.problem.expect("a reason");
    assert_eq!((refused.state, problem.reason), (DeliveryState::Refused, Reason::NoPermission));
    assert!(problem.words.contains(IMPERSONATE), "{problem:?}");
    assert_eq!(arrived(&desk.office, "in disguise"), 0, "the whole message is refused");
    desk.office.rocket_chat.grant(IMPERSONATE);
    assert_eq!(desk.console.outbox_again_now(&refused.id).await.unwrap().state, DeliveryState::Sent);
    let kept = desk.office.rocket_chat.messages().into_iter().find(|it| it.msg == "in disguise").unwrap();
    assert_eq!(kept.extras["alias"], "受付ロボット");
    assert_eq!((kept.extras["emoji"].as_str(), kept.id.as_str()), (Some(":bell:"), refused.id.as_str()));
}

#[tokio::test]
async fn a_room_that_is_gone_is_told_and_its_name_is_looked_up_anew() {
    let desk = Desk::connected().await;
    let send = async |system: &'static str, name: &str, text: &str| {
        let outcome = desk.console.send_now(desk.draft(system, room(name), text).await).await.unwrap();
        (outcome.state, outcome.problem.map(|it| it.reason))
    };
    let sent = (DeliveryState::Sent, None);
    let not_found = (DeliveryState::Refused, Some(Reason::NotFound));
    let rocket = &desk.office.rocket_chat;
    assert_eq!(send(ROCKET_CHAT, "reception", "a").await, sent);
    assert!(rocket.delete_room("rcvR8kTn3pQwXy2Lm"));
    assert_eq!(send(ROCKET_CHAT, "reception", "b").await, not_found);
    assert!(rocket.rename_room("sLs4Hb9vNcTd7JfQa", "reception"));
    assert_eq!(send(ROCKET_CHAT, "reception", "c").await, sent);
    assert!(rocket.messages().iter().any(|it| it.msg == "c" && it.rid == "sLs4Hb9vNcTd7JfQa"));
    rocket.leave_room("sLs4Hb9vNcTd7JfQa");
    let (state, reason) = send(ROCKET_CHAT, "reception", "d").await;
    assert_eq!((state, reason), (DeliveryState::Refused, Some(Reason::NoPermission)), "nobody told that it was left");

    let ring = &desk.office.ring_central;
    assert_eq!(send(RING_CENTRAL, "Reception", "a").await, sent);
    assert!(ring.delete_chat(&ring.chat_named("Reception").unwrap()));
    assert_eq!(send(RING_CENTRAL, "Reception", "b").await, not_found);
    assert_eq!(send(RING_CENTRAL, "Reception", "b").await.1, Some(Reason::NoSuchThing), "it was looked up anew");

    let (state, reason) = send(CHAT_AND_MESSENGER, "no such room", "b").await;
    assert_eq!((state, reason), (DeliveryState::Refused, Some(Reason::SystemRefused)));
    assert_eq!(arrived(&desk.office, "b") + arrived(&desk.office, "d"), 0);
}

#[tokio::test]
async fn the_rooms_to_send_to_follow_what_was_deleted_renamed_and_left() {
    let desk = Desk::connected().await;
    let id = desk.id(ROCKET_CHAT).await;
    let rooms = async || {
        assert_eq!(desk.sync(ROCKET_CHAT).await.error, None);
        let mut found = desk.console.destinations_find(&id, "").await.unwrap();
        found.retain(|it| it.kind == model::chat_room::DestinationKind::Room);
        found.into_iter().map(|it| it.name).collect::<Vec<_>>().join(" ")
    };
    let names = rooms().await;
    assert!(names.contains("受付連絡") && names.contains("営業") && names.contains("フロント"), "{names}");
    desk.office.clock.advance(std::time::Duration::from_secs(60));
    assert!(desk.office.rocket_chat.delete_room("rcvR8kTn3pQwXy2Lm"));
    assert!(desk.office.rocket_chat.rename_room("sLs4Hb9vNcTd7JfQa", "sales-east"));
    desk.office.rocket_chat.leave_room("fRn6Zt3cKjVq4DsPw");
    let names = rooms().await;
    assert!(!names.contains("受付連絡") && names.contains("sales-east") && !names.contains("営業"), "{names}");
    desk.office.clock.advance(std::time::Duration::from_secs(1_800));
    let names = rooms().await;
    assert!(
        names.contains("sales-east") && !names.contains("フロント"),
        "a whole reading finds what was left: {names}"
    );
    let reads: Vec<bool> = desk
        .office
        .log(ROCKET_CHAT)
        .iter()
        .filter(|it| it.path.contains("rooms.get"))
        .map(|it| it.path.contains("updatedSince"))
        .collect();
    assert_eq!(reads, [false, true, false], "whole, what changed, and whole again");
}

#[tokio::test]
async fn a_text_that_is_too_long_is_told_and_nothing_of_it_arrives() {
    let desk = Desk::connected().await;
    let long = "あ".repeat(5_001);
    let refused = desk.console.send_now(desk.draft(ROCKET_CHAT, room("reception"), &long).await).await.unwrap();
    assert_eq!((refused.state, refused.problem.map(|it| it.reason)), (DeliveryState::Refused, Some(Reason::TooLong)));
    let longest = desk.draft(ROCKET_CHAT, room("reception"), &"あ".repeat(5_000)).await;
    assert_eq!(desk.console.send_now(longest).await.unwrap().state, DeliveryState::Sent);

    let before = desk.office.requests(RING_CENTRAL);
    let draft = desk.draft(RING_CENTRAL, somebody(), &"あ".repeat(10_001)).await;
    assert_eq!(failure(desk.console.send_now(draft).await).why().reason, Reason::TooLong);
    assert_eq!(desk.office.requests(RING_CENTRAL), before, "that is known before anything is sent");
    let longest = desk.draft(RING_CENTRAL, somebody(), &"あ".repeat(10_000)).await;
    assert_eq!(desk.console.send_now(longest).await.unwrap().state, DeliveryState::Sent);
}

#[tokio::test]
async fn the_posts_of_a_day_are_used_up_and_nothing_waits_until_tomorrow() {
    let desk = Desk::connected().await;
    desk.office.ring_central.set_daily_posts(1);
    let first = desk.draft(RING_CENTRAL, somebody(), "the last of today").await;
    assert_eq!(desk.console.send_now(first).await.unwrap().state, DeliveryState::Sent);
    let id = desk.console.outbox_add(desk.draft(RING_CENTRAL, somebody(), "too many").await).await.unwrap().id;
    until(&desk, |all| all.iter().any(|it| it.id == id && it.state == DeliveryState::Refused)).await;
    assert_eq!(state(&desk, &id).await.problem.map(|it| it.reason), Some(Reason::DailyLimit));
    assert_eq!(arrived(&desk.office, "too many"), 0);
    assert_eq!(desk.sync(RING_CENTRAL).await.error, None, "other requests go on");
}

#[tokio::test]
async fn a_message_that_was_taken_with_an_answer_nobody_can_read_was_taken() {
    let desk = Desk::connected().await;
    for (system, path) in [(CHAT_AND_MESSENGER, "sendMessage"), (RING_CENTRAL, "/posts"), (ROCKET_CHAT, "sendMessage")]
    {
        for fault in [Fault::WrongJson, Fault::CutJson] {
            let text = format!("{fault:?} at {system}");
            desk.office.fault(system, fault.only(path).next(1));
            let outcome = desk.console.send_now(desk.draft(system, somebody(), &text).await).await.unwrap();
            assert_eq!(outcome.state, DeliveryState::Sent, "{text}: {outcome:?}");
            let said = outcome.problem.map(|it| it.reason);
            // Where the system knows our id it was asked, and nothing is left open.
            let is_open = system != ROCKET_CHAT && text.starts_with("Cut") || system == RING_CENTRAL;
            assert_eq!(said, is_open.then_some(Reason::AnswerNotUnderstood), "{text}");
            assert_eq!(arrived(&desk.office, &text), 1, "{text}");
            desk.office.heal(system);
        }
    }
}

#[tokio::test]
async fn every_generation_of_a_workspace_is_spoken_with() {
    for version in [Version::Seven, Version::Eight, Version::Nine] {
        let desk = Desk::at(|plan| simulators::Plan { people: 230, ..plan }).await;
        let rocket = &desk.office.rocket_chat;
        rocket.version(version);
        let id = desk.connect(ROCKET_CHAT).await;
        let check_up = desk.console.connection_test(&id).await.unwrap();
        assert!(check_up.steps.iter().all(|it| it.problem.is_none()), "{version:?}: {check_up:?}");
        let report = desk.sync(ROCKET_CHAT).await;
        assert_eq!((report.error, report.people), (None, 230), "{version:?}: to the end, whatever a page takes");
        let text = format!("hello {version:?}");
        let outcome = desk.console.send_now(desk.draft(ROCKET_CHAT, somebody(), &text).await).await.unwrap();
        assert_eq!((outcome.state, arrived(&desk.office, &text)), (DeliveryState::Sent, 1), "{version:?}: {outcome:?}");
        rocket.deny("view-d-room");
        let problem = desk.sync(ROCKET_CHAT).await.error.expect("a refusal");
        assert_eq!((problem.code, problem.reason), (Code::Refused, Reason::NoPermission), "{version:?}");
        rocket.grant("view-d-room");
        rocket.revoke_tokens();
        let problem = desk.sync(ROCKET_CHAT).await.error.expect("a refusal");
        assert_eq!((problem.code, problem.reason), (Code::SignedOut, Reason::TokenRefused), "{version:?}");
    }
}

#[tokio::test]
async fn a_reply_goes_to_the_thread_of_what_it_answers() {
    let desk = Desk::connected().await;
    let first = desk.console.send_now(desk.draft(ROCKET_CHAT, room("reception"), "a question").await).await.unwrap();
    let reply = async |system: &'static str, to: &str, thread: &str| {
        let draft = Draft { thread: Some(thread.to_owned()), ..desk.draft(system, room(to), "an answer").await };
        desk.console.send_now(draft).await
    };
    let answer = reply(ROCKET_CHAT, "reception", first.detail.as_str()).await.unwrap();
    reply(ROCKET_CHAT, "reception", answer.detail.as_str()).await.unwrap();
    let kept = desk.office.rocket_chat.messages();
    let threads: Vec<_> = kept.iter().filter(|it| it.msg == "an answer").map(|it| it.tmid.as_deref()).collect();
    assert_eq!(threads, [Some(first.id.as_str()); 2], "a reply to a reply belongs to the same thread");

    let post = desk.console.send_now(desk.draft(RING_CENTRAL, room("Sales"), "a question").await).await.unwrap();
    reply(RING_CENTRAL, "Sales", &post.detail).await.unwrap();
    let posts = desk.office.ring_central.posts();
    assert_eq!(posts.last().unwrap().parent.as_deref(), Some(post.detail.as_str()));
    assert_eq!(failure(reply(CHAT_AND_MESSENGER, "受付", "1").await).why().reason, Reason::NotOffered);
}

#[tokio::test]
async fn an_account_that_has_the_old_addresses_alone_is_spoken_with_there() {
    let desk = Desk::empty().await;
    let mut account = new(desk.office.account(RING_CENTRAL));
    account.settings.insert("messaging".into(), "glip".into());
    desk.console.connection_add(account.clone()).await.unwrap();
    for to in [somebody(), room("Sales")] {
        let outcome = desk.console.send_now(desk.draft(RING_CENTRAL, to, "by the old way").await).await.unwrap();
        assert_eq!(outcome.state, DeliveryState::Sent, "{outcome:?}");
    }
    assert_eq!(arrived(&desk.office, "by the old way"), 2);
    assert_eq!(asked(&desk, RING_CENTRAL, "/team-messaging/"), 0);
    account.name = "Another".into();
    account.settings.insert("messaging".into(), "pigeon".into());
    let wrong = desk.console.connection_add(account).await.unwrap().id;
    let report = desk.console.sync(&[wrong], None).await.unwrap().pop().unwrap();
    assert_eq!(report.error.map(|it| (it.code, it.words)), Some((Code::Invalid, "messaging".to_owned())));
}

#[tokio::test]
async fn whoever_is_mentioned_in_a_team_message_is_found_by_name_where_they_stand_in_the_text() {
    let desk = Desk::connected().await;
    let person = desk.office.rocket_chat.people()[0].clone();
    let send = async |text: &str, mentions: Vec<String>| {
        let draft = Draft { mentions, ..desk.draft(RING_CENTRAL, room("Sales"), text).await };
        let sent = desk.console.send_now(draft).await.unwrap();
        assert_eq!(sent.state, DeliveryState::Sent, "{sent:?}");
        desk.office.ring_central.posts().pop().unwrap().text
    };
    let (id, by_email) = (person.extension_id.to_string(), vec![person.email.clone()]);
    let named = format!("至急 @{} さん ![:Team](1)", person.latin);
    assert_eq!(send(&named, by_email.clone()).await, format!("至急 ![:Person]({id}) さん !\u{200b}[:Team](1)"));
    assert_eq!(send(&named, vec![id.clone()]).await, format!("至急 ![:Person]({id}) さん !\u{200b}[:Team](1)"));
    assert_eq!(send("至急", by_email).await, format!("![:Person]({id}) 至急"));
    assert_eq!(send(&named, vec![]).await, format!("至急 @{} さん !\u{200b}[:Team](1)", person.latin));
}
