//! Files that a system has and that belong to no message yet, by the delivery that they are meant for. Own data: whether one is there
//! says whether a message can have left.

use model::file::Uploaded;
use model::{DeliveryId, Time};
use rusqlite::{OptionalExtension, params};

use crate::{Reader, StoreError, Writer, code};

/// Own data, with the file that a delivery carries.
pub(crate) const SCHEMA: &str = "
ALTER TABLE deliveries ADD COLUMN file TEXT;
CREATE TABLE uploads (delivery TEXT PRIMARY KEY, place TEXT NOT NULL, file TEXT NOT NULL, at INTEGER NOT NULL);
";

/// Writes down that the file of a delivery is there, in the place of one before. Announces nothing.
///
/// # Errors
/// A database that cannot be written.
pub fn put(w: &mut Writer<'_>, delivery: &DeliveryId, uploaded: &Uploaded) -> Result<(), StoreError> {
    let mut statement = w.conn.prepare_cached(
        "INSERT INTO uploads (delivery, place, file, at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (delivery) DO UPDATE SET place = excluded.place, file = excluded.file, at = excluded.at",
    )?;
    statement.execute(params![delivery.as_str(), uploaded.place, uploaded.file, uploaded.at.millis()])?;
    Ok(())
}

/// The file of a delivery, if it is there.
///
/// # Errors
/// A database that cannot be read.
pub fn get(r: &Reader<'_>, delivery: &DeliveryId) -> Result<Option<Uploaded>, StoreError> {
    let mut statement = r.conn.prepare_cached("SELECT place, file, at FROM uploads WHERE delivery = $1")?;
    let found =
        statement.query_one([delivery.as_str()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).optional()?;
    let Some((place, file, at)) = found else { return Ok(None) };
    Ok(Some(Uploaded { place, file, at: code::time(at)? }))
}

/// Forgets the file of a delivery: the system has it no more.
///
/// # Errors
/// A database that cannot be written.
pub fn remove(w: &mut Writer<'_>, delivery: &DeliveryId) -> Result<(), StoreError> {
    w.conn.prepare_cached("DELETE FROM uploads WHERE delivery = $1")?.execute([delivery.as_str()])?;
    Ok(())
}

/// The paths of files that may still leave: those of deliveries that are not sent and were handed over since `since`, and those of
/// plans.
///
/// # Errors
/// A database that cannot be read.
pub fn wanted(r: &Reader<'_>, since: Time) -> Result<Vec<String>, StoreError> {
    let mut paths = Vec::new();
    let mut statement = r
        .conn
        .prepare_cached("SELECT file FROM deliveries WHERE file IS NOT NULL AND created_at >= $1 AND state <> $2")?;
    let sent = code::Coded::code(model::message::DeliveryState::Sent);
    let rows = statement.query_and_then(params![since.millis(), sent], |row| {
        code::from_json::<model::file::AttachedFile>(&row.get::<_, String>(0)?, "deliveries.file")
    })?;
    for file in rows {
        paths.push(file?.path);
    }
    let planned = crate::planned::all(r)?.into_iter().flat_map(|it| it.drafts);
    paths.extend(planned.filter_map(|draft| draft.file).map(|file| file.path));
    Ok(paths)
}
