//! The shapes in which a list of rows may come: array, lone object, wrapped by WCF, as a JSON string, null or nothing.

use std::borrow::Cow;

use model::{Failure, Reason, Why};
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// How many wrappers are taken off before an answer is given up.
const DEPTH: u32 = 4;

/// An answer with its wrappers taken off: the text of an array, or of one object.
#[derive(Debug)]
pub(crate) struct Answer<'a>(Cow<'a, str>);

impl<'a> Answer<'a> {
    /// Takes the wrappers off.
    ///
    /// # Errors
    /// [`Failure::Surprise`] for anything that is no list of rows, [`Failure::Refused`] where the system says no inside a good answer.
    pub(crate) fn read(text: &'a str) -> Result<Self, Failure> {
        let mut text = Cow::Borrowed(bare(text));
        for _ in 0..DEPTH {
            let inner = match text.as_bytes().first() {
                None | Some(b'[') => return Ok(Self(text)),
                Some(b'n') if *text == *"null" => return Ok(Self(Cow::Borrowed(""))),
                Some(b'<') => return Err(Failure::Surprise(Why::new(Reason::HtmlInstead, ""))),
                Some(b'"') => serde_json::from_str::<String>(&text).map_err(|error| place(&error))?,
                Some(b'{') => match wrapped(&text)? {
                    Some(inner) => inner,
                    None => return Ok(Self(text)),
                },
                Some(_) => return Err(Failure::surprise("$")),
            };
            text = Cow::Owned(bare(&inner).to_owned());
        }
        Err(Failure::surprise("$"))
    }

    /// The rows, in the order of the answer.
    ///
    /// # Errors
    /// [`Failure::Surprise`] with line and column where the JSON breaks off.
    pub(crate) fn rows(&self) -> Result<Vec<&RawValue>, Failure> {
        match self.0.as_bytes().first() {
            None => Ok(Vec::new()),
            Some(b'[') => serde_json::from_str(&self.0).map_err(|error| place(&error)),
            Some(_) => serde_json::from_str(&self.0).map(|row| vec![row]).map_err(|error| place(&error)),
        }
    }
}

fn bare(text: &str) -> &str {
    text.trim_start_matches('\u{feff}').trim()
}

fn place(error: &serde_json::Error) -> Failure {
    Failure::surprise(format!("line {} column {}", error.line(), error.column()))
}

/// What a `{"d":…}` or `{"…Result":…}` holds; `None` for an object that is a row itself.
fn wrapped(text: &str) -> Result<Option<String>, Failure> {
    let Pairs(pairs) = serde_json::from_str(text).map_err(|error| place(&error))?;
    let named = |name: &str| pairs.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| *value);
    if let (Some(_), Some(msg), 2) = (named("result"), named("msg"), pairs.len()) {
        let words = scalar(msg).unwrap_or_default();
        return Err(Failure::Refused(Why::new(Reason::SystemRefused, words)));
    }
    let mut own = pairs.iter().filter(|(key, _)| !key.starts_with("__"));
    match (own.next(), own.next()) {
        (Some((key, value)), None) if key == "d" || key.ends_with("Result") => Ok(Some(value.get().to_owned())),
        (Some(_) | None, _) => Ok(None),
    }
}

/// The members of an object in their order; of two with the same name both stay.
#[derive(Debug)]
pub(crate) struct Pairs<'a>(pub(crate) Vec<(Cow<'a, str>, &'a RawValue)>);

#[derive(Deserialize)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'de> Deserialize<'de> for Pairs<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;
        impl<'de> Visitor<'de> for Members {
            type Value = Pairs<'de>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut pairs = Vec::with_capacity(map.size_hint().unwrap_or(16));
                while let Some(Key(key)) = map.next_key()? {
                    pairs.push((key, map.next_value()?));
                }
                Ok(Pairs(pairs))
            }
        }
        deserializer.deserialize_map(Members)
    }
}

/// The text of a string, number or truth value, numbers exactly as written; `None` for null, empty and nested values.
pub(crate) fn scalar(value: &RawValue) -> Option<String> {
    let text = value.get().trim();
    let found = match text.as_bytes().first()? {
        b'"' => serde_json::from_str::<String>(text).ok()?.trim().to_owned(),
        b'{' | b'[' | b'n' => return None,
        _ => text.to_owned(),
    };
    (!found.is_empty()).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Result<Vec<String>, Failure> {
        Answer::read(text)?.rows().map(|rows| rows.iter().map(|row| row.get().to_owned()).collect())
    }

    #[test]
    fn every_shape_of_a_list_is_read() {
        let check = |text: &str, expected: &[&str]| assert_eq!(rows(text).unwrap(), expected, "{text}");
        check(r#"[{"ID":"1"},{"ID":"2"}]"#, &[r#"{"ID":"1"}"#, r#"{"ID":"2"}"#]);
        check("[]", &[]);
        check("[ ]", &[]);
        check(r#"{"ID":"1", "x" : 12345678901234567890}"#, &[r#"{"ID":"1", "x" : 12345678901234567890}"#]);
        check(r#""[{\"ID\":\"1\"}]""#, &[r#"{"ID":"1"}"#]);
        check(r#"{"d":[{"ID":"1"}]}"#, &[r#"{"ID":"1"}"#]);
        check(r#"{"d":"[{\"ID\":1}]","__type":"x"}"#, &[r#"{"ID":1}"#]);
        check(r#"{"GetContainmentLineResult":[{"ID":"1"}]}"#, &[r#"{"ID":"1"}"#]);
        check(r#"{"d":null}"#, &[]);
        check("null", &[]);
        check("", &[]);
        check(" \r\n", &[]);
        check("\u{feff}[{\"ID\":1}]", &[r#"{"ID":1}"#]);
        check("\u{feff}", &[]);
    }

    #[test]
    fn what_is_no_list_is_said_with_its_place() {
        let check = |text: &str, expected: Failure| assert_eq!(rows(text), Err(expected), "{text}");
        check("<html></html>", Failure::Surprise(Why::new(Reason::HtmlInstead, "")));
        check(r#"[{"ID":"1"},{"ID""#, Failure::surprise("line 1 column 17"));
        check("nothing", Failure::surprise("$"));
        check("42", Failure::surprise("$"));
        check(r#"{"d":{"d":{"d":{"d":[]}}}}"#, Failure::surprise("$"));
        let refused = Failure::Refused(Why::new(Reason::SystemRefused, "異常終了"));
        check(r#"{"result":"False","msg":"異常終了"}"#, refused);
    }
}
