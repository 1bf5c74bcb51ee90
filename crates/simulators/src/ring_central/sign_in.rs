//! Signing in: the token endpoint, its tokens and their end.

use super::refusal::Refusal;
use super::state::State;
use crate::lock;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use std::collections::HashMap;

/// The application that the simulator knows.
pub const CLIENT_ID: &str = "frontdesk-example-client";
/// The secret of the application, for those that use one.
pub const CLIENT_SECRET: &str = "frontdesk-example-secret";
/// The credential of the user, as it would be pasted from the developer console.
pub const JWT: &str = "example.jwt.not-a-real-credential";

/// `CLIENT_ID:CLIENT_SECRET` as HTTP Basic writes it.
const BASIC: &str = "ZnJvbnRkZXNrLWV4YW1wbGUtY2xpZW50OmZyb250ZGVzay1leGFtcGxlLXNlY3JldA==";
const JWT_GRANT: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const TOKEN_PREFIX: &str = "example-access-";
/// How long a token for the socket may be used, in seconds.
const SOCKET_TOKEN_SECONDS: i64 = 30;

/// The tokens that were given out.
#[derive(Debug)]
pub(super) struct Tokens {
    /// How long a new access token lives, in seconds.
    pub(super) seconds: u32,
    given: u64,
    access: HashMap<String, DateTime<Utc>>,
    socket: HashMap<String, DateTime<Utc>>,
}

impl Tokens {
    /// No tokens yet; new ones live for an hour.
    pub(super) fn none() -> Self {
        Self { seconds: 3_600, given: 0, access: HashMap::new(), socket: HashMap::new() }
    }

    fn give(&mut self, now: DateTime<Utc>, seconds: u32) -> String {
        self.given += 1;
        let token = format!("{TOKEN_PREFIX}{:08}", self.given);
        self.access.insert(token.clone(), now + TimeDelta::seconds(i64::from(seconds)));
        token
    }

    /// Whether the `Authorization` header lets the request in.
    pub(super) fn check(&self, headers: &HeaderMap, now: DateTime<Utc>) -> Result<(), Refusal> {
        let header = headers.get(header::AUTHORIZATION).ok_or_else(Refusal::no_header)?;
        let (scheme, token) = header.to_str().ok().and_then(|it| it.split_once(' ')).unwrap_or_default();
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Err(Refusal::token(false));
        }
        match self.access.get(token) {
            Some(until) if now < *until => Ok(()),
            Some(_) => Err(Refusal::expired()),
            None => Err(Refusal::token(token.starts_with(TOKEN_PREFIX))),
        }
    }

    /// Ends the life of every access token.
    pub(super) fn expire(&mut self, now: DateTime<Utc>) {
        self.access.values_mut().for_each(|it| *it = now);
    }

    /// A token for opening one socket.
    fn give_socket(&mut self, now: DateTime<Utc>) -> String {
        self.given += 1;
        let token = format!("example-socket-{:08}", self.given);
        self.socket.insert(token.clone(), now + TimeDelta::seconds(SOCKET_TOKEN_SECONDS));
        token
    }

    /// Uses a token for a socket up; whether it was good.
    pub(super) fn take_socket(&mut self, token: &str, now: DateTime<Utc>) -> bool {
        self.socket.remove(token).is_some_and(|until| now < until)
    }
}

/// Fields of a form.
struct Form(HashMap<String, String>);

impl Form {
    fn read(headers: &HeaderMap, body: &[u8]) -> Result<Self, Refusal> {
        let kind = headers.get(header::CONTENT_TYPE).and_then(|it| it.to_str().ok()).unwrap_or_default();
        if kind.split(';').next().map(str::trim) != Some("application/x-www-form-urlencoded") {
            return Err(Refusal::media_type());
        }
        Ok(Self(url::form_urlencoded::parse(body).into_owned().collect()))
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }
}

/// Exchanges the user's credential for an access token.
pub(super) fn token(state: &State, headers: &HeaderMap, body: &[u8]) -> Result<Response, Refusal> {
    let form = Form::read(headers, body)?;
    let by_header = headers.get(header::AUTHORIZATION).map(|it| it.to_str().unwrap_or_default());
    let is_known = match by_header {
        Some(header) => {
            header.split_once(' ').is_some_and(|(scheme, rest)| scheme.eq_ignore_ascii_case("basic") && rest == BASIC)
        }
        None => form.get("client_id") == Some(CLIENT_ID),
    };
    if !is_known {
        return Ok(failed("invalid_client", "OAU-153", "Client credentials are invalid"));
    }
    if form.get("grant_type") != Some(JWT_GRANT) {
        return Ok(failed("unsupported_grant_type", "OAU-250", "Grant type is not allowed for this application"));
    }
    if form.get("assertion") != Some(JWT) {
        return Ok(failed("invalid_grant", "OAU-251", "Assertion is invalid"));
    }
    let ttl = match form.get("access_token_ttl").map(str::parse::<u32>) {
        None => None,
        Some(Ok(ttl)) if (600..=3_600).contains(&ttl) => Some(ttl),
        Some(_) => {
            return Ok(failed("invalid_request", "CMN-101", "Parameter [access_token_ttl] value is invalid"));
        }
    };
    let (now, scope) = (state.now(), state.scopes().join(" "));
    let tokens = &mut lock(&state.inner).tokens;
    let seconds = ttl.map_or(tokens.seconds, |ttl| ttl.min(tokens.seconds));
    let answer = json!({
        "access_token": tokens.give(now, seconds),
        "token_type": "bearer",
        "expires_in": seconds,
        "scope": scope,
        "owner_id": state.me().extension_id.to_string(),
        "endpoint_id": "example-endpoint",
        "session_id": format!("example-session-{}", tokens.given),
    });
    Ok(axum::Json(answer).into_response())
}

/// Forgets a token; an unknown one is no failure.
pub(super) fn revoke(state: &State, headers: &HeaderMap, body: &[u8]) -> Result<Response, Refusal> {
    let form = Form::read(headers, body)?;
    let token = form.get("token").ok_or_else(|| Refusal::parameter("token"))?;
    lock(&state.inner).tokens.access.remove(token);
    Ok(StatusCode::OK.into_response())
}

/// Gives a token for one socket and says where the socket is.
pub(super) fn socket_token(state: &State, base: &str) -> Response {
    let token = lock(&state.inner).tokens.give_socket(state.now());
    let uri = format!("{}/ws", base.replacen("http", "ws", 1));
    axum::Json(json!({ "uri": uri, "ws_access_token": token, "expires_in": SOCKET_TOKEN_SECONDS })).into_response()
}

/// A refusal in the words of OAuth.
fn failed(error: &str, code: &str, words: &str) -> Response {
    let body = json!({
        "error": error,
        "error_description": words,
        "errors": [{ "errorCode": code, "message": words }],
    });
    (StatusCode::BAD_REQUEST, axum::Json(body)).into_response()
}
