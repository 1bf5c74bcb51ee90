//! Where secrets are kept: the operating system's keyring in the shells, memory in the demo and in tests.

mod kept;

use std::collections::BTreeMap;
use std::sync::Mutex;

use model::{ConnectionId, Failure, Secret};

pub(crate) use kept::SecretValues;

/// Keeps secrets by the name of their entry. Calls may block: the engine makes them on a thread of their own.
pub trait Vault: Send + Sync {
    /// The secret of an entry, or `None` where there is none.
    ///
    /// # Errors
    /// [`Failure::SignedOut`] where the keyring cannot be opened.
    fn read(&self, entry: &str) -> Result<Option<Secret>, Failure>;

    /// Keeps a secret, replacing the one before.
    ///
    /// # Errors
    /// As [`Vault::read`].
    fn write(&self, entry: &str, secret: &Secret) -> Result<(), Failure>;

    /// Forgets a secret; nothing happens where there is none.
    ///
    /// # Errors
    /// As [`Vault::read`].
    fn forget(&self, entry: &str) -> Result<(), Failure>;

    /// The name that people know it by, such as `Windows Credential Manager`.
    fn place(&self) -> String;

    /// The full name under which an entry stands there, so that its owner can find it.
    fn full_name(&self, entry: &str) -> String;
}

/// The name of the entry of one secret.
#[must_use]
pub fn entry(connection: &ConnectionId, key: &str) -> String {
    format!("{connection}/{key}")
}

/// Secrets that live as long as the process: the demo office and tests.
#[derive(Default)]
pub struct MemoryVault(Mutex<BTreeMap<String, Secret>>);

impl MemoryVault {
    fn entries(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, Secret>> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl Vault for MemoryVault {
    fn read(&self, entry: &str) -> Result<Option<Secret>, Failure> {
        Ok(self.entries().get(entry).cloned())
    }

    fn write(&self, entry: &str, secret: &Secret) -> Result<(), Failure> {
        self.entries().insert(entry.to_owned(), secret.clone());
        Ok(())
    }

    fn forget(&self, entry: &str) -> Result<(), Failure> {
        self.entries().remove(entry);
        Ok(())
    }

    fn place(&self) -> String {
        String::new()
    }

    fn full_name(&self, entry: &str) -> String {
        entry.to_owned()
    }
}
