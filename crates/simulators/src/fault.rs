//! Troubles that can be put in front of a system, and the count of what was asked of it.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use futures::{Stream, stream};

use crate::line::Scissors;
use crate::{Clock, lock, refusal};

/// How many requests the log remembers; the count goes on beyond.
const REMEMBERED: usize = 10_000;
/// The size of an answer that is far too big.
const HUGE: usize = 100 * 1024 * 1024;
/// The beginning of a body that the log keeps.
const KEPT_OF_BODY: usize = 64 * 1024;
/// The time between two bytes of an answer that drips.
const DRIP: Duration = Duration::from_millis(250);

/// What goes wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// The connection is reset; the system never sees the request.
    Reset,
    /// The system does what was asked, then the connection is reset instead of an answer.
    LoseAnswer,
    /// No answer ever comes; the system never sees the request.
    Hang,
    /// The system does what was asked, then no answer ever comes.
    Silence,
    /// The system's answer comes at four bytes a second.
    Drip,
    /// Another status with a short text; the system never sees the request.
    Status(u16),
    /// A sign-in page of a proxy, with status 200.
    Html,
    /// The system does what was asked; the second half of its answer is missing.
    CutJson,
    /// The system does what was asked and answers JSON that makes no sense.
    WrongJson,
    /// 100 MB of JSON in pieces.
    Huge,
    /// A redirection (307) to this address.
    RedirectTo(String),
    /// The limit of this system is reached, told in its own way.
    Limit {
        /// Seconds to wait.
        retry_after: u64,
    },
    /// The token is no longer accepted, told in the system's own way; signing in anew stays possible.
    TokenExpired,
}

impl Fault {
    /// For the next `count` requests only.
    #[must_use]
    pub fn next(self, count: usize) -> Trouble {
        Trouble::from(self).next(count)
    }

    /// Only for requests whose path contains `text`.
    #[must_use]
    pub fn only(self, text: &str) -> Trouble {
        Trouble::from(self).only(text)
    }
}

/// A fault and the requests that it hits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    fault: Fault,
    left: Option<usize>,
    only: Option<String>,
}

impl From<Fault> for Trouble {
    fn from(fault: Fault) -> Self {
        Self { fault, left: None, only: None }
    }
}

impl Trouble {
    /// For the next `count` requests only.
    #[must_use]
    pub fn next(self, count: usize) -> Self {
        Self { left: Some(count), ..self }
    }

    /// Only for requests whose path contains `text`.
    #[must_use]
    pub fn only(self, text: &str) -> Self {
        Self { only: Some(text.to_owned()), ..self }
    }

    fn hits(&self, path: &str) -> bool {
        let ends = ["/oauth/token", "/oauth/authorize", "/api/v1/login"];
        let signs_in = ends.iter().any(|it| path.ends_with(it));
        let is_spared = self.fault == Fault::TokenExpired && signs_in;
        !is_spared && self.left != Some(0) && self.only.as_ref().is_none_or(|text| path.contains(text))
    }
}

/// A request as the log keeps it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Seen {
    /// When, on the clock of the scenario.
    pub at: DateTime<Utc>,
    /// Such as `GET`.
    pub method: String,
    /// Path and query, with the values of secrets taken out.
    pub path: String,
    /// What a write (POST, PUT, PATCH, DELETE) carried: a form with the values of secrets taken out, other text as it
    /// came, up to 64 KiB; of what is no text only its length. None where it carried nothing.
    pub body: Option<String>,
}

/// Stands in front of one system: counts every request and makes its trouble.
#[derive(Debug)]
pub(crate) struct Gate {
    system: &'static str,
    clock: Arc<Clock>,
    trouble: Mutex<Option<Trouble>>,
    log: Mutex<Log>,
}

#[derive(Debug, Default)]
struct Log {
    count: usize,
    seen: VecDeque<Seen>,
}

impl Gate {
    /// A gate without trouble.
    #[must_use]
    pub(crate) fn new(system: &'static str, clock: Arc<Clock>) -> Self {
        Self { system, clock, trouble: Mutex::default(), log: Mutex::default() }
    }

    /// The system behind it.
    #[must_use]
    pub(crate) fn system(&self) -> &'static str {
        self.system
    }

    /// Makes this trouble from the next request on, instead of the trouble before.
    pub(crate) fn fault(&self, trouble: Trouble) {
        *lock(&self.trouble) = Some(trouble);
    }

    /// Ends all trouble.
    pub(crate) fn heal(&self) {
        *lock(&self.trouble) = None;
    }

    /// How many requests came, since the start or since they were forgotten.
    #[must_use]
    pub(crate) fn count(&self) -> usize {
        lock(&self.log).count
    }

    /// The newest ten thousand requests, oldest first.
    #[must_use]
    pub(crate) fn seen(&self) -> Vec<Seen> {
        lock(&self.log).seen.iter().cloned().collect()
    }

    /// Starts the count and the log anew.
    pub(crate) fn forget(&self) {
        *lock(&self.log) = Log::default();
    }

    fn note(&self, request: &Request, body: Option<String>) {
        let path = without_secrets(request.uri());
        let seen = Seen { at: self.clock.now(), method: request.method().to_string(), path, body };
        let mut log = lock(&self.log);
        log.count += 1;
        if log.seen.len() == REMEMBERED {
            log.seen.pop_front();
        }
        log.seen.push_back(seen);
    }

    /// The fault for this path, used up by one.
    fn take(&self, path: &str) -> Option<Fault> {
        let mut trouble = lock(&self.trouble);
        let hit = trouble.as_mut().filter(|it| it.hits(path))?;
        hit.left = hit.left.map(|left| left - 1);
        Some(hit.fault.clone())
    }
}

/// The layer around a system.
pub(crate) async fn pass(
    State(gate): State<Arc<Gate>>,
    ConnectInfo(scissors): ConnectInfo<Scissors>,
    request: Request,
    next: Next,
) -> Response {
    let (request, body) = match carried(request).await {
        Ok(read) => read,
        // The client went away in the middle of its body, so nobody hears the answer.
        Err(_) => return StatusCode::BAD_REQUEST.into_response(),
    };
    gate.note(&request, body);
    let Some(fault) = gate.take(request.uri().path()) else {
        return next.run(request).await;
    };
    match fault {
        Fault::Reset => reset(&scissors),
        Fault::LoseAnswer => {
            next.run(request).await;
            reset(&scissors)
        }
        Fault::Hang => std::future::pending().await,
        Fault::Silence => {
            next.run(request).await;
            std::future::pending().await
        }
        Fault::Drip => with_body(next.run(request).await, |bytes| Body::from_stream(drip(bytes))).await,
        Fault::CutJson => with_body(next.run(request).await, |bytes| Body::from(bytes.slice(..bytes.len() / 2))).await,
        Fault::WrongJson => with_body(next.run(request).await, |_| Body::from(WRONG)).await,
        Fault::Status(status) => {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            (status, status.canonical_reason().unwrap_or("Trouble")).into_response()
        }
        Fault::Html => ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], SIGN_IN_PAGE).into_response(),
        Fault::Huge => ([(header::CONTENT_TYPE, "application/json")], Body::from_stream(huge())).into_response(),
        Fault::RedirectTo(to) => (StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, to)]).into_response(),
        Fault::Limit { retry_after } => refusal::limit(gate.system, retry_after, gate.clock.millis()),
        Fault::TokenExpired => refusal::expired(gate.system),
    }
}

const WRONG: &str = r#"{"surprise":[1,null,{"nested":"value"}]}"#;
const SIGN_IN_PAGE: &str = "<!doctype html><html><head><title>Sign in to the network</title></head>\
    <body><form method=post action=/portal><input name=user><input name=password type=password></form></body></html>";

/// Any answer will do: its first byte already finds the connection cut.
fn reset(scissors: &Scissors) -> Response {
    scissors.cut();
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}

async fn with_body(answer: Response, change: impl FnOnce(Bytes) -> Body) -> Response {
    let (mut head, body) = answer.into_parts();
    head.headers.remove(header::CONTENT_LENGTH);
    match to_bytes(body, usize::MAX).await {
        Ok(bytes) => Response::from_parts(head, change(bytes)),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

fn drip(bytes: Bytes) -> impl Stream<Item = Result<Bytes, std::io::Error>> {
    stream::unfold(bytes, |mut left| async move {
        if left.is_empty() {
            return None;
        }
        tokio::time::sleep(DRIP).await;
        let first = left.split_to(1);
        Some((Ok(first), left))
    })
}

fn huge() -> impl Stream<Item = Result<Bytes, std::io::Error>> {
    const PIECE: usize = 64 * 1024;
    let filling = Bytes::from(vec![b'x'; PIECE]);
    let begin = Bytes::from_static(b"{\"filling\":\"");
    let end = Bytes::from_static(b"\"}");
    let pieces = std::iter::repeat_n(filling, HUGE / PIECE);
    stream::iter(std::iter::once(begin).chain(pieces).chain(std::iter::once(end)).map(Ok))
}

/// Reads the body of a write for the log and puts it back.
async fn carried(request: Request) -> Result<(Request, Option<String>), axum::Error> {
    let is_write = [Method::POST, Method::PUT, Method::PATCH, Method::DELETE].contains(request.method());
    if !is_write {
        return Ok((request, None));
    }
    let (head, body) = request.into_parts();
    let bytes = to_bytes(body, usize::MAX).await?;
    let kind = head.headers.get(header::CONTENT_TYPE).and_then(|it| it.to_str().ok()).unwrap_or_default();
    let kept = told(&bytes, kind.starts_with("application/x-www-form-urlencoded"));
    Ok((Request::from_parts(head, Body::from(bytes)), kept))
}

/// A body as the log shows it.
fn told(bytes: &[u8], is_form: bool) -> Option<String> {
    if bytes.is_empty() {
        return None;
    }
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Some(format!("({} bytes)", bytes.len()));
    };
    let text = if is_form { unsigned(text, &SECRET_FIELDS, |key, name| key == name) } else { text.to_owned() };
    Some(text[..text.floor_char_boundary(KEPT_OF_BODY)].to_owned())
}

/// Fields of forms whose values are secrets.
const SECRET_FIELDS: [&str; 7] =
    ["assertion", "client_secret", "refresh_token", "code", "code_verifier", "password", "token"];

/// Path and query as they came, but for the values of what may be a secret.
fn without_secrets(uri: &Uri) -> String {
    const SECRET: [&str; 6] = ["token", "secret", "password", "assertion", "verifier", "code"];
    let Some(query) = uri.query() else {
        return uri.path().to_owned();
    };
    // How a code is challenged may be told, the code itself may not.
    let is_like = |key: &str, word: &str| if word == "code" { key == word } else { key.contains(word) };
    format!("{}?{}", uri.path(), unsigned(query, &SECRET, is_like))
}

/// Pairs without the values of those whose key is like one of these words.
fn unsigned(pairs: &str, secret: &[&str], is_like: impl Fn(&str, &str) -> bool) -> String {
    let shown = pairs.split('&').map(|pair| {
        let key = pair.split('=').next().unwrap_or_default();
        let is_secret = secret.iter().any(|word| is_like(&key.to_ascii_lowercase(), word));
        if is_secret { format!("{key}=…") } else { pair.to_owned() }
    });
    shown.collect::<Vec<_>>().join("&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trouble_for_two_requests_ends_after_the_second() {
        let clock = Arc::new(Clock::standing(DateTime::UNIX_EPOCH));
        let gate = Gate::new(crate::ROCKET_CHAT, clock);
        gate.fault(Fault::Hang.next(2).only("users.list"));
        assert_eq!(gate.take("/api/v1/me"), None, "another path is spared");
        assert_eq!(gate.take("/api/v1/users.list"), Some(Fault::Hang));
        assert_eq!(gate.take("/api/v1/users.list"), Some(Fault::Hang));
        assert_eq!(gate.take("/api/v1/users.list"), None);
    }

    #[test]
    fn the_log_shows_no_secret() {
        let uri: Uri = "/ws?access_token=abc&page=2".parse().unwrap();
        assert_eq!(without_secrets(&uri), "/ws?access_token=…&page=2");
        let form = b"grant_type=refresh_token&refresh_token=abc&code_verifier=def&client_id=me";
        let shown = "grant_type=refresh_token&refresh_token=…&code_verifier=…&client_id=me";
        assert_eq!(told(form, true).as_deref(), Some(shown));
    }

    #[test]
    fn the_log_keeps_the_beginning_of_a_long_text_and_the_length_of_anything_else() {
        let long = "あ".repeat(30_000);
        assert_eq!(told(long.as_bytes(), false).map(|it| it.len()), Some(65_535), "cut between two letters");
        assert_eq!(told(br#"{"token":"kept whole"}"#, false).as_deref(), Some(r#"{"token":"kept whole"}"#));
        assert_eq!(told(&[0xFF, 0xFE], false).as_deref(), Some("(2 bytes)"));
        assert_eq!(told(b"", true), None);
    }
}
