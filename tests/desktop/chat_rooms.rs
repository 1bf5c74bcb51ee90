//! A chat room is made and then changed.

use std::time::Duration;

use serde_json::Value;

use crate::desk::Desk;
use crate::driver::PATIENCE;
use crate::window::Window;

/// Between two looks at what the server has.
const LOOK: Duration = Duration::from_millis(100);

fn room<'a>(rooms: &'a [Value], name: &str) -> &'a Value {
    rooms.iter().find(|room| room["name"] == name).unwrap_or_else(|| panic!("no room {name} in {rooms:?}"))
}

async fn save(window: &Window) {
    window.press("button", "Review and save").await;
    window.press("button", "Save room").await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a display: cargo xtask test"]
async fn a_chat_room_is_made_and_then_changed() {
    let desk = Desk::new("chat-rooms").await;
    let window = desk.open_connected().await;
    let people = desk.office.chat_and_messenger.people();
    let (first, second) = (&people[0].cam_uid, &people[1].cam_uid);

    window.press("link", "Chat rooms").await;
    window.press("button", "New room").await;
    window.fill("Room name", "来客連絡").await;
    window.fill("Administrator, user ID", first).await;
    window.fill("Creator, user ID", first).await;
    window.fill("Add by name, e-mail or user ID", first).await;
    window.press("button", "Add").await;
    save(&window).await;
    window.sees("“来客連絡” saved").await;
    let made = desk.office.chat_and_messenger.chat_rooms();
    let id = room(&made, "来客連絡")["id"].clone();

    window.fill("Room name", "来客と宅配").await;
    window.fill("Add by name, e-mail or user ID", second).await;
    window.press("button", "Add").await;
    save(&window).await;
    window.sees("“来客と宅配” saved").await;
    let changed = desk.office.chat_and_messenger.chat_rooms();
    let room = room(&changed, "来客と宅配");
    assert_eq!(room["id"], id, "the same room was changed, no second one was made");
    assert!(room.to_string().contains(second.as_str()), "the new member is in it: {room}");
    assert_eq!(changed.len(), made.len());

    // The room as it was first is applied again, whole.
    window.press("tab", "Versions").await;
    window.press("option", "来客連絡").await;
    window.press("button", "Apply this one again").await;
    save(&window).await;
    // The sentence of the first time may still stand there: what counts is what the server has.
    let applied = async {
        while !desk.office.chat_and_messenger.chat_rooms().iter().any(|room| room["name"] == "来客連絡") {
            tokio::time::sleep(LOOK).await;
        }
    };
    tokio::time::timeout(PATIENCE, applied).await.expect("the room as it was first is applied again");
    let again = desk.office.chat_and_messenger.chat_rooms();
    let room = self::room(&again, "来客連絡");
    assert_eq!(room["id"], id, "it is the same room");
    assert!(!room.to_string().contains(second.as_str()), "who came later is out again: {room}");
    assert_eq!(again.len(), made.len());
    window.close().await;
}
