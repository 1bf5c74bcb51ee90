//! Messages: one by one with a panel's name, or a batch with keys of its own.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::{Form, Refusal, State};
use crate::lock;

/// The panel that means people instead of a room.
const DIRECT: &str = "messenger";

/// A message as it arrived.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sent {
    /// When.
    pub at: DateTime<Utc>,
    /// The call that brought it: `sendMessage` or `sendMessages`.
    pub call: &'static str,
    /// The room's name; `None` for a direct message.
    pub room: Option<String>,
    /// Addresses: to whom, or who is mentioned in the room.
    pub users: Vec<String>,
    /// The text.
    pub message: String,
    /// Whether a receipt is asked for.
    pub is_sealed: bool,
}

impl State {
    /// Messages that arrived, newest last.
    #[must_use]
    pub fn messages(&self) -> Vec<Sent> {
        lock(&self.sent).clone()
    }
}

pub(super) fn send_message(state: &State, form: &Form) -> Result<Value, Refusal> {
    let value = form.json("message")?;
    let fields = object(&value, "message", &["panelName", "message", "isOpened", "generalPurposes"])?;
    let panel = text(fields, "panelName")?;
    let message = text(fields, "message")?;
    let is_sealed = fields.get("isOpened").and_then(Value::as_bool);
    let is_sealed = is_sealed.ok_or_else(|| Refusal::because("isOpened must be true or false"))?;
    let users = users(fields, "generalPurposes")?;
    if panel == DIRECT && users.is_empty() {
        return Err(Refusal::because("generalPurposes.users is required for messenger"));
    }
    let room = (panel != DIRECT).then_some(panel);
    let sent = Sent { at: state.clock.now(), call: "sendMessage", room, users, message, is_sealed };
    check_addresses(state, &sent)?;
    lock(&state.sent).push(sent);
    Ok(json!({ "result": "OK" }))
}

/// The whole batch is checked before anything of it is taken.
pub(super) fn send_messages(state: &State, form: &Form) -> Result<Value, Refusal> {
    let value = form.json("messages")?;
    let items = value.as_array().ok_or_else(|| Refusal::because("messages must be an array"))?;
    if items.is_empty() {
        return Err(Refusal::because("messages is empty"));
    }
    let sent: Result<Vec<_>, _> = items.iter().map(|item| batch_item(state, item)).collect();
    let sent = sent?;
    let count = sent.len();
    lock(&state.sent).extend(sent);
    Ok(json!({ "result": "OK", "count": count }))
}

fn batch_item(state: &State, item: &Value) -> Result<Sent, Refusal> {
    let fields = object(item, "messages[]", &["send", "message", "property"])?;
    let room = fields.contains_key("send").then(|| text(fields, "send")).transpose()?;
    let users = users(fields, "property")?;
    if room.is_none() && users.is_empty() {
        return Err(Refusal::because("send or property.users is required"));
    }
    let message = text(fields, "message")?;
    let sent = Sent { at: state.clock.now(), call: "sendMessages", room, users, message, is_sealed: false };
    check_addresses(state, &sent)?;
    Ok(sent)
}

fn object<'a>(value: &'a Value, name: &str, known: &[&str]) -> Result<&'a Map<String, Value>, Refusal> {
    let fields = value.as_object().ok_or_else(|| Refusal::because(format!("{name} must be an object")))?;
    match fields.keys().find(|key| !known.contains(&key.as_str())) {
        Some(key) => Err(Refusal::because(format!("{name}: unknown key {key:?}"))),
        None => Ok(fields),
    }
}

fn text(fields: &Map<String, Value>, key: &str) -> Result<String, Refusal> {
    let text = fields.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
    text.map(str::to_owned).ok_or_else(|| Refusal::because(format!("{key} must be a text that is not empty")))
}

/// The addresses in `users` of the object under `key`: one text, joined by commas alone.
fn users(fields: &Map<String, Value>, key: &str) -> Result<Vec<String>, Refusal> {
    let Some(holder) = fields.get(key) else {
        return Ok(Vec::new());
    };
    let holder = object(holder, key, &["users"])?;
    let users: Vec<String> = text(holder, "users")?.split(',').map(str::to_owned).collect();
    let is_address = |user: &String| user.contains('@') && !user.contains(char::is_whitespace);
    match users.iter().find(|user| !is_address(user)) {
        Some(user) => Err(Refusal::because(format!("{key}.users: {user:?} is not an e-mail address"))),
        None => Ok(users),
    }
}

fn check_addresses(state: &State, sent: &Sent) -> Result<(), Refusal> {
    if lock(&state.switches).takes_anybody {
        return Ok(());
    }
    if let Some(room) = &sent.room
        && !lock(&state.chat_rooms).has_name(room)
    {
        return Err(Refusal::because(format!("chat room not found: {room}")));
    }
    let is_known = |user: &String| state.people.iter().any(|person| person.email.eq_ignore_ascii_case(user));
    match sent.users.iter().find(|user| !is_known(user)) {
        Some(user) => Err(Refusal::because(format!("user not found: {user}"))),
        None => Ok(()),
    }
}
