//! Calls as they ring, against a socket that speaks as the vendor's does.

use futures::{SinkExt, StreamExt};
use model::call::{Outcome, SeenCall};
use model::failure::Code;
use model::ports::Heard;
use model::{Failure, Reason};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;

use crate::desk::{Desk, json, trouble};

const TICKET: &str = "restapi/oauth/wstoken";
const GREETING: &str =
    r#"[{"type":"ConnectionDetails","status":200,"wsc":{"token":"w","sequence":0}},{"idleTimeout":1800}]"#;
const SUBSCRIBED: &str = r#"[{"type":"ClientRequest","messageId":"subscribe","status":200},{"id":"sub-1"}]"#;

fn notice(sequence: u32, code: &str) -> String {
    format!(
        r#"[{{"type":"ServerNotification","messageId":"n","status":200}},{{"uuid":"u","event":"/restapi/v1.0/account/1/telephony/sessions","body":{{"sequence":{sequence},"sessionId":"9","telephonySessionId":"s-1","eventTime":"2026-10-14T01:00:00Z","parties":[{{"id":"p-1","extensionId":"44444441","direction":"Inbound","from":{{"phoneNumber":"+12155550101"}},"to":{{"phoneNumber":"+16505550100"}},"status":{{"code":"{code}"}}}}]}}}}]"#
    )
}

/// What the listener heard until its line ended, and what the server was sent.
struct Line {
    told: Vec<Result<SeenCall, Failure>>,
    /// Whether it was told that the line stands, before anything else.
    stood: bool,
    first: Option<String>,
    opened_at: String,
}

/// Listens against a socket that greets, reads the subscription, sends `frames` and closes.
async fn listen(greeting: &str, frames: Vec<String>) -> Line {
    let desk = Desk::new().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let uri = format!("ws://{}/ws", listener.local_addr().unwrap());
    desk.gives("POST", TICKET, json(200, format!(r#"{{"uri":"{uri}","ws_access_token":"once","expires_in":30}}"#)))
        .await;
    let greeting = greeting.to_owned();
    let vendor = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let (mut socket, opened_at) = accept(stream).await;
        socket.send(Message::text(greeting)).await.unwrap();
        let first =
            socket.next().await.and_then(Result::ok).and_then(|it| it.into_text().ok().map(|it| it.to_string()));
        for frame in frames {
            let _ = socket.send(Message::text(frame)).await;
        }
        let _ = socket.close(None).await;
        (first, opened_at)
    });
    let mut told: Vec<_> = desk.session.live.as_ref().unwrap().listen().collect().await;
    let stood = told.first() == Some(&Ok(Heard::Listening));
    if stood {
        let _listening = told.remove(0);
    }
    let call = |heard| match heard {
        Heard::Call(call) => *call,
        Heard::Listening => panic!("the line stands once"),
    };
    let told = told.into_iter().map(|it| it.map(call)).collect();
    let (first, opened_at) = vendor.await.unwrap();
    Line { told, stood, first, opened_at }
}

async fn accept(stream: TcpStream) -> (WebSocketStream<TcpStream>, String) {
    let mut line = vec![0; 200];
    let length = stream.peek(&mut line).await.unwrap();
    let line = String::from_utf8_lossy(&line[..length]).lines().next().unwrap_or_default().to_owned();
    (tokio_tungstenite::accept_async(stream).await.unwrap(), line)
}

fn reasons(heard: &Line) -> Vec<(Code, Reason)> {
    heard.told.iter().filter_map(|it| it.as_ref().err()).map(|it| (it.code(), it.why().reason)).collect()
}

#[tokio::test]
async fn a_call_is_told_as_it_rings_and_changes_until_the_line_ends() {
    let frames = vec![
        notice(1, "Setup"),
        SUBSCRIBED.to_owned(),
        "not json".to_owned(),
        r#"[{"type":"Heartbeat","messageId":"x"}]"#.to_owned(),
        notice(3, "Answered"),
        notice(2, "Proceeding"),
        notice(4, "Disconnected"),
    ];
    let heard = listen(GREETING, frames).await;
    assert!(heard.stood);
    let told: Vec<_> = heard.told.iter().filter_map(|it| it.as_ref().ok()).map(|it| it.outcome).collect();
    assert_eq!(told, [Outcome::Ringing, Outcome::Answered, Outcome::Answered], "the late one is left out");
    let call = heard.told[0].as_ref().unwrap();
    assert_eq!((call.external_id.as_str(), call.session_id.as_deref()), ("live-s-1", Some("s-1")));
    assert_eq!(reasons(&heard), [(Code::Offline, Reason::ConnectionLost)], "the end is told once, and last");
    assert!(heard.opened_at.starts_with("GET /ws?access_token=once "), "{}", heard.opened_at);
    let first = heard.first.unwrap();
    assert!(first.contains(r#""eventFilters":["/restapi/v1.0/account/~/telephony/sessions"]"#), "{first}");
    assert!(first.contains(r#""transportType":"WebSocket""#));
}

#[tokio::test]
async fn a_subscription_that_is_refused_ends_the_line() {
    let refused = r#"[{"type":"ClientRequest","messageId":"subscribe","status":403},{"errorCode":"InsufficientPermissions","errors":[{"errorCode":"CMN-401","message":"needs [CallControl]"}]}]"#;
    let heard = listen(GREETING, vec![refused.to_owned()]).await;
    assert_eq!(reasons(&heard), [(Code::Refused, Reason::NoPermission)]);
    assert_eq!(heard.told[0].as_ref().unwrap_err().why().words, "CMN-401 needs [CallControl]");
    let limited = r#"[{"type":"ClientRequest","messageId":"subscribe","status":429},{}]"#;
    assert_eq!(reasons(&listen(GREETING, vec![limited.to_owned()]).await), [(Code::Offline, Reason::SystemFault)]);
}

#[tokio::test]
async fn a_bad_greeting_ends_the_line() {
    let heard = listen(r#"[{"type":"ConnectionDetails","status":503},{}]"#, Vec::new()).await;
    assert_eq!(reasons(&heard), [(Code::Offline, Reason::SystemFault)]);
    assert!(!heard.stood);
    assert_eq!(heard.first, None, "nothing is sent to one that did not greet");
    let closed = listen(GREETING, Vec::new()).await;
    assert_eq!(reasons(&closed), [(Code::Offline, Reason::ConnectionLost)]);
}

#[tokio::test]
async fn without_the_scope_it_is_refused_once_and_ends() {
    let desk = Desk::new().await;
    desk.gives("POST", TICKET, trouble(403, "InsufficientPermissions", "CMN-401", "needs [WebSockets]")).await;
    let told: Vec<_> = desk.session.live.as_ref().unwrap().listen().collect().await;
    assert_eq!(told.len(), 1);
    let failure = told[0].as_ref().unwrap_err();
    assert_eq!((failure.code(), failure.why().words.as_str()), (Code::Refused, "CMN-401 needs [WebSockets]"));
}

#[tokio::test]
async fn a_socket_that_is_not_encrypted_is_not_opened() {
    for uri in ["ws://ws.example/", "http://127.0.0.1/", "wss:"] {
        let desk = Desk::new().await;
        desk.gives("POST", TICKET, json(200, format!(r#"{{"uri":"{uri}","ws_access_token":"once","expires_in":30}}"#)))
            .await;
        let told: Vec<_> = desk.session.live.as_ref().unwrap().listen().collect().await;
        let failure = told[0].as_ref().unwrap_err();
        assert!(matches!(failure.code(), Code::Refused | Code::Surprise), "{uri}: {failure}");
        assert_eq!(told.len(), 1);
    }
}

#[tokio::test]
async fn nobody_at_the_socket_is_offline() {
    let desk = Desk::new().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let uri = format!("ws://{}/ws", listener.local_addr().unwrap());
    drop(listener);
    desk.gives("POST", TICKET, json(200, format!(r#"{{"uri":"{uri}","ws_access_token":"once","expires_in":30}}"#)))
        .await;
    let told: Vec<_> = desk.session.live.as_ref().unwrap().listen().collect().await;
    let failure = told[0].as_ref().unwrap_err();
    assert_eq!((failure.code(), failure.why().reason), (Code::Offline, Reason::NothingListens));
    assert!(!failure.to_string().contains("once"));
}
