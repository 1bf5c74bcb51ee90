//! The shapes in which answers and errors come; the vendor documents only the keys.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::Switches;

/// Why a call was refused; nothing of it was done.
#[derive(Debug)]
pub(crate) struct Refusal(pub(crate) Vec<String>);

impl Refusal {
    pub(crate) fn because(text: impl Into<String>) -> Self {
        Self(vec![text.into()])
    }
}

/// The shape of `errors` in a refusal.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Errors {
    /// One text.
    #[default]
    Text,
    /// A list of texts.
    List,
    /// A list of objects with `code` and `message`.
    Objects,
    /// One object with a `message`.
    Object,
    /// The number 1.
    Number,
    /// `true`.
    True,
    /// An empty list, and no payload.
    EmptyList,
}

/// What is wrapped around a good answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Envelope {
    /// Nothing.
    #[default]
    Plain,
    /// The answer is one level down, under `result`.
    Nested,
    /// The value of the payload's key is a text that holds JSON.
    Text,
    /// A byte order mark comes first.
    ByteOrderMark,
    /// A content type that says HTML.
    WrongType,
}

pub(super) fn success(switches: &Switches, mut payload: Value) -> Response {
    if let (Some(errors), Some(object)) = (&switches.errors_on_success, payload.as_object_mut()) {
        object.insert("errors".to_owned(), errors.clone());
    }
    match switches.envelope {
        Envelope::Plain => json_answer(StatusCode::OK, payload.to_string()),
        Envelope::Nested => json_answer(StatusCode::OK, json!({ "result": payload }).to_string()),
        Envelope::Text => json_answer(StatusCode::OK, as_text(payload).to_string()),
        Envelope::ByteOrderMark => json_answer(StatusCode::OK, format!("\u{feff}{payload}")),
        Envelope::WrongType => ([(header::CONTENT_TYPE, "text/html")], payload.to_string()).into_response(),
    }
}

pub(super) fn failure(status: StatusCode, errors: &Errors, texts: &[String]) -> Response {
    let errors = match errors {
        Errors::Text => json!(texts.join("\n")),
        Errors::List => json!(texts),
        Errors::Objects => texts.iter().map(|text| json!({ "code": "E100", "message": text })).collect(),
        Errors::Object => json!({ "message": texts.join("\n") }),
        Errors::Number => json!(1),
        Errors::True => json!(true),
        Errors::EmptyList => json!([]),
    };
    json_answer(status, json!({ "errors": errors }).to_string())
}

fn as_text(payload: Value) -> Value {
    let Value::Object(fields) = payload else {
        return payload;
    };
    fields.into_iter().map(|(key, value)| (key, Value::String(value.to_string()))).collect()
}

fn json_answer(status: StatusCode, body: String) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json;charset=UTF-8")], body).into_response()
}
