//! Signing in: with the browser or with a password, what is renewed, and how it ends.

use std::collections::BTreeMap;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::connection::ConnectionView;
use crate::{Failure, Secret};

/// A sign-in that waits for its person in the browser.
#[async_trait]
pub trait BrowserSignIn: Send + Sync {
    /// The page to open; it holds no secret.
    fn page(&self) -> String;

    /// The address on this computer that the browser comes back to, such as `http://127.0.0.1:47821/signed-in`.
    fn comes_back_to(&self) -> String;

    /// Takes the query with which the browser came back, and exchanges it. The secrets to keep, by key.
    ///
    /// # Errors
    /// [`Failure::Refused`] where the person said no, [`Failure::Invalid`] for an answer that belongs to another sign-in; what the
    /// system answers.
    async fn finish(&self, query: &str) -> Result<BTreeMap<String, Secret>, Failure>;
}

/// What a person knows and has: it is used for one request and kept nowhere.
#[derive(Clone, Deserialize, TS)]
#[ts(export)]
pub struct Credentials {
    /// User name, or what the system takes in its place, such as an e-mail address.
    pub user: String,
    /// Password.
    #[ts(type = "string")]
    pub password: Secret,
    /// The code of a second factor, once the system has asked for it.
    #[serde(default)]
    pub code: Option<GivenCode>,
}

/// The code of a second factor.
#[derive(Clone, Deserialize, TS)]
#[ts(export)]
pub struct GivenCode {
    /// How it came to the person.
    pub method: CodeMethod,
    /// The code.
    #[ts(type = "string")]
    pub code: Secret,
}

/// How the code of a second factor comes to its person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum CodeMethod {
    /// An app on a telephone shows it.
    App,
    /// The system mails it.
    Email,
}

/// The system wants a code beside the password.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct AskedCode {
    /// How the code comes that the system asks for.
    pub method: CodeMethod,
    /// Whether the system can mail a code, for the first time or another one.
    pub can_be_mailed: bool,
    /// Whether a code was given that the system does not accept.
    pub was_wrong: bool,
}

/// What a system answers to a user name and a password.
pub enum SignInStep {
    /// Signed in.
    Done(Granted),
    /// It wants a code beside them.
    AsksCode(AskedCode),
}

/// What signing in brought.
pub struct Granted {
    /// What goes to the keyring, by key.
    pub secrets: BTreeMap<String, Secret>,
    /// What is no secret, such as the user's id.
    pub settings: BTreeMap<String, String>,
}

/// How a sign-in with a password stands, for the screens.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[ts(export)]
pub enum SignInAnswer {
    /// Signed in; the connection as it is now.
    SignedIn {
        /// The connection.
        connection: Box<ConnectionView>,
    },
    /// The system wants a code beside the password.
    AsksCode {
        /// Which.
        code: AskedCode,
    },
}

/// A sign-in with a user name and a password.
#[async_trait]
pub trait PasswordSignIn: Send + Sync {
    /// Tries it once.
    ///
    /// # Errors
    /// [`Failure::SignedOut`] with [`crate::Reason::PasswordRefused`]; what the system answers.
    async fn sign_in(&self, given: &Credentials) -> Result<SignInStep, Failure>;

    /// Has the system mail a code to this user. Whether there is such a user is not told.
    ///
    /// # Errors
    /// What the system answers.
    async fn mail_code(&self, user: &str) -> Result<(), Failure>;
}

/// Keeps the secrets that a system renews while a session is open.
#[async_trait]
pub trait Keeper: Send + Sync {
    /// Keeps a secret of this connection in place of the one before; it is safe when this returns. Of a failure the keeper
    /// itself tells the person: the session goes on with what it has in memory.
    ///
    /// # Errors
    /// [`Failure::SignedOut`] where the keyring cannot be opened.
    async fn keep(&self, key: &str, secret: &Secret) -> Result<(), Failure>;

    /// What is kept now, which another program over the same data folder may have renewed. Fails as [`Keeper::keep`].
    async fn kept(&self, _key: &str) -> Result<Option<Secret>, Failure> {
        Ok(None)
    }
}

/// A keeper for systems whose secrets never change, and for tests: it keeps nothing.
pub struct KeepsNothing;

#[async_trait]
impl Keeper for KeepsNothing {
    async fn keep(&self, _: &str, _: &Secret) -> Result<(), Failure> {
        Ok(())
    }
}

/// A sign-in that can be ended at the system.
#[async_trait]
pub trait SignedIn: Send + Sync {
    /// Ends it, so that what is kept of it opens nothing any more.
    async fn sign_out(&self) -> Result<(), Failure>;

    /// Ends only what nobody can use once this process is over, because no keyring has it: systems let a person have a few sessions
    /// side by side, and the oldest one dies for each that is too many.
    async fn leave(&self) -> Result<(), Failure>;
}
