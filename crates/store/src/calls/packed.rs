//! What is large of a call, packed beside its row: the untouched record and the legs.

use model::call::{Leg, SeenCall};
use rusqlite::params;

use crate::code::{self, Coded};
use crate::pack::{Kind, Packer};
use crate::{StoreError, Writer};

/// Packs the records and legs of a batch.
pub(super) struct Packers {
    raw: Packer,
    legs: Packer,
}

impl Packers {
    pub(super) fn new(w: &mut Writer<'_>, source: i64, calls: &[SeenCall]) -> Result<Self, StoreError> {
        Ok(Self {
            raw: Packer::new(w, source, Kind::Raw, calls.iter().map(|call| call.raw.0.as_bytes()))?,
            legs: Packer::new(w, source, Kind::Legs, calls.iter().filter_map(|call| legs_text(&call.legs).ok()))?,
        })
    }

    pub(super) fn put(
        &mut self,
        w: &mut Writer<'_>,
        (row, is_new): (i64, bool),
        call: &SeenCall,
    ) -> Result<(), StoreError> {
        put_packed(w, "call_raw", row, &mut self.raw, call.raw.0.as_bytes())?;
        let legs = legs_text(&call.legs)?;
        if legs.is_empty() {
            if !is_new {
                w.conn.prepare_cached("DELETE FROM call_legs WHERE call = $1")?.execute([row])?;
            }
            return Ok(());
        }
        put_packed(w, "call_legs", row, &mut self.legs, legs.as_bytes())
    }
}

fn put_packed(
    w: &mut Writer<'_>,
    table: &'static str,
    row: i64,
    packer: &mut Packer,
    record: &[u8],
) -> Result<(), StoreError> {
    let packed = packer.pack(record)?;
    let mut statement = w.conn.prepare_cached(&format!(
        "INSERT INTO {table} (call, dictionary, packed) VALUES ($1, $2, $3)
         ON CONFLICT (call) DO UPDATE SET dictionary = excluded.dictionary, packed = excluded.packed"
    ))?;
    statement.execute(params![row, packer.dictionary, packed])?;
    Ok(())
}

/// A leg without the names of its fields: begin, seconds, name, outcome, extension, kind, master.
pub(super) type PackedLeg = (Option<i64>, Option<u32>, String, i64, Option<String>, String, bool);

fn legs_text(legs: &[Leg]) -> Result<String, StoreError> {
    if legs.is_empty() {
        return Ok(String::new());
    }
    let legs: Vec<PackedLeg> = legs
        .iter()
        .map(|it| {
            let begin = it.started_at.map(model::Time::millis);
            let (name, extension, kind) = (it.name.clone(), it.extension_id.clone(), it.kind.clone());
            (begin, it.duration_seconds, name, it.outcome.code(), extension, kind, it.is_master)
        })
        .collect();
    code::to_json(&legs)
}
