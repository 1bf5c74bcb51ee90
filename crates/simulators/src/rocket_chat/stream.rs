//! The realtime stream: sessions that sign in with a token, subscribe and are told of their rooms.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::extract::State as Shared;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::response::Response;
use serde_json::{Value, json};
use tokio::sync::broadcast::error::RecvError;

use super::State;
use super::room::Room;
use crate::lock;

/// What goes to every session.
#[derive(Debug, Clone)]
pub(super) enum Notice {
    /// An event of a user with its arguments.
    Event { user: String, event: &'static str, args: Value },
    /// A frame as it is, right or not.
    Raw(String),
    /// Every session is cut.
    Cut,
}

impl State {
    /// Tells the members of a room of it: `inserted`, `updated` or `removed`.
    pub(super) fn tell_room(&self, action: &'static str, room: &Room) {
        let record = self.record(room);
        for user in &room.members {
            for event in ["rooms-changed", "subscriptions-changed"] {
                let about = match event {
                    "rooms-changed" => record.clone(),
                    _ => json!({ "_id": format!("sub-{}-{user}", room.id), "rid": room.id, "name": room.name }),
                };
                let args = json!([action, about]);
                // Nobody listening is not a failure.
                let _heard = self.notices.send(Notice::Event { user: user.clone(), event, args });
            }
        }
    }

    /// Cuts every session of the stream.
    pub fn cut_streams(&self) {
        let _heard = self.notices.send(Notice::Cut);
    }

    /// Says a frame to every session, right or not.
    pub fn say_on_streams(&self, frame: &str) {
        let _heard = self.notices.send(Notice::Raw(frame.to_owned()));
    }

    /// Refuses every sign-in to the stream from now on, or no longer.
    pub fn refuse_streams(&self, is_refused: bool) {
        self.refuses_streams.store(is_refused, Ordering::SeqCst);
    }

    /// Sessions that are signed in and listen to their rooms now.
    #[must_use]
    pub fn streams(&self) -> usize {
        self.streams.load(Ordering::SeqCst)
    }
}

/// Opens a session.
pub(super) async fn open(Shared(state): Shared<Arc<State>>, upgrade: WebSocketUpgrade) -> Response {
    upgrade.on_upgrade(move |socket| serve(state, socket))
}

/// What a session is so far.
#[derive(Default)]
struct Session {
    is_connected: bool,
    user: Option<String>,
    /// Subscriptions: the event, by the id that the client gave.
    listens: BTreeMap<String, String>,
    is_counted: bool,
}

async fn serve(state: Arc<State>, mut socket: WebSocket) {
    let mut notices = state.notices.subscribe();
    let mut session = Session::default();
    let first = json!({ "server_id": "0" }).to_string();
    let mut goes_on = socket.send(Message::Text(first.into())).await.is_ok();
    while goes_on {
        goes_on = tokio::select! {
            frame = socket.recv() => match frame {
                Some(Ok(Message::Text(text))) => match session.obey(&state, text.as_str()) {
                    Some(answers) => say(&mut socket, answers).await,
                    None => false,
                },
                Some(Ok(Message::Close(_) | Message::Binary(_)) | Err(_)) | None => false,
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => true,
            },
            notice = notices.recv() => match notice {
                Ok(Notice::Cut) | Err(RecvError::Closed) => false,
                Ok(Notice::Raw(frame)) => socket.send(Message::Text(frame.into())).await.is_ok(),
                Ok(Notice::Event { user, event, args }) => say(&mut socket, session.told(&user, event, &args)).await,
                Err(RecvError::Lagged(_)) => true,
            },
        };
    }
    if session.is_counted {
        state.streams.fetch_sub(1, Ordering::SeqCst);
    }
}

async fn say(socket: &mut WebSocket, frames: Vec<Value>) -> bool {
    for frame in frames {
        if socket.send(Message::Text(frame.to_string().into())).await.is_err() {
            return false;
        }
    }
    true
}

impl Session {
    /// Does what one frame says. `None` ends the session: nothing is understood before `connect`, and no frame that is none.
    fn obey(&mut self, state: &State, text: &str) -> Option<Vec<Value>> {
        let frame: Value = serde_json::from_str(text).ok()?;
        let word = frame["msg"].as_str()?;
        if !self.is_connected {
            if word != "connect" {
                return None;
            }
            let is_right = frame["version"] == "1" && frame["support"].as_array().is_some_and(|all| !all.is_empty());
            self.is_connected = is_right;
            return is_right.then(|| vec![json!({ "msg": "connected", "session": state.new_id() })]);
        }
        match word {
            "ping" => Some(vec![json!({ "msg": "pong" })]),
            "pong" => Some(vec![]),
            "method" => Some(self.method(state, &frame)),
            "sub" => Some(self.subscribe(state, &frame)),
            _ => None,
        }
    }

    fn method(&mut self, state: &State, frame: &Value) -> Vec<Value> {
        let id = &frame["id"];
        let token = frame["params"][0]["resume"].as_str().filter(|_| frame["method"] == "login");
        let user = token.and_then(|token| lock(&state.sessions).user(token).map(str::to_owned));
        let user = user.filter(|_| !state.refuses_streams.load(Ordering::SeqCst));
        match user {
            Some(user) => {
                let result = json!({ "id": user, "type": "resume" });
                self.user = Some(user);
                vec![
                    json!({ "msg": "result", "id": id, "result": result }),
                    json!({ "msg": "updated", "methods": [id] }),
                ]
            }
            None => {
                let error = json!({ "error": 403, "reason": "You've been logged out by the server. Please log in again.", "errorType": "Meteor.Error" });
                vec![json!({ "msg": "result", "id": id, "error": error })]
            }
        }
    }

    /// A subscription to the user's own events; anything else is refused.
    fn subscribe(&mut self, state: &State, frame: &Value) -> Vec<Value> {
        let id = frame["id"].as_str().unwrap_or_default().to_owned();
        let event = frame["params"][0].as_str().filter(|_| frame["name"] == "stream-notify-user" && !id.is_empty());
        let own = event.and_then(|event| event.split_once('/')).filter(|(user, _)| Some(*user) == self.user.as_deref());
        let Some((_, event)) = own else {
            return vec![
                json!({ "msg": "nosub", "id": id, "error": { "error": "not-allowed", "reason": "Not allowed" } }),
            ];
        };
        self.listens.insert(id.clone(), event.to_owned());
        if !std::mem::replace(&mut self.is_counted, true) {
            state.streams.fetch_add(1, Ordering::SeqCst);
        }
        vec![json!({ "msg": "ready", "subs": [id] })]
    }

    fn told(&self, user: &str, event: &str, args: &Value) -> Vec<Value> {
        let listens = self.user.as_deref() == Some(user) && self.listens.values().any(|own| own == event);
        let fields = json!({ "eventName": format!("{user}/{event}"), "args": args });
        let frame = json!({ "msg": "changed", "collection": "stream-notify-user", "id": "id", "fields": fields });
        Some(frame).filter(|_| listens).into_iter().collect()
    }
}
