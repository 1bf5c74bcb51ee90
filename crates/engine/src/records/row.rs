//! The members of a row in their order, with their values as JSON text: nothing is lost of what we do not know.

use std::fmt;

use model::staging::{PLACEHOLDER, ValueKind};
use model::{Failure, Raw, Reason};
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// A row.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Fields(Vec<(String, String)>);

impl Fields {
    /// Reads one JSON object.
    ///
    /// # Errors
    /// [`Reason::NotUsable`] where it is none; the words say where it breaks off, never what stands there.
    pub(crate) fn read(raw: &Raw) -> Result<Self, Failure> {
        let mut deserializer = serde_json::Deserializer::from_str(&raw.0);
        let members = deserializer.deserialize_map(Members).and_then(|it| deserializer.end().map(|()| it));
        members.map(Self).map_err(|error| {
            Failure::invalid(Reason::NotUsable, format!("line {}, column {}", error.line(), error.column()))
        })
    }

    /// Name and JSON text of each member.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The JSON text of a member.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.iter().find(|(it, _)| *it == name).map(|(_, value)| value)
    }

    /// Gives a member a value; a new one comes last.
    pub(crate) fn set(&mut self, name: &str, value: &str) {
        match self.0.iter_mut().find(|(it, _)| it == name) {
            Some((_, there)) => value.clone_into(there),
            None => self.0.push((name.to_owned(), value.to_owned())),
        }
    }

    /// Takes a member out.
    pub(crate) fn remove(&mut self, name: &str) {
        self.0.retain(|(it, _)| it != name);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The row with the members of another put in.
    pub(crate) fn with(mut self, other: &Self) -> Self {
        for (name, value) in other.iter() {
            self.set(name, value);
        }
        self
    }

    /// The row with each value that `change` replaces.
    pub(crate) fn map(&self, change: impl Fn(&str, &str) -> Option<String>) -> Self {
        let members = self.iter().map(|(name, value)| (name.to_owned(), change(name, value)));
        Self(
            members
                .zip(self.iter())
                .map(|((name, new), (_, old))| (name, new.unwrap_or_else(|| old.to_owned())))
                .collect(),
        )
    }

    /// One JSON object.
    pub(crate) fn raw(&self) -> Raw {
        let members: Vec<_> = self.iter().map(|(name, value)| format!("{}:{value}", quoted(name))).collect();
        Raw(format!("{{{}}}", members.join(",")))
    }
}

impl<N: Into<String>, V: Into<String>> FromIterator<(N, V)> for Fields {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(members: I) -> Self {
        Self(members.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }
}

struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = Vec<(String, String)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some((name, value)) = map.next_entry::<String, Box<RawValue>>()? {
            members.push((name, value.get().to_owned()));
        }
        Ok(members)
    }
}

/// A text as JSON.
pub(crate) fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_else(|_| "\"\"".to_owned())
}

/// What a value reads like: a text without its quotation marks, nothing for `null`, else its JSON text.
pub(crate) fn text(value: &str) -> String {
    match serde_json::from_str::<String>(value) {
        Ok(text) => text,
        Err(_) if value == "null" => String::new(),
        Err(_) => value.to_owned(),
    }
}

/// What a value is.
pub(crate) fn kind(value: &str) -> ValueKind {
    match value.as_bytes().first() {
        Some(b'-' | b'0'..=b'9') => ValueKind::Number,
        Some(b't' | b'f') => ValueKind::Flag,
        Some(b'[' | b'{') => ValueKind::Other,
        _ => ValueKind::Text,
    }
}

/// A typed text as a value of this kind. Nothing typed is nothing, whatever the kind.
///
/// # Errors
/// [`Reason::NotUsable`] with the name of the field, where the text is not of that kind.
pub(crate) fn typed(name: &str, kind_there: ValueKind, text: &str) -> Result<String, Failure> {
    let trimmed = text.trim();
    match kind_there {
        ValueKind::Text => Ok(quoted(text)),
        _ if trimmed.is_empty() => Ok("null".to_owned()),
        _ if is_json(trimmed) && kind(trimmed) == kind_there => Ok(trimmed.to_owned()),
        ValueKind::Number | ValueKind::Flag | ValueKind::Other => Err(Failure::invalid(Reason::NotUsable, name)),
    }
}

fn is_json(text: &str) -> bool {
    serde_json::from_str::<&RawValue>(text).is_ok()
}

/// Whether two values are the same to a person: texts however they are escaped, and nothing however it is written.
pub(crate) fn same(one: &str, other: &str) -> bool {
    one == other || is_nothing(one) && is_nothing(other) || both_texts(one, other)
}

fn both_texts(one: &str, other: &str) -> bool {
    let texts = (serde_json::from_str::<String>(one), serde_json::from_str::<String>(other));
    matches!(texts, (Ok(one), Ok(other)) if one == other)
}

pub(crate) fn is_nothing(value: &str) -> bool {
    matches!(value, "null" | "\"\"")
}

/// What stands for a secret value, with a word about it.
pub(crate) fn placeholder(word: &str) -> String {
    format!("{{\"{PLACEHOLDER}\":{}}}", quoted(word))
}

/// The word of a placeholder; `None` for any other value.
pub(crate) fn placeholder_word(value: &str) -> Option<String> {
    let members = Fields::read(&Raw(value.to_owned())).ok()?;
    let mut members = members.iter();
    match (members.next(), members.next()) {
        (Some((PLACEHOLDER, word)), None) => Some(text(word)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Fields {
        Fields::read(&Raw(json.to_owned())).unwrap()
    }

    #[test]
    fn members_keep_their_order_and_long_numbers_their_digits() {
        let row = read(r#" {"b":"1","番号":1564831284702237059123,"a":{"x" : [1]}} "#);
        assert_eq!(row.raw().0, r#"{"b":"1","番号":1564831284702237059123,"a":{"x" : [1]}}"#);
        assert_eq!(
            row.with(&read(r#"{"a":null,"c":true}"#)).raw().0,
            r#"{"b":"1","番号":1564831284702237059123,"a":null,"c":true}"#
        );
        assert!(Fields::read(&Raw("[1]".to_owned())).is_err());
        assert!(Fields::read(&Raw(r#"{"a":1} x"#.to_owned())).is_err());
    }

    #[test]
    fn what_is_typed_gets_the_type_that_is_there() {
        let check = |kind, text: &str, value: &str| assert_eq!(typed("f", kind, text).unwrap(), value);
        check(ValueKind::Text, "34", "\"34\"");
        check(ValueKind::Number, " 34 ", "34");
        check(ValueKind::Flag, "true", "true");
        check(ValueKind::Number, "", "null");
        check(ValueKind::Other, "[1]", "[1]");
        let wrong = Err(Failure::invalid(Reason::NotUsable, "f"));
        assert_eq!(typed("f", ValueKind::Number, "三"), wrong);
        assert_eq!(typed("f", ValueKind::Flag, "1"), wrong);
    }

    #[test]
    fn values_are_the_same_however_they_are_written() {
        assert!(same(r#""\u3042""#, "\"あ\"") && same("null", "\"\"") && same("1", "1"));
        assert!(!same("1", "\"1\"") && !same("\"a\"", "\"b\""));
        assert_eq!((text("null"), text("1.50"), text(r#""a\"b""#)), (String::new(), "1.50".into(), "a\"b".into()));
    }

    #[test]
    fn a_placeholder_is_known_again_and_nothing_else_is_one() {
        assert_eq!(placeholder_word(&placeholder("kept")).as_deref(), Some("kept"));
        assert_eq!(placeholder_word(r#"{"$secret":"x","a":1}"#), None);
        assert_eq!(placeholder_word("\"$secret\""), None);
    }
}
