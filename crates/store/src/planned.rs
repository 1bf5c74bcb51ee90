//! Messages that are to leave later: written whole, so that they outlive the program. Own data; its table is in `templates::SCHEMA`.

use model::message::{Draft, Planned};
use model::{DraftId, Time};
use rusqlite::{Row, params};

use crate::{Reader, StoreError, Writer, code};

const SELECT: &str = "SELECT id, due_at, is_missed, body FROM planned";

/// Keeps a plan; the same draft again takes the place of what it was.
///
/// # Errors
/// A database that cannot be written.
pub fn put(w: &mut Writer<'_>, planned: &Planned) -> Result<(), StoreError> {
    let mut statement = w.conn.prepare_cached(
        "INSERT INTO planned (id, due_at, is_missed, body) VALUES ($1, $2, $3, $4)
         ON CONFLICT (id) DO UPDATE SET due_at = excluded.due_at, is_missed = excluded.is_missed, body = excluded.body",
    )?;
    let body = code::to_json(&planned.drafts)?;
    statement.execute(params![planned.id.as_str(), planned.due_at.millis(), planned.is_missed, body])?;
    Ok(())
}

/// Every plan, the next one first.
///
/// # Errors
/// A database that cannot be read.
pub fn all(r: &Reader<'_>) -> Result<Vec<Planned>, StoreError> {
    let mut statement = r.conn.prepare_cached(&format!("{SELECT} ORDER BY due_at, id"))?;
    statement.query_and_then([], read)?.collect()
}

/// Plans whose time has come and that wait for nobody, the oldest first.
///
/// # Errors
/// A database that cannot be read.
pub fn due(r: &Reader<'_>, now: Time) -> Result<Vec<Planned>, StoreError> {
    let mut statement =
        r.conn.prepare_cached(&format!("{SELECT} WHERE due_at <= $1 AND NOT is_missed ORDER BY due_at, id"))?;
    statement.query_and_then([now.millis()], read)?.collect()
}

/// One plan.
///
/// # Errors
/// A database that cannot be read.
pub fn get(r: &Reader<'_>, id: &DraftId) -> Result<Option<Planned>, StoreError> {
    let mut statement = r.conn.prepare_cached(&format!("{SELECT} WHERE id = $1"))?;
    statement.query_and_then([id.as_str()], read)?.next().transpose()
}

/// Gives a plan another time, or leaves it to a person. `false` where it is not there any more.
///
/// # Errors
/// A database that cannot be written.
pub fn change(w: &mut Writer<'_>, id: &DraftId, due_at: Time, is_missed: bool) -> Result<bool, StoreError> {
    let mut statement = w.conn.prepare_cached("UPDATE planned SET due_at = $1, is_missed = $2 WHERE id = $3")?;
    Ok(statement.execute(params![due_at.millis(), is_missed, id.as_str()])? == 1)
}

/// Takes a plan out. `false` where it is not there any more: then whoever took it out before sees to it.
///
/// # Errors
/// A database that cannot be written.
pub fn remove(w: &mut Writer<'_>, id: &DraftId) -> Result<bool, StoreError> {
    Ok(w.conn.prepare_cached("DELETE FROM planned WHERE id = $1")?.execute([id.as_str()])? == 1)
}

fn read(row: &Row<'_>) -> Result<Planned, StoreError> {
    let drafts: Vec<Draft> = code::from_json(&row.get::<_, String>(3)?, "planned.body")?;
    Ok(Planned { id: DraftId(row.get(0)?), due_at: code::time(row.get(1)?)?, is_missed: row.get(2)?, drafts })
}
