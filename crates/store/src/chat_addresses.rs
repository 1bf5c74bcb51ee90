//! Who is behind a user id of a system that cannot list its people. Own data: it comes from files and hands, and nothing can tell it again.

use model::ConnectionId;
use model::chat_room::ChatAddress;
use rusqlite::params;

use crate::{Reader, StoreError, Writer};

/// Everybody of a connection, by reading and name.
///
/// # Errors
/// A database that cannot be read.
pub fn all(r: &Reader<'_>, connection: &ConnectionId) -> Result<Vec<ChatAddress>, StoreError> {
    let mut statement = r.conn.prepare_cached(
        "SELECT uid, name, kana, email, note FROM chat_addresses WHERE connection = $1
         ORDER BY CASE WHEN kana = '' THEN name ELSE kana END, uid",
    )?;
    let rows = statement.query_map([connection.as_str()], |row| {
        Ok(ChatAddress {
            uid: row.get(0)?,
            name: row.get(1)?,
            kana: row.get(2)?,
            email: row.get(3)?,
            note: row.get(4)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Writes people down; who is known already is replaced, except by nothing.
///
/// # Errors
/// A database that cannot be written.
pub fn put(w: &mut Writer<'_>, connection: &ConnectionId, addresses: &[ChatAddress]) -> Result<(), StoreError> {
    let mut statement = w.conn.prepare_cached(
        "INSERT INTO chat_addresses (connection, uid, name, kana, email, note) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (connection, uid) DO UPDATE SET
           name = CASE WHEN excluded.name = '' THEN chat_addresses.name ELSE excluded.name END,
           kana = CASE WHEN excluded.kana = '' THEN chat_addresses.kana ELSE excluded.kana END,
           email = CASE WHEN excluded.email = '' THEN chat_addresses.email ELSE excluded.email END,
           note = CASE WHEN excluded.note = '' THEN chat_addresses.note ELSE excluded.note END",
    )?;
    for it in addresses {
        statement.execute(params![connection.as_str(), it.uid, it.name, it.kana, it.email, it.note])?;
    }
    Ok(())
}

/// Forgets who is behind an id.
///
/// # Errors
/// A database that cannot be written.
pub fn remove(w: &mut Writer<'_>, connection: &ConnectionId, uid: &str) -> Result<(), StoreError> {
    let mut statement = w.conn.prepare_cached("DELETE FROM chat_addresses WHERE connection = $1 AND uid = $2")?;
    statement.execute([connection.as_str(), uid])?;
    Ok(())
}
