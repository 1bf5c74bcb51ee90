//! Secret values of administration records that wait here: in the keyring, beside the connection's own, one entry for each change.

use std::collections::BTreeMap;

use model::{ConnectionId, Failure, Reason, Secret};

use crate::console::Console;
use crate::vault::entry;

/// Secret values by the name of their field, as JSON text. They are never printed.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct SecretValues(pub(crate) BTreeMap<String, String>);

impl SecretValues {
    /// The values as one secret.
    fn sealed(&self) -> Result<Secret, Failure> {
        let text = serde_json::to_string(&self.0).map_err(|_| Failure::invalid(Reason::NotUsable, ""))?;
        Ok(Secret::new(&text))
    }
}

impl Console {
    /// The secret values that are kept under this id; none where none are.
    pub(crate) async fn secret_values(&self, connection: &ConnectionId, id: &str) -> Result<SecretValues, Failure> {
        let entry = entry(connection, id);
        match self.on_vault(move |vault| vault.read(&entry)).await? {
            Some(sealed) => Ok(SecretValues(serde_json::from_str(sealed.reveal()).unwrap_or_default())),
            None => Ok(SecretValues::default()),
        }
    }

    /// Keeps secret values under this id, instead of those before.
    pub(crate) async fn keep_secret_values(
        &self,
        connection: &ConnectionId,
        id: &str,
        values: &SecretValues,
    ) -> Result<(), Failure> {
        let (entry, sealed) = (entry(connection, id), values.sealed()?);
        self.on_vault(move |vault| vault.write(&entry, &sealed)).await
    }

    /// Forgets what is kept under these ids. What cannot be forgotten now is left, and said in the log.
    pub(crate) async fn forget_secret_values(&self, connection: &ConnectionId, ids: Vec<String>) {
        let entries: Vec<String> = ids.iter().map(|id| entry(connection, id)).collect();
        if entries.is_empty() {
            return;
        }
        let forgetting = self.on_vault(move |vault| entries.iter().try_for_each(|entry| vault.forget(entry)));
        if forgetting.await.is_err() {
            tracing::warn!("secret values of a staged change stay in the keyring");
        }
    }
}
