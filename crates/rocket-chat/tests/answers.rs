//! What becomes of every kind of answer of a Rocket.Chat server, and what arrives there.
#![expect(clippy::unwrap_used, reason = "a test ends where something is missing")]

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use model::about::Ability;
use model::connection::{Check, Connection};
use model::failure::Code;
use model::message::{Draft, Guise, Message, Recipient};
use model::person::PersonKind;
use model::ports::{Chat, KeepsNothing, Opening, People, Session, System};
use model::{Clock, Failure, Raw, Reason, Secret, SystemId, Time};
use rocket_chat::RocketChat;
use serde_json::{Value, json};
use wiremock::matchers::{any, body_json, header, method, path, query_param};
use wiremock::{Mock, MockBuilder, MockServer, Request, ResponseTemplate};

const TOKEN: &str = "pAt-9w3rTy";

struct Noon;

impl Clock for Noon {
    fn now(&self) -> Time {
        Time::parse("2026-10-14T12:00:00+09:00").unwrap()
    }
}

fn opening(url: &str) -> Opening {
    let connection = Connection {
        id: "rocket".into(),
        name: "Rocket.Chat".to_owned(),
        system: SystemId::from("rocket-chat"),
        url: url.to_owned(),
        settings: BTreeMap::from([("user-id".to_owned(), "u1".to_owned())]),
        allow_http: false,
    };
    let secrets = BTreeMap::from([("token".to_owned(), Secret::new(TOKEN))]);
    Opening { connection, secrets, clock: Arc::new(Noon), keeper: Arc::new(KeepsNothing) }
}

fn open(mock: &MockServer) -> Session {
    RocketChat.open(opening(&mock.uri())).unwrap()
}

fn chat(mock: &MockServer) -> Arc<dyn Chat> {
    open(mock).chat.unwrap()
}

fn people(mock: &MockServer) -> Arc<dyn People> {
    open(mock).people.unwrap()
}

fn at(verb: &str, route: &str) -> MockBuilder {
    Mock::given(method(verb))
        .and(path(format!("/api/v1/{route}")))
        .and(header("x-auth-token", TOKEN))
        .and(header("x-user-id", "u1"))
}

fn ok(body: Value) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(body)
}

fn no(status: u16, body: Value) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_json(body)
}

/// A server with two rooms that our user is in, which takes every message.
async fn office() -> MockServer {
    let mock = MockServer::start().await;
    let rooms = json!({ "update": [
        { "_id": "r1", "t": "c", "name": "reception", "fname": "受付連絡" },
        { "_id": "r2", "t": "p", "name": "front-office", "fname": 7 },
        { "_id": "r3", "t": "c", "name": "old", "archived": true },
        { "_id": "d1", "t": "d", "usernames": ["aya", "ren"] },
        { "_id": "l1", "t": "l", "fname": "visitor" },
    ], "remove": [], "success": true });
    at("GET", "rooms.get").respond_with(ok(rooms)).mount(&mock).await;
    mock
}

async fn takes_messages(mock: &MockServer) {
    let kept = json!({ "message": { "_id": "delivery-1", "rid": "r1" }, "success": true });
    at("POST", "chat.sendMessage").respond_with(ok(kept)).mount(mock).await;
}

async fn seen(mock: &MockServer, route: &str) -> Vec<Request> {
    let all = mock.received_requests().await.unwrap();
    all.into_iter().filter(|it| it.url.path() == format!("/api/v1/{route}")).collect()
}

async fn sent(mock: &MockServer) -> Vec<Value> {
    let requests = seen(mock, "chat.sendMessage").await;
    requests.iter().map(|it| it.body_json::<Value>().unwrap()["message"].clone()).collect()
}

fn message(to: Recipient, text: &str) -> Message {
    let draft = Draft {
        id: "draft-1".into(),
        connection: "rocket".into(),
        to,
        text: text.to_owned(),
        mentions: Vec::new(),
        sealed: false,
        attachments: None,
        guise: Guise::default(),
        thread: None,
        file: None,
    };
    Message { id: "delivery-1".into(), draft }
}

fn to_people(addresses: &[&str]) -> Recipient {
    Recipient::People(addresses.iter().map(|it| (*it).to_owned()).collect())
}

fn to_room(name: &str) -> Recipient {
    Recipient::Room(name.to_owned())
}

fn told<T>(result: Result<T, Failure>) -> (Code, Reason, String) {
    let Err(failure) = result else {
        panic!("it should have failed");
    };
    (failure.code(), failure.why().reason, failure.why().words.clone())
}

fn coded(text: &str, code: &str) -> Value {
    json!({ "success": false, "error": format!("{text} [{code}]"), "errorType": code })
}

#[test]
fn settings_that_cannot_be_used_are_told_before_anything_is_sent() {
    let told = |change: fn(&mut Opening)| {
        let mut opening = opening("https://rocket.example.jp/api/v1/");
        change(&mut opening);
        RocketChat.open(opening).err().map(|it| (it.code(), it.why().reason, it.why().words.clone()))
    };
    let invalid = |reason, words: &str| Some((Code::Invalid, reason, words.to_owned()));
    assert_eq!(told(|_| {}), None);
    assert_eq!(told(|it| it.secrets.clear()), Some((Code::SignedOut, Reason::SecretMissing, "token".to_owned())));
    assert_eq!(told(|it| it.connection.settings.clear()), invalid(Reason::Missing, "user-id"));
    let two_lines = |it: &mut Opening| drop(it.secrets.insert("token".to_owned(), Secret::new("a\nb")));
    assert_eq!(told(two_lines), invalid(Reason::NotUsable, "token"));
    assert_eq!(told(|it| it.connection.url = "http://10.0.0.5:3000".to_owned()), invalid(Reason::PlainHttp, "url"));
}

#[tokio::test]
async fn a_test_of_the_connection_tells_how_far_it_came() {
    let mock = MockServer::start().await;
    let info = json!({ "version": "8.7", "success": true });
    Mock::given(path("/api/info")).respond_with(ok(info)).mount(&mock).await;
    let me = json!({ "_id": "u1", "name": "佐藤 彩", "username": "aya", "success": true });
    at("GET", "me").respond_with(ok(me)).mount(&mock).await;
    at("GET", "users.list")
        .respond_with(ok(json!({ "users": [{ "_id": "u1" }], "total": 120, "success": true })))
        .mount(&mock)
        .await;
    let session = RocketChat.open(opening(&format!("{}/api/v1/", mock.uri()))).unwrap();
    let check_up = session.check.check_up().await;
    assert!(check_up.is_fine());
    assert_eq!(check_up.signed_in_as.as_deref(), Some("佐藤 彩 (@aya)"));
    let found: Vec<_> = check_up.steps.iter().map(|it| (it.what, it.found.as_str())).collect();
    let expected = [(Check::Reached, "8.7"), (Check::SignedIn, "佐藤 彩 (@aya)"), (Check::ReadPeople, "120")];
    assert_eq!(found, expected);
    let first = &mock.received_requests().await.unwrap()[0];
    assert!(!first.headers.contains_key("x-auth-token"), "the token is not shown before the server is known");
}

#[tokio::test]
async fn a_test_of_the_connection_ends_where_it_fails() {
    async fn steps(
        info: ResponseTemplate,
        me: ResponseTemplate,
        list: ResponseTemplate,
    ) -> Vec<(Check, Option<Reason>)> {
        let mock = MockServer::start().await;
        Mock::given(path("/api/info")).respond_with(info).mount(&mock).await;
        at("GET", "me").respond_with(me).mount(&mock).await;
        at("GET", "users.list").respond_with(list).mount(&mock).await;
        let check_up = open(&mock).check.check_up().await;
        check_up.steps.into_iter().map(|it| (it.what, it.problem.map(|it| it.reason))).collect()
    }
    let fine = || ok(json!({ "version": "8.7", "success": true }));
    let none = || ResponseTemplate::new(500);
    let html = ResponseTemplate::new(200).set_body_raw("<html>", "text/html");
    assert_eq!(steps(html, none(), none()).await, [(Check::Reached, Some(Reason::HtmlInstead))]);
    let not_this_kind = [(Check::Reached, Some(Reason::NotThisKind))];
    assert_eq!(steps(ok(json!({ "conferenceRooms": [] })), none(), none()).await, not_this_kind);
    assert_eq!(steps(ok(json!([1])), none(), none()).await, not_this_kind);
    assert_eq!(steps(ResponseTemplate::new(404), none(), none()).await, not_this_kind);
    let logged_out = no(401, json!({ "status": "error", "message": "You must be logged in to do this." }));
    let refused = [(Check::Reached, None), (Check::SignedIn, Some(Reason::TokenRefused))];
    assert_eq!(steps(fine(), logged_out, none()).await, refused);
    let second_factor = json!({ "success": false, "error": "TOTP Required [totp-required]", "errorType": "totp-required",
        "details": { "method": "totp" } });
    let refused = [(Check::Reached, None), (Check::SignedIn, Some(Reason::SecondFactor))];
    assert_eq!(steps(fine(), no(400, second_factor), none()).await, refused);
    let text = "User does not have the permissions required for this action [error-unauthorized]";
    let forbidden = no(403, json!({ "success": false, "error": text }));
    let expected = [(Check::Reached, None), (Check::SignedIn, None), (Check::ReadPeople, Some(Reason::NoPermission))];
    assert_eq!(steps(fine(), ok(json!({ "username": "aya" })), forbidden).await, expected);
}

#[tokio::test]
async fn everybody_is_read_to_the_last_page() {
    let mock = MockServer::start().await;
    let user =
        |n: usize| json!({ "_id": format!("u{n}"), "username": format!("user{n}"), "name": format!("User {n}") });
    for (offset, range) in [(0, 0..50), (50, 50..100), (100, 99..120)] {
        let users: Vec<_> = range.map(user).collect();
        let page = json!({ "users": users, "count": users.len(), "offset": offset, "total": 121, "success": true });
        at("GET", "users.list")
            .and(query_param("offset", offset.to_string()))
            .and(query_param("count", "100"))
            .respond_with(ok(page))
            .mount(&mock)
            .await;
    }
    let found = people(&mock).people().await.unwrap();
    assert_eq!(found.len(), 120, "a page is as long as the server makes it, and nobody is there twice");
    assert_eq!(found[119].id.as_str(), "rocket/u119");
}

#[tokio::test]
async fn a_list_without_a_total_ends_with_an_empty_page() {
    let mock = MockServer::start().await;
    let first = json!({ "users": [{ "_id": "u1" }] });
    at("GET", "users.list").and(query_param("offset", "0")).respond_with(ok(first)).mount(&mock).await;
    let last = json!({ "users": [] });
    at("GET", "users.list").and(query_param("offset", "1")).respond_with(ok(last)).mount(&mock).await;
    assert_eq!(people(&mock).people().await.unwrap().len(), 1);
}

#[tokio::test]
async fn people_are_told_from_programs_and_guests() {
    let mock = MockServer::start().await;
    let users = json!({ "users": [
        { "_id": "u1", "username": "aya", "name": "佐藤 彩", "type": "user", "roles": ["user", "admin"], "active": true,
          "emails": [{ "address": "aya@example.jp", "verified": true }], "freeSwitchExtension": "204" },
        { "_id": "u2", "username": "rocket.cat", "name": "Rocket.Cat", "type": "bot" },
        { "_id": "u3", "username": "hook", "roles": ["bot"], "name": "" },
        { "_id": "u4", "username": "guest1", "roles": ["guest"], "active": false },
        { "_id": "u5", "username": null, "name": 7, "emails": "none", "roles": null, "active": "yes" },
    ], "total": 5 });
    at("GET", "users.list").respond_with(ok(users)).mount(&mock).await;
    let found = people(&mock).people().await.unwrap();
    let kinds: Vec<_> = found.iter().map(|it| (it.name.as_str(), it.kind, it.is_active)).collect();
    assert_eq!(
        kinds,
        [
            ("佐藤 彩", PersonKind::User, true),
            ("Rocket.Cat", PersonKind::Bot, true),
            ("hook", PersonKind::Bot, true),
            ("guest1", PersonKind::Guest, false),
            ("u5", PersonKind::User, true),
        ]
    );
    assert_eq!((found[0].email.as_deref(), found[0].username.as_deref()), (Some("aya@example.jp"), Some("aya")));
    assert_eq!((found[0].extension.as_deref(), found[4].email.as_deref()), (Some("204"), None));
}

#[tokio::test]
async fn a_list_that_cannot_be_read_is_named_by_its_place() {
    let mock = MockServer::start().await;
    let users = json!({ "users": [{ "_id": "u1" }, { "username": "aya" }], "total": 2 });
    at("GET", "users.list").respond_with(ok(users)).mount(&mock).await;
    let (code, reason, words) = told(people(&mock).people().await);
    assert_eq!((code, reason), (Code::Surprise, Reason::Unreadable));
    assert!(words.starts_with("users[1]: missing field `_id`"), "{words}");
}

async fn check_refusals(cases: Vec<(u16, Value, Code, Reason, &str)>) {
    for (status, body, code, reason, words) in cases {
        let mock = MockServer::start().await;
        Mock::given(any()).respond_with(no(status, body.clone())).mount(&mock).await;
        assert_eq!(told(people(&mock).people().await), (code, reason, words.to_owned()), "{status} {body}");
    }
}

#[tokio::test]
async fn every_refusal_to_sign_in_is_told_for_what_it_is() {
    let logged_out = "You must be logged in to do this.";
    check_refusals(vec![
        (
            401,
            json!({ "success": false, "error": logged_out, "status": "error", "message": logged_out }),
            Code::SignedOut,
            Reason::TokenRefused,
            logged_out,
        ),
        (401, json!({ "status": "error", "message": logged_out }), Code::SignedOut, Reason::TokenRefused, logged_out),
        (
            401,
            json!({ "success": false, "error": "unauthorized" }),
            Code::SignedOut,
            Reason::TokenRefused,
            "unauthorized",
        ),
        (
            401,
            json!({ "success": false, "status": "error", "error": 403, "message": "Incorrect password" }),
            Code::SignedOut,
            Reason::TokenRefused,
            "Incorrect password",
        ),
        (
            401,
            json!({ "success": false, "status": "error", "error": "totp-required", "message": "TOTP Required" }),
            Code::SignedOut,
            Reason::SecondFactor,
            "TOTP Required",
        ),
        (
            400,
            coded("TOTP Invalid", "totp-invalid"),
            Code::SignedOut,
            Reason::SecondFactor,
            "TOTP Invalid [totp-invalid]",
        ),
    ])
    .await;
}

#[tokio::test]
async fn every_refusal_of_a_request_is_told_for_what_it_is() {
    check_refusals(vec![
        (403, json!({ "success": false, "error": "forbidden" }), Code::Refused, Reason::NoPermission, "forbidden"),
        (
            400,
            coded("Not allowed", "error-not-allowed"),
            Code::Refused,
            Reason::NoPermission,
            "Not allowed [error-not-allowed]",
        ),
        (
            400,
            coded("must match", "invalid-params"),
            Code::Refused,
            Reason::SystemRefused,
            "must match [invalid-params]",
        ),
        (
            404,
            json!({ "success": false, "error": "Invalid API endpoint" }),
            Code::Refused,
            Reason::NotFound,
            "Invalid API endpoint",
        ),
        (400, json!({ "success": false }), Code::Refused, Reason::SystemRefused, "HTTP 400"),
    ])
    .await;
}

#[tokio::test]
async fn answers_that_are_no_data_are_told() {
    async fn check(template: ResponseTemplate, code: Code, reason: Reason) {
        let mock = MockServer::start().await;
        Mock::given(any()).respond_with(template).mount(&mock).await;
        let (found_code, found_reason, _) = told(people(&mock).people().await);
        assert_eq!((found_code, found_reason), (code, reason));
    }
    let html = ResponseTemplate::new(200).set_body_raw("<html>sign in</html>", "text/html");
    check(html, Code::Surprise, Reason::HtmlInstead).await;
    check(ok(json!({ "success": true })), Code::Surprise, Reason::Unreadable).await;
    check(ResponseTemplate::new(502), Code::Offline, Reason::SystemFault).await;
    let plain = ResponseTemplate::new(413).set_body_raw("File too large", "text/plain");
    check(plain, Code::Refused, Reason::SystemRefused).await;
}

#[tokio::test]
async fn a_limit_is_read_from_text_or_header_and_kept_for_its_route_only() {
    async fn wait(template: ResponseTemplate) -> u64 {
        let mock = office().await;
        at("GET", "users.list").respond_with(template).mount(&mock).await;
        let session = open(&mock);
        let people = session.people.unwrap();
        let first = people.people().await;
        let Err(Failure::SlowDown(wait, _)) = first else {
            panic!("it should have been a limit");
        };
        assert!(matches!(people.people().await, Err(Failure::SlowDown(..))));
        assert_eq!(seen(&mock, "users.list").await.len(), 1, "nothing is sent in the penalty");
        assert_eq!(session.chat.unwrap().rooms().await.unwrap().len(), 2, "another route is free");
        wait.as_secs()
    }
    let text = "Error, too many requests. Please slow down. You must wait 37 seconds before trying this endpoint again. \
        [error-too-many-requests]";
    let body = json!({ "success": false, "error": text });
    assert_eq!(wait(no(429, body.clone())).await, 37);
    assert_eq!(wait(no(429, body).insert_header("retry-after", "9")).await, 9);
    assert_eq!(wait(no(429, json!({}))).await, 30);
    let reset = Time::parse("2026-10-14T03:00:45Z").unwrap().millis().to_string();
    let headers = no(429, json!({}))
        .insert_header("date", "Wed, 14 Oct 2026 03:00:00 GMT")
        .insert_header("x-ratelimit-remaining", "0")
        .insert_header("x-ratelimit-reset", reset.as_str());
    assert_eq!(wait(headers).await, 45, "the reset is an instant in milliseconds");
}

#[tokio::test]
async fn the_last_call_of_a_minute_is_the_last_one_sent() {
    let mock = office().await;
    let kept = json!({ "message": { "_id": "delivery-1" } });
    let reset = Time::parse("2026-10-14T03:00:45Z").unwrap().millis().to_string();
    let last = ok(kept)
        .insert_header("date", "Wed, 14 Oct 2026 03:00:00 GMT")
        .insert_header("x-ratelimit-remaining", "0")
        .insert_header("x-ratelimit-reset", reset.as_str());
    at("POST", "chat.sendMessage").respond_with(last).mount(&mock).await;
    let chat = chat(&mock);
    chat.send(&message(to_room("reception"), "a")).await.unwrap();
    let second = chat.send(&message(to_room("reception"), "a")).await;
    assert!(matches!(second, Err(Failure::SlowDown(wait, _)) if wait > Duration::from_secs(40)));
    assert_eq!(sent(&mock).await.len(), 1);
}

#[tokio::test]
async fn a_message_arrives_with_our_id_and_everything_on_it() {
    let mock = office().await;
    takes_messages(&mock).await;
    let mut full = message(to_room("r1"), "Q&A 100% + \"a\" \\ \n改行 🎉");
    full.draft.guise = Guise {
        alias: Some("受付".to_owned()),
        emoji: Some(":bell:".to_owned()),
        avatar: Some("https://h/a.png".to_owned()),
    };
    full.draft.attachments = Some(Raw(r##"[{"color":"#ff0000","fields":[{"title":"a","value":"b"}]}]"##.to_owned()));
    let receipt = chat(&mock).send(&full).await.unwrap();
    assert_eq!((receipt.external_id.as_deref(), receipt.remark), (Some("delivery-1"), None));
    let expected = json!({
        "_id": "delivery-1", "rid": "r1", "msg": "Q&A 100% + \"a\" \\ \n改行 🎉",
        "alias": "受付", "emoji": ":bell:", "avatar": "https://h/a.png",
        "attachments": [{ "color": "#ff0000", "fields": [{ "title": "a", "value": "b" }] }],
    });
    assert_eq!(sent(&mock).await, [expected]);
}

#[tokio::test]
async fn a_room_is_meant_by_its_id_or_by_either_name() {
    let mock = office().await;
    takes_messages(&mock).await;
    let info = json!({ "room": { "_id": "r9", "t": "c", "name": "osaka" }, "success": true });
    at("GET", "rooms.info").and(query_param("roomName", "osaka")).respond_with(ok(info)).mount(&mock).await;
    let unknown = no(400, coded("does not match any channel", "error-room-not-found"));
    at("GET", "rooms.info").respond_with(unknown).mount(&mock).await;
    let chat = chat(&mock);
    for address in ["r2", "reception", "#reception", "受付連絡", "osaka", "osaka"] {
        chat.send(&message(to_room(address), "a")).await.unwrap();
    }
    let rooms: Vec<_> = sent(&mock).await.iter().map(|it| it["rid"].as_str().unwrap().to_owned()).collect();
    assert_eq!(rooms, ["r2", "r1", "r1", "r1", "r9", "r9"]);
    assert_eq!(seen(&mock, "rooms.get").await.len(), 5, "what was looked up is remembered");
    let nowhere = told(chat.send(&message(to_room("#nowhere"), "a")).await);
    assert_eq!(nowhere, (Code::Refused, Reason::NotFound, "#nowhere".to_owned()));
    assert_eq!(sent(&mock).await.len(), 6);
}

#[tokio::test]
async fn rooms_to_send_to_are_channels_and_private_rooms_in_use() {
    let mock = office().await;
    let found = chat(&mock).rooms().await.unwrap();
    let shown: Vec<_> = found.iter().map(|it| format!("{} {} {}", it.address, it.name, it.detail)).collect();
    assert_eq!(shown, ["r1 受付連絡 #reception", "r2 front-office #front-office"]);
}

#[tokio::test]
async fn after_a_whole_reading_only_what_changed_is_asked_for() {
    let mock = MockServer::start().await;
    let room = |id: &str, name: &str, at: &str| json!({ "_id": id, "t": "c", "name": name, "_updatedAt": at });
    let (early, late) = ("2026-10-14T02:00:00.000Z", "2026-10-14T02:30:00.500Z");
    let all = json!({ "update": [room("r1", "a", early), room("r2", "b", late)], "remove": [], "success": true });
    let changed = json!({ "update": [room("r1", "c", "2026-10-14T02:59:00.000Z"), room("r3", "d", early)],
        "remove": [{ "_id": "r2", "_deletedAt": late }], "success": true });
    at("GET", "rooms.get").and(query_param("updatedSince", late)).respond_with(ok(changed)).mount(&mock).await;
    at("GET", "rooms.get").respond_with(ok(all)).with_priority(9).mount(&mock).await;
    let chat = chat(&mock);
    let names = async || chat.rooms().await.unwrap().into_iter().map(|it| it.name).collect::<Vec<_>>();
    assert_eq!(names().await, ["a", "b"]);
    assert_eq!(names().await, ["c", "d"], "changed, deleted and new");
}

#[tokio::test]
async fn many_at_once_never_ask_more_than_a_route_takes_in_a_minute() {
    let mock = office().await;
    // The slowest answers are those of the first requests, as a server under load gives them.
    let reset = Time::parse("2026-10-14T03:00:45Z").unwrap().millis().to_string();
    let counted = Arc::new(std::sync::atomic::AtomicU32::new(0));
    let answer = move |_: &Request| {
        let left = 9_u32.saturating_sub(counted.fetch_add(1, std::sync::atomic::Ordering::SeqCst));
        ok(json!({ "message": { "_id": "delivery-1" } }))
            .insert_header("date", "Wed, 14 Oct 2026 03:00:00 GMT")
            .insert_header("x-ratelimit-limit", "10")
            .insert_header("x-ratelimit-remaining", left.to_string().as_str())
            .insert_header("x-ratelimit-reset", reset.as_str())
            .set_delay(Duration::from_millis(u64::from(left) * 10))
    };
    at("POST", "chat.sendMessage").respond_with(answer).mount(&mock).await;
    let chat = chat(&mock);
    let message = message(to_room("r1"), "a");
    let outcomes = futures::future::join_all((0..25).map(|_| chat.send(&message))).await;
    assert_eq!(outcomes.iter().filter(|it| it.is_ok()).count(), 10);
    assert!(outcomes.iter().all(|it| it.is_ok() || matches!(it, Err(Failure::SlowDown(..)))));
    assert_eq!(sent(&mock).await.len(), 10, "not one too many");
}

#[tokio::test]
async fn a_reply_names_the_message_that_it_answers() {
    let mock = office().await;
    takes_messages(&mock).await;
    let mut reply = message(to_room("r1"), "a");
    reply.draft.thread = Some("7aDSXtjMA3KPLxLjt".to_owned());
    chat(&mock).send(&reply).await.unwrap();
    assert_eq!(sent(&mock).await[0]["tmid"], "7aDSXtjMA3KPLxLjt");
    reply.draft.thread = Some("#7".to_owned());
    assert_eq!(told(chat(&mock).send(&reply).await), (Code::Invalid, Reason::NotUsable, "thread".to_owned()));
}

#[tokio::test]
async fn people_are_meant_by_account_name_or_e_mail_address() {
    let mock = MockServer::start().await;
    takes_messages(&mock).await;
    let user = json!({ "user": { "_id": "u2", "username": "ren", "emails": [{ "address": "Ren@example.jp" }] } });
    at("GET", "users.info").and(query_param("email", "ren@example.jp")).respond_with(ok(user)).mount(&mock).await;
    let one = |rid: &str| ok(json!({ "room": { "_id": rid, "rid": rid, "t": "d", "usernames": [] }, "success": true }));
    at("POST", "dm.create").and(body_json(json!({ "username": "aya" }))).respond_with(one("d1")).mount(&mock).await;
    at("POST", "dm.create").and(body_json(json!({ "username": "ren" }))).respond_with(one("d2")).mount(&mock).await;
    at("POST", "dm.create")
        .and(body_json(json!({ "usernames": "aya,ren" })))
        .respond_with(one("d3"))
        .mount(&mock)
        .await;
    let chat = chat(&mock);
    for to in [&["aya"][..], &["@aya"], &["ren@example.jp"], &["aya", "ren@example.jp", "@ren"]] {
        chat.send(&message(to_people(to), "a")).await.unwrap();
    }
    let rooms: Vec<_> = sent(&mock).await.iter().map(|it| it["rid"].as_str().unwrap().to_owned()).collect();
    assert_eq!(rooms, ["d1", "d1", "d2", "d3"]);
    assert_eq!(seen(&mock, "users.info").await.len(), 1);
    assert_eq!(seen(&mock, "dm.create").await.len(), 3);
}

#[tokio::test]
async fn an_address_is_found_in_the_list_where_the_server_cannot_look_it_up() {
    async fn check(info: ResponseTemplate, expected: Option<&str>) {
        let mock = MockServer::start().await;
        takes_messages(&mock).await;
        at("GET", "users.info").respond_with(info).mount(&mock).await;
        let users = json!({ "users": [
            { "_id": "u1", "username": "aya", "emails": [{ "address": "aya@example.jp" }] },
            { "_id": "u2", "username": "ren", "emails": [{ "address": "REN@example.jp" }] },
            { "_id": "u3", "username": "no-address" },
        ], "total": 3 });
        at("GET", "users.list").respond_with(ok(users)).mount(&mock).await;
        at("POST", "dm.create")
            .and(body_json(json!({ "username": "ren" })))
            .respond_with(ok(json!({ "room": { "rid": "d2" } })))
            .mount(&mock)
            .await;
        let outcome = chat(&mock).send(&message(to_people(&["ren@example.jp"]), "a")).await;
        match expected {
            Some(rid) => {
                outcome.unwrap();
                assert_eq!(sent(&mock).await[0]["rid"], rid);
            }
            None => {
                let expected = (Code::Refused, Reason::NotFound, "ren@example.jp".to_owned());
                assert_eq!(told(outcome), expected);
                assert_eq!(sent(&mock).await.len(), 0);
            }
        }
    }
    check(no(400, coded("must have required property 'userId'", "invalid-params")), Some("d2")).await;
    let somebody_else =
        json!({ "user": { "_id": "u1", "username": "aya", "emails": [{ "address": "aya@example.jp" }] } });
    check(ok(somebody_else), Some("d2")).await;
    check(no(400, json!({ "success": false, "error": "User not found." })), None).await;
}

#[tokio::test]
async fn mentions_are_written_into_the_text() {
    let mock = office().await;
    takes_messages(&mock).await;
    let user = json!({ "user": { "_id": "u2", "username": "ren" } });
    at("GET", "users.info").respond_with(ok(user)).mount(&mock).await;
    let mut mentioning = message(to_room("r1"), "@aya 来客です");
    mentioning.draft.mentions = ["aya", "@all", "ren@example.jp", "ren"].map(str::to_owned).to_vec();
    chat(&mock).send(&mentioning).await.unwrap();
    assert_eq!(sent(&mock).await[0]["msg"], "@all @ren @aya 来客です");
}

#[tokio::test]
async fn a_message_that_cannot_be_sent_is_found_before_sending() {
    let mock = MockServer::start().await;
    let chat = chat(&mock);
    let check = |change: fn(&mut Message)| {
        let mut message = message(to_people(&["aya"]), "a");
        change(&mut message);
        chat.check(&message).err().map(|it| (it.why().reason, it.why().words.clone()))
    };
    let told = |reason, words: &str| Some((reason, words.to_owned()));
    assert_eq!(check(|_| {}), None);
    assert_eq!(check(|it| it.draft.text = " ".to_owned()), told(Reason::Missing, "text"));
    let card_only = |it: &mut Message| {
        it.draft.text.clear();
        it.draft.attachments = Some(Raw(r#"[{"text":"a"}]"#.to_owned()));
    };
    assert_eq!(check(card_only), None, "a card alone is a message");
    assert_eq!(check(|it| it.draft.sealed = true), told(Reason::NotOffered, "sealed"));
    assert_eq!(check(|it| it.draft.to = to_people(&[])), told(Reason::Missing, "to"));
    assert_eq!(check(|it| it.draft.to = to_people(&["a b"])), told(Reason::NotUsable, "a b"));
    assert_eq!(check(|it| it.draft.to = to_people(&["a,b"])), told(Reason::NotUsable, "a,b"));
    assert_eq!(check(|it| it.draft.to = to_room(" # ")), told(Reason::Missing, "to"));
    assert_eq!(check(|it| it.draft.mentions = vec!["@".to_owned()]), told(Reason::NotUsable, "@"));
    assert_eq!(check(|it| it.draft.guise.alias = Some(" ".to_owned())), told(Reason::NotUsable, "alias"));
    assert_eq!(check(|it| it.draft.guise.emoji = Some("bell".to_owned())), told(Reason::NotUsable, "emoji"));
    assert_eq!(check(|it| it.draft.guise.avatar = Some("/a.png".to_owned())), told(Reason::NotUsable, "avatar"));
    let bad_card = |it: &mut Message| it.draft.attachments = Some(Raw(r#"[{"image_url":"a.png"}]"#.to_owned()));
    assert_eq!(check(bad_card), told(Reason::NotUsable, "attachments[0].image_url"));
    assert_eq!(check(|it| it.id = "a b".into()), told(Reason::NotUsable, "id"));
    let mut sealed = message(to_people(&["aya"]), "a");
    sealed.draft.sealed = true;
    assert!(matches!(chat.send(&sealed).await, Err(Failure::Invalid(_))));
    assert_eq!(mock.received_requests().await.unwrap().len(), 0);
}

#[tokio::test]
async fn a_message_that_is_refused_leaves_once_and_says_why() {
    for (status, body, code, reason, words) in [
        (
            400,
            coded("Message size exceeds Message_MaxAllowedSize", "error-message-size-exceeded"),
            Code::Refused,
            Reason::TooLong,
            "Message size exceeds Message_MaxAllowedSize [error-message-size-exceeded]",
        ),
        (
            400,
            coded("Invalid room", "error-invalid-room"),
            Code::Refused,
            Reason::NotFound,
            "Invalid room [error-invalid-room]",
        ),
        (
            400,
            json!({ "success": false, "error": "Not enough permission" }),
            Code::Refused,
            Reason::NoPermission,
            "Not enough permission (message-impersonate)",
        ),
        (
            400,
            json!({ "success": false, "error": "Invalid href value provided" }),
            Code::Refused,
            Reason::SystemRefused,
            "Invalid href value provided",
        ),
        (
            401,
            json!({ "status": "error", "message": "You must be logged in to do this." }),
            Code::SignedOut,
            Reason::TokenRefused,
            "You must be logged in to do this.",
        ),
        (500, json!({ "success": false, "error": "oops" }), Code::UnknownOutcome, Reason::OutcomeUnknown, "oops"),
        (200, json!({ "success": true }), Code::UnknownOutcome, Reason::AnswerNotUnderstood, ""),
        (200, json!({ "success": false }), Code::UnknownOutcome, Reason::AnswerNotUnderstood, ""),
    ] {
        let mock = office().await;
        at("POST", "chat.sendMessage").respond_with(no(status, body.clone())).mount(&mock).await;
        let mut disguised = message(to_room("r1"), "a");
        disguised.draft.guise.alias = Some("受付".to_owned());
        let failed = told(chat(&mock).send(&disguised).await);
        assert_eq!(failed, (code, reason, words.to_owned()), "{status} {body}");
        assert_eq!(sent(&mock).await.len(), 1, "a write is sent once: {status} {body}");
    }
}

#[tokio::test]
async fn nothing_is_unknown_while_the_message_has_not_left() {
    let mock = MockServer::start().await;
    Mock::given(any()).respond_with(ok(json!({ "odd": true }))).mount(&mock).await;
    for to in [to_room("r1"), to_people(&["aya"]), to_people(&["aya@example.jp"])] {
        assert_eq!(told(chat(&mock).send(&message(to, "a")).await).0, Code::Refused);
    }
    assert_eq!(sent(&mock).await.len(), 0);
}

#[tokio::test]
async fn a_message_whose_fate_is_unknown_can_be_asked_for() {
    async fn find(template: ResponseTemplate) -> Result<Option<String>, Failure> {
        let mock = MockServer::start().await;
        at("GET", "chat.getMessage").and(query_param("msgId", "delivery-1")).respond_with(template).mount(&mock).await;
        let chat = chat(&mock);
        assert!(chat.can_be_asked() && RocketChat.about().abilities.contains(&Ability::FindsSent));
        chat.find(&message(to_room("r1"), "a")).await.map(|found| found.and_then(|it| it.external_id))
    }
    let kept = |id: &str| ok(json!({ "message": { "_id": id }, "success": true }));
    assert_eq!(find(kept("delivery-1")).await.unwrap().as_deref(), Some("delivery-1"));
    assert_eq!(find(kept("another")).await.unwrap(), None);
    assert_eq!(find(no(400, json!({ "success": false }))).await.unwrap(), None);
    assert_eq!(find(no(400, json!({ "success": false, "error": "No message found" }))).await.unwrap(), None);
    assert_eq!(told(find(no(400, coded("Not allowed", "error-not-allowed"))).await).1, Reason::NoPermission);
    assert_eq!(told(find(no(503, json!({}))).await).0, Code::Offline);
}

#[tokio::test]
async fn a_token_that_the_server_repeats_is_in_no_failure() {
    for status in [400, 401, 403, 429, 500] {
        let mock = MockServer::start().await;
        let body = json!({ "success": false, "error": format!("bad token {TOKEN}") });
        Mock::given(any()).respond_with(no(status, body)).mount(&mock).await;
        let failure = people(&mock).people().await.unwrap_err();
        let told = format!("{failure} {failure:?}");
        assert!(!told.contains(TOKEN), "{status}: {told}");
    }
}
