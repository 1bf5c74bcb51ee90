//! Packed records: untouched JSON and legs, compressed with a dictionary that is learnt from a connection's own records.

use rusqlite::{OptionalExtension, params};
use zstd::bulk::{Compressor, Decompressor};
use zstd::zstd_safe::CParameter;

use crate::{Reader, StoreError, Writer};

/// In the cache. A packed record names the dictionary that unpacks it; none where it was packed by itself.
pub(crate) const SCHEMA: &str = "
CREATE TABLE dictionaries (
  id INTEGER PRIMARY KEY,
  source INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  bytes BLOB NOT NULL
);
CREATE INDEX dictionaries_by_source ON dictionaries (source, kind);
";

/// zstd's quick end. What records share is in the dictionary, so that more effort takes off two bytes of a hundred, and a third of
/// the time of packing.
const LEVEL: i32 = 1;
/// Fewer records than this do not teach a dictionary anything.
const LEAST_SAMPLES: usize = 64;
/// Bytes of a dictionary: enough for the keys, words and addresses that every record of a system repeats.
const DICTIONARY_BYTES: usize = 32 * 1024;
/// More than this many records teach nothing new.
const MOST_SAMPLES: usize = 1000;
/// No record is larger; a packed one that claims more is damaged.
const LARGEST: usize = 64 * 1024 * 1024;

/// What is packed; each kind of each connection has a dictionary of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The system's untouched record.
    Raw = 1,
    /// The legs of a call.
    Legs = 2,
}

/// Packs the records of one connection.
pub(crate) struct Packer {
    compressor: Compressor<'static>,
    /// The row of the dictionary in use.
    pub(crate) dictionary: Option<i64>,
}

impl Packer {
    /// Uses the connection's dictionary, learnt from `samples` where there is none yet and they are enough.
    pub(crate) fn new(
        w: &mut Writer<'_>,
        source: i64,
        kind: Kind,
        samples: impl Iterator<Item = impl AsRef<[u8]>>,
    ) -> Result<Self, StoreError> {
        let known = w
            .conn
            .prepare_cached(
                "SELECT id, bytes FROM dictionaries WHERE source = $1 AND kind = $2 ORDER BY id DESC LIMIT 1",
            )?
            .query_one(params![source, kind as i64], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, Vec<u8>>(1)?)))
            .optional()?;
        let known = match known {
            Some(known) => Some(known),
            None => learn(w, source, kind, samples)?,
        };
        match known {
            None => Ok(Self { compressor: Compressor::new(LEVEL)?, dictionary: None }),
            Some((row, bytes)) => {
                let mut compressor = Compressor::with_dictionary(LEVEL, &bytes)?;
                // The row names the dictionary.
                compressor.set_parameter(CParameter::DictIdFlag(false))?;
                Ok(Self { compressor, dictionary: Some(row) })
            }
        }
    }

    /// Packs one record.
    pub(crate) fn pack(&mut self, record: &[u8]) -> Result<Vec<u8>, StoreError> {
        Ok(self.compressor.compress(record)?)
    }
}

fn learn(
    w: &mut Writer<'_>,
    source: i64,
    kind: Kind,
    samples: impl Iterator<Item = impl AsRef<[u8]>>,
) -> Result<Option<(i64, Vec<u8>)>, StoreError> {
    let samples: Vec<_> = samples.filter(|it| !it.as_ref().is_empty()).take(MOST_SAMPLES).collect();
    if samples.len() < LEAST_SAMPLES {
        return Ok(None);
    }
    // Records that are too small or too much alike teach nothing; then each is packed by itself, and a later batch tries again.
    let Ok(bytes) = zstd::dict::from_samples(&samples, DICTIONARY_BYTES) else {
        return Ok(None);
    };
    let row = w
        .conn
        .prepare_cached("INSERT INTO dictionaries (source, kind, bytes) VALUES ($1, $2, $3) RETURNING id")?
        .query_one(params![source, kind as i64, bytes], |row| row.get(0))?;
    Ok(Some((row, bytes)))
}

/// Unpacks a record with the dictionary that its row names.
pub(crate) fn unpack(r: &Reader<'_>, dictionary: Option<i64>, packed: &[u8]) -> Result<Vec<u8>, StoreError> {
    let bytes: Option<Vec<u8>> = match dictionary {
        None => None,
        Some(row) => Some(
            r.conn
                .prepare_cached("SELECT bytes FROM dictionaries WHERE id = $1")?
                .query_one([row], |row| row.get(0))?,
        ),
    };
    let mut decompressor = match &bytes {
        Some(bytes) => Decompressor::with_dictionary(bytes)?,
        None => Decompressor::new()?,
    };
    let size = zstd::zstd_safe::get_frame_content_size(packed).ok().flatten();
    let size = size.and_then(|it| usize::try_from(it).ok()).filter(|it| *it <= LARGEST);
    Ok(decompressor.decompress(packed, size.ok_or(StoreError::damaged("a packed record"))?)?)
}

/// Forgets what was learnt of a connection, after its records are gone.
pub(crate) fn forget(w: &mut Writer<'_>, source: i64) -> Result<(), StoreError> {
    w.conn.prepare_cached("DELETE FROM dictionaries WHERE source = $1")?.execute([source])?;
    Ok(())
}
