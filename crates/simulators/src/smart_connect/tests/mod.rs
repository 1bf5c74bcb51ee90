//! The service from outside, over the wire: what it accepts, what it refuses, and in which words.

mod others;
mod shapes;

use super::{RESOURCES, Shape, State, router};
use crate::generator::calls::tokyo;
use chrono::{DateTime, TimeZone, Utc};
use reqwest::{Client, Method, Response, StatusCode};
use serde_json::{Value, json};
use std::sync::{Arc, Once};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

const CALLS: usize = 1_200;

/// A client for tests; nothing leaves the computer.
#[expect(clippy::disallowed_methods, reason = "the simulators do not know the project's own client")]
pub(crate) fn client() -> Client {
    static PROVIDER: Once = Once::new();
    PROVIDER.call_once(|| {
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
    Client::builder().no_proxy().build().unwrap()
}

/// Serves the addresses on a free port; answers the address of the server.
pub(crate) async fn serve(router: axum::Router) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    format!("http://{address}")
}

/// A plain WebSocket client, just enough for short text frames.
pub(crate) struct Wire(BufReader<TcpStream>);

impl Wire {
    /// Opens a socket at `path` of the server at `base`; the status of the answer if it is not opened.
    pub(crate) async fn open(base: &str, path: &str) -> Result<Self, String> {
        let host = base.trim_start_matches("http://");
        let mut wire = Self(BufReader::new(TcpStream::connect(host).await.unwrap()));
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
        );
        wire.0.write_all(request.as_bytes()).await.unwrap();
        let mut status = String::new();
        wire.0.read_line(&mut status).await.unwrap();
        if !status.contains(" 101 ") {
            return Err(status);
        }
        let mut line = String::new();
        while line != "\r\n" {
            line.clear();
            wire.0.read_line(&mut line).await.unwrap();
        }
        Ok(wire)
    }

    /// Sends a text. A mask of zeros leaves it as it is.
    pub(crate) async fn send(&mut self, text: &str) {
        let mut frame = vec![0x81, 0x80 | 126];
        frame.extend(u16::try_from(text.len()).unwrap().to_be_bytes());
        frame.extend([0; 4]);
        frame.extend(text.as_bytes());
        self.0.write_all(&frame).await.unwrap();
    }

    /// The next text; nothing when the server closed the socket.
    pub(crate) async fn next(&mut self) -> Option<String> {
        let mut head = [0; 2];
        self.0.read_exact(&mut head).await.ok()?;
        let length = match head[1] {
            126 => usize::from(self.0.read_u16().await.ok()?),
            127 => usize::try_from(self.0.read_u64().await.ok()?).ok()?,
            short => usize::from(short),
        };
        let mut text = vec![0; length];
        self.0.read_exact(&mut text).await.ok()?;
        (head[0] == 0x81).then(|| String::from_utf8(text).unwrap())
    }
}

struct Desk {
    state: Arc<State>,
    base: String,
    client: Client,
}

impl Desk {
    async fn open() -> Self {
        let now: DateTime<Utc> = tokyo().with_ymd_and_hms(2026, 10, 14, 10, 42, 7).unwrap().to_utc();
        let state = Arc::new(State::new(1, CALLS, 300, Arc::new(move || now)));
        let base = serve(router(state.clone())).await;
        Self { state, base, client: client() }
    }

    async fn send(&self, method: Method, path: &str, body: Option<&str>) -> Response {
        let url = format!("{}/CTI_SmartConnectService/RestService/{path}", self.base);
        let request = self.client.request(method, url);
        let request = match body {
            Some(body) => request.header("content-type", "application/json; charset=utf-8").body(body.to_owned()),
            None => request,
        };
        request.send().await.unwrap()
    }

    async fn get(&self, path: &str) -> Value {
        let answer = self.send(Method::GET, path, None).await;
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        answer.json().await.unwrap()
    }

    async fn write(&self, method: Method, path: &str, body: Value) -> Value {
        let answer = self.send(method, path, Some(&body.to_string())).await;
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        answer.json().await.unwrap()
    }

    async fn status(&self, method: Method, path: &str, body: Option<&str>) -> StatusCode {
        let answer = self.send(method, path, body).await;
        let status = answer.status();
        if !status.is_success() {
            assert!(answer.headers()["content-type"].to_str().unwrap().starts_with("text/html"), "{path}");
        }
        status
    }
}

fn done() -> Value {
    json!({ "result": "True", "msg": "正常終了" })
}

#[tokio::test]
async fn only_the_listed_verbs_are_allowed_on_each_resource() {
    let desk = Desk::open().await;
    for it in RESOURCES {
        let item = format!("{}/2", it.path);
        for (method, path, is_allowed) in [
            (Method::POST, it.path, it.verbs.post),
            (Method::PUT, item.as_str(), it.verbs.put),
            (Method::DELETE, item.as_str(), it.verbs.delete),
            (Method::PUT, it.path, false),
            (Method::DELETE, it.path, false),
            (Method::POST, item.as_str(), false),
            (Method::PATCH, item.as_str(), false),
        ] {
            let body = if method == Method::DELETE { None } else { Some("{}") };
            let status = desk.status(method.clone(), path, body).await;
            let expected = if is_allowed { StatusCode::OK } else { StatusCode::METHOD_NOT_ALLOWED };
            assert_eq!(status, expected, "{method} {path}");
        }
        assert!(desk.get(it.path).await.is_array());
        assert!(desk.get(&item).await.is_array());
    }
}

#[tokio::test]
async fn an_address_is_spelled_exactly() {
    let desk = Desk::open().await;
    for path in [
        "containmentline",
        "ContainmentLine/",
        "ContainmentLine/1/2",
        "MessDef-LINE",
        "ReceivedCall-Record/1/2",
        "ReceivedCall-Record/50/True/0",
        "ReceivedCall-Record/50/True/0/Null/1",
        "CustomerAddress/50/True/0/Null",
    ] {
        assert_eq!(desk.status(Method::GET, path, None).await, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(desk.status(Method::GET, "ContainmentLine/one", None).await, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn one_row_is_a_list_of_one_and_a_missing_row_is_an_empty_list() {
    let desk = Desk::open().await;
    let line = desk.get("ContainmentLine/1").await;
    let expected = json!([{ "回線No": "1", "着信TEL": "0355500100", "代表TEL": "0355500100", "種別": "電話", "代理内線番号": "204" }]);
    assert_eq!(line, expected);
    assert_eq!(desk.get("ContainmentLine/99").await, json!([]));
}

#[tokio::test]
async fn a_new_row_gets_the_highest_key_plus_one_whatever_is_given() {
    let desk = Desk::open().await;
    for given in ["0", "1", "4711"] {
        let row = json!({ "顧客ID": given, "顧客名": "新しい客", "TEL1": "0355500199" });
        assert_eq!(desk.write(Method::POST, "CustomerAddress", row).await, done());
    }
    let last = desk.get("CustomerAddress/303").await;
    assert_eq!(last[0]["顧客ID"], "303");
    assert_eq!(last[0]["備考"], "", "a field that was not sent is empty");
    assert_eq!(desk.get("CustomerAddress").await.as_array().unwrap().len(), 303);
}

#[tokio::test]
async fn the_key_in_the_address_decides_and_the_whole_row_is_replaced() {
    let desk = Desk::open().await;
    let row = json!({ "回線No": "7", "着信TEL": "0731235678" });
    assert_eq!(desk.write(Method::PUT, "ContainmentLine/2", row).await, done());
    let written = desk.get("ContainmentLine/2").await;
    assert_eq!(written[0]["回線No"], "2");
    assert_eq!(written[0]["種別"], "", "what is not sent is lost");
    assert_eq!(desk.get("ContainmentLine/7").await, json!([]));
    let answer = desk.write(Method::PUT, "ContainmentLine/99", json!({})).await;
    assert_eq!(answer["result"], "False");
}

#[tokio::test]
async fn a_removed_row_is_gone() {
    let desk = Desk::open().await;
    let answer = desk.send(Method::DELETE, "CustomerAddress/300", None).await;
    assert_eq!(answer.json::<Value>().await.unwrap(), done());
    assert_eq!(desk.get("CustomerAddress/300").await, json!([]));
    assert_eq!(desk.get("CustomerAddress").await.as_array().unwrap().len(), 299);
}

#[tokio::test]
async fn the_first_row_of_two_resources_cannot_be_addressed() {
    let desk = Desk::open().await;
    for resource in ["SIP-ServerConnection", "Online-Activation"] {
        let first = format!("{resource}/1");
        assert_eq!(desk.get(&first).await, json!([]));
        assert_eq!(desk.write(Method::PUT, &first, json!({})).await["result"], "False");
        let answer: Value = desk.send(Method::DELETE, &first, None).await.json().await.unwrap();
        assert_eq!(answer["result"], "False");
    }
}

#[tokio::test]
async fn a_body_is_one_object_of_strings_announced_as_json() {
    let desk = Desk::open().await;
    for body in [
        r#"[{"回線No":"0"}]"#,
        "",
        "回線No=0",
        "{}{}",
        r#"{"回線No":0}"#,
        r#"{"種別":"\ud800"}"#,
        r#"{ “回線No” : “1” }"#,
    ] {
        assert_eq!(desk.status(Method::POST, "ContainmentLine", Some(body)).await, StatusCode::BAD_REQUEST, "{body}");
    }
    let url = format!("{}/CTI_SmartConnectService/RestService/ContainmentLine", desk.base);
    let without = desk.client.post(&url).body("{}").send().await.unwrap();
    assert_eq!(without.status(), StatusCode::BAD_REQUEST);
    let as_text = desk.client.post(&url).header("content-type", "text/plain").body("{}").send().await.unwrap();
    assert_eq!(as_text.status(), StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let long = format!(r#"{{"種別":"{}"}}"#, "a".repeat(70_000));
    assert_eq!(desk.status(Method::POST, "ContainmentLine", Some(&long)).await, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(desk.get("ContainmentLine").await.as_array().unwrap().len(), 6, "nothing was added");
}

#[tokio::test]
async fn the_search_answers_the_newest_first_and_not_more_than_asked() {
    let desk = Desk::open().await;
    let rows = desk.get("ReceivedCall-Record/3/True/0/Null").await;
    let keys: Vec<&str> = rows.as_array().unwrap().iter().map(|it| it["ID"].as_str().unwrap()).collect();
    assert_eq!(keys, ["1200", "1199", "1198"]);
    let rows = desk.get("ReceivedCall-Record/2/false/0/Null").await;
    assert_eq!(rows[0]["ID"], "1");
    let all = desk.get("ReceivedCall-Record/0/True/0/Null").await;
    assert_eq!(all.as_array().unwrap().len(), CALLS, "over several pieces");
}

#[tokio::test]
async fn the_search_can_be_for_a_customer_or_for_numbers() {
    let desk = Desk::open().await;
    let of_nishimura = desk.get("ReceivedCall-Record/0/True/1/Null").await;
    let rows = of_nishimura.as_array().unwrap();
    assert!(!rows.is_empty() && rows.iter().all(|it| it["顧客名"] == "西村 彩"));
    let both = desk.get("ReceivedCall-Record/0/True/0/0655500118&0355500142").await;
    let both = both.as_array().unwrap();
    assert!(both.len() > rows.len());
    assert!(both.iter().all(|it| it["相手TEL"] == "0655500118" || it["相手TEL"] == "0355500142"));
    assert_eq!(desk.get("ReceivedCall-Record/0/True/0/0000").await, json!([]));
    assert_eq!(desk.status(Method::GET, "ReceivedCall-Record/0/True/0/null", None).await, StatusCode::BAD_REQUEST);
    let post = desk.status(Method::POST, "ReceivedCall-Record/0/True/0/Null", Some("{}")).await;
    assert_eq!(post, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn a_ringing_call_is_a_new_record_that_is_changed_when_it_ends() {
    let desk = Desk::open().await;
    let id = desk.state.ring("+81355500142", "0355500110");
    let rows = desk.get("ReceivedCall-Record/1/True/0/Null").await;
    let expected = json!([{
        "ID": "1201", "着信日時": "2026/10/14 10:42:07", "相手TEL": "0355500142", "着信TEL": "0355500110",
        "回線No": "2", "顧客ID": "2", "顧客名": "山岸 恵子", "種別": "着信", "対応": "", "通話時間": "0", "メモ": "",
    }]);
    assert_eq!((id, rows), (1_201, expected));
    desk.state.update(id, true, 95);
    let row = &desk.get("ReceivedCall-Record/1201").await[0];
    assert_eq!((&row["対応"], &row["通話時間"]), (&json!("応答"), &json!("95")));
    let withheld = desk.state.ring("", "0355500100");
    assert_eq!(desk.get(&format!("ReceivedCall-Record/{withheld}")).await[0]["相手TEL"], "非通知");
}

#[tokio::test]
async fn a_customer_added_today_is_named_when_they_call() {
    let desk = Desk::open().await;
    let row = json!({ "顧客ID": "0", "顧客名": "新しい客", "TEL3": "0355500199" });
    desk.write(Method::POST, "CustomerAddress", row).await;
    let id = desk.state.ring("0355500199", "0355500100");
    assert_eq!(desk.get(&format!("ReceivedCall-Record/{id}")).await[0]["顧客名"], "新しい客");
}

#[tokio::test]
async fn lists_can_be_answered_in_the_other_shapes() {
    let desk = Desk::open().await;
    desk.state.set_shape(Shape::InString);
    let text = desk.get("ContainmentLine").await;
    assert_eq!(serde_json::from_str::<Value>(text.as_str().unwrap()).unwrap().as_array().unwrap().len(), 6);
    desk.state.set_shape(Shape::InD);
    assert_eq!(desk.get("ContainmentLine/1").await["d"][0]["回線No"], "1");
    desk.state.set_shape(Shape::Single);
    assert_eq!(desk.get("ContainmentLine/1").await["回線No"], "1");
    assert_eq!(desk.get("ReceivedCall-Record/1/True/0/Null").await["ID"], "1200");
    assert_eq!(desk.get("ContainmentLine/99").await, json!([]));
}

#[tokio::test]
async fn a_client_that_gives_its_name_is_listed_and_told_of_calls_until_it_leaves() {
    let desk = Desk::open().await;
    let mut wire = Wire::open(&desk.base, "/CTI_SmartConnectService/WebSocket/").await.unwrap();
    wire.send("Regist('reception')").await;
    wire.send("KeepAlive('reception')").await;
    while desk.get("ConnectedClient").await == json!([]) {
        tokio::task::yield_now().await;
    }
    let row = &desk.get("ConnectedClient/1").await[0];
    assert_eq!((&row["クライアント名"], &row["接続日時"]), (&json!("reception"), &json!("2026/10/14 10:42:07")));
    desk.state.ring("0655500118", "0355500100");
    assert_eq!(wire.next().await.as_deref(), Some("ReceivedCall('1201')"));
    wire.send("UnRegist('reception')").await;
    while desk.get("ConnectedClient").await != json!([]) {
        tokio::task::yield_now().await;
    }
    wire.send("nonsense").await;
    assert_eq!(wire.next().await, None, "a frame that is not understood ends the connection");
    assert!(Wire::open(&desk.base, "/CTI_SmartConnectService/WebSocket").await.is_err(), "the last slash is needed");
}
