//! The remote control of a simulator, beside the vendor's own API and never in trouble itself.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::fault::{Fault, Gate, Trouble};
use crate::scenario::{Phones, Ring};

/// What a system has received, as JSON.
pub(crate) type Messages = Arc<dyn Fn() -> Value + Send + Sync>;

/// What the remote control of one system reaches.
#[derive(Clone)]
pub(crate) struct Control {
    pub(crate) gate: Arc<Gate>,
    pub(crate) phones: Arc<Phones>,
    pub(crate) messages: Messages,
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

fn done(was_there: bool) -> StatusCode {
    if was_there { StatusCode::NO_CONTENT } else { StatusCode::NOT_FOUND }
}
