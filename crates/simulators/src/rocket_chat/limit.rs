//! The rate limit: so many calls of a route in a span, told in headers on every answer.

use std::collections::HashMap;
use std::time::Duration;

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::DateTime;
use serde_json::json;

use super::answer::Refusal;

/// How often one route may be called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// Calls.
    pub calls: u32,
    /// In this span.
    pub per: Duration,
}

impl Default for Limit {
    /// The vendor's: ten calls a minute.
    fn default() -> Self {
        Self { calls: 10, per: Duration::from_secs(60) }
    }
}

/// The count of every route.
#[derive(Debug, Default)]
pub(super) struct Meter {
    limit: Option<Limit>,
    windows: HashMap<String, Window>,
    /// Calls beyond the limit, ever.
    pub(super) over: usize,
}

#[derive(Debug, Clone, Copy)]
struct Window {
    began: i64,
    count: u32,
}

/// What the meter says of one call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Reading {
    calls: u32,
    remaining: u32,
    resets_at: i64,
    now: i64,
    pub(super) is_over: bool,
}

impl Meter {
    pub(super) fn new(limit: Option<Limit>) -> Self {
        Self { limit, windows: HashMap::new(), over: 0 }
    }

    /// Counts one call at `now`, milliseconds since 1970; `None` without a limit.
    pub(super) fn count(&mut self, route: &str, now: i64) -> Option<Reading> {
        let Limit { calls, per } = self.limit?;
        let span = per.as_millis() as i64;
        let window = self.windows.entry(route.to_owned()).or_insert(Window { began: now, count: 0 });
        if now - window.began >= span {
            *window = Window { began: now, count: 0 };
        }
        window.count += 1;
        let remaining = calls.saturating_sub(window.count);
        self.over += usize::from(window.count > calls);
        Some(Reading { calls, remaining, resets_at: window.began + span, now, is_over: window.count > calls })
    }
}

impl Reading {
    /// The headers of an answer. The reset is an instant in milliseconds, not a span.
    pub(super) fn headers(&self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert("x-ratelimit-limit", HeaderValue::from(self.calls));
        headers.insert("x-ratelimit-remaining", HeaderValue::from(self.remaining));
        headers.insert("x-ratelimit-reset", HeaderValue::from(self.resets_at));
        // By the same clock, as any server's.
        let date =
            DateTime::from_timestamp_millis(self.now).map(|at| at.format("%a, %d %b %Y %H:%M:%S GMT").to_string());
        if let Some(date) = date.and_then(|date| HeaderValue::from_str(&date).ok()) {
            headers.insert(header::DATE, date);
        }
        headers
    }

    /// The answer to a call over the limit; there is no `Retry-After`.
    pub(super) fn refusal(&self, now: i64) -> Response {
        let seconds = ((self.resets_at - now).max(0) + 999) / 1000;
        let text = format!(
            "Error, too many requests. Please slow down. You must wait {seconds} seconds before trying this endpoint again. \
             [error-too-many-requests]"
        );
        let body = json!({ "success": false, "error": text });
        let refusal = Refusal { status: StatusCode::TOO_MANY_REQUESTS, body };
        (self.headers(), refusal).into_response()
    }
}

/// A refusal that does not come from counting: `seconds` to wait from `now` on.
pub(crate) fn refused(calls: u32, seconds: u64, now: i64) -> Response {
    let resets_at = now + (seconds * 1000) as i64;
    Reading { calls, remaining: 0, resets_at, now, is_over: true }.refusal(now)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_eleventh_call_of_a_route_in_a_minute_is_refused() {
        let mut meter = Meter::new(Some(Limit::default()));
        let over = |meter: &mut Meter, route, now| meter.count(route, now).is_some_and(|reading| reading.is_over);
        for call in 0..10 {
            assert!(!over(&mut meter, "me", call * 1000));
        }
        assert!(over(&mut meter, "me", 59_999));
        assert!(!over(&mut meter, "users.list", 59_999), "another route has its own count");
        assert!(!over(&mut meter, "me", 60_000), "the next minute is free again");
    }
}
