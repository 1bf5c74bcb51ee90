//! Calls as they ring, against a socket that speaks as the vendor's does.

use futures::{SinkExt, StreamExt};
use model::call::{Outcome, SeenCall};
use model::connection::Limitation;
use model::failure::Code;
use model::person::{Availability, Presence};
use model::ports::Heard;
use model::{Failure, Raw, Reason};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;

use crate::desk::{Desk, json, query, trouble};

const TICKET: &str = "restapi/oauth/wstoken";
const GREETING: &str = r#"[{"type":"ConnectionDetails","status":200},{"idleTimeout":1800}]"#;
const SUBSCRIBED: &str = r#"[{"type":"ClientRequest","messageId":"subscribe-0","status":200},{"id":"sub-1"}]"#;

fn notice(sequence: u32, code: &str) -> String {
    format!(
        r#"[{{"type":"ServerNotification","messageId":"n","status":200}},{{"uuid":"u","event":"/restapi/v1.0/account/1/telephony/sessions","body":{{"sequence":{sequence},"sessionId":"9","telephonySessionId":"s-1","eventTime":"2026-10-14T01:00:00Z","parties":[{{"id":"p-1","extensionId":"44444441","direction":"Inbound","from":{{"phoneNumber":"+12155550101"}},"to":{{"phoneNumber":"+16505550100"}},"status":{{"code":"{code}"}}}}]}}}}]"#
    )
}

/// What the listener heard until its line ended, and what the server was sent.
struct Line {
    told: Vec<Result<Heard, Failure>>,
    sent: Vec<String>,
    opened_at: String,
}

impl Line {
    fn calls(&self) -> Vec<&SeenCall> {
        let call = |it: &Heard| matches!(it, Heard::Call(_));
        let heard = self.told.iter().filter_map(|it| it.as_ref().ok()).filter(|it| call(it));
        heard.filter_map(|it| if let Heard::Call(call) = it { Some(&**call) } else { None }).collect()
    }

    fn reasons(&self) -> Vec<(Code, Reason)> {
        self.told.iter().filter_map(|it| it.as_ref().err()).map(|it| (it.code(), it.why().reason)).collect()
    }
}

/// The vendor's end of a socket.
struct End(WebSocketStream<TcpStream>, Vec<String>);

impl End {
    /// Takes the next connection; also the first line of its request.
    async fn accept(listener: &TcpListener) -> (Self, String) {
        let (stream, _) = listener.accept().await.unwrap();
        let mut line = vec![0; 400];
        let length = stream.peek(&mut line).await.unwrap();
        let line = String::from_utf8_lossy(&line[..length]).lines().next().unwrap_or_default().to_owned();
        (Self(tokio_tungstenite::accept_async(stream).await.unwrap(), Vec::new()), line)
    }

    async fn say(&mut self, frame: &str) {
        let _ = self.0.send(Message::text(frame)).await;
    }

    /// The next frame that the client sends.
    async fn hear(&mut self) -> Option<String> {
        let frame = self.0.next().await.and_then(Result::ok)?.into_text().ok()?.to_string();
        self.1.push(frame.clone());
        Some(frame)
    }

    /// Cuts the line without a farewell.
    fn cut(self) {
        drop(self.0);
    }
}

/// A desk whose tickets lead to this listener.
async fn desk_at(listener: &TcpListener) -> Desk {
    let desk = Desk::new().await;
    let uri = format!("ws://{}/ws", listener.local_addr().unwrap());
    desk.gives("POST", TICKET, json(200, format!(r#"{{"uri":"{uri}","ws_access_token":"once","expires_in":30}}"#)))
        .await;
    desk
}

async fn all(desk: &Desk) -> Vec<Result<Heard, Failure>> {
    desk.session.live.as_ref().unwrap().listen().collect().await
}

/// Listens against a socket that greets, reads the subscription, sends `frames` and closes; it cannot be taken up again.
async fn listen(greeting: &str, frames: Vec<String>) -> Line {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let desk = desk_at(&listener).await;
    let greeting = greeting.to_owned();
    let vendor = tokio::spawn(async move {
        let (mut end, opened_at) = End::accept(&listener).await;
        end.say(&greeting).await;
        end.hear().await;
        for frame in frames {
            end.say(&frame).await;
        }
        let _ = end.0.close(None).await;
        (end.1, opened_at)
    });
    let told = all(&desk).await;
    let (sent, opened_at) = vendor.await.unwrap();
    Line { told, sent, opened_at }
}

#[tokio::test]
async fn a_call_is_told_as_it_rings_and_changes_until_the_line_ends() {
    let frames = vec![
        notice(1, "Setup"),
        SUBSCRIBED.to_owned(),
        r#"[{"type":"Heartbeat","messageId":"x"}]"#.to_owned(),
        notice(3, "Answered"),
        notice(2, "Proceeding"),
        notice(4, "Disconnected"),
    ];
    let heard = listen(GREETING, frames).await;
    assert_eq!(heard.told[0], Ok(Heard::Listening(None)));
    let told: Vec<_> = heard.calls().iter().map(|it| it.outcome).collect();
    assert_eq!(told, [Outcome::Ringing, Outcome::Answered, Outcome::Answered], "the late one says nothing new");
    let call = heard.calls()[0];
    assert_eq!((call.external_id.as_str(), call.session_id.as_deref()), ("live-s-1", Some("s-1")));
    assert_eq!(heard.reasons(), [(Code::Offline, Reason::ConnectionLost)], "the end is told once");
    assert!(heard.told.last().unwrap().is_err(), "and last");
    assert!(heard.opened_at.starts_with("GET /ws?access_token=once "), "{}", heard.opened_at);
    let first = &heard.sent[0];
    let filters = r#""eventFilters":["/restapi/v1.0/account/~/telephony/sessions","/restapi/v1.0/account/~/presence?detailedTelephonyState=true"]"#;
    assert!(first.contains(filters), "{first}");
    assert!(first.contains(r#""transportType":"WebSocket""#));
}

#[tokio::test]
async fn presence_is_told_and_what_cannot_be_understood_is_handed_on_as_it_came() {
    let notice = |event: &str, body: &str| {
        format!(r#"[{{"type":"ServerNotification","messageId":"n"}},{{"event":"{event}","body":{body}}}]"#)
    };
    let busy = r#"{"extensionId":"1","presenceStatus":"Busy","telephonyStatus":"Ringing","sequence":7}"#;
    let odd = [
        "not json".to_owned(),
        r#"{"type":"ServerNotification"}"#.to_owned(),
        r#"[{"type":"ServerNotification"}]"#.to_owned(),
        r#"[{"type":"Levitation"}]"#.to_owned(),
        notice("/restapi/v1.0/account/1/telephony/sessions", r#"{"parties":[]}"#),
        notice("/restapi/v1.0/account/1/presence", "{}"),
        notice("/restapi/v1.0/account/1/weather", "{}"),
    ];
    let mut frames = vec![SUBSCRIBED.to_owned(), notice("/restapi/v1.0/account/1/extension/1/presence", busy)];
    frames.extend(odd.iter().cloned());
    let heard = listen(GREETING, frames).await;
    let presence = Presence { external_id: "1".into(), availability: Availability::Busy, is_on_call: true };
    assert_eq!(heard.told[1], Ok(Heard::Presence(presence)));
    let kept: Vec<_> = heard.told[2..heard.told.len() - 1].to_vec();
    assert_eq!(kept, odd.map(|it| Ok(Heard::NotUnderstood(Raw(it)))));
}

#[tokio::test]
async fn a_cut_line_is_taken_up_again_and_what_was_missed_is_told_or_known_to_be_missed() {
    let greeting = |token: &str, state: &str| {
        let state = if state.is_empty() { String::new() } else { format!(r#","recoveryState":"{state}""#) };
        format!(
            r#"[{{"type":"ConnectionDetails","status":200,"wsc":{{"token":"{token}","sequence":0}}}},{{"recoveryTimeout":0{state}}}]"#
        )
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let desk = desk_at(&listener).await;
    let vendor = tokio::spawn(async move {
        let mut opened = Vec::new();
        let (mut end, at) = End::accept(&listener).await;
        opened.push(at);
        end.say(&greeting("w1", "")).await;
        end.hear().await;
        end.say(SUBSCRIBED).await;
        end.say(&notice(1, "Setup")).await;
        end.cut();
        let (mut end, at) = End::accept(&listener).await;
        opened.push(at);
        end.say(&greeting("w2", "Successful")).await;
        end.say(&notice(2, "Answered")).await;
        assert_eq!(end.1.len(), 0, "the subscription is still there");
        end.cut();
        let (mut end, at) = End::accept(&listener).await;
        opened.push(at);
        end.say(&greeting("w3", "Failed")).await;
        end.hear().await;
        end.say(SUBSCRIBED).await;
        drop(listener);
        end.cut();
        opened
    });
    let told = all(&desk).await;
    let opened = vendor.await.unwrap();
    assert!(opened[1].contains("access_token=once&wsc=w1 "), "{}", opened[1]);
    assert!(opened[2].contains("wsc=w2 "), "{}", opened[2]);
    let shape: Vec<_> = told
        .iter()
        .map(|it| match it {
            Ok(Heard::Listening(None)) => "stands",
            Ok(Heard::Call(call)) if call.outcome == Outcome::Ringing => "rings",
            Ok(Heard::Call(call)) if call.outcome == Outcome::Answered => "answered",
            Ok(Heard::Interrupted) => "cut",
            Ok(Heard::Gap) => "gap",
            Err(failure) if failure.code() == Code::Offline => "lost",
            other => panic!("{other:?}"),
        })
        .collect();
    let expected = ["stands", "rings", "cut", "stands", "answered", "cut", "gap", "stands", "cut", "lost"];
    assert_eq!(shape, expected);
}

#[tokio::test]
async fn without_the_right_to_presence_calls_are_subscribed_to_alone() {
    let refused = |at: u32| {
        format!(
            r#"[{{"type":"ClientRequest","messageId":"subscribe-{at}","status":403}},{{"errors":[{{"errorCode":"CMN-401","message":"needs [ReadPresence]"}}]}}]"#
        )
    };
    let granted = SUBSCRIBED.replace("subscribe-0", "subscribe-1");
    let heard = listen(GREETING, vec![refused(0), granted, notice(1, "Setup")]).await;
    assert_eq!(heard.told[0], Ok(Heard::Listening(None)));
    assert_eq!(heard.calls().len(), 1);
    let limited = r#"[{"type":"ClientRequest","messageId":"subscribe-0","status":429},{}]"#;
    assert_eq!(listen(GREETING, vec![limited.to_owned()]).await.reasons(), [(Code::Offline, Reason::SystemFault)]);
}

const ACTIVE: &str = "restapi/v1.0/account/~/active-calls";
const OWN_ACTIVE: &str = "restapi/v1.0/account/~/extension/~/active-calls";

fn active(leg: &str) -> String {
    format!(
        r#"{{"records":[{{"id":"1","telephonySessionId":"s-1","startTime":"2026-10-14T01:59:50Z","direction":"Inbound","result":"In Progress","legs":[{{"result":"{leg}"}}]}}]}}"#
    )
}

#[tokio::test]
async fn without_the_right_to_be_pushed_to_calls_are_asked_for_and_that_is_said() {
    let desk = Desk::new().await;
    desk.gives("POST", TICKET, trouble(403, "InsufficientPermissions", "CMN-401", "needs [WebSockets]")).await;
    desk.gives("GET", ACTIVE, trouble(403, "InsufficientPermissions", "CMN-408", "no")).await;
    desk.gives("GET", OWN_ACTIVE, json(200, active("In Progress"))).await;
    let mut line = desk.session.live.as_ref().unwrap().listen();
    let limited = Heard::Listening(Some(Limitation::AskedNotPushed));
    assert_eq!(line.next().await, Some(Ok(limited)));
    let Some(Ok(Heard::Call(call))) = line.next().await else { panic!("a call goes on") };
    assert_eq!((call.external_id.as_str(), call.outcome), ("live-s-1", Outcome::Ringing));
    assert_eq!(query(desk.asked().await.last().unwrap(), "view").as_deref(), Some("Detailed"));
}

#[tokio::test]
async fn without_the_right_to_any_event_calls_are_asked_for_too() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let desk = desk_at(&listener).await;
    desk.gives("GET", ACTIVE, json(200, active("Accepted"))).await;
    let vendor = tokio::spawn(async move {
        let (mut end, _) = End::accept(&listener).await;
        end.say(GREETING).await;
        for at in 0..2 {
            end.hear().await;
            let refused = r#","status":403},{"errors":[{"errorCode":"CMN-401","message":"needs [CallControl]"}]}]"#;
            end.say(&format!(r#"[{{"type":"ClientRequest","messageId":"subscribe-{at}"{refused}"#)).await;
        }
    });
    let mut line = desk.session.live.as_ref().unwrap().listen();
    assert_eq!(line.next().await, Some(Ok(Heard::Listening(Some(Limitation::AskedNotPushed)))));
    let Some(Ok(Heard::Call(call))) = line.next().await else { panic!("a call goes on") };
    assert_eq!(call.outcome, Outcome::Answered);
    vendor.await.unwrap();
}

#[tokio::test]
async fn without_any_right_the_refusal_is_told_once_and_ends_the_line() {
    let desk = Desk::new().await;
    desk.gives("POST", TICKET, trouble(403, "InsufficientPermissions", "CMN-401", "needs [WebSockets]")).await;
    for path in [ACTIVE, OWN_ACTIVE] {
        desk.gives("GET", path, trouble(403, "InsufficientPermissions", "CMN-401", "needs [ReadCallLog]")).await;
    }
    let told = all(&desk).await;
    assert_eq!(told.len(), 1);
    let failure = told[0].as_ref().unwrap_err();
    assert_eq!((failure.code(), failure.why().words.as_str()), (Code::Refused, "CMN-401 needs [ReadCallLog]"));
}

#[tokio::test]
async fn a_bad_greeting_ends_the_line() {
    let heard = listen(r#"[{"type":"ConnectionDetails","status":503},{}]"#, Vec::new()).await;
    assert_eq!(heard.reasons(), [(Code::Offline, Reason::SystemFault)]);
    assert_eq!(heard.told.len(), 1);
    assert_eq!(heard.sent.len(), 0, "nothing is sent to one that did not greet");
    let closed = listen(GREETING, Vec::new()).await;
    assert_eq!(closed.reasons(), [(Code::Offline, Reason::ConnectionLost)]);
}

#[tokio::test]
async fn a_socket_that_is_not_encrypted_is_not_opened() {
    for uri in ["ws://ws.example/", "http://127.0.0.1/", "wss:"] {
        let desk = Desk::new().await;
        desk.gives("POST", TICKET, json(200, format!(r#"{{"uri":"{uri}","ws_access_token":"once","expires_in":30}}"#)))
            .await;
        let told = all(&desk).await;
        let failure = told[0].as_ref().unwrap_err();
        assert!(matches!(failure.code(), Code::Refused | Code::Surprise), "{uri}: {failure}");
        assert_eq!(told.len(), 1);
    }
}

#[tokio::test]
async fn nobody_at_the_socket_is_offline() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let desk = desk_at(&listener).await;
    drop(listener);
    let told = all(&desk).await;
    let failure = told[0].as_ref().unwrap_err();
    assert_eq!((failure.code(), failure.why().reason), (Code::Offline, Reason::NothingListens));
    assert!(!failure.to_string().contains("once"));
}

#[tokio::test]
async fn a_line_on_which_nobody_answers_a_sign_of_life_is_over() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let desk = desk_at(&listener).await;
    let vendor = tokio::spawn(async move {
        let (mut end, _) = End::accept(&listener).await;
        end.say(GREETING).await;
        end.hear().await;
        end.say(SUBSCRIBED).await;
        while end.hear().await.is_some() {}
        end.1
    });
    let mut line = desk.session.live.as_ref().unwrap().listen();
    assert_eq!(line.next().await, Some(Ok(Heard::Listening(None))));
    // From here on nothing comes from there, and only time goes by.
    tokio::time::pause();
    let failure = line.next().await.unwrap().unwrap_err();
    assert_eq!((failure.code(), failure.why().reason), (Code::Offline, Reason::TimedOut));
    assert_eq!(line.next().await, None);
    drop(line);
    let sent = vendor.await.unwrap();
    let beats: Vec<_> = sent.iter().filter(|it| it.contains(r#""type":"Heartbeat""#)).collect();
    assert_eq!(beats.len(), 1, "one sign of life, then patience ends: {sent:?}");
}
