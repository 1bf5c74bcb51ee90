//! Walks through the main work in the demo as a person would, and takes a picture of each screen on the way.

use serde_json::{Value, json};

use crate::desk::settle;
use crate::messages::write;
use crate::window::{Window, keys};

/// The name of the first booked cell of the rooms board.
const BOOKED: &str = "return [...document.querySelectorAll('[role=gridcell]')].map((it) => it.getAttribute('aria-label')) \
     .find((it) => it && !/, (free(, outside opening hours)?|closed)$/.test(it)) ?? null";

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a display: cargo xtask demo --walk"]
async fn the_main_work_from_a_call_to_a_message() {
    let data = tempfile::tempdir().expect("there is room for a data folder");
    let window = Window::open("walk", data.path(), &["--demo"]).await;
    settle(&window, "en", "light").await;
    window.reload().await;
    calls(&window).await;
    rooms(&window).await;
    chat_rooms(&window).await;
    messages(&window).await;
    connections(&window).await;
    window.close().await;
}

async fn shot(window: &Window, name: &str) {
    window.rests().await;
    window.picture(name).await;
}

async fn calls(window: &Window) {
    window.press("link", "Calls").await;
    window.has("row", "Missed").await;
    shot(window, "01-calls").await;
    window.press("row", "Answered").await;
    window.sees("Raw record").await;
    shot(window, "02-call").await;
    window.fill("Name, number, note", "石田").await;
    shot(window, "03-search").await;
    window.press("button", "All").await;
    window.fill("Name, number, note", " ").await;
}

async fn rooms(window: &Window) {
    window.press("link", "Rooms").await;
    window.has("cell", "free").await;
    shot(window, "04-rooms").await;
    let Value::String(booked) = window.run(BOOKED, json!([])).await else { panic!("the demo has bookings today") };
    // The block of the booking is drawn over its cells.
    window.point("cell", &booked).await;
    window.sees("Organiser").await;
    shot(window, "05-booking").await;
}

async fn chat_rooms(window: &Window) {
    window.press("link", "Chat rooms").await;
    window.press("button", "New room").await;
    window.fill("Room name", "来客連絡").await;
    // The demo is the office of seed 1, whose people are always the same.
    let uid = simulators::generator::people::person(1, 0).cam_uid;
    for field in ["Administrator, user ID", "Creator, user ID", "Add by name, e-mail or user ID"] {
        window.fill(field, &uid).await;
    }
    window.press("button", "Add").await;
    window.press("button", "Review and save").await;
    shot(window, "06-chat-room-review").await;
    window.press("button", "Save room").await;
    window.sees("“来客連絡” saved").await;
    shot(window, "07-chat-room-made").await;
    window.fill("Room name", "来客と宅配").await;
    window.press("button", "Review and save").await;
    window.press("button", "Save room").await;
    window.sees("“来客と宅配” saved").await;
    shot(window, "08-chat-room-changed").await;
}

async fn messages(window: &Window) {
    window.press("link", "Compose").await;
    let addresses = [
        ("Chat&Messenger", "t.kenichi@example.jp"),
        ("Rocket.Chat", "t.kenichi"),
        ("RingCentral", "t.kenichi@example.jp"),
    ];
    for (nth, (connection, address)) in addresses.into_iter().enumerate() {
        write(window, connection, address, "受付に 3 名お見えです。").await;
        shot(window, &format!("{:02}-message", nth + 9)).await;
    }
}

async fn connections(window: &Window) {
    window.press("link", "Connections").await;
    window.sees("SmartConnect").await;
    shot(window, "12-connections").await;
    window.press("link", "Settings").await;
    shot(window, "13-settings").await;
    window.keys(&[keys::ESCAPE]).await;
}
