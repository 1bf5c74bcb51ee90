//! Secret fields of rows: what stands for them on screen, and the digests by which they are compared where they are kept.

use std::fmt::Write as _;

use model::record::is_secret;
use sha2::{Digest, Sha256};

use crate::records::row::{Fields, is_nothing, placeholder, placeholder_word, same};
use crate::vault::SecretValues;

/// Stands for a value that is there already.
pub(crate) const KEPT: &str = "kept";
/// Stands for a value that is to be written.
pub(crate) const NEW: &str = "new";

/// The row with digests in the place of its secret values, and these values.
pub(crate) fn digested(row: &Fields) -> (Fields, SecretValues) {
    let mut values = SecretValues::default();
    for (name, value) in row.iter().filter(|(name, value)| is_secret(name) && !is_nothing(value)) {
        values.0.insert(name.to_owned(), value.to_owned());
    }
    (row.map(|name, value| values.0.contains_key(name).then(|| digest(value))), values)
}

/// What is kept instead of a secret value. A salt makes two equal values look different.
pub(crate) fn digest(value: &str) -> String {
    let salt = uuid::Uuid::new_v4().simple().to_string();
    placeholder(&salted(&salt, value))
}

fn salted(salt: &str, value: &str) -> String {
    let hash = Sha256::new().chain_update(salt).chain_update(value).finalize();
    let mut text = format!("{salt}:");
    for byte in hash {
        // Writing into a text cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// Whether a value is the one that was kept, as itself or as a digest.
pub(crate) fn is_kept(kept: &str, value: &str) -> bool {
    match placeholder_word(kept).as_deref().and_then(|word| word.split_once(':')) {
        Some((salt, _)) => placeholder_word(kept).is_some_and(|word| word == salted(salt, value)),
        None => same(kept, value),
    }
}

/// A row as it may be seen: secret values are replaced by `word`.
pub(crate) fn shown(row: &Fields, word: &str) -> Fields {
    row.map(|name, value| shown_value(name, value, word))
}

/// What stands for a value on screen, where it is secret.
pub(crate) fn shown_value(name: &str, value: &str, word: &str) -> Option<String> {
    (is_secret(name) && !is_nothing(value)).then(|| placeholder(word))
}

/// The row with its secret values in the place of their digests.
pub(crate) fn revealed(row: &Fields, values: &SecretValues) -> Fields {
    row.map(|name, _| values.0.get(name).cloned())
}

#[cfg(test)]
mod tests {
    use model::Raw;

    use super::*;

    #[test]
    fn a_secret_is_kept_as_a_digest_and_known_again() {
        let row = Fields::read(&Raw(r#"{"ID":"2","パスワード":"ひらけごま","PW2":""}"#.to_owned())).unwrap();
        let (kept, values) = digested(&row);
        assert!(!kept.raw().0.contains("ひらけごま") && kept.raw().0.contains(r#""PW2":"""#));
        let there = kept.get("パスワード").unwrap();
        assert!(is_kept(there, "\"ひらけごま\"") && !is_kept(there, "\"ひらけまめ\"") && is_kept("\"1\"", "\"1\""));
        assert_eq!(revealed(&kept, &values), row);
        assert_eq!(shown(&row, KEPT).raw().0, r#"{"ID":"2","パスワード":{"$secret":"kept"},"PW2":""}"#);
    }
}
