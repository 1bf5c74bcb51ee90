//! Connections: add, test, replace a secret, remove.

use std::collections::{BTreeMap, BTreeSet};

use model::about::{About, Field, Origin};
use model::audit::AuditKind;
use model::connection::{CheckUp, Connection, ConnectionView, NewConnection, SecretEntry};
use model::failure::Problem;
use model::{ConnectionId, Failure, Raw, Reason, Secret, Time};

use crate::audit::at_once;
use crate::console::{Console, lock};
use crate::{address, vault};

impl Console {
    /// Every connection with its state, in the order in which they were made.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub async fn connections_list(&self) -> Result<Vec<ConnectionView>, Failure> {
        let kept = self
            .0
            .store
            .read(|r| {
                store::connections::all(r)?
                    .into_iter()
                    .map(|connection| Ok((store::connections::last_ok(r, &connection.id)?, connection)))
                    .collect::<Result<Vec<_>, store::StoreError>>()
            })
            .await?;
        Ok(kept.into_iter().map(|(last_ok_at, connection)| self.view(connection, last_ok_at)).collect())
    }

    /// A connection by its name or id, for people who type one.
    ///
    /// # Errors
    /// [`Failure::Invalid`] where there is none.
    pub async fn connection_named(&self, name: &str) -> Result<ConnectionView, Failure> {
        self.connections_list()
            .await?
            .into_iter()
            .find(|it| it.id.as_str() == name || it.name.to_lowercase() == name.trim().to_lowercase())
            .ok_or_else(|| Failure::invalid(Reason::NoSuchThing, name))
    }

    /// The page at which a person reaches the system of a connection in a browser: the root of its address.
    ///
    /// # Errors
    /// [`Failure::Invalid`] where there is no such connection, or its address is none of the web.
    pub async fn connection_page(&self, id: &ConnectionId) -> Result<String, Failure> {
        let connection = self.connection(id).await?;
        page(&connection.url).ok_or_else(|| Failure::invalid(Reason::NotUsable, connection.url))
    }

    /// Makes a connection: its secrets go to the keyring, the rest to the ledger. Nothing is asked of the system.
    ///
    /// # Errors
    /// [`Failure::Invalid`] for an unknown system, a bad address, plain http nobody agreed to, a missing or unknown field, a
    /// name that is taken; [`Failure::SignedOut`] where the keyring cannot be opened.
    pub async fn connection_add(&self, new: NewConnection) -> Result<ConnectionView, Failure> {
        let about = self
            .system(&new.system)
            .map(|system| system.about())
            .ok_or_else(|| Failure::invalid(Reason::NoSuchThing, new.system.as_str()))?;
        let (connection, secrets) = read(&about, new)?;
        let kept = connection.clone();
        self.write(move |w| store::connections::insert(w, &kept)).await?;
        let missing = absent(&about, &secrets);
        let entries: Vec<String> = secrets.keys().map(|key| vault::entry(&connection.id, key)).collect();
        if let Err(failure) = self.keep_secrets(&connection.id, secrets).await {
            self.forget_later(entries);
            let id = connection.id.clone();
            self.write(move |w| store::connections::remove(w, &id)).await?;
            return Err(failure);
        }
        self.change_health(&connection.id, |health| health.missing = missing).await;
        let mut deed = self.deed(AuditKind::ConnectionAdded, &connection.id, connection.name.clone()).await?;
        deed.after = Some(Raw::of(&connection));
        self.put_down(deed).await?;
        self.work_on(&connection.id);
        Ok(self.view(connection, None))
    }

    /// Tests a connection without changing anything at the system.
    ///
    /// # Errors
    /// [`Failure::Invalid`] where there is no such connection. What the test finds is in its answer.
    pub async fn connection_test(&self, id: &ConnectionId) -> Result<CheckUp, Failure> {
        use model::connection::{Check, CheckStep};
        self.connection(id).await?;
        let check_up = match self.session(id).await {
            Ok(session) => session.check.check_up().await,
            Err(failure) => CheckUp {
                at: self.now(),
                signed_in_as: None,
                steps: vec![CheckStep {
                    what: Check::SignedIn,
                    found: String::new(),
                    problem: Some(Problem::from(&failure)),
                }],
            },
        };
        let problem = check_up.steps.iter().find_map(|step| step.problem.clone());
        if problem.is_none() {
            self.note(id, &Ok::<_, Failure>(())).await;
        } else {
            self.change_health(id, |health| health.problem = problem).await;
        }
        Ok(check_up)
    }

    /// Puts another secret in the place of one.
    ///
    /// # Errors
    /// [`Failure::Invalid`] for a key that nobody enters in this system or an empty secret; where the keyring cannot be opened.
    pub async fn connection_replace_secret(&self, id: &ConnectionId, key: &str, secret: Secret) -> Result<(), Failure> {
        let field = self.secret_field(id, key).await?;
        if field.origin == Origin::SignIn {
            return Err(Failure::invalid(Reason::NoSuchThing, key));
        }
        if secret.is_empty() {
            return Err(Failure::invalid(Reason::Missing, key));
        }
        if field.origin == Origin::TypedInstead {
            self.end_sign_in(id).await?;
        }
        self.take_up(id, BTreeMap::from([(key.to_owned(), secret)])).await
    }

    /// Forgets a secret; the connection stays and asks for it when it needs it. What signing in brought is ended at the system
    /// before, where that can be reached.
    ///
    /// # Errors
    /// As [`Console::connection_replace_secret`].
    pub async fn connection_forget_secret(&self, id: &ConnectionId, key: &str) -> Result<(), Failure> {
        let field = self.secret_field(id, key).await?;
        self.stop_work(id);
        let outcome = self.forget_secrets(id, field.origin == Origin::SignIn, &[field]).await;
        let is_forgotten = outcome.is_ok();
        self.reopen(id, |missing| {
            if is_forgotten {
                missing.insert(key.to_owned());
            }
        })
        .await;
        outcome?;
        self.put_down(self.deed(AuditKind::SecretForgotten, id, key).await?).await
    }

    /// Removes a connection with its secrets and its cached data. What signing in began is ended at the system before, where
    /// that can be reached. What was sent through it stays in the ledger.
    ///
    /// # Errors
    /// [`Failure::Invalid`] where there is none; where the keyring or the ledger cannot be written.
    pub async fn connection_remove(&self, id: &ConnectionId) -> Result<(), Failure> {
        let connection = self.connection(id).await?;
        let about = self.system(&connection.system).map(|system| system.about());
        self.stop_work(id);
        if let Some(about) = about
            && let Err(failure) = self.forget_secrets(id, about.signs_in(), &about.fields).await
        {
            self.work_on(id);
            return Err(failure);
        }
        let mut deed = self.deed(AuditKind::ConnectionRemoved, id, connection.name.clone()).await?;
        deed.before = Some(Raw::of(&connection));
        self.forget_staged_secrets(id).await;
        self.0.sessions.forget(id);
        lock(&self.0.health).remove(id);
        self.clear_ringing(id).await;
        let (removed, now) = (id.clone(), self.now());
        self.write(move |w| {
            store::audit::append(w, deed, now, Some(at_once()))?;
            store::connections::remove(w, &removed)?;
            // Nobody is called by a directory that is gone.
            crate::links::remember(w, now)
        })
        .await
    }

    /// Where this console keeps secrets, by the name that people know; empty for the memory of the demo.
    #[must_use]
    pub fn keyring(&self) -> String {
        self.0.vault.place()
    }

    async fn secret_field(&self, id: &ConnectionId, key: &str) -> Result<Field, Failure> {
        let connection = self.connection(id).await?;
        self.system(&connection.system)
            .and_then(|system| system.about().fields.into_iter().find(|field| field.is_secret && field.key == key))
            .ok_or_else(|| Failure::invalid(Reason::NoSuchThing, key))
    }

    /// Forgets entries when the vault is free again: what was written before it failed, or still will be when its owner answers a
    /// prompt, must not stay under an id that nobody knows. Turns are fair, so this comes after.
    fn forget_later(&self, entries: Vec<String>) {
        let (turn, vault) = (self.0.vault_turn.clone(), self.0.vault.clone());
        tokio::spawn(async move {
            let turn = turn.lock_owned().await;
            let forgetting = tokio::task::spawn_blocking(move || {
                for entry in entries {
                    if vault.forget(&entry).is_err() {
                        tracing::warn!("an entry of the keyring could not be taken back");
                    }
                }
                drop(turn);
            });
            if forgetting.await.is_err() {
                tracing::warn!("entries of the keyring could not be taken back");
            }
        });
    }

    async fn keep_secrets(&self, id: &ConnectionId, secrets: BTreeMap<String, Secret>) -> Result<(), Failure> {
        for (key, secret) in secrets {
            let entry = vault::entry(id, &key);
            self.on_vault(move |vault| vault.write(&entry, &secret)).await?;
        }
        Ok(())
    }

    /// Forgets those of these fields that are secret, after the sign-in that they belong to was ended.
    async fn forget_secrets(&self, id: &ConnectionId, with_sign_in: bool, fields: &[Field]) -> Result<(), Failure> {
        if with_sign_in {
            self.sign_out(id).await?;
        }
        // From here on no session writes a renewed secret under this id.
        self.0.sessions.forget(id);
        for field in fields.iter().filter(|field| field.is_secret) {
            let entry = vault::entry(id, &field.key);
            self.on_vault(move |vault| vault.forget(&entry)).await?;
        }
        Ok(())
    }

    /// Ends and forgets what signing in brought, because a person enters something instead of it.
    async fn end_sign_in(&self, id: &ConnectionId) -> Result<(), Failure> {
        let connection = self.connection(id).await?;
        let fields = self.system(&connection.system).map(|system| system.about().fields).unwrap_or_default();
        let brought: Vec<Field> = fields.into_iter().filter(|field| field.origin == Origin::SignIn).collect();
        for field in &brought {
            let entry = vault::entry(id, &field.key);
            if self.on_vault(move |vault| vault.read(&entry)).await?.is_some() {
                self.stop_work(id);
                let outcome = self.forget_secrets(id, true, &brought).await;
                self.reopen(id, |missing| missing.extend(brought.iter().map(|field| field.key.clone()))).await;
                return outcome;
            }
        }
        Ok(())
    }

    /// Keeps secrets and begins anew with them.
    pub(crate) async fn take_up(&self, id: &ConnectionId, secrets: BTreeMap<String, Secret>) -> Result<(), Failure> {
        let keys: Vec<String> = secrets.keys().cloned().collect();
        self.stop_work(id);
        // What the session before would renew must not take the place of what is kept now.
        self.0.sessions.forget(id);
        let outcome = self.keep_secrets(id, secrets).await;
        let is_kept = outcome.is_ok();
        self.reopen(id, |missing| missing.retain(|key| !(is_kept && keys.contains(key)))).await;
        outcome?;
        self.send_paused(Some(id)).await;
        self.put_down(self.deed(AuditKind::SecretReplaced, id, keys.join(", ")).await?).await
    }

    async fn reopen(&self, id: &ConnectionId, change: impl FnOnce(&mut BTreeSet<String>)) {
        self.stop_work(id);
        self.0.sessions.forget(id);
        self.clear_ringing(id).await;
        self.change_health(id, |health| {
            health.problem = None;
            health.is_live = false;
            health.of_keyring = None;
            change(&mut health.missing);
        })
        .await;
        self.work_on(id);
    }

    pub(crate) fn view(&self, connection: Connection, last_ok_at: Option<Time>) -> ConnectionView {
        let health = self.health(&connection.id);
        let fields = self.system(&connection.system).map(|system| system.about().fields).unwrap_or_default();
        let secrets = fields
            .into_iter()
            .filter(|field| field.is_secret)
            .map(|field| SecretEntry {
                entry: self.0.vault.full_name(&vault::entry(&connection.id, &field.key)),
                is_kept: !health.missing.contains(&field.key),
                key: field.key,
            })
            .collect();
        ConnectionView {
            state: health.state(last_ok_at.is_some()),
            limitations: health.limitations(),
            reading: health.reading,
            not_understood: health.not_understood,
            problem: health.problem,
            is_plain_http: address::is_plain(&connection.url),
            id: connection.id,
            name: connection.name,
            system: connection.system,
            url: connection.url,
            settings: connection.settings,
            last_ok_at,
            secrets,
        }
    }
}

/// The root of an address of the web, without what leads to its interface for programs.
fn page(address: &str) -> Option<String> {
    let url = url::Url::parse(address).ok()?;
    let is_web = matches!(url.scheme(), "http" | "https") && url.host_str().is_some();
    is_web.then(|| format!("{}/", url.origin().ascii_serialization()))
}

/// What a person entered, checked against what the system asks for.
fn read(about: &About, new: NewConnection) -> Result<(Connection, BTreeMap<String, Secret>), Failure> {
    let typed = if new.url.trim().is_empty() { &about.url_default } else { &new.url };
    let address = address::read(typed)?;
    if address.is_plain_http && !new.allow_http {
        return Err(Failure::invalid(Reason::PlainHttp, address.url));
    }
    let mut settings = new.settings;
    settings.values_mut().for_each(|value| *value = value.trim().to_owned());
    settings.retain(|_, value| !value.is_empty());
    let mut secrets = new.secrets;
    secrets.retain(|_, secret| !secret.is_empty());
    check_fields(about, &settings, &secrets)?;
    let name = if new.name.trim().is_empty() { about.name.clone() } else { new.name.trim().to_owned() };
    let id = uuid::Uuid::new_v4().simple().to_string();
    let connection = Connection {
        id: ConnectionId(format!("c{}", &id[..12])),
        name,
        system: about.id.clone(),
        url: address.url,
        settings,
        allow_http: address.is_plain_http,
    };
    Ok((connection, secrets))
}

/// Whether every required field is there and none that the system does not have.
fn check_fields(
    about: &About,
    settings: &BTreeMap<String, String>,
    secrets: &BTreeMap<String, Secret>,
) -> Result<(), Failure> {
    let is_given = |field: &Field| {
        if field.is_secret { secrets.contains_key(&field.key) } else { settings.contains_key(&field.key) }
    };
    if let Some(field) = about.fields.iter().find(|field| field.is_required && !is_given(field)) {
        return Err(Failure::invalid(Reason::Missing, field.key.clone()));
    }
    // What is entered instead of signing in goes together: a token is worth nothing without its user.
    let instead = || about.fields.iter().filter(|field| field.origin == Origin::TypedInstead);
    if instead().any(is_given)
        && let Some(field) = instead().find(|field| !is_given(field))
    {
        return Err(Failure::invalid(Reason::Missing, field.key.clone()));
    }
    // What signing in brings is entered by nobody.
    let mut given = settings.keys().map(|key| (false, key)).chain(secrets.keys().map(|key| (true, key)));
    let is_asked_for = |field: &Field| field.origin != Origin::SignIn;
    let knows = |is_secret, key: &str| {
        about.fields.iter().any(|field| is_asked_for(field) && field.is_secret == is_secret && field.key == key)
    };
    match given.find(|(is_secret, key)| !knows(*is_secret, key)) {
        Some((_, key)) => Err(Failure::invalid(Reason::NoSuchThing, key.clone())),
        None => Ok(()),
    }
}

/// The secrets that a new connection has not.
fn absent(about: &About, secrets: &BTreeMap<String, Secret>) -> BTreeSet<String> {
    let all = about.fields.iter().filter(|field| field.is_secret).map(|field| field.key.clone());
    all.filter(|key| !secrets.contains_key(key)).collect()
}
