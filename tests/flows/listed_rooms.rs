//! Rooms that a chat lists itself: who is in them, making and renaming one, and the rights that an account lacks.

use model::failure::Code;
use model::listed_room::{ListedRoom, NewListedRoom};
use model::message::{DeliveryState, Recipient};
use model::{ConnectionId, Failure, Reason};
use simulators::rocket_chat::{CREATE_CHANNEL, CREATE_GROUP, EDIT_ROOM, SEE_MEMBERS};
use simulators::{Fault, ROCKET_CHAT};

use crate::support::{Desk, arrived, failure};

async fn desk() -> (Desk, ConnectionId) {
    let desk = Desk::connected().await;
    let id = desk.id(ROCKET_CHAT).await;
    (desk, id)
}

async fn rooms(desk: &Desk, id: &ConnectionId) -> Vec<ListedRoom> {
    desk.console.listed_rooms(id).await.expect("the rooms")
}

async fn named(desk: &Desk, id: &ConnectionId, address: &str) -> ListedRoom {
    rooms(desk, id).await.into_iter().find(|room| room.address == address).expect("a room of this name")
}

fn new(name: &str, is_private: bool, members: &[&str]) -> NewListedRoom {
    NewListedRoom { name: name.into(), is_private, members: members.iter().map(|it| (*it).to_owned()).collect() }
}

fn refused<T>(outcome: Result<T, Failure>) -> (Code, Reason, String) {
    let failure = failure(outcome);
    (failure.code(), failure.why().reason, failure.why().words.clone())
}

#[tokio::test]
async fn rooms_are_listed_with_their_kind_and_everybody_in_them() {
    let (desk, id) = desk().await;
    let all = rooms(&desk, &id).await;
    let told: Vec<_> = all.iter().map(|it| (it.address.as_str(), it.is_private, it.is_joined)).collect();
    for expected in [("reception", false, true), ("front-office", true, true), ("osaka", false, false)] {
        assert!(told.contains(&expected), "{expected:?} in {told:?}");
    }
    assert!(!told.iter().any(|room| room.0 == "directors"), "a private room of others is not to be seen");
    assert!(all.iter().all(|room| !room.name.is_empty() && room.people.is_some()));
    let general = all.iter().max_by_key(|room| room.people).expect("a room of everybody");
    let people = desk.console.listed_room_people(general).await.unwrap();
    let everybody = desk.office.rocket_chat.people();
    assert_eq!(people.len(), everybody.len());
    assert!(everybody.iter().all(|one| people.iter().any(|it| it.username == one.username && it.name == one.name)));
}

#[tokio::test]
async fn a_room_is_made_with_its_members_renamed_and_written_to_under_its_new_name() {
    let (desk, id) = desk().await;
    for (is_private, name) in [(false, "trade-fair"), (true, "trade-fair-staff")] {
        let made =
            desk.console.listed_room_create(&id, &new(name, is_private, &["@c.emma", "t.kenichi@example.jp"])).await;
        let made = made.unwrap();
        assert_eq!((made.is_private, made.address.as_str(), made.people), (is_private, name, Some(3)));
        let people = desk.console.listed_room_people(&made).await.unwrap();
        assert!(["c.emma", "t.kenichi", "s.misaki"].iter().all(|it| people.iter().any(|one| one.username == *it)));
        let new_name = format!("{name}-2027");
        let renamed = desk.console.listed_room_rename(&made, &new_name).await.unwrap();
        assert_eq!((&renamed.external_id, &renamed.address), (&made.external_id, &new_name));
        let found = desk.console.destinations_find(&id, &new_name).await.unwrap();
        assert_eq!(found.len(), 1, "the composer knows it at once");
        let draft = desk.draft(ROCKET_CHAT, Recipient::Room(new_name.clone()), &new_name).await;
        assert_eq!(desk.console.send_now(draft).await.unwrap().state, DeliveryState::Sent);
        assert_eq!(arrived(&desk.office, &new_name), 1);
    }
}

#[tokio::test]
async fn a_right_that_is_missing_is_named() {
    let (desk, id) = desk().await;
    let reception = named(&desk, &id, "reception").await;
    for right in [CREATE_CHANNEL, CREATE_GROUP, EDIT_ROOM, SEE_MEMBERS] {
        desk.office.rocket_chat.deny(right);
    }
    for (is_private, right) in [(false, CREATE_CHANNEL), (true, CREATE_GROUP)] {
        let (code, reason, words) = refused(desk.console.listed_room_create(&id, &new("x", is_private, &[])).await);
        assert_eq!((code, reason), (Code::Refused, Reason::NoPermission));
        assert!(words.contains(right), "{words}");
    }
    let (_, reason, words) = refused(desk.console.listed_room_rename(&reception, "front").await);
    assert!(reason == Reason::NoPermission && words.contains(EDIT_ROOM), "{reason:?} {words}");
    assert_eq!(refused(desk.console.listed_room_people(&reception).await).1, Reason::NoPermission);
    assert_eq!(named(&desk, &id, "reception").await, reception);
}

#[tokio::test]
async fn a_name_that_is_taken_or_cannot_be_used_makes_nothing() {
    let (desk, id) = desk().await;
    let before = rooms(&desk, &id).await;
    let sales = named(&desk, &id, "sales").await;
    let check =
        |found: (Code, Reason, String), code, reason| assert_eq!((found.0, found.1), (code, reason), "{}", found.2);
    for (name, reason) in [("reception", Reason::NameTaken), ("no blanks", Reason::NotAddressable)] {
        check(refused(desk.console.listed_room_create(&id, &new(name, false, &[])).await), Code::Refused, reason);
        check(refused(desk.console.listed_room_rename(&sales, name).await), Code::Refused, reason);
    }
    check(refused(desk.console.listed_room_create(&id, &new("  ", true, &[])).await), Code::Invalid, Reason::Missing);
    let nobody = refused(desk.console.listed_room_create(&id, &new("x", true, &["nobody@example.com"])).await);
    check(nobody, Code::Refused, Reason::NotFound);
    assert_eq!(rooms(&desk, &id).await, before);
}

#[tokio::test]
async fn a_room_whose_answer_is_lost_is_made_once_and_nobody_is_told_that_it_failed() {
    let (desk, id) = desk().await;
    desk.office.fault(ROCKET_CHAT, Fault::LoseAnswer.only("channels.create"));
    let (code, reason, _) = refused(desk.console.listed_room_create(&id, &new("lost", false, &[])).await);
    assert_eq!((code, reason), (Code::UnknownOutcome, Reason::OutcomeUnknown));
    let asked = desk.office.log(ROCKET_CHAT).iter().filter(|it| it.path.contains("channels.create")).count();
    assert_eq!(asked, 1);
    desk.office.heal(ROCKET_CHAT);
    assert_eq!(named(&desk, &id, "lost").await.people, Some(1), "looking shows that it is there");
}

#[tokio::test]
async fn a_chat_that_lists_no_rooms_says_so() {
    let desk = Desk::connected().await;
    let id = desk.id(simulators::CHAT_AND_MESSENGER).await;
    assert_eq!(refused(desk.console.listed_rooms(&id).await).1, Reason::NotOffered);
}
