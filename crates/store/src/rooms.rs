//! Conference rooms, in the order in which their system gives them.

use std::collections::BTreeSet;

use model::conference_room::Room;
use model::{ConnectionId, Raw, RoomId};
use rusqlite::{Row, params};

use crate::{Reader, StoreError, Writer, code, room_overlays, source};

/// In the cache.
pub(crate) const SCHEMA: &str = "
CREATE TABLE rooms (
  id INTEGER PRIMARY KEY,
  source INTEGER NOT NULL,
  external_id TEXT NOT NULL,
  place_in_list INTEGER NOT NULL,
  name TEXT NOT NULL,
  capacity INTEGER,
  place TEXT,
  note TEXT,
  equipment TEXT NOT NULL,
  raw TEXT NOT NULL,
  UNIQUE (source, external_id)
);
";

/// Makes the rooms of a connection what the system says now. Returns how many are new, changed or gone.
///
/// # Errors
/// A connection that is not there, or a database that cannot be written.
pub fn replace(w: &mut Writer<'_>, connection: &ConnectionId, rooms: &[Room]) -> Result<u64, StoreError> {
    let source = source::ensure(w, connection)?;
    let mut seen = BTreeSet::new();
    let mut changed = 0;
    for room in rooms {
        let place = seen.len();
        if seen.insert(room.external_id.as_str()) {
            changed += upsert(w, source, place, room)?;
        }
    }
    let known: Vec<(i64, String)> = {
        let mut statement = w.conn.prepare_cached("SELECT id, external_id FROM rooms WHERE source = $1")?;
        let rows = statement.query_map([source], |row| Ok((row.get(0)?, row.get(1)?)))?;
        rows.collect::<Result<_, _>>()?
    };
    for (row, _) in known.iter().filter(|(_, external_id)| !seen.contains(external_id.as_str())) {
        changed += w.conn.prepare_cached("DELETE FROM rooms WHERE id = $1")?.execute([row])?;
    }
    Ok(changed as u64)
}

fn upsert(w: &mut Writer<'_>, source: i64, place: usize, room: &Room) -> Result<usize, StoreError> {
    let mut statement = w.conn.prepare_cached(
        "INSERT INTO rooms (source, external_id, place_in_list, name, capacity, place, note, equipment, raw)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT (source, external_id) DO UPDATE SET
           place_in_list = excluded.place_in_list, name = excluded.name, capacity = excluded.capacity,
           place = excluded.place, note = excluded.note, equipment = excluded.equipment, raw = excluded.raw
         WHERE rooms.place_in_list <> excluded.place_in_list OR rooms.name <> excluded.name
           OR rooms.capacity IS DISTINCT FROM excluded.capacity OR rooms.place IS DISTINCT FROM excluded.place
           OR rooms.note IS DISTINCT FROM excluded.note OR rooms.equipment <> excluded.equipment
           OR rooms.raw <> excluded.raw",
    )?;
    Ok(statement.execute(params![
        source,
        room.external_id,
        i64::try_from(place).unwrap_or(i64::MAX),
        room.name,
        room.capacity,
        room.place,
        room.note,
        code::to_json(&room.equipment)?,
        room.raw.0,
    ])?)
}

/// Every room with what is said of it here, hidden ones included: those with a place of their own first, then by connection and in
/// their system's order.
///
/// # Errors
/// A database that cannot be read.
pub fn all(r: &Reader<'_>) -> Result<Vec<Room>, StoreError> {
    let said = room_overlays::all(r)?;
    let mut rooms = told(r)?;
    rooms.sort_by_key(|it| said.get(&it.id).and_then(|said| said.order).unwrap_or(u32::MAX));
    Ok(rooms
        .into_iter()
        .map(|it| match said.get(&it.id) {
            Some(said) => said.over(it),
            None => it,
        })
        .collect())
}

/// As [`all`], without those that are hidden here: what boards, calendars and reports show.
///
/// # Errors
/// A database that cannot be read.
pub fn shown(r: &Reader<'_>) -> Result<Vec<Room>, StoreError> {
    let said = room_overlays::all(r)?;
    let mut rooms = all(r)?;
    rooms.retain(|it| said.get(&it.id).is_none_or(|said| !said.is_hidden));
    Ok(rooms)
}

/// Every room as its system tells it, by connection and in its system's order.
///
/// # Errors
/// A database that cannot be read.
pub fn told(r: &Reader<'_>) -> Result<Vec<Room>, StoreError> {
    let mut statement = r.conn.prepare_cached(
        "SELECT s.connection, m.external_id, m.name, m.capacity, m.place, m.note, m.equipment, m.raw
         FROM rooms m JOIN sources s ON s.id = m.source ORDER BY m.source, m.place_in_list",
    )?;
    statement.query_and_then([], read)?.collect()
}

/// Forgets the rooms of a connection.
pub(crate) fn forget(w: &mut Writer<'_>, source: i64) -> Result<(), StoreError> {
    w.conn.prepare_cached("DELETE FROM rooms WHERE source = $1")?.execute([source])?;
    Ok(())
}

fn read(row: &Row<'_>) -> Result<Room, StoreError> {
    let connection = ConnectionId(row.get(0)?);
    let external_id: String = row.get(1)?;
    Ok(Room {
        id: RoomId(format!("{connection}/{external_id}")),
        connection,
        external_id,
        name: row.get(2)?,
        capacity: row.get(3)?,
        place: row.get(4)?,
        note: row.get(5)?,
        equipment: code::from_json(&row.get::<_, String>(6)?, "rooms.equipment")?,
        hours: None,
        raw: Raw(row.get(7)?),
    })
}
