//! Changing a row without touching anything else in it: names are found whatever their width, and values keep their type.

use std::borrow::Cow;

use model::record::{Conflict, FieldConflict};
use model::{Failure, Raw, Reason};
use serde_json::value::RawValue;
use unicode_normalization::UnicodeNormalization;

use super::answer::scalar;
use super::columns::{folded, note_of};
use super::rows::Row;

/// Which members of a row get which value, as JSON text.
#[derive(Debug)]
pub(crate) struct Change(Vec<(usize, String)>);

impl Change {
    /// The change of `now` that puts the members of `wanted` in. What stands in the row as a text stays a text.
    ///
    /// # Errors
    /// [`Reason::NoSuchThing`] for a name that the row does not have, [`Reason::NotUsable`] for one that it has twice or for
    /// another value of the key.
    pub(crate) fn of(now: &Row<'_>, wanted: &Row<'_>, key: &str) -> Result<Self, Failure> {
        let mut members = Vec::with_capacity(wanted.pairs.len());
        for (name, value) in &wanted.pairs {
            let at = now.member(name)?.ok_or_else(|| Failure::invalid(Reason::NoSuchThing, name.as_ref()))?;
            let there = now.pairs[at].1;
            if folded(name) == folded(key) {
                if number(there) != number(value) {
                    return Err(Failure::invalid(Reason::NotUsable, name.as_ref()));
                }
                continue;
            }
            if members.iter().any(|(other, _)| *other == at) {
                return Err(Failure::invalid(Reason::NotUsable, name.as_ref()));
            }
            members.push((at, as_there(there.get(), value.get())));
        }
        Ok(Self(members))
    }

    /// The change of `now` that writes a note into its note field; `None` where it has none.
    pub(crate) fn note(now: &Row<'_>, note: &str) -> Option<Self> {
        Some(Self(vec![(note_of(now)?, quoted(note))]))
    }

    /// The members that differ now from what was `seen`, unless what stands there is what is wanted anyway.
    ///
    /// # Errors
    /// [`Reason::NotUsable`] for a name that is not unique in `seen`.
    pub(crate) fn conflict(&self, now: &Row<'_>, seen: &Row<'_>) -> Result<Option<Conflict>, Failure> {
        let mut fields = Vec::new();
        for (at, wanted) in &self.0 {
            let (name, there) = &now.pairs[*at];
            let before = seen.member(name)?.map_or("null", |it| seen.pairs[it].1.get());
            let is_as_seen = same(before, there.get()) || is_nothing(before) && is_nothing(there.get());
            if !is_as_seen && !same(wanted, there.get()) {
                fields.push(FieldConflict {
                    name: name.clone().into_owned(),
                    seen: Raw(before.to_owned()),
                    now: Raw(there.get().to_owned()),
                    wanted: Raw(wanted.clone()),
                });
            }
        }
        Ok((!fields.is_empty()).then(|| Conflict { now: Raw(now.raw.to_owned()), fields }))
    }

    /// The row with the change in it; every other byte is as it was.
    pub(crate) fn put_into(&self, now: &Row<'_>) -> String {
        let mut places: Vec<_> = self.0.iter().map(|(at, text)| (now.place(now.pairs[*at].1), text)).collect();
        places.sort_by_key(|((from, _), _)| *from);
        let mut whole = String::with_capacity(now.raw.len() + 64);
        let mut done = 0;
        for ((from, to), text) in places {
            whole.push_str(&now.raw[done..from]);
            whole.push_str(text);
            done = to;
        }
        whole.push_str(&now.raw[done..]);
        whole
    }
}

impl<'a> Row<'a> {
    /// Where the member of this name is: the same to the byte, or the only one that is the same after NFKC.
    fn member(&self, name: &str) -> Result<Option<usize>, Failure> {
        let mut exact = self.pairs.iter().enumerate().filter(|(_, (it, _))| it == name);
        let is_like = |it: &str| it.nfkc().eq(name.nfkc());
        let mut like = self.pairs.iter().enumerate().filter(|(_, (it, _))| is_like(it));
        let found = match (exact.next(), exact.next()) {
            (Some(one), None) => [Some(one), None],
            (Some(_) | None, _) => [like.next(), like.next()],
        };
        match found {
            [Some((at, _)), None] => Ok(Some(at)),
            [None, _] => Ok(None),
            [Some(_), Some(_)] => Err(Failure::invalid(Reason::NotUsable, name)),
        }
    }

    /// Where a value of this row begins and ends in its text.
    fn place(&self, value: &RawValue) -> (usize, usize) {
        let from = (value.get().as_ptr() as usize).saturating_sub(self.raw.as_ptr() as usize).min(self.raw.len());
        (from, (from + value.get().len()).min(self.raw.len()))
    }

    /// The number that identifies the row, names compared after folding.
    pub(crate) fn number(&self, key: &str) -> Option<u64> {
        self.key(key)?.parse().ok()
    }

    /// The row to post: its key is 0 in the type that keys have in `like`, its names and types are those of `like`.
    ///
    /// # Errors
    /// [`Reason::NotUsable`] for a name that comes twice.
    pub(crate) fn to_post(&self, key: &str, like: Option<&Row<'_>>) -> Result<String, Failure> {
        let is_key = |name: &str| folded(name) == folded(key);
        let key_there = like.and_then(|it| it.pairs.iter().find(|(name, _)| is_key(name)));
        let zero = if key_there.is_some_and(|(_, value)| !value.get().starts_with('"')) { "0" } else { r#""0""# };
        let mut members: Vec<(String, String)> = Vec::with_capacity(self.pairs.len() + 1);
        for (name, value) in &self.pairs {
            let there = match like {
                Some(like) => like.member(name).unwrap_or(None).map(|at| &like.pairs[at]),
                None => None,
            };
            let (name, value) = match (is_key(name), there) {
                (true, _) => (key_there.map_or(name.as_ref(), |(it, _)| it), zero.to_owned()),
                (false, Some((it, there))) => (it.as_ref(), as_there(there.get(), value.get())),
                (false, None) => (name.as_ref(), value.get().to_owned()),
            };
            if members.iter().any(|(other, _)| other == name) {
                return Err(Failure::invalid(Reason::NotUsable, name));
            }
            members.push((name.to_owned(), value));
        }
        if !members.iter().any(|(name, _)| is_key(name)) {
            members.insert(0, (key_there.map_or(key, |(it, _)| it).to_owned(), zero.to_owned()));
        }
        let members: Vec<_> = members.iter().map(|(name, value)| format!("{}:{value}", quoted(name))).collect();
        Ok(format!("{{{}}}", members.join(",")))
    }

    /// Whether it has no member besides its key.
    pub(crate) fn names_only(&self, key: &str) -> bool {
        self.pairs.iter().all(|(name, _)| folded(name) == folded(key))
    }

    /// Whether this row, its key apart, says what was posted. A system may write a number as text and nothing as null.
    pub(crate) fn says(&self, posted: &Row<'_>, key: &str) -> bool {
        let others = posted.pairs.iter().filter(|(name, _)| folded(name) != folded(key));
        others.into_iter().all(|(name, value)| {
            let there = self.member(name).unwrap_or(None).map(|at| self.pairs[at].1);
            match there {
                Some(there) => alike(there, value),
                None => is_nothing(value.get()),
            }
        })
    }

    /// The texts of its values that could be recognised in a sentence.
    pub(crate) fn telling(&self) -> Vec<Cow<'a, str>> {
        let texts = self.pairs.iter().filter_map(|(_, value)| scalar(value));
        texts.filter(|text| text.chars().count() > 2 && !text.eq_ignore_ascii_case("true")).collect()
    }
}

fn number(value: &RawValue) -> Option<u64> {
    scalar(value)?.parse().ok()
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}

fn is_text(json: &str) -> bool {
    json.starts_with('"')
}

/// A wanted value in the type of the value that stands there, where it can be said in it.
fn as_there(there: &str, wanted: &str) -> String {
    let is_word = |json: &str| matches!(json, "true" | "false");
    let is_number = |json: &str| json.starts_with(|c: char| c == '-' || c.is_ascii_digit());
    if is_text(there) && is_word(wanted) {
        // .NET writes its truth values with a capital; what stands there shows the way.
        let is_capital = matches!(there, r#""True""# | r#""False""#);
        return match (is_capital, wanted) {
            (true, "true") => r#""True""#.to_owned(),
            (true, _) => r#""False""#.to_owned(),
            (false, _) => quoted(wanted),
        };
    }
    if is_text(there) && is_number(wanted) {
        return quoted(wanted);
    }
    let inner =
        if is_text(wanted) { serde_json::from_str::<String>(wanted).unwrap_or_default() } else { String::new() };
    if is_number(there) && is_number(&inner) && serde_json::from_str::<serde::de::IgnoredAny>(&inner).is_ok() {
        return inner.trim().to_owned();
    }
    let lower = inner.to_ascii_lowercase();
    if is_word(there) && is_word(&lower) { lower } else { wanted.to_owned() }
}

/// Whether two JSON texts say the same; numbers only where they are written the same.
fn same(one: &str, other: &str) -> bool {
    let read = |json: &str| serde_json::from_str::<serde_json::Value>(json).ok();
    let is_nested = |json: &str| json.starts_with(['{', '[']);
    one == other
        || (is_text(one) && is_text(other) || is_nested(one) && is_nested(other))
            && read(one).is_some_and(|it| Some(it) == read(other))
}

fn is_nothing(json: &str) -> bool {
    matches!(json, "null" | "{}" | "[]") || is_text(json) && json[1..].trim_end_matches('"').trim().is_empty()
}

/// Whether two values say the same whatever their type.
fn alike(one: &RawValue, other: &RawValue) -> bool {
    if same(one.get(), other.get()) || is_nothing(one.get()) && is_nothing(other.get()) {
        return true;
    }
    let lines = |text: Cow<'_, str>| text.replace("\r\n", "\n");
    let is_word = |value: &RawValue| matches!(value.get(), "true" | "false");
    match (scalar(one), scalar(other)) {
        (Some(a), Some(b)) if is_word(one) || is_word(other) => a.eq_ignore_ascii_case(&b),
        (Some(a), Some(b)) => lines(a) == lines(b),
        (Some(_) | None, _) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(text: &str) -> Row<'_> {
        Row::read(text).unwrap()
    }

    fn put(now: &str, wanted: &str) -> Result<String, Failure> {
        let now = row(now);
        Change::of(&now, &row(wanted), "ID").map(|change| change.put_into(&now))
    }

    #[test]
    fn everything_else_in_a_row_stays_to_the_byte() {
        let now = r#"{ "ID" : "7",  "ＴＥＬ１":"a" ,"big":1234567890123456789,"f":1.50,"n":null, "x" : { "b":[1, 2] },"ID2":"\u3042"  }"#;
        let changed = put(now, r#"{"TEL1":"b\"ん","f":2}"#).unwrap();
        assert_eq!(changed, now.replace(r#""a" "#, r#""b\"ん" "#).replace("1.50", "2"));
        assert_eq!(put(now, "{}").unwrap(), now);
    }

    #[test]
    fn a_value_keeps_the_type_that_stands_there() {
        let check = |there: &str, wanted: &str, expected: &str| {
            assert_eq!(as_there(there, wanted), expected, "{there} {wanted}")
        };
        check(r#""30""#, "31", r#""31""#);
        check(r#""x""#, "true", r#""true""#);
        check(r#""False""#, "true", r#""True""#);
        check(r#""True""#, "false", r#""False""#);
        check("30", r#""31""#, "31");
        check("30", r#""31a""#, r#""31a""#);
        check("30", r#""031""#, r#""031""#);
        check("30", r#""""#, r#""""#);
        check("true", r#""False""#, "false");
        check("null", r#""x""#, r#""x""#);
        check(r#""x""#, "null", "null");
        check(r#""x""#, r#"{"a":1}"#, r#"{"a":1}"#);
        check("1", "12345678901234567890", "12345678901234567890");
    }

    #[test]
    fn what_cannot_be_put_in_is_said_by_its_name() {
        let check = |now: &str, wanted: &str, reason: Reason, name: &str| {
            assert_eq!(put(now, wanted), Err(Failure::invalid(reason, name)), "{now} {wanted}");
        };
        check(r#"{"ID":"1"}"#, r#"{"メモ":"x"}"#, Reason::NoSuchThing, "メモ");
        check(r#"{"ID":"1"}"#, r#"{"ID":"2"}"#, Reason::NotUsable, "ID");
        check(r#"{"ＩＤ":"1"}"#, r#"{"ID":2}"#, Reason::NotUsable, "ID");
        check(r#"{"ID":"1","A":1,"Ａ":2}"#, r#"{"Ａ":3,"A":4,"Ａ":5}"#, Reason::NotUsable, "Ａ");
        check(r#"{"ID":"1","Ａ":1,"Ａ":2}"#, r#"{"A":3}"#, Reason::NotUsable, "A");
        assert_eq!(put(r#"{"ID":"1","A":1,"Ａ":2}"#, r#"{"Ａ":3,"ID":1}"#).unwrap(), r#"{"ID":"1","A":1,"Ａ":3}"#);
    }

    #[test]
    fn a_name_that_a_mac_wrote_is_the_same_name() {
        let decomposed = "{\"ID\":\"1\",\"ガ\":\"x\"}";
        assert_eq!(put(decomposed, "{\"ガ\":\"y\"}").unwrap(), decomposed.replace("\"x\"", "\"y\""));
    }

    #[test]
    fn only_what_two_people_changed_differently_is_a_conflict() {
        let now = row(r#"{"ID":"1","a":"2","b":"2","c":"\u3042","d":1}"#);
        let change = Change::of(&now, &row(r#"{"a":"3","b":"2","c":"う","d":5}"#), "ID").unwrap();
        let conflict = |seen: &str| change.conflict(&now, &row(seen)).unwrap();
        assert_eq!(conflict(r#"{"ID":"1","a":"2","b":"1","c":"あ","d":1}"#), None);
        let found = conflict(r#"{"ID":"1","a":"1","b":"1","c":"あ"}"#).unwrap();
        let fields: Vec<_> = found
            .fields
            .iter()
            .map(|it| (it.name.as_str(), it.seen.0.as_str(), it.now.0.as_str(), it.wanted.0.as_str()))
            .collect();
        assert_eq!(fields, [("a", r#""1""#, r#""2""#, r#""3""#), ("d", "null", "1", "5")]);
        assert_eq!(found.now.0, now.raw);
        let empty = row(r#"{"ID":"1","a":""}"#);
        let change = Change::of(&empty, &row(r#"{"a":"x"}"#), "ID").unwrap();
        for nothing in [r#"{"a":null}"#, r#"{"a":""}"#, "{}"] {
            assert_eq!(change.conflict(&empty, &row(nothing)), Ok(None), "nothing is nothing, however it is written");
        }
    }

    #[test]
    fn a_row_to_post_has_the_key_0_in_the_type_of_the_table() {
        let post = |given: &str, like: Option<&str>| row(given).to_post("回線No", like.map(row).as_ref()).unwrap();
        assert_eq!(post(r#"{"a":1}"#, None), r#"{"回線No":"0","a":1}"#);
        assert_eq!(post(r#"{"a":"1","回線No":"7"}"#, None), r#"{"a":"1","回線No":"0"}"#);
        assert_eq!(post(r#"{"回線No":"7"}"#, Some(r#"{"回線Ｎｏ":3}"#)), r#"{"回線Ｎｏ":0}"#);
        assert_eq!(
            post(r#"{"TEL":1,"x":[1]}"#, Some(r#"{"回線No":"3","ＴＥＬ":"2"}"#)),
            r#"{"回線No":"0","ＴＥＬ":"1","x":[1]}"#
        );
        let twice = row(r#"{"TEL":1,"ＴＥＬ":2}"#);
        assert!(twice.to_post("ID", Some(&row(r#"{"ＴＥＬ":"2"}"#))).is_err());
    }

    #[test]
    fn a_new_row_is_recognised_by_what_was_posted() {
        let says = |there: &str, posted: &str| row(there).says(&row(posted), "ID");
        assert!(says(r#"{"ID":"9","a":"1","b":"x","c":""}"#, r#"{"ID":"0","a":1,"b":"x","c":null}"#));
        assert!(says(r#"{"ID":"9","ａ":"True"}"#, r#"{"a":true}"#));
        assert!(says(r#"{"ID":"9","a":"1\r\n2","z":"1"}"#, r#"{"a":"1\n2","y":""}"#));
        assert!(!says(r#"{"ID":"9","a":"1"}"#, r#"{"a":"2"}"#));
        assert!(!says(r#"{"ID":"9"}"#, r#"{"a":"2"}"#));
    }
}
