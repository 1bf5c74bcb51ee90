//! How the person wants the window: one row, read whole.

use model::desk::Settings;
use rusqlite::OptionalExtension;

use crate::{Reader, StoreError, Writer, code};

/// Own data.
pub(crate) const SCHEMA: &str = "
CREATE TABLE settings (id INTEGER PRIMARY KEY, body TEXT NOT NULL);
";

/// The settings; those of the first start where none were saved or what was saved cannot be read.
///
/// # Errors
/// A database that cannot be read.
pub fn get(r: &Reader<'_>) -> Result<Settings, StoreError> {
    let mut statement = r.conn.prepare_cached("SELECT body FROM settings WHERE id = 1")?;
    let body: Option<String> = statement.query_one([], |row| row.get(0)).optional()?;
    Ok(body.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
}

/// Keeps the settings.
///
/// # Errors
/// A database that cannot be written.
pub fn set(w: &mut Writer<'_>, settings: &Settings) -> Result<(), StoreError> {
    let mut statement = w.conn.prepare_cached(
        "INSERT INTO settings (id, body) VALUES (1, $1)
         ON CONFLICT (id) DO UPDATE SET body = excluded.body WHERE settings.body <> excluded.body",
    )?;
    statement.execute([code::to_json(settings)?])?;
    Ok(())
}
