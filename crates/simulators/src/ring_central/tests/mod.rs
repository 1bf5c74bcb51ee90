//! The account from outside, over the wire: what it answers, what it refuses, and with which codes.

mod limits;
mod log;
mod people;
mod sign_in;
mod socket;

use super::{CLIENT_ID, CLIENT_SECRET, Group, JWT, State, router};
use crate::generator::calls::tokyo;
use crate::smart_connect::tests::{Wire, client, serve};
use chrono::{DateTime, TimeDelta, TimeZone, Utc};
use reqwest::{Client, Method, Response, StatusCode};
use serde_json::{Value, json};
use std::collections::HashSet;
use std::sync::{Arc, Mutex};

const CALLS: usize = 700;
const GRANT: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const LOG: &str = "/restapi/v1.0/account/~/call-log";
/// Before every call of the history.
const ALL: &str = "dateFrom=2020-01-01T00:00:00Z";

struct Desk {
    state: Arc<State>,
    now: Arc<Mutex<DateTime<Utc>>>,
    base: String,
    client: Client,
    token: String,
}

impl Desk {
    async fn open() -> Self {
        let now = tokyo().with_ymd_and_hms(2026, 10, 14, 10, 42, 0).unwrap().to_utc();
        let now = Arc::new(Mutex::new(now));
        let clock = now.clone();
        let state = Arc::new(State::new(1, CALLS, 40, Arc::new(move || *clock.lock().unwrap())));
        let base = serve(router(state.clone())).await;
        let mut desk = Self { state, now, base, client: client(), token: String::new() };
        desk.sign_in().await;
        desk
    }

    async fn sign_in(&mut self) -> Value {
        let form = [("grant_type", GRANT), ("assertion", JWT), ("client_id", CLIENT_ID)];
        let url = format!("{}/restapi/oauth/token", self.base);
        let answer: Value = self.client.post(url).form(&form).send().await.unwrap().json().await.unwrap();
        self.token = answer["access_token"].as_str().unwrap().to_owned();
        answer
    }

    fn wait(&self, seconds: i64) {
        *self.now.lock().unwrap() += TimeDelta::seconds(seconds);
    }

    async fn ask(&self, method: Method, path: &str, body: Option<Value>) -> Response {
        let request = self.client.request(method, format!("{}{path}", self.base)).bearer_auth(&self.token);
        let request = if let Some(body) = body { request.json(&body) } else { request };
        request.send().await.unwrap()
    }

    async fn get(&self, path: &str) -> Value {
        let answer = self.ask(Method::GET, path, None).await;
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        answer.json().await.unwrap()
    }

    async fn post(&self, path: &str, body: Value) -> (StatusCode, Value) {
        let answer = self.ask(Method::POST, path, Some(body)).await;
        (answer.status(), answer.json().await.unwrap())
    }

    async fn refused(&self, path: &str) -> (u16, String) {
        read_refusal(self.ask(Method::GET, path, None).await).await
    }

    /// Opens a socket and subscribes; answers it after the reply.
    async fn listen(&self, query: &str, filter: &str) -> (Wire, Value) {
        let mut wire = self.socket(query).await;
        let first: Value = serde_json::from_str(&wire.next().await.unwrap()).unwrap();
        let request = json!([
            { "type": "ClientRequest", "messageId": "m1", "method": "POST", "path": "/restapi/v1.0/subscription" },
            { "eventFilters": [filter], "deliveryMode": { "transportType": "WebSocket" } },
        ]);
        wire.send(&request.to_string()).await;
        let reply: Value = serde_json::from_str(&wire.next().await.unwrap()).unwrap();
        assert_eq!((&reply[0]["messageId"], &reply[0]["status"]), (&json!("m1"), &json!(200)), "{reply}");
        (wire, first)
    }

    async fn socket(&self, query: &str) -> Wire {
        let (_, token) = self.post("/restapi/oauth/wstoken", json!({})).await;
        assert!(token["uri"].as_str().unwrap().starts_with("ws://127.0.0.1:"));
        let path = format!("/ws?access_token={}{query}", token["ws_access_token"].as_str().unwrap());
        Wire::open(&self.base, &path).await.unwrap()
    }
}

async fn read_refusal(answer: Response) -> (u16, String) {
    let status = answer.status().as_u16();
    let body: Value = answer.json().await.unwrap();
    assert!(body["errorCode"].is_string() && body["message"].is_string(), "{body}");
    (status, body["errors"][0]["errorCode"].as_str().unwrap().to_owned())
}

fn refusal(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

async fn next(wire: &mut Wire) -> Value {
    serde_json::from_str(&wire.next().await.unwrap()).unwrap()
}

fn records(page: &Value) -> &Vec<Value> {
    page["records"].as_array().unwrap()
}

#[tokio::test]
async fn signing_in_takes_a_form_with_the_right_credential_of_a_known_application() {
    let mut desk = Desk::open().await;
    let answer = desk.sign_in().await;
    assert_eq!((&answer["token_type"], &answer["expires_in"]), (&json!("bearer"), &json!(3_600)));
    assert!(answer["owner_id"].is_string() && answer["refresh_token"].is_null());
    let url = format!("{}/restapi/oauth/token", desk.base);
    let as_json = desk.client.post(&url).json(&json!({ "grant_type": GRANT })).send().await.unwrap();
    assert_eq!(as_json.status(), StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let by_header = desk.client.post(&url).basic_auth(CLIENT_ID, Some(CLIENT_SECRET));
    let by_header = by_header.form(&[("grant_type", GRANT), ("assertion", JWT)]).send().await.unwrap();
    assert_eq!(by_header.status(), StatusCode::OK);
    for (form, error) in [
        ([("grant_type", GRANT), ("assertion", "other"), ("client_id", CLIENT_ID)], "invalid_grant"),
        ([("grant_type", GRANT), ("assertion", JWT), ("client_id", "other")], "invalid_client"),
        ([("grant_type", "password"), ("assertion", JWT), ("client_id", CLIENT_ID)], "unsupported_grant_type"),
    ] {
        let answer = desk.client.post(&url).form(&form).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST);
        let body: Value = answer.json().await.unwrap();
        assert_eq!(body["error"], error);
        assert!(body["errors"][0]["errorCode"].is_string());
    }
}

#[tokio::test]
async fn without_a_good_token_nothing_is_answered() {
    let desk = Desk::open().await;
    let url = format!("{}{LOG}", desk.base);
    let bare = desk.client.get(&url).send().await.unwrap();
    assert_eq!(read_refusal(bare).await, refusal(401, "AGW-401"));
    let odd = desk.client.get(&url).bearer_auth("nonsense").send().await.unwrap();
    assert_eq!(read_refusal(odd).await, refusal(401, "OAU-149"));
    let small = desk.client.get(&url).header("authorization", format!("bearer {}", desk.token)).send().await.unwrap();
    assert_eq!(small.status(), StatusCode::OK, "the scheme may be written in any case");
    desk.wait(3_600);
    assert_eq!(desk.refused(LOG).await, refusal(401, "OAU-128"));
    let open = desk.client.get(format!("{}/restapi", desk.base)).send().await.unwrap();
    assert_eq!(open.status(), StatusCode::OK, "the versions need no token");
}

#[tokio::test]
async fn a_revoked_token_is_not_found() {
    let desk = Desk::open().await;
    let url = format!("{}/restapi/oauth/revoke", desk.base);
    let answer = desk.client.post(url).form(&[("token", &desk.token)]).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(desk.refused(LOG).await, refusal(401, "OAU-213"));
}

#[tokio::test]
async fn the_log_shows_the_last_day_unless_told_otherwise() {
    let desk = Desk::open().await;
    let day = desk.get(&format!("{LOG}?perPage=1000")).await;
    let earliest = "2026-10-13T01:42:00";
    assert!((20..200).contains(&records(&day).len()));
    assert!(records(&day).iter().all(|it| it["startTime"].as_str().unwrap() >= earliest));
    let all = desk.get(&format!("{LOG}?perPage=1000&{ALL}")).await;
    assert_eq!(records(&all).len(), CALLS);
    assert!(all["navigation"]["nextPage"].is_null() && all["paging"]["totalElements"].is_null());
    let none = desk.get(&format!("{LOG}?{ALL}&dateTo=2020-01-02T00:00:00Z")).await;
    assert_eq!(none["paging"], json!({ "perPage": 100 }), "an empty page has no number");
}

#[tokio::test]
async fn pages_are_followed_by_their_addresses_and_hold_every_call_once() {
    let desk = Desk::open().await;
    let mut path = format!("{LOG}?view=Detailed&perPage=500&{ALL}");
    let (mut ids, mut times, mut pages) = (HashSet::new(), Vec::new(), 0);
    loop {
        let page = desk.get(&path).await;
        assert_eq!(page["paging"]["perPage"], 250, "detailed pages are cut");
        pages += 1;
        for it in records(&page) {
            ids.insert(it["id"].as_str().unwrap().to_owned());
            times.push(it["startTime"].as_str().unwrap().to_owned());
        }
        let Some(uri) = page["navigation"]["nextPage"]["uri"].as_str() else {
            break;
        };
        path = uri.strip_prefix(&desk.base).expect("the address is the simulator's own").to_owned();
    }
    assert_eq!((ids.len(), pages), (CALLS, 3));
    assert!(times.is_sorted_by(|a, b| a >= b), "newest first");
}

#[tokio::test]
async fn a_value_that_is_not_allowed_is_refused_by_name() {
    let desk = Desk::open().await;
    for query in [
        "page=0",
        "page=-1",
        "perPage=0",
        "perPage=many",
        "direction=Inbound,Outbound",
        "direction=inbound",
        "type=Call",
        "view=Full",
        "dateFrom=2026-10-01T00:00:00",
        "dateFrom=2026-10-01",
        "phoneNumber=%2B81355500118",
        "phoneNumber=81355500118&extensionNumber=204",
        "dateFrom=2026-10-02T00:00:00Z&dateTo=2026-10-01T00:00:00Z",
    ] {
        assert_eq!(desk.refused(&format!("{LOG}?{query}")).await, refusal(400, "CMN-101"), "{query}");
    }
    assert_eq!(desk.refused(&format!("{LOG}?sessionId=1&direction=Inbound")).await, refusal(400, "CLG-110"));
    assert_eq!(desk.refused("/restapi/v1.0/account/~/calls").await, refusal(404, "CMN-120"));
    assert_eq!(desk.refused("/restapi/v1.0/account/1/call-log").await, refusal(404, "CMN-102"));
    assert_eq!(desk.ask(Method::PUT, LOG, None).await.status(), StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn calls_are_filtered_by_repeated_directions_numbers_types_and_sessions() {
    let desk = Desk::open().await;
    let count = async |query: &str| {
        let page = desk.get(&format!("{LOG}?perPage=max&{ALL}&{query}")).await;
        records(&page).clone()
    };
    let (inbound, outbound) = (count("direction=Inbound").await, count("direction=Outbound").await);
    assert!(!outbound.is_empty() && inbound.iter().all(|it| it["direction"] == "Inbound"));
    assert_eq!(count("direction=Inbound&direction=Outbound").await.len(), inbound.len() + outbound.len());
    assert!(count("type=Fax").await.iter().all(|it| it["type"] == "Fax"));
    let of_nishimura = count("phoneNumber=81655500118").await;
    let ends = |it: &Value| [it["from"]["phoneNumber"].clone(), it["to"]["phoneNumber"].clone()];
    assert!(!of_nishimura.is_empty());
    assert!(of_nishimura.iter().all(|it| ends(it).contains(&json!("+81655500118"))));
    let one = &inbound[0];
    let session = one["telephonySessionId"].as_str().unwrap();
    assert_eq!(count(&format!("telephonySessionId={session}")).await, std::slice::from_ref(one));
    let by_session = desk.get(&format!("{LOG}?sessionId={}", one["sessionId"].as_str().unwrap())).await;
    assert_eq!(records(&by_session)[0]["id"], one["id"]);
}

#[tokio::test]
async fn a_detailed_call_has_a_menu_a_queue_and_the_telephones_that_rang() {
    let desk = Desk::open().await;
    let page = desk.get(&format!("{LOG}?view=Detailed&perPage=250&{ALL}&direction=Inbound")).await;
    let whole = records(&page).iter().find(|it| it["result"] == "Accepted" && it["legs"].as_array().unwrap().len() > 3);
    let legs = whole.unwrap()["legs"].as_array().unwrap();
    assert_eq!((&legs[0]["master"], &legs[0]["extension"]), (&json!(true), &Value::Null));
    assert!(legs[1]["to"]["name"].as_str().unwrap().ends_with(" Queue"));
    let queue = desk.get(&format!("/restapi/v1.0/account/~/extension/{}", legs[1]["extension"]["id"])).await;
    assert_eq!(queue["type"], "Department");
    for leg in &legs[2..] {
        let id = leg["extension"]["id"].as_i64().expect("a number in the log");
        let user = desk.get(&format!("/restapi/v1.0/account/~/extension/{id}")).await;
        assert_eq!((&user["type"], &leg["legType"]), (&json!("User"), &json!("FindMe")));
    }
    assert_eq!(legs[2..].iter().filter(|it| it["result"] == "Accepted").count(), 1, "one person spoke");
    let simple = desk.get(&format!("{LOG}?perPage=1")).await;
    assert!(records(&simple)[0]["legs"].is_null() && records(&simple)[0]["lastModifiedTime"].is_null());
}

#[tokio::test]
async fn one_record_or_several_can_be_asked_for_by_id() {
    let desk = Desk::open().await;
    let page = desk.get(&format!("{LOG}?perPage=2")).await;
    let ids: Vec<&str> = records(&page).iter().map(|it| it["id"].as_str().unwrap()).collect();
    assert_eq!(desk.get(&format!("{LOG}/{}", ids[0])).await["sessionId"], records(&page)[0]["sessionId"]);
    assert_eq!(desk.refused(&format!("{LOG}/0123456789abcdef")).await, refusal(404, "CMN-102"));
    let both = desk.ask(Method::GET, &format!("{LOG}/{},{}", ids[0], ids[1]), None).await;
    assert_eq!(both.status(), StatusCode::MULTI_STATUS);
    assert!(both.headers()["content-type"].to_str().unwrap().starts_with("multipart/mixed"));
}

#[tokio::test]
async fn rights_that_are_missing_are_named() {
    let desk = Desk::open().await;
    desk.state.set_permission("FullCompanyCallLog", false);
    let body: Value = desk.ask(Method::GET, LOG, None).await.json().await.unwrap();
    assert_eq!(
        (&body["errorCode"], &body["errors"][0]["errorCode"]),
        (&json!("InsufficientPermissions"), &json!("CMN-408"))
    );
    assert!(body["message"].as_str().unwrap().contains("[ReadCompanyCallLog]"));
    desk.get("/restapi/v1.0/account/~/extension/~/call-log").await;
    desk.state.set_permission("ReadCallLog", false);
    assert_eq!(desk.refused(LOG).await, refusal(403, "CMN-401"));
}

#[tokio::test]
async fn the_own_log_holds_only_calls_that_one_took_part_in() {
    let desk = Desk::open().await;
    let me = desk.state.me().extension_id;
    let page = desk.get(&format!("/restapi/v1.0/account/~/extension/~/call-log?view=Detailed&perPage=max&{ALL}")).await;
    let with_me = |it: &Value| it.to_string().contains(&me.to_string());
    assert!(!records(&page).is_empty() && records(&page).len() < CALLS);
    assert!(records(&page).iter().all(with_me));
}

#[tokio::test]
async fn a_synchronisation_tells_only_what_ended_since() {
    let desk = Desk::open().await;
    let sync = "/restapi/v1.0/account/~/call-log-sync";
    let first = desk.get(&format!("{sync}?syncType=FSync&recordCount=50&view=Detailed")).await;
    assert_eq!((records(&first).len(), &first["syncInfo"]["syncType"]), (50, &json!("FSync")));
    let token = first["syncInfo"]["syncToken"].as_str().unwrap().to_owned();
    let nothing = desk.get(&format!("{sync}?syncType=ISync&syncToken={token}")).await;
    assert!(records(&nothing).is_empty());
    let older = desk.get(&format!("{sync}?syncType=ISync&syncToken={token}&recordCount=20")).await;
    assert_eq!(records(&older).len(), 20, "the frame grows into the past");
    assert!(records(&older)[0]["startTime"].as_str() <= records(&first)[49]["startTime"].as_str());
    let id = desk.state.ring("+81355500142", None);
    desk.state.hang_up(&id);
    let news = desk.get(&format!("{sync}?syncType=ISync&syncToken={token}")).await;
    assert_eq!(records(&news).len(), 1);
    assert_eq!(records(&news)[0]["telephonySessionId"], id.as_str());
    assert!(records(&news)[0]["legs"].is_array(), "the view of the first time holds");
    desk.state.expire_sync_tokens();
    assert_eq!(desk.refused(&format!("{sync}?syncType=ISync&syncToken={token}")).await, refusal(400, "CLG-102"));
    assert_eq!(desk.refused(&format!("{sync}?syncType=ISync&syncToken=odd")).await, refusal(400, "CLG-101"));
    assert_eq!(desk.refused(&format!("{sync}?syncType=FSync&recordCount=251")).await, refusal(400, "CMN-101"));
    assert_eq!(desk.refused(&format!("{sync}?syncType=FSync")).await, refusal(400, "CMN-101"));
}

#[tokio::test]
async fn an_extraction_brings_the_whole_history_and_then_what_is_new() {
    let desk = Desk::open().await;
    let path = "/restapi/v1.0/account/~/call-log-extract-sync";
    let mut ids = HashSet::new();
    let mut query = format!("syncType=FSync&recordCount=300&{ALL}");
    let mut pieces = 0;
    loop {
        let piece = desk.get(&format!("{path}?{query}")).await;
        pieces += 1;
        ids.extend(records(&piece).iter().map(|it| it["id"].as_str().unwrap().to_owned()));
        query = format!("syncType=ISync&syncToken={}", piece["syncInfo"]["syncToken"].as_str().unwrap());
        if piece["syncInfo"]["newerRecordsExist"] == false {
            break;
        }
    }
    assert_eq!((ids.len(), pieces), (CALLS, 3));
    let id = desk.state.ring("", Some("204"));
    desk.state.hang_up(&id);
    let news = desk.get(&format!("{path}?{query}")).await;
    assert_eq!(records(&news)[0]["telephonySessionId"], id.as_str());
    assert_eq!(desk.refused(&format!("{path}?{query}&recordCount=5")).await, refusal(400, "CMN-101"));
}

#[tokio::test]
async fn a_live_call_is_told_over_the_socket_and_enters_the_log_under_the_same_session() {
    let desk = Desk::open().await;
    let (mut wire, first) = desk.listen("", "/restapi/v1.0/account/~/telephony/sessions").await;
    assert_eq!((&first[0]["type"], &first[1]["recoveryTimeout"]), (&json!("ConnectionDetails"), &json!(180)));
    let id = desk.state.ring("+81655500118", Some("Sales"));
    let ringing = next(&mut wire).await;
    assert_eq!(ringing[0]["type"], "ServerNotification");
    assert_eq!(ringing[1]["event"], "/restapi/v1.0/account/400131426008/telephony/sessions");
    let body = &ringing[1]["body"];
    assert_eq!((&body["telephonySessionId"], &body["sequence"]), (&json!(id), &json!(1)));
    let party = &body["parties"][1];
    assert_eq!((&party["status"]["code"], &party["direction"]), (&json!("Proceeding"), &json!("Inbound")));
    assert_eq!((&party["from"]["phoneNumber"], &party["from"]["name"]), (&json!("+81655500118"), &json!("西村 彩")));
    assert!(party["extensionId"].is_string());
    let active = desk.get("/restapi/v1.0/account/~/active-calls").await;
    assert_eq!(records(&active)[0]["telephonySessionId"], id.as_str());
    desk.wait(7);
    desk.state.answer(&id);
    assert_eq!(next(&mut wire).await[1]["body"]["parties"][0]["status"]["code"], "Answered");
    desk.wait(95);
    desk.state.hang_up(&id);
    assert_eq!(next(&mut wire).await[1]["body"]["parties"][0]["status"]["code"], "Disconnected");
    let log = desk.get(&format!("{LOG}?telephonySessionId={id}")).await;
    assert_eq!((&records(&log)[0]["result"], &records(&log)[0]["duration"]), (&json!("Accepted"), &json!(102)));
}

#[tokio::test]
async fn a_socket_token_is_used_once_and_lives_half_a_minute() {
    let desk = Desk::open().await;
    let (_, token) = desk.post("/restapi/oauth/wstoken", json!({})).await;
    let path = format!("/ws?access_token={}", token["ws_access_token"].as_str().unwrap());
    drop(Wire::open(&desk.base, &path).await.unwrap());
    assert!(Wire::open(&desk.base, &path).await.err().unwrap().contains("401"), "used before");
    let (_, token) = desk.post("/restapi/oauth/wstoken", json!({})).await;
    desk.wait(30);
    let path = format!("/ws?access_token={}", token["ws_access_token"].as_str().unwrap());
    assert!(Wire::open(&desk.base, &path).await.err().unwrap().contains("401"), "too late");
}

#[tokio::test]
async fn frames_are_arrays_heartbeats_come_back_and_unknown_filters_are_refused() {
    let desk = Desk::open().await;
    let mut wire = desk.socket("").await;
    next(&mut wire).await;
    wire.send(r#"[{"type":"Heartbeat","messageId":"h1"}]"#).await;
    assert_eq!(next(&mut wire).await, json!([{ "type": "Heartbeat", "messageId": "h1" }]));
    wire.send(r#"{"type":"Heartbeat","messageId":"h2"}"#).await;
    assert_eq!(next(&mut wire).await[0]["type"], "Error");
    let request = json!([
        { "type": "ClientRequest", "messageId": "m1", "method": "POST", "path": "/restapi/v1.0/subscription" },
        { "eventFilters": ["/restapi/v1.0/account/~/weather"], "deliveryMode": { "transportType": "WebSocket" } },
    ]);
    wire.send(&request.to_string()).await;
    let reply = next(&mut wire).await;
    assert_eq!((&reply[0]["status"], &reply[1]["errors"][0]["errorCode"]), (&json!(400), &json!("SUB-406")));
}

#[tokio::test]
async fn a_socket_that_comes_back_in_time_gets_what_it_missed() {
    let desk = Desk::open().await;
    let (wire, first) = desk.listen("", "/restapi/v1.0/account/~/telephony/sessions").await;
    assert_eq!(desk.state.subscriptions(), 1);
    drop(wire);
    while desk.state.subscriptions() > 0 {
        tokio::task::yield_now().await;
    }
    let id = desk.state.ring("+81655500118", None);
    let mut wire = desk.socket(&format!("&wsc={}", first[0]["wsc"]["token"].as_str().unwrap())).await;
    assert_eq!(next(&mut wire).await[1]["recoveryState"], "Successful");
    assert_eq!(next(&mut wire).await[1]["body"]["telephonySessionId"], id.as_str());
}

#[tokio::test]
async fn extension_ids_are_numbers_and_directory_ids_are_strings() {
    let desk = Desk::open().await;
    let users = desk.get("/restapi/v1.0/account/~/extension?type=User&perPage=1000").await;
    assert_eq!((records(&users).len(), &users["paging"]["totalElements"]), (40, &json!(40)));
    assert!(records(&users).iter().all(|it| it["id"].is_i64() && it["contact"]["email"].is_string()));
    let queues = desk.get("/restapi/v1.0/account/~/extension?type=Department&type=IvrMenu").await;
    assert_eq!(records(&queues).len(), 7);
    let directory = desk.get("/restapi/v1.0/account/~/directory/entries").await;
    assert_eq!(records(&directory).len(), 50, "with three people of a befriended company");
    assert!(records(&directory).iter().all(|it| it["id"].is_string()));
    let own = desk.get("/restapi/v1.0/account/~/directory/entries?showFederated=false&type=User").await;
    assert_eq!(records(&own).len(), 40);
    let me = desk.get("/restapi/v1.0/account/~/extension/~").await;
    assert_eq!((&me["name"], &me["extensionNumber"]), (&json!("Misaki Sato"), &json!("100")));
    assert_eq!(desk.refused("/restapi/v1.0/account/~/extension/glip-29507587").await, refusal(404, "CMN-102"));
}

#[tokio::test]
async fn an_unchanged_directory_is_not_sent_again() {
    let desk = Desk::open().await;
    let path = "/restapi/v1.0/account/~/directory/entries";
    let tag = desk.ask(Method::GET, path, None).await.headers()["etag"].clone();
    let again = desk.client.get(format!("{}{path}", desk.base)).bearer_auth(&desk.token).header("if-none-match", tag);
    assert_eq!(again.send().await.unwrap().status(), StatusCode::NOT_MODIFIED);
}

#[tokio::test]
async fn presence_follows_the_live_call() {
    let desk = Desk::open().await;
    let path = "/restapi/v1.0/account/~/extension/~/presence?detailedTelephonyState=true";
    assert_eq!(desk.get(path).await["telephonyStatus"], "NoCall");
    let id = desk.state.ring("+81655500118", Some("100"));
    assert_eq!(desk.get(path).await["telephonyStatus"], "Ringing");
    desk.state.answer(&id);
    assert_eq!(desk.get(path).await["activeCalls"][0]["telephonySessionId"], id.as_str());
    desk.state.hang_up(&id);
    assert_eq!(desk.get(path).await["telephonyStatus"], "NoCall");
}

#[tokio::test]
async fn a_recording_is_described_and_can_be_fetched() {
    let desk = Desk::open().await;
    let page = desk.get(&format!("{LOG}?{ALL}&recordingType=All&perPage=1")).await;
    let recording = &records(&page)[0]["recording"];
    let path = format!("/restapi/v1.0/account/~/recording/{}", recording["id"].as_str().unwrap());
    assert_eq!(desk.get(&path).await["contentUri"], recording["contentUri"]);
    let sound = desk.ask(Method::GET, &format!("{path}/content"), None).await.bytes().await.unwrap();
    assert_eq!((&sound[..4], sound.len()), (&b"RIFF"[..], 8_044));
    assert_eq!(desk.refused("/restapi/v1.0/account/~/recording/1").await, refusal(404, "CMN-102"));
}

#[tokio::test]
async fn a_post_is_written_changed_and_removed_and_seen_by_the_test() {
    let desk = Desk::open().await;
    let chats = desk.get("/team-messaging/v1/chats?type=Direct").await;
    let chat = records(&chats)[0]["id"].as_str().unwrap().to_owned();
    let path = format!("/team-messaging/v1/chats/{chat}/posts");
    let (status, post) = desk.post(&path, json!({ "text": "折り返しお願いします" })).await;
    assert_eq!((status, &post["groupId"]), (StatusCode::CREATED, &json!(chat)));
    assert_eq!(desk.state.posts()[0].text, "折り返しお願いします");
    assert_eq!(records(&desk.get(&path).await)[0]["id"], post["id"], "newest first");
    let legacy = desk.get(&format!("/restapi/v1.0/glip/groups/{chat}/posts")).await;
    assert_eq!(records(&legacy)[0]["id"], post["id"], "the addresses of before answer the same");
    let own = format!("{path}/{}", post["id"].as_str().unwrap());
    let changed = desk.ask(Method::PATCH, &own, Some(json!({ "text": "済み" }))).await;
    assert_eq!(changed.status(), StatusCode::OK);
    assert_eq!(desk.state.posts()[0].text, "済み");
    assert_eq!(desk.ask(Method::DELETE, &own, None).await.status(), StatusCode::NO_CONTENT);
    assert!(desk.state.posts().is_empty());
    assert_eq!(desk.ask(Method::DELETE, &own, None).await.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_post_that_is_not_allowed_is_not_written() {
    let desk = Desk::open().await;
    let chats = desk.get("/team-messaging/v1/chats").await;
    let id = |name: &str| {
        let chat = records(&chats).iter().find(|it| it["name"] == name).unwrap();
        chat["id"].as_str().unwrap().to_owned()
    };
    let foreign = format!("/team-messaging/v1/chats/{}/posts", id("Running Club"));
    assert_eq!(desk.post(&foreign, json!({ "text": "a" })).await.0, StatusCode::FORBIDDEN, "listed, but never joined");
    let path = format!("/team-messaging/v1/chats/{}/posts", id("Sales"));
    assert_eq!(desk.post(&path, json!({ "text": "" })).await.0, StatusCode::BAD_REQUEST);
    assert_eq!(desk.post(&path, json!({ "text": "a".repeat(10_001) })).await.0, StatusCode::BAD_REQUEST);
    assert_eq!(desk.post("/team-messaging/v1/chats/1/posts", json!({ "text": "a" })).await.0, StatusCode::NOT_FOUND);
    let guest = records(&desk.get(&path).await)[0].clone();
    assert_eq!(guest["creatorId"], "glip-29507587");
    let theirs = format!("{path}/{}", guest["id"].as_str().unwrap());
    assert_eq!(desk.ask(Method::DELETE, &theirs, None).await.status(), StatusCode::FORBIDDEN);
    desk.state.set_daily_posts(1);
    assert_eq!(desk.post(&path, json!({ "text": "a" })).await.0, StatusCode::CREATED);
    let (status, body) = desk.post(&path, json!({ "text": "b" })).await;
    assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(body["message"], "You have exceeded your limits for this action.");
    assert_eq!(desk.state.posts().len(), 1);
}

#[tokio::test]
async fn posts_are_paged_by_token() {
    let desk = Desk::open().await;
    let chat = desk.get("/team-messaging/v1/chats/~").await["id"].as_str().unwrap().to_owned();
    let path = format!("/team-messaging/v1/chats/{chat}/posts");
    for number in 0..5 {
        desk.post(&path, json!({ "text": number.to_string() })).await;
    }
    let first = desk.get(&format!("{path}?recordCount=3")).await;
    let token = first["navigation"]["nextPageToken"].as_str().unwrap();
    let second = desk.get(&format!("{path}?pageToken={token}")).await;
    let texts: Vec<&str> =
        records(&first).iter().chain(records(&second)).map(|it| it["text"].as_str().unwrap()).collect();
    assert_eq!(texts, ["4", "3", "2", "1", "0"]);
    assert!(second["navigation"]["nextPageToken"].is_null());
}

#[tokio::test]
async fn a_conversation_is_opened_once() {
    let desk = Desk::open().await;
    let path = "/team-messaging/v1/conversations";
    let by_email = json!({ "members": [{ "email": "i.sakura@example.jp" }] });
    let (status, opened) = desk.post(path, by_email.clone()).await;
    assert_eq!((status, &opened["type"]), (StatusCode::CREATED, &json!("Direct")));
    let (status, again) = desk.post(path, by_email).await;
    assert_eq!((status, &again["id"]), (StatusCode::OK, &opened["id"]));
    let me = desk.state.me().extension_id.to_string();
    let other = records_of_members(&opened).into_iter().find(|it| *it != me).unwrap();
    let (status, by_id) = desk.post(path, json!({ "members": [{ "id": other }, { "id": me }] })).await;
    assert_eq!((status, &by_id["id"]), (StatusCode::OK, &opened["id"]));
    let (status, group) =
        desk.post(path, json!({ "members": [{ "id": other }, { "email": "t.yumi@example.jp" }] })).await;
    assert_eq!((status, &group["type"]), (StatusCode::CREATED, &json!("Group")));
    assert_eq!(desk.post(path, json!({ "members": [{ "id": "1" }] })).await.0, StatusCode::NOT_FOUND);
    let number = json!({ "members": [{ "id": 62_264_425_008_i64 }] });
    assert_eq!(desk.post(path, number).await.0, StatusCode::BAD_REQUEST, "person ids are strings");
}

fn records_of_members(chat: &Value) -> Vec<String> {
    chat["members"].as_array().unwrap().iter().map(|it| it["id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn persons_are_the_people_of_the_account_and_their_guests() {
    let desk = Desk::open().await;
    let me = desk.state.me().extension_id;
    let person = desk.get(&format!("/team-messaging/v1/persons/{me}")).await;
    assert_eq!((&person["id"], &person["email"]), (&json!(me.to_string()), &json!("s.misaki@example.jp")));
    let guest = desk.get("/team-messaging/v1/persons/glip-29507587").await;
    assert_eq!(guest["firstName"], "Grace");
    assert_eq!(desk.refused("/team-messaging/v1/persons/1").await, refusal(404, "CMN-102"));
}

#[tokio::test]
async fn posts_of_others_are_told_over_the_socket() {
    let desk = Desk::open().await;
    let (mut wire, _) = desk.listen("", "/team-messaging/v1/posts").await;
    let chat = desk.get("/team-messaging/v1/chats/~").await["id"].as_str().unwrap().to_owned();
    desk.state.ring("+81655500118", None);
    desk.state.say(&chat, "130836004", "もしもし");
    let told = next(&mut wire).await;
    assert_eq!((&told[1]["body"]["eventType"], &told[1]["body"]["text"]), (&json!("PostAdded"), &json!("もしもし")));
}
