//! A form as a strict server reads it: real percent-decoding, no field twice, none that is not known.

use std::collections::BTreeMap;

use axum::http::{HeaderMap, header};
use serde_json::Value;

use super::Refusal;

/// The fields of a request.
#[derive(Debug, Default)]
pub(crate) struct Form(BTreeMap<String, String>);

impl Form {
    /// Reads a posted body. An empty one is an empty form.
    pub(crate) fn posted(headers: &HeaderMap, body: &[u8]) -> Result<Self, Refusal> {
        if body.is_empty() {
            return Ok(Self::default());
        }
        let kind = headers.get(header::CONTENT_TYPE).and_then(|it| it.to_str().ok()).unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim();
        if !kind.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
            return Err(Refusal::because("Content-Type must be application/x-www-form-urlencoded"));
        }
        Self::parse(body)
    }

    /// Reads the form encoding, of a body or of a query.
    pub(crate) fn parse(text: &[u8]) -> Result<Self, Refusal> {
        let mut fields = BTreeMap::new();
        for pair in text.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()) {
            let middle = pair.iter().position(|byte| *byte == b'=').unwrap_or(pair.len());
            let name = decode(&pair[..middle])?;
            let value = decode(pair.get(middle + 1..).unwrap_or_default())?;
            if fields.insert(name.clone(), value).is_some() {
                return Err(Refusal::because(format!("field {name} is there twice")));
            }
        }
        Ok(Self(fields))
    }

    /// Refuses fields that this call does not know.
    pub(crate) fn only(&self, known: &[&str]) -> Result<(), Refusal> {
        match self.0.keys().find(|name| !known.contains(&name.as_str())) {
            Some(name) => Err(Refusal::because(format!("unknown field {}", shortened(name)))),
            None => Ok(()),
        }
    }

    /// A field as text.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// A required field whose text is JSON.
    pub(crate) fn json(&self, name: &str) -> Result<Value, Refusal> {
        let text = self.text(name).ok_or_else(|| Refusal::because(format!("{name} is required")))?;
        serde_json::from_str(text).map_err(|error| Refusal::because(format!("{name} is not JSON: {error}")))
    }
}

/// `+` is a space, `%` needs two hexadecimal digits, and the bytes must be UTF-8.
fn decode(text: &[u8]) -> Result<String, Refusal> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&first, after)) = rest.split_first() {
        rest = after;
        match first {
            b'+' => bytes.push(b' '),
            b'%' => {
                let digits = rest.get(..2).and_then(|it| std::str::from_utf8(it).ok());
                let digits = digits.filter(|it| it.bytes().all(|byte| byte.is_ascii_hexdigit()));
                let byte = digits.and_then(|it| u8::from_str_radix(it, 16).ok());
                bytes.push(byte.ok_or_else(|| Refusal::because("the form is not encoded: % without two digits"))?);
                rest = &rest[2..];
            }
            other => bytes.push(other),
        }
    }
    String::from_utf8(bytes).map_err(|_| Refusal::because("the form is not UTF-8"))
}

fn shortened(name: &str) -> String {
    name.chars().take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_encoded_form_comes_out_as_it_went_in() {
        let form = Form::parse(b"message=%7B%22a%22%3A%22Q%26A+100%25+%2B+%E3%81%82%22%7D").unwrap();
        assert_eq!(form.json("message").unwrap(), serde_json::json!({ "a": "Q&A 100% + あ" }));
    }

    #[test]
    fn a_bare_percent_sign_is_refused() {
        assert!(Form::parse(b"message=100% sure").is_err());
        assert!(Form::parse(b"message=%+1").is_err(), "a sign is not a digit");
        assert!(Form::parse(b"message=5%").is_err());
    }
}
