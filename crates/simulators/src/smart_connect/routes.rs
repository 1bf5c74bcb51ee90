//! Reads the address and the verb of a request the way the service's platform does: exactly, and before anything else.

use super::answers::{Walk, list, one};
use super::pages::{not_allowed, not_found, outcome, request_error, too_large, unsupported_type};
use super::resources::{RECEIVED_CALLS, RESOURCES, Resource, find};
use super::row::{Members, Stored, plain};
use super::search::{Search, number};
use super::socket;
use super::state::{Inner, State};
use super::switches::Stop;
use super::table::Table;
use super::times::joined;
use crate::lock;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State as Shared};
use axum::http::{HeaderMap, Method, Uri, header};
use axum::response::Response;
use axum::routing::any;
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
    let is_write = method != Method::GET;
    let act = if method == Method::GET || method == Method::DELETE {
        if !body.is_empty() {
            return request_error();
        }
        Act::Remove
    } else {
        match members(&headers, &body).and_then(|it| row(&state, resource, it)) {
            Ok(row) => Act::Write(row),
            Err(refused) => return refused(),
        }
    };
    if is_write { done(&state, target, act).await } else { read(state, target) }
}

/// What a write does.
enum Act {
    Write(Stored),
    Remove,
}

/// Does a write, unless a switch has it refused or the service stop.
async fn done(state: &State, target: Target, act: Act) -> Response {
    let stop = state.count_write();
    if stop == Some(Stop::BeforeDoing) {
        return state.stop().await;
    }
    let told = write(&mut lock(&state.inner), target, act);
    if stop == Some(Stop::AfterDoing) {
        return state.stop().await;
    }
    let shape = lock(&state.inner).outcome_shape;
    match told {
        Ok(()) => outcome(shape, true, "正常終了"),
        Err(why) => outcome(shape, false, &why),
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

fn read(state: Arc<State>, target: Target) -> Response {
    match target {
        Target::All(resource) => {
            state.count_ask((resource == RECEIVED_CALLS).then_some(None));
            list(state, Walk::all(resource))
        }
        Target::Search(search) => {
            state.count_ask(Some(search.top));
            list(state, Walk::search(RECEIVED_CALLS, search))
        }
        // A key below the least is answered as one that is not there.
        Target::One(resource, key) => one(&state, resource, Some(key).filter(|it| *it >= RESOURCES[resource].least)),
    }
}

/// Adds, replaces or removes a row; why not, if it is not done.
fn write(inner: &mut Inner, target: Target, act: Act) -> Result<(), String> {
    if let Some(why) = &inner.refusal {
        return Err(why.clone());
    }
    match (target, act) {
        (Target::All(resource), Act::Write(row)) => {
            // Somebody else was faster.
            let theirs = inner.races.remove(&resource);
            theirs.into_iter().chain([row]).for_each(|it| {
                inner.tables[resource].add(it);
            });
            Ok(())
        }
        (Target::One(resource, key), act) => change(&mut inner.tables[resource], resource, key, act),
        (Target::All(_) | Target::Search(_), _) => Err("この操作はできません".to_owned()),
    }
}

/// Replaces the row that has this key, or removes it.
fn change(table: &mut Table, resource: usize, key: u64, act: Act) -> Result<(), String> {
    if key < RESOURCES[resource].least {
        return Err("キーの値が正しくありません".to_owned());
    }
    if !table.has(key) {
        return Err("該当するデータがありません".to_owned());
    }
    match act {
        Act::Write(row) => table.put(key, row),
        Act::Remove => table.remove(key),
    }
    Ok(())
}

/// The page that refuses a body.
type Refused = fn() -> Response;

/// Reads a body: exactly one object, announced as JSON.
fn members(headers: &HeaderMap, body: &[u8]) -> Result<Members, Refused> {
    let announced = headers.get(header::CONTENT_TYPE).and_then(|it| it.to_str().ok());
    let announced = announced.ok_or(request_error as Refused)?;
    let kind = announced.split(';').next().unwrap_or_default().trim();
    if !kind.eq_ignore_ascii_case("application/json") {
        return Err(unsupported_type);
    }
    Members::read(body).ok_or(request_error)
}

/// Makes a row of the members of a body. Fields the resource does not have are dropped, and fields that are missing
/// become empty, as the platform does it; known fields hold texts. Fields that a test added hold what was sent, in the
/// order in which it was sent, and are lost where nothing was.
fn row(state: &State, resource: usize, members: Members) -> Result<Stored, Refused> {
    let table = &lock(&state.inner).tables[resource];
    let fields = RESOURCES[resource].fields;
    let mut members = if resource == RECEIVED_CALLS { joined(members) } else { members };
    let is_free = table.is_free();
    members.0.retain(|it| fields.contains(&it.0.as_str()) || table.takes_any(&it.0));
    for (name, json) in &mut members.0 {
        if json == "null" && !table.takes_any(name) {
            "\"\"".clone_into(json);
        }
        if !table.takes_any(name) && serde_json::from_str::<String>(json).is_err() {
            return Err(request_error);
        }
    }
    if is_free {
        for field in fields.iter().filter(|_| !table.extras.is_empty()) {
            if members.get(field).is_none() {
                members.put(field, "\"\"".to_owned());
            }
        }
        return Ok(Stored::of(members));
    }
    let value = |field: &&str| members.get(field).map(plain).unwrap_or_default();
    Ok(Stored::Known(fields.iter().map(value).collect()))
}
