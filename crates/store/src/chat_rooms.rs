//! Chat rooms kept here because their system cannot list them: own data, which survives a rebuilt cache.

use model::chat_room::KeptRoom;
use model::{ConnectionId, KeptRoomId, Raw};
use rusqlite::{Row, params};

use crate::{Reader, StoreError, Writer, code};

/// Own data.
pub(crate) const SCHEMA: &str = "
CREATE TABLE chat_rooms (
  id TEXT PRIMARY KEY,
  connection TEXT NOT NULL,
  name TEXT NOT NULL,
  room TEXT NOT NULL,
  raw TEXT NOT NULL,
  saved_at INTEGER
);
";

const SELECT: &str = "SELECT id, connection, room, raw, saved_at FROM chat_rooms";

/// Every kept room by name.
///
/// # Errors
/// A database that cannot be read.
pub fn all(r: &Reader<'_>) -> Result<Vec<KeptRoom>, StoreError> {
    r.conn.prepare_cached(&format!("{SELECT} ORDER BY name, id"))?.query_and_then([], read)?.collect()
}

/// One kept room.
///
/// # Errors
/// A database that cannot be read.
pub fn get(r: &Reader<'_>, id: &KeptRoomId) -> Result<Option<KeptRoom>, StoreError> {
    let mut statement = r.conn.prepare_cached(&format!("{SELECT} WHERE id = $1"))?;
    statement.query_and_then([id.as_str()], read)?.next().transpose()
}

/// Keeps a room, new or changed.
///
/// # Errors
/// A database that cannot be written.
pub fn put(w: &mut Writer<'_>, kept: &KeptRoom) -> Result<(), StoreError> {
    let mut statement = w.conn.prepare_cached(
        "INSERT INTO chat_rooms (id, connection, name, room, raw, saved_at) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (id) DO UPDATE SET
           connection = excluded.connection, name = excluded.name, room = excluded.room, raw = excluded.raw,
           saved_at = excluded.saved_at
         WHERE chat_rooms.connection <> excluded.connection OR chat_rooms.room <> excluded.room
           OR chat_rooms.raw <> excluded.raw OR chat_rooms.saved_at IS DISTINCT FROM excluded.saved_at",
    )?;
    statement.execute(params![
        kept.id.as_str(),
        kept.connection.as_str(),
        kept.room.name,
        code::to_json(&kept.room)?,
        kept.raw.0,
        kept.saved_at.map(model::Time::millis),
    ])?;
    Ok(())
}

/// Forgets a room here; the system keeps its own.
///
/// # Errors
/// A database that cannot be written.
pub fn remove(w: &mut Writer<'_>, id: &KeptRoomId) -> Result<(), StoreError> {
    w.conn.prepare_cached("DELETE FROM chat_rooms WHERE id = $1")?.execute([id.as_str()])?;
    Ok(())
}

fn read(row: &Row<'_>) -> Result<KeptRoom, StoreError> {
    Ok(KeptRoom {
        id: KeptRoomId(row.get(0)?),
        connection: ConnectionId(row.get(1)?),
        room: code::from_json(&row.get::<_, String>(2)?, "chat_rooms.room")?,
        raw: Raw(row.get(3)?),
        saved_at: row.get::<_, Option<i64>>(4)?.map(code::time).transpose()?,
    })
}
