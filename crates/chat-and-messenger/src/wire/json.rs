//! Pieces of JSON as they came: order, doubled keys and every digit of a number stay as they are.

use std::fmt;

use model::Raw;
use serde::de::{MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

/// A piece of JSON whose text is untouched.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(transparent)]
pub(crate) struct Json(Box<RawValue>);

impl Json {
    /// Reads strict JSON.
    pub(crate) fn parse(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }

    /// A text as JSON.
    pub(crate) fn from_text(text: &str) -> Self {
        Self::written(&text)
    }

    /// A truth value as JSON.
    pub(crate) fn from_bool(value: bool) -> Self {
        Self::written(&value)
    }

    /// Anything that has a JSON form.
    pub(crate) fn written(value: &impl Serialize) -> Self {
        Self(
            serde_json::value::to_raw_value(value)
                .expect("texts, truth values and maps with text keys always have a JSON form"),
        )
    }

    /// The untouched text.
    pub(crate) fn raw(&self) -> Raw {
        Raw(self.0.get().to_owned())
    }

    /// The piece inside, where it is a text that itself holds an object or a list.
    pub(crate) fn opened(self) -> Self {
        let inner = self.string().filter(|text| text.trim_start().starts_with(['{', '[']));
        inner.and_then(|text| Self::parse(&text).ok()).unwrap_or(self)
    }

    /// The fields, if it is an object.
    pub(crate) fn fields(&self) -> Option<Fields> {
        self.0.get().starts_with('{').then(|| serde_json::from_str(self.0.get()).ok()).flatten()
    }

    /// The items, if it is a list.
    pub(crate) fn list(&self) -> Option<Vec<Json>> {
        self.0.get().starts_with('[').then(|| serde_json::from_str(self.0.get()).ok()).flatten()
    }

    /// The text, if it is one.
    pub(crate) fn string(&self) -> Option<String> {
        self.0.get().starts_with('"').then(|| serde_json::from_str(self.0.get()).ok()).flatten()
    }

    /// A text without surrounding space, or the digits of a number; `None` where there is nothing in it.
    pub(crate) fn text(&self) -> Option<String> {
        let raw = self.0.get();
        let is_number = raw.starts_with(|c: char| c == '-' || c.is_ascii_digit());
        let text = if is_number { raw.to_owned() } else { self.string()?.trim().to_owned() };
        Some(text).filter(|text| !text.is_empty())
    }

    /// A truth value in any of the ways it is written.
    pub(crate) fn truth(&self) -> Option<bool> {
        let word = self.string().unwrap_or_else(|| self.0.get().to_owned());
        match word.trim().to_ascii_lowercase().as_str() {
            "true" | "1" => Some(true),
            "false" | "0" => Some(false),
            _ => None,
        }
    }

    /// Whether it is `null`.
    pub(crate) fn is_null(&self) -> bool {
        self.0.get() == "null"
    }
}

/// The fields of an object in their order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Fields(pub(crate) Vec<(String, Json)>);

impl Fields {
    /// A field, as it came.
    pub(crate) fn get(&self, key: &str) -> Option<&Json> {
        self.0.iter().find(|(name, _)| name == key).map(|(_, value)| value)
    }

    /// The first of these fields that is there and not `null`.
    pub(crate) fn first(&self, keys: &[&str]) -> Option<&Json> {
        keys.iter().filter_map(|key| self.get(key)).find(|value| !value.is_null())
    }

    /// The first of these fields that has a text or a number in it.
    pub(crate) fn text(&self, keys: &[&str]) -> Option<String> {
        keys.iter().filter_map(|key| self.get(key)).find_map(Json::text)
    }

    /// Whether any of these fields is there.
    pub(crate) fn has(&self, keys: &[&str]) -> bool {
        keys.iter().any(|key| self.get(key).is_some())
    }

    /// Puts a field in its old place, or at the end where it is new.
    pub(crate) fn put(&mut self, key: &str, value: Json) {
        match self.0.iter_mut().find(|(name, _)| name == key) {
            Some((_, old)) => *old = value,
            None => self.0.push((key.to_owned(), value)),
        }
    }

    /// Takes a field out.
    pub(crate) fn remove(&mut self, key: &str) {
        self.0.retain(|(name, _)| name != key);
    }
}

impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Pairs;

        impl<'de> Visitor<'de> for Pairs {
            type Value = Fields;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields, A::Error> {
                let mut fields = Vec::new();
                while let Some(field) = map.next_entry()? {
                    fields.push(field);
                }
                Ok(Fields(fields))
            }
        }

        deserializer.deserialize_map(Pairs)
    }
}

impl Serialize for Fields {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (key, value) in &self.0 {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_lost_on_the_way_through() {
        let text = r#"{"b":1564831284702237059,"a":1.10,"c":99999999999999999999,"b":{"z":1, "y":null}}"#;
        let fields = Json::parse(text).unwrap().fields().unwrap();
        assert_eq!(serde_json::to_string(&fields).unwrap(), text);
        assert_eq!(fields.text(&["b"]).as_deref(), Some("1564831284702237059"));
    }

    #[test]
    fn a_text_that_holds_json_is_opened() {
        let check = |text: &str, expected: &str| assert_eq!(Json::parse(text).unwrap().opened().raw().0, expected);
        check(r#""{\"a\":1}""#, r#"{"a":1}"#);
        check(r#""[1]""#, "[1]");
        check(r#""{ no json""#, r#""{ no json""#);
        check("7", "7");
    }
}
