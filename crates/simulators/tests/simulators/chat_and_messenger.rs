//! Chat&Messenger.

use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use simulators::chat_and_messenger::{Envelope, Errors, Reads, Shape};
use simulators::{CHAT_AND_MESSENGER, Office};

use super::{client, now, read, secret, small_office};

fn ask(office: &Office, method: Method, call: &str) -> RequestBuilder {
    let account = office.account(CHAT_AND_MESSENGER);
    let token = secret(&account, "token").to_owned();
    client().request(method, format!("{}/{call}", account.url)).header("x-cam-apiToken", token)
}

async fn post(office: &Office, call: &str, form: &[(&str, &str)]) -> Value {
    read(ask(office, Method::POST, call).form(form).send().await.unwrap()).await.1
}

async fn send(office: &Office, message: &Value) -> Value {
    post(office, "sendMessage", &[("message", &message.to_string())]).await
}

/// A message that is right but for one key, which the tests change.
fn message_with(key: &str, value: Value) -> Value {
    let mut message = json!({ "panelName": "messenger", "message": "Hello", "isOpened": false,
        "generalPurposes": { "users": "t.kenichi@example.jp,s.misaki@example.jp" } });
    message[key] = value;
    message
}

#[tokio::test]
async fn a_text_with_every_trap_arrives_as_it_was_written() {
    let office = small_office().await;
    let text = "Q&A 100% + a=b \"x\" \\ 改行\n絵文字 🛎";
    let answer = send(&office, &message_with("message", json!(text))).await;
    assert!(answer.get("errors").is_none(), "{answer}");
    let messages = office.chat_and_messenger.messages();
    assert_eq!(messages.len(), 1);
    assert_eq!(messages[0].message, text);
    assert_eq!(messages[0].users, ["t.kenichi@example.jp", "s.misaki@example.jp"]);
    assert_eq!(messages[0].room, None);
}

#[tokio::test]
async fn a_form_that_is_not_encoded_breaks() {
    let office = small_office().await;
    for text in ["Q&A", "100% sure"] {
        let body = format!("message={}", message_with("message", json!(text)));
        let form = "application/x-www-form-urlencoded";
        let asked = ask(&office, Method::POST, "sendMessage").header("content-type", form).body(body);
        let (_, answer) = read(asked.send().await.unwrap()).await;
        assert!(answer.get("errors").is_some(), "{text}: {answer}");
    }
    assert!(office.chat_and_messenger.messages().is_empty());
}

#[tokio::test]
async fn a_missing_or_wrong_token_is_refused() {
    let office = small_office().await;
    let url = format!("{}/getConferenceRooms", office.account(CHAT_AND_MESSENGER).url);
    for token in [None, Some("wrong"), Some("Bearer wrong")] {
        let asked = client().get(&url);
        let asked = token.into_iter().fold(asked, |asked, token| asked.header("x-cam-apiToken", token));
        let (status, answer) = read(asked.send().await.unwrap()).await;
        assert_eq!(status, 401);
        assert!(answer["errors"].is_string(), "{answer}");
    }
    office.chat_and_messenger.plan_is_too_small(true);
    let (status, _) = read(ask(&office, Method::GET, "getConferenceRooms").send().await.unwrap()).await;
    assert_eq!(status, 403, "a good token on a small plan");
}

#[tokio::test]
async fn only_one_call_can_be_read_by_get_at_first() {
    let office = small_office().await;
    let status = async |call| ask(&office, Method::GET, call).send().await.unwrap().status().as_u16();
    assert_eq!(status("getConferenceRooms").await, 200);
    for call in ["getConferenceMaster", "getConferenceRoomStatus", "sendMessage", "updateChatRoom"] {
        assert_eq!(status(call).await, 405, "{call}");
    }
    assert_eq!(status("getEverything").await, 404);
    office.chat_and_messenger.reads(Reads::GetOnly);
    assert_eq!(status("getConferenceMaster").await, 200);
    assert_eq!(ask(&office, Method::POST, "getConferenceMaster").send().await.unwrap().status(), 405);
    office.chat_and_messenger.reads(Reads::OldServer);
    assert_eq!(status("getConferenceMaster").await, 404);
}

#[tokio::test]
async fn a_message_with_a_wrong_key_or_type_is_refused() {
    let office = small_office().await;
    let wrong = [
        ("isOpened", json!("false")),
        ("message", json!("")),
        ("message", json!(5)),
        ("panelName", Value::Null),
        ("generalPurposes", json!({})),
        ("generalPurposes", json!({ "users": ["t.kenichi@example.jp"] })),
        ("generalPurposes", json!({ "users": "t.kenichi@example.jp, s.misaki@example.jp" })),
        ("generalPurposes", json!({ "users": "nobody@example.jp" })),
        ("panelName", json!("no such room")),
        ("property", json!({ "users": "t.kenichi@example.jp" })),
    ];
    for (key, value) in wrong {
        let answer = send(&office, &message_with(key, value.clone())).await;
        assert!(answer.get("errors").is_some(), "{key}: {value}");
    }
    assert!(office.chat_and_messenger.messages().is_empty());
    let answer = send(&office, &message_with("panelName", json!("test"))).await;
    assert!(answer.get("errors").is_none(), "a room that exists: {answer}");
}

#[tokio::test]
async fn a_batch_has_keys_of_its_own_and_is_taken_whole_or_not() {
    let office = small_office().await;
    let batch = async |items: Value| post(&office, "sendMessages", &[("messages", &items.to_string())]).await;
    let direct = json!({ "message": "1", "property": { "users": "t.kenichi@example.jp" } });
    let room = json!({ "send": "test", "message": "2" });
    for bad in [json!({ "message": "3" }), json!({ "send": "test", "message": "3", "isOpened": false })] {
        let answer = batch(json!([direct, bad])).await;
        assert!(answer.get("errors").is_some(), "{answer}");
    }
    let comma = post(&office, "sendMessages", &[("messages", "[{\"send\":\"test\",\"message\":\"x\"},]")]).await;
    assert!(comma.get("errors").is_some(), "a trailing comma is not JSON");
    assert!(office.chat_and_messenger.messages().is_empty());
    let answer = batch(json!([direct, room])).await;
    assert!(answer.get("errors").is_none(), "{answer}");
    assert_eq!(office.chat_and_messenger.messages().len(), 2);
}

#[tokio::test]
async fn a_quick_call_wants_milliseconds_that_are_still_to_come() {
    let office = small_office().await;
    let create = async |expiry: i64, password: &str| {
        post(&office, "createQuickCall", &[("expiredDate", &expiry.to_string()), ("password", password)]).await
    };
    let later = now().timestamp_millis() + 3_600_000;
    let answer = create(later, "").await;
    assert!(answer["url"].as_str().unwrap().starts_with("https://"));
    assert!(!office.chat_and_messenger.quick_calls()[0].has_password);
    for wrong in [later / 1000, 1_624_368_868_714] {
        assert!(create(wrong, "").await.get("errors").is_some(), "{wrong}");
    }
    let bare = post(&office, "createQuickCall", &[("expiredDate", &later.to_string())]).await;
    assert!(bare.get("errors").is_some(), "an empty password is sent, not left out");
}

#[tokio::test]
async fn a_chat_room_keeps_its_long_id_and_replaces_its_members() {
    let office = small_office().await;
    let people = office.chat_and_messenger.people();
    let (one, two) = (people[0].cam_uid.as_str(), people[1].cam_uid.as_str());
    let save = async |room: &Value| post(&office, "updateChatRoom", &[("chatRoom", &room.to_string())]).await;
    let new = json!({ "name": "秘密会議", "createUserId": one, "adminUserId": one, "isPublic": false,
        "memberUids": { one: true, two: false } });
    let made = save(&new).await["chatRoom"].clone();
    let id = made["id"].as_str().unwrap();
    assert_eq!(id.len(), 19);
    let changed = save(&json!({ "id": id, "memberUids": { one: true }, "note": "kept" })).await;
    assert_eq!(changed["chatRoom"]["memberUids"], json!({ one: true }));
    assert_eq!(changed["chatRoom"]["name"], "秘密会議");
    assert_eq!(changed["chatRoom"]["note"], "kept");
    let number: i64 = id.parse().unwrap();
    for (key, value) in [
        ("id", json!(number)),
        ("id", json!("1000000000000000000")),
        ("isPublic", json!("true")),
        ("memberUids", json!([one])),
        ("memberUids", json!({ one: 1 })),
        ("adminUserId", json!("t.kenichi@example.jp")),
    ] {
        let mut wrong = changed["chatRoom"].clone();
        wrong[key] = value;
        assert!(save(&wrong).await.get("errors").is_some(), "{key}");
    }
    assert!(save(&json!({ "name": "no creator" })).await.get("errors").is_some());
}

#[tokio::test]
async fn the_first_day_has_its_fourteen_rooms_and_bookings() {
    let office = small_office().await;
    let master = post(&office, "getConferenceMaster", &[]).await;
    let rooms = master["conferenceRooms"].as_array().unwrap();
    assert_eq!(rooms.len(), 14);
    assert_eq!((rooms[0]["name"].as_str(), rooms[0]["capacity"].as_u64()), (Some("応接室 A"), Some(4)));
    let day = post(&office, "getConferenceRoomStatus", &[("yyyyMMdd", "20261014")]).await;
    let rooms = day["conferenceRoomStatus"].as_array().unwrap();
    let bookings = |room: &Value| room["reservedSchedules"].as_array().cloned().unwrap_or_default();
    let all: Vec<Value> = rooms.iter().flat_map(bookings).collect();
    assert_eq!(all.len(), 34, "32 that can be placed and two that cannot");
    assert!(rooms.iter().any(|room| room["id"] == "27" && room.get("name").is_none()));
    let times = |it: &Value| (it["startDate"].as_str().unwrap().to_owned(), it["endDate"].as_str().unwrap().to_owned());
    assert_eq!(all.iter().map(times).filter(|(start, end)| end < start).count(), 1);
    assert!(rooms[8].get("reservedSchedules").is_none(), "a room without bookings has no list");
    let old = read(ask(&office, Method::GET, "getConferenceRooms").send().await.unwrap()).await.1;
    assert_eq!(old, master);
    let without = post(&office, "getConferenceRoomStatus", &[]).await;
    assert_eq!(without, master, "without a period it is the list of rooms");
}

#[tokio::test]
async fn a_month_has_two_entries_that_cannot_be_placed_in_every_shape() {
    let office = small_office().await;
    let month = async || post(&office, "getConferenceRoomStatus", &[("yyyyMMdd", "202611")]).await;
    let shapes =
        [Shape::Rooms, Shape::Wrapped, Shape::ById, Shape::ListsById, Shape::OldKey, Shape::Flat, Shape::ObjectsById];
    let mut texts = Vec::new();
    for shape in shapes {
        office.chat_and_messenger.shape(shape);
        let text = month().await.to_string();
        assert_eq!(text.matches("設備点検").count(), 1, "{shape:?}");
        assert_eq!(text.matches("臨時打合せ").count(), 1, "{shape:?}");
        assert!(text.matches("startDate").count() > 300, "{shape:?}: weekdays are busy");
        texts.push(text);
    }
    texts.dedup();
    assert_eq!(texts.len(), shapes.len(), "every shape is another one");
    for wrong in ["2026", "2026-11", "202613", "20261131"] {
        let answer = post(&office, "getConferenceRoomStatus", &[("yyyyMMdd", wrong)]).await;
        assert!(answer.get("errors").is_some(), "{wrong}");
    }
}

#[tokio::test]
async fn errors_and_answers_come_in_the_shape_that_is_switched_on() {
    let office = small_office().await;
    let state = &office.chat_and_messenger;
    let refused = async || post(&office, "createQuickCall", &[]).await["errors"].clone();
    for (errors, is_right) in [
        (Errors::List, Value::is_array as fn(&Value) -> bool),
        (Errors::Object, Value::is_object),
        (Errors::Number, Value::is_number),
        (Errors::True, Value::is_boolean),
    ] {
        state.errors(errors);
        assert!(is_right(&refused().await), "{errors:?}");
    }
    state.errors_on_success(Some(json!([])));
    assert_eq!(post(&office, "getConferenceMaster", &[]).await["errors"], json!([]));
    state.envelope(Envelope::Text);
    assert!(post(&office, "getConferenceMaster", &[]).await["conferenceRooms"].is_string());
    state.envelope(Envelope::ByteOrderMark);
    assert_eq!(post(&office, "getConferenceMaster", &[]).await, Value::Null, "a byte order mark is no JSON");
}

#[tokio::test]
async fn a_changed_booking_is_seen_in_the_next_answer() {
    let office = small_office().await;
    let day = async || post(&office, "getConferenceRoomStatus", &[("yyyyMMdd", "20261014")]).await;
    for _ in 0..4 {
        let before = day().await;
        let words = office.change_booking();
        assert_ne!(day().await, before, "{words}");
    }
}
