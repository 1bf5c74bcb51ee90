//! The WebSocket: frames are arrays of a head and a body, the server speaks first, one subscription for each socket.

use super::ids::ACCOUNT_ID;
use super::push::{Push, Session, Topic};
use super::query::Query;
use super::records::instant;
use super::refusal::Refusal;
use super::state::State;
use crate::lock;
use axum::extract::State as Shared;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::http::Uri;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use std::sync::Arc;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

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
        let (mut pushes, last) = self.state.pushes.listen();
        let token = self.state.pushes.name();
        let recovered = earlier.as_ref().map(|it| self.recover(it));
        let missed = self.state.pushes.missed(self.session.seen, last);
        if recovered != Some(true) {
            self.session.seen = last;
        }
        let mut is_open = self.say(&details(&token, recovered)).await;
        for push in missed.iter().filter(|_| recovered == Some(true)) {
            is_open = is_open && self.tell(push).await;
        }
        while is_open {
            is_open = tokio::select! {
                frame = self.socket.recv() => match frame {
                    Some(Ok(Message::Text(text))) => self.hear(text.as_str()).await,
                    Some(Ok(Message::Close(_)) | Err(_)) | None => false,
                    Some(Ok(Message::Binary(_) | Message::Ping(_) | Message::Pong(_))) => true,
                },
                push = next(&mut pushes) => match push {
                    Some(push) => self.tell(&push).await,
                    None => false,
                },
            };
        }
        self.session.away_since = self.state.now().timestamp();
        self.state.pushes.leave(&token, self.session);
    }

    /// Takes up the session of an earlier socket; whether that was possible.
    fn recover(&mut self, token: &str) -> bool {
        let now = self.state.now().timestamp();
        let session = self.state.pushes.come_back(token).filter(|it| now - it.away_since <= RECOVERY_SECONDS);
        let is_known = session.is_some();
        self.session = session.unwrap_or_default();
        if !self.session.filters.is_empty() {
            self.state.pushes.join();
        }
        is_known
    }

    async fn say(&mut self, frame: &Value) -> bool {
        self.socket.send(Message::Text(frame.to_string().into())).await.is_ok()
    }

    /// Answers one frame; whether the socket stays open.
    async fn hear(&mut self, text: &str) -> bool {
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
        let me = self.state.me().extension_id.to_string();
        let Some(event) = self.session.filters.iter().find_map(|it| event(it, &push.topic, &me)) else {
            return true;
        };
        let uuid = self.state.pushes.name();
        let frame = json!([
            { "type": "ServerNotification", "messageId": uuid, "status": 200 },
            {
                "uuid": uuid,
                "event": event,
                "timestamp": instant(self.state.now()),
                "subscriptionId": self.session.subscription,
                "ownerId": me,
                "body": push.body,
            },
        ]);
        self.say(&frame).await
    }
}

const ACCOUNT_SESSIONS: &str = "/restapi/v1.0/account/~/telephony/sessions";
const OWN_SESSIONS: &str = "/restapi/v1.0/account/~/extension/~/telephony/sessions";
const POSTS: &str = "/team-messaging/v1/posts";

/// The filter without its query.
fn plain(filter: &str) -> &str {
    filter.split('?').next().unwrap_or(filter)
}

/// The scope that a filter needs; nothing if the filter is not known.
fn scope(filter: &str) -> Option<&'static str> {
    match plain(filter) {
        ACCOUNT_SESSIONS | OWN_SESSIONS => Some("CallControl"),
        POSTS => Some("TeamMessaging"),
        _ => None,
    }
}

/// The name of the event if a notification about `topic` passes the filter.
fn event(filter: &str, topic: &Topic, me: &str) -> Option<String> {
    match (plain(filter), topic) {
        (ACCOUNT_SESSIONS, Topic::Telephony(_)) => Some(ACCOUNT_SESSIONS.replace('~', ACCOUNT_ID)),
        (OWN_SESSIONS, Topic::Telephony(extensions)) if extensions.iter().any(|it| it == me) => {
            Some(format!("/restapi/v1.0/account/{ACCOUNT_ID}/extension/{me}/telephony/sessions"))
        }
        (POSTS, Topic::Posts) => Some(POSTS.to_owned()),
        _ => None,
    }
}

/// The first frame.
fn details(token: &str, recovered: Option<bool>) -> Value {
    let mut body = json!({
        "recoveryTimeout": RECOVERY_SECONDS,
        "recoveryBufferSize": 100,
        "idleTimeout": 1_800,
        "absoluteTimeout": 86_400,
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

/// The next notification; a socket that is far too slow loses some.
async fn next(pushes: &mut Receiver<Push>) -> Option<Push> {
    loop {
        match pushes.recv().await {
            Ok(push) => return Some(push),
            Err(RecvError::Lagged(_)) => {}
            Err(RecvError::Closed) => return None,
        }
    }
}
