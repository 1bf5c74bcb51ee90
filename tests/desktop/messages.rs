//! A message goes to each system that takes messages, and arrives there once.

use simulators::{CHAT_AND_MESSENGER, RING_CENTRAL, ROCKET_CHAT};

use crate::desk::Desk;
use crate::window::{Window, keys};

/// Writes to somebody through a connection, sends it, and waits until the system has it.
pub(crate) async fn write(window: &Window, connection: &str, address: &str, text: &str) {
    window.choose("Through", connection).await;
    window.fill("To", address).await;
    window.type_into("To", keys::ENTER).await;
    window.fill("Text", text).await;
    window.sees("1 delivery in 1 system").await;
    window.press("button", "Send").await;
    window.sees("Sent to ").await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a display: cargo xtask test"]
async fn one_message_goes_to_each_of_the_three_chat_systems_once() {
    let desk = Desk::new("messages").await;
    let window = desk.open_connected().await;
    let person = &desk.office.rocket_chat.people()[0];
    window.press("link", "Compose").await;
    for (system, address) in
        [(CHAT_AND_MESSENGER, &person.email), (ROCKET_CHAT, &person.username), (RING_CENTRAL, &person.email)]
    {
        write(&window, desk.office.account(system).name, address, &format!("受付に 3 名お見えです ({system})")).await;
    }
    window.close().await;

    let count =
        |texts: Vec<String>, system: &str| texts.iter().filter(|text| text.contains(&format!("({system})"))).count();
    let office = &desk.office;
    let letters = office.chat_and_messenger.messages().into_iter().map(|it| it.message).collect();
    assert_eq!(count(letters, CHAT_AND_MESSENGER), 1);
    let letters = office.rocket_chat.messages().into_iter().map(|it| it.msg).collect();
    assert_eq!(count(letters, ROCKET_CHAT), 1);
    let letters = office.ring_central.posts().into_iter().map(|it| it.text).collect();
    assert_eq!(count(letters, RING_CENTRAL), 1);
}
