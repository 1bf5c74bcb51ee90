//! The rooms board in the real window: by keyboard alone, with what a screen reader is told; a link from a free slot into a message;
//! and the story of a booking that moved.

use chrono::{Duration, NaiveDateTime};
use serde_json::{Value, json};
use simulators::CHAT_AND_MESSENGER;
use simulators::chat_and_messenger::BookingEdit;

use crate::desk::{Desk, settle};
use crate::window::{Window, keys};

/// What a screen reader is told of the element with the keyboard: its role and name, and where it is in its grid.
const FOCUSED: &str = "const it = document.activeElement; const row = it.closest('[role=row]'); \
     const grid = it.closest('[role=grid]'); \
     return { role: it.getAttribute('role'), name: it.getAttribute('aria-label'), column: it.getAttribute('aria-colindex'), \
       row: row?.getAttribute('aria-rowindex'), rows: grid?.getAttribute('aria-rowcount'), \
       columns: grid?.getAttribute('aria-colcount'), header: row?.querySelector('[role=rowheader]')?.textContent?.trim() }";

/// Gives the keyboard to the one cell of the board that takes it.
const ENTER: &str = "document.querySelector('[role=gridcell][tabindex=\"0\"]')?.focus(); return true";

async fn focused(window: &Window) -> Value {
    window.run(FOCUSED, json!([])).await
}

fn number(of: &Value, key: &str) -> u32 {
    of[key].as_str().and_then(|it| it.parse().ok()).unwrap_or_else(|| panic!("no {key} in {of}"))
}

/// Now on a clock on the wall of the rooms.
fn tokyo(desk: &Desk) -> NaiveDateTime {
    (desk.office.clock.now() + Duration::hours(9)).naive_utc()
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a display: cargo xtask test"]
async fn every_cell_of_the_board_is_reached_by_keyboard_and_says_what_it_is() {
    let desk = Desk::new("rooms-keyboard").await;
    let window = desk.open_connected().await;
    window.press("link", "Rooms").await;
    window.sees("応接室 A").await;
    window.rests().await;
    window.run(ENTER, json!([])).await;
    window.keys(&[keys::CONTROL, keys::HOME]).await;
    let first = focused(&window).await;
    let (rows, columns) = (number(&first, "rows"), number(&first, "columns"));
    assert_eq!((first["role"].as_str(), number(&first, "row"), number(&first, "column")), (Some("gridcell"), 2, 2));
    let rooms = desk.office.chat_and_messenger.rooms();
    assert_eq!(rows as usize, rooms.len() + 1, "each room and the head");

    for (at, room) in rooms.iter().enumerate() {
        window.keys(&[keys::HOME]).await;
        for column in 2..=columns {
            let cell = focused(&window).await;
            let place = (number(&cell, "row") as usize, number(&cell, "column"));
            assert_eq!(place, (at + 2, column), "{cell}");
            let name = cell["name"].as_str().unwrap_or_default();
            assert!(name.starts_with(&room.name), "the room comes first: {name}");
            let is_free = name.contains(", free");
            assert!(is_free || name.contains(" to "), "free, or who has it and when: {name}");
            assert!(cell["header"].as_str().is_some_and(|it| it.contains(&room.name)), "{cell}");
            if column < columns {
                window.keys(&[keys::RIGHT]).await;
            }
        }
        window.keys(&[keys::DOWN]).await;
    }
    window.keys(&[keys::CONTROL, keys::END]).await;
    let last = focused(&window).await;
    assert_eq!((number(&last, "row"), number(&last, "column")), (rows, columns));
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a display: cargo xtask test"]
async fn a_link_for_a_free_slot_goes_into_a_message() {
    let desk = Desk::new("rooms-link").await;
    let window = desk.open_connected().await;
    window.press("link", "Rooms").await;
    window.sees("応接室 A").await;
    // Tomorrow nobody has the first half hour of some room, whatever the time is now.
    window.keys(&[keys::PAGE_DOWN]).await;
    window.rests().await;
    let free = "return [...document.querySelectorAll('[role=gridcell]')].map((it) => it.getAttribute('aria-label')) \
         .find((it) => /, free(, outside opening hours)?$/.test(it ?? '')) ?? null";
    let Value::String(cell) = window.run(free, json!([])).await else { panic!("a room is free tomorrow") };
    window.point("cell", &cell).await;
    window.press("button", "Create link").await;
    window.sees("A link cannot be taken back").await;
    let made = desk.office.chat_and_messenger.quick_calls();
    assert_eq!(made.len(), 1);
    window.press("button", "Send").await;
    window.has("heading", "Compose").await;
    let written = "return [...document.querySelectorAll('textarea')].map((it) => it.value).join(' ')";
    let mut text = String::new();
    while !text.contains("works until") {
        window.rests().await;
        text = window.run(written, json!([])).await.as_str().unwrap_or_default().to_owned();
    }
    assert!(text.contains(&made[0].url), "{text}");
    let person = &desk.office.rocket_chat.people()[0];
    window.choose("Through", desk.office.account(CHAT_AND_MESSENGER).name).await;
    window.fill("To", &person.email).await;
    window.type_into("To", keys::ENTER).await;
    window.sees("1 delivery in 1 system").await;
    window.press("button", "Send").await;
    window.sees("Sent to ").await;
    window.close().await;
    let letters = desk.office.chat_and_messenger.messages();
    let with_link = letters.iter().filter(|it| it.message.contains(&made[0].url)).count();
    assert_eq!(with_link, 1, "one message arrived with the link as it was made");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a display: cargo xtask test"]
async fn the_board_for_a_wall_hangs_in_both_themes_and_leaves_by_escape() {
    let desk = Desk::new("rooms-wall").await;
    let now = tokyo(&desk);
    let office = &desk.office.chat_and_messenger;
    office.book("1", "いま行われている会議", "田中 健一", now - Duration::minutes(20), now + Duration::minutes(40));
    let window = desk.open_connected().await;
    for (language, theme) in [("ja", "light"), ("en", "dark")] {
        settle(&window, language, theme).await;
        window.reload().await;
        window.run("location.hash = '/rooms'", json!([])).await;
        window.sees("応接室 A").await;
        window.rests().await;
        window.keys(&[keys::SHIFT, "w"]).await;
        let dialog = "return document.querySelector('[role=dialog]')?.textContent ?? ''";
        let mut wall = String::new();
        while !wall.contains("いま行われている会議") {
            window.rests().await;
            wall = window.run(dialog, json!([])).await.as_str().unwrap_or_default().to_owned();
        }
        let buttons = window.run("return document.querySelectorAll('[role=dialog] button').length", json!([])).await;
        assert_eq!(buttons, json!(0), "there is nothing to press");
        window.picture(&format!("wall-{theme}-{language}")).await;
        window.keys(&[keys::ESCAPE]).await;
        while window.run(dialog, json!([])).await != json!("") {
            window.rests().await;
        }
        window.sees("応接室 A").await;
    }
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a display: cargo xtask test"]
async fn a_booking_that_moved_tells_its_story() {
    let desk = Desk::new("rooms-story").await;
    let start = tokyo(&desk).date().and_hms_opt(10, 0, 0).expect("ten o'clock");
    let office = &desk.office.chat_and_messenger;
    let id = office.book("9", "移動する会議", "田中 健一", start, start + Duration::hours(1));
    let window = desk.open_connected().await;
    window.press("link", "Rooms").await;
    window.sees("移動する会議").await;
    let away = BookingEdit { room: Some("10".to_owned()), ..BookingEdit::default() };
    assert!(office.change(&id, &away), "there is such a booking");
    window.press("button", "Refresh").await;
    let moved = "return [...document.querySelectorAll('[role=row]')].some((row) => \
         row.textContent.includes('フォーカス 5A') && row.textContent.includes('移動する会議'))";
    while window.run(moved, json!([])).await != json!(true) {
        window.rests().await;
    }
    let cell = "return [...document.querySelectorAll('[role=gridcell]')].map((it) => it.getAttribute('aria-label')) \
         .find((it) => it?.includes('移動する会議')) ?? null";
    let Value::String(cell) = window.run(cell, json!([])).await else { panic!("the booking is on the board") };
    window.point("cell", &cell).await;
    window.sees("Changes we have seen").await;
    window.sees("Other room").await;
    let story = window.text().await;
    assert!(story.contains("会議室 502") && story.contains("フォーカス 5A"), "{story}");
    assert!(story.contains("ext. 204"), "and who booked it");
    window.close().await;
}
