//! What becomes of every kind of answer of a Chat&Messenger server, and what arrives there.
#![expect(clippy::unwrap_used, reason = "a test ends where something is missing")]

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use chat_and_messenger::ChatAndMessenger;
use model::chat_room::ChatRoom;
use model::conference_room::Period;
use model::connection::{Check, Connection};
use model::failure::Code;
use model::message::{Draft, Guise, Message, Recipient};
use model::ports::{ConferenceRooms, KeepsNothing, Opening, Session, System};
use model::{Clock, Day, Failure, Raw, Reason, Secret, SystemId, Time};
use tokio::io::AsyncReadExt;
use wiremock::matchers::{any, body_string, header, method, path, query_param};
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

const TOKEN: &str = "QIQVOSvRJHrQElDwj20x";
const ROOMS: &str = include_str!("fixtures/rooms.json");

struct Noon;

impl Clock for Noon {
    fn now(&self) -> Time {
        Time::parse("2026-10-14T12:00:00+09:00").unwrap()
    }
}

fn connection(url: &str) -> Connection {
    Connection {
        id: "cam".into(),
        name: "Chat&Messenger".to_owned(),
        system: SystemId::from("chat-and-messenger"),
        url: url.to_owned(),
        settings: BTreeMap::from([("time-zone".to_owned(), "Asia/Tokyo".to_owned())]),
        allow_http: false,
    }
}

fn opening(url: &str) -> Opening {
    let secrets = BTreeMap::from([("token".to_owned(), Secret::new(&format!(" {TOKEN}\r\n")))]);
    Opening { connection: connection(url), secrets, clock: Arc::new(Noon), keeper: Arc::new(KeepsNothing) }
}

fn open(mock: &MockServer) -> Session {
    ChatAndMessenger.open(opening(&format!("{}/camserver/api/", mock.uri()))).unwrap()
}

fn rooms(session: &Session) -> Arc<dyn ConferenceRooms> {
    session.rooms.clone().unwrap()
}

fn october() -> Period {
    Period::Month(Day("2026-10-14".parse().unwrap()))
}

/// A server that answers everything alike.
async fn always(status: u16, body: impl Into<String>) -> MockServer {
    let mock = MockServer::start().await;
    let kind = "application/json;charset=UTF-8";
    Mock::given(any()).respond_with(ResponseTemplate::new(status).set_body_raw(body.into(), kind)).mount(&mock).await;
    mock
}

/// A server whose call `name` answers `body` by this method, and everything else a page that it is not there.
async fn only(verb: &str, name: &str, body: &str) -> MockServer {
    let mock = MockServer::start().await;
    add(&mock, verb, name, body).await;
    mock
}

async fn add(mock: &MockServer, verb: &str, name: &str, body: &str) {
    Mock::given(method(verb))
        .and(path(format!("/camserver/api/{name}")))
        .and(header("x-cam-apiToken", TOKEN))
        .respond_with(ResponseTemplate::new(200).set_body_string(body))
        .mount(mock)
        .await;
}

async fn seen(mock: &MockServer) -> Vec<Request> {
    mock.received_requests().await.unwrap()
}

fn fields(request: &Request) -> BTreeMap<String, String> {
    url::form_urlencoded::parse(&request.body).into_owned().collect()
}

fn reason<T>(result: Result<T, Failure>) -> (Code, Reason, String) {
    let Err(failure) = result else {
        panic!("it should have failed");
    };
    (failure.code(), failure.why().reason, failure.why().words.clone())
}

fn message(to: Recipient, text: &str) -> Message {
    let draft = Draft {
        id: "draft-1".into(),
        connection: "cam".into(),
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

fn people(addresses: &[&str]) -> Recipient {
    Recipient::People(addresses.iter().map(|it| (*it).to_owned()).collect())
}

fn room(name: &str) -> Recipient {
    Recipient::Room(name.to_owned())
}

#[test]
fn settings_that_cannot_be_used_are_told_before_anything_is_sent() {
    let told = |change: fn(&mut Opening)| {
        let mut opening = opening("https://chat.example.jp/camserver/api");
        change(&mut opening);
        ChatAndMessenger.open(opening).err().map(|it| (it.code(), it.why().reason))
    };
    assert_eq!(told(|_| {}), None);
    assert_eq!(told(|it| it.secrets.clear()), Some((Code::SignedOut, Reason::SecretMissing)));
    assert_eq!(
        told(|it| drop(it.secrets.insert("token".to_owned(), Secret::new("a\nb")))),
        Some((Code::Invalid, Reason::NotUsable))
    );
    assert_eq!(
        told(|it| drop(it.connection.settings.insert("time-zone".to_owned(), "Tokyo".to_owned()))),
        Some((Code::Invalid, Reason::NotUsable))
    );
    assert_eq!(
        told(|it| it.connection.url = "http://chat.example.jp".to_owned()),
        Some((Code::Invalid, Reason::PlainHttp))
    );
}

#[tokio::test]
async fn rooms_are_read_in_the_servers_order() {
    let mock = only("POST", "getConferenceMaster", ROOMS).await;
    let found = rooms(&open(&mock)).rooms().await.unwrap();
    assert_eq!(found.iter().map(|it| it.id.as_str()).collect::<Vec<_>>(), ["cam/1", "cam/3"]);
    assert_eq!((found[1].name.as_str(), found[1].capacity), ("会議室 301", Some(8)));
    assert_eq!(seen(&mock).await[0].headers["content-type"], "application/x-www-form-urlencoded");
}

#[tokio::test]
async fn reads_find_the_way_that_the_server_takes_and_remember_it() {
    for (verb, call) in [
        ("POST", "getConferenceMaster"),
        ("GET", "getConferenceMaster"),
        ("POST", "getConferenceRooms"),
        ("GET", "getConferenceRooms"),
    ] {
        let mock = only(verb, call, ROOMS).await;
        let port = rooms(&open(&mock));
        assert_eq!(port.rooms().await.unwrap().len(), 2, "{verb} {call}");
        let tried = seen(&mock).await.len();
        assert_eq!(port.rooms().await.unwrap().len(), 2);
        assert_eq!(seen(&mock).await.len(), tried + 1, "{verb} {call} is asked at once the second time");
    }
}

#[tokio::test]
async fn a_post_that_answers_a_page_or_something_else_is_asked_by_get() {
    for (status, body) in
        [(405, "<html>no</html>"), (501, ""), (200, "<html>sign in</html>"), (200, r#"{"hello":1}"#), (200, "")]
    {
        let mock = only("GET", "getConferenceMaster", ROOMS).await;
        let template = ResponseTemplate::new(status).set_body_string(body);
        Mock::given(method("POST")).respond_with(template).mount(&mock).await;
        assert_eq!(rooms(&open(&mock)).rooms().await.unwrap().len(), 2, "{status} {body}");
    }
}

#[tokio::test]
async fn a_get_carries_the_same_parameters() {
    let mock = only("GET", "getConferenceMaster", ROOMS).await;
    Mock::given(method("GET"))
        .and(path("/camserver/api/getConferenceRoomStatus"))
        .and(query_param("yyyyMMdd", "202610"))
        .respond_with(ResponseTemplate::new(200).set_body_string(r#"{"conferenceRoomStatus":[]}"#))
        .mount(&mock)
        .await;
    let bookings = rooms(&open(&mock)).bookings(october()).await.unwrap();
    assert_eq!((bookings.reservations.len(), bookings.unplaced.len()), (0, 0));
}

#[tokio::test]
async fn bookings_are_found_in_every_shape() {
    let one =
        r#""startDate":"2026/10/14 10:00","endDate":"2026/10/14 11:00","title":"定例","createUserName":"高橋 結衣""#;
    let listed = format!(r#"[{{"id":"3","name":"会議室 301","reservedSchedules":[{{"id":"9",{one}}}]}},{{"id":"1"}}]"#);
    let shapes = [
        format!(r#"{{"conferenceRoomStatus":{listed}}}"#),
        format!(r#"{{"conferenceRoomStatus":{{"conferenceRooms":{listed}}}}}"#),
        format!(r#"{{"conferenceRooms":{listed}}}"#),
        format!(
            r#"{{"conferenceRoomStatus":{{"3":{{"id":"3","reservedSchedules":[{{"id":"9",{one}}}]}},"1":{{"id":"1"}}}}}}"#
        ),
        format!(
            r#"{{"conferenceRoomStatus":{{"3":{{"name":"会議室 301","reservedSchedules":{{"9":{{"id":"9",{one}}}}}}}}}}}"#
        ),
        format!(r#"{{"conferenceRoomStatus":{{"3":[{{"id":"9",{one}}}],"1":[]}}}}"#),
        format!(r#"{{"conferenceRoomStatus":{{"3":{{"9":{{"id":9,{one}}}}}}}}}"#),
        format!(r#"{{"conferenceRoomStatus":[{{"id":"9","conferenceRoomId":3,{one}}}]}}"#),
        format!(r#"{{"conferenceRoomStatus":[{{"id":"9","room":{{"name":"会議室 301"}},{one}}}]}}"#),
        format!(r#"{{"conferenceRoomStatus":{{"9":{{"id":"9","roomName":"会議室 301",{one}}}}}}}"#),
        format!(r#"{{"result":{{"conferenceRoomStatus":{listed}}}}}"#),
        format!("\u{feff}{{\"conferenceRoomStatus\":\"{}\"}}", listed.replace('"', "\\\"")),
        format!(r#"{{"conferenceRoomStatus":{listed},"errors":[]}}"#),
        format!(r#"{{"conferenceRoomStatus":{listed},"errors":null}}"#),
    ];
    for shape in shapes {
        let mock = only("POST", "getConferenceMaster", ROOMS).await;
        add(&mock, "POST", "getConferenceRoomStatus", &shape).await;
        let bookings = rooms(&open(&mock)).bookings(october()).await.unwrap();
        assert_eq!(bookings.unplaced, [], "{shape}");
        let [found] = bookings.reservations.as_slice() else {
            panic!("one booking in {shape}");
        };
        assert_eq!(
            (found.id.as_str(), found.room_id.as_str(), found.title.as_str()),
            ("cam/9", "cam/3", "定例"),
            "{shape}"
        );
        assert_eq!(found.start.to_string(), "2026-10-14T01:00:00.000Z");
        assert_eq!(found.end.to_string(), "2026-10-14T02:00:00.000Z");
        assert_eq!(found.owner.as_deref(), Some("高橋 結衣"));
    }
}

#[tokio::test]
async fn whoever_booked_a_room_or_takes_part_is_told_in_every_word_that_is_there() {
    let members = [
        (r#""members":["高橋 結衣","t.kenichi@example.jp"]"#, vec!["t.kenichi@example.jp"]),
        (
            r#""members":[{"uid":"u7","name":"田中 健一","mail":"t@example.jp"}]"#,
            vec!["田中 健一", "t@example.jp", "u7"],
        ),
        (r#""memberUids":{"u1":true,"u2":false,"u3":true}"#, vec!["u1", "u3"]),
        (r#""createUserId":"u9","participants":null"#, vec!["u9"]),
    ];
    for (fields, others) in members {
        let one = format!(
            r#"{{"id":"9","start":"202610141000","end":"202610141100","createUserName":"高橋 結衣",{fields}}}"#
        );
        let mock = only("POST", "getConferenceMaster", ROOMS).await;
        let status = format!(r#"{{"conferenceRoomStatus":{{"3":[{one}]}}}}"#);
        add(&mock, "POST", "getConferenceRoomStatus", &status).await;
        let bookings = rooms(&open(&mock)).bookings(october()).await.unwrap();
        let people: Vec<_> = bookings.reservations[0].people.iter().map(String::as_str).collect();
        assert_eq!(people, [vec!["高橋 結衣"], others].concat(), "{fields}");
    }
}

#[tokio::test]
async fn what_cannot_be_placed_is_kept_with_its_reason_and_record() {
    let status = r#"{"conferenceRoomStatus":[{"id":"3","reservedSchedules":[
        {"id":"a","title":"設備点検","startDate":"2026/10/14 18:00","endDate":"2026/10/14 17:00"},
        {"id":"b","title":"いつか","startDate":"soon","endDate":"2026/10/14 17:00"},
        {"id":"c","title":"端なし","startDate":"2026/10/14 18:00"},
        "lunch"]},
        {"id":"27","reservedSchedules":[{"id": 1564831284702237059,"title":"臨時","start":1791939600000,"end":1791943200000}]}]}"#;
    let mock = only("POST", "getConferenceMaster", ROOMS).await;
    add(&mock, "POST", "getConferenceRoomStatus", status).await;
    let bookings = rooms(&open(&mock)).bookings(october()).await.unwrap();
    assert_eq!(bookings.reservations, []);
    let told: Vec<_> =
        bookings.unplaced.iter().map(|it| format!("{:?} {} {}", it.reason, it.title, it.words)).collect();
    assert_eq!(
        told,
        [
            "EndsBeforeStart 設備点検 2026/10/14 17:00",
            "NoStart いつか soon",
            "NoEnd 端なし ",
            "NotReadable  ",
            "NoSuchRoom 臨時 27"
        ]
    );
    let ids: Vec<_> = bookings.unplaced.iter().map(|it| it.own_id.as_deref()).collect();
    assert_eq!(ids, [Some("a"), Some("b"), Some("c"), None, Some("1564831284702237059")]);
    assert!(bookings.unplaced[4].raw.0.contains("1564831284702237059"), "the record is untouched");
}

#[tokio::test]
async fn an_id_that_stands_for_several_bookings_is_told_apart() {
    let at = |room: &str, hour: u32| {
        format!(r#"{{"id":"9","room":"{room}","start":"2026/10/14 {hour}:00","end":"2026/10/14 {}:00"}}"#, hour + 1)
    };
    let list = [at("1", 10), at("3", 10), at("3", 10), at("1", 13)].join(",");
    let mock = only("POST", "getConferenceMaster", ROOMS).await;
    add(&mock, "POST", "getConferenceRoomStatus", &format!(r#"{{"conferenceRoomStatus":[{list}]}}"#)).await;
    let port = rooms(&open(&mock));
    let own = port.bookings(october()).await.unwrap().reservations;
    assert!(own.iter().all(|it| it.own_id.as_deref() == Some("9")), "the system's own id stays with each");
    let ids = |it: model::conference_room::Bookings| it.reservations.into_iter().map(|it| it.id.0).collect::<Vec<_>>();
    let first = ids(port.bookings(october()).await.unwrap());
    assert_eq!(first.len(), 3, "the same booking twice is one: {first:?}");
    assert_eq!(first.iter().collect::<std::collections::BTreeSet<_>>().len(), 3);
    assert_eq!(ids(port.bookings(october()).await.unwrap()), first, "and the ids stay");
}

#[tokio::test]
async fn a_booking_without_an_id_gets_a_lasting_one() {
    let status =
        r#"{"conferenceRoomStatus":[{"room":"1","title":"来客","start":"2026/10/14 10:00","end":"2026/10/14 11:00"}]}"#;
    let mock = only("POST", "getConferenceMaster", ROOMS).await;
    add(&mock, "POST", "getConferenceRoomStatus", status).await;
    let bookings = rooms(&open(&mock)).bookings(Period::Day(Day("2026-10-14".parse().unwrap()))).await.unwrap();
    let id = "cam/1/2026-10-14T01:00:00.000Z/2026-10-14T02:00:00.000Z/来客";
    assert_eq!((bookings.reservations[0].id.as_str(), &bookings.reservations[0].own_id), (id, &None));
    let asked = seen(&mock).await;
    assert_eq!(fields(&asked[0])["yyyyMMdd"], "20261014");
}

#[tokio::test]
async fn a_list_of_rooms_that_ignores_the_question_is_not_believed_while_another_way_is_left() {
    let status = r#"{"conferenceRoomStatus":[{"room":"1","start":"2026/10/14 10:00","end":"2026/10/14 11:00"}]}"#;
    let mock = only("POST", "getConferenceMaster", ROOMS).await;
    add(&mock, "POST", "getConferenceRoomStatus", ROOMS).await;
    add(&mock, "GET", "getConferenceRoomStatus", status).await;
    assert_eq!(rooms(&open(&mock)).bookings(october()).await.unwrap().reservations.len(), 1);

    let mock = only("POST", "getConferenceMaster", ROOMS).await;
    add(&mock, "POST", "getConferenceRoomStatus", ROOMS).await;
    assert_eq!(rooms(&open(&mock)).bookings(october()).await.unwrap().reservations, [], "a month may be empty");
}

#[tokio::test]
async fn errors_mean_what_their_words_say() {
    for (status, body, code, why, words) in [
        (200, r#"{"errors":"Invalid API token"}"#, Code::SignedOut, Reason::TokenRefused, "Invalid API token"),
        (
            200,
            r#"{"errors":["APIトークンが不正です"]}"#,
            Code::SignedOut,
            Reason::TokenRefused,
            "APIトークンが不正です",
        ),
        (
            200,
            r#"{"errors":{"message":"Enterprise plan only"}}"#,
            Code::Refused,
            Reason::NoPlan,
            "Enterprise plan only",
        ),
        (200, r#"{"errors":[{"code":"E1","message":"a"},"b"]}"#, Code::Refused, Reason::SystemRefused, "a; b"),
        (200, r#"{"errors":true}"#, Code::Refused, Reason::SystemRefused, "true"),
        (200, r#"{"errors":1}"#, Code::Refused, Reason::SystemRefused, "1"),
        (200, r#"{"errors":[]}"#, Code::Refused, Reason::SystemRefused, "errors"),
        (200, r#"{"errors":{}}"#, Code::Refused, Reason::SystemRefused, "errors"),
        (400, r#"{"errors":"token expired"}"#, Code::SignedOut, Reason::TokenRefused, "token expired"),
        (401, r#"{"errors":"no"}"#, Code::SignedOut, Reason::TokenRefused, "no"),
        (403, r#"{"errors":"no"}"#, Code::Refused, Reason::NoPlan, "no"),
        (403, "<html>forbidden</html>", Code::Refused, Reason::NoPlan, ""),
        (500, r#"{"errors":"month?"}"#, Code::Refused, Reason::SystemRefused, "month?"),
        (404, "<html>", Code::Refused, Reason::NotFound, "HTTP 404 getConferenceMaster"),
        (200, "<html>sign in</html>", Code::Surprise, Reason::HtmlInstead, "getConferenceMaster"),
        (200, r#"{"hello":"world"}"#, Code::Surprise, Reason::NotThisKind, "getConferenceMaster"),
        (200, "[1,2]", Code::Surprise, Reason::NotThisKind, "getConferenceMaster"),
        (200, "", Code::Surprise, Reason::NotThisKind, "getConferenceMaster"),
        (429, "", Code::SlowDown, Reason::LimitReached, "HTTP 429"),
    ] {
        let mock = always(status, body).await;
        let found = reason(rooms(&open(&mock)).rooms().await);
        assert_eq!(found, (code, why, words.to_owned()), "{status} {body}");
    }
}

#[tokio::test]
async fn a_fault_of_the_server_is_offline_for_reads() {
    let mock = always(500, "oops").await;
    assert_eq!(reason(rooms(&open(&mock)).rooms().await).0, Code::Offline);
}

#[tokio::test]
async fn a_test_of_the_connection_tells_how_far_it_came() {
    async fn steps(status: u16, body: &str) -> Vec<(Check, String, Option<Reason>)> {
        let mock = always(status, body).await;
        let check_up = open(&mock).check.check_up().await;
        check_up.steps.into_iter().map(|it| (it.what, it.found, it.problem.map(|it| it.reason))).collect()
    }
    let reached = || (Check::Reached, "127.0.0.1".to_owned(), None);
    let signed_in = |reason| (Check::SignedIn, String::new(), reason);
    assert_eq!(steps(200, ROOMS).await, [reached(), signed_in(None), (Check::ReadRooms, "2".to_owned(), None)]);
    assert_eq!(steps(401, "{}").await, [reached(), signed_in(Some(Reason::TokenRefused))]);
    assert_eq!(steps(403, "{}").await, [reached(), signed_in(Some(Reason::NoPlan))]);
    let refused = (Check::ReadRooms, String::new(), Some(Reason::SystemRefused));
    assert_eq!(steps(200, r#"{"errors":"no rooms for you"}"#).await, [reached(), signed_in(None), refused]);
    let not_reached = |reason| (Check::Reached, "127.0.0.1".to_owned(), Some(reason));
    assert_eq!(steps(200, r#"{"version":"8.7","success":true}"#).await, [not_reached(Reason::NotThisKind)]);
    assert_eq!(steps(200, "<html>").await, [not_reached(Reason::HtmlInstead)]);
    assert_eq!(steps(404, "").await, [not_reached(Reason::NotFound)]);
}

#[tokio::test]
async fn a_message_arrives_exactly_as_it_was_written() {
    let mock = only("POST", "sendMessage", r#"{"result":"OK"}"#).await;
    let chat = open(&mock).chat.unwrap();
    let text = "A & B + 50% = \"ok\" \\ \n改行 🎉 'x' a=1&b=2";
    let mut message = message(people(&[" a@example.jp", "B@example.jp ", "b@example.jp"]), text);
    message.draft.sealed = true;
    let receipt = chat.send(&message).await.unwrap();
    assert_eq!((receipt.external_id, receipt.remark), (None, None));
    let requests = seen(&mock).await;
    assert_eq!(requests.len(), 1);
    let json: serde_json::Value = serde_json::from_str(&fields(&requests[0])["message"]).unwrap();
    let expected = serde_json::json!({
        "panelName": "messenger",
        "message": text,
        "isOpened": true,
        "generalPurposes": { "users": "a@example.jp,B@example.jp" },
    });
    assert_eq!(json, expected);
}

#[tokio::test]
async fn a_room_is_addressed_by_its_name_and_mentions_are_left_out_where_there_are_none() {
    let mock = only("POST", "sendMessage", r#"{"id":"m1"}"#).await;
    let chat = open(&mock).chat.unwrap();
    assert_eq!(chat.send(&message(room(" 受付 "), "a")).await.unwrap().external_id.as_deref(), Some("m1"));
    let mut mentioning = message(room("受付"), "a");
    mentioning.draft.mentions = vec!["a@example.jp".to_owned()];
    chat.send(&mentioning).await.unwrap();
    let sent: Vec<_> = seen(&mock).await.iter().map(|it| fields(it)["message"].clone()).collect();
    assert_eq!(sent[0], r#"{"panelName":"受付","message":"a","isOpened":false}"#);
    let expected = r#"{"panelName":"受付","message":"a","isOpened":false,"generalPurposes":{"users":"a@example.jp"}}"#;
    assert_eq!(sent[1], expected);
}

#[tokio::test]
async fn a_message_that_cannot_be_sent_is_found_before_sending() {
    let mock = MockServer::start().await;
    let chat = open(&mock).chat.unwrap();
    let check = |message: &Message| chat.check(message).err().map(|it| (it.why().reason, it.why().words.clone()));
    let told = |reason, words: &str| Some((reason, words.to_owned()));
    assert_eq!(check(&message(people(&["a@example.jp"]), "a")), None);
    assert_eq!(check(&message(people(&["a@example.jp"]), " \n")), told(Reason::Missing, "text"));
    assert_eq!(check(&message(people(&[]), "a")), told(Reason::Missing, "to"));
    assert_eq!(check(&message(room(" "), "a")), told(Reason::Missing, "to"));
    assert_eq!(check(&message(room("messenger"), "a")), told(Reason::NotAddressable, "messenger"));
    for bad in ["nobody", "a,b@example.jp", "a b@example.jp", "", "@example.jp"] {
        assert_eq!(check(&message(people(&[bad]), "a")), told(Reason::NotUsable, bad));
    }
    let mut carded = message(room("受付"), "a");
    carded.draft.attachments = Some(Raw("[]".to_owned()));
    assert_eq!(check(&carded), told(Reason::NotOffered, "attachments"));
    assert_eq!(reason(chat.send(&message(room("messenger"), "a")).await).0, Code::Invalid);
    assert_eq!(seen(&mock).await.len(), 0);
    assert!(!chat.can_be_asked());
    assert_eq!(chat.rooms().await.unwrap(), []);
}

#[tokio::test]
async fn a_write_that_was_taken_is_never_called_failed() {
    for (body, remark) in [
        ("OK", Some("HTTP 200: OK")),
        ("", Some("HTTP 200")),
        ("<html>done</html>", Some("HTTP 200: text/html")),
        ("[1]", Some("HTTP 200: [1]")),
        ("{}", None),
        (r#"{"errors":[],"result":"OK"}"#, None),
        (r#"{"errors":null}"#, None),
    ] {
        let mock = always(200, body).await;
        let receipt = open(&mock).chat.unwrap().send(&message(room("受付"), "a")).await.unwrap();
        assert_eq!(receipt.remark.as_deref(), remark, "{body}");
    }
}

#[tokio::test]
async fn a_write_that_fails_leaves_once_and_says_how_it_stands() {
    for (status, body, code, why) in [
        (200, r#"{"errors":["user not found"]}"#, Code::Refused, Reason::SystemRefused),
        (200, r#"{"errors":[]}"#, Code::Refused, Reason::SystemRefused),
        (200, r#"{"errors":"invalid token"}"#, Code::SignedOut, Reason::TokenRefused),
        (401, "", Code::SignedOut, Reason::TokenRefused),
        (403, "", Code::Refused, Reason::NoPlan),
        (404, "<html>", Code::Refused, Reason::NotFound),
        (405, "<html>", Code::Refused, Reason::SystemRefused),
        (500, r#"{"errors":"no such room"}"#, Code::Refused, Reason::SystemRefused),
        (500, "oops", Code::UnknownOutcome, Reason::OutcomeUnknown),
        (504, "", Code::UnknownOutcome, Reason::OutcomeUnknown),
        (503, "", Code::Offline, Reason::SystemFault),
        (429, "", Code::SlowDown, Reason::LimitReached),
    ] {
        let mock = always(status, body).await;
        let failed = open(&mock).chat.unwrap().send(&message(room("受付"), "a")).await;
        let (found_code, found_reason, _) = reason(failed);
        assert_eq!((found_code, found_reason), (code, why), "{status} {body}");
        assert_eq!(seen(&mock).await.len(), 1, "a write is sent once: {status} {body}");
    }
}

#[tokio::test]
async fn a_message_whose_answer_is_lost_is_unknown_and_was_sent_once() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let count = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&count);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            counted.fetch_add(1, Ordering::SeqCst);
            let _ = stream.read(&mut [0; 4096]).await;
        }
    });
    let chat = ChatAndMessenger.open(opening(&url)).unwrap().chat.unwrap();
    let (code, why, _) = reason(chat.send(&message(room("受付"), "a")).await);
    assert_eq!((code, why), (Code::UnknownOutcome, Reason::OutcomeUnknown));
    assert_eq!(count.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_token_that_the_server_repeats_is_in_no_failure() {
    for status in [200, 400, 401, 403, 422] {
        let mock = always(status, format!(r#"{{"errors":"invalid token {TOKEN}"}}"#)).await;
        let session = open(&mock);
        let read = rooms(&session).rooms().await.unwrap_err();
        let sent = session.chat.unwrap().send(&message(room("受付"), "a")).await.unwrap_err();
        for failure in [read, sent] {
            let told = format!("{failure} {failure:?}");
            assert!(!told.contains(TOKEN), "{status}: {told}");
        }
    }
}

#[tokio::test]
async fn a_quick_call_has_its_end_in_milliseconds_and_a_password_or_an_empty_one() {
    let mock = MockServer::start().await;
    Mock::given(path("/camserver/api/createQuickCall"))
        .and(body_string("expiredDate=1791950400000&password="))
        .respond_with(ResponseTemplate::new(200).set_body_string(r#"{"url":"https://app.example.jp/q/1"}"#))
        .mount(&mock)
        .await;
    Mock::given(path("/camserver/api/createQuickCall"))
        .and(body_string("expiredDate=1791950400000&password=p%26w"))
        .respond_with(ResponseTemplate::new(200).set_body_string(r#"{"what":"no link"}"#))
        .mount(&mock)
        .await;
    let quick_calls = open(&mock).quick_calls.unwrap();
    let at = Time::parse("2026-10-14T13:00:00+09:00").unwrap();
    assert_eq!(quick_calls.create(at, None).await.unwrap().url.as_deref(), Some("https://app.example.jp/q/1"));
    let made = quick_calls.create(at, Some(&Secret::new("p&w"))).await.unwrap();
    assert_eq!((made.url, made.raw.0.as_str()), (None, r#"{"what":"no link"}"#));
    for early in ["2026-10-14T11:59:00+09:00", "1970-01-19T18:00:00Z"] {
        assert_eq!(reason(quick_calls.create(Time::parse(early).unwrap(), None).await).0, Code::Invalid);
    }
    assert_eq!(seen(&mock).await.len(), 2);
}

#[tokio::test]
async fn the_arguments_of_a_quick_call_go_out_as_one_object_where_the_connection_says_so() {
    let mock = always(200, r#"{"url":"https://app.example.jp/q/1"}"#).await;
    let with = |form: &str| {
        let mut opening = opening(&format!("{}/camserver/api", mock.uri()));
        opening.connection.settings.insert("quick-call".to_owned(), form.to_owned());
        ChatAndMessenger.open(opening)
    };
    let at = Time::parse("2026-10-14T13:00:00+09:00").unwrap();
    for (form, expected) in [
        ("json:quickCall", "quickCall=%7B%22expiredDate%22%3A1791950400000%2C%22password%22%3A%22p%5C%22w%22%7D"),
        ("flat", "expiredDate=1791950400000&password=p%22w"),
    ] {
        let quick_calls = with(form).unwrap().quick_calls.unwrap();
        quick_calls.create(at, Some(&Secret::new("p\"w"))).await.unwrap();
        let sent = seen(&mock).await.pop().unwrap();
        assert_eq!(String::from_utf8(sent.body).unwrap(), expected);
    }
    for form in ["json:", "xml"] {
        assert_eq!(with(form).err().unwrap(), Failure::invalid(Reason::NotUsable, "quick-call"));
    }
}

#[tokio::test]
async fn a_quick_call_may_be_refused() {
    let mock = always(200, r#"{"errors":"expiredDate is over"}"#).await;
    let at = Time::parse("2026-10-14T13:00:00+09:00").unwrap();
    assert_eq!(reason(open(&mock).quick_calls.unwrap().create(at, None).await).1, Reason::SystemRefused);
}

#[tokio::test]
async fn a_chat_room_goes_out_as_its_record_and_comes_back_as_the_servers() {
    let answer = r#"{"chatRoom":{"id":1564831284702237059,"name":"受付","createUserId":"u1","adminUserId":"u1","isPublic":false,"memberUids":{"u1":true},"rev":2}}"#;
    let mock = only("POST", "updateChatRoom", answer).await;
    let port = open(&mock).chat_rooms.unwrap();
    let base = r#"{"stamp":1564831284702237059,"id":"1564831284702237059","name":"旧","createUserId":"u1","adminUserId":"u1","memberUids":{"u1":true}}"#;
    let (edit, raw) = port.read(base).unwrap();
    let sends = port.write(Some(&raw), &ChatRoom { name: "受付".to_owned(), ..edit }).unwrap();
    let (room, kept) = port.apply(&sends).await.unwrap().unwrap();
    assert_eq!((room.external_id.as_deref(), room.name.as_str()), (Some("1564831284702237059"), "受付"));
    assert!(kept.0.ends_with(r#""rev":2}"#));
    let requests = seen(&mock).await;
    assert_eq!(requests.len(), 1);
    assert_eq!(fields(&requests[0])["chatRoom"], base.replace("旧", "受付"));
}

#[tokio::test]
async fn a_chat_room_that_was_taken_without_a_record_is_saved() {
    for (body, is_refused) in [
        (r#"{"result":"OK"}"#, false),
        ("OK", false),
        ("<html>", false),
        (r#"{"errors":"chat room not found"}"#, true),
        (r#"{"errors":[]}"#, true),
        (r#"{"errors":[],"chatRoom":{"id":"1","name":"a"}}"#, false),
    ] {
        let mock = always(200, body).await;
        let port = open(&mock).chat_rooms.unwrap();
        let outcome = port.apply(&Raw(r#"{"name":"a"}"#.to_owned())).await;
        assert_eq!(outcome.is_err(), is_refused, "{body}");
        if let Ok(room) = outcome {
            assert_eq!(room.is_some(), body.contains("chatRoom"), "{body}");
        }
    }
    let mock = MockServer::start().await;
    let broken = open(&mock).chat_rooms.unwrap().apply(&Raw("{broken".to_owned())).await;
    assert_eq!((reason(broken).0, seen(&mock).await.len()), (Code::Invalid, 0));
}
