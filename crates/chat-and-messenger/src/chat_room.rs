//! A chat room's record: read tolerantly, and changed so that everything the editor does not know stays as it was.

mod compare;

pub(crate) use compare::{differences, not_as_asked};

use model::chat_room::{ChatRoom, Member};
use model::{Failure, Raw, Reason};

use crate::wire::{Fields, Json, SendMessage, strict};

const ID: &str = "id";
const NAME: &str = "name";
const CREATOR: &str = "createUserId";
const ADMIN: &str = "adminUserId";
const PUBLIC: &str = "isPublic";
const MEMBERS: &str = "memberUids";

/// Reads a record that was pasted or imported: also with commas too many or missing, behind `chatRoom=`, or inside the
/// server's whole answer.
///
/// # Errors
/// `Invalid(NotUsable)` with the place.
pub(crate) fn read(text: &str) -> Result<(ChatRoom, Raw), Failure> {
    let unusable = |words: String| Failure::invalid(Reason::NotUsable, words);
    let json = Json::parse(strict(text, "chatRoom").trim()).map_err(|it| unusable(format!("chatRoom: {it}")))?.opened();
    let fields = json.fields().ok_or_else(|| unusable("chatRoom".to_owned()))?;
    match fields.get("chatRoom").map(|inner| inner.clone().opened()) {
        Some(inner) if inner.fields().is_some() => from_record(&inner),
        Some(_) | None => from_record(&json),
    }
}

/// The room that a record describes.
///
/// # Errors
/// `Invalid(NotUsable)` with the field whose shape is none we know.
pub(crate) fn from_record(json: &Json) -> Result<(ChatRoom, Raw), Failure> {
    let unusable = |key: &str| Failure::invalid(Reason::NotUsable, key);
    let fields = json.fields().ok_or_else(|| unusable("chatRoom"))?;
    let text = |key: &str| match fields.get(key).filter(|it| !it.is_null()) {
        None => Ok(None),
        Some(value) if value.text().is_some() || value.string().is_some() => Ok(value.text()),
        Some(_) => Err(unusable(key)),
    };
    let is_public = match fields.get(PUBLIC).filter(|it| !it.is_null()) {
        None => false,
        Some(value) => value.truth().ok_or_else(|| unusable(PUBLIC))?,
    };
    let room = ChatRoom {
        external_id: text(ID)?,
        name: fields.get(NAME).and_then(Json::string).or(text(NAME)?).unwrap_or_default(),
        is_public,
        creator_id: text(CREATOR)?.unwrap_or_default(),
        admin_id: text(ADMIN)?.unwrap_or_default(),
        members: members(&fields)?,
    };
    Ok((room, json.raw()))
}

/// Members from an object of truth values, or from a list of ids.
fn members(fields: &Fields) -> Result<Vec<Member>, Failure> {
    let unusable = |words: String| Failure::invalid(Reason::NotUsable, words);
    let Some(value) = fields.get(MEMBERS).filter(|it| !it.is_null()) else {
        return Ok(Vec::new());
    };
    if let Some(list) = value.list() {
        let member = |(index, item): (usize, &Json)| {
            let uid = item.text().ok_or_else(|| unusable(format!("{MEMBERS}[{index}]")))?;
            Ok(Member { uid, value: true })
        };
        return list.iter().enumerate().map(member).collect();
    }
    let by_uid = value.fields().ok_or_else(|| unusable(MEMBERS.to_owned()))?;
    let member = |(uid, value): &(String, Json)| {
        let value = value.truth().ok_or_else(|| unusable(format!("{MEMBERS}.{uid}")))?;
        Ok(Member { uid: uid.clone(), value })
    };
    by_uid.0.iter().map(member).collect()
}

/// The record that a save sends: the base with the edit put in. Unknown fields, their order and the digits of every number
/// stay; a field that the edit does not change stays as it came. Creator and administrator are always members.
///
/// # Errors
/// `Invalid` with the field that cannot be sent.
pub(crate) fn write(base: Option<&Raw>, edit: &ChatRoom) -> Result<Raw, Failure> {
    check(edit)?;
    let (before, mut fields) = match base {
        Some(raw) => {
            let (room, raw) = read(&raw.0)?;
            let fields = Json::parse(&raw.0).ok().and_then(|json| json.fields()).unwrap_or_default();
            (Some(room), fields)
        }
        None => (None, Fields::default()),
    };
    put_id(&mut fields, edit);
    let was = |same: fn(&ChatRoom, &ChatRoom) -> bool| before.as_ref().is_some_and(|before| same(before, edit));
    if !was(|before, edit| before.name == edit.name) {
        fields.put(NAME, Json::from_text(edit.name.trim()));
    }
    let is_new = edit.external_id.is_none();
    put_person(&mut fields, CREATOR, &edit.creator_id, was(|a, b| a.creator_id == b.creator_id), is_new)?;
    put_person(&mut fields, ADMIN, &edit.admin_id, was(|a, b| a.admin_id == b.admin_id), is_new)?;
    if !was(|before, edit| before.is_public == edit.is_public) || is_new && !fields.has(&[PUBLIC]) {
        fields.put(PUBLIC, Json::from_bool(edit.is_public));
    }
    let members = all_members(edit);
    if before.as_ref().is_none_or(|before| before.members != members) {
        let merged = merged_members(&fields, &members);
        fields.put(MEMBERS, merged);
    }
    Ok(Json::written(&fields).raw())
}

fn check(edit: &ChatRoom) -> Result<(), Failure> {
    let name = edit.name.trim();
    if name.is_empty() {
        return Err(Failure::invalid(Reason::Missing, NAME));
    }
    // Messages address a room by its name, and this one means people.
    if name == SendMessage::DIRECT {
        return Err(Failure::invalid(Reason::NotAddressable, name));
    }
    if name.contains(char::is_control) {
        return Err(Failure::invalid(Reason::NotUsable, NAME));
    }
    let is_bad = |uid: &str| uid.is_empty() || uid.contains(|c: char| c.is_whitespace() || c.is_control());
    match edit.members.iter().position(|member| is_bad(&member.uid)) {
        Some(index) => Err(Failure::invalid(Reason::NotUsable, format!("{MEMBERS}[{index}]"))),
        None => Ok(()),
    }
}

/// The id is left out of a new room, and is otherwise the text that the vendor documents, digit for digit.
fn put_id(fields: &mut Fields, edit: &ChatRoom) {
    match &edit.external_id {
        None => fields.remove(ID),
        Some(id) => {
            let is_same = fields.get(ID).and_then(Json::string).is_some_and(|kept| kept == *id);
            if !is_same && !fields.has(&[ID]) {
                fields.0.insert(0, (ID.to_owned(), Json::from_text(id)));
            } else if !is_same {
                fields.put(ID, Json::from_text(id));
            }
        }
    }
}

fn put_person(fields: &mut Fields, key: &str, uid: &str, is_same: bool, is_new: bool) -> Result<(), Failure> {
    let uid = uid.trim();
    if uid.is_empty() {
        // A record without it that exists already keeps what the server has.
        let may_lack = !is_new && is_same;
        return if may_lack { Ok(()) } else { Err(Failure::invalid(Reason::Missing, key)) };
    }
    if uid.contains(|c: char| c.is_whitespace() || c.is_control()) {
        return Err(Failure::invalid(Reason::NotUsable, key));
    }
    if !is_same {
        fields.put(key, Json::from_text(uid));
    }
    Ok(())
}

/// The edit's members, each once, with creator and administrator among them.
fn all_members(edit: &ChatRoom) -> Vec<Member> {
    let always = [&edit.creator_id, &edit.admin_id].map(|uid| Member { uid: uid.trim().to_owned(), value: true });
    let mut members: Vec<Member> = Vec::new();
    for member in edit.members.iter().chain(always.iter().filter(|member| !member.uid.is_empty())) {
        if members.iter().all(|known| known.uid != member.uid) {
            members.push(member.clone());
        }
    }
    members
}

/// A value that stays true or false stays as it is written.
fn merged_members(fields: &Fields, members: &[Member]) -> Json {
    let before = fields.get(MEMBERS).and_then(Json::fields).unwrap_or_default();
    let value = |member: &Member| {
        let kept = before.get(&member.uid).filter(|kept| kept.truth() == Some(member.value));
        kept.cloned().unwrap_or_else(|| Json::from_bool(member.value))
    };
    Json::written(&Fields(members.iter().map(|member| (member.uid.clone(), value(member))).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const RECORD: &str = r##"{"z":1.10,"id":"1564831284702237059","name":"秘密会議","createUserId":"11u1pu9d32p8vuvjoZdd","adminUserId":"11u1pu9d32p8vuvjoZdd","isPublic":false,"memberUids":{"11u1pu9d32p8vuvjoZdd":true,"1lmn7hoh3s1ja26fsazw":false},"stamp":1564831284702237059,"iconColor":"#0e7a6b"}"##;

    fn member(uid: &str, value: bool) -> Member {
        Member { uid: uid.to_owned(), value }
    }

    #[test]
    fn a_save_without_a_change_sends_the_record_as_it_came() {
        let (room, raw) = read(RECORD).unwrap();
        assert_eq!(write(Some(&raw), &room).unwrap().0, RECORD);
    }

    #[test]
    fn an_edit_changes_its_fields_only() {
        let (mut room, raw) = read(RECORD).unwrap();
        room.name = "受付".to_owned();
        room.members.push(member("hhx10sfdv1jyou4la1ny", true));
        let expected =
            RECORD.replace("秘密会議", "受付").replace(":false},", r#":false,"hhx10sfdv1jyou4la1ny":true},"#);
        assert_eq!(write(Some(&raw), &room).unwrap().0, expected);
    }

    #[test]
    fn an_id_keeps_its_digits_also_as_a_number() {
        let (room, raw) = read(r#"{"id":15648312847022370591564,"name":"a","other":15648312847022370591564}"#).unwrap();
        assert_eq!(room.external_id.as_deref(), Some("15648312847022370591564"));
        let sent = write(Some(&raw), &room).unwrap().0;
        assert_eq!(sent, r#"{"id":"15648312847022370591564","name":"a","other":15648312847022370591564}"#);
    }

    #[test]
    fn a_new_room_has_no_id_and_its_creator_and_administrator_as_members() {
        let edit = ChatRoom {
            name: " 受付 ".to_owned(),
            creator_id: "u1".to_owned(),
            admin_id: "u2".to_owned(),
            members: vec![member("u3", true), member("u3", false)],
            ..ChatRoom::default()
        };
        let expected = r#"{"name":"受付","createUserId":"u1","adminUserId":"u2","isPublic":false,"memberUids":{"u3":true,"u1":true,"u2":true}}"#;
        assert_eq!(write(None, &edit).unwrap().0, expected);
        let (_, raw) = read(RECORD).unwrap();
        assert!(!write(Some(&raw), &edit).unwrap().0.contains("\"id\""), "a copy is a new room too");
    }

    #[test]
    fn what_cannot_be_sent_is_named() {
        let check = |change: fn(&mut ChatRoom), reason: Reason, words: &str| {
            let mut edit = ChatRoom {
                name: "a".to_owned(),
                creator_id: "u1".to_owned(),
                admin_id: "u1".to_owned(),
                ..ChatRoom::default()
            };
            change(&mut edit);
            assert_eq!(write(None, &edit).unwrap_err(), Failure::invalid(reason, words));
        };
        check(|edit| edit.name = " ".to_owned(), Reason::Missing, "name");
        check(|edit| edit.name = "messenger".to_owned(), Reason::NotAddressable, "messenger");
        check(|edit| edit.creator_id.clear(), Reason::Missing, "createUserId");
        check(|edit| edit.admin_id.clear(), Reason::Missing, "adminUserId");
        check(|edit| edit.admin_id = "u 1".to_owned(), Reason::NotUsable, "adminUserId");
        check(|edit| edit.members.push(member("a b", true)), Reason::NotUsable, "memberUids[0]");
    }

    #[test]
    fn a_record_is_read_from_whatever_was_pasted() {
        let sample = "{\n\"id\":\"1564831284702237059\",\n\"name\":\"秘密の会議\"\n\"createUserId\":\"u1\",\n\"adminUserId\":\"u1\",\n\
            \"memberUids\":{\n\"u1\":true,\n\"u2\":false,\n},\n}";
        let (room, raw) = read(sample).unwrap();
        assert_eq!((room.name.as_str(), room.members), ("秘密の会議", vec![member("u1", true), member("u2", false)]));
        assert!(Json::parse(&raw.0).is_ok(), "what is kept is strict JSON");
        let name = |text: &str| read(text).unwrap().0.name;
        assert_eq!(name("\u{feff}{\"chatRoom\":{\"name\":\"a\"}}"), "a");
        assert_eq!(name("chatRoom=%7B%22name%22%3A%22a%22%7D"), "a");
        assert_eq!(read(r#"{"memberUids":["u1",7]}"#).unwrap().0.members, [member("u1", true), member("7", true)]);
        let words = |text: &str| read(text).unwrap_err().why().words.clone();
        assert_eq!(words("[]"), "chatRoom");
        assert_eq!(words(r#"{"memberUids":7}"#), "memberUids");
        assert_eq!(words(r#"{"memberUids":{"u1":"maybe"}}"#), "memberUids.u1");
        assert_eq!(words(r#"{"name":["a"]}"#), "name");
        assert!(words(r#"{"name":"#).contains("line 1 column 8"));
    }
}
