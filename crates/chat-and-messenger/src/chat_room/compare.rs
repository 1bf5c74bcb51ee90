//! Where two records of a chat room differ: field by field, the members one by one.

use model::Raw;
use model::chat_room::{ChatRoom, Difference, Member};

use super::{ADMIN, CREATOR, ID, MEMBERS, NAME, PUBLIC, from_record};
use crate::wire::{Fields, Json};

/// The fields that the editor knows, in the order in which they are told.
const KNOWN: [&str; 6] = [ID, NAME, CREATOR, ADMIN, PUBLIC, MEMBERS];

/// A record taken apart. One that cannot be read is empty, so that everything in the other shows.
#[derive(Default)]
struct Record {
    room: ChatRoom,
    fields: Fields,
}

impl Record {
    fn of(raw: &Raw) -> Self {
        let json = Json::parse(&raw.0).ok();
        let room = json.as_ref().and_then(|json| from_record(json).ok()).map(|(room, _)| room).unwrap_or_default();
        Self { room, fields: json.and_then(|json| json.fields()).unwrap_or_default() }
    }

    /// A known field other than the members, as it is shown.
    fn known(&self, key: &str) -> Option<String> {
        let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        match key {
            ID => self.room.external_id.clone(),
            NAME => text(&self.room.name),
            CREATOR => text(&self.room.creator_id),
            ADMIN => text(&self.room.admin_id),
            _ => Some(self.room.is_public.to_string()),
        }
    }

    fn other(&self, key: &str) -> Option<String> {
        self.fields.get(key).map(|value| compact(&value.raw().0))
    }

    /// Fields that the editor does not know, in their order.
    fn others(&self) -> impl Iterator<Item = &str> {
        self.fields.0.iter().map(|(key, _)| key.as_str()).filter(|key| !KNOWN.contains(key))
    }
}

/// JSON without the white space between its signs: a record that was laid out for reading is no other record.
fn compact(text: &str) -> String {
    let (mut out, mut is_text, mut is_escaped) = (String::with_capacity(text.len()), false, false);
    for sign in text.chars() {
        if is_text || !sign.is_ascii_whitespace() {
            out.push(sign);
        }
        match sign {
            '"' if !is_escaped => is_text = !is_text,
            _ => {}
        }
        is_escaped = is_text && sign == '\\' && !is_escaped;
    }
    out
}

/// Everything in which `after` differs from `before`; without one, everything in it is new.
pub(crate) fn differences(before: Option<&Raw>, after: &Raw) -> Vec<Difference> {
    let is_new = before.is_none();
    let (before, after) = (before.map(Record::of).unwrap_or_default(), Record::of(after));
    let mut found = known(&before, &after, is_new);
    let all = after.others().chain(before.others().filter(|key| after.fields.get(key).is_none()));
    found.extend(all.filter_map(|key| line(key, before.other(key), after.other(key))));
    found
}

/// Where an answer is not what was asked: in the fields that the editor knows, and in those of the others that the save changed.
pub(crate) fn not_as_asked(before: Option<&Raw>, asked: &Raw, answer: &Raw) -> Vec<Difference> {
    let (before, mut asked, answer) =
        (before.map(Record::of).unwrap_or_default(), Record::of(asked), Record::of(answer));
    // A new room gets its id from the system: that is no difference.
    asked.room.external_id = asked.room.external_id.or_else(|| answer.room.external_id.clone());
    let mut found = known(&asked, &answer, false);
    let gone = before.others().filter(|key| asked.fields.get(key).is_none());
    let changed = asked.others().filter(|key| before.other(key) != asked.other(key)).chain(gone);
    found.extend(changed.filter_map(|key| line(key, asked.other(key), answer.other(key))));
    found
}

fn line(field: &str, before: Option<String>, after: Option<String>) -> Option<Difference> {
    (before != after).then(|| Difference { field: field.to_owned(), before, after })
}

fn known(before: &Record, after: &Record, is_new: bool) -> Vec<Difference> {
    let fields = KNOWN.iter().filter(|key| **key != MEMBERS);
    let mut found: Vec<Difference> =
        fields.filter_map(|key| line(key, before.known(key).filter(|_| !is_new), after.known(key))).collect();
    let value = |list: &[Member], uid: &str| list.iter().find(|it| it.uid == uid).map(|it| it.value);
    let show = |uid: &str, value: Option<bool>| value.map(|value| format!("{uid}: {value}"));
    let (was, is) = (&before.room.members, &after.room.members);
    let stay =
        is.iter().filter_map(|it| line(MEMBERS, show(&it.uid, value(was, &it.uid)), show(&it.uid, Some(it.value))));
    let go = was.iter().filter(|it| value(is, &it.uid).is_none());
    found.extend(stay);
    found.extend(go.filter_map(|it| line(MEMBERS, show(&it.uid, Some(it.value)), None)));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(text: &str) -> Raw {
        Raw(text.to_owned())
    }

    fn lines(found: &[Difference]) -> Vec<(&str, Option<&str>, Option<&str>)> {
        found.iter().map(|it| (it.field.as_str(), it.before.as_deref(), it.after.as_deref())).collect()
    }

    const BEFORE: &str = r#"{"z":1.10,"id":"1564831284702237059","name":"海外","isPublic":false,"memberUids":{"a":true,"b":true},"gone":[1]}"#;

    #[test]
    fn fields_are_compared_in_the_order_of_the_wire_and_members_one_by_one() {
        let after = r#"{"id":"1564831284702237059","name":"海外営業","isPublic":false,"memberUids":{"a":false,"c":true},"z":1.1,"new":{"k":15648312847022370591}}"#;
        assert_eq!(
            lines(&differences(Some(&raw(BEFORE)), &raw(after))),
            [
                ("name", Some("海外"), Some("海外営業")),
                ("memberUids", Some("a: true"), Some("a: false")),
                ("memberUids", None, Some("c: true")),
                ("memberUids", Some("b: true"), None),
                ("z", Some("1.10"), Some("1.1")),
                ("new", None, Some(r#"{"k":15648312847022370591}"#)),
                ("gone", Some("[1]"), None),
            ]
        );
    }

    #[test]
    fn the_same_record_has_no_difference_and_a_new_one_is_all_new() {
        assert_eq!(differences(Some(&raw(BEFORE)), &raw(BEFORE)), []);
        let flat = raw(r#"{"a":{"b":" \\\"} ","c":[1,2]}}"#);
        let laid_out = raw("{\n \"a\" : { \"b\": \" \\\\\\\"} \",\n \"c\": [ 1, 2 ] } }");
        assert_eq!(differences(Some(&flat), &laid_out), []);
        let new = raw(r#"{"name":"受付","isPublic":false,"memberUids":{"a":true}}"#);
        assert_eq!(
            lines(&differences(None, &new)),
            [("name", None, Some("受付")), ("isPublic", None, Some("false")), ("memberUids", None, Some("a: true")),]
        );
    }

    #[test]
    fn an_answer_is_held_against_what_was_asked_and_nothing_else() {
        let asked = raw(r#"{"id":"7","name":"a","memberUids":{"a":true},"stamp":1,"color":"red","kept":2}"#);
        let before =
            raw(r#"{"id":"7","name":"b","memberUids":{"a":true,"b":true},"stamp":1,"color":"blue","kept":2,"old":3}"#);
        let answer = raw(r#"{"id":"7","name":"a","memberUids":{"a":true,"b":true},"stamp":9,"color":"blue","old":3}"#);
        assert_eq!(
            lines(&not_as_asked(Some(&before), &asked, &answer)),
            [
                ("memberUids", None, Some("b: true")),
                ("color", Some(r#""red""#), Some(r#""blue""#)),
                ("old", None, Some("3")),
            ],
            "a stamp of the system's own is no difference"
        );
        let new = raw(r#"{"name":"a"}"#);
        let made = raw(r#"{"id":"1564831284702237059","name":"a","iconColor":"red"}"#);
        assert_eq!(not_as_asked(None, &new, &made), [], "the id and what the system adds of itself are none");
    }
}
