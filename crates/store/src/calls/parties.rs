//! The two sides of calls, lines and notes: each distinct text once, with its words for the search.

use std::collections::HashMap;

use model::call::Party;
use model::phone;
use rusqlite::{OptionalExtension, params};

use super::fingerprint;
use crate::full_text::{self, Words};
use crate::{StoreError, Writer};

/// The texts of the calls that are written together. What is new is found by a search only after [`Texts::index`]: the index
/// takes many rows at once for the price of one.
#[derive(Default)]
pub(super) struct Texts {
    parties: HashMap<i64, (Party, i64)>,
    lines: HashMap<String, i64>,
    notes: HashMap<String, i64>,
    new_parties: Vec<(i64, Vec<String>)>,
    new_notes: Vec<(i64, Vec<String>)>,
}

impl Texts {
    /// The row of a side of a call, made at its first use.
    pub(super) fn party(&mut self, w: &mut Writer<'_>, party: &Party) -> Result<i64, StoreError> {
        let digest = fingerprint::of_party(party);
        match self.parties.get(&digest) {
            Some((known, row)) if known == party => return Ok(*row),
            Some(_) | None => {}
        }
        let row = self.find_party(w, party, digest)?;
        self.parties.insert(digest, (party.clone(), row));
        Ok(row)
    }

    fn find_party(&mut self, w: &mut Writer<'_>, party: &Party, digest: i64) -> Result<i64, StoreError> {
        let name = party.name.as_deref().unwrap_or_default();
        let location = party.location.as_deref().unwrap_or_default();
        let (key, is_e164) = (phone::key(party), party.e164.is_some());
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
                "INSERT INTO parties (digest, raw, name, location, number_key, is_e164, shown)
                 VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id",
            )?
            .query_one(params![digest, party.raw, name, location, key, is_e164, phone::shown(party)], |row| {
                row.get(0)
            })?;
        let e164 = party.e164.as_deref().unwrap_or_default();
        self.new_parties.push((row, full_text::segments([name], [party.raw.as_str(), e164])));
        Ok(row)
    }

    /// The row of a line's name, made at its first use.
    pub(super) fn line(&mut self, w: &mut Writer<'_>, text: &str) -> Result<i64, StoreError> {
        if let Some(row) = self.lines.get(text) {
            return Ok(*row);
        }
        let (row, _) = text_row(w, "lines", text)?;
        self.lines.insert(text.to_owned(), row);
        Ok(row)
    }

    /// The row of a note, made at its first use.
    pub(super) fn note(&mut self, w: &mut Writer<'_>, text: &str) -> Result<i64, StoreError> {
        if let Some(row) = self.notes.get(text) {
            return Ok(*row);
        }
        let (row, is_new) = text_row(w, "notes", text)?;
        if is_new {
            self.new_notes.push((row, full_text::segments([text], [])));
        }
        self.notes.insert(text.to_owned(), row);
        Ok(row)
    }

    /// Makes what is new known to the search.
    pub(super) fn index(self, w: &mut Writer<'_>) -> Result<(), StoreError> {
        Words::Party.insert_all(w, &self.new_parties)?;
        Words::Note.insert_all(w, &self.new_notes)
    }
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
