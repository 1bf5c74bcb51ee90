//! Rocket.Chat: people, rooms and messages behind the REST API of a workspace of version 8, or of 7 or 9 where they differ.

mod account;
pub(crate) mod answer;
mod ask;
mod attachment;
mod directory;
pub mod limit;
mod media;
mod message;
mod room;
mod room_admin;
mod second_factor;
mod send;
mod stream;

use std::collections::{BTreeSet, HashMap};
use std::sync::atomic::{AtomicBool, AtomicUsize};
use std::sync::{Arc, Mutex};

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, State as Shared};
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post};
use axum::{Json, Router};
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};
use tokio::sync::broadcast;

pub use limit::Limit;
pub use message::Message;
pub use room::Room;
pub use room_admin::{CREATE_CHANNEL, CREATE_GROUP, EDIT_ROOM, SEE_MEMBERS};

use crate::generator::people::{Person, people};
use crate::{Clock, Plan, lock};
use account::Sessions;
use answer::{Refusal, success};
use ask::Ask;
use limit::Meter;
use second_factor::SecondFactor;

/// The permission to send under another name or picture.
pub const IMPERSONATE: &str = "message-impersonate";

/// One workspace.
pub struct State {
    clock: Arc<Clock>,
    people: Vec<Person>,
    sessions: Mutex<Sessions>,
    meter: Mutex<Meter>,
    denied: Mutex<BTreeSet<&'static str>>,
    rooms: Mutex<Vec<Room>>,
    deleted: Mutex<Vec<(String, chrono::DateTime<chrono::Utc>)>>,
    version: Mutex<Version>,
    second_factor: Mutex<SecondFactor>,
    messages: Mutex<message::Archive>,
    uploads: Mutex<HashMap<String, media::Upload>>,
    files: Mutex<media::Files>,
    dice: Mutex<ChaCha8Rng>,
    notices: broadcast::Sender<stream::Notice>,
    streams: AtomicUsize,
    refuses_streams: AtomicBool,
}

/// The generation of a workspace, where the answers of several differ.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Version {
    /// Does not look up users by e-mail address.
    Seven,
    /// The usual one.
    #[default]
    Eight,
    /// Says less in refusals, and refuses `query` and `fields`.
    Nine,
}

impl State {
    /// The generation that this workspace is of from now on.
    pub fn version(&self, version: Version) {
        *lock(&self.version) = version;
    }

    fn generation(&self) -> Version {
        *lock(&self.version)
    }

    /// The workspace of a plan. The account belongs to its second person, who works at the reception.
    #[must_use]
    pub fn new(plan: &Plan, clock: Arc<Clock>) -> Self {
        let people = people(plan.seed, plan.people.max(2));
        let sessions = Sessions::new(&people[1].rocket_id, crate::office::token(plan.seed, 2, 43));
        let state = Self {
            sessions: Mutex::new(sessions),
            meter: Mutex::default(),
            denied: Mutex::new(BTreeSet::from([IMPERSONATE])),
            rooms: Mutex::new(room::rooms(&people, clock.now())),
            deleted: Mutex::default(),
            version: Mutex::default(),
            second_factor: Mutex::default(),
            messages: Mutex::default(),
            uploads: Mutex::default(),
            files: Mutex::default(),
            dice: Mutex::new(crate::office::dice(plan.seed, 2)),
            notices: broadcast::channel(256).0,
            streams: AtomicUsize::new(0),
            refuses_streams: AtomicBool::new(false),
            people,
            clock,
        };
        state.open_conversations();
        state
    }

    /// The personal access token of the account.
    #[must_use]
    pub fn token(&self) -> String {
        lock(&self.sessions).own_token().to_owned()
    }

    /// The user id of the account.
    #[must_use]
    pub fn user_id(&self) -> &str {
        &self.people[1].rocket_id
    }

    /// Everybody in the workspace.
    #[must_use]
    pub fn people(&self) -> &[Person] {
        &self.people
    }

    /// The rate limit of every route; there is none at first.
    pub fn limit(&self, limit: Option<Limit>) {
        *lock(&self.meter) = Meter::new(limit);
    }

    /// How many calls came beyond the limit.
    pub fn calls_over_limit(&self) -> usize {
        lock(&self.meter).over
    }

    /// Takes a permission such as `view-d-room` from everybody.
    pub fn deny(&self, permission: &'static str) {
        lock(&self.denied).insert(permission);
    }

    /// Gives a permission such as [`IMPERSONATE`] to everybody.
    pub fn grant(&self, permission: &'static str) {
        lock(&self.denied).remove(permission);
    }

    fn may(&self, permission: &str) -> bool {
        !lock(&self.denied).contains(permission)
    }

    fn person(&self, id: &str) -> Option<&Person> {
        self.people.iter().find(|person| person.rocket_id == id)
    }

    fn person_named(&self, username: &str) -> Option<&Person> {
        self.people.iter().find(|person| person.username == username)
    }

    /// An id as the vendor makes them: 17 letters and digits.
    fn new_id(&self) -> String {
        const LETTERS: &[u8] = b"23456789ABCDEFGHJKLMNPQRSTWXYZabcdefghijkmnopqrstuvwxyz";
        let mut dice = lock(&self.dice);
        (0..17).map(|_| char::from(LETTERS[dice.random_range(0..LETTERS.len())])).collect()
    }
}

/// Serves the API under `/api`.
pub fn router(state: Arc<State>) -> Router {
    Router::new()
        .route("/api/info", get(account::info))
        .route("/websocket", any(stream::open))
        .route("/api/v1/rooms.media/{room}", post(media::upload).layer(DefaultBodyLimit::disable()))
        .route("/api/v1/{*path}", any(answer_route))
        .fallback(async || Refusal::no_route())
        .with_state(state)
}

/// One route of the API.
struct Route {
    method: Method,
    name: &'static str,
    query: &'static [&'static str],
    answer: fn(&State, &Ask) -> Result<Value, Refusal>,
}

const fn get_route(
    name: &'static str,
    query: &'static [&'static str],
    answer: fn(&State, &Ask) -> Result<Value, Refusal>,
) -> Route {
    Route { method: Method::GET, name, query, answer }
}

const fn post_route(name: &'static str, answer: fn(&State, &Ask) -> Result<Value, Refusal>) -> Route {
    Route { method: Method::POST, name, query: &[], answer }
}

/// `query` and `fields` are let through and ignored, as the server does since version 7.
const LIST: &[&str] = &["offset", "count", "sort", "query", "fields"];

const MEMBERS: &[&str] = &["roomId", "roomName", "offset", "count", "sort", "filter", "status"];

const ROUTES: &[Route] = &[
    post_route("login", account::login),
    post_route("users.2fa.sendEmailCode", second_factor::send_email_code),
    post_route("logout", account::logout),
    get_route("me", &[], account::me),
    get_route("users.list", &["offset", "count", "sort", "query", "fields", "email"], directory::list),
    get_route("users.info", &["userId", "username", "importId", "email", "freeSwitchExtension"], directory::info),
    get_route("users.presence", &["ids", "from"], directory::presence),
    get_route("rooms.get", &["updatedSince"], room::get),
    get_route("rooms.info", &["roomId", "roomName"], room::info),
    get_route("channels.list", LIST, room::channels),
    get_route("groups.list", LIST, room::groups),
    post_route("channels.create", room_admin::create_channel),
    post_route("groups.create", room_admin::create_group),
    post_route("channels.rename", room_admin::rename_channel),
    post_route("groups.rename", room_admin::rename_group),
    get_route("channels.members", MEMBERS, room_admin::members_of_channel),
    get_route("groups.members", MEMBERS, room_admin::members_of_group),
    post_route("dm.create", room::create_direct),
    post_route("im.create", room::create_direct),
    post_route("chat.sendMessage", send::send_message),
    post_route("chat.postMessage", send::post_message),
    get_route("chat.getMessage", &["msgId"], message::get),
    post_route("chat.update", message::update),
    get_route(
        "chat.syncMessages",
        &["roomId", "lastUpdate", "next", "previous", "type", "count", "fields"],
        message::sync,
    ),
    post_route("rooms.mediaConfirm", media::confirm),
    get_route("settings.public", &["_id", "offset", "count", "sort", "query", "fields"], media::settings),
];

/// Routes that need no sign-in.
const OPEN: &[&str] = &["login", "users.2fa.sendEmailCode", "settings.public"];

async fn answer_route(
    Shared(state): Shared<Arc<State>>,
    Path(path): Path<String>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let mut segments = path.split('/');
    let name = segments.next().unwrap_or_default();
    let routes = || ROUTES.iter().filter(|route| route.name == name);
    let Some(route) = routes().find(|route| route.method == method) else {
        let refusal = if routes().next().is_some() { Refusal::no_method() } else { Refusal::no_route() };
        return refusal.into_response();
    };
    let (user, token) = match sign_in(&state, &headers) {
        Ok(it) => it,
        Err(_) if OPEN.contains(&route.name) => Default::default(),
        Err(refusal) => return refusal.of(state.generation()).into_response(),
    };
    let query = url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()).into_owned().collect();
    let arguments = segments.map(str::to_owned).collect();
    let header = |name: &str| headers.get(name).and_then(|it| it.to_str().ok()).map(str::to_owned);
    let (method, code) = (header("x-2fa-method"), header("x-2fa-code"));
    limited(&state, route.name, || {
        if route.method == Method::POST && !OPEN.contains(&route.name) {
            state.check_second_factor((method.as_deref(), code.as_deref()))?;
        }
        let ask = Ask { user, token, arguments, query, method, code, body: ask::body(&headers, &body)? };
        ask.only_query(&known_query(&state, route))?;
        (route.answer)(&state, &ask)
    })
}

/// What a route takes in its query, which differs between generations.
fn known_query(state: &State, route: &Route) -> Vec<&'static str> {
    let is_known = |name: &&&'static str| match state.generation() {
        Version::Seven => **name != "email" && **name != "freeSwitchExtension",
        Version::Eight => true,
        Version::Nine => **name != "query" && **name != "fields",
    };
    route.query.iter().filter(is_known).copied().collect()
}

/// The user's id and the token. Both headers must be there and belong together.
fn sign_in(state: &State, headers: &HeaderMap) -> Result<(String, String), Refusal> {
    let text = |name: &str| headers.get(name).and_then(|it| it.to_str().ok());
    let (Some(token), Some(user)) = (text("x-auth-token"), text("x-user-id")) else {
        return Err(Refusal::not_logged_in());
    };
    if lock(&state.sessions).user(token) != Some(user) {
        return Err(Refusal::not_logged_in());
    }
    Ok((user.to_owned(), token.to_owned()))
}

/// Counts a call, refuses it over the limit, and tells the count in headers.
fn limited(state: &State, route: &str, answer: impl FnOnce() -> Result<Value, Refusal>) -> Response {
    let now = state.clock.millis();
    let reading = lock(&state.meter).count(route, now);
    if let Some(reading) = reading.filter(|it| it.is_over) {
        return reading.refusal(now);
    }
    let headers = reading.map(|it| it.headers()).unwrap_or_default();
    match answer() {
        Ok(body) => (StatusCode::OK, headers, Json(success(body))).into_response(),
        Err(refusal) => (headers, refusal.of(state.generation())).into_response(),
    }
}

/// A date as REST answers carry it.
fn iso(at: chrono::DateTime<chrono::Utc>) -> Value {
    json!(at.to_rfc3339_opts(chrono::SecondsFormat::Millis, true))
}
