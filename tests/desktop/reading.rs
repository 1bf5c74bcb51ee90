//! What the systems know is read and shown, and what happens there appears by itself.

use simulators::{RING_CENTRAL, Ring, SMART_CONNECT};

use crate::desk::Desk;

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a display: cargo xtask test"]
async fn calls_and_rooms_are_read_and_a_ringing_call_appears_by_itself() {
    let desk = Desk::new("reading").await;
    let window = desk.open_connected().await;

    window.press("link", "Calls").await;
    window.has("row", "Answered").await;

    // The console listens before the telephone rings, or it would be read as an old call.
    window.has("link", "SmartConnect: Live").await;
    desk.office.ring(Ring { system: SMART_CONNECT, from: "0355509998".to_owned(), line: None });
    window.has("row", "Ringing").await;
    window.sees("0355509998").await;

    let call = desk.office.ring(Ring { system: RING_CENTRAL, from: "+81355509999".to_owned(), line: None });
    window.sees("03-5550-9999").await;
    desk.office.answer(&call);
    desk.office.hang_up(&call);

    window.press("link", "Rooms").await;
    let room = desk.office.chat_and_messenger.rooms().into_iter().next().expect("an office has rooms");
    window.sees(&room.name).await;
    window.close().await;
}
