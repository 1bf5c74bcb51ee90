//! The pages and small answers of the service: HTML where the platform under it refuses, JSON where it answers itself.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

/// No such address.
pub(super) fn not_found() -> Response {
    page(StatusCode::NOT_FOUND, "Service", "Endpoint not found.")
}

/// The address is there, the verb is not; `allowed` is the list of those that are.
pub(super) fn not_allowed(allowed: &'static str) -> Response {
    let mut answer = page(StatusCode::METHOD_NOT_ALLOWED, "Service", "Method not allowed.");
    answer.headers_mut().insert(header::ALLOW, header::HeaderValue::from_static(allowed));
    answer
}

/// The request cannot be read.
pub(super) fn request_error() -> Response {
    page(StatusCode::BAD_REQUEST, "Request Error", "The server encountered an error processing the request.")
}

/// The body is not announced as JSON.
pub(super) fn unsupported_type() -> Response {
    page(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "Request Error",
        "The incoming message has an unexpected message format 'Raw'. The expected message format is 'Json'.",
    )
}

/// The body is larger than the platform takes.
pub(super) fn too_large() -> Response {
    page(StatusCode::PAYLOAD_TOO_LARGE, "Request Error", "The maximum message size quota has been exceeded.")
}

fn page(status: StatusCode, title: &str, words: &str) -> Response {
    let html = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n<!DOCTYPE html>\r\n\
         <html xmlns=\"http://www.w3.org/1999/xhtml\"><head><title>{title}</title></head>\
         <body><div id=\"content\"><p class=\"heading1\">{title}</p><p>{words}</p></div></body></html>"
    );
    (status, [(header::CONTENT_TYPE, "text/html; charset=UTF-8")], html).into_response()
}

/// JSON with the service's content type.
pub(super) fn json(body: impl Into<axum::body::Body>) -> Response {
    ([(header::CONTENT_TYPE, "application/json; charset=utf-8")], body.into()).into_response()
}

/// How the answer to a write says whether it was done. The documented way is [`OutcomeShape::Documented`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum OutcomeShape {
    /// `"True"` or `"False"`.
    #[default]
    Documented,
    /// `"true"` or `"false"`.
    LowerCase,
    /// `true` or `false`.
    Bool,
    /// `1` or `0`.
    Number,
    /// Not at all.
    Missing,
}

/// Whether a write was done, and the words for it.
pub(super) fn outcome(shape: OutcomeShape, is_done: bool, words: &str) -> Response {
    let result = match (shape, is_done) {
        (OutcomeShape::Documented, true) => Some("\"True\""),
        (OutcomeShape::Documented, false) => Some("\"False\""),
        (OutcomeShape::LowerCase, true) => Some("\"true\""),
        (OutcomeShape::LowerCase, false) => Some("\"false\""),
        (OutcomeShape::Bool, true) => Some("true"),
        (OutcomeShape::Bool, false) => Some("false"),
        (OutcomeShape::Number, true) => Some("1"),
        (OutcomeShape::Number, false) => Some("0"),
        (OutcomeShape::Missing, _) => None,
    };
    let result = result.map_or_else(String::new, |it| format!("\"result\":{it},"));
    json(format!("{{{result}\"msg\":{}}}", serde_json::Value::from(words)))
}
