//! The operating system's keyring as the console's vault: Credential Manager, Keychain or Secret Service.

use std::path::Path;

use engine::Vault;
use keyring::{Entry, Error};
use model::{Failure, Reason, Secret, Why};
use sha2::{Digest, Sha256};

/// The name under which the entries stand in the keyring.
const SERVICE: &str = "frontdesk";
/// The most bytes that one entry may hold: Windows' Credential Manager takes 2,560.
const ENTRY_BYTES: usize = 2_400;
/// What a first entry begins with where the secret goes on in further ones; followed by their number. The character cannot
/// stand in a token, which travels in a header.
const SPLIT: &str = "\u{1}frontdesk-parts:";

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

    fn entry(&self, entry: &str, part: usize) -> Result<Entry, Failure> {
        let name = if part == 0 { format!("{}/{entry}", self.scope) } else { format!("{}/{entry}#{part}", self.scope) };
        Entry::new(SERVICE, &name).map_err(|error| closed(&error))
    }

    fn read_part(&self, entry: &str, part: usize) -> Result<Option<Secret>, Failure> {
        match self.entry(entry, part)?.get_secret() {
            Ok(bytes) => {
                let text =
                    String::from_utf8(bytes).map_err(|_| Failure::SignedOut(Why::new(Reason::SecretMissing, entry)))?;
                Ok(Some(Secret::new(&text)))
            }
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(closed(&error)),
        }
    }

    fn write_part(&self, entry: &str, part: usize, text: &str) -> Result<(), Failure> {
        self.entry(entry, part)?.set_secret(text.as_bytes()).map_err(|error| closed(&error))
    }

    fn forget_part(&self, entry: &str, part: usize) -> Result<(), Failure> {
        match self.entry(entry, part)?.delete_credential() {
            Ok(()) | Err(Error::NoEntry) => Ok(()),
            Err(error) => Err(closed(&error)),
        }
    }

    fn parts(&self, entry: &str) -> Result<usize, Failure> {
        let first = self.read_part(entry, 0)?;
        Ok(first.and_then(|secret| secret.reveal().strip_prefix(SPLIT).and_then(|n| n.parse().ok())).unwrap_or(0))
    }
}

impl Vault for OsKeyring {
    fn read(&self, entry: &str) -> Result<Option<Secret>, Failure> {
        let Some(first) = self.read_part(entry, 0)? else {
            return Ok(None);
        };
        let Some(count) = first.reveal().strip_prefix(SPLIT).and_then(|n| n.parse::<usize>().ok()) else {
            return Ok(Some(first));
        };
        let mut whole = String::new();
        for part in 1..=count {
            match self.read_part(entry, part)? {
                Some(text) => whole.push_str(text.reveal()),
                None => return Ok(None),
            }
        }
        Ok(Some(Secret::new(&whole)))
    }

    fn write(&self, entry: &str, secret: &Secret) -> Result<(), Failure> {
        let old = self.parts(entry)?;
        let text = secret.reveal();
        let pieces = if text.len() > ENTRY_BYTES { split(text) } else { Vec::new() };
        for (at, piece) in pieces.iter().enumerate() {
            self.write_part(entry, at + 1, piece)?;
        }
        if pieces.is_empty() {
            self.write_part(entry, 0, text)?;
        } else {
            self.write_part(entry, 0, &format!("{SPLIT}{}", pieces.len()))?;
        }
        (pieces.len() + 1..=old).try_for_each(|part| self.forget_part(entry, part))
    }

    fn forget(&self, entry: &str) -> Result<(), Failure> {
        let parts = self.parts(entry)?;
        (0..=parts).try_for_each(|part| self.forget_part(entry, part))
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

/// Pieces of at most [`ENTRY_BYTES`], cut between characters.
fn split(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (piece, after) = rest.split_at(rest.floor_char_boundary(ENTRY_BYTES));
        pieces.push(piece);
        rest = after;
    }
    pieces
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
    fn a_long_secret_is_cut_into_pieces_that_every_keyring_takes() {
        let text = "あ".repeat(2_000);
        let pieces = split(&text);
        assert!(pieces.iter().all(|piece| piece.len() <= ENTRY_BYTES));
        assert_eq!(pieces.concat(), text);
        assert_eq!(pieces.len(), 3);
    }

    #[test]
    fn two_folders_never_share_an_entry() {
        let a = tempfile::tempdir().unwrap();
        let b = tempfile::tempdir().unwrap();
        assert_ne!(OsKeyring::of(a.path()).scope, OsKeyring::of(b.path()).scope);
        assert_eq!(OsKeyring::of(a.path()).scope, OsKeyring::of(a.path()).scope);
    }
}
