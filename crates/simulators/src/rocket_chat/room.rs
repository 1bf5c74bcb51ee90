//! Rooms: channels, private groups and direct conversations.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};

use super::answer::Refusal;
use super::ask::Ask;
use super::{State, iso};
use crate::generator::people::Person;
use crate::lock;

/// A room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Room {
    /// The vendor's id; that of a direct conversation is made of its people's ids.
    pub id: String,
    /// `c` channel, `p` private group, `d` direct.
    pub kind: &'static str,
    /// The name in addresses; empty for a direct conversation.
    pub name: String,
    /// The name on screen.
    pub shown_name: String,
    /// Ids of its people.
    pub members: Vec<String>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

/// The rooms that the workspace has from the start. The account is not in `osaka` and not in `directors`.
pub(super) fn rooms(people: &[Person], now: DateTime<Utc>) -> Vec<Room> {
    let ids: Vec<String> = people.iter().map(|person| person.rocket_id.clone()).collect();
    let first = |count: usize| ids.iter().take(count).cloned().collect::<Vec<_>>();
    let without_account = || ids.iter().enumerate().filter(|(at, _)| *at != 1).map(|(_, id)| id.clone()).collect();
    let room = |id: &str, kind, name: &str, shown: &str, members| Room {
        id: id.to_owned(),
        kind,
        name: name.to_owned(),
        shown_name: shown.to_owned(),
        members,
        updated_at: now - chrono::Duration::hours(2),
    };
    vec![
        room("GENERAL", "c", "general", "general", first(ids.len())),
        room("rcvR8kTn3pQwXy2Lm", "c", "reception", "受付連絡", first(8)),
        room("sLs4Hb9vNcTd7JfQa", "c", "sales", "営業", first(6)),
        room("oSk2Wm5xBgYp8RhEu", "c", "osaka", "大阪", without_account()),
        room("fRn6Zt3cKjVq4DsPw", "p", "front-office", "フロント", first(4)),
        room("dRc7Lx2yGnMb5TkHe", "p", "directors", "役員", without_account()),
    ]
}

impl State {
    /// Every room of the workspace.
    #[must_use]
    pub fn rooms(&self) -> Vec<Room> {
        lock(&self.rooms).clone()
    }

    /// The direct conversations and the first messages that are there from the start.
    pub(super) fn open_conversations(&self) {
        let own = self.user_id().to_owned();
        for other in self.people.iter().filter(|person| person.rocket_id != own).take(3) {
            self.direct(&[own.clone(), other.rocket_id.clone()]);
        }
    }

    /// The direct conversation of these people, made where there is none.
    pub(super) fn direct(&self, people: &[String]) -> Room {
        let mut members = people.to_vec();
        members.sort();
        members.dedup();
        let mut rooms = lock(&self.rooms);
        if let Some(room) = rooms.iter().find(|room| room.kind == "d" && room.members == members) {
            return room.clone();
        }
        // Two people's ids make the id; more people get one of their own.
        let id = if members.len() < 3 { members.concat() } else { self.new_id() };
        let room = Room {
            id,
            kind: "d",
            name: String::new(),
            shown_name: String::new(),
            members,
            updated_at: self.clock.now(),
        };
        rooms.push(room.clone());
        room
    }

    /// The room with this id, where this user is in it.
    pub(super) fn joined(&self, id: &str, user: &str) -> Result<Room, Refusal> {
        let rooms = lock(&self.rooms);
        let room = rooms.iter().find(|room| room.id == id);
        let room = room.ok_or_else(|| Refusal::coded("Invalid room", "error-invalid-room"))?;
        if !room.members.iter().any(|member| member == user) {
            return Err(Refusal::coded("Not allowed", "error-not-allowed"));
        }
        Ok(room.clone())
    }

    /// Somebody deletes a room, as it is deleted for everybody. Whether there was one.
    pub fn delete_room(&self, id: &str) -> bool {
        let mut rooms = lock(&self.rooms);
        let place = rooms.iter().position(|room| room.id == id);
        let Some(gone) = place.map(|place| rooms.remove(place)) else { return false };
        drop(rooms);
        lock(&self.deleted).push((id.to_owned(), self.clock.now()));
        self.tell_room("removed", &gone);
        true
    }

    /// The account leaves a room. Nobody is told, and the room does not change.
    pub fn leave_room(&self, id: &str) {
        let own = self.user_id();
        if let Some(room) = lock(&self.rooms).iter_mut().find(|room| room.id == id) {
            room.members.retain(|member| member != own);
        }
    }

    /// Somebody renames a room. Whether there was one.
    pub fn rename_room(&self, id: &str, name: &str) -> bool {
        let now = self.clock.now();
        let mut rooms = lock(&self.rooms);
        let Some(room) = rooms.iter_mut().find(|room| room.id == id) else { return false };
        name.clone_into(&mut room.name);
        name.clone_into(&mut room.shown_name);
        room.updated_at = now;
        let renamed = room.clone();
        drop(rooms);
        self.tell_room("updated", &renamed);
        true
    }

    /// Marks a room as changed now.
    pub(super) fn touch(&self, id: &str) {
        let now = self.clock.now();
        let touched = lock(&self.rooms).iter_mut().find(|room| room.id == id).map(|room| {
            room.updated_at = now;
            room.clone()
        });
        if let Some(room) = touched {
            self.tell_room("updated", &room);
        }
    }

    fn usernames(&self, room: &Room) -> Vec<&str> {
        room.members.iter().filter_map(|id| self.person(id)).map(|person| person.username.as_str()).collect()
    }

    pub(super) fn record(&self, room: &Room) -> Value {
        let mut fields = Map::from_iter([
            ("_id".to_owned(), json!(room.id)),
            ("t".to_owned(), json!(room.kind)),
            ("usersCount".to_owned(), json!(room.members.len())),
            ("msgs".to_owned(), json!(lock(&self.messages).count(&room.id))),
            ("ro".to_owned(), json!(false)),
            ("_updatedAt".to_owned(), iso(room.updated_at)),
        ]);
        if room.kind == "d" {
            fields.insert("usernames".to_owned(), json!(self.usernames(room)));
            fields.insert("uids".to_owned(), json!(room.members));
        } else {
            fields.insert("name".to_owned(), json!(room.name));
            fields.insert("fname".to_owned(), json!(room.shown_name));
        }
        Value::Object(fields)
    }
}

/// The rooms that the user is in.
pub(super) fn get(state: &State, ask: &Ask) -> Result<Value, Refusal> {
    let refused = || Refusal::coded("The \"updatedSince\" query parameter must be a valid date.", SINCE);
    let since = ask.one("updatedSince").map(|text| DateTime::parse_from_rfc3339(text).map_err(|_| refused()));
    let since = since.transpose()?;
    let is_theirs =
        |room: &&Room| room.members.contains(&ask.user) && since.is_none_or(|since| room.updated_at > since.to_utc());
    let update: Vec<_> = state.rooms().iter().filter(is_theirs).map(|room| state.record(room)).collect();
    // Rooms that were deleted in the whole workspace, whoever was in them; those that the user left are not told.
    let is_new = |(_, at): &&(String, DateTime<Utc>)| since.is_some_and(|since| *at > since.to_utc());
    let deleted = lock(&state.deleted).clone();
    let remove: Vec<_> =
        deleted.iter().filter(is_new).map(|(id, at)| json!({ "_id": id, "_deletedAt": iso(*at) })).collect();
    Ok(json!({ "update": update, "remove": remove }))
}

const SINCE: &str = "error-updatedSince-param-invalid";

pub(super) fn info(state: &State, ask: &Ask) -> Result<Value, Refusal> {
    let [(key, value)] = ask.query.as_slice() else {
        return Err(Refusal::invalid("must match exactly one schema in oneOf"));
    };
    let rooms = state.rooms();
    let found = rooms.iter().find(|room| if key == "roomId" { room.id == *value } else { room.name == *value });
    let text = "The required \"roomId\" or \"roomName\" param provided does not match any channel";
    let room = found.ok_or_else(|| Refusal::coded(text, "error-room-not-found"))?;
    state.joined(&room.id, &ask.user)?;
    Ok(json!({ "room": state.record(room) }))
}

pub(super) fn channels(state: &State, ask: &Ask) -> Result<Value, Refusal> {
    list(state, ask, "channels", |room| room.kind == "c")
}

pub(super) fn groups(state: &State, ask: &Ask) -> Result<Value, Refusal> {
    list(state, ask, "groups", |room| room.kind == "p" && room.members.contains(&ask.user))
}

fn list(state: &State, ask: &Ask, key: &str, shown: impl Fn(&Room) -> bool) -> Result<Value, Refusal> {
    let page = ask.page()?;
    let sort = ask.sort()?;
    let mut rooms: Vec<Room> = state.rooms().into_iter().filter(shown).collect();
    rooms.sort_by(|a, b| a.name.cmp(&b.name));
    if sort.first().is_some_and(|(_, is_up)| !is_up) {
        rooms.reverse();
    }
    let records: Vec<_> = page.of(&rooms).iter().map(|room| state.record(room)).collect();
    Ok(json!({ "offset": page.offset, "count": records.len(), "total": rooms.len(), key: records }))
}

/// `dm.create`: `username` or `usernames`, not both.
pub(super) fn create_direct(state: &State, ask: &Ask) -> Result<Value, Refusal> {
    ask.only(&["username", "usernames", "excludeSelf"])?;
    let names = match (ask.optional_text("username")?, ask.optional_text("usernames")?) {
        (Some(one), None) => vec![one],
        (None, Some(several)) => several.split(',').map(str::trim).collect(),
        _ => return Err(Refusal::invalid("must match exactly one schema in oneOf")),
    };
    let excludes_self = match ask.body.get("excludeSelf") {
        None => false,
        Some(value) => value.as_bool().ok_or_else(|| Refusal::invalid("/excludeSelf must be boolean"))?,
    };
    let mut members = Vec::new();
    for name in names {
        let person = state.person_named(name);
        let person = person.ok_or_else(|| Refusal::coded("Invalid user", "error-invalid-user"))?;
        members.push(person.rocket_id.clone());
    }
    if !excludes_self {
        members.push(ask.user.clone());
    }
    let room = state.direct(&members);
    let usernames = state.usernames(&room);
    Ok(json!({ "room": { "_id": room.id, "rid": room.id, "t": "d", "usernames": usernames } }))
}
