//! Texts that were kept to be written again, in the order in which they were made. Own data.

use model::TemplateId;
use model::message::Template;
use rusqlite::params;

use crate::{Reader, StoreError, Writer, code};

/// Own data: templates, and the messages that are to leave later (`planned.rs`). `body` is as it crosses to the window.
pub(crate) const SCHEMA: &str = "
CREATE TABLE templates (id TEXT PRIMARY KEY, place INTEGER NOT NULL, body TEXT NOT NULL);
CREATE TABLE planned (id TEXT PRIMARY KEY, due_at INTEGER NOT NULL, is_missed INTEGER NOT NULL, body TEXT NOT NULL);
CREATE INDEX planned_by_time ON planned (due_at, id);
";

/// Every template.
///
/// # Errors
/// A database that cannot be read.
pub fn all(r: &Reader<'_>) -> Result<Vec<Template>, StoreError> {
    let mut statement = r.conn.prepare_cached("SELECT body FROM templates ORDER BY place, id")?;
    let rows = statement.query_and_then([], |row| code::from_json(&row.get::<_, String>(0)?, "templates.body"))?;
    rows.collect()
}

/// Keeps a template: a new one at the end, a known one where it stands.
///
/// # Errors
/// A database that cannot be written.
pub fn put(w: &mut Writer<'_>, template: &Template) -> Result<(), StoreError> {
    let mut statement = w.conn.prepare_cached(
        "INSERT INTO templates (id, place, body) VALUES ($1, (SELECT COALESCE(MAX(place), 0) + 1 FROM templates), $2)
         ON CONFLICT (id) DO UPDATE SET body = excluded.body WHERE templates.body <> excluded.body",
    )?;
    statement.execute(params![template.id.as_str(), code::to_json(template)?])?;
    Ok(())
}

/// Forgets a template. One that is not there is gone already.
///
/// # Errors
/// A database that cannot be written.
pub fn remove(w: &mut Writer<'_>, id: &TemplateId) -> Result<(), StoreError> {
    w.conn.prepare_cached("DELETE FROM templates WHERE id = $1")?.execute([id.as_str()])?;
    Ok(())
}
