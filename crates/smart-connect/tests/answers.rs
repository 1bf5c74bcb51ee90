//! One server's answers, good and odd, through the front door: what is asked, and what becomes of it.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::collections::BTreeMap;
use std::sync::Arc;

use futures::StreamExt;
use model::connection::{Check, Connection};
use model::failure::Code;
use model::ports::{CallStep, KeepsNothing, Opening, Session, System};
use model::{Clock, ConnectionId, Failure, Reason, SystemId, Time};
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

const BASE: &str = "/CTI_SmartConnectService/RestService";
const CALLS: &str = include_str!("fixtures/calls.json");
const CUSTOMERS: &str = include_str!("fixtures/customers.json");
const LINES: &str = include_str!("fixtures/lines.json");

struct Fixed;

impl Clock for Fixed {
    fn now(&self) -> Time {
        Time::parse("2026-10-14T02:00:00Z").unwrap()
    }
}

fn opening(url: &str, zone: &str) -> Opening {
    let connection = Connection {
        id: ConnectionId::from("c1"),
        name: "office".into(),
        system: SystemId::from("smart-connect"),
        url: url.to_owned(),
        settings: BTreeMap::from([("time-zone".to_owned(), zone.to_owned())]),
        allow_http: false,
    };
    Opening { connection, secrets: BTreeMap::new(), clock: Arc::new(Fixed), keeper: Arc::new(KeepsNothing) }
}

fn session(server: &MockServer) -> Session {
    smart_connect::SmartConnect.open(opening(&server.uri(), "Asia/Tokyo")).unwrap()
}

async fn gives(server: &MockServer, resource: &str, answer: ResponseTemplate) {
    Mock::given(method("GET")).and(path(format!("{BASE}/{resource}"))).respond_with(answer).mount(server).await;
}

fn json(body: impl Into<String>) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_raw(body.into(), "application/json")
}

/// Rows `high` down to `low`, one minute apart, in the order newest first.
fn rows(high: u64, low: u64) -> String {
    let row = |id: u64| {
        let at = Time::from_millis(1_760_000_000_000 + i64::try_from(id).unwrap() * 60_000).unwrap();
        format!(r#"{{"ID":"{id}","着信日時":"{at}","相手TEL":"0355500142"}}"#)
    };
    format!("[{}]", (low..=high).rev().map(row).collect::<Vec<_>>().join(","))
}

fn ids(step: &CallStep) -> Vec<&str> {
    step.calls.iter().map(|call| call.external_id.as_str()).collect()
}

async fn asked(server: &MockServer) -> Vec<String> {
    let asked = server.received_requests().await.unwrap();
    asked.iter().map(|request| request.url.path().trim_start_matches(BASE).to_owned()).collect()
}

#[tokio::test]
async fn a_connection_is_tested_by_its_lines_calls_and_customers() {
    let server = MockServer::start().await;
    gives(&server, "ContainmentLine", json(LINES)).await;
    gives(&server, "ReceivedCall-Record/1/True/0/Null", json(rows(9, 9))).await;
    gives(&server, "CustomerAddress", json(CUSTOMERS)).await;
    let found = session(&server).check.check_up().await;
    let steps: Vec<_> = found.steps.iter().map(|step| (step.what, step.found.as_str())).collect();
    assert_eq!(steps, [(Check::Reached, "2"), (Check::ReadCalls, ""), (Check::ReadCustomers, "3")]);
    assert!(found.is_fine());
}

#[tokio::test]
async fn another_kind_of_server_is_recognised() {
    for answer in [
        ResponseTemplate::new(200).set_body_raw("<!DOCTYPE html><html></html>", "text/html"),
        ResponseTemplate::new(404).set_body_raw("<html>Endpoint not found</html>", "text/html"),
        json(r#"{"version":"3.1"}"#),
        json("true"),
    ] {
        let server = MockServer::start().await;
        gives(&server, "ContainmentLine", answer).await;
        let found = session(&server).check.check_up().await;
        let problems: Vec<_> = found.steps.iter().map(|step| step.problem.as_ref().map(|it| it.reason)).collect();
        assert_eq!(problems, [Some(Reason::NotThisKind)], "nothing further is tried");
    }
}

#[tokio::test]
async fn settings_that_cannot_be_used_are_found_before_anything_is_sent() {
    let check = |url: &str, zone: &str, reason: Reason| {
        let failure = smart_connect::SmartConnect.open(opening(url, zone)).err().unwrap();
        assert_eq!(failure.why().reason, reason, "{url} {zone}");
        assert_eq!(failure.code(), Code::Invalid);
    };
    check("192.168.10.20:55963", "", Reason::BadAddress);
    check("http://192.168.10.20:55963", "", Reason::PlainHttp);
    check("http://127.0.0.1:55963", "Nowhere/Here", Reason::NotUsable);
}

#[tokio::test]
async fn a_first_fill_hands_on_the_newest_calls_first_and_each_once() {
    let server = MockServer::start().await;
    gives(&server, "ReceivedCall-Record/1000/True/0/Null", json(rows(10_500, 9_501))).await;
    gives(&server, "ReceivedCall-Record/10000/True/0/Null", json(rows(10_500, 501))).await;
    gives(&server, "ReceivedCall-Record/0/True/0/Null", json(rows(10_500, 1))).await;
    let calls = session(&server).calls.unwrap();
    let mut all = Vec::new();
    let mut cursor: Option<String> = None;
    let mut sizes = Vec::new();
    loop {
        let step = calls.step(cursor.as_deref(), None).await.unwrap();
        sizes.push(step.calls.len());
        all.extend(step.calls.iter().map(|call| call.external_id.parse::<u64>().unwrap()));
        cursor = Some(step.cursor);
        if !step.has_more {
            break;
        }
    }
    assert_eq!(sizes, [1_000, 9_000, 0, 500]);
    assert_eq!(all, (1..=10_500).rev().collect::<Vec<_>>());
    assert_eq!(asked(&server).await.len(), 3, "the whole log is asked for once");
}

#[tokio::test]
async fn a_first_fill_goes_no_further_back_than_asked() {
    let server = MockServer::start().await;
    gives(&server, "ReceivedCall-Record/1000/True/0/Null", json(rows(2_000, 1_001))).await;
    let since = Time::from_millis(1_760_000_000_000 + 1_991 * 60_000);
    let step = session(&server).calls.unwrap().step(None, since).await.unwrap();
    assert_eq!((ids(&step).len(), step.has_more), (10, false));
}

#[tokio::test]
async fn a_later_sync_asks_once_and_tells_only_what_is_new_or_changed() {
    let server = MockServer::start().await;
    gives(&server, "ReceivedCall-Record/1000/True/0/Null", json(rows(3, 1))).await;
    let news = rows(4, 1).replace(r#""ID":"2","#, r#""ID":"2","memo":"折り返し済み","#);
    gives(&server, "ReceivedCall-Record/200/True/0/Null", json(news)).await;
    let calls = session(&server).calls.unwrap();
    let first = calls.step(None, None).await.unwrap();
    assert_eq!((ids(&first), first.has_more), (vec!["3", "2", "1"], false));
    let second = calls.step(Some(&first.cursor), None).await.unwrap();
    assert_eq!((ids(&second), second.has_more), (vec!["4", "2"], false));
    assert_eq!(second.calls[1].note.as_deref(), Some("折り返し済み"));
    let third = calls.step(Some(&second.cursor), None).await.unwrap();
    assert_eq!((ids(&third), third.has_more), (vec![], false));
    assert_eq!(asked(&server).await.len(), 3);
}

#[tokio::test]
async fn a_long_absence_is_caught_up() {
    let server = MockServer::start().await;
    gives(&server, "ReceivedCall-Record/200/True/0/Null", json(rows(900, 701))).await;
    gives(&server, "ReceivedCall-Record/2000/True/0/Null", json(rows(900, 1))).await;
    let step = session(&server).calls.unwrap().step(Some(r#"{"high":500,"fill":null}"#), None).await.unwrap();
    assert!(!step.has_more);
    let new: Vec<_> = ids(&step).into_iter().filter(|id| id.parse::<u64>().unwrap() > 500).collect();
    assert_eq!(new.len(), 400);
}

#[tokio::test]
async fn a_server_that_was_set_back_is_read_anew() {
    let server = MockServer::start().await;
    gives(&server, "ReceivedCall-Record/200/True/0/Null", json(rows(3, 1))).await;
    gives(&server, "ReceivedCall-Record/1000/True/0/Null", json(rows(3, 1))).await;
    let calls = session(&server).calls.unwrap();
    let step = calls.step(Some(r#"{"high":5,"fill":null}"#), None).await.unwrap();
    assert_eq!((step.gone.clone(), step.has_more), (vec!["4".to_owned(), "5".to_owned()], true));
    let again = calls.step(Some(&step.cursor), None).await.unwrap();
    assert_eq!((ids(&again), again.has_more), (vec!["3", "2", "1"], false));
}

#[tokio::test]
async fn an_empty_answer_is_not_taken_for_an_emptied_log() {
    let server = MockServer::start().await;
    gives(&server, "ReceivedCall-Record/200/True/0/Null", ResponseTemplate::new(200)).await;
    let step = session(&server).calls.unwrap().step(Some(r#"{"high":5,"fill":null}"#), None).await.unwrap();
    assert_eq!((step.calls.len(), step.gone.len(), step.has_more), (0, 0, false));
    assert_eq!(step.cursor, r#"{"high":5,"fill":null}"#);
}

#[tokio::test]
async fn calls_of_every_odd_shape_are_kept() {
    let server = MockServer::start().await;
    gives(&server, "ReceivedCall-Record/1000/True/0/Null", json(format!("\u{feff}{CALLS}"))).await;
    let step = session(&server).calls.unwrap().step(None, None).await.unwrap();
    assert_eq!(step.calls.len(), 6, "nothing is dropped");
    let find = |id: &str| step.calls.iter().find(|call| call.external_id == id).unwrap();
    assert_eq!(find("11").started_at.unwrap().to_string(), "2026-10-14T01:31:04.000Z");
    assert_eq!(find("11").customer_external_id.as_deref(), Some("2"));
    assert_eq!(find("9").from.raw, "非通知");
    assert_eq!(find("9").customer_external_id, None);
    assert_eq!(find("8").started_at, None);
    assert!(find("8").raw.0.contains("きのうの朝"));
    assert!(step.calls.iter().any(|call| call.external_id.starts_with("row-")));
}

#[tokio::test]
async fn customers_come_with_every_number() {
    let server = MockServer::start().await;
    gives(&server, "CustomerAddress", json(CUSTOMERS)).await;
    let found = session(&server).customers.unwrap().customers().await.unwrap();
    let names: Vec<_> = found.iter().map(|it| (it.id.as_str(), it.name.as_str(), it.numbers.len())).collect();
    assert_eq!(names, [("c1/1", "西村 彩", 2), ("c1/2", "株式会社みどり", 1), ("c1/3", "ANNE GREEN", 0)]);
}

#[tokio::test]
async fn records_are_listed_by_the_number_of_their_key() {
    let server = MockServer::start().await;
    gives(&server, "ContainmentLine", json(LINES)).await;
    let rows = session(&server).records.unwrap().list("ContainmentLine").await.unwrap();
    assert!(
        rows[0].0.starts_with(r#"{ "回線No" : "2""#),
        "9 and 10 are numbers, and a row stays as it came: {}",
        rows[0].0
    );
    assert!(rows[1].0.contains("\"10\""));
}

#[tokio::test]
async fn one_record_comes_from_every_shape_of_answer() {
    let row = r#"{"回線No":"1","着信TEL":"0731235678"}"#;
    let quoted = serde_json::to_string(&format!("[{row}]")).unwrap();
    let check = async |body: String, expected: Option<&str>| {
        let server = MockServer::start().await;
        gives(&server, "ContainmentLine/1", json(body.clone())).await;
        let found = session(&server).records.unwrap().get("ContainmentLine", "1").await.unwrap();
        assert_eq!(found.as_ref().map(|raw| raw.0.as_str()), expected, "{body}");
    };
    check(format!("[{row}]"), Some(row)).await;
    check(row.to_owned(), Some(row)).await;
    check(quoted, Some(row)).await;
    check(format!(r#"{{"d":[{row}]}}"#), Some(row)).await;
    check(format!(r#"{{"GetLineResult":{row}}}"#), Some(row)).await;
    check("[]".into(), None).await;
    check("null".into(), None).await;
    check(String::new(), None).await;
}

#[tokio::test]
async fn what_a_resource_does_not_allow_is_not_sent() {
    let server = MockServer::start().await;
    let records = session(&server).records.unwrap();
    let check = async |resource: &str, key: &str, reason: Reason| {
        let failure = records.get(resource, key).await.unwrap_err();
        assert_eq!((failure.code(), failure.why().reason), (Code::Invalid, reason), "{resource}/{key}");
    };
    check("SIP-ServerConnection", "1", Reason::NotUsable).await;
    check("Online-Activation", "1", Reason::NotUsable).await;
    check("ContainmentLine", "0", Reason::NotUsable).await;
    check("ContainmentLine", "1/2", Reason::NotUsable).await;
    check("Nothing", "1", Reason::NoSuchThing).await;
    assert_eq!(records.list("../etc").await.unwrap_err().why().reason, Reason::NoSuchThing);
    assert!(asked(&server).await.is_empty());
    assert_eq!(records.resources().len(), 19);
}

#[tokio::test]
async fn every_failure_is_sorted_by_what_happens_next() {
    let check = async |answer: ResponseTemplate, code: Code, reason: Reason| {
        let server = MockServer::start().await;
        gives(&server, "CustomerAddress", answer).await;
        let failure = session(&server).customers.unwrap().customers().await.unwrap_err();
        assert_eq!((failure.code(), failure.why().reason), (code, reason), "{failure}");
        failure
    };
    let page = |status: u16, text: &str| {
        ResponseTemplate::new(status).set_body_raw(format!("<html><p>{text}.</p></html>"), "text/html")
    };
    check(ResponseTemplate::new(401), Code::SignedOut, Reason::TokenRefused).await;
    check(ResponseTemplate::new(403), Code::Refused, Reason::NoPermission).await;
    check(page(404, "Endpoint not found"), Code::Refused, Reason::NotFound).await;
    let refused = check(page(405, "Method not allowed"), Code::Refused, Reason::SystemRefused).await;
    assert_eq!(refused.why().words, "HTTP 405", "nothing of the page");
    check(page(400, "Request Error"), Code::Refused, Reason::SystemRefused).await;
    check(ResponseTemplate::new(429).insert_header("retry-after", "7"), Code::SlowDown, Reason::LimitReached).await;
    check(ResponseTemplate::new(500), Code::Offline, Reason::SystemFault).await;
    check(page(200, "Welcome"), Code::Surprise, Reason::HtmlInstead).await;
    check(json(r#"[{"顧客ID":"1""#), Code::Surprise, Reason::Unreadable).await;
    check(json(r#"{"result":"False","msg":"異常終了"}"#), Code::Refused, Reason::SystemRefused).await;
}

#[tokio::test]
async fn nobody_there_is_offline() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let session = smart_connect::SmartConnect.open(opening(&url, "")).unwrap();
    let failure = session.customers.unwrap().customers().await.unwrap_err();
    assert_eq!((failure.code(), failure.why().reason), (Code::Offline, Reason::NothingListens));
}

#[tokio::test]
async fn listening_ends_with_the_failure_that_ended_it() {
    let server = MockServer::start().await;
    gives(&server, "ReceivedCall-Record/50/True/0/Null", ResponseTemplate::new(403)).await;
    let told: Vec<Result<_, Failure>> = session(&server).live.unwrap().listen().collect().await;
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].as_ref().unwrap_err().why().reason, Reason::NoPermission);
}
