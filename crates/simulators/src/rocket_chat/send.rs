//! Sending: `chat.sendMessage` with its loose check and `chat.postMessage` with its strict one.

use chrono::DateTime;
use serde_json::{Map, Value, json};

use super::answer::Refusal;
use super::ask::Ask;
use super::message::Message;
use super::room::Room;
use super::{IMPERSONATE, State, attachment};
use crate::lock;

/// The longest text, in UTF-16 units as the server counts.
const LONGEST: usize = 5_000;
/// How far a sender's own time may be off.
const OUT_OF_SYNC: i64 = 60_000;

/// One room; the fields inside `message` are checked only one by one, extra ones beside it are refused.
pub(super) fn send_message(state: &State, ask: &Ask) -> Result<Value, Refusal> {
    ask.only(&["message", "previewUrls"])?;
    let given = ask.body.get("message").and_then(Value::as_object);
    let given = given.ok_or_else(|| Refusal::invalid("must have required property 'message'"))?;
    let rid = given.get("rid").and_then(Value::as_str).filter(|rid| !rid.is_empty());
    let rid = rid.ok_or_else(|| Refusal::plain("The 'rid' property on the message object is missing."))?;
    check_time(state, given)?;
    if given.contains_key("tshow") && !given.contains_key("tmid") {
        return Err(Refusal::invalid("tshow provided but missing tmid"));
    }
    let id = match given.get("_id") {
        None => state.new_id(),
        Some(Value::String(id)) if !id.is_empty() => id.clone(),
        Some(_) => return Err(Refusal::plain("Match error: Expected string in field _id")),
    };
    let room = state.joined(rid, &ask.user)?;
    let text = match given.get("msg") {
        None => "",
        Some(Value::String(text)) => text,
        Some(_) => return Err(Refusal::plain("Match error: Expected string in field msg")),
    };
    let message = new_message(state, ask, &room, (id, text), given)?;
    // The answer to an id that is there already carries no message: one asks with chat.getMessage.
    match keep(state, message) {
        Some(kept) => Ok(json!({ "message": state.message_record(&kept) })),
        None => Ok(json!({})),
    }
}

/// One room by id, or one or more by names; unknown fields are refused.
pub(super) fn post_message(state: &State, ask: &Ask) -> Result<Value, Refusal> {
    ask.only(&[
        "roomId",
        "channel",
        "text",
        "alias",
        "emoji",
        "avatar",
        "attachments",
        "tmid",
        "parseUrls",
        "customFields",
    ])?;
    let text = ask.optional_text("text")?.unwrap_or_default();
    let rooms = destinations(state, ask)?;
    let mut sent = None;
    for room in rooms {
        let message = new_message(state, ask, &room, (state.new_id(), text), &ask.body)?;
        let shown = if room.kind == "d" { format!("@{}", room.id) } else { room.name.clone() };
        sent = sent.or(keep(state, message).map(|kept| (shown, kept)));
    }
    let (channel, message) = sent.ok_or_else(|| Refusal::plain("unknown-error"))?;
    let ts = message.ts.timestamp_millis();
    Ok(json!({ "ts": ts, "channel": channel, "message": state.message_record(&message) }))
}

fn destinations(state: &State, ask: &Ask) -> Result<Vec<Room>, Refusal> {
    let names: Vec<&str> = match (ask.body.get("roomId"), ask.body.get("channel")) {
        (Some(Value::String(id)), None) => vec![id],
        (None, Some(Value::String(name))) => vec![name],
        (None, Some(Value::Array(names))) if !names.is_empty() => {
            let texts: Option<Vec<_>> = names.iter().map(Value::as_str).collect();
            texts.ok_or_else(|| Refusal::invalid("/channel must be string"))?
        }
        _ => return Err(Refusal::invalid("must match exactly one schema in oneOf")),
    };
    names.into_iter().map(|name| destination(state, &ask.user, name)).collect()
}

/// `#name`, `@user`, or an id.
fn destination(state: &State, user: &str, name: &str) -> Result<Room, Refusal> {
    let unknown = || Refusal::coded("The channel name provided is not valid", "invalid-channel");
    if let Some(username) = name.strip_prefix('@') {
        let person = state.person_named(username).ok_or_else(unknown)?;
        return Ok(state.direct(&[person.rocket_id.clone(), user.to_owned()]));
    }
    let plain = name.strip_prefix('#').unwrap_or(name);
    let rooms = state.rooms();
    let room = rooms.iter().find(|room| room.id == name || (room.kind != "d" && room.name == plain));
    state.joined(&room.ok_or_else(unknown)?.id, user)
}

fn check_time(state: &State, given: &Map<String, Value>) -> Result<(), Refusal> {
    let Some(ts) = given.get("ts") else {
        return Ok(());
    };
    let parsed = ts.as_i64().or_else(|| Some(DateTime::parse_from_rfc3339(ts.as_str()?).ok()?.timestamp_millis()));
    if parsed.is_some_and(|millis| (millis - state.clock.millis()).abs() <= OUT_OF_SYNC) {
        return Ok(());
    }
    Err(Refusal::coded("Message timestamp is out of sync", "error-message-ts-out-of-sync"))
}

fn new_message(
    state: &State,
    ask: &Ask,
    room: &Room,
    (id, text): (String, &str),
    given: &Map<String, Value>,
) -> Result<Message, Refusal> {
    check_length(text)?;
    if (given.contains_key("alias") || given.contains_key("avatar")) && !state.may(IMPERSONATE) {
        return Err(Refusal::plain("Not enough permission"));
    }
    for key in ["alias", "avatar", "emoji", "tmid"] {
        if given.get(key).is_some_and(|value| !value.is_string()) {
            return Err(Refusal::plain(&format!("Match error: Expected string in field {key}")));
        }
    }
    if let Some(cards) = given.get("attachments") {
        attachment::check(cards)?;
    }
    let now = state.clock.now();
    let kept = ["alias", "emoji", "avatar", "attachments", "tshow", "customFields", "blocks"];
    let extras = given.iter().filter(|(key, _)| kept.contains(&key.as_str()));
    Ok(Message {
        id,
        rid: room.id.clone(),
        msg: text.to_owned(),
        user: ask.user.clone(),
        ts: now,
        updated_at: now,
        edited_at: None,
        tmid: given.get("tmid").and_then(Value::as_str).map(|id| head_of(state, id)),
        extras: extras.map(|(key, value)| (key.clone(), value.clone())).collect(),
    })
}

/// Refuses a text that is too long.
pub(super) fn check_length(text: &str) -> Result<(), Refusal> {
    if text.encode_utf16().count() <= LONGEST {
        return Ok(());
    }
    let words = "Message size exceeds Message_MaxAllowedSize";
    Err(Refusal::coded(words, "error-message-size-exceeded"))
}

/// A reply to a reply belongs to the same head.
fn head_of(state: &State, id: &str) -> String {
    let archive = lock(&state.messages);
    archive.find(id).and_then(|message| message.tmid.clone()).unwrap_or_else(|| id.to_owned())
}

/// Keeps a message, or answers `None` where its id is there already.
pub(super) fn keep(state: &State, message: Message) -> Option<Message> {
    let is_new = lock(&state.messages).add(message.clone());
    state.touch(&message.rid);
    is_new.then_some(message)
}
