//! What every test starts with: a server that gives set answers, and a session with it.

use std::collections::BTreeMap;
use std::sync::Arc;

use model::connection::Connection;
use model::ports::{KeepsNothing, Opening, Session, System};
use model::{Clock, ConnectionId, SystemId, Time};
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

pub(crate) const BASE: &str = "/CTI_SmartConnectService/RestService";
pub(crate) const CALLS: &str = include_str!("../fixtures/calls.json");
pub(crate) const CUSTOMERS: &str = include_str!("../fixtures/customers.json");
pub(crate) const LINES: &str = include_str!("../fixtures/lines.json");
pub(crate) const DONE: &str = r#"{"result":"True","msg":"正常終了"}"#;

struct Fixed;

impl Clock for Fixed {
    fn now(&self) -> Time {
        Time::parse("2026-10-14T02:00:00Z").unwrap()
    }
}

pub(crate) fn opening(url: &str, settings: &[(&str, &str)]) -> Opening {
    let settings = settings.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
    let connection = Connection {
        id: ConnectionId::from("c1"),
        name: "office".into(),
        system: SystemId::from("smart-connect"),
        url: url.to_owned(),
        settings: settings.collect(),
        allow_http: false,
    };
    Opening { connection, secrets: BTreeMap::new(), clock: Arc::new(Fixed), keeper: Arc::new(KeepsNothing) }
}

pub(crate) fn session(server: &MockServer) -> Session {
    smart_connect::SmartConnect.open(opening(&server.uri(), &[("time-zone", "Asia/Tokyo")])).unwrap()
}

/// The answer to every GET of a path.
pub(crate) async fn gives(server: &MockServer, resource: &str, answer: ResponseTemplate) {
    Mock::given(method("GET")).and(path(format!("{BASE}/{resource}"))).respond_with(answer).mount(server).await;
}

/// The answer to the next GET of a path only.
pub(crate) async fn gives_once(server: &MockServer, resource: &str, answer: ResponseTemplate) {
    let at = path(format!("{BASE}/{resource}"));
    Mock::given(method("GET")).and(at).respond_with(answer).up_to_n_times(1).mount(server).await;
}

/// The answer to every write of a path.
pub(crate) async fn takes(server: &MockServer, verb: &str, resource: &str, answer: ResponseTemplate) {
    Mock::given(method(verb)).and(path(format!("{BASE}/{resource}"))).respond_with(answer).mount(server).await;
}

pub(crate) fn json(body: impl Into<String>) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_raw(body.into(), "application/json")
}

pub(crate) fn page(status: u16, text: &str) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_raw(format!("<html><p>{text}.</p></html>"), "text/html")
}

/// Rows `high` down to `low`, one minute apart, in the order newest first.
pub(crate) fn rows(high: u64, low: u64) -> String {
    let row = |id: u64| {
        let at = Time::from_millis(1_760_000_000_000 + i64::try_from(id).unwrap() * 60_000).unwrap();
        format!(r#"{{"ID":"{id}","着信日時":"{at}","相手TEL":"0355500142"}}"#)
    };
    format!("[{}]", (low..=high).rev().map(row).collect::<Vec<_>>().join(","))
}

async fn requests(server: &MockServer) -> Vec<Request> {
    server.received_requests().await.unwrap()
}

/// The paths that were asked for, behind the base.
pub(crate) async fn asked(server: &MockServer) -> Vec<String> {
    let one = |request: &Request| request.url.path().trim_start_matches(BASE).to_owned();
    requests(server).await.iter().map(one).collect()
}

/// Verb and path of every request, behind the base.
pub(crate) async fn sent(server: &MockServer) -> Vec<String> {
    let one = |request: &Request| format!("{} {}", request.method, request.url.path().trim_start_matches(BASE));
    requests(server).await.iter().map(one).collect()
}

/// The body of every write, with its content type.
pub(crate) async fn bodies(server: &MockServer) -> Vec<(String, String)> {
    let writes = requests(server).await.into_iter().filter(|request| request.method.as_str() != "GET");
    let one = |request: Request| {
        let kind = request.headers.get("content-type").map(|it| it.to_str().unwrap().to_owned());
        (kind.unwrap_or_default(), String::from_utf8(request.body).unwrap())
    };
    writes.map(one).collect()
}
