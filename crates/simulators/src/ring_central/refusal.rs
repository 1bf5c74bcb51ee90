//! How the API says no: a status, a code at the top, and the real code inside.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

/// An answer other than the one asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    status: u16,
    /// The older name at the top of the body.
    top: &'static str,
    code: &'static str,
    message: String,
    /// The parameter or the permission that it is about.
    about: Option<(&'static str, String)>,
    retry_after: Option<u64>,
}

impl Refusal {
    fn of(status: u16, top: &'static str, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, top, code, message: message.into(), about: None, retry_after: None }
    }

    /// A parameter has a value that is not allowed.
    pub(super) fn parameter(name: &str) -> Self {
        let refusal = Self::of(400, "InvalidParameter", "CMN-101", format!("Parameter [{name}] value is invalid"));
        Self { about: Some(("parameterName", name.to_owned())), ..refusal }
    }

    /// The thing that a parameter of the path names is not there.
    pub(super) fn missing(name: &str) -> Self {
        let message = format!("Resource for parameter [{name}] is not found");
        Self {
            about: Some(("parameterName", name.to_owned())),
            ..Self::of(404, "ResourceNotFound", "CMN-102", message)
        }
    }

    /// The body is not what was expected.
    pub(super) fn body() -> Self {
        Self::of(400, "InvalidContent", "CMN-103", "Cannot parse the request body")
    }

    /// More ids in one path than are taken.
    pub(super) fn too_many() -> Self {
        Self::of(400, "InvalidParameter", "CMN-106", "Bulk request has too many resources")
    }

    /// There is no such address.
    pub(super) fn address() -> Self {
        Self::of(404, "InvalidURI", "CMN-120", "Invalid URI")
    }

    /// The address does not know the verb.
    pub(super) fn verb() -> Self {
        Self::of(405, "MethodNotSupported", "AGW-405", "Method is not allowed")
    }

    /// The body is announced as a type that is not taken.
    pub(super) fn media_type() -> Self {
        Self::of(415, "UnsupportedMediaType", "AGW-415", "Unsupported media type")
    }

    /// There is no `Authorization` header.
    pub(super) fn no_header() -> Self {
        Self::of(401, "AGW-401", "AGW-401", "Authorization header is not specified")
    }

    /// The token was good once.
    pub(super) fn expired() -> Self {
        Self::of(401, "TokenExpired", "OAU-128", "Access token expired")
    }

    /// The token is not one that was ever given.
    pub(super) fn token(is_parsable: bool) -> Self {
        if is_parsable {
            Self::of(401, "TokenInvalid", "OAU-213", "Token not found")
        } else {
            Self::of(401, "TokenInvalid", "OAU-149", "Unparsable access token")
        }
    }

    /// The application lacks a scope.
    pub(super) fn scope(name: &str) -> Self {
        let message = format!("In order to call this API endpoint, application needs to have [{name}] permission");
        let refusal = Self::of(403, "InsufficientPermissions", "CMN-401", message);
        Self { about: Some(("permissionName", name.to_owned())), ..refusal }
    }

    /// The user lacks a permission. The text uses another name for the company's call log than the documentation.
    pub(super) fn permission(name: &str) -> Self {
        let name = if name == "FullCompanyCallLog" { "ReadCompanyCallLog" } else { name };
        let message = format!(
            "In order to call this API endpoint, user needs to have [{name}] permission for requested resource."
        );
        let refusal = Self::of(403, "InsufficientPermissions", "CMN-408", message);
        Self { about: Some(("permissionName", name.to_owned())), ..refusal }
    }

    /// What belongs to somebody else, or a chat that the user is not in.
    pub(super) fn not_yours() -> Self {
        Self::of(403, "OperationNotAllowed", "CMN-404", "Operation is not allowed for this resource")
    }

    /// A synchronisation has to start over: the token is not understood, too old, or too much happened since.
    pub(super) fn sync(code: &'static str, message: &str) -> Self {
        Self::of(400, "InvalidSyncToken", code, message)
    }

    /// `sessionId` stands beside other filters.
    pub(super) fn session_with_others() -> Self {
        Self::of(400, "InvalidParameter", "CLG-110", "Parameter [sessionId] cannot be combined with other filters")
    }

    /// The event filter is not known.
    pub(super) fn event_filter(filter: &str) -> Self {
        let refusal = Self::of(400, "InvalidParameter", "SUB-406", format!("Event filter [{filter}] is not supported"));
        Self { about: Some(("parameterName", "eventFilters".to_owned())), ..refusal }
    }

    /// A socket was silent for too long.
    pub(super) fn idle() -> Self {
        Self::of(408, "WSG-902", "WSG-902", "Idle timeout expired")
    }

    /// A socket was open for too long.
    pub(super) fn too_old() -> Self {
        Self::of(408, "WSG-903", "WSG-903", "Absolute timeout expired")
    }

    /// The user posted too much today.
    pub(super) fn daily_cap() -> Self {
        Self::of(500, "InternalError", "CMN-203", "You have exceeded your limits for this action.")
    }

    /// Too many requests of a group; the seconds to wait where they are told.
    pub(super) fn rate(retry_after: Option<u64>) -> Self {
        let refusal = Self::of(429, "TooManyRequests", "CMN-301", "Request rate exceeded");
        Self { retry_after, ..refusal }
    }

    /// The same request is being answered already.
    pub(super) fn double() -> Self {
        Self::of(429, "TooManyRequests", "CMN-304", "Duplicate concurrent request")
    }

    /// The JSON body.
    pub(super) fn json(&self) -> Value {
        let mut inner = json!({ "errorCode": self.code, "message": self.message });
        let mut outer = json!({ "errorCode": self.top, "message": self.message });
        if let Some((key, value)) = &self.about {
            inner[*key] = Value::from(value.clone());
            outer[*key] = Value::from(value.clone());
        }
        outer["errors"] = Value::Array(vec![inner]);
        outer
    }

    /// The code inside.
    pub(super) fn code(&self) -> &'static str {
        self.code
    }

    /// The HTTP status.
    pub(super) fn status(&self) -> u16 {
        self.status
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut answer = (status, axum::Json(self.json())).into_response();
        if let Some(seconds) = self.retry_after {
            answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        answer
    }
}
