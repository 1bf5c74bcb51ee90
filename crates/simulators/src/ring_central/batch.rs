//! Several ids in one path: the answers come as the parts of one, with a first part that tells how each went.

use super::refusal::Refusal;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

const BOUNDARY: &str = "Boundary_1_example";
const AS_JSON: &str = "application/vnd.ringcentral.multipart+json";

/// Answers one id with the thing itself, several with 207 and a part for each; at most `most` may be asked for.
pub(super) fn answer(
    ids: &str,
    most: usize,
    headers: &HeaderMap,
    find: impl Fn(&str) -> Result<Value, Refusal>,
    write: impl Fn(&Value) -> String,
) -> Result<Response, Refusal> {
    let ids: Vec<&str> = ids.split(',').collect();
    if let [id] = ids[..] {
        return Ok(json(write(&find(id)?)));
    }
    if ids.len() > most {
        return Err(Refusal::too_many());
    }
    let found: Vec<_> = ids.iter().map(|id| (*id, find(id))).collect();
    let wants_json = headers.get(header::ACCEPT).is_some_and(|it| it.as_bytes() == AS_JSON.as_bytes());
    let (kind, body) = if wants_json {
        (AS_JSON.to_owned(), write(&as_json(found)))
    } else {
        (format!("multipart/mixed; boundary={BOUNDARY}"), as_parts(found, write))
    };
    Ok((StatusCode::MULTI_STATUS, [(header::CONTENT_TYPE, kind)], body).into_response())
}

/// Text that is JSON already.
pub(super) fn json(text: String) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], text).into_response()
}

type Found<'a> = Vec<(&'a str, Result<Value, Refusal>)>;

fn status(found: &Result<Value, Refusal>) -> u16 {
    found.as_ref().map_or_else(Refusal::status, |_| 200)
}

fn body(found: &Result<Value, Refusal>) -> Value {
    found.as_ref().map_or_else(Refusal::json, Clone::clone)
}

fn as_json(found: Found<'_>) -> Value {
    found.iter().map(|(id, it)| json!({ "resourceId": id, "status": status(it), "body": body(it) })).collect()
}

fn as_parts(found: Found<'_>, write: impl Fn(&Value) -> String) -> String {
    let summary: Vec<Value> =
        found.iter().map(|(id, it)| json!({ "href": id, "status": status(it), "responseDescription": "" })).collect();
    let first = json!({ "response": summary });
    let parts = std::iter::once(first).chain(found.iter().map(|it| body(&it.1)));
    let written = parts.map(|it| format!("--{BOUNDARY}\r\nContent-Type: application/json\r\n\r\n{}\r\n", write(&it)));
    written.chain(std::iter::once(format!("--{BOUNDARY}--\r\n"))).collect()
}
