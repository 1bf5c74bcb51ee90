//! Missed calls that are followed up: they appear, a colleague is told, and a call back closes them, over real clients.

use std::time::Duration;

use model::call::{Call, Outcome};
use model::event::{Event, Table};
use model::message::{DeliveryState, Recipient};
use model::person::LinkedPerson;
use model::worklist::{Colleague, ColleagueReason, FollowUp, FollowUpDraft, FollowUpState, FollowUpStep, Worklist};
use model::{CallId, Failure, PersonId, Reason};
use simulators::{CHAT_AND_MESSENGER, RING_CENTRAL, ROCKET_CHAT, Ring, SMART_CONNECT};

use crate::support::{Desk, failure, wait_for};

/// A number that nobody in the simulated office has.
const CALLER: &str = "0455500777";
const CALLER_E164: &str = "+81455500777";
/// Who works here.
const MISAKI: &str = "misaki";

async fn worklist(desk: &Desk) -> Worklist {
    desk.console.follow_ups(MISAKI).await.expect("the worklist")
}

fn of_number<'a>(entries: &'a [FollowUp], e164: &str) -> Vec<&'a FollowUp> {
    entries.iter().filter(|it| it.call.from.e164.as_deref() == Some(e164)).collect()
}

/// The one entry of the caller that waits.
async fn waiting(desk: &Desk) -> FollowUp {
    let list = worklist(desk).await;
    let [entry] = of_number(&list.open, CALLER_E164)[..] else { panic!("one entry waits: {:?}", list.open) };
    entry.clone()
}

/// A call comes in, is answered or not, and is read from the log.
async fn call_in(desk: &Desk, system: &'static str, from: &str, line: Option<&str>, is_answered: bool) {
    let id = desk.office.ring(Ring { system, from: from.into(), line: line.map(str::to_owned) });
    desk.office.clock.advance(Duration::from_secs(12));
    if is_answered {
        desk.office.answer(&id);
        desk.office.clock.advance(Duration::from_secs(30));
    }
    desk.office.hang_up(&id);
    desk.office.clock.advance(Duration::from_secs(60));
    desk.sync(system).await;
}

/// The first colleague of the office, whose telephone has the number 204.
async fn tanaka(desk: &Desk) -> LinkedPerson {
    let all = desk.console.people_list("田中 健一").await.expect("the people");
    all.into_iter().find(|it| it.email.as_deref() == Some("t.kenichi@example.jp")).expect("he works here")
}

async fn message(desk: &Desk, entry: &FollowUp, colleague: &Colleague, text: &str) -> FollowUpDraft {
    let way = colleague.chats.first().expect("a way to the colleague").clone();
    let mut draft = desk.draft(RING_CENTRAL, Recipient::People(vec![way.address]), text).await;
    draft.connection = way.connection;
    FollowUpDraft { call: entry.call.id.clone(), person: colleague.person.clone(), draft }
}

/// Reads the worklist each time that something changed, until it is as wanted.
async fn until(desk: &Desk, wanted: impl Fn(&Worklist) -> bool) -> Worklist {
    let mut events = desk.console.subscribe();
    loop {
        let list = worklist(desk).await;
        if wanted(&list) {
            return list;
        }
        wait_for(&mut events, |event| matches!(event, Event::Changed { .. } | Event::Call(_)).then_some(())).await;
    }
}

#[tokio::test]
async fn a_call_rings_is_missed_is_told_to_whose_telephone_it_was_and_closed_by_the_call_back() {
    let desk = Desk::synced().await;
    call_in(&desk, RING_CENTRAL, CALLER, Some("204"), false).await;
    let entry = waiting(&desk).await;
    assert_eq!((entry.state, entry.calls.len(), entry.closed_by.is_none()), (FollowUpState::New, 1, true));
    let [colleague] = entry.colleagues.as_slice() else { panic!("one telephone rang: {:?}", entry.colleagues) };
    let tanaka = tanaka(&desk).await;
    assert_eq!((colleague.name.as_str(), colleague.reason), ("田中 健一", ColleagueReason::Rang));
    let extension = tanaka.identities.iter().find(|it| it.system.as_str() == RING_CENTRAL).unwrap();
    let way = &colleague.chats[0];
    assert_eq!((&way.connection, way.address.as_str()), (&extension.connection, extension.external_id.as_str()));
    assert!(colleague.is_chat_clear);

    // Two presses are one message, and it is in the chat with him.
    let text = "045-550-0777 様より 10:42 にお電話がありました。";
    let draft = message(&desk, &entry, colleague, text).await;
    let posts = desk.office.ring_central.posts().len();
    let (one, two) =
        tokio::join!(desk.console.follow_up_message(draft.clone()), desk.console.follow_up_message(draft.clone()));
    assert_eq!(one.unwrap().id, two.unwrap().id);
    let told = |list: &Worklist| {
        let entry = of_number(&list.open, CALLER_E164)[0].clone();
        entry.message.filter(|it| it.delivery.state == DeliveryState::Sent)
    };
    let list = until(&desk, |list| told(list).is_some()).await;
    assert_eq!(told(&list).unwrap().name, "田中 健一");
    let arrived: Vec<_> = desk.office.ring_central.posts().into_iter().skip(posts).collect();
    assert_eq!(arrived.iter().map(|it| it.text.as_str()).collect::<Vec<_>>(), [text]);
    assert_eq!(desk.office.chat_and_messenger.messages().len(), 0);

    call_in(&desk, RING_CENTRAL, CALLER, Some("204"), true).await;
    let list = worklist(&desk).await;
    assert_eq!(of_number(&list.open, CALLER_E164), Vec::<&FollowUp>::new());
    let closed = of_number(&list.closed, CALLER_E164)[0];
    let by = closed.closed_by.as_ref().expect("the call that closed it");
    assert_eq!((closed.state, by.outcome), (FollowUpState::ClosedItself, Outcome::Answered));
    assert_eq!(closed.message.as_ref().map(|it| it.name.as_str()), Some("田中 健一"));
}

#[tokio::test]
async fn the_call_back_of_either_system_closes_a_call_of_the_other() {
    let desk = Desk::synced().await;
    call_in(&desk, SMART_CONNECT, CALLER, None, false).await;
    assert_eq!(waiting(&desk).await.call.connection, desk.id(SMART_CONNECT).await);
    desk.office.clock.advance(Duration::from_secs(300));
    call_in(&desk, RING_CENTRAL, CALLER, Some("204"), true).await;
    let list = worklist(&desk).await;
    assert!(of_number(&list.open, CALLER_E164).is_empty());
    let by = of_number(&list.closed, CALLER_E164)[0].closed_by.as_ref().unwrap();
    assert_eq!(by.connection, desk.id(RING_CENTRAL).await);
}

#[tokio::test]
async fn a_call_that_both_systems_saw_is_one_entry_and_of_several_the_newest_stands_for_all() {
    let desk = Desk::synced().await;
    let ids =
        [SMART_CONNECT, RING_CENTRAL].map(|system| desk.office.ring(Ring { system, from: CALLER.into(), line: None }));
    desk.office.clock.advance(Duration::from_secs(20));
    for id in &ids {
        desk.office.hang_up(id);
    }
    desk.office.clock.advance(Duration::from_secs(60));
    for system in [SMART_CONNECT, RING_CENTRAL] {
        desk.sync(system).await;
    }
    let entry = waiting(&desk).await;
    assert_eq!((entry.calls.len(), entry.call.same.len()), (1, 1));
    let first = entry.call.id.clone();
    desk.office.clock.advance(Duration::from_secs(600));
    call_in(&desk, RING_CENTRAL, CALLER, None, false).await;
    let entry = waiting(&desk).await;
    assert_eq!(entry.calls.len(), 2);
    assert_eq!((entry.calls[1] == first, entry.call.id == entry.calls[0]), (true, true), "the newest first");
}

#[tokio::test]
async fn a_queue_rings_several_who_are_a_list_and_no_queue_is_among_them() {
    let desk = Desk::synced().await;
    call_in(&desk, RING_CENTRAL, CALLER, None, false).await;
    let entry = waiting(&desk).await;
    assert!(entry.colleagues.len() > 1, "{:?}", entry.colleagues);
    let people = desk.console.people_list("").await.unwrap();
    for colleague in &entry.colleagues {
        assert!(people.iter().any(|it| it.id == colleague.person), "{} is a person", colleague.name);
        assert!(!colleague.chats.is_empty());
    }
}

#[tokio::test]
async fn a_withheld_number_is_closed_by_hand_only() {
    let desk = Desk::synced().await;
    let hidden = |list: &Worklist| list.open.iter().filter(|it| it.call.from.e164.is_none()).count();
    let before = hidden(&worklist(&desk).await);
    call_in(&desk, RING_CENTRAL, "", Some("204"), false).await;
    desk.office.clock.advance(Duration::from_secs(300));
    call_in(&desk, RING_CENTRAL, "", Some("204"), false).await;
    desk.office.clock.advance(Duration::from_secs(300));
    call_in(&desk, RING_CENTRAL, "", Some("204"), true).await;
    let list = worklist(&desk).await;
    assert_eq!(hidden(&list), before + 2, "each stands alone, and the answered one closed neither");
    let one = list.open.iter().find(|it| it.call.from.e164.is_none()).unwrap();
    desk.console.follow_up_say(&one.calls, FollowUpStep::Done, MISAKI).await.unwrap();
    assert_eq!(hidden(&worklist(&desk).await), before + 1);
}

#[tokio::test]
async fn what_a_person_says_holds_through_a_restart_and_can_be_taken_back() {
    let desk = Desk::synced().await;
    call_in(&desk, RING_CENTRAL, CALLER, Some("204"), false).await;
    let mut events = desk.console.subscribe();
    let calls = waiting(&desk).await.calls;
    let none = desk.console.follow_up_say(&calls, FollowUpStep::Taken, MISAKI).await.unwrap();
    assert_eq!(none, []);
    wait_for(&mut events, |event| match event {
        Event::Changed { tables } => tables.contains(&Table::FollowUps).then_some(()),
        Event::Call(_) | Event::Connections { .. } | Event::Snapshot { .. } => None,
    })
    .await;
    let desk = desk.restarted().await;
    let entry = waiting(&desk).await;
    assert_eq!((entry.state, entry.who.as_deref(), entry.is_mine), (FollowUpState::Taken, Some(MISAKI), true));
    let others = desk.console.follow_ups("ichiro").await.unwrap();
    assert!(!of_number(&others.open, CALLER_E164)[0].is_mine);

    let former = desk.console.follow_up_say(&calls, FollowUpStep::Done, "ichiro").await.unwrap();
    assert_eq!(of_number(&worklist(&desk).await.closed, CALLER_E164)[0].who.as_deref(), Some("ichiro"));
    desk.console.follow_up_restore(&calls, former).await.unwrap();
    let entry = waiting(&desk).await;
    assert_eq!((entry.state, entry.who.as_deref()), (FollowUpState::Taken, Some(MISAKI)));
    let nothing: [CallId; 0] = [];
    let refused = failure(desk.console.follow_up_say(&nothing, FollowUpStep::Done, MISAKI).await);
    assert!(matches!(refused, Failure::Invalid(_)), "{refused}");
}

#[tokio::test]
async fn what_was_missed_before_midnight_is_closed_after_it_and_a_week_later_it_is_history() {
    let desk = Desk::synced().await;
    // From 10:42 in Tokyo to a minute before midnight.
    desk.office.clock.advance(Duration::from_secs(13 * 3_600 + 17 * 60));
    call_in(&desk, RING_CENTRAL, CALLER, Some("204"), false).await;
    desk.office.clock.advance(Duration::from_secs(3_600));
    assert_eq!(waiting(&desk).await.state, FollowUpState::New, "another day");
    call_in(&desk, SMART_CONNECT, CALLER, None, true).await;
    assert_eq!(of_number(&worklist(&desk).await.closed, CALLER_E164).len(), 1);
    desk.office.clock.advance(Duration::from_secs(8 * 24 * 3_600));
    let list = worklist(&desk).await;
    assert!(list.open.is_empty() && list.closed.is_empty(), "{} and {}", list.open.len(), list.closed.len());
}

#[tokio::test]
async fn whoever_spoke_last_is_told_where_no_telephone_is_named() {
    let desk = Desk::synced().await;
    call_in(&desk, RING_CENTRAL, CALLER, Some("204"), true).await;
    desk.office.clock.advance(Duration::from_secs(600));
    call_in(&desk, SMART_CONNECT, CALLER, None, false).await;
    let entry = waiting(&desk).await;
    let told: Vec<_> = entry.colleagues.iter().map(|it| (it.name.as_str(), it.reason)).collect();
    assert_eq!(told, [("田中 健一", ColleagueReason::SpokeLast)]);
}

#[tokio::test]
async fn each_chat_reaches_the_colleague_in_its_turn() {
    let desk = Desk::synced().await;
    call_in(&desk, RING_CENTRAL, CALLER, Some("204"), false).await;
    let entry = waiting(&desk).await;
    let colleague = entry.colleagues[0].clone();
    let systems = [RING_CENTRAL, ROCKET_CHAT, CHAT_AND_MESSENGER];
    let mut ids = Vec::new();
    for system in systems {
        ids.push(desk.id(system).await);
    }
    assert_eq!(colleague.chats.iter().map(|it| &it.connection).collect::<Vec<_>>(), ids.iter().collect::<Vec<_>>());
    let text = "折り返しをお願いします";
    for way in &colleague.chats {
        desk.office.clock.advance(Duration::from_secs(1));
        let chats = vec![way.clone()];
        let draft = message(&desk, &entry, &Colleague { chats, ..colleague.clone() }, text).await;
        let id = draft.draft.id.clone();
        desk.console.follow_up_message(draft).await.unwrap();
        until(&desk, |list| {
            let told = of_number(&list.open, CALLER_E164)[0].message.clone();
            told.is_some_and(|it| it.delivery.draft == id && it.delivery.state == DeliveryState::Sent)
        })
        .await;
    }
    assert_eq!(desk.office.ring_central.posts().last().map(|it| it.text.clone()), Some(text.to_owned()));
    assert!(desk.office.rocket_chat.messages().iter().any(|it| it.msg == text));
    assert_eq!(desk.office.chat_and_messenger.messages().last().map(|it| it.message.clone()), Some(text.to_owned()));
}

#[tokio::test]
async fn nobody_is_told_who_left_or_at_an_address_that_is_not_theirs() {
    let desk = Desk::synced().await;
    call_in(&desk, RING_CENTRAL, CALLER, Some("204"), false).await;
    let entry = waiting(&desk).await;
    let draft = message(&desk, &entry, &entry.colleagues[0], "折り返しをお願いします").await;
    let mut wrong = draft.clone();
    wrong.draft.to = Recipient::People(vec!["somebody@example.com".to_owned()]);
    let gone = FollowUpDraft { person: PersonId::from("nobody/1"), ..draft.clone() };
    for it in [wrong, gone] {
        assert_eq!(failure(desk.console.follow_up_message(it).await).why().reason, Reason::NotAddressable);
    }
    // The connection that knew him goes: what the window still shows is no way any more.
    desk.console.connection_remove(&desk.id(RING_CENTRAL).await).await.unwrap();
    assert_eq!(failure(desk.console.follow_up_message(draft).await).why().reason, Reason::NotAddressable);
    assert_eq!(desk.console.deliveries_list().await.unwrap(), [], "nothing was sent");
}

#[tokio::test]
async fn where_somebody_is_follows_from_the_booking_under_their_name() {
    let desk = Desk::synced().await;
    let day = "2026-10-14".parse().unwrap();
    let bookings = desk.office.chat_and_messenger.bookings(day);
    let people = desk.console.people_list("").await.unwrap();
    let now = desk.office.clock.now().naive_utc() + chrono::Duration::hours(9);
    let rooms = desk.office.chat_and_messenger.rooms();
    let mut found = 0;
    for booking in bookings.iter().filter(|it| it.start <= now && now < it.end) {
        let Some(room) = rooms.iter().find(|room| room.id == booking.room) else { continue };
        let Some(person) = people.iter().find(|it| it.name == booking.owner) else { continue };
        let [whereabouts] =
            desk.console.whereabouts(std::slice::from_ref(&person.id)).await.unwrap().try_into().unwrap();
        assert!(whereabouts.now.iter().any(|it| it.room == room.name && it.title == booking.title), "{whereabouts:?}");
        found += 1;
    }
    assert!(found > 0, "somebody is in a room at this hour");
}

/// A call in the list of calls, so that what the worklist says is what the list says.
#[tokio::test]
async fn the_worklist_and_the_list_of_calls_show_the_same_call() {
    let desk = Desk::synced().await;
    call_in(&desk, RING_CENTRAL, CALLER, Some("204"), false).await;
    let entry = waiting(&desk).await;
    let listed: Vec<Call> = desk.calls().await.into_iter().filter(|it| it.id == entry.call.id).collect();
    assert_eq!(listed, [entry.call]);
}
