//! Files with messages: what was attached is what arrives, byte for byte and under its name, or nothing does and it is said why.

use std::path::PathBuf;
use std::time::Duration;

use model::event::{Event, Table};
use model::failure::Code;
use model::file::AttachedFile;
use model::message::{Delivery, DeliveryState, Draft, Recipient};
use model::{DeliveryId, Reason};
use serde_json::Value;
use simulators::rocket_chat::{Limit, Message};
use simulators::{CHAT_AND_MESSENGER, Fault, RING_CENTRAL, ROCKET_CHAT};

use crate::support::{Desk, failure, somebody, wait_for};

/// Longer than any lease.
const A_WHILE: Duration = Duration::from_secs(300);

/// Names and bytes as people have them, and what breaks where somebody forgets to encode.
const NAMES: [&str; 3] = ["見積 & 請求+100% 🛎.pdf", "quo'te;=[1] {a}.txt", "ｶﾅ 한국어.bin"];

fn room() -> Recipient {
    Recipient::Room("reception".to_owned())
}

fn bytes() -> Vec<u8> {
    (0..=255).cycle().take(70_000).chain(*b"\r\n--boundary--\r\n").collect()
}

/// A file on this computer, as somebody has it.
fn on_disk(desk: &Desk, name: &str, bytes: &[u8]) -> PathBuf {
    let path = desk.folder.path().join(name);
    std::fs::write(&path, bytes).expect("room for a file");
    path
}

async fn attached(desk: &Desk, name: &str, bytes: &[u8]) -> AttachedFile {
    desk.console.file_look(on_disk(desk, name, bytes)).await.expect("a file that can be read")
}

async fn with_file(desk: &Desk, to: Recipient, text: &str, file: AttachedFile) -> Draft {
    Draft { file: Some(file), ..desk.draft(ROCKET_CHAT, to, text).await }
}

/// Every message with a file at the server.
fn shown(desk: &Desk) -> Vec<Message> {
    desk.office.rocket_chat.messages().into_iter().filter(|it| it.extras.contains_key("file")).collect()
}

fn content(desk: &Desk, message: &Message) -> Option<Vec<u8>> {
    desk.office.rocket_chat.file(message.extras["file"]["_id"].as_str()?)
}

fn asked(desk: &Desk, path: &str) -> usize {
    desk.office.log(ROCKET_CHAT).iter().filter(|it| it.path.contains(path)).count()
}

async fn entry(desk: &Desk, id: &DeliveryId) -> Delivery {
    let all = desk.console.deliveries_list().await.expect("the ledger");
    all.into_iter().find(|it| it.id == *id).expect("it is in the ledger")
}

fn told(delivery: &Delivery) -> (DeliveryState, Option<Reason>) {
    (delivery.state, delivery.problem.as_ref().map(|it| it.reason))
}

#[tokio::test]
async fn a_file_arrives_byte_for_byte_under_its_name_with_its_caption() {
    let desk = Desk::connected().await;
    for (name, to, caption) in
        [(NAMES[0], room(), "Q&A 100%\n改行 🛎"), (NAMES[1], somebody(), ""), (NAMES[2], room(), "\"\\")]
    {
        let file = attached(&desk, name, &bytes()).await;
        assert_eq!((file.name.as_str(), file.size, file.sha256.len()), (name, bytes().len() as u64, 64));
        let sent = desk.console.send_now(with_file(&desk, to, caption, file.clone()).await).await.unwrap();
        assert_eq!(told(&sent), (DeliveryState::Sent, None), "{sent:?}");
        assert_eq!(sent.file, Some(file));
        let arrived = shown(&desk).pop().unwrap();
        let (kept, wanted) = (&arrived.extras["file"], Value::from(bytes().len()));
        assert_eq!((kept["name"].as_str(), &kept["size"], arrived.msg.as_str()), (Some(name), &wanted, caption));
        assert_eq!((content(&desk, &arrived), sent.detail), (Some(bytes()), arrived.id));
    }
    assert_eq!((shown(&desk).len(), desk.office.rocket_chat.waiting_files()), (3, 0));
    assert_eq!(shown(&desk)[0].extras["file"]["type"], "application/pdf");
}

#[tokio::test]
async fn the_bytes_that_a_window_brings_are_kept_whatever_becomes_of_the_original() {
    let desk = Desk::connected().await;
    let console = &desk.console;
    let all = bytes();
    for (at, piece) in all.chunks(30_000).enumerate() {
        console.file_write("key-1", at as u64 * 30_000, piece.to_vec()).await.unwrap();
    }
    let file = console.file_keep("key-1", NAMES[0]).await.unwrap();
    assert_eq!(failure(console.file_write("key-1", 5, vec![1]).await).why().reason, Reason::NotUsable, "a hole");
    assert_eq!(failure(console.file_write("../key", 0, vec![1]).await).why().reason, Reason::NotUsable);
    let id = console.outbox_add(with_file(&desk, room(), "", file).await).await.unwrap().id;
    let mut events = console.subscribe();
    while entry(&desk, &id).await.settled_at.is_none() {
        let ledger =
            |event| matches!(event, Event::Changed { tables } if tables.contains(&Table::Deliveries)).then_some(());
        wait_for(&mut events, ledger).await;
    }
    let arrived = shown(&desk).pop().unwrap();
    assert_eq!((content(&desk, &arrived), arrived.extras["file"]["name"].as_str()), (Some(all), Some(NAMES[0])));
}

#[tokio::test]
async fn a_file_that_changed_or_went_since_it_was_attached_is_not_sent() {
    let desk = Desk::connected().await;
    let file = attached(&desk, "plan.txt", b"as it was").await;
    let draft = with_file(&desk, room(), "look", file).await;
    on_disk(&desk, "plan.txt", b"as it is!");
    let refused = desk.console.send_now(draft).await.unwrap();
    assert_eq!(
        told(&refused),
        (DeliveryState::Refused, Some(Reason::FileChanged)),
        "the same length is not the same file"
    );
    std::fs::remove_file(desk.folder.path().join("plan.txt")).unwrap();
    let again = desk.console.outbox_again_now(&refused.id).await.unwrap();
    assert_eq!(told(&again), (DeliveryState::Refused, Some(Reason::FileGone)));
    on_disk(&desk, "plan.txt", b"as it was");
    assert_eq!(asked(&desk, "rooms.media"), 0, "nothing of it left");
    assert_eq!(desk.console.outbox_again_now(&refused.id).await.unwrap().state, DeliveryState::Sent);
    assert_eq!(shown(&desk).len(), 1);

    for (name, reason) in [("nothing here", Reason::FileGone), ("", Reason::FileGone)] {
        assert_eq!(failure(desk.console.file_look(desk.folder.path().join(name)).await).why().reason, reason, "{name}");
    }
    let empty = on_disk(&desk, "empty.txt", b"");
    assert_eq!(failure(desk.console.file_look(empty).await).code(), Code::Invalid);
}

#[tokio::test]
async fn what_a_server_does_not_take_is_told_in_its_sentence_and_nothing_is_seen() {
    let desk = Desk::connected().await;
    let file = attached(&desk, "large.zip", &[7; 3_000]).await;
    let rocket = &desk.office.rocket_chat;
    let send = async || {
        let sent = desk.console.send_now(with_file(&desk, room(), "x", file.clone()).await).await.unwrap();
        (told(&sent), sent.problem.map(|it| it.words).unwrap_or_default())
    };
    rocket.largest_file(2_999, true);
    let (outcome, words) = send().await;
    assert_eq!((outcome, words.as_str()), ((DeliveryState::Refused, Some(Reason::FileTooLarge)), "3000 > 2999 bytes"));
    assert_eq!(asked(&desk, "rooms.media"), 0, "its setting says so before anything is sent");
    rocket.largest_file(2_999, false);
    let (outcome, words) = send().await;
    assert_eq!(outcome, (DeliveryState::Refused, Some(Reason::FileTooLarge)));
    assert!(words.contains("exceeds allowed size"), "{words}");
    rocket.largest_file(-1, true);
    rocket.refuse_files("application/zip");
    assert_eq!(send().await.0, (DeliveryState::Refused, Some(Reason::FileKindRefused)));
    desk.office.fault(ROCKET_CHAT, Fault::Status(413).only("rooms.media"));
    assert_eq!(send().await.0, (DeliveryState::Refused, Some(Reason::FileTooLarge)), "a proxy says it by the status");
    desk.office.heal(ROCKET_CHAT);
    assert!(rocket.delete_room("rcvR8kTn3pQwXy2Lm"));
    assert_eq!(send().await.0, (DeliveryState::Refused, Some(Reason::NotFound)), "the room is gone");
    rocket.leave_room("sLs4Hb9vNcTd7JfQa");
    let left = with_file(&desk, Recipient::Room("sLs4Hb9vNcTd7JfQa".into()), "x", file.clone()).await;
    let told_left = told(&desk.console.send_now(left).await.unwrap());
    assert_eq!(told_left, (DeliveryState::Refused, Some(Reason::NoPermission)));
    assert_eq!(shown(&desk), []);
}

#[tokio::test]
async fn what_cannot_go_with_a_file_is_said_before_anything_is_sent() {
    let desk = Desk::connected().await;
    let file = attached(&desk, "a.txt", b"a").await;
    let elsewhere = Draft { file: Some(file.clone()), ..desk.draft(CHAT_AND_MESSENGER, somebody(), "x").await };
    let refused = failure(desk.console.send_now(elsewhere).await);
    assert_eq!((refused.why().reason, refused.why().words.as_str()), (Reason::NotOffered, "file"));
    let mut disguised = with_file(&desk, room(), "x", file.clone()).await;
    disguised.guise.alias = Some("Gruggy".into());
    assert_eq!(failure(desk.console.send_now(disguised).await).why().words, "guise");
    let long = with_file(&desk, room(), &"あ".repeat(5_001), file).await;
    let long = desk.console.send_now(long).await.unwrap();
    assert_eq!(told(&long), (DeliveryState::Refused, Some(Reason::TooLong)));
    assert_eq!(shown(&desk), []);
}

#[tokio::test]
async fn a_file_without_an_answer_was_not_sent_and_a_message_without_one_is_found_again_by_its_file() {
    let desk = Desk::connected().await;
    let file = attached(&desk, "a.txt", b"aaa").await;
    let send = async |text: &str, fault| {
        desk.office.fault(ROCKET_CHAT, fault);
        let sent = desk.console.send_now(with_file(&desk, room(), text, file.clone()).await).await.unwrap();
        desk.office.heal(ROCKET_CHAT);
        (told(&sent), shown(&desk).iter().filter(|it| it.msg == text).count(), sent.id)
    };
    for fault in [Fault::Reset, Fault::LoseAnswer, Fault::CutJson, Fault::WrongJson] {
        let (outcome, count, _) = send("a", fault.clone().only("rooms.media/")).await;
        assert_eq!((outcome, count), ((DeliveryState::Refused, Some(Reason::FileNotTaken)), 0), "{fault:?}");
    }
    for fault in [Fault::LoseAnswer, Fault::CutJson, Fault::WrongJson] {
        let text = format!("b {fault:?}");
        let (outcome, count, _) = send(&text, fault.only("mediaConfirm")).await;
        assert_eq!((outcome, count), ((DeliveryState::Sent, None), 1), "{text}: it is there with this very file");
    }
    let (outcome, _, id) = send("d", Fault::Reset.only("mediaConfirm")).await;
    assert_eq!(outcome, (DeliveryState::Unknown, Some(Reason::OutcomeUnknown)));
    let desk = desk.restarted().await;
    desk.office.clock.advance(A_WHILE);
    assert_eq!(told(&desk.console.outbox_ask(&id).await.unwrap()), (DeliveryState::Refused, Some(Reason::NotArrived)));
    let uploads = asked(&desk, "rooms.media/");
    assert_eq!(desk.console.outbox_again_now(&id).await.unwrap().state, DeliveryState::Sent);
    assert_eq!(asked(&desk, "rooms.media/"), uploads, "its file waits there still");
    assert_eq!(desk.console.outbox_again_now(&id).await.unwrap().state, DeliveryState::Sent, "once is enough");
    assert_eq!(shown(&desk).iter().filter(|it| it.msg == "d").count(), 1);
}

#[tokio::test]
async fn sending_again_what_arrived_after_all_shows_no_second_file() {
    let desk = Desk::connected().await;
    let file = attached(&desk, "a.txt", b"aaa").await;
    let draft = with_file(&desk, room(), "twice pressed", file).await;
    desk.office.fault(ROCKET_CHAT, Fault::Silence.only("mediaConfirm"));
    let has_it = async {
        while shown(&desk).is_empty() {
            tokio::task::yield_now().await;
        }
    };
    let id = DeliveryId(draft.id.0.clone());
    tokio::select! {
        outcome = desk.console.send_now(draft) => panic!("it was answered: {outcome:?}"),
        () = has_it => {}
    }
    desk.office.heal(ROCKET_CHAT);
    let desk = desk.restarted().await;
    desk.office.clock.advance(A_WHILE);
    desk.console.outbox_recover().await.unwrap();
    assert_eq!(entry(&desk, &id).await.state, DeliveryState::Unknown);
    assert_eq!(desk.console.outbox_again_now(&id).await.unwrap().state, DeliveryState::Sent);
    assert_eq!(shown(&desk).len(), 1);
}

#[tokio::test]
async fn files_are_never_one_request_too_many() {
    let desk = Desk::connected().await;
    desk.office.rocket_chat.limit(Some(Limit::default()));
    let file = attached(&desk, "a.txt", b"aaa").await;
    let mut events = desk.console.subscribe();
    for number in 0..12 {
        let draft = with_file(&desk, room(), &format!("burst {number}"), file.clone()).await;
        desk.console.outbox_add(draft).await.unwrap();
    }
    let states = async || {
        let all = desk.console.deliveries_list().await.unwrap();
        let count = |state| all.iter().filter(|it| it.state == state).count();
        (count(DeliveryState::Sent), count(DeliveryState::Waiting))
    };
    while states().await != (10, 2) {
        wait_for(&mut events, Some).await;
    }
    assert_eq!((shown(&desk).len(), desk.office.rocket_chat.calls_over_limit()), (10, 0));
}

/// Every post with a file: its text, and name and bytes of the file.
fn posted(desk: &Desk) -> Vec<(String, String, Vec<u8>)> {
    let ring = &desk.office.ring_central;
    let content = |it: &Value| ring.file_content(it["id"].as_str()?);
    let posts = ring.posts().into_iter().filter(|it| !it.attachments.is_empty());
    posts
        .map(|it| {
            let (name, bytes) = content(&it.attachments[0]).expect("the file is there");
            (it.text, name, bytes)
        })
        .collect()
}

async fn to_ring(desk: &Desk, to: Recipient, text: &str, file: AttachedFile) -> Draft {
    Draft { file: Some(file), ..desk.draft(RING_CENTRAL, to, text).await }
}

#[tokio::test]
async fn a_file_of_a_team_message_arrives_in_one_post_byte_for_byte_under_its_name() {
    let desk = Desk::connected().await;
    let sales = || Recipient::Room("Sales".to_owned());
    let mut expected = Vec::new();
    for (name, to, caption) in
        [(NAMES[0], sales(), "Q&A 100%\n改行 🛎"), (NAMES[1], somebody(), ""), (NAMES[2], sales(), "\"\\")]
    {
        let file = attached(&desk, name, &bytes()).await;
        let sent = desk.console.send_now(to_ring(&desk, to, caption, file).await).await.unwrap();
        assert_eq!(told(&sent), (DeliveryState::Sent, None), "{sent:?}");
        expected.push((caption.to_owned(), name.to_owned(), bytes()));
    }
    assert_eq!(posted(&desk), expected);
    assert_eq!(desk.office.ring_central.posts().len(), 3, "a file alone writes no post");
}

#[tokio::test]
async fn a_team_message_with_a_file_ends_as_it_is() {
    let desk = Desk::connected().await;
    let file = attached(&desk, "a.txt", b"aaa").await;
    let send = async |text: &str, fault| {
        desk.office.fault(RING_CENTRAL, fault);
        let to = Recipient::Room("Sales".to_owned());
        let sent = desk.console.send_now(to_ring(&desk, to, text, file.clone()).await).await.unwrap();
        desk.office.heal(RING_CENTRAL);
        (told(&sent), posted(&desk).iter().filter(|it| it.0 == text).count(), sent.id)
    };
    for fault in [Fault::Reset, Fault::LoseAnswer, Fault::CutJson, Fault::WrongJson] {
        let (outcome, count, _) = send("a", fault.clone().only("/files")).await;
        assert_eq!((outcome, count), ((DeliveryState::Refused, Some(Reason::FileNotTaken)), 0), "{fault:?}");
    }
    let (outcome, count, _) = send("b", Fault::LoseAnswer.only("/posts").next(1)).await;
    assert_eq!((outcome, count), ((DeliveryState::Sent, None), 1), "it is there with this very file");
    let (outcome, _, id) = send("c", Fault::Reset.only("/posts")).await;
    assert_eq!(outcome.0, DeliveryState::Unknown);
    desk.office.clock.advance(A_WHILE);
    assert_eq!(told(&desk.console.outbox_ask(&id).await.unwrap()), (DeliveryState::Refused, Some(Reason::NotArrived)));
    assert_eq!(desk.console.outbox_again_now(&id).await.unwrap().state, DeliveryState::Sent);
    assert_eq!(posted(&desk).iter().filter(|it| it.0 == "c").count(), 1);

    let before = desk.office.requests(RING_CENTRAL);
    let large = attached(&desk, "large.bin", &vec![7; 30 * 1024 * 1024 + 1]).await;
    let large = desk.console.send_now(to_ring(&desk, somebody(), "x", large).await).await.unwrap();
    assert_eq!(told(&large), (DeliveryState::Refused, Some(Reason::FileTooLarge)));
    assert_eq!(desk.office.requests(RING_CENTRAL), before, "the limit is published");
}
