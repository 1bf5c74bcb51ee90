//! Saved views of the list of calls, in the order in which they were made.

use model::CallViewId;
use model::call_view::CallView;
use rusqlite::params;

use crate::{Reader, StoreError, Writer, code};

/// Own data. `body` is the view as it crosses to the window.
pub(crate) const SCHEMA: &str = "
CREATE TABLE call_views (id TEXT PRIMARY KEY, place INTEGER NOT NULL, body TEXT NOT NULL);
";

/// Every view.
///
/// # Errors
/// A database that cannot be read.
pub fn all(r: &Reader<'_>) -> Result<Vec<CallView>, StoreError> {
    let mut statement = r.conn.prepare_cached("SELECT body FROM call_views ORDER BY place, id")?;
    let rows = statement.query_and_then([], |row| code::from_json(&row.get::<_, String>(0)?, "call_views.body"))?;
    rows.collect()
}

/// Keeps a view: a new one at the end, a known one where it stands.
///
/// # Errors
/// A database that cannot be written.
pub fn put(w: &mut Writer<'_>, view: &CallView) -> Result<(), StoreError> {
    let mut statement = w.conn.prepare_cached(
        "INSERT INTO call_views (id, place, body) VALUES ($1, (SELECT COALESCE(MAX(place), 0) + 1 FROM call_views), $2)
         ON CONFLICT (id) DO UPDATE SET body = excluded.body WHERE call_views.body <> excluded.body",
    )?;
    statement.execute(params![view.id.as_str(), code::to_json(view)?])?;
    Ok(())
}

/// Forgets a view. One that is not there is gone already.
///
/// # Errors
/// A database that cannot be written.
pub fn remove(w: &mut Writer<'_>, id: &CallViewId) -> Result<(), StoreError> {
    w.conn.prepare_cached("DELETE FROM call_views WHERE id = $1")?.execute([id.as_str()])?;
    Ok(())
}
