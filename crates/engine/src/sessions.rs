//! Open sessions: one per connection, made when first needed, forgotten when a secret or the connection changes.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use model::connection::Connection;
use model::ports::{Keeper, Opening, Session};
use model::{ConnectionId, Failure, Reason, Secret, Why};

use crate::console::{Console, lock};
use crate::vault::{self, Vault};

/// How long a keyring may take: long enough for its owner to type a password, short enough that nothing seems to hang.
const VAULT_DEADLINE: Duration = Duration::from_secs(30);

/// The open sessions, and how many times one was forgotten.
#[derive(Default)]
pub(crate) struct Sessions(Mutex<(u64, HashMap<ConnectionId, Session>)>);

impl Sessions {
    pub(crate) fn forget(&self, id: &ConnectionId) {
        let mut sessions = lock(&self.0);
        sessions.0 += 1;
        sessions.1.remove(id);
    }
}

/// Puts the secrets that a system renews into the vault.
struct Renewals {
    console: Console,
    id: ConnectionId,
}

#[async_trait]
impl Keeper for Renewals {
    async fn keep(&self, key: &str, secret: &Secret) -> Result<(), Failure> {
        let (entry, secret) = (vault::entry(&self.id, key), secret.clone());
        self.console.on_vault(move |vault| vault.write(&entry, &secret)).await
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
        let era = {
            let sessions = lock(&self.0.sessions.0);
            if let Some(session) = sessions.1.get(id) {
                return Ok(session.clone());
            }
            sessions.0
        };
        let connection = self.connection(id).await?;
        let system = self
            .system(&connection.system)
            .cloned()
            .ok_or_else(|| Failure::invalid(Reason::NoSuchThing, connection.system.as_str()))?;
        let secrets = self.secrets(&connection).await?;
        let session = system.open(self.opening(connection, secrets))?;
        let mut sessions = lock(&self.0.sessions.0);
        // A secret changed while this one was being opened: it serves this call and is not kept.
        if sessions.0 != era {
            return Ok(session);
        }
        // Two openings at once are the same; the first one stays.
        Ok(sessions.1.entry(id.clone()).or_insert(session).clone())
    }

    /// What a session of this connection is opened with.
    pub(crate) fn opening(&self, connection: Connection, secrets: BTreeMap<String, Secret>) -> Opening {
        let keeper = Arc::new(Renewals { console: self.clone(), id: connection.id.clone() });
        Opening { connection, secrets, clock: self.0.clock.clone(), keeper }
    }

    pub(crate) async fn secrets(&self, connection: &Connection) -> Result<BTreeMap<String, Secret>, Failure> {
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
