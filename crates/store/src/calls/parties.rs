//! The two sides of calls, lines and notes: each distinct text once, with its words for the search.

use model::call::Party;
use model::phone;
use rusqlite::{OptionalExtension, params};

use super::fingerprint;
use crate::full_text::{self, Words};
use crate::{StoreError, Writer};

/// The row of a side of a call, made at its first use.
pub(super) fn party(w: &mut Writer<'_>, party: &Party) -> Result<i64, StoreError> {
    let name = party.name.as_deref().unwrap_or_default();
    let location = party.location.as_deref().unwrap_or_default();
    let (key, is_e164) = (phone::key(party), party.e164.is_some());
    let digest = fingerprint::of_party(party);
    let known = w
        .conn
        .prepare_cached(
            "SELECT id FROM parties WHERE digest = $1 AND raw = $2 AND name = $3 AND location = $4
               AND number_key IS NOT DISTINCT FROM $5 AND is_e164 = $6",
        )?
        .query_one(params![digest, party.raw, name, location, key, is_e164], |row| row.get(0))
        .optional()?;
    if let Some(row) = known {
        return Ok(row);
    }
    let row = w
        .conn
        .prepare_cached(
            "INSERT INTO parties (digest, raw, name, location, number_key, is_e164)
             VALUES ($1, $2, $3, $4, $5, $6) RETURNING id",
        )?
        .query_one(params![digest, party.raw, name, location, key, is_e164], |row| row.get(0))?;
    let e164 = party.e164.as_deref().unwrap_or_default();
    Words::Party.insert(w, row, &full_text::segments([name], [party.raw.as_str(), e164]))?;
    Ok(row)
}

/// The row of a line's name, made at its first use.
pub(super) fn line(w: &mut Writer<'_>, text: &str) -> Result<i64, StoreError> {
    Ok(text_row(w, "lines", text)?.0)
}

/// The row of a note, made at its first use.
pub(super) fn note(w: &mut Writer<'_>, text: &str) -> Result<i64, StoreError> {
    let (row, is_new) = text_row(w, "notes", text)?;
    if is_new {
        Words::Note.insert(w, row, &full_text::segments([text], []))?;
    }
    Ok(row)
}

fn text_row(w: &mut Writer<'_>, table: &'static str, text: &str) -> Result<(i64, bool), StoreError> {
    let mut find = w.conn.prepare_cached(&format!("SELECT id FROM {table} WHERE text = $1"))?;
    if let Some(row) = find.query_one([text], |row| row.get(0)).optional()? {
        return Ok((row, false));
    }
    let mut insert = w.conn.prepare_cached(&format!("INSERT INTO {table} (text) VALUES ($1) RETURNING id"))?;
    Ok((insert.query_one([text], |row| row.get(0))?, true))
}

/// Forgets texts that no call has any more.
pub(super) fn sweep(w: &mut Writer<'_>) -> Result<(), StoreError> {
    let unused = "SELECT p.id FROM parties p
        WHERE NOT EXISTS (SELECT 1 FROM calls c WHERE c.from_party = p.id)
          AND NOT EXISTS (SELECT 1 FROM calls c WHERE c.to_party = p.id)";
    for row in rows(w, unused)? {
        Words::Party.delete(w, row)?;
        w.conn.prepare_cached("DELETE FROM parties WHERE id = $1")?.execute([row])?;
    }
    let unused = "SELECT n.id FROM notes n WHERE NOT EXISTS (SELECT 1 FROM calls c WHERE c.note = n.id)";
    for row in rows(w, unused)? {
        Words::Note.delete(w, row)?;
        w.conn.prepare_cached("DELETE FROM notes WHERE id = $1")?.execute([row])?;
    }
    w.conn.execute("DELETE FROM lines WHERE id NOT IN (SELECT line FROM calls WHERE line IS NOT NULL)", [])?;
    Ok(())
}

fn rows(w: &Writer<'_>, sql: &str) -> Result<Vec<i64>, StoreError> {
    Ok(w.conn.prepare(sql)?.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?)
}
