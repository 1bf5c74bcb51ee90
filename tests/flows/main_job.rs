//! The main job: look at rooms and calls, edit a chat room, send a message, hear a call ring.

use model::call::{CallFilter, Direction, Outcome};
use model::chat_room::{ChatRoom, ChatRoomEdit, Member};
use model::connection::State;
use model::event::{Event, Table};
use model::message::{DeliveryState, Recipient};
use model::{Day, KeptRoomId};
use simulators::{CHAT_AND_MESSENGER, RING_CENTRAL, ROCKET_CHAT, Ring, SMART_CONNECT};

use crate::support::{Desk, wait_for};

fn today() -> Day {
    Day("2026-10-14".parse().expect("a day"))
}

#[tokio::test]
async fn every_connection_tests_well() {
    let desk = Desk::connected().await;
    for view in desk.console.connections_list().await.unwrap() {
        let check_up = desk.console.connection_test(&view.id).await.unwrap();
        assert!(check_up.is_fine(), "{}: {check_up:?}", view.name);
        assert!(!check_up.steps.is_empty(), "{} was really asked", view.name);
        assert!(desk.office.requests(view.system.as_str()) > 0, "{} was really asked", view.name);
    }
}

#[tokio::test]
async fn each_systems_data_is_there() {
    let desk = Desk::synced().await;
    let (cti, ring) = (desk.id(SMART_CONNECT).await, desk.id(RING_CENTRAL).await);
    for connection in [&cti, &ring] {
        let filter = CallFilter { connection: Some(connection.clone()), ..CallFilter::default() };
        assert!(desk.console.calls_block(filter, 0).await.unwrap().total > 0, "calls of {connection}");
    }
    let board = desk.console.room_board(today()).await.unwrap();
    assert!(!board.rooms.is_empty() && !board.reservations.is_empty(), "rooms and bookings of today");
    assert_eq!(board.zone, "Asia/Tokyo");
    assert!(!board.unplaced.is_empty(), "what cannot be placed is listed");
    assert!(board.read_at.is_some(), "it says how old it is");
    let people = desk.console.people_list("").await.unwrap();
    let linked = people.iter().filter(|person| person.identities.len() > 1).count();
    assert!(linked > 0, "people of Rocket.Chat and RingCentral are linked by their address");
}

#[tokio::test]
async fn a_call_shows_who_rang_whom_and_its_untouched_record() {
    let desk = Desk::synced().await;
    let calls = desk.calls().await;
    let times: Vec<_> = calls.iter().map(|call| call.started_at).collect();
    assert!(times.is_sorted_by(|a, b| a >= b), "newest first");
    let ring = desk.id(RING_CENTRAL).await;
    let answered = calls
        .iter()
        .find(|call| {
            call.connection == ring && call.outcome == Outcome::Answered && call.direction == Direction::Inbound
        })
        .expect("an answered call of RingCentral");
    let detail = desk.console.call_show(&answered.id).await.unwrap();
    assert!(!detail.call.legs.is_empty());
    assert!(detail.call.people.iter().all(|person| !person.name.contains("Queue")), "a queue is never a colleague");
    assert!(detail.call.people.iter().any(|person| person.role == model::call::Role::Spoke), "{:?}", detail.call);
    assert!(detail.raw.0.contains(&answered.external_id));
}

#[tokio::test]
async fn a_second_sync_with_nothing_new_finds_nothing() {
    let desk = Desk::synced().await;
    for report in desk.console.sync(&[], None).await.unwrap() {
        let counts = [report.calls, report.people, report.customers, report.rooms, report.reservations];
        assert_eq!((counts, &report.error), ([0; 5], &None), "{:?}", report.connection);
    }
}

#[tokio::test]
async fn a_message_reaches_each_chat_system() {
    let desk = Desk::synced().await;
    let text = "来客です。Q&A 100% + 「改行」\n2行目 🛎";
    let people = |address: &str| Recipient::People(vec![address.to_owned()]);

    let draft = desk.draft(CHAT_AND_MESSENGER, people("t.kenichi@example.jp"), text).await;
    let sent = desk.console.send_now(draft).await.unwrap();
    assert_eq!(sent.state, DeliveryState::Sent, "{sent:?}");
    let arrived = desk.office.chat_and_messenger.messages();
    assert_eq!(arrived.last().map(|it| (it.message.as_str(), it.room.clone())), Some((text, None)));

    let draft = desk.draft(ROCKET_CHAT, people("t.kenichi@example.jp"), text).await;
    let sent = desk.console.send_now(draft).await.unwrap();
    assert_eq!(sent.state, DeliveryState::Sent, "{sent:?}");
    let arrived = desk.office.rocket_chat.messages();
    let message = arrived.iter().find(|it| it.id == sent.id.as_str()).expect("it bears our id");
    assert_eq!(message.msg, text);

    let draft = desk.draft(RING_CENTRAL, people("t.kenichi@example.jp"), text).await;
    let sent = desk.console.send_now(draft).await.unwrap();
    assert_eq!(sent.state, DeliveryState::Sent, "{sent:?}");
    assert_eq!(desk.office.ring_central.posts().last().map(|post| post.text.clone()), Some(text.to_owned()));
}

#[tokio::test]
async fn a_chat_room_is_created_and_then_changed() {
    let desk = Desk::connected().await;
    let connection = desk.id(CHAT_AND_MESSENGER).await;
    let uid = |at: usize| desk.office.chat_and_messenger.people()[at].cam_uid.clone();
    let member = |at: usize| Member { uid: uid(at), value: true };
    let edit = ChatRoom {
        external_id: None,
        name: "海外".into(),
        is_public: false,
        creator_id: uid(0),
        admin_id: uid(0),
        members: vec![member(0), member(1)],
    };
    let staged = |room: &ChatRoom, kept: Option<&KeptRoomId>| ChatRoomEdit {
        connection: connection.clone(),
        kept: kept.cloned(),
        room: room.clone(),
        base: None,
        on_test_room: false,
    };
    let plan = desk.console.chat_room_plan(&staged(&edit, None)).await.unwrap();
    assert!(!plan.sends.0.contains("\"id\""), "a new room has no id: {}", plan.sends.0);
    assert_eq!(desk.office.requests(CHAT_AND_MESSENGER), 0, "a plan sends nothing");

    let created = desk.console.chat_room_save(&staged(&edit, None)).await.unwrap();
    assert_eq!(created.not_as_asked, []);
    let id = created.kept.room.external_id.clone().expect("the server gave an id");
    assert_eq!(id.len(), 19);

    let edit =
        ChatRoom { name: "海外営業".into(), members: vec![member(0), member(2)], ..created.kept.room.clone() };
    let saved = desk.console.chat_room_save(&staged(&edit, Some(&created.kept.id))).await.unwrap();
    assert_eq!(saved.kept.room.external_id.as_deref(), Some(id.as_str()), "the id did not change on its way");
    let there = desk.office.chat_and_messenger.chat_rooms();
    let room = there.iter().find(|room| room["id"] == id.as_str()).expect("it is one room");
    assert_eq!(room["name"], "海外営業");
    assert_eq!(room["memberUids"][uid(2)], true);
    assert_eq!(desk.console.chat_rooms_list().await.unwrap().len(), 1, "it is kept once");
}

#[tokio::test]
async fn a_call_that_rings_appears_in_the_list_without_being_asked_for() {
    let desk = Desk::synced().await;
    let mut events = desk.console.subscribe();
    desk.console.start().await.unwrap();
    for system in [SMART_CONNECT, RING_CENTRAL] {
        let id = desk.id(system).await;
        if desk.view(system).await.state != State::Live {
            wait_for(&mut events, |event| match event {
                Event::Connections { connections } | Event::Snapshot { connections, .. } => {
                    connections.into_iter().find(|it| it.id == id && it.state == State::Live).map(drop)
                }
                Event::Call(_) | Event::Changed { .. } => None,
            })
            .await;
        }
        let from = "0355500142";
        desk.office.ring(Ring { system, from: from.into(), line: None });
        let call = wait_for(&mut events, |event| match event {
            Event::Call(news) if news.call.connection == id && news.call.outcome == Outcome::Ringing => {
                Some(Box::new(news.call))
            }
            Event::Call(_) | Event::Changed { .. } | Event::Connections { .. } | Event::Snapshot { .. } => None,
        })
        .await;
        assert_eq!(call.from.e164.as_deref(), Some("+81355500142"), "{call:?}");
        // The second system tells of the same number within seconds: that is the same call, shown once.
        let is_told = |it: &&model::call::Call| it.id == call.id || it.same.iter().any(|other| other.id == call.id);
        assert_eq!(desk.calls().await.iter().filter(is_told).count(), 1, "it is in the list, once");
    }
    desk.console.stop();
}

#[tokio::test]
async fn a_ring_that_nobody_ends_is_not_shown_for_ever() {
    let desk = Desk::synced().await;
    let mut events = desk.console.subscribe();
    desk.console.start().await.unwrap();
    let id = desk.id(SMART_CONNECT).await;
    if desk.view(SMART_CONNECT).await.state != State::Live {
        wait_for(&mut events, |event| match event {
            Event::Connections { connections } | Event::Snapshot { connections, .. } => {
                connections.into_iter().find(|it| it.id == id && it.state == State::Live).map(drop)
            }
            Event::Call(_) | Event::Changed { .. } => None,
        })
        .await;
    }
    desk.office.ring(Ring { system: SMART_CONNECT, from: "0355500142".into(), line: None });
    let ringing = |event: Event| match event {
        Event::Call(news) if news.call.outcome == Outcome::Ringing => Some(()),
        Event::Call(_) | Event::Changed { .. } | Event::Connections { .. } | Event::Snapshot { .. } => None,
    };
    wait_for(&mut events, ringing).await;
    desk.sync(SMART_CONNECT).await;
    let mut later = desk.console.subscribe();
    let count = |event: Event| match event {
        Event::Snapshot { ringing, .. } => Some(ringing.len()),
        Event::Call(_) | Event::Changed { .. } | Event::Connections { .. } => None,
    };
    assert_eq!(wait_for(&mut later, count).await, 1, "a short while it is believed to ring");
    desk.office.clock.advance(std::time::Duration::from_secs(360));
    desk.sync(SMART_CONNECT).await;
    assert_eq!(wait_for(&mut later, count).await, 0, "then it is not");
    assert!(desk.calls().await.iter().all(|call| call.outcome != Outcome::Ringing), "nor does the list say so");
    desk.console.stop();
}

#[tokio::test]
async fn a_change_of_a_booking_is_announced() {
    let desk = Desk::synced().await;
    let mut events = desk.console.subscribe();
    desk.office.change_booking();
    desk.console.room_board_read(today()).await.unwrap();
    wait_for(&mut events, |event| match event {
        Event::Changed { tables } => tables.contains(&Table::Reservations).then_some(()),
        Event::Call(_) | Event::Connections { .. } | Event::Snapshot { .. } => None,
    })
    .await;
}

#[tokio::test]
async fn a_call_is_found_by_one_kanji_and_by_a_part_of_its_number() {
    let desk = Desk::synced().await;
    let calls = desk.calls().await;
    let known = calls.iter().find_map(|call| call.customer.clone().map(|customer| (call.clone(), customer)));
    let (call, customer) = known.expect("a call of a customer");
    let outside = if call.direction == Direction::Outbound { &call.to } else { &call.from };
    let name: String = customer.name.chars().take(1).collect();
    let digits: String =
        model::phone::digits(&outside.raw).chars().rev().take(4).collect::<Vec<_>>().into_iter().rev().collect();
    for search in [name, digits, customer.name.clone()] {
        let filter = CallFilter { search: search.clone(), ..CallFilter::default() };
        let found = desk.console.calls_block(filter, 0).await.unwrap();
        assert!(found.calls.iter().any(|it| it.id == call.id), "{search}");
        assert!(found.total < 10_000);
    }
    let nobody = CallFilter { search: "この名前の人はいません".into(), ..CallFilter::default() };
    assert_eq!(desk.console.calls_block(nobody, 0).await.unwrap().total, 0);
}

#[tokio::test]
async fn a_web_conference_link_is_made_with_and_without_a_password() {
    let desk = Desk::connected().await;
    let id = desk.id(CHAT_AND_MESSENGER).await;
    let ends = model::Time::parse("2026-10-14T11:30:00+09:00").unwrap();
    let plain = desk.console.quick_call_create(&id, ends, None).await.unwrap();
    let locked = desk.console.quick_call_create(&id, ends, Some(&model::Secret::new("open sesame"))).await.unwrap();
    for made in [plain, locked] {
        assert!(made.url.is_some_and(|url| url.starts_with("http")));
    }
}

#[tokio::test]
async fn resources_are_listed_in_the_order_of_their_keys() {
    let desk = Desk::connected().await;
    let id = desk.id(SMART_CONNECT).await;
    assert_eq!(desk.console.records_resources(&id).await.unwrap().len(), 19);
    let rows = desk.console.records_list(&id, "ContainmentLine").await.unwrap();
    assert!(!rows.is_empty() && rows[0].0.contains("回線No"));
    let one = desk.console.records_get(&id, "ContainmentLine", "1").await.unwrap();
    assert_eq!(one, rows[0]);
}
