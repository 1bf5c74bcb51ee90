//! Reads the address and the verb of a request the way the service's platform does: exactly, and before anything else.

use super::answers::{Walk, list, one};
use super::pages::{done, failed, not_allowed, not_found, request_error, too_large, unsupported_type};
use super::resources::{RECEIVED_CALLS, RESOURCES, Resource, find};
use super::search::{Search, number};
use super::socket;
use super::state::State;
use super::table::Row;
use crate::lock;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State as Shared};
use axum::http::{HeaderMap, Method, Uri, header};
use axum::response::Response;
use axum::routing::any;
use serde_json::{Map, Value};
use std::sync::Arc;

/// Where the resources are.
const BASE: &str = "/CTI_SmartConnectService/RestService/";
/// Where the notice socket is, with its slash at the end.
const SOCKET: &str = "/CTI_SmartConnectService/WebSocket/";
/// The platform refuses longer bodies unless it is told otherwise.
const LONGEST_BODY: usize = 64 * 1024;

/// The service's addresses.
pub fn router(state: Arc<State>) -> Router {
    Router::new()
        .route(SOCKET, any(socket::open))
        .fallback(answer)
        .layer(DefaultBodyLimit::max(16 * 1024 * 1024))
        .with_state(state)
}

/// What is addressed.
enum Target {
    All(usize),
    One(usize, u64),
    Search(Search),
}

async fn answer(
    Shared(state): Shared<Arc<State>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let Some(rest) = uri.path().strip_prefix(BASE) else {
        return not_found();
    };
    let segments: Vec<&str> = rest.split('/').collect();
    let Some(resource) = find(segments[0]) else {
        return not_found();
    };
    let allowed = match segments.len() {
        1 => allowed_on_all(&RESOURCES[resource]),
        2 if !segments[1].is_empty() => allowed_on_one(&RESOURCES[resource]),
        5 if resource == RECEIVED_CALLS => "GET",
        _ => return not_found(),
    };
    if !allowed.split(", ").any(|it| it == method.as_str()) {
        return not_allowed(allowed);
    }
    let Some(target) = target(resource, &segments) else {
        return request_error();
    };
    if body.len() > LONGEST_BODY {
        return too_large();
    }
    if method == Method::GET || method == Method::DELETE {
        return if body.is_empty() { without_body(state, &method, target) } else { request_error() };
    }
    match row(&headers, &body, &RESOURCES[resource]) {
        Ok(row) => write(&state, target, row),
        Err(refused) => refused(),
    }
}

fn allowed_on_all(resource: &Resource) -> &'static str {
    if resource.verbs.post { "GET, POST" } else { "GET" }
}

fn allowed_on_one(resource: &Resource) -> &'static str {
    match (resource.verbs.put, resource.verbs.delete) {
        (true, true) => "GET, PUT, DELETE",
        (true, false) => "GET, PUT",
        (false, _) => "GET",
    }
}

/// What is addressed by segments whose number was found right; nothing if one of them is not what it has to be.
fn target(resource: usize, segments: &[&str]) -> Option<Target> {
    match segments {
        [_] => Some(Target::All(resource)),
        [_, key] => Some(Target::One(resource, number(key)?)),
        [_, top, descending, customer, from] => Some(Target::Search(Search::read([top, descending, customer, from])?)),
        _ => None,
    }
}

fn without_body(state: Arc<State>, method: &Method, target: Target) -> Response {
    match target {
        Target::All(resource) => list(state, Walk::all(resource)),
        Target::Search(search) => list(state, Walk::search(RECEIVED_CALLS, search)),
        // A key below the least is answered as one that is not there.
        Target::One(resource, key) if method == Method::GET => {
            one(&state, resource, Some(key).filter(|it| *it >= RESOURCES[resource].least))
        }
        Target::One(resource, key) => change(&state, resource, key, None),
    }
}

fn write(state: &State, target: Target, row: Row) -> Response {
    match target {
        Target::All(resource) => {
            lock(&state.inner).tables[resource].add(row);
            done()
        }
        Target::One(resource, key) => change(state, resource, key, Some(row)),
        Target::Search(_) => not_allowed("GET"),
    }
}

/// Replaces the row that has this key, or removes it.
fn change(state: &State, resource: usize, key: u64, row: Option<Row>) -> Response {
    if key < RESOURCES[resource].least {
        return failed("キーの値が正しくありません");
    }
    let table = &mut lock(&state.inner).tables[resource];
    if !table.has(key) {
        return failed("該当するデータがありません");
    }
    match row {
        Some(row) => table.put(key, row),
        None => table.remove(key),
    }
    done()
}

/// The page that refuses a body.
type Refused = fn() -> Response;

/// Reads a body: exactly one object of strings, announced as JSON. Fields the resource does not have are dropped, and
/// fields that are missing become empty, as the platform does it.
fn row(headers: &HeaderMap, body: &[u8], resource: &Resource) -> Result<Row, Refused> {
    let announced = headers.get(header::CONTENT_TYPE).and_then(|it| it.to_str().ok());
    let announced = announced.ok_or(request_error as Refused)?;
    let kind = announced.split(';').next().unwrap_or_default().trim();
    if !kind.eq_ignore_ascii_case("application/json") {
        return Err(unsupported_type);
    }
    let mut object: Map<String, Value> = serde_json::from_slice(body).map_err(|_| request_error as Refused)?;
    let value = |field: &&str| match object.remove(*field) {
        None | Some(Value::Null) => Ok(String::new()),
        Some(Value::String(text)) => Ok(text),
        Some(Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => Err(request_error as Refused),
    };
    resource.fields.iter().map(value).collect()
}
