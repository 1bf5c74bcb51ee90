//! Files with posts: what reaches the vendor, and how a post is found again by its file, also among posts as the vendor prints them.

use model::failure::Code;
use model::file::{AttachedFile, Uploaded};
use model::message::{Draft, Guise, Message, Receipt, Recipient};
use model::{Reason, Time};
use wiremock::ResponseTemplate;

use crate::desk::{Desk, json, query};

const FILES: &str = "team-messaging/v1/files";
const POSTS: &str = "team-messaging/v1/chats/155654/posts";

/// The vendor's own example of a post, with nothing attached.
const SAMPLE: &str = r#"{"id":"1542094852","groupId":"155654","type":"TextMessage","text":"","creatorId":"glip-29507587","addedPersonIds":null,"creationTime":"2018-05-31T14:45:16.822Z","lastModifiedTime":"2018-05-31T14:45:16.822Z","attachments":null,"activity":null,"title":null,"iconUri":null,"iconEmoji":null,"mentions":null}"#;

fn message(text: &str) -> Message {
    let file = AttachedFile { path: "/x".into(), name: "見積 \"1\".pdf".into(), size: 4, sha256: String::new() };
    let draft = Draft {
        id: "d".into(),
        connection: "c1".into(),
        to: Recipient::Room("155654".into()),
        text: text.to_owned(),
        mentions: Vec::new(),
        sealed: false,
        attachments: None,
        guise: Guise::default(),
        thread: None,
        file: Some(file),
    };
    Message { id: "m".into(), draft }
}

fn uploaded() -> Uploaded {
    let at = Time::parse("2026-10-14T02:00:00Z").unwrap();
    Uploaded { place: "155654".into(), file: "60000001".into(), at }
}

#[tokio::test]
async fn a_file_is_taken_for_itself_and_then_named_by_its_post() {
    let desk = Desk::new().await;
    let files = desk.session.files.clone().unwrap();
    desk.gives("POST", FILES, json(200, r#"[{"id":60000001,"contentUri":"https://x","name":"a"}]"#)).await;
    desk.gives("POST", POSTS, json(201, r#"{"id":"900"}"#)).await;
    let message = message("");
    assert_eq!(files.upload(&message, b"%PDF".to_vec()).await.unwrap(), uploaded());
    let receipt = files.show(&message, &uploaded()).await.unwrap();
    assert_eq!(receipt, Receipt { external_id: Some("900".into()), remark: None });
    let asked = desk.asked().await;
    assert_eq!(query(&asked[0], "name").as_deref(), Some("見積 \"1\".pdf"));
    assert_eq!(query(&asked[0], "groupId"), None, "a group would get a post of its own");
    assert!(asked[0].body.windows(4).any(|it| it == b"%PDF"));
    let post = String::from_utf8(asked[1].body.clone()).unwrap();
    assert_eq!(post, r#"{"attachments":[{"id":"60000001","type":"File"}]}"#);
}

#[tokio::test]
async fn what_is_too_large_or_odd_is_told_as_that() {
    for (answer, code, reason) in [
        (ResponseTemplate::new(413), Code::Refused, Reason::FileTooLarge),
        (json(200, "[]"), Code::Surprise, Reason::Unreadable),
        (ResponseTemplate::new(502), Code::UnknownOutcome, Reason::OutcomeUnknown),
    ] {
        let desk = Desk::new().await;
        desk.gives("POST", FILES, answer).await;
        let files = desk.session.files.clone().unwrap();
        let failure = files.upload(&message("x"), vec![1]).await.unwrap_err();
        assert_eq!((failure.code(), failure.why().reason), (code, reason), "{failure}");
        assert_eq!(files.largest().await.unwrap(), Some(31_457_280));
    }
}

#[tokio::test]
async fn a_post_is_found_by_its_file_as_far_back_as_it_can_be() {
    let found = async |pages: &[&str]| {
        let desk = Desk::new().await;
        for page in pages {
            desk.gives_once("GET", POSTS, json(200, *page)).await;
        }
        let outcome = desk.session.files.clone().unwrap().find(&message("x"), &uploaded()).await;
        (outcome.unwrap().and_then(|it| it.external_id), desk.asked().await.len())
    };
    let ours = r#"{"id":"7","creationTime":"2026-10-14T02:00:05Z","attachments":[{"id":60000001,"type":"File"}]}"#;
    let newer = r#"{"id":"8","creationTime":"2026-10-14T03:00:00Z","attachments":[7,{"id":"60000002"}]}"#;
    let more = r#""navigation":{"prevPageToken":"p","nextPageToken":"n"}"#;
    let first = format!(r#"{{"records":[{newer}],{more}}}"#);
    let second = format!(r#"{{"records":[{ours},{SAMPLE}],{more}}}"#);
    assert_eq!(found(&[&first, &second]).await, (Some("7".into()), 2));
    let older = format!(r#"{{"records":[{SAMPLE}],{more}}}"#);
    assert_eq!(found(&[&first, &older]).await, (None, 2), "further back it cannot be");
    assert_eq!(found(&[&first, r#"{"records":[],"navigation":{"nextPageToken":"m"}}"#]).await, (None, 2));
}
