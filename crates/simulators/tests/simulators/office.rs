//! Trouble, the remote control and the telephones.

use reqwest::{Method, RequestBuilder};
use serde_json::json;
use simulators::{
    CHAT_AND_MESSENGER, Fault, Office, Plan, RING_CENTRAL, ROCKET_CHAT, Ring, SMART_CONNECT, SYSTEMS, Trouble,
};

use super::{client, now, read, secret, small_office};

/// A request that the system would answer with 200.
fn me(office: &Office) -> RequestBuilder {
    let account = office.account(ROCKET_CHAT);
    let asked = client().get(format!("{}/api/v1/me", account.url));
    asked.header("X-Auth-Token", secret(&account, "token")).header("X-User-Id", &account.settings[0].1)
}

fn control(office: &Office, system: &str, method: Method, path: &str) -> RequestBuilder {
    client().request(method, format!("http://127.0.0.1:{}/_simulator/{path}", office.port(system)))
}

fn set(office: &Office, trouble: impl Into<Trouble>) {
    office.fault(ROCKET_CHAT, trouble);
}

#[tokio::test]
async fn a_reset_leaves_no_answer_and_no_trace() {
    let office = small_office().await;
    set(&office, Fault::Reset);
    let failed = me(&office).send().await.unwrap_err();
    assert!(failed.is_request(), "{failed:?}");
    office.heal(ROCKET_CHAT);
    assert_eq!(me(&office).send().await.unwrap().status(), 200);
    assert_eq!(office.requests(ROCKET_CHAT), 2);
}

#[tokio::test]
async fn a_lost_answer_is_still_an_act() {
    let office = small_office().await;
    office.fault(CHAT_AND_MESSENGER, Fault::LoseAnswer.next(1));
    let account = office.account(CHAT_AND_MESSENGER);
    let message = json!({ "panelName": "test", "message": "Hello", "isOpened": false }).to_string();
    let asked =
        client().post(format!("{}/sendMessage", account.url)).header("x-cam-apiToken", secret(&account, "token"));
    assert!(asked.form(&[("message", message)]).send().await.is_err());
    assert_eq!(office.chat_and_messenger.messages().len(), 1);
}

#[tokio::test]
async fn faults_answer_as_they_are_named() {
    let office = small_office().await;
    set(&office, Fault::Status(503));
    assert_eq!(me(&office).send().await.unwrap().status(), 503);
    set(&office, Fault::Html);
    let page = me(&office).send().await.unwrap();
    assert_eq!(page.status(), 200);
    assert!(page.text().await.unwrap().starts_with("<!doctype html>"));
    set(&office, Fault::CutJson);
    let cut = me(&office).send().await.unwrap().text().await.unwrap();
    assert!(cut.starts_with('{') && serde_json::from_str::<serde_json::Value>(&cut).is_err());
    set(&office, Fault::WrongJson);
    assert!(read(me(&office).send().await.unwrap()).await.1.get("username").is_none());
    set(&office, Fault::RedirectTo("http://other.example/".to_owned()));
    let away = me(&office).send().await.unwrap();
    assert_eq!((away.status().as_u16(), away.headers()["location"].to_str().unwrap()), (307, "http://other.example/"));
    set(&office, Fault::TokenExpired.only("users"));
    assert_eq!(me(&office).send().await.unwrap().status(), 200, "another path is spared");
    set(&office, Fault::TokenExpired);
    assert_eq!(read(me(&office).send().await.unwrap()).await.1["status"], "error");
    set(&office, Fault::Limit { retry_after: 7 });
    let limited = me(&office).send().await.unwrap();
    assert_eq!(limited.headers()["x-ratelimit-reset"], (now().timestamp_millis() + 7_000).to_string().as_str());
}

#[tokio::test]
async fn a_huge_answer_has_a_hundred_megabytes() {
    let office = small_office().await;
    set(&office, Fault::Huge);
    let mut answer = me(&office).send().await.unwrap();
    let mut size = 0;
    while let Some(piece) = answer.chunk().await.unwrap() {
        size += piece.len();
    }
    assert!(size > 100 * 1024 * 1024);
}

#[tokio::test]
async fn a_hanging_request_ends_when_the_line_is_cut() {
    let office = small_office().await;
    set(&office, Fault::Hang);
    let hanging = tokio::spawn(me(&office).send());
    while office.requests(ROCKET_CHAT) == 0 {
        tokio::task::yield_now().await;
    }
    office.cut(ROCKET_CHAT);
    assert!(hanging.await.unwrap().is_err());
}

#[tokio::test]
async fn an_answer_that_drips_begins_with_one_byte() {
    let office = small_office().await;
    set(&office, Fault::Drip);
    let mut answer = me(&office).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.chunk().await.unwrap().unwrap().as_ref(), b"{");
}

#[tokio::test]
async fn a_system_that_is_off_refuses_connections_and_comes_back_as_it_was() {
    let office = small_office().await;
    office.switch_off(ROCKET_CHAT).await;
    assert!(me(&office).send().await.unwrap_err().is_connect());
    office.switch_on(ROCKET_CHAT).await.unwrap();
    assert_eq!(me(&office).send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn the_remote_control_works_in_trouble_and_is_not_counted() {
    let office = small_office().await;
    let fault = control(&office, ROCKET_CHAT, Method::POST, "fault");
    let told = fault.json(&json!({ "kind": "status", "status": 500, "next": 1 })).send().await.unwrap();
    assert_eq!(told.status(), 204);
    let (_, body) = read(control(&office, ROCKET_CHAT, Method::GET, "requests").send().await.unwrap()).await;
    assert_eq!(body["count"], 0);
    assert_eq!(me(&office).send().await.unwrap().status(), 500);
    assert_eq!(me(&office).send().await.unwrap().status(), 200);
    let (_, body) = read(control(&office, ROCKET_CHAT, Method::GET, "requests").send().await.unwrap()).await;
    assert_eq!((body["count"].as_u64(), body["requests"][0]["path"].as_str()), (Some(2), Some("/api/v1/me")));
    office.receive_message();
    let (_, messages) = read(control(&office, ROCKET_CHAT, Method::GET, "messages").send().await.unwrap()).await;
    assert_eq!(messages.as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_call_rings_is_answered_and_ends_in_both_telephone_systems() {
    let office = small_office().await;
    for system in [SMART_CONNECT, RING_CENTRAL] {
        let id = office.ring(Ring { system, from: "+81355500142".to_owned(), line: None });
        office.answer(&id);
        office.clock.advance(std::time::Duration::from_secs(75));
        office.hang_up(&id);
        let rang = control(&office, system, Method::POST, "ring").json(&json!({ "from": "" })).send().await.unwrap();
        let id = read(rang).await.1["id"].clone();
        let ended = control(&office, system, Method::POST, "hang-up").json(&json!({ "id": id })).send().await.unwrap();
        assert_eq!(ended.status(), 204, "{system}");
    }
    let none = control(&office, ROCKET_CHAT, Method::POST, "ring").json(&json!({ "from": "1" })).send().await.unwrap();
    assert_eq!(none.status(), 404, "no telephones there");
    let newest = office.smart_connect.row("ReceivedCall-Record", 13).unwrap();
    assert!(newest.iter().any(|(_, value)| value == "75"), "{newest:?}");
}

#[tokio::test]
async fn every_system_has_an_account_with_what_a_connection_asks_for() {
    let office = small_office().await;
    let accounts = office.accounts();
    assert_eq!(accounts.iter().map(|it| it.system).collect::<Vec<_>>(), SYSTEMS);
    let keys: Vec<Vec<_>> = accounts.iter().map(|it| it.secrets.iter().map(|(key, _)| *key).collect()).collect();
    assert_eq!(keys, [vec!["token"], vec!["token"], vec![], vec!["jwt"]]);
    assert!(accounts[0].url.ends_with("/camserver/api"));
    office.stop().await;
    assert!(client().get(&accounts[1].url).send().await.unwrap_err().is_connect());
}

#[tokio::test]
async fn a_living_office_rings_by_itself() {
    let office = Office::start(Plan { is_living: true, ..Plan::small(now()) }).await.unwrap();
    tokio::time::pause();
    let count = || office.smart_connect.row("ReceivedCall-Record", 13).is_some();
    for _ in 0..1000 {
        if count() {
            return;
        }
        tokio::time::advance(std::time::Duration::from_secs(1)).await;
    }
    panic!("nobody called in a quarter of an hour");
}

#[tokio::test]
async fn the_remote_control_does_by_hand_what_tests_do_and_answers_404_where_a_system_cannot() {
    let office = small_office().await;
    let tell = async |system: &str, path: &str, body: serde_json::Value| {
        read(control(&office, system, Method::POST, path).json(&body).send().await.unwrap()).await
    };
    let (_, ended) = tell(RING_CENTRAL, "end-calls", json!({ "n": 2 })).await;
    assert_eq!(ended["ids"], json!(office.ring_central.newest_ids(2)));
    assert_eq!(tell(RING_CENTRAL, "delete-call", json!({ "id": ended["ids"][0] })).await.0, 204);
    assert_eq!(tell(RING_CENTRAL, "delete-call", json!({ "id": ended["ids"][0] })).await.0, 404, "gone");
    assert_eq!(ended["ids"][1], json!(office.ring_central.newest_ids(1)[0]));
    let limit = json!({ "group": "auth", "per_minute": 0, "window_ms": 500 });
    assert_eq!(tell(RING_CENTRAL, "limits", limit).await.0, 204);
    let url = format!("{}/restapi/oauth/token", office.account(RING_CENTRAL).url);
    assert_eq!(client().post(url).form(&[("a", "b")]).send().await.unwrap().status(), 429);
    assert_eq!(tell(RING_CENTRAL, "expire-tokens", json!({})).await.0, 204);
    assert_eq!(tell(RING_CENTRAL, "cut-sockets", json!({})).await.0, 204);
    assert_eq!(tell(SMART_CONNECT, "restore", json!({ "key": 5 })).await.0, 204);
    assert!(office.smart_connect.row("ReceivedCall-Record", 6).is_none());
    let edit = json!({ "resource": "CustomerAddress", "key": 1, "field": "備考", "value": "VIP" });
    assert_eq!(tell(SMART_CONNECT, "edit", edit.clone()).await.0, 204);
    assert!(office.smart_connect.raw_row("CustomerAddress", 1).unwrap().contains(r#""備考":"VIP""#));
    assert_eq!(tell(SMART_CONNECT, "cut-sockets", json!({})).await.0, 204);
    assert_eq!(tell(SMART_CONNECT, "end-calls", json!({ "n": 2 })).await.0, 404);
    assert_eq!(tell(RING_CENTRAL, "edit", edit).await.0, 404);
    assert_eq!(tell(ROCKET_CHAT, "cut-sockets", json!({})).await.0, 404);
}

#[tokio::test]
async fn the_log_keeps_what_writes_carried_without_the_secrets_of_forms() {
    let office = small_office().await;
    let account = office.account(RING_CENTRAL);
    let url = format!("{}/restapi/oauth/token", account.url);
    let form = [("grant_type", "authorization_code"), ("code", "hidden"), ("client_id", "shown")];
    client().post(url).form(&form).send().await.unwrap();
    let row = json!({ "種別": "電話" }).to_string();
    let url = format!("{}/CTI_SmartConnectService/RestService/ContainmentLine", office.account(SMART_CONNECT).url);
    client().get(format!("{url}/1")).send().await.unwrap();
    let asked = client().put(format!("{url}/1")).header("content-type", "application/json").body(row.clone());
    assert_eq!(asked.send().await.unwrap().status(), 200);
    let signed = office.log(RING_CENTRAL).pop().unwrap().body;
    assert_eq!(signed.as_deref(), Some("grant_type=authorization_code&code=…&client_id=shown"));
    let bodies: Vec<Option<String>> = office.log(SMART_CONNECT).into_iter().map(|it| it.body).collect();
    assert_eq!(bodies, [None, Some(row)]);
}

#[tokio::test]
async fn a_booking_is_made_changed_and_cancelled_by_the_remote_control() {
    let office = small_office().await;
    let day = "2026-10-15".parse().unwrap();
    let ask = |path: &'static str, body: serde_json::Value| {
        control(&office, CHAT_AND_MESSENGER, Method::POST, path).json(&body).send()
    };
    let new = json!({
        "room": "3", "title": "来客", "owner": "田中 健一", "start": "2026-10-15T07:00:00", "end": "2026-10-15T08:00:00"
    });
    let (status, made) = read(ask("book", new).await.unwrap()).await;
    let id = made["id"].as_str().unwrap();
    let here = || office.chat_and_messenger.bookings(day).into_iter().find(|it| it.id == id);
    assert_eq!((status, id.len(), here().unwrap().title.as_str()), (200, 19, "来客"));
    let moved = json!({ "id": id, "room": "4", "start": "2026-10-15T07:30:00" });
    assert_eq!(ask("change-booking", moved).await.unwrap().status(), 204);
    let there = here().unwrap();
    assert_eq!((there.room.as_str(), there.start.to_string().as_str()), ("4", "2026-10-15 07:30:00"));
    let away = json!({ "id": id, "start": "2026-10-16T07:00:00", "end": "2026-10-16T08:00:00" });
    assert_eq!(ask("change-booking", away).await.unwrap().status(), 204);
    assert_eq!(here(), None, "it is on another day now");
    assert_eq!(ask("cancel-booking", json!({ "id": id })).await.unwrap().status(), 204);
    assert_eq!(ask("cancel-booking", json!({ "id": id })).await.unwrap().status(), 404);
}
