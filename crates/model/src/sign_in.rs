//! Signing in: what waits for a person in the browser, what it renews, and how it ends.

use std::collections::BTreeMap;

use async_trait::async_trait;

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
