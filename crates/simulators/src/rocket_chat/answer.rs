//! Answers and the several shapes of refusals.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::Version;

/// A refusal with its status and whole body.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) status: StatusCode,
    pub(crate) body: Value,
}

impl Refusal {
    /// A failure of a handler: the text ends with the code.
    pub(crate) fn coded(text: &str, code: &str) -> Self {
        let body = json!({ "success": false, "error": format!("{text} [{code}]"), "errorType": code });
        Self { status: StatusCode::BAD_REQUEST, body }
    }

    /// A failure without a code.
    pub(crate) fn plain(text: &str) -> Self {
        Self { status: StatusCode::BAD_REQUEST, body: json!({ "success": false, "error": text }) }
    }

    /// Parameters that the validator of a route does not let through.
    pub(crate) fn invalid(text: &str) -> Self {
        Self::coded(text, "invalid-params")
    }

    /// A second factor is missing or wrong; how it can be given stands in `details`.
    pub(crate) fn second_factor(text: &str, code: &str, details: Value) -> Self {
        let mut refusal = Self::coded(text, code);
        refusal.body["details"] = details;
        refusal
    }

    /// The route needs a permission that the user has not.
    pub(crate) fn forbidden() -> Self {
        let text = "User does not have the permissions required for this action [error-unauthorized]";
        Self { status: StatusCode::FORBIDDEN, body: json!({ "success": false, "error": text }) }
    }

    /// No token, no user id, or they do not belong together.
    pub(crate) fn not_logged_in() -> Self {
        let text = "You must be logged in to do this.";
        let body = json!({ "success": false, "error": text, "status": "error", "message": text });
        Self { status: StatusCode::UNAUTHORIZED, body }
    }

    /// A failed login, where `error` is the code and `message` the text.
    pub(crate) fn login(error: Value, message: &str) -> Self {
        let body = json!({ "success": false, "status": "error", "error": error, "message": message });
        Self { status: StatusCode::UNAUTHORIZED, body }
    }

    /// The same refusal as a generation words it: from 9 on, a refusal of the sign-in or of a permission says one word.
    pub(crate) fn of(mut self, version: Version) -> Self {
        let word = match self.status {
            StatusCode::UNAUTHORIZED => "unauthorized",
            StatusCode::FORBIDDEN => "forbidden",
            _ => return self,
        };
        let asks_for_code = self.body.get("details").is_some();
        if version == Version::Nine && !asks_for_code {
            self.body = json!({ "success": false, "error": word });
        }
        self
    }

    /// No such route.
    pub(crate) fn no_route() -> Self {
        Self { status: StatusCode::NOT_FOUND, body: json!({ "success": false, "error": "Invalid API endpoint" }) }
    }

    /// A route that has other methods.
    pub(crate) fn no_method() -> Self {
        Self {
            status: StatusCode::METHOD_NOT_ALLOWED,
            body: json!({ "success": false, "error": "Method not allowed" }),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (self.status, Json(self.body)).into_response()
    }
}

/// The answer to a request that is not signed in.
pub(crate) fn not_logged_in() -> Response {
    Refusal::not_logged_in().into_response()
}

/// The fields of `body`, which is an object, with `success` at the end.
pub(crate) fn success(mut body: Value) -> Value {
    body["success"] = json!(true);
    body
}
