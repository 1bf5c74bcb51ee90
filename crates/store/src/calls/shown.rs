//! Numbers as they are shown, made once for each party and not once for each row on screen.

/// In the cache. Empty for a party that was written before; its number is then made as it is read.
pub(crate) const SCHEMA: &str = "ALTER TABLE parties ADD COLUMN shown TEXT;";
