//! How each system says that its limit is reached or that the token is no longer good.

use axum::Json;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

/// The limit of a system is reached for `retry_after` seconds more; `now` is in milliseconds since 1970.
pub(crate) fn limit(system: &str, retry_after: u64, now: i64) -> Response {
    match system {
        crate::ROCKET_CHAT => crate::rocket_chat::limit::refused(10, retry_after, now),
        crate::RING_CENTRAL => {
            let mut headers = retry_after_header(retry_after);
            headers.insert("x-rate-limit-group", HeaderValue::from_static("heavy"));
            headers.insert("x-rate-limit-limit", HeaderValue::from_static("10"));
            headers.insert("x-rate-limit-remaining", HeaderValue::from_static("0"));
            headers.insert("x-rate-limit-window", HeaderValue::from_static("60"));
            (StatusCode::TOO_MANY_REQUESTS, headers, ring_central("CMN-301", "Request rate exceeded")).into_response()
        }
        _ => (StatusCode::TOO_MANY_REQUESTS, retry_after_header(retry_after), "Too Many Requests").into_response(),
    }
}

/// The token of a request is no longer accepted.
pub(crate) fn expired(system: &str) -> Response {
    match system {
        crate::CHAT_AND_MESSENGER => crate::chat_and_messenger::bad_token(),
        crate::ROCKET_CHAT => crate::rocket_chat::answer::not_logged_in(),
        crate::RING_CENTRAL => {
            (StatusCode::UNAUTHORIZED, ring_central("OAU-128", "Access token has expired")).into_response()
        }
        _ => StatusCode::UNAUTHORIZED.into_response(),
    }
}

fn retry_after_header(seconds: u64) -> HeaderMap {
    HeaderMap::from_iter([(axum::http::header::RETRY_AFTER, HeaderValue::from(seconds))])
}

fn ring_central(code: &str, message: &str) -> Json<Value> {
    Json(json!({
        "errorCode": code,
        "message": message,
        "errors": [{ "errorCode": code, "message": message }],
    }))
}
