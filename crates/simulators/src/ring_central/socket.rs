//! The WebSocket: frames are arrays of a head and a body, the server speaks first, one subscription for each socket.

use super::ids::ACCOUNT_ID;
use super::push::{BUFFER, Push, Session, Topic, Word};
use super::query::Query;
use super::records::instant;
use super::refusal::Refusal;
use super::state::State;
use crate::lock;
use axum::extract::State as Shared;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade, close_code};
use axum::http::Uri;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{Instant, sleep_until};

/// A socket that comes back within this time gets what it missed.
const RECOVERY_SECONDS: i64 = 180;

/// Opens a socket for a token that was not used before.
pub(super) async fn open(Shared(state): Shared<Arc<State>>, uri: Uri, upgrade: WebSocketUpgrade) -> Response {
    let query = Query::read(uri.query().unwrap_or_default());
    let token = query.one("access_token").ok().flatten().unwrap_or_default();
    let is_good = lock(&state.inner).tokens.take_socket(token, state.now());
    if !is_good {
        return Refusal::token(false).into_response();
    }
    let earlier = query.one("wsc").ok().flatten().map(str::to_owned);
    upgrade.on_upgrade(move |socket| Line { state, socket, session: Session::default() }.serve(earlier))
}

/// One open socket.
struct Line {
    state: Arc<State>,
    socket: WebSocket,
    session: Session,
}

impl Line {
    async fn serve(mut self, earlier: Option<String>) {
        let token = self.state.pushes.name();
        self.state.pushes.enter(&token);
        let recovered = match &earlier {
            Some(earlier) => Some(self.recover(earlier).await),
            None => None,
        };
        let (mut words, last) = self.state.pushes.listen();
        if recovered != Some(true) {
            self.session.seen = last;
        }
        if self.begin(&token, recovered, last).await {
            self.go_on(&mut words, &token).await;
        }
        self.session.away_since = self.state.now().timestamp();
        self.state.pushes.leave(&token, self.session);
    }

    /// The first frame and what was missed, once the socket is not deaf; whether it stays open.
    async fn begin(&mut self, token: &str, recovered: Option<bool>, last: u64) -> bool {
        let mut deaf = self.state.pushes.deaf.subscribe();
        // Its sender lives as long as the state.
        let _ = deaf.wait_for(|is_deaf| !is_deaf).await;
        let me = self.me();
        let filters = &self.session.filters;
        let is_asked_for = |push: &Push| filters.iter().any(|it| event(it, &push.topic, &me).is_some());
        let missed = self.state.pushes.missed(self.session.seen, last, is_asked_for);
        let limits = self.state.pushes.limits();
        let mut is_open = self.say(&details(token, recovered, limits)).await;
        for push in missed.iter().filter(|_| recovered == Some(true)) {
            is_open = is_open && self.tell(push).await;
        }
        is_open
    }

    /// Hears and tells until one side ends it.
    async fn go_on(&mut self, words: &mut Receiver<Word>, token: &str) {
        let (idle, absolute) = self.state.pushes.limits();
        let end = Instant::now() + absolute;
        let mut is_open = true;
        while is_open {
            // Whatever happens on the socket begins its silence anew.
            let silent = sleep_until(Instant::now() + idle);
            is_open = tokio::select! {
                frame = self.socket.recv() => match frame {
                    Some(Ok(Message::Text(text))) => self.hear(text.as_str()).await,
                    Some(Ok(Message::Close(_)) | Err(_)) | None => false,
                    Some(Ok(Message::Binary(_) | Message::Ping(_) | Message::Pong(_))) => true,
                },
                word = next(words) => match word {
                    Some(word) => self.obey(word, token).await,
                    None => false,
                },
                () = silent => self.close(&Refusal::idle()).await,
                () = sleep_until(end) => self.close(&Refusal::too_old()).await,
            };
        }
    }

    /// Takes up the session of an earlier socket; whether that was possible.
    async fn recover(&mut self, token: &str) -> bool {
        let session = self.state.pushes.come_back(token).await;
        let now = self.state.now().timestamp();
        let session = session.filter(|it| now - it.away_since <= RECOVERY_SECONDS);
        let is_known = session.is_some();
        self.session = session.unwrap_or_default();
        if !self.session.filters.is_empty() {
            self.state.pushes.join();
        }
        if is_known {
            self.state.pushes.recovered();
        }
        is_known
    }

    fn is_deaf(&self) -> bool {
        *self.state.pushes.deaf.borrow()
    }

    fn me(&self) -> String {
        self.state.me().extension_id.to_string()
    }

    /// Does what this or every socket is told; whether it stays open.
    async fn obey(&mut self, word: Word, token: &str) -> bool {
        match word {
            Word::Cut(whose) => whose.is_some_and(|it| it != token),
            Word::Push(_) | Word::Say(_) if self.is_deaf() => true,
            // What was told to the socket before this one is not told again.
            Word::Push(push) if push.number <= self.session.seen => true,
            Word::Push(push) => self.tell(&push).await,
            Word::Say(text) => self.socket.send(Message::Text(text.into())).await.is_ok(),
        }
    }

    /// Says why, and closes the socket, which therefore does not stay open.
    async fn close(&mut self, why: &Refusal) -> bool {
        let id = self.state.pushes.name();
        let frame = json!([{ "type": "Error", "messageId": id, "status": why.status() }, why.json()]);
        self.say(&frame).await;
        let close = CloseFrame { code: close_code::AWAY, reason: why.code().into() };
        // The other side may be gone already.
        let _ = self.socket.send(Message::Close(Some(close))).await;
        false
    }

    async fn say(&mut self, frame: &Value) -> bool {
        self.socket.send(Message::Text(frame.to_string().into())).await.is_ok()
    }

    /// Answers one frame; whether the socket stays open.
    async fn hear(&mut self, text: &str) -> bool {
        if self.is_deaf() {
            return true;
        }
        let frame: Vec<Value> = serde_json::from_str(text).unwrap_or_default();
        let head = frame.first().cloned().unwrap_or_default();
        let body = frame.get(1).cloned().unwrap_or_default();
        let id = head["messageId"].clone();
        let answer = match head["type"].as_str() {
            Some("Heartbeat") => json!([{ "type": "Heartbeat", "messageId": id }]),
            Some("ClientRequest") => self.request(&head, &body),
            _ => json!([{ "type": "Error", "messageId": id, "status": 400 }, Refusal::body().json()]),
        };
        self.say(&answer).await
    }

    fn request(&mut self, head: &Value, body: &Value) -> Value {
        let id = head["messageId"].clone();
        let reply = match (head["method"].as_str(), head["path"].as_str()) {
            (Some("POST" | "PUT"), Some("/restapi/v1.0/subscription")) => self.subscribe(body),
            _ => Err(Refusal::address()),
        };
        match reply {
            Ok(body) => json!([{ "type": "ClientRequest", "messageId": id, "status": 200 }, body]),
            Err(refusal) => json!([{ "type": "Error", "messageId": id, "status": refusal.status() }, refusal.json()]),
        }
    }

    /// Replaces what this socket is told.
    fn subscribe(&mut self, body: &Value) -> Result<Value, Refusal> {
        let filters: Vec<String> = serde_json::from_value(body["eventFilters"].clone()).map_err(|_| Refusal::body())?;
        if filters.is_empty() || body["deliveryMode"]["transportType"] != "WebSocket" {
            return Err(Refusal::parameter(if filters.is_empty() { "eventFilters" } else { "transportType" }));
        }
        for filter in &filters {
            let scope = scope(filter).ok_or_else(|| Refusal::event_filter(filter))?;
            self.state.require(scope, None)?;
        }
        if self.session.filters.is_empty() {
            self.state.pushes.join();
        }
        self.session.filters = filters;
        self.session.subscription = self.state.pushes.name();
        let now = instant(self.state.now());
        Ok(json!({
            "id": self.session.subscription,
            "creationTime": now,
            "status": "Active",
            "eventFilters": self.session.filters,
            "expiresIn": 604_799,
            "deliveryMode": { "transportType": "WebSocket", "encryption": false },
        }))
    }

    /// Passes a notification on if it was asked for.
    async fn tell(&mut self, push: &Push) -> bool {
        self.session.seen = push.number;
        let me = self.me();
        let named = |it: &String| Some((it.contains(DETAILED), event(it, &push.topic, &me)?));
        let Some((is_detailed, event)) = self.session.filters.iter().find_map(named) else {
            return true;
        };
        let mut body = push.body.clone();
        if let Some(body) = body.as_object_mut().filter(|_| !is_detailed) {
            body.shift_remove("activeCalls");
        }
        let uuid = self.state.pushes.name();
        let frame = json!([
            { "type": "ServerNotification", "messageId": uuid, "status": 200 },
            {
                "uuid": uuid,
                "event": event,
                "timestamp": instant(self.state.now()),
                "subscriptionId": self.session.subscription,
                "ownerId": me,
                "body": body,
            },
        ]);
        self.say(&frame).await
    }
}

const ACCOUNT: &str = "/restapi/v1.0/account/~/";
const POSTS: &str = "/team-messaging/v1/posts";
/// Asks for the calls in a notification of presence.
const DETAILED: &str = "detailedTelephonyState=true";

/// What an event filter asks for.
#[derive(Debug, PartialEq, Eq)]
enum Asked<'a> {
    /// Calls or presence, of everybody or of one extension.
    Of {
        what: &'a str,
        extension: Option<&'a str>,
    },
    Posts,
}

/// Reads a filter; nothing if it is not known.
fn asked(filter: &str) -> Option<Asked<'_>> {
    const KNOWN: [&str; 2] = ["telephony/sessions", "presence"];
    let plain = filter.split('?').next().unwrap_or(filter);
    if plain == POSTS {
        return Some(Asked::Posts);
    }
    let rest = plain.strip_prefix(ACCOUNT)?;
    let (extension, what) = match rest.strip_prefix("extension/").and_then(|it| it.split_once('/')) {
        Some((id, what)) => (Some(id).filter(|it| *it == "~" || it.bytes().all(|it| it.is_ascii_digit())), what),
        None => (None, rest),
    };
    let is_whole = extension.is_some() != (what == rest);
    (KNOWN.contains(&what) && is_whole).then_some(Asked::Of { what, extension })
}

/// The scope that a filter needs; nothing if the filter is not known.
fn scope(filter: &str) -> Option<&'static str> {
    Some(match asked(filter)? {
        Asked::Posts => "TeamMessaging",
        Asked::Of { what: "presence", .. } => "ReadPresence",
        Asked::Of { .. } => "CallControl",
    })
}

/// The name of the event if a notification about `topic` passes the filter.
fn event(filter: &str, topic: &Topic, me: &str) -> Option<String> {
    let (kind, ids): (&str, &[String]) = match topic {
        Topic::Telephony(extensions) => ("telephony/sessions", extensions),
        Topic::Presence(extension) => ("presence", std::slice::from_ref(extension)),
        Topic::Posts => return (asked(filter)? == Asked::Posts).then(|| POSTS.to_owned()),
    };
    let Asked::Of { what, extension } = asked(filter)? else {
        return None;
    };
    let account = format!("/restapi/v1.0/account/{ACCOUNT_ID}");
    let query = filter.find('?').filter(|_| kind == "presence").map_or("", |at| &filter[at..]);
    match extension.map(|it| if it == "~" { me } else { it }) {
        _ if what != kind => None,
        None => Some(format!("{account}/{what}{query}")),
        Some(id) => ids.iter().any(|it| it == id).then(|| format!("{account}/extension/{id}/{what}{query}")),
    }
}

/// The first frame.
fn details(token: &str, recovered: Option<bool>, limits: (Duration, Duration)) -> Value {
    let mut body = json!({
        "recoveryTimeout": RECOVERY_SECONDS,
        "recoveryBufferSize": BUFFER,
        "idleTimeout": limits.0.as_secs(),
        "absoluteTimeout": limits.1.as_secs(),
        "maxActiveRequests": 10,
    });
    if let Some(is_recovered) = recovered {
        body["recoveryState"] = if is_recovered { "Successful" } else { "Failed" }.into();
    }
    json!([
        {
            "type": "ConnectionDetails",
            "messageId": token,
            "status": 200,
            "wsc": { "token": token, "sequence": 1 },
        },
        body,
    ])
}

/// What comes next; a socket that is far too slow loses some.
async fn next(words: &mut Receiver<Word>) -> Option<Word> {
    loop {
        match words.recv().await {
            Ok(word) => return Some(word),
            Err(RecvError::Lagged(_)) => {}
            Err(RecvError::Closed) => return None,
        }
    }
}
