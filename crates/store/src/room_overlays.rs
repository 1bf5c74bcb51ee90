//! What this desk says of conference rooms. Own data, which survives a rebuilt cache and a room that is gone for a while.

use std::collections::HashMap;

use model::room_overlay::RoomOverlay;
use model::{ConnectionId, RoomId};

use crate::{Reader, StoreError, Writer, code};

/// Own data. `body` is as it crosses to the window.
pub(crate) const SCHEMA: &str = "
CREATE TABLE room_overlays (
  connection TEXT NOT NULL,
  external_id TEXT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (connection, external_id)
);
";

/// Everything that is said of rooms.
///
/// # Errors
/// A database that cannot be read.
pub fn all(r: &Reader<'_>) -> Result<HashMap<RoomId, RoomOverlay>, StoreError> {
    let mut statement = r.conn.prepare_cached("SELECT connection, external_id, body FROM room_overlays")?;
    let rows = statement.query_and_then([], |row| {
        let id = RoomId(format!("{}/{}", row.get::<_, String>(0)?, row.get::<_, String>(1)?));
        Ok::<_, StoreError>((id, code::from_json(&row.get::<_, String>(2)?, "room_overlays.body")?))
    })?;
    rows.collect()
}

/// Says something of a room; the empty overlay says nothing any more.
///
/// # Errors
/// A database that cannot be written.
pub fn put(w: &mut Writer<'_>, id: &RoomId, overlay: &RoomOverlay) -> Result<(), StoreError> {
    let (connection, external_id) = id.as_str().split_once('/').unwrap_or((id.as_str(), ""));
    if *overlay == RoomOverlay::default() {
        w.conn
            .prepare_cached("DELETE FROM room_overlays WHERE connection = $1 AND external_id = $2")?
            .execute([connection, external_id])?;
        return Ok(());
    }
    let mut statement = w.conn.prepare_cached(
        "INSERT INTO room_overlays (connection, external_id, body) VALUES ($1, $2, $3)
         ON CONFLICT (connection, external_id) DO UPDATE SET body = excluded.body
         WHERE room_overlays.body <> excluded.body",
    )?;
    statement.execute([connection, external_id, &code::to_json(overlay)?])?;
    Ok(())
}

/// Forgets what was said of the rooms of a connection, whose id never comes again.
pub(crate) fn forget(w: &mut Writer<'_>, connection: &ConnectionId) -> Result<(), StoreError> {
    w.conn.prepare_cached("DELETE FROM room_overlays WHERE connection = $1")?.execute([connection.as_str()])?;
    Ok(())
}
