//! Making and renaming rooms, and who is in them.

use serde_json::{Value, json};

use super::State;
use super::answer::Refusal;
use super::ask::Ask;
use super::room::Room;
use crate::lock;

/// The permission to make a public room.
pub const CREATE_CHANNEL: &str = "create-c";
/// The permission to make a private room.
pub const CREATE_GROUP: &str = "create-p";
/// The permission to rename a room.
pub const EDIT_ROOM: &str = "edit-room";
/// The permission to see who is in a room, as the workspace asks for it here.
pub const SEE_MEMBERS: &str = "view-broadcast-member-list";

pub(super) fn create_channel(state: &State, ask: &Ask) -> Result<Value, Refusal> {
    create(state, ask, ("c", "channel", CREATE_CHANNEL))
}

pub(super) fn create_group(state: &State, ask: &Ask) -> Result<Value, Refusal> {
    create(state, ask, ("p", "group", CREATE_GROUP))
}

/// Members are user names; those that nobody has are passed over without a word.
fn create(state: &State, ask: &Ask, (kind, key, right): (&'static str, &str, &'static str)) -> Result<Value, Refusal> {
    ask.only(&["name", "members", "readOnly", "excludeSelf", "customFields", "extraData"])?;
    if !state.may(right) {
        return Err(Refusal::forbidden());
    }
    let name = ask.text("name")?;
    check_name(state, name)?;
    let mut members = match ask.body.get("members") {
        None => Vec::new(),
        Some(Value::Array(names)) => {
            let texts: Option<Vec<&str>> = names.iter().map(Value::as_str).collect();
            let texts = texts.ok_or_else(|| Refusal::invalid("/members/0 must be string"))?;
            texts.iter().filter_map(|name| Some(state.person_named(name)?.rocket_id.clone())).collect()
        }
        Some(_) => return Err(Refusal::invalid("/members must be array")),
    };
    members.push(ask.user.clone());
    members.sort();
    members.dedup();
    let room = Room {
        id: state.new_id(),
        kind,
        name: name.to_owned(),
        shown_name: name.to_owned(),
        members,
        updated_at: state.clock.now(),
    };
    lock(&state.rooms).push(room.clone());
    state.tell_room("inserted", &room);
    Ok(json!({ key: state.record(&room) }))
}

pub(super) fn rename_channel(state: &State, ask: &Ask) -> Result<Value, Refusal> {
    rename(state, ask, "c", "channel")
}

pub(super) fn rename_group(state: &State, ask: &Ask) -> Result<Value, Refusal> {
    rename(state, ask, "p", "group")
}

fn rename(state: &State, ask: &Ask, kind: &str, key: &str) -> Result<Value, Refusal> {
    ask.only(&["roomId", "name"])?;
    let (id, name) = (ask.text("roomId")?, ask.text("name")?);
    let room = found(state, id, kind)?;
    if room.name == name {
        return Err(Refusal::plain(&format!("The {key} name is the same as what it would be renamed to.")));
    }
    if !state.may(EDIT_ROOM) {
        return Err(Refusal::coded("Editing room is not allowed", "error-action-not-allowed"));
    }
    check_name(state, name)?;
    state.rename_room(id, name);
    Ok(json!({ key: state.record(&found(state, id, kind)?) }))
}

pub(super) fn members_of_channel(state: &State, ask: &Ask) -> Result<Value, Refusal> {
    members(state, ask, "c")
}

pub(super) fn members_of_group(state: &State, ask: &Ask) -> Result<Value, Refusal> {
    members(state, ask, "p")
}

fn members(state: &State, ask: &Ask, kind: &str) -> Result<Value, Refusal> {
    let missing = || Refusal::invalid("must have required property 'roomId'");
    let room = found(state, ask.one("roomId").ok_or_else(missing)?, kind)?;
    if kind == "p" {
        state.joined(&room.id, &ask.user)?;
    }
    if !state.may(SEE_MEMBERS) {
        return Err(Refusal::forbidden());
    }
    let page = ask.page()?;
    let people: Vec<_> = room.members.iter().filter_map(|id| state.person(id)).collect();
    let shown = page.of(&people).iter();
    let members: Vec<_> = shown
        .map(|it| json!({ "_id": it.rocket_id, "username": it.username, "name": it.name, "status": "online" }))
        .collect();
    Ok(json!({ "count": members.len(), "offset": page.offset, "total": people.len(), "members": members }))
}

/// A room of this kind, whoever is in it.
fn found(state: &State, id: &str, kind: &str) -> Result<Room, Refusal> {
    let text = "The required \"roomId\" or \"roomName\" param provided does not match any channel";
    let room = state.rooms().into_iter().find(|room| room.id == id && room.kind == kind);
    room.ok_or_else(|| Refusal::coded(text, "error-room-not-found"))
}

/// Letters, digits, `-`, `_` and `.`, as the setting has it at first; each name once.
fn check_name(state: &State, name: &str) -> Result<(), Refusal> {
    let is_right = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if !name.chars().all(is_right) {
        let text = format!("'{name}' is not a valid room name. Use only letters, numbers, hyphens and underscores");
        return Err(Refusal::coded(&text, "error-invalid-room-name"));
    }
    if state.rooms().iter().any(|room| room.kind != "d" && room.name == name) {
        return Err(Refusal::coded(&format!("A channel with name '{name}' exists"), "error-duplicate-channel-name"));
    }
    Ok(())
}
