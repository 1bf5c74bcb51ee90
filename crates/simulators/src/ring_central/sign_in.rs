//! Signing in: the token endpoint and its grants, and signing out.

use super::refusal::Refusal;
use super::state::State;
use super::tokens::{Given, SOCKET_TOKEN_SECONDS, Wish};
use crate::lock;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
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

/// How an application showed who it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Client {
    /// By its id alone.
    Public,
    /// With its secret.
    Confidential,
}

fn client(headers: &HeaderMap, form: &Form) -> Option<Client> {
    let is_known = |header: &str| {
        header.split_once(' ').is_some_and(|(scheme, rest)| scheme.eq_ignore_ascii_case("basic") && rest == BASIC)
    };
    match headers.get(header::AUTHORIZATION).map(|it| it.to_str().unwrap_or_default()) {
        Some(header) => is_known(header).then_some(Client::Confidential),
        None => (form.get("client_id") == Some(CLIENT_ID)).then_some(Client::Public),
    }
}

/// Why a grant gives nothing: the word of OAuth, the code of the vendor, and words.
type Denied = (&'static str, &'static str, &'static str);

/// Exchanges a credential, a code or a refresh token for an access token.
pub(super) fn token(state: &State, headers: &HeaderMap, body: &[u8]) -> Result<Response, Refusal> {
    let form = Form::read(headers, body)?;
    let Some(client) = client(headers, &form) else {
        return Ok(failed(("invalid_client", "OAU-153", "Client credentials are invalid")));
    };
    let wish = match wish(&form) {
        Ok(wish) => wish,
        Err(denied) => return Ok(failed(denied)),
    };
    let given = match form.get("grant_type") {
        Some(JWT_GRANT) => by_credential(state, &form, wish),
        Some("authorization_code") => by_code(state, &form, client, wish),
        Some("refresh_token") => by_refresh(state, &form, wish),
        _ => Err(("unsupported_grant_type", "OAU-250", "Grant type is not allowed for this application")),
    };
    let endpoint = form.get("endpoint_id").unwrap_or("example-endpoint");
    Ok(given.map_or_else(failed, |given| axum::Json(granted(state, &given, endpoint)).into_response()))
}

/// How long the tokens shall live, within the vendor's bounds.
fn wish(form: &Form) -> Result<Wish, Denied> {
    let seconds = |name: &str, least: u32, most: u32| match form.get(name).map(str::parse::<u32>) {
        None => Ok(None),
        Some(Ok(seconds)) if (least..=most).contains(&seconds) => Ok(Some(seconds)),
        Some(_) => Err(("invalid_request", "CMN-101", "A time to live has a value that is not allowed")),
    };
    Ok(Wish { access: seconds("access_token_ttl", 600, 3_600)?, refresh: seconds("refresh_token_ttl", 1, 2_592_000)? })
}

fn by_credential(state: &State, form: &Form, wish: Wish) -> Result<Given, Denied> {
    if form.get("assertion") != Some(JWT) {
        return Err(("invalid_grant", "OAU-251", "Assertion is invalid"));
    }
    Ok(lock(&state.inner).tokens.begin(state.now(), wish, false))
}

fn by_code(state: &State, form: &Form, client: Client, wish: Wish) -> Result<Given, Denied> {
    let now = state.now();
    let inner = &mut *lock(&state.inner);
    let code = form.get("code").unwrap_or_default();
    let taken = inner.codes.take(code, form.get("redirect_uri"), form.get("code_verifier"), now);
    let is_challenged = taken.map_err(|(code, words)| ("invalid_grant", code, words))?;
    if !is_challenged && client == Client::Public {
        return Err(("invalid_client", "OAU-153", "A code without a challenge needs the client's secret"));
    }
    Ok(inner.tokens.begin(now, wish, true))
}

fn by_refresh(state: &State, form: &Form, wish: Wish) -> Result<Given, Denied> {
    let token = form.get("refresh_token").unwrap_or_default();
    let given = lock(&state.inner).tokens.refresh(token, state.now(), wish);
    given.ok_or(("invalid_grant", "OAU-213", "Token not found"))
}

/// The answer to a grant.
fn granted(state: &State, given: &Given, endpoint: &str) -> Value {
    let now = state.now();
    let left = |until: DateTime<Utc>| (until - now).num_seconds().max(0);
    let mut answer = json!({
        "access_token": given.access,
        "token_type": "bearer",
        "expires_in": left(given.access_until),
        "scope": state.scopes().join(" "),
        "owner_id": state.me().extension_id.to_string(),
        "endpoint_id": endpoint,
        "session_id": format!("example-session-{}", given.session),
    });
    if let Some(token) = &given.refresh {
        answer["refresh_token"] = token.clone().into();
        answer["refresh_token_expires_in"] = left(given.refresh_until).into();
    }
    answer
}

/// Ends the session of a token of either kind; an unknown one is no failure.
pub(super) fn revoke(state: &State, headers: &HeaderMap, body: &[u8]) -> Result<Response, Refusal> {
    let form = Form::read(headers, body)?;
    let token = form.get("token").ok_or_else(|| Refusal::parameter("token"))?;
    lock(&state.inner).tokens.revoke(token);
    Ok(StatusCode::OK.into_response())
}

/// Gives a token for one socket and says where the socket is.
pub(super) fn socket_token(state: &State, base: &str) -> Response {
    let token = lock(&state.inner).tokens.give_socket(state.now());
    let uri = format!("{}/ws", base.replacen("http", "ws", 1));
    axum::Json(json!({ "uri": uri, "ws_access_token": token, "expires_in": SOCKET_TOKEN_SECONDS })).into_response()
}

/// A refusal in the words of OAuth.
fn failed((error, code, words): Denied) -> Response {
    let body = json!({
        "error": error,
        "error_description": words,
        "errors": [{ "errorCode": code, "message": words }],
    });
    (StatusCode::BAD_REQUEST, axum::Json(body)).into_response()
}
