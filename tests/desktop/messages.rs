//! A message goes to each system that takes messages, and arrives there once and whole.

use serde_json::json;
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

/// Two cards by keyboard alone, the second one moved before the first.
async fn write_cards(window: &Window) {
    let fields = ["Field title", "Value"];
    window.keys(&[keys::CONTROL, keys::SHIFT, "a"]).await;
    window.has_focus("Title").await;
    window.type_here("折り返し依頼").await;
    window.focus("button", "Add field").await;
    window.keys(&[keys::ENTER]).await;
    for (name, text) in fields.into_iter().zip(["回線", "営業"]) {
        window.fill(name, text).await;
    }
    window.focus("field", "Text").await;
    window.keys(&[keys::CONTROL, keys::SHIFT, "a"]).await;
    window.has("button", "Remove card").await;
    window.has_focus("Title").await;
    window.type_here("2nd, moved up").await;
    window.keys(&[keys::ALT, keys::UP]).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a display: cargo xtask test"]
async fn one_text_is_a_card_here_a_sealed_letter_there_and_a_post_to_a_colleague() {
    let desk = Desk::new("messages-shapes").await;
    let window = desk.open_connected().await;
    let office = &desk.office;
    let person = &office.rocket_chat.people()[0];
    let posts = office.ring_central.posts().len();
    window.press("link", "Compose").await;
    for (system, address) in
        [(CHAT_AND_MESSENGER, &person.email), (ROCKET_CHAT, &person.username), (RING_CENTRAL, &person.email)]
    {
        window.choose("Through", office.account(system).name).await;
        window.fill("To", address).await;
        window.type_into("To", keys::ENTER).await;
    }
    window.sees("3 deliveries in 3 systems").await;
    window.choose("Through", "All systems").await;
    window.fill("Text", "西村様よりお電話です。").await;
    window.focus("choice", "Sealed").await;
    window.keys(&[" "]).await;
    write_cards(&window).await;
    window.rests().await;
    window.picture("messages-shapes").await;
    window.focus("field", "Text").await;
    // Twice, as by a hand that trembles.
    window.keys(&[keys::CONTROL, keys::ENTER]).await;
    window.keys(&[keys::CONTROL, keys::ENTER]).await;
    window.sees("All 3 deliveries arrived").await;
    window.close().await;

    let letters = office.rocket_chat.messages();
    let letters: Vec<_> = letters.iter().filter(|it| it.msg.contains("西村様")).collect();
    let [letter] = letters.as_slice() else { panic!("one message: {letters:?}") };
    let cards = letter.extras["attachments"].as_array().expect("cards");
    let titles: Vec<_> = cards.iter().map(|it| it["title"].as_str().unwrap_or_default()).collect();
    assert_eq!(titles, ["2nd, moved up", "折り返し依頼"], "in their order");
    assert_eq!(cards[1]["fields"], json!([{ "title": "回線", "value": "営業", "short": true }]));
    assert!(cards[1]["color"].as_str().is_some_and(|it| it.starts_with('#')), "{}", cards[1]);

    let sealed = office.chat_and_messenger.messages();
    let [sealed] = sealed.as_slice() else { panic!("one message: {sealed:?}") };
    assert_eq!((sealed.call, sealed.is_sealed, &sealed.room), ("sendMessage", true, &None));
    assert_eq!(
        (sealed.users.as_slice(), sealed.message.as_str()),
        ([person.email.clone()].as_slice(), "西村様よりお電話です。")
    );

    let posts: Vec<_> = office.ring_central.posts().into_iter().skip(posts).collect();
    let [post] = posts.as_slice() else { panic!("one post: {posts:?}") };
    assert!(post.text.starts_with("西村様よりお電話です。") && post.text.contains("**折り返し依頼**"), "{}", post.text);
    let mut members = office.ring_central.members(&post.chat_id);
    members.retain(|it| *it != office.ring_central.me().extension_id.to_string());
    assert_eq!(members, [person.extension_id.to_string()], "in the chat with this colleague alone");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a display: cargo xtask test"]
async fn a_message_waits_for_its_connection_and_leaves_once_when_that_is_back() {
    let desk = Desk::new("messages-held").await;
    let window = desk.open_connected().await;
    window.has("link", "Rocket.Chat: as of").await;
    desk.office.switch_off(ROCKET_CHAT).await;
    window.press("link", "Today").await;
    window.press("button", "Refresh everything").await;
    window.has("link", "Rocket.Chat: Offline").await;
    window.press("link", "Compose").await;
    window.choose("Through", desk.office.account(ROCKET_CHAT).name).await;
    window.fill("To", &desk.office.rocket_chat.people()[0].username).await;
    window.type_into("To", keys::ENTER).await;
    window.fill("Text", "戻ったら届く").await;
    window.focus("choice", "Send when connected").await;
    window.keys(&[" "]).await;
    window.sees("as soon as Rocket.Chat can be reached, while Frontdesk runs").await;
    window.focus("field", "Text").await;
    window.keys(&[keys::CONTROL, keys::ENTER]).await;
    window.sees("1 leaves as soon as Rocket.Chat can be reached").await;
    window.picture("messages-held").await;
    desk.office.switch_on(ROCKET_CHAT).await.expect("its port is free");
    window.press("tab", "Outbox").await;
    window.has("option", "Paused").await;
    window.press("link", "Today").await;
    window.press("button", "Refresh everything").await;
    window.press("link", "Compose").await;
    window.has("option", "Delivered").await;
    window.close().await;
    let arrived = desk.office.rocket_chat.messages().into_iter().filter(|it| it.msg == "戻ったら届く");
    assert_eq!(arrived.count(), 1);
}
