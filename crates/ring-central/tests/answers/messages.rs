//! Team messages: what is sent to whom, once, and what became of it.

use model::failure::Code;
use model::message::{Draft, Guise, Message, Receipt, Recipient};
use model::{ConnectionId, DeliveryId, DraftId, Failure, Raw, Reason};
use wiremock::ResponseTemplate;

use crate::desk::{Desk, json, query, trouble};

const CONVERSATIONS: &str = "team-messaging/v1/conversations";
const RECENT: &str = "team-messaging/v1/recent/chats";
const CHATS: &str = "team-messaging/v1/chats";
const POSTS: &str = "team-messaging/v1/chats/77/posts";

fn message(to: Recipient, text: &str) -> Message {
    let draft = Draft {
        id: DraftId::from("d"),
        connection: ConnectionId::from("c1"),
        to,
        text: text.to_owned(),
        mentions: Vec::new(),
        sealed: false,
        attachments: None,
        guise: Guise::default(),
        thread: None,
        file: None,
    };
    Message { id: DeliveryId::from("m"), draft }
}

fn people(addresses: &[&str]) -> Recipient {
    Recipient::People(addresses.iter().map(|it| (*it).to_owned()).collect())
}

fn room(address: &str) -> Recipient {
    Recipient::Room(address.to_owned())
}

async fn send(desk: &Desk, message: &Message) -> Result<Receipt, Failure> {
    desk.session.chat.as_ref().unwrap().send(message).await
}

async fn bodies(desk: &Desk) -> Vec<String> {
    let asked = desk.asked().await;
    asked.iter().filter(|it| !it.body.is_empty()).map(|it| String::from_utf8(it.body.clone()).unwrap()).collect()
}

#[tokio::test]
async fn people_are_written_to_in_their_conversation() {
    for status in [200, 201] {
        let desk = Desk::new().await;
        desk.gives("POST", CONVERSATIONS, json(status, r#"{"id":"77","type":"Group"}"#)).await;
        desk.gives("POST", POSTS, json(201, r#"{"id":"900","groupId":"77"}"#)).await;
        let receipt =
            send(&desk, &message(people(&["44444441", "ben@example.com"]), "お昼に\nAnne & Co \"1\"")).await.unwrap();
        assert_eq!(receipt, Receipt { external_id: Some("900".into()), remark: None });
        let expected =
            [r#"{"members":[{"id":"44444441"},{"email":"ben@example.com"}]}"#, r#"{"text":"お昼に\nAnne & Co \"1\""}"#];
        assert_eq!(bodies(&desk).await, expected);
    }
}

#[tokio::test]
async fn a_chat_is_found_by_its_id_or_its_name() {
    let desk = Desk::new().await;
    desk.gives("POST", POSTS, json(201, r#"{"id":900}"#)).await;
    let recent = r#"{"records":[{"id":"76","name":"Sales","type":"Team"},{"id":77,"name":"受付","type":"Team"},{"id":"78","type":"Group"}]}"#;
    desk.gives("GET", RECENT, json(200, recent)).await;
    for address in ["77", "受付", " 受付 "] {
        let receipt = send(&desk, &message(room(address), "x")).await.unwrap();
        assert_eq!(receipt.external_id.as_deref(), Some("900"), "{address}");
    }
    let lists = desk.asked().await.iter().filter(|it| it.method.as_str() == "GET").count();
    assert_eq!(lists, 1, "a name is looked up once");
}

#[tokio::test]
async fn a_chat_that_is_not_recent_is_looked_for_among_all() {
    let desk = Desk::new().await;
    desk.gives("POST", POSTS, json(201, r#"{"id":"900"}"#)).await;
    desk.gives("GET", RECENT, json(200, r#"{"records":[]}"#)).await;
    let first = r#"{"records":[{"id":"1","name":"Old"}],"navigation":{"prevPageToken":"p","nextPageToken":"n"}}"#;
    desk.gives_once("GET", CHATS, json(200, first)).await;
    desk.gives(
        "GET",
        CHATS,
        json(200, r#"{"records":[{"id":"77","name":"Quiet"}],"navigation":{"nextPageToken":"n2"}}"#),
    )
    .await;
    assert!(send(&desk, &message(room("Quiet"), "x")).await.is_ok());
    let asked = desk.asked().await;
    assert_eq!(
        (query(&asked[1], "type").as_deref(), query(&asked[2], "pageToken").as_deref()),
        (Some("Team"), Some("n"))
    );
}

#[tokio::test]
async fn a_name_of_no_chat_or_of_two_is_not_sent_to() {
    let desk = Desk::new().await;
    let recent = r#"{"records":[{"id":"1","name":"Twins"},{"id":"2","name":"twins"}]}"#;
    desk.gives("GET", RECENT, json(200, recent)).await;
    desk.gives("GET", CHATS, json(200, r#"{"records":[],"navigation":{"nextPageToken":"n"}}"#)).await;
    let nobody = send(&desk, &message(room("Nobody"), "x")).await.unwrap_err();
    assert_eq!((nobody.code(), nobody.why().reason), (Code::Invalid, Reason::NoSuchThing));
    let twins = send(&desk, &message(room("Twins"), "x")).await.unwrap_err();
    assert_eq!((twins.code(), twins.why().reason), (Code::Invalid, Reason::NotAddressable));
    assert!(bodies(&desk).await.is_empty());
}

#[tokio::test]
async fn mentions_are_written_in_front_and_never_made_by_accident() {
    let desk = Desk::new().await;
    desk.gives("POST", POSTS, json(201, r#"{"id":"900"}"#)).await;
    let people = r#"{"records":[{"id":44444442,"type":"User","contact":{"email":"Ben@Example.com"}}]}"#;
    desk.gives("GET", "restapi/v1.0/account/~/extension", json(200, people)).await;
    let mut it = message(room("77"), "see ![:Team](1)");
    it.draft.mentions = vec!["44444441".into(), "ben@example.com".into()];
    send(&desk, &it).await.unwrap();
    let expected = "{\"text\":\"![:Person](44444441) ![:Person](44444442) see !\u{200b}[:Team](1)\"}";
    assert_eq!(bodies(&desk).await, [expected]);
    it.draft.mentions = vec!["carol@example.com".into()];
    assert_eq!(send(&desk, &it).await.unwrap_err().why().reason, Reason::NoSuchThing);
    assert_eq!(bodies(&desk).await.len(), 1);
}

#[tokio::test]
async fn what_cannot_be_sent_is_found_before_anything_is_sent() {
    let desk = Desk::new().await;
    let check = async |message: Message, reason: Reason| {
        let chat = desk.session.chat.as_ref().unwrap();
        let failure = chat.check(&message).unwrap_err();
        assert_eq!((failure.code(), failure.why().reason), (Code::Invalid, reason));
        assert_eq!(chat.send(&message).await.unwrap_err(), failure);
    };
    check(message(room("77"), " \n"), Reason::Missing).await;
    check(message(room(" "), "x"), Reason::Missing).await;
    check(message(people(&[]), "x"), Reason::Missing).await;
    check(message(people(&["anne"]), "x"), Reason::NotUsable).await;
    check(message(people(&["1"; 16]), "x"), Reason::NotUsable).await;
    check(message(room("77"), &"あ".repeat(10_001)), Reason::TooLong).await;
    let mut odd = message(room("77"), "x");
    odd.draft.sealed = true;
    check(odd.clone(), Reason::NotOffered).await;
    odd.draft.sealed = false;
    odd.draft.attachments = Some(Raw("[]".into()));
    check(odd.clone(), Reason::NotOffered).await;
    odd.draft.attachments = None;
    odd.draft.mentions = vec!["everybody".into()];
    check(odd, Reason::NotUsable).await;
    assert!(desk.session.chat.as_ref().unwrap().check(&message(room("77"), &"あ".repeat(10_000))).is_ok());
    assert!(desk.asked().await.is_empty());
}

#[tokio::test]
async fn every_end_of_a_post_has_its_meaning_and_it_is_sent_once() {
    let check = async |answer: ResponseTemplate, code: Code, reason: Reason| {
        let desk = Desk::new().await;
        desk.gives("POST", POSTS, answer).await;
        let failure = send(&desk, &message(room("77"), "x")).await.unwrap_err();
        assert_eq!((failure.code(), failure.why().reason), (code, reason), "{failure}");
        assert_eq!(desk.asked().await.len(), 1);
    };
    let daily = r#"{"message":"You have exceeded your limits for this action."}"#;
    check(json(500, daily), Code::SlowDown, Reason::DailyLimit).await;
    check(trouble(500, "InternalError", "CMN-203", "fault"), Code::UnknownOutcome, Reason::OutcomeUnknown).await;
    check(ResponseTemplate::new(502), Code::UnknownOutcome, Reason::OutcomeUnknown).await;
    check(trouble(429, "x", "CMN-301", "rate"), Code::SlowDown, Reason::LimitReached).await;
    check(trouble(404, "x", "CMN-102", "chat"), Code::Refused, Reason::NotFound).await;
    check(trouble(400, "x", "CMN-101", "text"), Code::Refused, Reason::SystemRefused).await;
    check(trouble(403, "x", "CMN-401", "scope"), Code::Refused, Reason::NoPermission).await;
    let page = ResponseTemplate::new(200).set_body_raw("<html></html>", "text/html");
    check(page, Code::UnknownOutcome, Reason::AnswerNotUnderstood).await;
}

#[tokio::test]
async fn the_cap_of_a_day_leaves_other_requests_alone() {
    let desk = Desk::new().await;
    desk.gives("POST", POSTS, json(500, r#"{"message":"You have exceeded your limits for this action."}"#)).await;
    desk.gives("GET", "restapi/v1.0/account/~/extension", json(200, r#"{"records":[]}"#)).await;
    assert_eq!(send(&desk, &message(room("77"), "x")).await.unwrap_err().code(), Code::SlowDown);
    assert!(desk.session.people.as_ref().unwrap().people().await.is_ok());
}

#[tokio::test]
async fn a_post_that_was_taken_without_readable_words_was_taken() {
    for body in ["", "{}", "OK"] {
        let desk = Desk::new().await;
        desk.gives("POST", POSTS, json(201, body)).await;
        let receipt = send(&desk, &message(room("77"), "x")).await.unwrap();
        assert_eq!(receipt, Receipt { external_id: None, remark: Some("HTTP 201".into()) }, "{body}");
    }
}

#[tokio::test]
async fn without_a_conversation_nothing_is_posted() {
    let desk = Desk::new().await;
    desk.gives("POST", CONVERSATIONS, trouble(404, "x", "CMN-102", "member")).await;
    assert_eq!(send(&desk, &message(people(&["1"]), "x")).await.unwrap_err().code(), Code::Refused);
    assert_eq!(desk.asked().await.len(), 1);
}

#[tokio::test]
async fn nothing_is_unknown_while_the_post_has_not_left() {
    let desk = Desk::new().await;
    for answer in [json(200, "[]"), json(200, "<html></html>"), trouble(500, "x", "CMN-203", "fault")] {
        desk.gives_once("POST", CONVERSATIONS, answer).await;
        let failure = send(&desk, &message(people(&["1"]), "x")).await.unwrap_err();
        assert_eq!(failure.code(), Code::Refused, "{failure}");
    }
    assert_eq!(desk.asked().await.iter().filter(|it| it.url.path().ends_with("/posts")).count(), 0);
}

#[tokio::test]
async fn a_reply_names_the_post_that_it_answers() {
    let desk = Desk::new().await;
    desk.gives("POST", POSTS, json(201, r#"{"id":"900"}"#)).await;
    let mut reply = message(room("77"), "x");
    reply.draft.thread = Some(" 1542094852000000001 ".into());
    send(&desk, &reply).await.unwrap();
    assert_eq!(bodies(&desk).await, [r#"{"text":"x","parentPostId":"1542094852000000001"}"#]);
    reply.draft.thread = Some("1 2".into());
    assert_eq!(send(&desk, &reply).await.unwrap_err(), Failure::invalid(Reason::NotUsable, "thread"));
}

#[tokio::test]
async fn rooms_are_chats_that_have_a_name() {
    let desk = Desk::new().await;
    let recent = r#"{"records":[{"id":"77","name":"受付","type":"Team","description":"一階","status":"Active"},{"id":"78","type":"Group"},{"id":"79","name":"Old","status":"Archived"}]}"#;
    desk.gives("GET", RECENT, json(200, recent)).await;
    let chat = desk.session.chat.as_ref().unwrap();
    let rooms = chat.rooms().await.unwrap();
    let short: Vec<_> = rooms.iter().map(|it| (it.address.as_str(), it.name.as_str(), it.detail.as_str())).collect();
    assert_eq!(short, [("77", "受付", "一階")]);
    let asked = desk.asked().await;
    assert_eq!(asked[0].url.query(), Some("type=Team&type=Group&recordCount=250"), "one key for each kind");
    assert!(!chat.can_be_asked());
    assert_eq!(chat.find(&message(room("77"), "x")).await, Ok(None));
}
