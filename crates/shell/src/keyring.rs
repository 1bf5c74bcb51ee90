//! The operating system's keyring as the console's vault: Credential Manager, Keychain or Secret Service.

mod parts;

use std::path::Path;

use engine::Vault;
use keyring::{Entry, Error};
use model::{Failure, Reason, Secret, Why};
use sha2::{Digest, Sha256};

use parts::Entries;

/// The name under which the entries stand in the keyring.
const SERVICE: &str = "frontdesk";

/// The keyring of this user. Each data folder has entries of its own, so that two folders never share a secret.
pub struct OsKeyring {
    scope: String,
}

impl OsKeyring {
    /// The keyring for a data folder.
    #[must_use]
    pub fn of(dir: &Path) -> Self {
        // A folder that does not exist yet has no canonical path; it is made before, so this is a fallback only.
        let dir = dir.canonicalize().unwrap_or_else(|_| dir.to_owned());
        let digest = Sha256::digest(dir.to_string_lossy().as_bytes());
        let scope = digest.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
        Self { scope }
    }

    fn entry(&self, name: &str) -> Result<Entry, Failure> {
        Entry::new(SERVICE, &format!("{}/{name}", self.scope)).map_err(|error| closed(&error))
    }
}

impl Entries for OsKeyring {
    fn read(&self, name: &str) -> Result<Option<String>, Failure> {
        match self.entry(name)?.get_secret() {
            Ok(bytes) => {
                let text = String::from_utf8(bytes);
                Ok(Some(text.map_err(|_| Failure::SignedOut(Why::new(Reason::SecretMissing, name)))?))
            }
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(closed(&error)),
        }
    }

    fn write(&self, name: &str, text: &str) -> Result<(), Failure> {
        self.entry(name)?.set_secret(text.as_bytes()).map_err(|error| closed(&error))
    }

    fn forget(&self, name: &str) -> Result<(), Failure> {
        match self.entry(name)?.delete_credential() {
            Ok(()) | Err(Error::NoEntry) => Ok(()),
            Err(error) => Err(closed(&error)),
        }
    }
}

impl Vault for OsKeyring {
    fn read(&self, entry: &str) -> Result<Option<Secret>, Failure> {
        parts::read(self, entry)
    }

    fn write(&self, entry: &str, secret: &Secret) -> Result<(), Failure> {
        parts::write(self, entry, secret)
    }

    fn forget(&self, entry: &str) -> Result<(), Failure> {
        parts::forget(self, entry)
    }

    fn place(&self) -> String {
        if cfg!(target_os = "windows") {
            "Windows Credential Manager"
        } else if cfg!(target_os = "macos") {
            "macOS Keychain"
        } else {
            "Secret Service"
        }
        .to_owned()
    }

    fn full_name(&self, entry: &str) -> String {
        format!("{SERVICE}/{}/{entry}", self.scope)
    }
}

/// A keyring that cannot be used. Its own words may name the entry, never the secret.
fn closed(error: &Error) -> Failure {
    tracing::warn!(%error, "the keyring cannot be used");
    Failure::SignedOut(Why::new(Reason::KeyringClosed, ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_folders_never_share_an_entry() {
        let a = tempfile::tempdir().unwrap();
        let b = tempfile::tempdir().unwrap();
        assert_ne!(OsKeyring::of(a.path()).scope, OsKeyring::of(b.path()).scope);
        assert_eq!(OsKeyring::of(a.path()).scope, OsKeyring::of(a.path()).scope);
    }
}
