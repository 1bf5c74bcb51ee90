//! Chat&Messenger: conference rooms with their bookings, messages, quick calls and chat rooms, as the vendor's API page has them.

mod answer;
mod booking;
mod by_hand;
mod calendar;
mod chat_room;
mod form;
mod message;
mod quick_call;
mod status;
mod titles;

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State as Shared};
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::any;
use serde_json::Value;

pub use answer::{Envelope, Errors};
pub use booking::{Booking, ConferenceRoom};
pub use by_hand::BookingEdit;
pub use message::Sent;
pub use quick_call::QuickCall;
pub use status::Shape;

use crate::generator::people::{Person, people};
use crate::{Clock, Plan, lock};
use answer::{Refusal, failure, success};
use calendar::Calendar;
use form::Form;

/// The server of one company.
pub struct State {
    clock: Arc<Clock>,
    token: String,
    people: Vec<Person>,
    switches: Mutex<Switches>,
    calendar: Mutex<Calendar>,
    sent: Mutex<Vec<Sent>>,
    quick_calls: Mutex<Vec<QuickCall>>,
    chat_rooms: Mutex<chat_room::Shelf>,
}

/// What the vendor's documents leave open, set to one possibility.
#[derive(Debug, Clone, Default)]
struct Switches {
    shape: Shape,
    errors: Errors,
    envelope: Envelope,
    reads: Reads,
    errors_on_success: Option<Value>,
    plan_is_too_small: bool,
    takes_anybody: bool,
}

/// By which methods the reading calls can be reached.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Reads {
    /// POST, and GET for `getConferenceRooms` as in the vendor's sample.
    #[default]
    Documented,
    /// Only by GET.
    GetOnly,
    /// Only by POST.
    PostOnly,
    /// Only `getConferenceRooms` exists, as on a server from before the calls were split.
    OldServer,
}

impl State {
    /// The office of a plan.
    #[must_use]
    pub fn new(plan: &Plan, clock: Arc<Clock>) -> Self {
        let people = people(plan.seed, plan.people);
        Self {
            token: crate::office::token(plan.seed, 1, 32),
            switches: Mutex::default(),
            calendar: Mutex::new(Calendar::new(plan.seed, clock.today(), plan.rooms, &people)),
            sent: Mutex::default(),
            quick_calls: Mutex::default(),
            chat_rooms: Mutex::new(chat_room::Shelf::new(&people, &clock)),
            people,
            clock,
        }
    }

    /// The API token of this server.
    #[must_use]
    pub fn token(&self) -> &str {
        &self.token
    }

    /// Everybody with an account.
    #[must_use]
    pub fn people(&self) -> &[Person] {
        &self.people
    }

    /// In which shape bookings are answered.
    pub fn shape(&self, shape: Shape) {
        lock(&self.switches).shape = shape;
    }

    /// In which shape `errors` comes.
    pub fn errors(&self, errors: Errors) {
        lock(&self.switches).errors = errors;
    }

    /// What is wrapped around a payload.
    pub fn envelope(&self, envelope: Envelope) {
        lock(&self.switches).envelope = envelope;
    }

    /// By which methods the reading calls can be reached.
    pub fn reads(&self, reads: Reads) {
        lock(&self.switches).reads = reads;
    }

    /// A value for `errors` beside every good answer, such as `[]`; `None` leaves the key out.
    pub fn errors_on_success(&self, errors: Option<Value>) {
        lock(&self.switches).errors_on_success = errors;
    }

    /// Whether the company's plan is too small for the API, so that every call is refused.
    pub fn plan_is_too_small(&self, is_too_small: bool) {
        lock(&self.switches).plan_is_too_small = is_too_small;
    }

    /// Whether messages to unknown addresses and rooms are taken; they are refused at first.
    pub fn takes_anybody(&self, takes: bool) {
        lock(&self.switches).takes_anybody = takes;
    }

    fn switches(&self) -> Switches {
        lock(&self.switches).clone()
    }
}

/// Serves the API under `/camserver/api`.
pub fn router(state: Arc<State>) -> Router {
    Router::new().route("/camserver/api/{call}", any(answer_call)).fallback(not_found).with_state(state)
}

/// The answer to a missing or wrong token.
pub(crate) fn bad_token() -> Response {
    failure(StatusCode::UNAUTHORIZED, &Errors::Text, &["Invalid API token".to_owned()])
}

/// One of the vendor's calls.
struct Call {
    name: &'static str,
    is_read: bool,
    fields: &'static [&'static str],
    answer: fn(&State, &Form) -> Result<Value, Refusal>,
}

const CALLS: [Call; 7] = [
    Call { name: "sendMessage", is_read: false, fields: &["message"], answer: message::send_message },
    Call { name: "sendMessages", is_read: false, fields: &["messages"], answer: message::send_messages },
    Call {
        name: "createQuickCall",
        is_read: false,
        fields: &["expiredDate", "password"],
        answer: quick_call::create_quick_call,
    },
    Call { name: "updateChatRoom", is_read: false, fields: &["chatRoom"], answer: chat_room::update_chat_room },
    Call { name: "getConferenceMaster", is_read: true, fields: &[], answer: status::master },
    Call { name: "getConferenceRoomStatus", is_read: true, fields: &["yyyyMMdd"], answer: status::status },
    Call { name: "getConferenceRooms", is_read: true, fields: &["yyyyMMdd"], answer: status::rooms },
];

impl Call {
    fn allows(&self, method: &Method, reads: Reads) -> bool {
        let by_get = match reads {
            Reads::Documented | Reads::OldServer => self.name == "getConferenceRooms",
            Reads::GetOnly => self.is_read,
            Reads::PostOnly => false,
        };
        let by_post = !self.is_read || reads != Reads::GetOnly;
        (method == Method::GET && by_get) || (method == Method::POST && by_post)
    }
}

async fn answer_call(
    Shared(state): Shared<Arc<State>>,
    Path(name): Path<String>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let switches = state.switches();
    let is_old = switches.reads == Reads::OldServer;
    let known = |call: &&Call| call.name == name && !(is_old && call.is_read && name != "getConferenceRooms");
    let Some(call) = CALLS.iter().find(known) else {
        return not_found().await;
    };
    if !call.allows(&method, switches.reads) {
        let page = Html("<html><body><h1>HTTP Status 405 – Method Not Allowed</h1></body></html>");
        return (StatusCode::METHOD_NOT_ALLOWED, page).into_response();
    }
    if headers.get("x-cam-apitoken").is_none_or(|token| token.as_bytes() != state.token.as_bytes()) {
        return failure(StatusCode::UNAUTHORIZED, &switches.errors, &["Invalid API token".to_owned()]);
    }
    if switches.plan_is_too_small {
        let text = "API is available on the Enterprise plan or higher".to_owned();
        return failure(StatusCode::FORBIDDEN, &switches.errors, &[text]);
    }
    let form = match method {
        Method::GET => Form::parse(uri.query().unwrap_or_default().as_bytes()),
        _ => Form::posted(&headers, &body),
    };
    let payload = form.and_then(|form| {
        form.only(call.fields)?;
        (call.answer)(&state, &form)
    });
    match payload {
        Ok(payload) => success(&switches, payload),
        Err(Refusal(texts)) => failure(StatusCode::OK, &switches.errors, &texts),
    }
}

async fn not_found() -> Response {
    let page = "<!doctype html><html><head><title>HTTP Status 404 – Not Found</title></head>\
        <body><h1>HTTP Status 404 – Not Found</h1></body></html>";
    (StatusCode::NOT_FOUND, [(header::CONTENT_TYPE, "text/html;charset=utf-8")], page).into_response()
}
