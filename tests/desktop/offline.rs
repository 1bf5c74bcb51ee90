//! With nothing reachable, the program shows what it knows and how old that is.

use simulators::SYSTEMS;

use crate::desk::Desk;

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a display: cargo xtask test"]
async fn without_any_system_the_window_paints_what_it_knows_and_how_old_it_is() {
    let desk = Desk::new("offline").await;
    let window = desk.open_connected().await;
    window.press("link", "Calls").await;
    window.has("row", "Answered").await;
    window.press("link", "Rooms").await;
    let room = desk.office.chat_and_messenger.rooms().into_iter().next().expect("an office has rooms");
    window.sees(&room.name).await;
    window.close().await;

    for system in SYSTEMS {
        desk.office.switch_off(system).await;
    }
    let window = desk.open().await;
    window.press("link", "Calls").await;
    window.has("row", "Answered").await;
    window.has("link", "SmartConnect: Offline since").await;
    window.has("link", "RingCentral: Offline since").await;
    window.press("link", "Rooms").await;
    window.sees(&room.name).await;
    window.has("link", "Chat&Messenger: Offline since").await;
    window.picture("offline").await;
    window.close().await;
}
