//! The way of a request: who asks, how often, with what right, and then the operation itself.

use super::extensions::Extension;
use super::limits::Group;
use super::log::Whose;
use super::operations::Operation;
use super::query::Query;
use super::refusal::Refusal;
use super::state::State;
use super::{authorize, batch, sign_in, socket};
use crate::lock;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State as Shared};
use axum::http::{HeaderMap, Method, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post};
use axum::{Json, Router};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// The longest body, which is that of a file in its form.
const LONGEST_BODY: usize = 30 * 1024 * 1024 + 4 * 1024;

/// The account's addresses.
pub fn router(state: Arc<State>) -> Router {
    Router::new()
        .route("/restapi", get(versions))
        .route("/restapi/oauth/authorize", get(authorize))
        .route("/restapi/oauth/token", post(token))
        .route("/restapi/oauth/revoke", post(revoke))
        .route("/ws", any(socket::open))
        .fallback(answer)
        .layer(DefaultBodyLimit::max(LONGEST_BODY))
        .with_state(state)
}

/// One request, read.
pub(super) struct Asked {
    pub(super) query: Query,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
    /// Scheme and host under which the simulator was asked.
    pub(super) base: String,
}

/// The versions, for whoever only wants to know whether the host is there.
async fn versions(headers: HeaderMap) -> Json<Value> {
    let uri = format!("{}/restapi/v1.0", base(&headers));
    Json(json!({
        "uri": format!("{}/restapi/", base(&headers)),
        "apiVersions": [{ "uri": uri, "versionString": "1.0.60", "releaseDate": "2026-01-15T00:00:00.000Z", "uriString": "v1.0" }],
        "serverVersion": "26.1.0",
        "serverRevision": "example",
    }))
}

async fn authorize(Shared(state): Shared<Arc<State>>, uri: Uri) -> Response {
    let query = Query::read(uri.query().unwrap_or_default());
    counted(&state, Group::Auth, || authorize::authorize(&state, &query))
}

async fn token(Shared(state): Shared<Arc<State>>, headers: HeaderMap, body: Bytes) -> Response {
    counted(&state, Group::Auth, || sign_in::token(&state, &headers, &body))
}

async fn revoke(Shared(state): Shared<Arc<State>>, headers: HeaderMap, body: Bytes) -> Response {
    counted(&state, Group::Auth, || sign_in::revoke(&state, &headers, &body))
}

/// Everything that needs a token.
async fn answer(
    Shared(state): Shared<Arc<State>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let let_in = lock(&state.inner).tokens.check(&headers, state.now());
    let operation = match let_in.and_then(|()| Operation::read(&method, uri.path())) {
        Ok(operation) => operation,
        Err(refusal) => return refusal.into_response(),
    };
    let _answering = match state.begin(&method, &uri).await {
        Ok(answering) => answering,
        Err(refusal) => return refusal.into_response(),
    };
    let query = Query::read(uri.query().unwrap_or_default());
    let asked = Asked { query, base: base(&headers), headers, body };
    let needs = operation.needs();
    counted(&state, needs.group, || {
        state.require(needs.scope, needs.permission)?;
        state.perform(operation, asked)
    })
}

/// Counts the request in its group, does it, and tells the counters in the head of the answer.
fn counted(state: &State, group: Group, act: impl FnOnce() -> Result<Response, Refusal>) -> Response {
    let now = state.now();
    let counted = lock(&state.inner).limits.count(group, now);
    let mut answer = counted.and_then(|()| act()).unwrap_or_else(IntoResponse::into_response);
    lock(&state.inner).limits.tell(group, answer.headers_mut());
    answer
}

/// The simulator's own address as the client knows it.
fn base(headers: &HeaderMap) -> String {
    let host = headers.get(header::HOST).and_then(|it| it.to_str().ok()).unwrap_or("localhost");
    format!("http://{host}")
}

impl State {
    fn perform(&self, operation: Operation<'_>, asked: Asked) -> Result<Response, Refusal> {
        let Asked { query, headers, body, base } = asked;
        let value = match operation {
            Operation::SocketToken => return Ok(sign_in::socket_token(self, &base)),
            Operation::CompanyLog => self.log(Whose::Company, query, &base)?,
            Operation::CompanyRecord(ids) => return self.records(Whose::Company, ids, &query, (&headers, &base)),
            Operation::CompanySync => self.sync(Whose::Company, &query, &base)?,
            Operation::CompanyExtract => self.extract(Whose::Company, &query, &base)?,
            Operation::CompanyActive => self.active(Whose::Company, query, &base)?,
            Operation::UserLog(id) => self.log(self.own_log(id)?, query, &base)?,
            Operation::UserRecord(id, ids) => return self.records(self.own_log(id)?, ids, &query, (&headers, &base)),
            Operation::UserSync(id) => self.sync(self.own_log(id)?, &query, &base)?,
            Operation::UserExtract(id) => self.extract(self.own_log(id)?, &query, &base)?,
            Operation::UserActive(id) => self.active(self.own_log(id)?, query, &base)?,
            Operation::Extensions => self.extension_list(query, &base)?,
            Operation::Extension(id) => self.extension_record(self.known(id)?, &base),
            Operation::Directory => return self.directory(query, &headers, &base),
            Operation::DirectorySearch => self.directory_search(&body, &base)?,
            Operation::Presences => self.presences(query, &base)?,
            Operation::Presence(ids) => return self.some_presence(ids, &query, (&headers, &base)),
            Operation::Session(id) => self.session(id).ok_or_else(|| Refusal::missing("telephonySessionId"))?,
            Operation::Recording(id) => self.recording(id, &base)?,
            Operation::RecordingContent(id) => return self.recording_content(id, &base),
            Operation::Chats => self.chats(&query)?,
            Operation::RecentChats => self.recent_chats(&query)?,
            Operation::Chat(id) => self.chat(id)?,
            Operation::Posts(id) => self.posts_of(id, &query)?,
            Operation::AddPost(id) => return self.write_post(id, &headers, &body),
            Operation::ChangePost(id, post) => return self.change_post((id, post), &headers, &body),
            Operation::RemovePost(id, post) => return self.remove_post((id, post)),
            Operation::Converse => return self.converse(&headers, &body),
            Operation::Persons(ids) => return self.persons(ids, &headers),
            Operation::AddFile => self.file(&query, &headers, &body, &base)?,
        };
        Ok(batch::json(self.written(&value)))
    }

    fn records(&self, whose: Whose, ids: &str, query: &Query, at: (&HeaderMap, &str)) -> Result<Response, Refusal> {
        const MOST: usize = 50;
        batch::answer(ids, MOST, at.0, |id| self.one_record(whose, id, query, at.1), |it| self.written(it))
    }

    fn persons(&self, ids: &str, headers: &HeaderMap) -> Result<Response, Refusal> {
        const MOST: usize = 30;
        batch::answer(ids, MOST, headers, |id| self.person(id), Value::to_string)
    }

    fn some_presence(&self, ids: &str, query: &Query, at: (&HeaderMap, &str)) -> Result<Response, Refusal> {
        const MOST: usize = 30;
        batch::answer(ids, MOST, at.0, |id| self.presence(self.known(id)?, query, at.1), Value::to_string)
    }

    fn known(&self, id: &str) -> Result<Extension, Refusal> {
        // A guest has no extension, which a client can see by the id.
        self.guests.fetch_add(usize::from(id.contains("glip-")), Ordering::SeqCst);
        self.extension(id).ok_or_else(|| Refusal::missing("extensionId"))
    }

    /// The log of an extension; that of somebody else needs the right to read the company's.
    fn own_log(&self, id: &str) -> Result<Whose, Refusal> {
        let extension = self.known(id)?;
        if extension != Extension::User(self.me_index()) {
            self.require("ReadCallLog", Some("FullCompanyCallLog")).map_err(|_| Refusal::not_yours())?;
        }
        Ok(Whose::Of(extension))
    }
}
