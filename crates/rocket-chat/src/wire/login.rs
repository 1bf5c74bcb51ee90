//! The answer to a login.

use model::Secret;
use serde::Deserialize;

/// Signed in.
#[derive(Deserialize)]
pub(crate) struct LoggedIn {
    pub(crate) data: LoginData,
}

/// Whose token it is, and the token.
#[derive(Deserialize)]
pub(crate) struct LoginData {
    #[serde(rename = "userId")]
    pub(crate) user_id: String,
    #[serde(rename = "authToken")]
    pub(crate) auth_token: Secret,
}
