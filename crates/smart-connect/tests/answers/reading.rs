//! Reading: the test of a connection, records, customers, and what every odd answer means.

use futures::StreamExt;
use model::connection::Check;
use model::failure::Code;
use model::ports::System;
use model::{Failure, Reason};
use wiremock::{MockServer, ResponseTemplate};

use crate::support::{CUSTOMERS, LINES, asked, gives, json, opening, page, rows, session};

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
async fn the_notice_socket_is_tested_where_it_is_switched_on() {
    let server = MockServer::start().await;
    gives(&server, "ContainmentLine", json(LINES)).await;
    gives(&server, "ReceivedCall-Record/1/True/0/Null", json(rows(9, 9))).await;
    gives(&server, "CustomerAddress", json(CUSTOMERS)).await;
    let tested = async |push: &str| {
        let session = smart_connect::SmartConnect.open(opening(&server.uri(), &[("push", push)])).unwrap();
        let found = session.check.check_up().await;
        let last = found.steps.last().unwrap();
        (last.what, last.problem.as_ref().map(|it| it.reason))
    };
    assert_eq!(tested("on").await, (Check::LiveCalls, Some(Reason::ConnectionLost)), "no socket is there");
    for off in ["off", "", " "] {
        assert_eq!(tested(off).await, (Check::ReadCustomers, None), "{off:?}");
    }
}

#[test]
fn what_is_asked_for_is_no_secret_and_may_be_left_empty() {
    let about = smart_connect::SmartConnect.about();
    let fields: Vec<_> = about.fields.iter().map(|it| (it.key.as_str(), it.is_secret, it.is_required)).collect();
    assert_eq!(fields, [("time-zone", false, false), ("push", false, false)]);
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
        let failure = smart_connect::SmartConnect.open(opening(url, &[("time-zone", zone)])).err().unwrap();
        assert_eq!(failure.why().reason, reason, "{url} {zone}");
        assert_eq!(failure.code(), Code::Invalid);
    };
    check("192.168.10.20:55963", "", Reason::BadAddress);
    check("http://192.168.10.20:55963", "", Reason::PlainHttp);
    check("http://127.0.0.1:55963", "Nowhere/Here", Reason::NotUsable);
    let odd = smart_connect::SmartConnect.open(opening("http://127.0.0.1:55963", &[("push", "yes")])).err().unwrap();
    assert_eq!(odd, Failure::invalid(Reason::NotUsable, "push"));
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
    let session = smart_connect::SmartConnect.open(opening(&url, &[])).unwrap();
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
