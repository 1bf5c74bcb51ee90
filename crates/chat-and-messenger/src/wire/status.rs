//! Where bookings stand in an answer: the vendor's words contradict each other, so every shape they allow is walked.

use super::schedule::{is_schedule, room_of};
use super::{Fields, Json, Reply};

/// The key of a room's bookings.
const SCHEDULES: &str = "reservedSchedules";

/// The payload keys, the documented one first.
const KEYS: &[&str] = &["conferenceRoomStatus", "conferenceRooms"];

/// One booking as it came, and the id or name of its room where the answer tells.
pub(crate) struct Entry {
    pub(crate) room: Option<String>,
    pub(crate) json: Json,
}

/// Whether an answer is one about bookings.
pub(crate) fn is_status(reply: &Reply) -> bool {
    reply.payload(KEYS).is_some()
}

/// Whether an answer surely tells of bookings. A list of rooms without any may have ignored the question.
pub(crate) fn has_bookings(reply: &Reply) -> bool {
    reply.payload(&KEYS[..1]).is_some() || !status(reply).is_empty()
}

/// Every booking of an answer, readable or not.
pub(crate) fn status(reply: &Reply) -> Vec<Entry> {
    let mut entries = Vec::new();
    if let Some(payload) = reply.payload(KEYS) {
        walk(&payload, &mut entries);
    }
    entries
}

fn walk(payload: &Json, entries: &mut Vec<Entry>) {
    if let Some(list) = payload.list() {
        list.into_iter().for_each(|item| element(item, None, entries));
        return;
    }
    let Some(fields) = payload.fields() else {
        return;
    };
    if let Some(rooms) = fields.get("conferenceRooms") {
        walk(&rooms.clone().opened(), entries);
    } else if fields.has(&[SCHEDULES]) {
        of_room(&fields, None, entries);
    } else {
        fields.0.into_iter().for_each(|(key, value)| element(value.opened(), Some(key), entries));
    }
}

/// A room, a booking, or the bookings of the room whose name is the key.
fn element(item: Json, key: Option<String>, entries: &mut Vec<Entry>) {
    if let Some(list) = item.list() {
        list.into_iter().for_each(|json| entry(json, key.clone(), entries));
        return;
    }
    let Some(fields) = item.fields() else {
        if !item.is_null() {
            entries.push(Entry { room: key, json: item });
        }
        return;
    };
    if fields.has(&[SCHEDULES]) {
        of_room(&fields, key, entries);
    } else if is_schedule(&fields) {
        // The key may be the booking's own id, so the room that it names itself comes first.
        entry(item, room_of(&fields).or(key), entries);
    } else if key.is_some() && is_bundle(&fields) {
        fields.0.into_iter().for_each(|(_, json)| entry(json, key.clone(), entries));
    }
}

/// Whether all values are bookings, which then stand under their ids.
fn is_bundle(fields: &Fields) -> bool {
    !fields.0.is_empty() && fields.0.iter().all(|(_, value)| value.fields().is_some_and(|it| is_schedule(&it)))
}

fn of_room(fields: &Fields, key: Option<String>, entries: &mut Vec<Entry>) {
    let room = super::room::id_of(fields).or(key);
    let Some(schedules) = fields.get(SCHEDULES).map(|it| it.clone().opened()) else {
        return;
    };
    if let Some(list) = schedules.list() {
        list.into_iter().for_each(|json| entry(json, room.clone(), entries));
    } else if let Some(by_id) = schedules.fields() {
        if is_schedule(&by_id) {
            entry(schedules, room, entries);
        } else {
            by_id.0.into_iter().for_each(|(_, json)| entry(json, room.clone(), entries));
        }
    } else if !schedules.is_null() {
        entries.push(Entry { room, json: schedules });
    }
}

fn entry(json: Json, room: Option<String>, entries: &mut Vec<Entry>) {
    let json = json.opened();
    let named = json.fields().as_ref().and_then(room_of);
    entries.push(Entry { room: room.or(named), json });
}
