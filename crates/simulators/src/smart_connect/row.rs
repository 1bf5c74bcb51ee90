//! One row: the values of the fields that a resource is known to have, or whatever JSON stands in its place.

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

/// The values of a row in the order of the resource's fields; the first is the key.
pub(super) type Row = Vec<String>;

/// A row as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Stored {
    /// Texts in the known fields.
    Known(Row),
    /// Any members, and the text that they were written as.
    Raw(Members, String),
}

/// The members of an object in their order, each value as the JSON text that came.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Members(pub(super) Vec<(String, String)>);

impl Members {
    /// Reads exactly one object; of members with the same name the last one stands.
    pub(super) fn read(json: &[u8]) -> Option<Self> {
        serde_json::from_slice(json).ok()
    }

    /// The JSON text of a member.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|it| it.0 == name).map(|it| it.1.as_str())
    }

    /// Takes a member out.
    pub(super) fn take(&mut self, name: &str) -> Option<String> {
        let at = self.0.iter().position(|it| it.0 == name)?;
        Some(self.0.remove(at).1)
    }

    /// Writes the JSON text of a member, in its place or at the end.
    pub(super) fn put(&mut self, name: &str, json: String) {
        match self.0.iter_mut().find(|it| it.0 == name) {
            Some(member) => member.1 = json,
            None => self.0.push((name.to_owned(), json)),
        }
    }

    /// The object as text.
    pub(super) fn text(&self) -> String {
        let members: Vec<String> = self.0.iter().map(|(name, json)| format!("{}:{json}", quoted(name))).collect();
        format!("{{{}}}", members.join(","))
    }
}

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Members;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Members::default();
                while let Some((name, json)) = map.next_entry::<String, Box<RawValue>>()? {
                    members.put(&name, json.get().to_owned());
                }
                Ok(members)
            }
        }
        deserializer.deserialize_map(Reader)
    }
}

impl Stored {
    /// A row of these members.
    pub(super) fn of(members: Members) -> Self {
        let text = members.text();
        Self::Raw(members, text)
    }

    /// The value of a field as text: without its quotes where it is a JSON string. Empty if there is none.
    pub(super) fn get(&self, fields: &[&str], name: &str) -> String {
        match self {
            Self::Known(row) => {
                let at = fields.iter().position(|it| *it == name);
                at.and_then(|at| row.get(at)).cloned().unwrap_or_default()
            }
            Self::Raw(members, _) => members.get(name).map(plain).unwrap_or_default(),
        }
    }

    /// The values of the known fields.
    pub(super) fn row(&self, fields: &[&str]) -> Row {
        match self {
            Self::Known(row) => row.clone(),
            Self::Raw(..) => fields.iter().map(|it| self.get(fields, it)).collect(),
        }
    }

    /// Writes a text into a field, which may be one that the resource was not known to have.
    pub(super) fn set(&mut self, fields: &[&str], name: &str, value: &str) {
        if let (Self::Known(row), Some(at)) = (&mut *self, fields.iter().position(|it| *it == name)) {
            value.clone_into(&mut row[at]);
            return;
        }
        let mut members = self.members(fields);
        members.put(name, quoted(value));
        *self = Self::of(members);
    }

    /// Writes the key, as a number where there is one already.
    pub(super) fn set_key(&mut self, fields: &[&str], key: u64) {
        let as_number = match self {
            Self::Raw(members, _) => members.get(fields[0]).is_some_and(|it| !it.starts_with('"')),
            Self::Known(_) => false,
        };
        if as_number {
            let mut members = self.members(fields);
            members.put(fields[0], key.to_string());
            *self = Self::of(members);
        } else {
            self.set(fields, fields[0], &key.to_string());
        }
    }

    /// The members.
    pub(super) fn members(&self, fields: &[&str]) -> Members {
        match self {
            Self::Known(row) => {
                let quoted = fields.iter().zip(row).map(|(name, value)| ((*name).to_owned(), quoted(value)));
                Members(quoted.collect())
            }
            Self::Raw(members, _) => members.clone(),
        }
    }
}

/// A JSON text without its quotes, if it is a string.
pub(super) fn plain(json: &str) -> String {
    match serde_json::from_str(json) {
        Ok(Value::String(text)) => text,
        Ok(Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) | Err(_) => {
            json.to_owned()
        }
    }
}

/// A text as JSON.
pub(super) fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}
