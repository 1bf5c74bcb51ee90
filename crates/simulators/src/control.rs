//! The remote control of a simulator, beside the vendor's own API and never in trouble itself, for tries by hand.
//!
//! All of it is under `/_simulator`. What a system does not have answers 404, such as calls of a chat.
//!
//! | request | what it does |
//! |---|---|
//! | `GET /messages` | what the system received |
//! | `GET /requests`, `DELETE /requests` | what was asked of it, with bodies; forgets it |
//! | `POST /fault {"kind", "status"?, "to"?, "retry_after"?, "next"?, "only"?}` | trouble; `{"kind":"none"}` ends it |
//! | `POST /ring {"from", "line"?}` | a telephone rings; answers `{"id"}` |
//! | `POST /answer {"id"}`, `POST /hang-up {"id"}` | somebody takes the call; it ends |
//! | `POST /book {"room", "title", "owner", "start", "end"}` | Chat&Messenger: books a room, such as from `2026-10-14T15:00:00`; answers `{"id"}` |
//! | `POST /change-booking {"id", "room"?, "title"?, "start"?, "end"?}` | Chat&Messenger: changes what is given of a booking |
//! | `POST /cancel-booking {"id"}` | Chat&Messenger: cancels a booking |
//! | `POST /cut-sockets` | cuts every open socket without a word |
//! | `POST /end-calls {"n"}` | RingCentral: so many calls begin and end now; answers the ids of their records |
//! | `POST /delete-call {"id"}` | RingCentral: deletes a record of the call log |
//! | `POST /expire-tokens` | RingCentral: every access token ends |
//! | `POST /limits {"group", "per_minute", "window_ms"?}` | RingCentral: the limit of `light`, `medium`, `heavy` or `auth` |
//! | `POST /restore {"key"}` | SmartConnect: a backup is restored, calls with a higher key vanish |
//! | `POST /edit {"resource", "key", "field", "value"}` | SmartConnect: somebody else changes a row |
//!
//! For example: `curl -d '{"n":3}' -H 'Content-Type: application/json' http://127.0.0.1:PORT/_simulator/end-calls`.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use chrono::NaiveDateTime;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::chat_and_messenger::{self, BookingEdit};
use crate::fault::{Fault, Gate, Trouble};
use crate::ring_central::{self, Group};
use crate::scenario::{Phones, Ring};
use crate::smart_connect;

/// What a system has received, as JSON.
pub(crate) type Messages = Arc<dyn Fn() -> Value + Send + Sync>;

/// What the remote control of one system reaches.
#[derive(Clone)]
pub(crate) struct Control {
    pub(crate) gate: Arc<Gate>,
    pub(crate) phones: Arc<Phones>,
    pub(crate) messages: Messages,
    pub(crate) system: System,
}

/// The state behind the routes that only some systems have.
#[derive(Clone)]
pub(crate) enum System {
    ChatAndMessenger(Arc<chat_and_messenger::State>),
    RingCentral(Arc<ring_central::State>),
    SmartConnect(Arc<smart_connect::State>),
    Other,
}

impl System {
    fn chat_and_messenger(&self) -> Result<&chat_and_messenger::State, StatusCode> {
        match self {
            Self::ChatAndMessenger(state) => Ok(state),
            Self::RingCentral(_) | Self::SmartConnect(_) | Self::Other => Err(StatusCode::NOT_FOUND),
        }
    }

    fn ring_central(&self) -> Result<&ring_central::State, StatusCode> {
        match self {
            Self::RingCentral(state) => Ok(state),
            Self::ChatAndMessenger(_) | Self::SmartConnect(_) | Self::Other => Err(StatusCode::NOT_FOUND),
        }
    }

    fn smart_connect(&self) -> Result<&smart_connect::State, StatusCode> {
        match self {
            Self::SmartConnect(state) => Ok(state),
            Self::ChatAndMessenger(_) | Self::RingCentral(_) | Self::Other => Err(StatusCode::NOT_FOUND),
        }
    }
}

/// The routes under `/_simulator`.
pub(crate) fn router(control: Control) -> Router {
    Router::new()
        .route("/messages", get(async |State(it): State<Control>| Json((it.messages)())))
        .route("/requests", get(requests).delete(forget))
        .route("/fault", post(fault))
        .route("/ring", post(ring))
        .route("/answer", post(answer))
        .route("/hang-up", post(hang_up))
        .route("/book", post(book))
        .route("/change-booking", post(change_booking))
        .route("/cancel-booking", post(cancel_booking))
        .route("/cut-sockets", post(cut_sockets))
        .route("/end-calls", post(end_calls))
        .route("/delete-call", post(delete_call))
        .route("/expire-tokens", post(expire_tokens))
        .route("/limits", post(limits))
        .route("/restore", post(restore))
        .route("/edit", post(edit))
        .with_state(control)
}

async fn requests(State(control): State<Control>) -> Json<Value> {
    Json(json!({ "count": control.gate.count(), "requests": control.gate.seen() }))
}

async fn forget(State(control): State<Control>) -> StatusCode {
    control.gate.forget();
    StatusCode::NO_CONTENT
}

/// A fault by its kind, with the one value that some kinds have.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewFault {
    kind: Kind,
    status: Option<u16>,
    to: Option<String>,
    retry_after: Option<u64>,
    next: Option<usize>,
    only: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    None,
    Reset,
    LoseAnswer,
    Hang,
    Silence,
    Drip,
    Status,
    Html,
    CutJson,
    WrongJson,
    Huge,
    RedirectTo,
    Limit,
    TokenExpired,
}

async fn fault(State(control): State<Control>, Json(new): Json<NewFault>) -> StatusCode {
    let fault = match new.kind {
        Kind::None => {
            control.gate.heal();
            return StatusCode::NO_CONTENT;
        }
        Kind::Reset => Fault::Reset,
        Kind::LoseAnswer => Fault::LoseAnswer,
        Kind::Hang => Fault::Hang,
        Kind::Silence => Fault::Silence,
        Kind::Drip => Fault::Drip,
        Kind::Status => Fault::Status(new.status.unwrap_or(500)),
        Kind::Html => Fault::Html,
        Kind::CutJson => Fault::CutJson,
        Kind::WrongJson => Fault::WrongJson,
        Kind::Huge => Fault::Huge,
        Kind::RedirectTo => Fault::RedirectTo(new.to.unwrap_or_default()),
        Kind::Limit => Fault::Limit { retry_after: new.retry_after.unwrap_or(30) },
        Kind::TokenExpired => Fault::TokenExpired,
    };
    let mut trouble = Trouble::from(fault);
    if let Some(count) = new.next {
        trouble = trouble.next(count);
    }
    if let Some(text) = &new.only {
        trouble = trouble.only(text);
    }
    control.gate.fault(trouble);
    StatusCode::NO_CONTENT
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewRing {
    from: String,
    line: Option<String>,
}

async fn ring(State(control): State<Control>, Json(new): Json<NewRing>) -> Response {
    let ring = Ring { system: control.gate.system(), from: new.from, line: new.line };
    match control.phones.ring(&ring) {
        Some(id) => Json(json!({ "id": id })).into_response(),
        None => (StatusCode::NOT_FOUND, "this system has no telephones").into_response(),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Which {
    id: String,
}

async fn answer(State(control): State<Control>, Json(call): Json<Which>) -> StatusCode {
    done(control.phones.answer(&call.id))
}

async fn hang_up(State(control): State<Control>, Json(call): Json<Which>) -> StatusCode {
    done(control.phones.hang_up(&call.id))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewBooking {
    room: String,
    title: String,
    owner: String,
    start: NaiveDateTime,
    end: NaiveDateTime,
}

async fn book(State(control): State<Control>, Json(new): Json<NewBooking>) -> Result<Json<Value>, StatusCode> {
    let state = control.system.chat_and_messenger()?;
    Ok(Json(json!({ "id": state.book(&new.room, &new.title, &new.owner, new.start, new.end) })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChangedBooking {
    id: String,
    room: Option<String>,
    title: Option<String>,
    start: Option<NaiveDateTime>,
    end: Option<NaiveDateTime>,
}

async fn change_booking(
    State(control): State<Control>,
    Json(changed): Json<ChangedBooking>,
) -> Result<StatusCode, StatusCode> {
    let ChangedBooking { id, room, title, start, end } = changed;
    Ok(done(control.system.chat_and_messenger()?.change(&id, &BookingEdit { room, title, start, end })))
}

async fn cancel_booking(State(control): State<Control>, Json(which): Json<Which>) -> Result<StatusCode, StatusCode> {
    Ok(done(control.system.chat_and_messenger()?.cancel(&which.id)))
}

async fn cut_sockets(State(control): State<Control>) -> StatusCode {
    match &control.system {
        System::RingCentral(state) => state.cut_sockets(),
        System::SmartConnect(state) => state.cut_sockets(),
        System::ChatAndMessenger(_) | System::Other => return StatusCode::NOT_FOUND,
    }
    StatusCode::NO_CONTENT
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Count {
    n: usize,
}

async fn end_calls(State(control): State<Control>, Json(count): Json<Count>) -> Result<Json<Value>, StatusCode> {
    let ids = control.system.ring_central()?.end_calls(count.n);
    Ok(Json(json!({ "ids": ids })))
}

async fn delete_call(State(control): State<Control>, Json(call): Json<Which>) -> Result<StatusCode, StatusCode> {
    Ok(done(control.system.ring_central()?.delete_call(&call.id)))
}

async fn expire_tokens(State(control): State<Control>) -> Result<StatusCode, StatusCode> {
    control.system.ring_central()?.expire_access_tokens();
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewLimit {
    group: GroupName,
    per_minute: usize,
    window_ms: Option<u64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum GroupName {
    Light,
    Medium,
    Heavy,
    Auth,
}

async fn limits(State(control): State<Control>, Json(new): Json<NewLimit>) -> Result<StatusCode, StatusCode> {
    let state = control.system.ring_central()?;
    let group = match new.group {
        GroupName::Light => Group::Light,
        GroupName::Medium => Group::Medium,
        GroupName::Heavy => Group::Heavy,
        GroupName::Auth => Group::Auth,
    };
    state.set_limit(group, new.per_minute);
    if let Some(millis) = new.window_ms {
        state.set_window(Duration::from_millis(millis));
    }
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Backup {
    key: u64,
}

async fn restore(State(control): State<Control>, Json(backup): Json<Backup>) -> Result<StatusCode, StatusCode> {
    control.system.smart_connect()?.restore(backup.key);
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Edit {
    resource: String,
    key: u64,
    field: String,
    value: String,
}

async fn edit(State(control): State<Control>, Json(edit): Json<Edit>) -> Result<StatusCode, StatusCode> {
    let state = control.system.smart_connect()?;
    let is_known = smart_connect::RESOURCES.iter().any(|it| it.path == edit.resource);
    Ok(done(is_known && state.edit(&edit.resource, edit.key, &edit.field, &edit.value)))
}

fn done(was_there: bool) -> StatusCode {
    if was_there { StatusCode::NO_CONTENT } else { StatusCode::NOT_FOUND }
}
