//! Signing in with a system's own page in the browser or with a password, and ending at the system what that began.

use std::time::Duration;

use model::about::Origin;
use model::connection::ConnectionView;
use model::ports::BrowserSignIn;
use model::sign_in::{Credentials, Granted, SignInAnswer, SignInStep};
use model::{ConnectionId, Failure, Reason};

use crate::console::Console;
use crate::vault;

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

    /// Signs a connection in with a user name and a password. They are used for this and kept nowhere; what they bring goes to the
    /// keyring. Where the system wants a code too, the answer says so, and the same is asked again with the code.
    ///
    /// # Errors
    /// [`Failure::Invalid`] where there is no such connection or its system takes no password; [`Failure::SignedOut`] where the
    /// system does not accept them or the keyring cannot be opened; what the system answers.
    pub async fn sign_in_by_password(&self, id: &ConnectionId, given: &Credentials) -> Result<SignInAnswer, Failure> {
        let granted = match self.password_sign_in(id).await?.sign_in(given).await? {
            SignInStep::AsksCode(code) => return Ok(SignInAnswer::AsksCode { code }),
            SignInStep::Done(granted) => granted,
        };
        // A connection that is gone must not get secrets that nobody would find again.
        self.connection(id).await?;
        self.sign_out(id).await?;
        self.keep_settings(id, &granted).await?;
        self.take_up(id, granted.secrets).await?;
        let connection = Box::new(self.connection_named(id.as_str()).await?);
        Ok(SignInAnswer::SignedIn { connection })
    }

    /// Has the system mail a code to whoever signs in with this user name.
    ///
    /// # Errors
    /// As [`Console::sign_in_by_password`].
    pub async fn sign_in_mail_code(&self, id: &ConnectionId, user: &str) -> Result<(), Failure> {
        self.password_sign_in(id).await?.mail_code(user).await
    }

    /// Keeps what signing in told and is no secret, unless it belongs to a key that was entered.
    async fn keep_settings(&self, id: &ConnectionId, granted: &Granted) -> Result<(), Failure> {
        let connection = self.connection(id).await?;
        let fields = self.system(&connection.system).map(|system| system.about().fields).unwrap_or_default();
        for field in fields.iter().filter(|field| field.is_secret && field.origin == Origin::TypedInstead) {
            let entry = vault::entry(id, &field.key);
            if self.on_vault(move |vault| vault.read(&entry)).await?.is_some() {
                return Ok(());
            }
        }
        let mut settings = connection.settings;
        settings.extend(granted.settings.clone());
        let id = id.clone();
        self.write(move |w| store::connections::set_settings(w, &id, &settings)).await
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
