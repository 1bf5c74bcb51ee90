//! Chat rooms kept here because their system cannot list them: own data, which survives a rebuilt cache.

use model::chat_room::{ChatRoomVersion, KeptRoom, VersionOrigin};
use model::{ConnectionId, KeptRoomId, Raw, Time};
use rusqlite::{OptionalExtension, Row, params};

use crate::code::{self, Coded};
use crate::{Reader, StoreError, Writer};

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

/// Own data: the room on which changes are tried, how each room once was, and the names of user ids. What was kept before is its own
/// first version. Versions have row numbers of their own, and stay when their room is taken off the list.
pub(crate) const LATER: &str = "
ALTER TABLE chat_rooms ADD COLUMN is_test INTEGER NOT NULL DEFAULT 0;
CREATE TABLE chat_room_versions (
  id INTEGER PRIMARY KEY,
  kept TEXT NOT NULL,
  number INTEGER NOT NULL,
  connection TEXT NOT NULL,
  external_id TEXT,
  at INTEGER,
  origin INTEGER NOT NULL,
  room TEXT NOT NULL,
  raw TEXT NOT NULL,
  UNIQUE (kept, number)
);
CREATE INDEX chat_room_versions_by_external_id ON chat_room_versions (connection, external_id);
INSERT INTO chat_room_versions (kept, number, connection, external_id, at, origin, room, raw)
  SELECT id, 1, connection, json_extract(room, '$.external_id'), saved_at, CASE WHEN saved_at IS NULL THEN 1 ELSE 2 END, room, raw
  FROM chat_rooms;
CREATE TABLE chat_addresses (
  id INTEGER PRIMARY KEY,
  connection TEXT NOT NULL,
  uid TEXT NOT NULL,
  name TEXT NOT NULL,
  kana TEXT NOT NULL,
  email TEXT NOT NULL,
  note TEXT NOT NULL,
  UNIQUE (connection, uid)
);
";

/// The most versions that are kept of one room; the oldest go first.
const MOST_VERSIONS: u32 = 200;

const SELECT: &str = "SELECT id, connection, room, raw, saved_at, is_test FROM chat_rooms";

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

/// Keeps a room, new or changed. Whether it is the test room is said by [`choose_test`] alone.
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

/// Makes this the one room of its connection on which changes are tried; `None` leaves none.
///
/// # Errors
/// A database that cannot be written.
pub fn choose_test(w: &mut Writer<'_>, connection: &ConnectionId, id: Option<&KeptRoomId>) -> Result<(), StoreError> {
    let sql = "UPDATE chat_rooms SET is_test = (id = $1) WHERE connection = $2 AND is_test <> (id = $1)";
    let id = id.map_or("", KeptRoomId::as_str);
    w.conn.prepare_cached(sql)?.execute([id, connection.as_str()])?;
    Ok(())
}

/// Writes down how a room is now, where that is another record than the last one.
///
/// # Errors
/// A database that cannot be written.
pub fn add_version(w: &mut Writer<'_>, kept: &KeptRoom, origin: VersionOrigin, at: Time) -> Result<(), StoreError> {
    let last: Option<(u32, String)> = w
        .conn
        .prepare_cached("SELECT number, raw FROM chat_room_versions WHERE kept = $1 ORDER BY number DESC LIMIT 1")?
        .query_one([kept.id.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    if last.as_ref().is_some_and(|(_, raw)| *raw == kept.raw.0) {
        return Ok(());
    }
    let number = last.map_or(1, |(number, _)| number + 1);
    let mut statement = w.conn.prepare_cached(
        "INSERT INTO chat_room_versions (kept, number, connection, external_id, at, origin, room, raw)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )?;
    statement.execute(params![
        kept.id.as_str(),
        number,
        kept.connection.as_str(),
        kept.room.external_id,
        at.millis(),
        origin.code(),
        code::to_json(&kept.room)?,
        kept.raw.0,
    ])?;
    let oldest = number.saturating_sub(MOST_VERSIONS);
    let mut prune = w.conn.prepare_cached("DELETE FROM chat_room_versions WHERE kept = $1 AND number <= $2")?;
    prune.execute(params![kept.id.as_str(), oldest])?;
    Ok(())
}

/// How a room once was, the newest first.
///
/// # Errors
/// A database that cannot be read.
pub fn versions(r: &Reader<'_>, id: &KeptRoomId) -> Result<Vec<ChatRoomVersion>, StoreError> {
    let mut statement = r.conn.prepare_cached(
        "SELECT number, at, origin, room, raw FROM chat_room_versions WHERE kept = $1 ORDER BY number DESC",
    )?;
    let read = |row: &Row<'_>| -> Result<ChatRoomVersion, StoreError> {
        Ok(ChatRoomVersion {
            number: row.get(0)?,
            at: row.get::<_, Option<i64>>(1)?.map(code::time).transpose()?,
            origin: VersionOrigin::decode(row.get(2)?)?,
            room: code::from_json(&row.get::<_, String>(3)?, "chat_room_versions.room")?,
            raw: Raw(row.get(4)?),
        })
    };
    statement.query_and_then([id.as_str()], read)?.collect()
}

/// Under which id a room was kept that is not on the list any more, and when it was saved last from here.
///
/// # Errors
/// A database that cannot be read.
pub fn former(
    r: &Reader<'_>,
    connection: &ConnectionId,
    external_id: &str,
) -> Result<Option<(KeptRoomId, Option<Time>)>, StoreError> {
    let mut statement = r.conn.prepare_cached(
        "SELECT kept, (SELECT MAX(at) FROM chat_room_versions AS saved WHERE saved.kept = known.kept AND saved.origin <> $1)
         FROM chat_room_versions AS known WHERE connection = $2 AND external_id = $3
         ORDER BY known.id DESC LIMIT 1",
    )?;
    let read = |row: &Row<'_>| -> Result<(KeptRoomId, Option<Time>), StoreError> {
        Ok((KeptRoomId(row.get(0)?), row.get::<_, Option<i64>>(1)?.map(code::time).transpose()?))
    };
    let key = params![VersionOrigin::Imported.code(), connection.as_str(), external_id];
    statement.query_and_then(key, read)?.next().transpose()
}

fn read(row: &Row<'_>) -> Result<KeptRoom, StoreError> {
    Ok(KeptRoom {
        id: KeptRoomId(row.get(0)?),
        connection: ConnectionId(row.get(1)?),
        room: code::from_json(&row.get::<_, String>(2)?, "chat_rooms.room")?,
        raw: Raw(row.get(3)?),
        saved_at: row.get::<_, Option<i64>>(4)?.map(code::time).transpose()?,
        is_test: row.get(5)?,
    })
}
