//! Chat rooms, which can be made and changed but neither listed nor read through the API.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{Form, Refusal, State};
use crate::generator::people::Person;
use crate::{Clock, lock};

/// Every chat room by its id.
pub(super) struct Shelf {
    rooms: BTreeMap<String, Map<String, Value>>,
    next_id: i64,
    /// Whether members who are left out stay: the vendor does not say what happens to them.
    keeps_left_out: bool,
}

impl Shelf {
    /// The rooms that the office has from the start.
    pub(super) fn new(people: &[Person], clock: &Clock) -> Self {
        // Ids look like nanoseconds since 1970: 19 digits, beyond what a JavaScript number holds.
        let next_id = clock.millis() * 1_000_000 + 237_059;
        let mut shelf = Self { rooms: BTreeMap::new(), next_id, keeps_left_out: false };
        for (name, is_public, size) in
            [("受付", false, 3), ("全社連絡", true, 24), ("営業部", false, 6), ("test", true, 4)]
        {
            let members: Vec<_> = people.iter().take(size).map(|person| person.cam_uid.as_str()).collect();
            shelf.insert(room(name, is_public, &members));
        }
        shelf
    }

    /// Whether a room with this name exists.
    pub(super) fn has_name(&self, name: &str) -> bool {
        self.rooms.values().any(|room| room.get("name").and_then(Value::as_str) == Some(name))
    }

    fn insert(&mut self, fields: Map<String, Value>) -> Value {
        self.next_id += 1_000_003;
        let id = self.next_id.to_string();
        let mut whole = Map::from_iter([("id".to_owned(), json!(id))]);
        whole.extend(fields.into_iter().filter(|(key, _)| key != "id"));
        self.rooms.insert(id, whole.clone());
        Value::Object(whole)
    }

    /// Replaces the given fields, the members as a whole unless those who are left out stay.
    fn change(&mut self, id: &str, mut fields: Map<String, Value>) -> Result<Value, Refusal> {
        let room = self.rooms.get_mut(id).ok_or_else(|| Refusal::because("chat room not found"))?;
        if self.keeps_left_out
            && let Some(members) = fields.get_mut("memberUids").and_then(Value::as_object_mut)
        {
            let former = room.get("memberUids").and_then(Value::as_object).cloned().unwrap_or_default();
            for (uid, value) in former {
                members.entry(uid).or_insert(value);
            }
        }
        room.extend(fields);
        Ok(Value::Object(room.clone()))
    }
}

impl State {
    /// Every chat room as the server has it, oldest first.
    #[must_use]
    pub fn chat_rooms(&self) -> Vec<Value> {
        lock(&self.chat_rooms).rooms.values().cloned().map(Value::Object).collect()
    }

    /// Whether members whom an update leaves out stay in the room.
    pub fn keep_left_out_members(&self, are_kept: bool) {
        lock(&self.chat_rooms).keeps_left_out = are_kept;
    }
}

pub(super) fn update_chat_room(state: &State, form: &Form) -> Result<Value, Refusal> {
    let Value::Object(fields) = form.json("chatRoom")? else {
        return Err(Refusal::because("chatRoom must be an object"));
    };
    check_types(state, &fields)?;
    let mut shelf = lock(&state.chat_rooms);
    let id = fields.get("id").and_then(Value::as_str).map(str::to_owned);
    let room = match id {
        Some(id) => shelf.change(&id, fields)?,
        None => {
            require(&fields, &["name", "createUserId", "adminUserId"])?;
            shelf.insert(complete(fields))
        }
    };
    Ok(json!({ "chatRoom": room }))
}

fn require(fields: &Map<String, Value>, keys: &[&str]) -> Result<(), Refusal> {
    let missing = |key: &&&str| !fields.contains_key(**key);
    let texts: Vec<_> = keys.iter().filter(missing).map(|key| format!("{key} is required")).collect();
    if texts.is_empty() { Ok(()) } else { Err(Refusal(texts)) }
}

/// Keys that the server does not know stay as they are; those it knows must have their type.
fn check_types(state: &State, fields: &Map<String, Value>) -> Result<(), Refusal> {
    let mut texts = Vec::new();
    for (key, value) in fields {
        let is_right = match key.as_str() {
            "id" => value.as_str().is_some_and(|id| id.len() == 19 && id.bytes().all(|byte| byte.is_ascii_digit())),
            "name" => value.as_str().is_some_and(|name| !name.trim().is_empty()),
            "createUserId" | "adminUserId" => value.as_str().is_some_and(|uid| is_uid(state, uid)),
            "isPublic" => value.is_boolean(),
            "memberUids" => value
                .as_object()
                .is_some_and(|members| members.iter().all(|(uid, value)| is_uid(state, uid) && value.is_boolean())),
            _ => true,
        };
        if !is_right {
            texts.push(format!("{key} is not valid"));
        }
    }
    if texts.is_empty() { Ok(()) } else { Err(Refusal(texts)) }
}

fn is_uid(state: &State, uid: &str) -> bool {
    state.people.iter().any(|person| person.cam_uid == uid)
}

fn complete(mut fields: Map<String, Value>) -> Map<String, Value> {
    fields.entry("isPublic").or_insert(json!(false));
    if !fields.contains_key("memberUids") {
        let creator = fields.get("createUserId").and_then(Value::as_str).unwrap_or_default().to_owned();
        fields.insert("memberUids".to_owned(), json!({ creator: true }));
    }
    fields
}

fn room(name: &str, is_public: bool, members: &[&str]) -> Map<String, Value> {
    let creator = members.first().copied().unwrap_or_default();
    let members: Map<String, Value> = members.iter().map(|uid| ((*uid).to_owned(), json!(true))).collect();
    let fields = json!({
        "name": name,
        "createUserId": creator,
        "adminUserId": creator,
        "isPublic": is_public,
        "memberUids": members,
        "iconColor": "#0e7a6b",
    });
    fields.as_object().cloned().unwrap_or_default()
}
