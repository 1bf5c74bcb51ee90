//! Web conferences by link.

use chrono::{DateTime, TimeZone, Utc};
use serde_json::{Value, json};

use super::{Form, Refusal, State};
use crate::lock;

/// A link that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuickCall {
    /// The link.
    pub url: String,
    /// Until when it works.
    pub expires_at: DateTime<Utc>,
    /// Whether it asks for a password. The password itself is not kept.
    pub has_password: bool,
}

impl State {
    /// The links made so far, newest last.
    #[must_use]
    pub fn quick_calls(&self) -> Vec<QuickCall> {
        lock(&self.quick_calls).clone()
    }
}

pub(super) fn create_quick_call(state: &State, form: &Form) -> Result<Value, Refusal> {
    let expires_at = expiry(state, form.text("expiredDate"))?;
    let password = form.text("password").ok_or_else(|| Refusal::because("password is required, it may be empty"))?;
    let mut made = lock(&state.quick_calls);
    let url = format!("https://meet.example.jp/quick/{:012x}", expires_at.timestamp_millis() + made.len() as i64);
    made.push(QuickCall { url: url.clone(), expires_at, has_password: !password.is_empty() });
    Ok(json!({ "url": url }))
}

fn expiry(state: &State, text: Option<&str>) -> Result<DateTime<Utc>, Refusal> {
    let text = text.ok_or_else(|| Refusal::because("expiredDate is required"))?;
    if text.len() != 13 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Refusal::because("expiredDate must be Unix time in milliseconds"));
    }
    let at = text.parse().ok().and_then(|millis| Utc.timestamp_millis_opt(millis).single());
    let at = at.ok_or_else(|| Refusal::because("expiredDate must be Unix time in milliseconds"))?;
    if at <= state.clock.now() { Err(Refusal::because("expiredDate is over")) } else { Ok(at) }
}
