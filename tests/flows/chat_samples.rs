//! The examples of the vendors' own pages for messages, through client, console and simulator, unchanged in meaning.

use std::sync::Arc;

use model::message::{DeliveryState, Draft, Guise, Message, Recipient};
use model::ports::{Batches, KeepsNothing, Opening};
use model::{DeliveryId, DraftId, Raw, Secret, Time};
use serde_json::{Value, json};
use simulators::rocket_chat::IMPERSONATE;
use simulators::{CHAT_AND_MESSENGER, RING_CENTRAL, ROCKET_CHAT};

use crate::support::{Desk, NOW, new};

/// `messages.json` for direct messages as the page prints it, with its comma too many.
const DIRECT: &str = r#"messages=[
 {"message":"こんにちは 1","property":{"users":"user1@test.com,user2@test.com"}},
 {"message":"こんにちは 2","property":{"users":"user1@test.com,user2@test.com"}},
 {"message":"こんにちは 3","property":{"users":"user1@test.com,user2@test.com"}},
 {"message":"こんにちは 4","property":{"users":"user1@test.com,user2@test.com"}},
]"#;
/// The same as another translation of the page has it, on one line and with blanks where none belong.
const DAMAGED: &str = r#"messages=[ {"message":"안녕하세요 1","property":{"users":"user1@test.com,user2@test.com"}}, {"message":"안녕하세요 2","property ":{"users":"user1@test.com,user2@test.com"}}, {"message":"안녕하세요 3","property":{"users":"user1@test.com,user2 @test.com"}}, ]"#;
/// `messages.json` for everybody in a room.
const ROOM: &str = "messages=[\r\n  {\"send\": \"test\", \"message\":\"テスト 1\"}\r\n]";

/// The card of the page's example of `chat.sendMessage`, with every field that it has.
const CARD: &str = r##"[{
"color": "#ff0000",
"text": "Yay for gruggy!",
"ts": "2016-12-09T16:53:06.761Z",
"thumb_url": "http://res.guggy.com/logo_128.png",
"message_link": "https://google.com",
"collapsed": false,
"author_name": "Bradley Hilton",
"author_link": "https://rocket.chat/",
"author_icon": "https://avatars.githubusercontent.com/u/850391?v=3",
"title": "Attachment Example",
"title_link": "https://youtube.com",
"title_link_download": true,
"image_url": "http://res.guggy.com/logo_128.png",
"audio_url": "http://www.w3schools.com/tags/horse.mp3",
"video_url": "http://www.w3schools.com/tags/movie.mp4",
"fields": [
{"short": true, "title": "Test", "value": "Testing out something or other"},
{"short": true, "title": "Another Test", "value": "[Link](https://google.com/) something and this and that."}
]
}]"##;

/// Everything that breaks where somebody forgets to encode, and what people write.
const SIGNS: &str =
    "Q&A 100% + 1 = \"2\" \\ \\n ' <b> ; #\nnext line\r\n\ttab 改行 絵文字 🛎👩‍💻 ｶﾅ 한국어 {\"a\":[1,]} %E3%81%82";

fn people(addresses: &[&str]) -> Recipient {
    Recipient::People(addresses.iter().map(|it| (*it).to_owned()).collect())
}

/// What the last request of a call carried in a field of its form.
fn carried(desk: &Desk, call: &str, field: &str) -> Value {
    let log = desk.office.log(CHAT_AND_MESSENGER);
    let body =
        log.iter().rev().find(|it| it.path.ends_with(call)).and_then(|it| it.body.clone()).expect("it was asked");
    let mut pairs = url::form_urlencoded::parse(body.as_bytes());
    let text = pairs.find(|(key, _)| key == field).expect("the field is there").1.into_owned();
    serde_json::from_str(&text).expect("strict JSON")
}

fn batches(desk: &Desk) -> Arc<dyn Batches> {
    let account = new(desk.office.account(CHAT_AND_MESSENGER));
    let system = shell::systems()
        .into_iter()
        .find(|it| it.about().id.as_str() == CHAT_AND_MESSENGER)
        .expect("it is on the list");
    let connection = model::connection::Connection {
        id: "cam".into(),
        name: account.name,
        system: account.system,
        url: account.url,
        settings: account.settings,
        allow_http: false,
    };
    struct Then;
    impl model::Clock for Then {
        fn now(&self) -> Time {
            Time::parse(NOW).expect("an instant")
        }
    }
    let opening =
        Opening { connection, secrets: account.secrets, clock: Arc::new(Then), keeper: Arc::new(KeepsNothing) };
    system.open(opening).expect("a session").batches.expect("it takes batches")
}

fn message(number: usize, to: Recipient, text: &str, mentions: Vec<String>) -> Message {
    let draft = Draft {
        id: DraftId::from(format!("d{number}").as_str()),
        connection: "cam".into(),
        to,
        text: text.to_owned(),
        mentions,
        sealed: false,
        attachments: None,
        guise: Guise::default(),
        thread: None,
        file: None,
    };
    Message { id: DeliveryId::from(format!("m{number}").as_str()), draft }
}

#[tokio::test]
async fn the_samples_of_a_message_go_out_with_the_keys_of_the_page() {
    let desk = Desk::connected().await;
    desk.office.chat_and_messenger.takes_anybody(true);
    let draft = desk.draft(CHAT_AND_MESSENGER, people(&["user1@xxx.com", "user2@xxx.com"]), "Hello").await;
    assert_eq!(desk.console.send_now(draft).await.unwrap().state, DeliveryState::Sent);
    let users = json!({ "users": "user1@xxx.com,user2@xxx.com" });
    let expected = json!({ "panelName": "messenger", "message": "Hello", "isOpened": false, "generalPurposes": users });
    assert_eq!(carried(&desk, "sendMessage", "message"), expected);

    let mut draft = desk.draft(CHAT_AND_MESSENGER, Recipient::Room("ルーム名".into()), "Hello").await;
    draft.mentions = vec!["user1@xxx.com".into(), "user2@xxx.com".into()];
    draft.sealed = true;
    assert_eq!(desk.console.send_now(draft).await.unwrap().state, DeliveryState::Sent);
    let expected = json!({ "panelName": "ルーム名", "message": "Hello", "isOpened": true, "generalPurposes": users });
    assert_eq!(carried(&desk, "sendMessage", "message"), expected);
    assert!(desk.office.chat_and_messenger.messages()[1].is_sealed);
}

#[tokio::test]
async fn the_samples_of_a_batch_are_read_as_loosely_as_they_are_printed_and_written_strictly() {
    let desk = Desk::connected().await;
    desk.office.chat_and_messenger.takes_anybody(true);
    let batches = batches(&desk);
    for (sample, texts) in [
        (DIRECT, vec!["こんにちは 1", "こんにちは 2", "こんにちは 3", "こんにちは 4"]),
        (DAMAGED, vec!["안녕하세요 1", "안녕하세요 2", "안녕하세요 3"]),
        (
            &*format!("\u{feff}{}", DIRECT.replace('\n', "\r\n")),
            vec!["こんにちは 1", "こんにちは 2", "こんにちは 3", "こんにちは 4"],
        ),
        (ROOM, vec!["テスト 1"]),
    ] {
        let before = desk.office.chat_and_messenger.messages().len();
        let letters: Vec<_> = batches.read(sample).unwrap().into_iter().map(|it| it.letter.unwrap()).collect();
        let messages: Vec<Message> =
            letters.into_iter().enumerate().map(|(at, it)| message(at, it.to, &it.text, it.mentions)).collect();
        let outcomes = batches.send(&messages).await;
        assert!(outcomes.len() == texts.len() && outcomes.iter().all(Result::is_ok), "{outcomes:?}");
        let arrived = &desk.office.chat_and_messenger.messages()[before..];
        assert_eq!(arrived.iter().map(|it| it.message.as_str()).collect::<Vec<_>>(), texts);
        for it in arrived {
            let (room, users) = (it.room.as_deref(), it.users.join(","));
            let is_room = sample == ROOM;
            assert_eq!(
                (room, users.as_str()),
                if is_room { (Some("test"), "") } else { (None, "user1@test.com,user2@test.com") }
            );
        }
        let items = carried(&desk, "sendMessages", "messages");
        let keys: Vec<&str> = items[0].as_object().unwrap().keys().map(String::as_str).collect();
        assert!(
            keys == ["message", "property"] || keys == ["message", "send"] || keys == ["send", "message"],
            "{keys:?}"
        );
    }
    for broken in ["", "messages=", "{}"] {
        assert!(batches.read(broken).is_err(), "{broken}");
    }
    for broken in ["[1]", r#"[{"message":"x"}]"#, r#"[{"property":{"users":"a@b"}}]"#] {
        assert!(batches.read(broken).unwrap()[0].letter.is_err(), "{broken}");
    }
    let lines: Vec<u32> = batches.read(DAMAGED).unwrap().iter().map(|it| it.line).collect();
    assert!(lines.is_sorted() && lines.len() == 3, "{lines:?}");
}

#[tokio::test]
async fn a_batch_stops_where_it_is_not_taken_and_never_says_more_than_is_known() {
    let desk = Desk::connected().await;
    let batches = batches(&desk);
    let to = |address: &str| people(&[address]);
    let mut messages: Vec<Message> =
        (0..120).map(|at| message(at, to("t.kenichi@example.jp"), &format!("no. {at}"), vec![])).collect();
    assert!(batches.send(&messages).await.iter().all(Result::is_ok));
    let calls = |path: &str| desk.office.log(CHAT_AND_MESSENGER).iter().filter(|it| it.path.ends_with(path)).count();
    assert_eq!((desk.office.chat_and_messenger.messages().len(), calls("sendMessages")), (120, 3));
    messages[60].draft.to = to("nobody@example.jp");
    let outcomes = batches.send(&messages).await;
    assert_eq!(outcomes.len(), 100, "the third request is not sent");
    assert!(outcomes[..50].iter().all(Result::is_ok));
    let unknown = outcomes[50].as_ref().unwrap_err();
    assert_eq!(unknown.code(), model::failure::Code::UnknownOutcome);
    assert!(unknown.why().words.contains("nobody@example.jp"), "{unknown}");
    assert_eq!((desk.office.chat_and_messenger.messages().len(), calls("sendMessages")), (170, 5));

    let mut sealed = message(1, to("t.kenichi@example.jp"), "sealed", vec![]);
    sealed.draft.sealed = true;
    let plain = message(2, to("t.kenichi@example.jp"), "plain", vec![]);
    assert!(batches.send(&[sealed, plain]).await.iter().all(Result::is_ok));
    let arrived = desk.office.chat_and_messenger.messages();
    let last: Vec<_> = arrived[170..].iter().map(|it| (it.call, it.is_sealed)).collect();
    assert_eq!(last, [("sendMessage", true), ("sendMessages", false)]);
}

#[tokio::test]
async fn a_quick_call_ends_at_its_millisecond_with_a_password_or_none() {
    let desk = Desk::connected().await;
    let id = desk.id(CHAT_AND_MESSENGER).await;
    let end = Time::from_millis(1_924_368_868_714).unwrap();
    let password = Secret::new("password!");
    for password in [Some(&password), None] {
        let made = desk.console.quick_call_create(&id, end, password).await.unwrap();
        let kept = desk.office.chat_and_messenger.quick_calls().pop().unwrap();
        assert_eq!((made.url.as_deref(), kept.has_password), (Some(kept.url.as_str()), password.is_some()));
        assert_eq!(Time::from(kept.expires_at), end);
    }
    let sample = Time::from_millis(1_624_368_868_714).unwrap();
    assert!(desk.console.quick_call_create(&id, sample, None).await.is_err(), "the page's own example is long past");
}

#[tokio::test]
async fn the_sample_of_a_card_arrives_with_every_field() {
    let desk = Desk::connected().await;
    desk.office.rocket_chat.grant(IMPERSONATE);
    let mut draft = desk.draft(ROCKET_CHAT, Recipient::Room("GENERAL".into()), "Sample message").await;
    draft.attachments = Some(Raw(CARD.to_owned()));
    draft.guise = Guise {
        alias: Some("Gruggy".into()),
        emoji: Some(":smirk:".into()),
        avatar: Some("http://res.guggy.com/logo_128.png".into()),
    };
    assert_eq!(desk.console.send_now(draft).await.unwrap().state, DeliveryState::Sent);
    let kept = desk.office.rocket_chat.messages().pop().unwrap();
    let expected: Value = serde_json::from_str(CARD).unwrap();
    assert_eq!(
        (kept.rid.as_str(), kept.msg.as_str(), &kept.extras["attachments"]),
        ("GENERAL", "Sample message", &expected)
    );
    let guise = ["alias", "emoji", "avatar"].map(|key| kept.extras[key].as_str().unwrap());
    assert_eq!(guise, ["Gruggy", ":smirk:", "http://res.guggy.com/logo_128.png"]);
}

#[tokio::test]
async fn every_sign_arrives_as_it_was_written() {
    let desk = Desk::connected().await;
    for system in [CHAT_AND_MESSENGER, ROCKET_CHAT, RING_CENTRAL] {
        let outcome = desk.console.send_now(desk.draft(system, people(&["t.kenichi@example.jp"]), SIGNS).await).await;
        let outcome = outcome.unwrap();
        assert_eq!((outcome.state, outcome.text.as_str()), (DeliveryState::Sent, SIGNS), "{system}: {outcome:?}");
    }
    assert_eq!(desk.office.chat_and_messenger.messages()[0].message, SIGNS);
    assert_eq!(desk.office.rocket_chat.messages().pop().unwrap().msg, SIGNS);
    assert_eq!(desk.office.ring_central.posts()[0].text, SIGNS);
}
