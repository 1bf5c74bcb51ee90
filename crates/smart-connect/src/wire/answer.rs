//! The shapes in which an answer may come: array, lone object, wrapped by WCF, as a JSON string, null or nothing; and what
//! the system says of a write.

use std::borrow::Cow;

use model::{Failure, Reason, Why};
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// How many wrappers are taken off before an answer is given up.
const DEPTH: u32 = 4;
/// The most of the system's own words that is kept, in characters.
const MOST_WORDS: usize = 300;

/// The text of an array or of one object, with its wrappers taken off; empty where there is no row.
///
/// # Errors
/// [`Failure::Surprise`] for anything that is no list of rows, [`Failure::Refused`] where the system says no inside a good answer.
pub(super) fn unwrapped(text: &str) -> Result<Cow<'_, str>, Failure> {
    let mut text = Cow::Borrowed(bare(text));
    for _ in 0..DEPTH {
        let inner = match text.as_bytes().first() {
            None | Some(b'[') => return Ok(text),
            Some(b'n') if *text == *"null" => return Ok(Cow::Owned(String::new())),
            Some(b'<') => return Err(Failure::Surprise(Why::new(Reason::HtmlInstead, ""))),
            Some(b'"') => serde_json::from_str::<String>(&text).map_err(|error| place(&error))?,
            Some(b'{') => match wrapped(&text)? {
                Some(inner) => inner,
                None => return Ok(text),
            },
            Some(_) => return Err(Failure::surprise("$")),
        };
        text = Cow::Owned(bare(&inner).to_owned());
    }
    Err(Failure::surprise("$"))
}

pub(super) fn bare(text: &str) -> &str {
    text.trim_start_matches('\u{feff}').trim()
}

pub(super) fn position(error: &serde_json::Error) -> String {
    format!("line {} column {}", error.line(), error.column())
}

pub(super) fn place(error: &serde_json::Error) -> Failure {
    Failure::surprise(position(error))
}

/// What a `{"d":…}` or `{"…Result":…}` holds; `None` for an object that is a row itself.
fn wrapped(text: &str) -> Result<Option<String>, Failure> {
    let Ok(Pairs(pairs)) = serde_json::from_str(text) else {
        // A whole object with a name that is no text is a row like any other.
        serde_json::from_str::<serde::de::IgnoredAny>(text).map_err(|error| place(&error))?;
        return Ok(None);
    };
    if let (2, Some(_), Some(msg)) = (pairs.len(), named(&pairs, "result"), named(&pairs, "msg")) {
        let words = kept(&scalar(msg).unwrap_or_default());
        return Err(Failure::Refused(Why::new(Reason::SystemRefused, words)));
    }
    Ok(inside(&pairs).map(|value| value.get().to_owned()))
}

fn named<'a>(pairs: &[(Cow<'_, str>, &'a RawValue)], name: &str) -> Option<&'a RawValue> {
    pairs.iter().find(|(key, _)| key.trim().eq_ignore_ascii_case(name)).map(|(_, value)| *value)
}

fn inside<'a>(pairs: &[(Cow<'_, str>, &'a RawValue)]) -> Option<&'a RawValue> {
    let mut own = pairs.iter().filter(|(key, _)| !key.starts_with("__"));
    match (own.next(), own.next()) {
        (Some((key, value)), None) if key == "d" || key.ends_with("Result") => Some(value),
        (Some(_) | None, _) => None,
    }
}

/// What the system says of a write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Said {
    /// It was done.
    Yes,
    /// It was not done, in these words.
    No(String),
}

impl Said {
    /// Reads the answer to a write in whatever shape it comes; `None` where it says neither yes nor no.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let mut text = Cow::Borrowed(bare(text));
        for _ in 0..=DEPTH {
            let inner = match text.as_bytes().first()? {
                b'"' => serde_json::from_str::<String>(&text).ok()?,
                b'[' => <[&RawValue; 1]>::deserialize(&mut serde_json::Deserializer::from_str(&text)).ok()?[0]
                    .get()
                    .to_owned(),
                b'{' => {
                    let Pairs(pairs) = serde_json::from_str(&text).ok()?;
                    match said(&pairs) {
                        Some(said) => return Some(said),
                        None => inside(&pairs)?.get().to_owned(),
                    }
                }
                _ => return None,
            };
            text = Cow::Owned(bare(&inner).to_owned());
        }
        None
    }

    /// Reads a list's answer that is no list but the system's own no, such as `{"result":"False","msg":"…"}` and nothing else.
    pub(crate) fn instead_of_rows(text: &str) -> Option<String> {
        match unwrapped(text) {
            Err(Failure::Refused(why)) => Some(why.words),
            Ok(_) | Err(_) => None,
        }
    }
}

/// `result` is the text "True" where it went well; case, spaces and the type are not taken amiss. Anything else is a no.
fn said(pairs: &[(Cow<'_, str>, &RawValue)]) -> Option<Said> {
    let (result, msg) = (named(pairs, "result"), named(pairs, "msg"));
    // A wrapper may be called Result as well; it has an object inside, and no words beside.
    if msg.is_none() && result.is_none_or(|it| it.get().starts_with(['{', '[']) || it.get().starts_with("\"{")) {
        return None;
    }
    let words = kept(&msg.and_then(scalar).unwrap_or_default());
    let is_yes = result.and_then(scalar).is_some_and(|it| it.eq_ignore_ascii_case("true") || it == "1");
    Some(if is_yes { Said::Yes } else { Said::No(words) })
}

/// The system's words as far as they are kept: no control characters, and an end.
fn kept(words: &str) -> String {
    words.chars().filter(|c| !c.is_control() || *c == '\n').take(MOST_WORDS).collect()
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
pub(crate) fn scalar(value: &RawValue) -> Option<Cow<'_, str>> {
    let text = value.get().trim();
    let found = match text.as_bytes().first()? {
        b'"' if !text.contains('\\') => Cow::Borrowed(text.get(1..text.len() - 1)?.trim()),
        b'"' => Cow::Owned(serde_json::from_str::<String>(text).ok()?.trim().to_owned()),
        b'{' | b'[' | b'n' => return None,
        _ => Cow::Borrowed(text),
    };
    (!found.is_empty()).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shape_of_a_yes_and_a_no_is_read() {
        let yes = |text: &str| assert_eq!(Said::read(text), Some(Said::Yes), "{text}");
        yes(r#"{"result":"True","msg":"正常終了"}"#);
        yes(r#"{"result":"true","msg":""}"#);
        yes(r#"{ "Result" : " true ", "Msg" : null }"#);
        yes(r#"{"result":true}"#);
        yes(r#"{"result":1,"msg":"x"}"#);
        yes("\u{feff}{\"result\":\"TRUE\",\"msg\":\"x\"}");
        yes(r#""{\"result\":\"True\",\"msg\":\"x\"}""#);
        yes(r#"{"d":{"result":"True","msg":"x"}}"#);
        yes(r#"{"d":"{\"result\":\"True\",\"msg\":\"x\"}"}"#);
        yes(r#"{"PutLineResult":{"result":"True","msg":"x"}}"#);
        yes(r#"{"Result":{"result":"True","msg":"x"}}"#);
        yes(r#"[{"result":"True","msg":"x"}]"#);
        let no = |text: &str, words: &str| assert_eq!(Said::read(text), Some(Said::No(words.to_owned())), "{text}");
        no(r#"{"result":"False","msg":"異常終了"}"#, "異常終了");
        no(r#"{"result":"","msg":"x"}"#, "x");
        no(r#"{"result":null,"msg":"x"}"#, "x");
        no(r#"{"msg":"x"}"#, "x");
        no(r#"{"result":"正常","msg":"x"}"#, "x");
        no(r#"{"result":0}"#, "");
        no(r#"{"d":{"result":false,"msg":"x"}}"#, "x");
        let neither = |text: &str| assert_eq!(Said::read(text), None, "{text}");
        for text in ["", "null", "true", "\"True\"", "{}", "[]", "<html/>", r#"{"result":"#, r#"{"ID":"1"}"#, "42"] {
            neither(text);
        }
    }
}
