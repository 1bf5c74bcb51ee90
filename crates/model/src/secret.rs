//! A token or password in memory: wiped when dropped, never printed, with one exit.

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer};

/// A token or password. It has no `Debug`, `Display` or `Serialize`; [`Secret::reveal`] is its only exit.
#[derive(Clone)]
pub struct Secret(SecretString);

impl Secret {
    /// Takes over what a person pasted: surrounding white space and line ends are not part of a token.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(SecretString::from(text.trim().to_owned()))
    }

    /// The text itself, for the one place that puts it on the wire or into the keyring.
    #[must_use]
    pub fn reveal(&self) -> &str {
        self.0.expose_secret()
    }

    /// Whether there is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.reveal().is_empty()
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = SecretString::deserialize(deserializer)?;
        Ok(Self::new(text.expose_secret()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_are_not_part_of_a_token() {
        assert_eq!(Secret::new(" abc\r\n").reveal(), "abc");
        let read: Secret = serde_json::from_str("\"x\\n\"").unwrap();
        assert_eq!(read.reveal(), "x");
    }
}
