//! Signing in: a refresh token or a ready-made JWT credential is exchanged for an access token, which is kept in memory and
//! renewed in time.

use std::sync::Arc;
use std::time::Duration;

use model::ports::Keeper;
use model::{Clock, Failure, Reason, Secret, Time, Why};
use rest::{Answer, Request, Server};
use serde::Deserialize;
use tokio::sync::Mutex;

use crate::client::AUTH;

/// The secret that signing in with the browser brings, and that is renewed with every use.
pub(crate) const REFRESH_TOKEN: &str = "refresh-token";
/// The secret that a person pastes instead.
pub(crate) const JWT: &str = "jwt";

/// The grant of a JWT credential.
const JWT_GRANT: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
/// How long before its end a token is no longer used.
const MARGIN: Duration = Duration::from_secs(60);
/// How long a token is believed where the answer does not say.
const USUAL: u32 = 3_600;
/// Until a keyring that did not take a refresh token is asked again. It may ask its owner for a password each time.
const KEEPING_PAUSE: Duration = Duration::from_secs(600);

/// The application that signs somebody in.
pub(crate) struct App {
    /// Its id.
    pub(crate) id: String,
    /// Its secret; a public application has none.
    pub(crate) secret: Option<Secret>,
}

impl App {
    /// A request that names the application: a confidential one in the header, a public one in the form.
    pub(crate) fn names_itself(&self, request: Request) -> Request {
        match &self.secret {
            Some(secret) => request.basic(&self.id, secret),
            None => request.form(&[("client_id", &self.id)]),
        }
    }

    /// Ends what a token opens. The whole session ends with it, whichever of its tokens it is [spec].
    pub(crate) async fn revoke(&self, server: &Server, token: &Secret) -> Result<(), Failure> {
        let request = Request::post("restapi/oauth/revoke").group(AUTH).as_read().form_secret("token", token);
        server.ask(self.names_itself(request)).await.map(drop)
    }
}

/// What somebody signs in with; at least one of the two is there.
pub(crate) struct Credentials {
    /// From the browser; single use.
    pub(crate) refresh: Option<Secret>,
    /// Pasted; used again and again.
    pub(crate) jwt: Option<Secret>,
}

/// The answer of the token endpoint; nothing else of it is read. Its `token_type` is `bearer` in any letter case and nothing
/// else is known to come.
#[derive(Deserialize)]
pub(crate) struct Granted {
    pub(crate) access_token: Secret,
    expires_in: Option<u32>,
    pub(crate) refresh_token: Option<Secret>,
}

/// The one place that has the tokens of a session.
pub(crate) struct SignIn {
    app: App,
    jwt: Option<Secret>,
    clock: Arc<dyn Clock>,
    keeper: Arc<dyn Keeper>,
    held: Mutex<Held>,
}

struct Held {
    access: Option<Access>,
    /// The newest one; every use brings another.
    refresh: Option<Secret>,
    /// When the keyring is to be asked to take it; `None` while it has it.
    keep_at: Option<Time>,
}

struct Access {
    token: Secret,
    until: Time,
}

impl SignIn {
    pub(crate) fn new(app: App, credentials: Credentials, clock: Arc<dyn Clock>, keeper: Arc<dyn Keeper>) -> Self {
        let held = Held { access: None, refresh: credentials.refresh, keep_at: None };
        Self { app, jwt: credentials.jwt, clock, keeper, held: Mutex::new(held) }
    }

    /// A token that is good for another minute at least. Whoever asks meanwhile waits for the same one.
    pub(crate) async fn token(&self, server: &Server) -> Result<Secret, Failure> {
        let mut held = self.held.lock().await;
        self.keep(&mut held).await;
        if let Some(it) = held.access.as_ref().filter(|it| self.clock.now() < it.until) {
            return Ok(it.token.clone());
        }
        self.renew(server, &mut held).await
    }

    /// Another token than `refused`, which the system no longer accepts.
    pub(crate) async fn token_after(&self, server: &Server, refused: &Secret) -> Result<Secret, Failure> {
        let mut held = self.held.lock().await;
        match held.access.as_ref().filter(|it| !is_same(&it.token, refused)) {
            Some(it) => Ok(it.token.clone()),
            None => self.renew(server, &mut held).await,
        }
    }

    /// Ends the session at the system: what is kept of it opens nothing any more.
    pub(crate) async fn sign_out(&self, server: &Server) -> Result<(), Failure> {
        let mut held = self.held.lock().await;
        let access = held.access.take().map(|it| it.token);
        match held.refresh.take().or(access) {
            Some(token) => self.app.revoke(server, &token).await,
            None => Ok(()),
        }
    }

    /// Ends a session that a pasted credential began; one that is kept in the keyring goes on.
    pub(crate) async fn leave(&self, server: &Server) -> Result<(), Failure> {
        let mut held = self.held.lock().await;
        if held.refresh.is_some() {
            return Ok(());
        }
        match held.access.take() {
            Some(access) => self.app.revoke(server, &access.token).await,
            None => Ok(()),
        }
    }

    async fn renew(&self, server: &Server, held: &mut Held) -> Result<Secret, Failure> {
        held.access = None;
        let asked_at = self.clock.now();
        let granted = self.granted(server, held).await?;
        // A refresh token is good once. The one before still answers with the same new access token for as long as that was
        // never used [guide], so the new one is safe in the keyring before the access token leaves this function: a program
        // that is killed in between finds one or the other at its next start, and either opens.
        //
        // Where the keyring does not take it, going on loses nothing that stopping would save: the console works until it is
        // closed, the keeper tells its person, and the keyring is asked again after a while.
        self.keep(held).await;
        let lives = Duration::from_secs(granted.expires_in.unwrap_or(USUAL).into());
        let until = asked_at.plus(lives.saturating_sub(MARGIN));
        held.access = Some(Access { token: granted.access_token.clone(), until });
        Ok(granted.access_token)
    }

    /// Exchanges the refresh token, or the JWT credential where there is none or it is over.
    async fn granted(&self, server: &Server, held: &mut Held) -> Result<Granted, Failure> {
        let outcome = self.refreshed(server, held).await;
        let is_over = outcome.as_ref().is_none_or(|it| it.as_ref().is_err_and(is_over));
        match (outcome, &self.jwt) {
            (_, Some(jwt)) if is_over => {
                held.refresh = None;
                let request = form(JWT_GRANT).form_secret("assertion", jwt);
                server.ask(self.app.names_itself(request)).await?.json()
            }
            (Some(Err(failure)), None) if is_over => {
                Err(Failure::SignedOut(Why::new(Reason::TokenExpired, failure.why().words.clone())))
            }
            (Some(outcome), _) => outcome,
            (None, _) => Err(Failure::SignedOut(Why::new(Reason::SecretMissing, JWT))),
        }
    }

    /// `None` where there is no refresh token.
    async fn refreshed(&self, server: &Server, held: &mut Held) -> Option<Result<Granted, Failure>> {
        let token = held.refresh.clone()?;
        let mut outcome = self.refresh(server, held, &token).await;
        // Another program over the same data folder, such as the command line, may have used it and kept the next one.
        if outcome.as_ref().is_err_and(is_over)
            && let Ok(Some(kept)) = self.keeper.kept(REFRESH_TOKEN).await
            && !is_same(&kept, &token)
        {
            outcome = self.refresh(server, held, &kept).await;
        }
        Some(outcome)
    }

    async fn refresh(&self, server: &Server, held: &mut Held, token: &Secret) -> Result<Granted, Failure> {
        // An answer that is lost may be asked for again: the same token still answers, as above.
        let request = form("refresh_token").form_secret("refresh_token", token);
        let granted: Granted = server.ask(self.app.names_itself(request)).await?.json()?;
        if let Some(next) = granted.refresh_token.clone().filter(|it| !it.is_empty()) {
            held.refresh = Some(next);
            held.keep_at = Some(self.clock.now());
        }
        Ok(granted)
    }

    /// Has the newest refresh token kept, where it is not and it is time to ask.
    async fn keep(&self, held: &mut Held) {
        let now = self.clock.now();
        let Some((token, _)) = held.refresh.as_ref().zip(held.keep_at.filter(|at| *at <= now)) else { return };
        held.keep_at = match self.keeper.keep(REFRESH_TOKEN, token).await {
            Ok(()) => None,
            Err(_) => Some(now.plus(KEEPING_PAUSE)),
        };
    }
}

/// A question to the token endpoint, which reads forms only and changes nothing that a second one would not find again.
fn form(grant: &str) -> Request {
    Request::post("restapi/oauth/token").group(AUTH).as_read().form(&[("grant_type", grant)])
}

/// Codes that are about the application and not about a credential [guide]; the words of OAuth stand before them.
const OF_THE_APP: &[&str] = &[REFUSED_APP, "unauthorized_client", "OAU-120", "OAU-121", "OAU-146"];
/// The word of OAuth for an application that is not known or shows the wrong secret.
pub(crate) const REFUSED_APP: &str = "invalid_client";

/// Whether the token itself is refused: it was used, revoked or has expired. A refused application says nothing about the token.
fn is_over(failure: &Failure) -> bool {
    let words = &failure.why().words;
    matches!(failure, Failure::SignedOut(_)) && !OF_THE_APP.iter().any(|code| words.starts_with(code))
}

/// Whether an answer refuses the application, whatever code stands beside the word.
pub(crate) fn is_refused_app(answer: &Answer) -> bool {
    #[derive(Deserialize)]
    struct Refused {
        error: String,
    }
    answer.json::<Refused>().is_ok_and(|it| it.error == REFUSED_APP)
}

fn is_same(a: &Secret, b: &Secret) -> bool {
    a.reveal() == b.reveal()
}
