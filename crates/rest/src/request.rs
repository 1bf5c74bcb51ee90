//! A request as a value, built up by whoever asks and sent by the server.

use std::time::Duration;

use bytes::Bytes;
use model::{Failure, Reason, Secret};
use reqwest::Method;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::multipart::{Form, Part};
use url::Url;

use crate::address;

/// How long an answer may take where nothing else is said.
const DEADLINE: Duration = Duration::from_secs(30);

/// A text that goes to the wire, and whether it may be seen elsewhere.
enum Value {
    Plain(String),
    Secret(Secret),
    Basic(String, Secret),
    Bearer(Secret),
}

enum Body {
    None,
    Form(Vec<(String, Value)>),
    Object(Vec<(String, Value)>),
    Text(String),
    File(Upload),
}

/// A file in the one part of a form.
struct Upload {
    field: &'static str,
    name: String,
    kind: &'static str,
    bytes: Bytes,
}

/// One request to a server. GET reads and every other method writes, until [`Request::as_read`] or [`Request::as_write`] says otherwise.
pub struct Request {
    pub(crate) method: Method,
    pub(crate) path: String,
    query: Vec<(String, String)>,
    headers: Vec<(HeaderName, Value)>,
    body: Body,
    content_type: Option<&'static str>,
    pub(crate) group: &'static str,
    pub(crate) deadline: Duration,
    pub(crate) is_read: bool,
    pub(crate) accepted: &'static [u16],
}

impl Request {
    fn new(method: Method, path: &str) -> Self {
        let is_read = method == Method::GET;
        Self {
            method,
            path: path.to_owned(),
            query: Vec::new(),
            headers: Vec::new(),
            body: Body::None,
            content_type: None,
            group: "",
            deadline: DEADLINE,
            is_read,
            accepted: &[],
        }
    }

    /// A read. The path goes behind the server's base address; percent-encoding is the caller's duty.
    #[must_use]
    pub fn get(path: &str) -> Self {
        Self::new(Method::GET, path)
    }

    /// A POST.
    #[must_use]
    pub fn post(path: &str) -> Self {
        Self::new(Method::POST, path)
    }

    /// A PUT.
    #[must_use]
    pub fn put(path: &str) -> Self {
        Self::new(Method::PUT, path)
    }

    /// A DELETE.
    #[must_use]
    pub fn delete(path: &str) -> Self {
        Self::new(Method::DELETE, path)
    }

    /// Adds to the query; the same key may come several times.
    #[must_use]
    pub fn query(mut self, key: &str, value: impl Into<String>) -> Self {
        self.query.push((key.to_owned(), value.into()));
        self
    }

    /// Adds form fields; the body is `application/x-www-form-urlencoded`.
    #[must_use]
    pub fn form(mut self, pairs: &[(&str, &str)]) -> Self {
        for (key, value) in pairs {
            self = self.field(key, Value::Plain((*value).to_owned()));
        }
        if matches!(self.body, Body::None) {
            self.body = Body::Form(Vec::new());
        }
        self
    }

    /// Adds a form field whose value is a secret.
    #[must_use]
    pub fn form_secret(self, key: &str, value: &Secret) -> Self {
        self.field(key, Value::Secret(value.clone()))
    }

    fn field(mut self, key: &str, value: Value) -> Self {
        let mut fields = match self.body {
            Body::Form(fields) => fields,
            Body::None | Body::Object(_) | Body::Text(_) | Body::File(_) => Vec::new(),
        };
        fields.push((key.to_owned(), value));
        self.body = Body::Form(fields);
        self
    }

    /// A JSON object of texts, of which the last one is a secret.
    #[must_use]
    pub fn json_secret(mut self, pairs: &[(&str, &str)], key: &str, secret: &Secret) -> Self {
        let plain = pairs.iter().map(|(key, value)| ((*key).to_owned(), Value::Plain((*value).to_owned())));
        let secret = (key.to_owned(), Value::Secret(secret.clone()));
        self.body = Body::Object(plain.chain([secret]).collect());
        self
    }

    /// A JSON text that is sent as it is.
    #[must_use]
    pub fn json(mut self, body: String) -> Self {
        self.body = Body::Text(body);
        self
    }

    /// A form of several parts (`multipart/form-data`) with a file in its only field, named as browsers name it: in UTF-8.
    #[must_use]
    pub fn file(mut self, field: &'static str, name: &str, kind: &'static str, bytes: impl Into<Bytes>) -> Self {
        self.body = Body::File(Upload { field, name: name.to_owned(), kind, bytes: bytes.into() });
        self
    }

    /// Another content type than the body's usual one.
    #[must_use]
    pub fn content_type(mut self, value: &'static str) -> Self {
        self.content_type = Some(value);
        self
    }

    /// Adds a header; its name in lower case.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((HeaderName::from_static(name), Value::Plain(value.to_owned())));
        self
    }

    /// Adds a header whose value is a secret; its name in lower case.
    #[must_use]
    pub fn secret_header(mut self, name: &'static str, value: &Secret) -> Self {
        self.headers.push((HeaderName::from_static(name), Value::Secret(value.clone())));
        self
    }

    /// `Authorization: Bearer …`
    #[must_use]
    pub fn bearer(mut self, token: &Secret) -> Self {
        self.headers.push((AUTHORIZATION, Value::Bearer(token.clone())));
        self
    }

    /// `Authorization: Basic …`
    #[must_use]
    pub fn basic(mut self, user: &str, password: &Secret) -> Self {
        self.headers.push((AUTHORIZATION, Value::Basic(user.to_owned(), password.clone())));
        self
    }

    /// Which limit this counts against; all requests without one share a group.
    #[must_use]
    pub fn group(mut self, group: &'static str) -> Self {
        self.group = group;
        self
    }

    /// How long the answer may take, from connecting to its last byte.
    #[must_use]
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// Changes nothing at the server and so may be repeated, such as a POST that only reads.
    #[must_use]
    pub fn as_read(mut self) -> Self {
        self.is_read = true;
        self
    }

    /// Changes something at the server and so is sent once.
    #[must_use]
    pub fn as_write(mut self) -> Self {
        self.is_read = false;
        self
    }

    /// Statuses that come back as an answer instead of a failure.
    #[must_use]
    pub fn accept_status(mut self, accepted: &'static [u16]) -> Self {
        self.accepted = accepted;
        self
    }

    /// The whole address that this request begins at.
    pub(crate) fn url(&self, base: &Url) -> Result<Url, Failure> {
        let mut url = address::behind(base, &self.path)?;
        if !self.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&self.query);
        }
        Ok(url)
    }

    /// Puts headers and body onto a request of the library below.
    pub(crate) fn dress(
        &self,
        mut bare: reqwest::RequestBuilder,
        with_body: bool,
    ) -> Result<reqwest::RequestBuilder, Failure> {
        let mut headers = HeaderMap::new();
        for (name, value) in &self.headers {
            headers.append(name.clone(), header_value(name, value)?);
        }
        if with_body && let Body::File(upload) = &self.body {
            bare = bare.multipart(upload.form()?);
        }
        if with_body && let Some((body, usual)) = self.body_text() {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(self.content_type.unwrap_or(usual)));
            bare = bare.body(body);
        }
        Ok(bare.headers(headers))
    }

    fn body_text(&self) -> Option<(String, &'static str)> {
        match &self.body {
            Body::None | Body::File(_) => None,
            Body::Text(text) => Some((text.clone(), "application/json")),
            Body::Object(fields) => {
                let texts = fields.iter().map(|(key, value)| (key.clone(), plain(value).into()));
                let object: serde_json::Map<String, serde_json::Value> = texts.collect();
                Some((serde_json::Value::Object(object).to_string(), "application/json"))
            }
            Body::Form(fields) => {
                let mut form = url::form_urlencoded::Serializer::new(String::new());
                for (key, value) in fields {
                    form.append_pair(key, plain(value));
                }
                Some((form.finish(), "application/x-www-form-urlencoded"))
            }
        }
    }

    /// Takes every secret of this request out of a text that is going to be shown.
    pub(crate) fn without_secrets(&self, text: &str) -> String {
        let fields: &[(String, Value)] = match &self.body {
            Body::Form(fields) | Body::Object(fields) => fields,
            Body::None | Body::Text(_) | Body::File(_) => &[],
        };
        let values = self.headers.iter().map(|(_, value)| value).chain(fields.iter().map(|(_, value)| value));
        let mut clean = text.to_owned();
        for value in values {
            if let Value::Secret(secret) | Value::Basic(_, secret) | Value::Bearer(secret) = value
                && !secret.is_empty()
            {
                clean = clean.replace(secret.reveal(), "…");
            }
        }
        clean
    }
}

impl Upload {
    fn form(&self) -> Result<Form, Failure> {
        let length = self.bytes.len() as u64;
        let part = Part::stream_with_length(self.bytes.clone(), length).file_name(self.name.clone());
        let part = part.mime_str(self.kind).map_err(|_| Failure::invalid(Reason::NotUsable, self.kind))?;
        // Names of files in UTF-8 as they are, which every server reads; the other way is younger than some of them.
        Ok(Form::new().percent_encode_noop().part(self.field, part))
    }
}

fn plain(value: &Value) -> &str {
    match value {
        Value::Plain(text) => text,
        Value::Secret(secret) | Value::Basic(_, secret) | Value::Bearer(secret) => secret.reveal(),
    }
}

/// A header's value in UTF-8. Control characters are refused, because they would be further headers.
fn header_value(name: &HeaderName, value: &Value) -> Result<HeaderValue, Failure> {
    let (text, is_secret) = match value {
        Value::Plain(text) => (text.clone(), false),
        Value::Secret(secret) => (secret.reveal().to_owned(), true),
        Value::Bearer(secret) => (format!("Bearer {}", secret.reveal()), true),
        Value::Basic(user, secret) => (format!("Basic {}", base64(&format!("{user}:{}", secret.reveal()))), true),
    };
    let mut header =
        HeaderValue::from_bytes(text.as_bytes()).map_err(|_| Failure::invalid(Reason::NotUsable, name.as_str()))?;
    header.set_sensitive(is_secret);
    Ok(header)
}

/// Base64 with padding, for Basic authentication.
fn base64(text: &str) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in text.as_bytes().chunks(3) {
        let at = |index: usize| u32::from(chunk.get(index).copied().unwrap_or(0));
        let bits = at(0) << 16 | at(1) << 8 | at(2);
        for place in 0..4 {
            if place <= chunk.len() {
                out.push(char::from(DIGITS[(bits >> (18 - 6 * place)) as usize & 63]));
            } else {
                out.push('=');
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_carries_every_character_through() {
        let request = Request::post("x").form(&[("message", r#"{"a":"Q&A 100% + あ"}"#)]);
        let (body, content_type) = request.body_text().unwrap();
        assert_eq!(body, "message=%7B%22a%22%3A%22Q%26A+100%25+%2B+%E3%81%82%22%7D");
        assert_eq!(content_type, "application/x-www-form-urlencoded");
        let (empty, _) = Request::post("x").form(&[]).body_text().unwrap();
        assert_eq!(empty, "", "an empty form is still a form");
    }

    #[test]
    fn a_json_object_carries_every_character_through_and_its_secret_is_taken_out_of_words() {
        let request = Request::post("x").json_secret(&[("user", "佐藤\"\n")], "password", &Secret::new("p\\w\"日"));
        let (body, content_type) = request.body_text().unwrap();
        assert_eq!(content_type, "application/json");
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&body).unwrap(),
            serde_json::json!({ "user": "佐藤\"\n", "password": "p\\w\"日" })
        );
        assert_eq!(request.without_secrets("no p\\w\"日 here"), "no … here");
    }

    #[test]
    fn a_header_cannot_be_smuggled_in() {
        let value = header_value(&AUTHORIZATION, &Value::Secret(Secret::new("a\r\nx-admin: 1")));
        assert_eq!(value.unwrap_err().why().reason, Reason::NotUsable);
    }

    #[test]
    fn basic_is_base64() {
        let check = |text: &str, expected: &str| assert_eq!(base64(text), expected);
        check("", "");
        check("a", "YQ==");
        check("ab", "YWI=");
        check("abc", "YWJj");
        check("client:secret~", "Y2xpZW50OnNlY3JldH4=");
    }

    #[test]
    fn a_secret_that_a_server_repeats_is_taken_out() {
        let request = Request::get("x").bearer(&Secret::new("t0ken")).form_secret("password", &Secret::new("w0rd"));
        assert_eq!(request.without_secrets("bad t0ken with w0rd"), "bad … with …");
    }
}
