//! People, and what looks like people, of every system that has a directory.

use std::collections::{BTreeSet, HashMap};

use model::person::Person;
use model::{ConnectionId, PersonId};
use rusqlite::{Row, params};

use crate::code::{self, Coded};
use crate::full_text::{self, Needle};
use crate::{Reader, StoreError, Writer, source};

/// In the cache. `folded` is what a search looks through; the table is small enough for that.
pub(crate) const SCHEMA: &str = "
CREATE TABLE people (
  id INTEGER PRIMARY KEY,
  source INTEGER NOT NULL,
  external_id TEXT NOT NULL,
  name TEXT NOT NULL,
  email TEXT,
  username TEXT,
  numbers TEXT NOT NULL,
  extension TEXT,
  kind INTEGER NOT NULL,
  is_active INTEGER NOT NULL,
  folded TEXT NOT NULL,
  UNIQUE (source, external_id)
);
";

/// In the cache, later: the name of whoever this entry is, where other directories name them, and what a search by it looks through.
/// Both are empty where this entry names itself.
pub(crate) const CALLED: &str = "
ALTER TABLE people ADD COLUMN called TEXT;
ALTER TABLE people ADD COLUMN called_folded TEXT;
";

const SELECT: &str =
    "SELECT s.connection, p.external_id, p.name, p.email, p.username, p.numbers, p.extension, p.kind, p.is_active
  FROM people p JOIN sources s ON s.id = p.source";

/// Makes the directory of a connection what the system says now. Returns how many entries are new, changed or gone.
///
/// # Errors
/// A connection that is not there, or a database that cannot be written.
pub fn replace(w: &mut Writer<'_>, connection: &ConnectionId, people: &[Person]) -> Result<u64, StoreError> {
    let source = source::ensure(w, connection)?;
    let mut seen = BTreeSet::new();
    let mut changed = 0;
    for person in people {
        if seen.insert(person.external_id.as_str()) {
            changed += upsert(w, source, person)?;
        }
    }
    let known: Vec<(i64, String)> = {
        let mut statement = w.conn.prepare_cached("SELECT id, external_id FROM people WHERE source = $1")?;
        let rows = statement.query_map([source], |row| Ok((row.get(0)?, row.get(1)?)))?;
        rows.collect::<Result<_, _>>()?
    };
    for (row, _) in known.iter().filter(|(_, external_id)| !seen.contains(external_id.as_str())) {
        changed += w.conn.prepare_cached("DELETE FROM people WHERE id = $1")?.execute([row])?;
    }
    Ok(changed as u64)
}

fn upsert(w: &mut Writer<'_>, source: i64, person: &Person) -> Result<usize, StoreError> {
    let mut statement = w.conn.prepare_cached(
        "INSERT INTO people (source, external_id, name, email, username, numbers, extension, kind, is_active, folded)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         ON CONFLICT (source, external_id) DO UPDATE SET
           name = excluded.name, email = excluded.email, username = excluded.username, numbers = excluded.numbers,
           extension = excluded.extension, kind = excluded.kind, is_active = excluded.is_active, folded = excluded.folded
         WHERE people.name <> excluded.name OR people.email IS DISTINCT FROM excluded.email
           OR people.username IS DISTINCT FROM excluded.username OR people.numbers <> excluded.numbers
           OR people.extension IS DISTINCT FROM excluded.extension OR people.kind <> excluded.kind
           OR people.is_active <> excluded.is_active OR people.folded <> excluded.folded",
    )?;
    Ok(statement.execute(params![
        source,
        person.external_id,
        person.name,
        person.email,
        person.username,
        code::to_json(&person.numbers)?,
        person.extension,
        person.kind.code(),
        person.is_active,
        full_text::join(&segments(person)),
    ])?)
}

fn segments(person: &Person) -> Vec<String> {
    let words = [Some(&person.name), person.email.as_ref(), person.username.as_ref()];
    let numbers = person.numbers.iter().chain(&person.extension);
    full_text::segments(words.into_iter().flatten().map(String::as_str), numbers.map(String::as_str))
}

/// Makes these the names under which entries are shown where a call or a list names a colleague; every other entry is shown under
/// its own.
///
/// # Errors
/// A database that cannot be read or written.
pub fn call(w: &mut Writer<'_>, names: &HashMap<PersonId, String>) -> Result<(), StoreError> {
    let entries: Vec<(i64, PersonId, Option<String>)> = {
        let mut statement = w.conn.prepare_cached(
            "SELECT p.id, s.connection, p.external_id, p.called FROM people p JOIN sources s ON s.id = p.source",
        )?;
        let id = |row: &Row<'_>| -> rusqlite::Result<_> {
            Ok(PersonId(format!("{}/{}", row.get::<_, String>(1)?, row.get::<_, String>(2)?)))
        };
        let rows = statement.query_map([], |row| Ok((row.get(0)?, id(row)?, row.get(3)?)))?;
        rows.collect::<Result<_, _>>()?
    };
    let mut statement = w.conn.prepare_cached("UPDATE people SET called = $1, called_folded = $2 WHERE id = $3")?;
    for (row, id, before) in entries {
        let called = names.get(&id);
        if called != before.as_ref() {
            let folded = called.map(|name| full_text::join(&full_text::segments([name.as_str()], [])));
            statement.execute(params![called, folded, row])?;
        }
    }
    Ok(())
}

/// Everybody, by connection and name.
///
/// # Errors
/// A database that cannot be read.
pub fn all(r: &Reader<'_>) -> Result<Vec<Person>, StoreError> {
    let mut statement = r.conn.prepare_cached(&format!("{SELECT} ORDER BY p.source, p.name, p.external_id"))?;
    statement.query_and_then([], read)?.collect()
}

/// Everybody whose name, address, account or number holds this text, by connection and name. An empty text finds everybody.
///
/// # Errors
/// A database that cannot be read.
pub fn find(r: &Reader<'_>, text: &str) -> Result<Vec<Person>, StoreError> {
    let Some(needle) = Needle::new(text) else {
        return all(r);
    };
    let mut statement = r.conn.prepare_cached(&format!(
        r"{SELECT} WHERE p.folded LIKE $1 ESCAPE '\' OR p.folded LIKE $2 ESCAPE '\' ORDER BY p.source, p.name, p.external_id"
    ))?;
    statement.query_and_then(needle.patterns(), read)?.collect()
}

/// Forgets the directory of a connection.
pub(crate) fn forget(w: &mut Writer<'_>, source: i64) -> Result<(), StoreError> {
    w.conn.prepare_cached("DELETE FROM people WHERE source = $1")?.execute([source])?;
    Ok(())
}

fn read(row: &Row<'_>) -> Result<Person, StoreError> {
    let connection = ConnectionId(row.get(0)?);
    let external_id: String = row.get(1)?;
    Ok(Person {
        id: PersonId(format!("{connection}/{external_id}")),
        connection,
        external_id,
        name: row.get(2)?,
        email: row.get(3)?,
        username: row.get(4)?,
        numbers: code::from_json(&row.get::<_, String>(5)?, "people.numbers")?,
        extension: row.get(6)?,
        kind: Coded::decode(row.get(7)?)?,
        is_active: row.get(8)?,
    })
}
