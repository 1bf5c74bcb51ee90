//! Signing in: a ready-made JWT credential is exchanged for an access token, which is kept in memory and renewed in time.

use std::sync::Arc;
use std::time::Duration;

use model::{Clock, Failure, Secret, Time};
use rest::{Request, Server};
use serde::Deserialize;
use tokio::sync::Mutex;

use crate::client::AUTH;

/// The grant of a JWT credential.
const GRANT: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
/// How long before its end a token is no longer used.
const MARGIN: Duration = Duration::from_secs(60);
/// How long a token is believed where the answer does not say.
const USUAL: u32 = 3_600;

/// What we sign in with.
pub(crate) struct Credential {
    /// The application's id.
    pub(crate) client_id: String,
    /// The application's secret; a public application has none.
    pub(crate) client_secret: Option<Secret>,
    /// The person's credential.
    pub(crate) jwt: Secret,
}

/// The one place that has the access token.
pub(crate) struct SignIn {
    credential: Credential,
    clock: Arc<dyn Clock>,
    held: Mutex<Option<Held>>,
}

struct Held {
    token: Secret,
    until: Time,
}

/// The answer of the token endpoint; nothing else of it is read.
#[derive(Deserialize)]
struct Granted {
    access_token: Secret,
    expires_in: Option<u32>,
}

impl SignIn {
    pub(crate) fn new(credential: Credential, clock: Arc<dyn Clock>) -> Self {
        Self { credential, clock, held: Mutex::default() }
    }

    /// A token that is good for another minute at least. Whoever asks meanwhile waits for the same one.
    pub(crate) async fn token(&self, server: &Server) -> Result<Secret, Failure> {
        let mut held = self.held.lock().await;
        if let Some(it) = held.as_ref().filter(|it| self.clock.now() < it.until) {
            return Ok(it.token.clone());
        }
        self.renew(server, &mut held).await
    }

    /// Another token than `refused`, which the system no longer accepts.
    pub(crate) async fn token_after(&self, server: &Server, refused: &Secret) -> Result<Secret, Failure> {
        let mut held = self.held.lock().await;
        match held.as_ref().filter(|it| it.token.reveal() != refused.reveal()) {
            Some(it) => Ok(it.token.clone()),
            None => self.renew(server, &mut held).await,
        }
    }

    async fn renew(&self, server: &Server, held: &mut Option<Held>) -> Result<Secret, Failure> {
        *held = None;
        let asked_at = self.clock.now();
        let request = Request::post("restapi/oauth/token")
            .group(AUTH)
            .as_read()
            .form(&[("grant_type", GRANT)])
            .form_secret("assertion", &self.credential.jwt);
        let request = match &self.credential.client_secret {
            Some(secret) => request.basic(&self.credential.client_id, secret),
            None => request.form(&[("client_id", &self.credential.client_id)]),
        };
        let granted: Granted = server.ask(request).await?.json()?;
        let lives = Duration::from_secs(granted.expires_in.unwrap_or(USUAL).into());
        let until = asked_at.plus(lives.saturating_sub(MARGIN));
        *held = Some(Held { token: granted.access_token.clone(), until });
        Ok(granted.access_token)
    }
}
