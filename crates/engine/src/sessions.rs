//! Open sessions: one per connection, made when first needed, forgotten when a secret or the connection changes.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, Weak};
use std::time::Duration;

use async_trait::async_trait;
use model::connection::{Connection, Limitation};
use model::ports::{BrowserSignIn, Keeper, Opening, PasswordSignIn, Session};
use model::{ConnectionId, Failure, Reason, Secret, Why};

use crate::console::{Console, Inner, lock};
use crate::vault::{self, Vault};

/// How long a keyring may take: long enough for its owner to type a password, short enough that nothing seems to hang.
const VAULT_DEADLINE: Duration = Duration::from_secs(30);

/// The open sessions, and how many times the one of each connection was forgotten.
#[derive(Default)]
pub(crate) struct Sessions(Mutex<Book>);

#[derive(Default)]
struct Book {
    open: HashMap<ConnectionId, Session>,
    eras: HashMap<ConnectionId, u64>,
}

impl Sessions {
    /// Those that are open.
    pub(crate) fn all(&self) -> Vec<Session> {
        lock(&self.0).open.values().cloned().collect()
    }

    /// The one of a connection, if it is open.
    pub(crate) fn open_one(&self, id: &ConnectionId) -> Option<Session> {
        lock(&self.0).open.get(id).cloned()
    }

    pub(crate) fn forget(&self, id: &ConnectionId) {
        let mut book = lock(&self.0);
        *book.eras.entry(id.clone()).or_default() += 1;
        book.open.remove(id);
    }

    fn era(&self, id: &ConnectionId) -> u64 {
        lock(&self.0).eras.get(id).copied().unwrap_or_default()
    }
}

/// Puts the secrets that a system renews into the vault, for as long as nobody changed them otherwise.
struct Renewals {
    /// Not the console itself: it holds the session that holds this.
    console: Weak<Inner>,
    id: ConnectionId,
    era: u64,
}

impl Renewals {
    fn console(&self) -> Result<Console, Failure> {
        let ended = || Failure::SignedOut(Why::new(Reason::KeyringClosed, ""));
        self.console.upgrade().map(Console).ok_or_else(ended)
    }

    async fn write(&self, console: &Console, key: &str, secret: &Secret) -> Result<(), Failure> {
        let (entry, secret) = (vault::entry(&self.id, key), secret.clone());
        let (book, id, era) = (console.clone(), self.id.clone(), self.era);
        // Asked when it is our turn at the vault: a session that was forgotten meanwhile would put an old secret in the place
        // of a new one, or leave one under an id that nobody knows.
        let write = move |vault: &dyn Vault| {
            if book.0.sessions.era(&id) == era { vault.write(&entry, &secret) } else { Ok(()) }
        };
        console.on_vault(write).await
    }
}

#[async_trait]
impl Keeper for Renewals {
    async fn keep(&self, key: &str, secret: &Secret) -> Result<(), Failure> {
        let console = self.console()?;
        let outcome = self.write(&console, key, secret).await;
        if let Err(failure) = &outcome {
            tracing::warn!(reason = ?failure.why().reason, "a renewed sign-in could not be kept");
        }
        if console.0.sessions.era(&self.id) == self.era {
            let is_kept = outcome.is_ok();
            console
                .change_health(&self.id, |health| {
                    health.of_keyring = (!is_kept).then_some(Limitation::SignInNotKept);
                    if is_kept {
                        health.missing.remove(key);
                    }
                })
                .await;
        }
        outcome
    }

    async fn kept(&self, key: &str) -> Result<Option<Secret>, Failure> {
        let entry = vault::entry(&self.id, key);
        self.console()?.on_vault(move |vault| vault.read(&entry)).await
    }
}

impl Console {
    /// The kept connection of this id.
    ///
    /// # Errors
    /// [`Failure::Invalid`] where there is none.
    pub(crate) async fn connection(&self, id: &ConnectionId) -> Result<Connection, Failure> {
        let wanted = id.clone();
        self.0
            .store
            .read(move |r| store::connections::get(r, &wanted))
            .await?
            .ok_or_else(|| Failure::invalid(Reason::NoSuchThing, id.as_str()))
    }

    /// The session of a connection, opened with the secrets of the keyring where it is not open yet.
    ///
    /// # Errors
    /// [`Failure::SignedOut`] where a secret is missing; what the system finds wrong with the settings.
    pub(crate) async fn session(&self, id: &ConnectionId) -> Result<Session, Failure> {
        if let Some(session) = lock(&self.0.sessions.0).open.get(id) {
            return Ok(session.clone());
        }
        let era = self.0.sessions.era(id);
        let connection = self.connection(id).await?;
        let system = self
            .system(&connection.system)
            .cloned()
            .ok_or_else(|| Failure::invalid(Reason::NoSuchThing, connection.system.as_str()))?;
        let secrets = self.secrets(&connection).await?;
        let session = system.open(self.opening(connection, secrets, era))?;
        let mut book = lock(&self.0.sessions.0);
        // A secret changed while this one was being opened: it serves this call and is not kept.
        if book.eras.get(id).copied().unwrap_or_default() != era {
            return Ok(session);
        }
        // Two openings at once are the same; the first one stays.
        Ok(book.open.entry(id.clone()).or_insert(session).clone())
    }

    /// What a session of this connection is opened with, or a sign-in begun.
    fn opening(&self, connection: Connection, secrets: BTreeMap<String, Secret>, era: u64) -> Opening {
        let keeper = Arc::new(Renewals { console: Arc::downgrade(&self.0), id: connection.id.clone(), era });
        Opening { connection, secrets, clock: self.0.clock.clone(), keeper }
    }

    /// A sign-in with the page of the system behind a connection.
    ///
    /// # Errors
    /// [`Failure::Invalid`] where it offers none, or for settings that cannot be used; where the keyring cannot be opened.
    pub(crate) async fn browser_sign_in(&self, id: &ConnectionId) -> Result<Box<dyn BrowserSignIn>, Failure> {
        let connection = self.connection(id).await?;
        let system = self.system(&connection.system).cloned();
        let offers = system.filter(|system| system.about().signs_in_by_browser);
        let system = offers.ok_or_else(|| Failure::invalid(Reason::NotOffered, connection.name.clone()))?;
        let secrets = self.secrets(&connection).await?;
        system.sign_in(self.opening(connection, secrets, self.0.sessions.era(id)))
    }

    /// A sign-in with a password at the system behind a connection. Fails as [`Console::browser_sign_in`].
    pub(crate) async fn password_sign_in(&self, id: &ConnectionId) -> Result<Box<dyn PasswordSignIn>, Failure> {
        let connection = self.connection(id).await?;
        let system = self.system(&connection.system).cloned();
        let offers = system.filter(|system| system.about().signs_in_by_password);
        let system = offers.ok_or_else(|| Failure::invalid(Reason::NotOffered, connection.name.clone()))?;
        // What is kept does not help to sign in.
        system.sign_in_by_password(self.opening(connection, BTreeMap::new(), self.0.sessions.era(id)))
    }

    async fn secrets(&self, connection: &Connection) -> Result<BTreeMap<String, Secret>, Failure> {
        let about = self.system(&connection.system).map(|system| system.about());
        let fields = about.map(|about| about.fields).unwrap_or_default();
        let mut secrets = BTreeMap::new();
        for field in fields.into_iter().filter(|field| field.is_secret) {
            let entry = vault::entry(&connection.id, &field.key);
            match self.on_vault(move |vault| vault.read(&entry)).await? {
                Some(secret) => {
                    secrets.insert(field.key, secret);
                }
                None => {
                    let key = field.key.clone();
                    self.change_health(&connection.id, |health| {
                        health.missing.insert(key);
                    })
                    .await;
                    if field.is_required {
                        return Err(Failure::SignedOut(Why::new(Reason::SecretMissing, field.key)));
                    }
                }
            }
        }
        Ok(secrets)
    }

    /// Does something with the vault on a thread that may block: a keyring may ask its owner for a password.
    pub(crate) async fn on_vault<T: Send + 'static>(
        &self,
        act: impl FnOnce(&dyn Vault) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let vault: Arc<dyn Vault> = self.0.vault.clone();
        let turn = self.0.vault_turn.clone();
        let acting = async move {
            let turn = turn.lock_owned().await;
            let done = move || {
                let outcome = act(&*vault);
                drop(turn);
                outcome
            };
            tokio::task::spawn_blocking(done).await
        };
        match tokio::time::timeout(VAULT_DEADLINE, acting).await {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(_)) | Err(_) => Err(Failure::SignedOut(Why::new(Reason::KeyringClosed, ""))),
        }
    }
}
