//! Sockets that are cut, closed, deaf or out of order, and notifications of presence.

use super::*;
use std::time::Duration;

const SESSIONS: &str = "/restapi/v1.0/account/~/telephony/sessions";
const LONG: Duration = Duration::from_secs(3_600);

fn key(first: &Value) -> String {
    format!("&wsc={}", first[0]["wsc"]["token"].as_str().unwrap())
}

async fn until(is_so: impl Fn() -> bool) {
    while !is_so() {
        tokio::task::yield_now().await;
    }
}

fn sequence(told: &Value) -> u64 {
    told[1]["body"]["sequence"].as_u64().unwrap()
}

#[tokio::test]
async fn a_socket_that_was_cut_takes_up_its_session() {
    let desk = Desk::open().await;
    let (mut wire, first) = desk.listen("", SESSIONS).await;
    assert_eq!((desk.state.sockets(), desk.state.recoveries()), (1, 0));
    desk.state.cut_sockets();
    assert_eq!(wire.next().await, None);
    let id = desk.state.ring("+81655500118", None);
    desk.wait(180);
    let mut wire = desk.socket(&key(&first)).await;
    assert_eq!(next(&mut wire).await[1]["recoveryState"], "Successful");
    assert_eq!(next(&mut wire).await[1]["body"]["telephonySessionId"], id.as_str());
    assert_eq!((desk.state.sockets(), desk.state.recoveries(), desk.state.subscriptions()), (1, 1, 1));
}

#[tokio::test]
async fn a_session_is_lost_after_three_minutes_or_when_it_may_not_be_taken_up() {
    let desk = Desk::open().await;
    for (is_on, seconds) in [(true, 181), (false, 0)] {
        let (mut wire, first) = desk.listen("", SESSIONS).await;
        desk.state.cut_sockets();
        assert_eq!(wire.next().await, None);
        desk.wait(seconds);
        desk.state.set_recovery(is_on);
        let mut wire = desk.socket(&key(&first)).await;
        assert_eq!(next(&mut wire).await[1]["recoveryState"], "Failed");
        desk.state.ring("", None);
        wire.send(r#"[{"type":"Heartbeat","messageId":"h"}]"#).await;
        assert_eq!(next(&mut wire).await[0]["type"], "Heartbeat", "the subscription is gone");
        desk.state.cut_sockets();
        assert_eq!(wire.next().await, None);
        desk.state.set_recovery(true);
    }
    assert_eq!(desk.state.recoveries(), 0);
}

#[tokio::test]
async fn a_client_that_comes_back_before_its_old_socket_is_missed_takes_it_over() {
    let desk = Desk::open().await;
    let (mut old, first) = desk.listen("", SESSIONS).await;
    let mut wire = desk.socket(&key(&first)).await;
    assert_eq!(next(&mut wire).await[1]["recoveryState"], "Successful");
    assert_eq!(old.next().await, None);
    assert_eq!(desk.state.sockets(), 1);
}

#[tokio::test]
async fn a_socket_that_comes_back_gets_the_last_hundred_notifications() {
    let desk = Desk::open().await;
    let (mut wire, first) = desk.listen("", SESSIONS).await;
    desk.state.cut_sockets();
    assert_eq!(wire.next().await, None);
    let ids: Vec<String> = (0..105).map(|_| desk.state.ring("", None)).collect();
    let mut wire = desk.socket(&key(&first)).await;
    next(&mut wire).await;
    for id in &ids[5..] {
        assert_eq!(next(&mut wire).await[1]["body"]["telephonySessionId"], id.as_str());
    }
}

#[tokio::test]
async fn a_socket_that_is_silent_or_old_is_told_so_and_closed() {
    let desk = Desk::open().await;
    let short = Duration::from_millis(20);
    for (limits, code) in [((short, LONG), "WSG-902"), ((LONG, short), "WSG-903")] {
        desk.state.set_socket_limits(limits.0, limits.1);
        let mut wire = desk.socket("").await;
        assert_eq!(next(&mut wire).await[1]["idleTimeout"], limits.0.as_secs());
        let last = next(&mut wire).await;
        assert_eq!((&last[0]["type"], &last[1]["errors"][0]["errorCode"]), (&json!("Error"), &json!(code)));
        assert_eq!(wire.next().await, None);
    }
}

#[tokio::test]
async fn notifications_of_one_call_can_change_places_but_none_is_lost() {
    let desk = Desk::open().await;
    let (mut wire, _) = desk.listen("", SESSIONS).await;
    desk.state.set_disorder(true);
    let id = desk.state.ring("+81655500118", None);
    desk.state.answer(&id);
    assert_eq!((sequence(&next(&mut wire).await), sequence(&next(&mut wire).await)), (2, 1));
    desk.state.hang_up(&id);
    assert_eq!(sequence(&next(&mut wire).await), 3, "the last one is not held back");
    let missed = desk.state.ring("+81655500118", None);
    desk.state.hang_up(&missed);
    assert_eq!((sequence(&next(&mut wire).await), sequence(&next(&mut wire).await)), (2, 1));
    let held = desk.state.ring("+81655500118", None);
    desk.state.set_disorder(false);
    assert_eq!(next(&mut wire).await[1]["body"]["telephonySessionId"], held.as_str());
}

#[tokio::test]
async fn a_deaf_socket_answers_nothing_and_what_it_missed_is_told_after_coming_back() {
    let desk = Desk::open().await;
    let (mut wire, first) = desk.listen("", SESSIONS).await;
    desk.state.set_deaf(true);
    wire.send(r#"[{"type":"Heartbeat","messageId":"h1"}]"#).await;
    let id = desk.state.ring("+81655500118", None);
    let opening = desk.socket(&key(&first)).await;
    until(|| desk.state.recoveries() == 1).await;
    assert_eq!(wire.next().await, None, "neither the heartbeat nor the call");
    desk.state.set_deaf(false);
    let mut wire = opening;
    assert_eq!(next(&mut wire).await[1]["recoveryState"], "Successful");
    assert_eq!(next(&mut wire).await[1]["body"]["telephonySessionId"], id.as_str());
}

#[tokio::test]
async fn any_text_can_be_said_to_every_socket() {
    let desk = Desk::open().await;
    let (mut one, _) = desk.listen("", SESSIONS).await;
    let mut other = desk.socket("").await;
    next(&mut other).await;
    desk.state.say_raw("[{\"type\":");
    assert_eq!(one.next().await.as_deref(), Some("[{\"type\":"));
    assert_eq!(other.next().await.as_deref(), Some("[{\"type\":"));
}

#[tokio::test]
async fn a_second_subscription_replaces_the_first() {
    let desk = Desk::open().await;
    let (mut wire, _) = desk.listen("", SESSIONS).await;
    let request = json!([
        { "type": "ClientRequest", "messageId": "m2", "method": "POST", "path": "/restapi/v1.0/subscription" },
        { "eventFilters": ["/team-messaging/v1/posts"], "deliveryMode": { "transportType": "WebSocket" } },
    ]);
    wire.send(&request.to_string()).await;
    assert_eq!(next(&mut wire).await[0]["status"], 200);
    desk.state.ring("+81655500118", None);
    let chat = desk.get("/team-messaging/v1/chats/~").await["id"].as_str().unwrap().to_owned();
    desk.state.say(&chat, "130836004", "もしもし");
    assert_eq!(next(&mut wire).await[1]["body"]["eventType"], "PostAdded", "the call is not told");
    assert_eq!(desk.state.subscriptions(), 1);
}

#[tokio::test]
async fn presence_is_told_as_calls_go_on_and_as_people_set_it() {
    let desk = Desk::open().await;
    let me = desk.state.me().extension_id.to_string();
    let (mut all, _) = desk.listen("", "/restapi/v1.0/account/~/presence?detailedTelephonyState=true").await;
    let (mut own, _) = desk.listen("", "/restapi/v1.0/account/~/extension/~/presence").await;
    let id = desk.state.ring("+81655500118", Some("100"));
    let told = next(&mut all).await;
    let event = "/restapi/v1.0/account/400131426008/presence?detailedTelephonyState=true";
    assert_eq!((&told[1]["event"], &told[1]["body"]["extensionId"]), (&json!(event), &json!(me)));
    assert_eq!(told[1]["body"]["activeCalls"][0]["telephonySessionId"], id.as_str());
    let told = next(&mut own).await;
    assert_eq!(told[1]["event"], format!("/restapi/v1.0/account/400131426008/extension/{me}/presence"));
    assert_eq!(told[1]["body"]["telephonyStatus"], "Ringing");
    assert!(told[1]["body"]["activeCalls"].is_null(), "not asked for");
    desk.state.answer(&id);
    assert_eq!(next(&mut own).await[1]["body"]["telephonyStatus"], "CallConnected");
    desk.state.hang_up(&id);
    assert_eq!(next(&mut own).await[1]["body"]["presenceStatus"], "Available");
    desk.state.set_presence("62264425008", "Busy");
    desk.state.set_presence(&me, "Offline");
    let told = next(&mut own).await;
    assert_eq!(
        (&told[1]["body"]["userStatus"], &told[1]["body"]["presenceStatus"]),
        (&json!("Offline"), &json!("Offline"))
    );
    assert_eq!(desk.get("/restapi/v1.0/account/~/extension/~/presence").await["userStatus"], "Offline");
    desk.state.set_permission("ReadPresence", false);
    assert_eq!(desk.refused("/restapi/v1.0/account/~/presence").await, refusal(403, "CMN-401"));
}

#[tokio::test]
async fn the_presence_of_several_or_all_people_can_be_asked_for() {
    let desk = Desk::open().await;
    let users = desk.get("/restapi/v1.0/account/~/extension?type=User&perPage=31").await;
    let ids: Vec<String> = records(&users).iter().map(|it| it["id"].to_string()).collect();
    let path = |count: usize| format!("/restapi/v1.0/account/~/extension/{}/presence", ids[..count].join(","));
    let some = desk.ask(Method::GET, &path(30), None).await;
    assert_eq!(
        (some.status(), &some.headers()["x-rate-limit-group"]),
        (StatusCode::MULTI_STATUS, &"light".parse().unwrap())
    );
    assert_eq!(some.text().await.unwrap().matches("\"telephonyStatus\"").count(), 30);
    assert_eq!(desk.refused(&path(31)).await, refusal(400, "CMN-106"));
    let all = desk.ask(Method::GET, "/restapi/v1.0/account/~/presence?detailedTelephonyState=true", None).await;
    assert_eq!(all.headers()["x-rate-limit-group"], "heavy");
    let all: Value = all.json().await.unwrap();
    assert_eq!((records(&all).len(), &records(&all)[0]["activeCalls"]), (40, &json!([])));
    let brief = desk.get("/restapi/v1.0/account/~/presence?perPage=1").await;
    assert!(records(&brief)[0]["activeCalls"].is_null());
}
