//! Where messages can go: the people of a connection that have an address, and the rooms its system lists.

use std::collections::BTreeSet;

use model::ConnectionId;
use model::chat_room::{Destination, DestinationKind};
use model::person::PersonKind;
use rusqlite::{Row, params};

use crate::code::Coded;
use crate::full_text::{self, Needle};
use crate::{Reader, StoreError, Writer, source};

/// In the cache. Holds the rooms; the people are in their own table.
pub(crate) const SCHEMA: &str = "
CREATE TABLE destinations (
  id INTEGER PRIMARY KEY,
  source INTEGER NOT NULL,
  address TEXT NOT NULL,
  kind INTEGER NOT NULL,
  name TEXT NOT NULL,
  detail TEXT NOT NULL,
  folded TEXT NOT NULL,
  UNIQUE (source, address, kind)
);
";

/// How many people are in a room.
pub(crate) const LATER: &str = "ALTER TABLE destinations ADD COLUMN members INTEGER;";

/// Makes the listed destinations of a connection what the system says now. Returns how many are new, changed or gone.
///
/// # Errors
/// A connection that is not there, or a database that cannot be written.
pub fn replace(w: &mut Writer<'_>, connection: &ConnectionId, destinations: &[Destination]) -> Result<u64, StoreError> {
    let source = source::ensure(w, connection)?;
    let mut seen = BTreeSet::new();
    let mut changed = 0;
    for it in destinations {
        if seen.insert((it.address.as_str(), it.kind.code())) {
            changed += upsert(w, source, it)?;
        }
    }
    let known: Vec<(i64, String, i64)> = {
        let mut statement = w.conn.prepare_cached("SELECT id, address, kind FROM destinations WHERE source = $1")?;
        let rows = statement.query_map([source], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        rows.collect::<Result<_, _>>()?
    };
    for (row, _, _) in known.iter().filter(|(_, address, kind)| !seen.contains(&(address.as_str(), *kind))) {
        changed += w.conn.prepare_cached("DELETE FROM destinations WHERE id = $1")?.execute([row])?;
    }
    Ok(changed as u64)
}

fn upsert(w: &mut Writer<'_>, source: i64, it: &Destination) -> Result<usize, StoreError> {
    let segments = full_text::segments([it.name.as_str(), it.address.as_str(), it.detail.as_str()], []);
    let mut statement = w.conn.prepare_cached(
        "INSERT INTO destinations (source, address, kind, name, detail, folded, members)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (source, address, kind) DO UPDATE SET
           name = excluded.name, detail = excluded.detail, folded = excluded.folded, members = excluded.members
         WHERE destinations.name <> excluded.name OR destinations.detail <> excluded.detail
           OR destinations.folded <> excluded.folded OR destinations.members IS DISTINCT FROM excluded.members",
    )?;
    let folded = full_text::join(&segments);
    let values = params![source, it.address, it.kind.code(), it.name, it.detail, folded, it.members];
    Ok(statement.execute(values)?)
}

/// Destinations of this connection whose name, address or detail holds this text, at most `limit`, by name: rooms first, then
/// the active people of its directory with their account name or, where they have none, their e-mail address. One
/// character is enough, and an empty text finds the first of all.
///
/// # Errors
/// A database that cannot be read.
pub fn find(r: &Reader<'_>, connection: &ConnectionId, text: &str, limit: u32) -> Result<Vec<Destination>, StoreError> {
    let Some(source) = source::number(r, connection)? else {
        return Ok(Vec::new());
    };
    let [pattern, digits] = Needle::new(text).map_or_else(|| ["%".to_owned(), "%".to_owned()], |it| it.patterns());
    let mut statement = r.conn.prepare_cached(
        r"SELECT address, name, kind, detail, members FROM (
            SELECT d.address AS address, d.name AS name, d.kind AS kind, d.detail AS detail, d.folded AS folded,
              d.members AS members
            FROM destinations d WHERE d.source = $1
            UNION ALL
            SELECT COALESCE(p.username, p.email), p.name, $2, COALESCE(p.email, p.username, ''), p.folded, NULL
            FROM people p
            WHERE p.source = $1 AND p.is_active AND p.kind IN ($3, $4) AND COALESCE(p.username, p.email, '') <> ''
              AND NOT EXISTS (
                SELECT 1 FROM destinations d
                WHERE d.source = p.source AND d.kind = $2 AND d.address = COALESCE(p.username, p.email))
          ) AS known
          WHERE folded LIKE $5 ESCAPE '\' OR folded LIKE $6 ESCAPE '\'
          ORDER BY kind DESC, name, address LIMIT $7",
    )?;
    let (person, user, guest) = (DestinationKind::Person.code(), PersonKind::User.code(), PersonKind::Guest.code());
    statement.query_and_then(params![source, person, user, guest, pattern, digits, limit], read)?.collect()
}

/// Forgets the destinations of a connection.
pub(crate) fn forget(w: &mut Writer<'_>, source: i64) -> Result<(), StoreError> {
    w.conn.prepare_cached("DELETE FROM destinations WHERE source = $1")?.execute([source])?;
    Ok(())
}

fn read(row: &Row<'_>) -> Result<Destination, StoreError> {
    Ok(Destination {
        address: row.get(0)?,
        name: row.get(1)?,
        kind: Coded::decode(row.get(2)?)?,
        detail: row.get(3)?,
        members: row.get(4)?,
    })
}
