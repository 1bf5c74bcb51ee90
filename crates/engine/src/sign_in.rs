//! Signing in with a system's own page in the browser, and ending at the system what that began.

use std::time::Duration;

use model::connection::ConnectionView;
use model::ports::BrowserSignIn;
use model::{ConnectionId, Failure, Reason};

use crate::console::Console;

/// How long a system may take to end a sign-in. It ends by itself some days later; nobody waits for a system that is down.
const ENDING: Duration = Duration::from_secs(5);

/// A sign-in that waits for its person in the browser. Dropping it gives it up.
pub struct SigningIn {
    console: Console,
    id: ConnectionId,
    waiting: Box<dyn BrowserSignIn>,
}

impl Console {
    /// Begins to sign a connection in with the page of its system; nothing is sent yet.
    ///
    /// # Errors
    /// [`Failure::Invalid`] where there is no such connection, where its system offers no such page, or for settings that cannot
    /// be used; [`Failure::SignedOut`] where the keyring cannot be opened.
    pub async fn sign_in_begin(&self, id: &ConnectionId) -> Result<SigningIn, Failure> {
        let waiting = self.browser_sign_in(id).await?;
        Ok(SigningIn { console: self.clone(), id: id.clone(), waiting })
    }

    /// Ends at every system what nobody can use once this process is over. For programs that come and go, such as the command line:
    /// systems let a person have a few sessions side by side, and the oldest one dies for each that is too many.
    pub async fn leave(&self) {
        let leaving =
            self.0.sessions.all().into_iter().filter_map(|session| session.signed_in).map(|signed_in| async move {
                match tokio::time::timeout(ENDING, signed_in.leave()).await {
                    Ok(Ok(())) => {}
                    Ok(Err(failure)) => tracing::info!(reason = ?failure.why().reason, "a session could not be ended"),
                    Err(_) => tracing::info!("a session could not be ended in time"),
                }
            });
        futures::future::join_all(leaving).await;
    }

    /// Ends at the system what signing in began, where that can be reached. Whether it could is in the log.
    ///
    /// # Errors
    /// [`Failure::SignedOut`] where the keyring cannot be opened: then nothing can be forgotten either.
    pub(crate) async fn sign_out(&self, id: &ConnectionId) -> Result<(), Failure> {
        let session = match self.session(id).await {
            Ok(session) => session,
            Err(failure) if failure.why().reason == Reason::KeyringClosed => return Err(failure),
            // Without what it is opened with there is nothing to end.
            Err(_) => return Ok(()),
        };
        let Some(signed_in) = session.signed_in else { return Ok(()) };
        match tokio::time::timeout(ENDING, signed_in.sign_out()).await {
            Ok(Ok(())) => {}
            Ok(Err(failure)) => {
                tracing::info!(reason = ?failure.why().reason, "a sign-in could not be ended at the system");
            }
            Err(_) => tracing::info!("a sign-in could not be ended at the system in time"),
        }
        Ok(())
    }
}

impl SigningIn {
    /// The page to open; it holds no secret.
    #[must_use]
    pub fn page(&self) -> String {
        self.waiting.page()
    }

    /// The address on this computer that the browser comes back to.
    #[must_use]
    pub fn comes_back_to(&self) -> String {
        self.waiting.comes_back_to()
    }

    /// Takes the query with which the browser came back: what it brings goes to the keyring, and the work with the connection
    /// begins anew.
    ///
    /// # Errors
    /// [`Failure::Refused`] where the person said no, [`Failure::Invalid`] for the answer of another sign-in or where the
    /// connection was removed meanwhile, [`Failure::SignedOut`] where the keyring cannot be opened; what the system answers.
    pub async fn finish(self, query: &str) -> Result<ConnectionView, Failure> {
        let secrets = self.waiting.finish(query).await?;
        // A connection that is gone must not get secrets that nobody would find again.
        self.console.connection(&self.id).await?;
        self.console.take_up(&self.id, secrets).await?;
        self.console.connection_named(self.id.as_str()).await
    }
}
