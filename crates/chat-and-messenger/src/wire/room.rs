//! A conference room of the list, whose fields are documented nowhere: every likely name is tried.

use model::conference_room::Room;
use model::{ConnectionId, RoomId};

use super::{Fields, Json};

const ID: &[&str] = &["id", "roomId", "conferenceRoomId", "key", "_id"];
const NAME: &[&str] = &["name", "roomName", "title", "conferenceRoomName"];
const CAPACITY: &[&str] = &["capacity", "seats", "maxNumber", "number", "定員"];
const PLACE: &[&str] = &["place", "location", "floor", "building", "area"];
const NOTE: &[&str] = &["note", "memo", "description", "comment", "remarks"];
const EQUIPMENT: &[&str] = &["equipment", "facilities", "tools"];
const ORDER: &[&str] = &["order", "sort", "sortNo", "displayOrder"];

/// Every room of a list, or of an object by their ids, in the system's own order where it gives one.
pub(crate) fn rooms(payload: &Json, connection: &ConnectionId) -> Vec<Room> {
    let mut ranked: Vec<(Option<i64>, Room)> = match (payload.list(), payload.fields()) {
        (Some(list), _) => list.iter().filter_map(|item| ranked(item, None, connection)).collect(),
        (None, Some(fields)) => fields.0.iter().filter_map(|(key, item)| ranked(item, Some(key), connection)).collect(),
        (None, None) => Vec::new(),
    };
    ranked.sort_by_key(|(order, _)| order.unwrap_or(i64::MAX));
    let mut seen = std::collections::BTreeSet::new();
    ranked.into_iter().map(|(_, room)| room).filter(|room| seen.insert(room.external_id.clone())).collect()
}

fn ranked(item: &Json, key: Option<&str>, connection: &ConnectionId) -> Option<(Option<i64>, Room)> {
    let room = room(item, key, connection)?;
    let order = item.fields().and_then(|fields| fields.text(ORDER)).and_then(|text| text.parse().ok());
    Some((order, room))
}

/// One room; `key` is the name under which it stands in an object. `None` where it has neither id nor name.
pub(super) fn room(item: &Json, key: Option<&str>, connection: &ConnectionId) -> Option<Room> {
    let fields = item.fields()?;
    let name = fields.text(NAME);
    let external_id = fields.text(ID).or_else(|| key.map(str::to_owned)).or_else(|| name.clone())?;
    Some(Room {
        id: RoomId(format!("{connection}/{external_id}")),
        connection: connection.clone(),
        name: name.unwrap_or_else(|| external_id.clone()),
        external_id,
        capacity: fields.text(CAPACITY).as_deref().and_then(number),
        place: fields.text(PLACE),
        note: fields.text(NOTE),
        equipment: equipment(&fields),
        hours: None,
        raw: item.raw(),
    })
}

/// The id under which a room's own record names it.
pub(super) fn id_of(fields: &Fields) -> Option<String> {
    fields.text(ID).or_else(|| fields.text(NAME))
}

/// The first number in a text such as `8名`.
fn number(text: &str) -> Option<u32> {
    let digits = |c: &char| c.is_ascii_digit() || ('０'..='９').contains(c);
    let found: String = text.chars().skip_while(|c| !digits(c)).take_while(digits).collect();
    found
        .chars()
        .try_fold(0_u32, |sum, c| {
            let digit = c.to_digit(10).or_else(|| (c as u32).checked_sub('０' as u32))?;
            sum.checked_mul(10)?.checked_add(digit)
        })
        .filter(|_| !found.is_empty())
}

fn equipment(fields: &Fields) -> Vec<String> {
    let Some(value) = fields.first(EQUIPMENT) else {
        return Vec::new();
    };
    let value = value.clone().opened();
    if let Some(list) = value.list() {
        let name = |item: &Json| item.text().or_else(|| item.fields().and_then(|it| it.text(NAME)));
        return list.iter().filter_map(name).collect();
    }
    let text = value.text().unwrap_or_default();
    text.split([',', '、', '，', '\n']).map(str::trim).filter(|it| !it.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<Room> {
        rooms(&Json::parse(text).unwrap(), &ConnectionId::from("cam"))
    }

    #[test]
    fn likely_names_of_fields_are_understood() {
        let found = read(
            r#"[{"conferenceRoomId":7,"roomName":"会議室 7","定員":"８名","floor":"3F","memo":"鍵は受付","tools":"電話、ボード"},
                {"name":"応接室","equipment":[{"name":"TV"},"Board"]}]"#,
        );
        assert_eq!((found[0].external_id.as_str(), found[0].name.as_str()), ("7", "会議室 7"));
        assert_eq!(found[0].id.as_str(), "cam/7");
        assert_eq!((found[0].capacity, found[0].place.as_deref()), (Some(8), Some("3F")));
        assert_eq!(
            (found[0].note.as_deref(), found[0].equipment.join("|")),
            (Some("鍵は受付"), "電話|ボード".to_owned())
        );
        assert_eq!((found[1].external_id.as_str(), found[1].equipment.join("|")), ("応接室", "TV|Board".to_owned()));
        assert_eq!(found[1].capacity, None);
    }

    #[test]
    fn the_systems_order_is_kept_and_an_id_is_taken_once() {
        let names = |text: &str| read(text).into_iter().map(|it| it.name).collect::<Vec<_>>().join(" ");
        assert_eq!(names(r#"[{"id":"1","name":"B","sortNo":2},{"id":"2","name":"A","sortNo":"1"}]"#), "A B");
        assert_eq!(names(r#"{"9":{"name":"X"},"8":{"name":"Y"}}"#), "X Y");
        assert_eq!(names(r#"[{"id":"1","name":"B"},{"id":1,"name":"B again"},7,null]"#), "B");
    }
}
