//! Messages as they are kept, and how they are read and changed.

use std::collections::HashMap;

use chrono::{DateTime, TimeZone, Utc};
use rand::Rng;
use rand::seq::IndexedRandom;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::answer::Refusal;
use super::ask::Ask;
use super::{State, iso};
use crate::lock;

/// A message.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Message {
    /// The vendor's id, or the sender's own.
    #[serde(rename = "_id")]
    pub id: String,
    /// Room.
    pub rid: String,
    /// Text.
    pub msg: String,
    /// User id of the sender.
    pub user: String,
    /// When it was sent.
    pub ts: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// When its text was changed, if it was.
    pub edited_at: Option<DateTime<Utc>>,
    /// The message at the head of its thread.
    pub tmid: Option<String>,
    /// What else the sender gave: alias, emoji, avatar, attachments and the like.
    pub extras: Map<String, Value>,
}

/// Every message in the order of arrival.
#[derive(Debug, Default)]
pub(super) struct Archive {
    list: Vec<Message>,
    places: HashMap<String, usize>,
}

impl Archive {
    /// How many messages a room has.
    pub(super) fn count(&self, room: &str) -> usize {
        self.list.iter().filter(|message| message.rid == room).count()
    }

    /// Keeps a message; one with an id that is there already is left out, and the answer is false.
    pub(super) fn add(&mut self, message: Message) -> bool {
        let is_new = !self.places.contains_key(&message.id);
        if is_new {
            self.places.insert(message.id.clone(), self.list.len());
            self.list.push(message);
        }
        is_new
    }

    pub(super) fn find(&self, id: &str) -> Option<&Message> {
        self.list.get(*self.places.get(id)?)
    }

    fn find_mut(&mut self, id: &str) -> Option<&mut Message> {
        self.list.get_mut(*self.places.get(id)?)
    }
}

impl State {
    /// Every message, newest last.
    #[must_use]
    pub fn messages(&self) -> Vec<Message> {
        lock(&self.messages).list.clone()
    }

    /// Somebody other than the account says something in one of its rooms; who and what the dice say.
    pub fn receive(&self, rng: &mut impl Rng) {
        const TEXTS: [&str; 8] = [
            "北浜デザイン様、3階へご案内しました",
            "15時の来客、1名増えます",
            "Could someone take the call for procurement?",
            "会議室301、延長してもいいですか",
            "宅配便が届いています",
            "서울 오피스 연결 부탁드립니다",
            "折り返し済みです、ありがとうございます",
            "I am back at my desk.",
        ];
        let own = self.user_id();
        let rooms: Vec<_> = self.rooms().into_iter().filter(|room| room.members.iter().any(|id| id == own)).collect();
        let Some(room) = rooms.choose(rng) else {
            return;
        };
        let others: Vec<_> = room.members.iter().filter(|id| *id != own).collect();
        if let (Some(user), Some(text)) = (others.choose(rng), TEXTS.choose(rng)) {
            let now = self.clock.now();
            let (id, rid, msg, user) = (self.new_id(), room.id.clone(), (*text).to_owned(), (*user).clone());
            let extras = Map::new();
            let message = Message { id, rid, msg, user, ts: now, updated_at: now, edited_at: None, tmid: None, extras };
            lock(&self.messages).add(message);
            self.touch(&room.id);
        }
    }

    /// A message as answers carry it.
    pub(super) fn message_record(&self, message: &Message) -> Value {
        let user = self.person(&message.user);
        let user = user.map(|it| json!({ "_id": it.rocket_id, "username": it.username, "name": it.name }));
        let mut record = json!({
            "_id": message.id,
            "rid": message.rid,
            "msg": message.msg,
            "ts": iso(message.ts),
            "u": user,
            "_updatedAt": iso(message.updated_at),
            "urls": [],
            "mentions": [],
            "channels": [],
        });
        for (key, value) in &message.extras {
            record[key] = value.clone();
        }
        if let Some(head) = &message.tmid {
            record["tmid"] = json!(head);
        }
        if let Some(at) = message.edited_at {
            record["editedAt"] = iso(at);
            record["editedBy"] = record["u"].clone();
        }
        record
    }
}

pub(super) fn get(state: &State, ask: &Ask) -> Result<Value, Refusal> {
    let id = ask.one("msgId").ok_or_else(|| Refusal::invalid("must have required property 'msgId'"))?;
    let message = lock(&state.messages).find(id).cloned();
    let message = message.filter(|it| state.joined(&it.rid, &ask.user).is_ok());
    let message = message.ok_or_else(|| Refusal::plain("No message found"))?;
    Ok(json!({ "message": state.message_record(&message) }))
}

pub(super) fn update(state: &State, ask: &Ask) -> Result<Value, Refusal> {
    ask.only(&["roomId", "msgId", "text", "previewUrls", "customFields"])?;
    let (room, id, text) = (ask.text("roomId")?, ask.text("msgId")?, ask.text("text")?);
    let now = state.clock.now();
    let mut archive = lock(&state.messages);
    let message = archive.find_mut(id);
    let message = message.ok_or_else(|| Refusal::plain(&format!("No message found with the id of \"{id}\".")))?;
    if message.rid != room {
        return Err(Refusal::plain("The room id provided does not match where the message is from."));
    }
    if message.user != ask.user {
        return Err(Refusal::coded("Message editing not allowed", "error-action-not-allowed"));
    }
    text.clone_into(&mut message.msg);
    message.edited_at = Some(now);
    message.updated_at = now;
    let changed = message.clone();
    drop(archive);
    Ok(json!({ "message": state.message_record(&changed) }))
}

/// Messages changed after `lastUpdate`, or a page of them after the cursor `next`.
pub(super) fn sync(state: &State, ask: &Ask) -> Result<Value, Refusal> {
    let room = ask.one("roomId").ok_or_else(|| Refusal::invalid("must have required property 'roomId'"))?;
    state.joined(room, &ask.user)?;
    let since = match (ask.one("lastUpdate"), ask.one("next")) {
        (Some(text), None) => DateTime::parse_from_rfc3339(text).ok().map(|at| at.to_utc()),
        (None, Some(text)) if ask.one("type").is_some() => {
            text.parse().ok().and_then(|millis| Utc.timestamp_millis_opt(millis).single())
        }
        _ => None,
    };
    let text = "The \"lastUpdate\" or \"next\" with \"type\" parameter must be a valid date";
    let since = since.ok_or_else(|| Refusal::coded(text, "error-param-required"))?;
    let mut found: Vec<Message> = state.messages();
    found.retain(|message| message.rid == room && message.updated_at > since && ask.one("type") != Some("DELETED"));
    found.sort_by_key(|message| message.updated_at);
    if ask.one("lastUpdate").is_some() {
        let updated: Vec<_> = found.iter().map(|message| state.message_record(message)).collect();
        return Ok(json!({ "result": { "updated": updated, "deleted": [] } }));
    }
    let page = ask.page()?.of(&found);
    let updated: Vec<_> = page.iter().map(|message| state.message_record(message)).collect();
    let next = (page.len() < found.len()).then(|| page.last().map(|it| it.updated_at.timestamp_millis().to_string()));
    let cursor = json!({ "next": next.flatten(), "previous": null });
    Ok(json!({ "result": { "updated": updated, "deleted": [], "cursor": cursor } }))
}
