//! Signing in and out, and who one is.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::State as Shared;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::answer::Refusal;
use super::ask::Ask;
use super::{State, Version, directory};
use crate::generator::people::Person;
use crate::lock;

/// Tokens and whose they are.
pub(super) struct Sessions {
    own: String,
    users: HashMap<String, String>,
}

impl Sessions {
    /// The sessions of a workspace where one personal access token was made.
    pub(super) fn new(user: &str, own: String) -> Self {
        Self { users: HashMap::from([(own.clone(), user.to_owned())]), own }
    }

    pub(super) fn own_token(&self) -> &str {
        &self.own
    }

    /// Whose token this is.
    pub(super) fn user(&self, token: &str) -> Option<&str> {
        self.users.get(token).map(String::as_str)
    }
}

impl State {
    /// The password of everybody who has this user name.
    #[must_use]
    pub fn password(&self, username: &str) -> String {
        format!("desk-{username}")
    }

    /// How many tokens open this workspace.
    #[must_use]
    pub fn sessions(&self) -> usize {
        lock(&self.sessions).users.len()
    }

    /// Revokes every token, that of the account too; signing in with a password stays possible.
    pub fn revoke_tokens(&self) {
        lock(&self.sessions).users.clear();
    }
}

pub(super) async fn info(Shared(state): Shared<Arc<State>>) -> Json<Value> {
    let version = match state.generation() {
        Version::Seven => "7.11",
        Version::Eight => "8.7",
        Version::Nine => "9.0",
    };
    Json(json!({ "version": version, "success": true }))
}

pub(super) fn login(state: &State, ask: &Ask) -> Result<Value, Refusal> {
    ask.only(&["user", "username", "email", "password", "code", "resume"])?;
    if let Some(token) = ask.optional_text("resume")? {
        let user = lock(&state.sessions).user(token).map(str::to_owned);
        let user = user.ok_or_else(|| Refusal::login(json!(403), "You've been logged out by the server."))?;
        return signed_in(state, &user, token.to_owned());
    }
    let name = login_name(ask).ok_or_else(|| Refusal::login(json!(400), "Match failed"))?;
    let is_meant = |person: &&Person| person.username == name || person.email == name;
    let person = state.people.iter().find(is_meant);
    let person = person.ok_or_else(|| Refusal::login(json!("Unauthorized"), "Unauthorized"))?;
    if !password_fits(&state.password(&person.username), ask.body.get("password")) {
        return Err(Refusal::login(json!(403), "Incorrect password"));
    }
    state.check_login_code(ask)?;
    let token = format!("{}{}", state.new_id(), state.new_id());
    lock(&state.sessions).users.insert(token.clone(), person.rocket_id.clone());
    signed_in(state, &person.rocket_id, token)
}

/// A user name or address, plain or in an object.
fn login_name(ask: &Ask) -> Option<&str> {
    let given = ["user", "username", "email"].into_iter().find_map(|key| ask.body.get(key))?;
    match given.as_object() {
        Some(fields) => fields.get("username").or(fields.get("email"))?.as_str(),
        None => given.as_str(),
    }
}

/// The password itself, or its SHA-256 in hexadecimal digits.
fn password_fits(right: &str, given: Option<&Value>) -> bool {
    match given {
        Some(Value::String(text)) => text == right,
        Some(Value::Object(fields)) if fields.get("algorithm") == Some(&json!("sha-256")) => {
            let digest: String = Sha256::digest(right).iter().map(|byte| format!("{byte:02x}")).collect();
            fields.get("digest").and_then(Value::as_str) == Some(digest.as_str())
        }
        _ => false,
    }
}

fn signed_in(state: &State, user: &str, token: String) -> Result<Value, Refusal> {
    let person = state.person(user).ok_or_else(Refusal::not_logged_in)?;
    let me = directory::profile(state, person);
    Ok(json!({ "status": "success", "data": { "userId": user, "authToken": token, "me": me } }))
}

pub(super) fn logout(state: &State, ask: &Ask) -> Result<Value, Refusal> {
    lock(&state.sessions).users.remove(&ask.token);
    Ok(json!({ "status": "success", "data": { "message": "You've been logged out!" } }))
}

pub(super) fn me(state: &State, ask: &Ask) -> Result<Value, Refusal> {
    let person = state.person(&ask.user).ok_or_else(Refusal::not_logged_in)?;
    Ok(directory::profile(state, person))
}
