//! The log of every write that went out through this console: only ever added to, each row bearing the digest of the one before. Own data.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use model::audit::{
    AuditEntry, AuditFilter, AuditOutcome, AuditPage, AuditVerdict, Deed, Through, differences, way_back,
};
use model::text::fold;
use model::{DoneId, Raw, Time};
use rusqlite::{OptionalExtension, params};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{Reader, StoreError, Writer, code, settings};

/// Own data. A row is a deed or, where `settles` is given, what became of one. `settles` says again what stands in the body, for
/// finding it. The triggers keep this program itself from changing the past; whoever writes the file without it is found by the digests.
pub(crate) const SCHEMA: &str = "
CREATE TABLE audit (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  settles INTEGER,
  body TEXT NOT NULL,
  hash TEXT NOT NULL
);
CREATE UNIQUE INDEX audit_settles ON audit (settles) WHERE settles IS NOT NULL;
CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'only ever added to'); END;
CREATE TRIGGER audit_is_not_removed BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'only ever added to'); END;
";

/// What a row says, as JSON.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Body {
    /// Something is about to be done, or was done at once.
    Deed {
        at: Time,
        who: String,
        through: Through,
        deed: Box<Deed>,
        /// Where it is known at once.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        end: Option<End>,
    },
    /// What became of an earlier one.
    End { settles: u64, at: Time, end: End },
}

/// What became of a deed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct End {
    /// How it ended.
    pub outcome: AuditOutcome,
    /// The system's id or words.
    pub detail: String,
    /// The key of a row, where it is known only now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// The record as the system has it now, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Raw>,
}

/// Writes down that something is about to be done, or with its end that it was; its number.
///
/// # Errors
/// A database that cannot be written.
pub fn append(w: &mut Writer<'_>, deed: Deed, at: Time, end: Option<End>) -> Result<u64, StoreError> {
    let who = settings::get(w)?.who;
    add(w, None, &Body::Deed { at, who, through: w.through(), deed: Box::new(deed), end })
}

/// Writes down what became of a deed; a second time changes nothing.
///
/// # Errors
/// A database that cannot be written.
pub fn settle(w: &mut Writer<'_>, number: u64, at: Time, end: End) -> Result<(), StoreError> {
    let known: bool = w
        .conn
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM audit WHERE settles = $1)")?
        .query_one([number.cast_signed()], |row| row.get(0))?;
    if !known {
        add(w, Some(number), &Body::End { settles: number, at, end })?;
    }
    Ok(())
}

fn add(w: &mut Writer<'_>, settles: Option<u64>, body: &Body) -> Result<u64, StoreError> {
    let last = last(w)?;
    let number = last.as_ref().map_or(1, |(number, _)| number + 1);
    let text = code::to_json(body)?;
    let hash = digest(last.as_ref().map_or("", |(_, hash)| hash), number, &text);
    w.conn
        .prepare_cached("INSERT INTO audit (number, settles, body, hash) VALUES ($1, $2, $3, $4)")?
        .execute(params![number.cast_signed(), settles.map(u64::cast_signed), text, hash])?;
    Ok(number)
}

/// Number and digest of the last row.
fn last(r: &Reader<'_>) -> Result<Option<(u64, String)>, StoreError> {
    let mut statement = r.conn.prepare_cached("SELECT number, hash FROM audit ORDER BY number DESC LIMIT 1")?;
    let row = statement.query_one([], |row| Ok((row.get::<_, i64>(0)?, row.get(1)?))).optional()?;
    Ok(row.map(|(number, hash)| (number.cast_unsigned(), hash)))
}

/// SHA-256 over the digest before, the number and the words, each on a line of its own.
fn digest(before: &str, number: u64, body: &str) -> String {
    sha256(&format!("{before}\n{number}\n{body}"))
}

/// SHA-256 in hexadecimal.
pub(crate) fn sha256(text: &str) -> String {
    let bytes = Sha256::digest(text);
    bytes.iter().fold(String::with_capacity(64), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// At most `limit` entries of a filter before one, newest first; from the newest on for `None`.
///
/// # Errors
/// A database that cannot be read.
pub fn page(r: &Reader<'_>, filter: &AuditFilter, before: Option<u64>, limit: usize) -> Result<AuditPage, StoreError> {
    let total: i64 =
        r.conn.prepare_cached("SELECT COUNT(*) FROM audit WHERE settles IS NULL")?.query_one([], |row| row.get(0))?;
    let mut statement = r.conn.prepare_cached(
        "SELECT deed.number, deed.body, deed.hash, later.body FROM audit AS deed
         LEFT JOIN audit AS later ON later.settles = deed.number
         WHERE deed.settles IS NULL AND deed.number < $1 ORDER BY deed.number DESC",
    )?;
    let (words, taken_back) = (fold(&filter.search), taken_back(r)?);
    let mut rows = statement.query([before.map_or(i64::MAX, u64::cast_signed)])?;
    let mut entries = Vec::new();
    let mut next = None;
    while let Some(row) = rows.next()? {
        let later: Option<String> = row.get(3)?;
        let (body, hash): (String, String) = (row.get(1)?, row.get(2)?);
        let entry = entry(row.get::<_, i64>(0)?.cast_unsigned(), &body, hash, later.as_deref(), &taken_back)?;
        if filter.from.is_some_and(|from| entry.at < from) {
            break;
        }
        if !is_meant(filter, &words, &entry, &body) {
            continue;
        }
        if entries.len() == limit {
            next = entries.last().map(|it: &AuditEntry| it.number);
            break;
        }
        entries.push(entry);
    }
    Ok(AuditPage { entries, next, total: total.cast_unsigned() })
}

/// One entry; `None` where there is none of this number.
///
/// # Errors
/// A database that cannot be read.
pub fn get(r: &Reader<'_>, number: u64) -> Result<Option<AuditEntry>, StoreError> {
    let mut statement = r.conn.prepare_cached(
        "SELECT deed.body, deed.hash, later.body FROM audit AS deed
         LEFT JOIN audit AS later ON later.settles = deed.number WHERE deed.number = $1 AND deed.settles IS NULL",
    )?;
    type Found = (String, String, Option<String>);
    let found: Option<Found> =
        statement.query_one([number.cast_signed()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).optional()?;
    let taken_back = taken_back(r)?;
    found.map(|(body, hash, later)| entry(number, &body, hash, later.as_deref(), &taken_back)).transpose()
}

/// The number of the entry of a committed change; `None` where there is none.
///
/// # Errors
/// A database that cannot be read.
pub fn number_of(r: &Reader<'_>, done: &DoneId) -> Result<Option<u64>, StoreError> {
    let sql = "SELECT number FROM audit WHERE settles IS NULL AND instr(body, $1) > 0 ORDER BY number DESC LIMIT 1";
    let words = format!("\"done\":{}", code::to_json(done)?);
    let number = r.conn.prepare_cached(sql)?.query_one([words], |row| row.get::<_, i64>(0)).optional()?;
    Ok(number.map(i64::cast_unsigned))
}

/// The entries that another write took back, or may have: every one of which is not known that nothing was written.
fn taken_back(r: &Reader<'_>) -> Result<BTreeSet<u64>, StoreError> {
    let mut statement = r.conn.prepare_cached(
        "SELECT deed.body, later.body FROM audit AS deed LEFT JOIN audit AS later ON later.settles = deed.number
         WHERE deed.settles IS NULL AND instr(deed.body, '\"puts_back\":') > 0",
    )?;
    let mut rows = statement.query([])?;
    let mut found = BTreeSet::new();
    while let Some(row) = rows.next()? {
        let (body, later): (String, Option<String>) = (row.get(0)?, row.get(1)?);
        let Body::Deed { deed, .. } = code::from_json(&body, "audit.body")? else { continue };
        let ended = later.map(|text| code::from_json(&text, "audit.body")).transpose()?;
        let is_refused = matches!(&ended, Some(Body::End { end, .. }) if end.outcome == AuditOutcome::Refused);
        found.extend(deed.puts_back.filter(|_| !is_refused));
    }
    Ok(found)
}

fn entry(
    number: u64,
    body: &str,
    hash: String,
    later: Option<&str>,
    taken_back: &BTreeSet<u64>,
) -> Result<AuditEntry, StoreError> {
    let Body::Deed { at, who, through, deed, end } = code::from_json(body, "audit.body")? else {
        return Err(StoreError::damaged("audit.body"));
    };
    let mut deed = *deed;
    let end = match later.map(|text| code::from_json(text, "audit.body")).transpose()? {
        Some(Body::End { end, .. }) => Some(end),
        Some(Body::Deed { .. }) | None => end,
    };
    let outcome = end.as_ref().map(|it| it.outcome);
    let detail = end.as_ref().map_or_else(String::new, |it| it.detail.clone());
    if let Some(end) = end {
        deed.key = end.key.or(deed.key);
        deed.after = end.after.or(deed.after);
    }
    let differences = differences(deed.before.as_ref(), deed.after.as_ref());
    let is_put_back = taken_back.contains(&number);
    let can_put_back = !is_put_back && way_back(&deed, outcome).is_some();
    Ok(AuditEntry { number, at, who, through, deed, outcome, detail, differences, can_put_back, is_put_back, hash })
}

fn is_meant(filter: &AuditFilter, words: &str, entry: &AuditEntry, body: &str) -> bool {
    let deed = &entry.deed;
    filter.connection.as_ref().is_none_or(|it| *it == deed.connection)
        && (filter.kinds.is_empty() || filter.kinds.contains(&deed.kind))
        && filter.through.is_none_or(|it| it == entry.through)
        && !(filter.only_problems && entry.outcome == Some(AuditOutcome::Done))
        && (words.is_empty() || fold(body).contains(words) || fold(&entry.detail).contains(words))
}

/// Goes through the whole log and says whether every row follows from the one before, to the last that was ever written.
///
/// # Errors
/// A database that cannot be read.
pub fn verify(r: &Reader<'_>) -> Result<AuditVerdict, StoreError> {
    let mut statement = r.conn.prepare("SELECT number, settles, body, hash FROM audit ORDER BY number")?;
    let mut rows = statement.query([])?;
    let (mut before, mut expected, mut since) = (String::new(), 1, None);
    while let Some(row) = rows.next()? {
        let (settles, body): (Option<i64>, String) = (row.get(1)?, row.get(2)?);
        let hash: String = row.get(3)?;
        let read: Option<Body> = serde_json::from_str(&body).ok();
        let said = match &read {
            Some(Body::End { settles, .. }) => Some(settles.cast_signed()),
            Some(Body::Deed { .. }) | None => None,
        };
        let fits = row.get::<_, i64>(0)?.cast_unsigned() == expected
            && read.is_some()
            && said == settles
            && digest(&before, expected, &body) == hash;
        if !fits {
            return Ok(AuditVerdict::Broken { number: expected });
        }
        if let (None, Some(Body::Deed { at, .. })) = (since, &read) {
            since = Some(*at);
        }
        before = hash;
        expected += 1;
    }
    // SQLite remembers the last number that it gave, also where the rows at the end are gone.
    let given: Option<i64> = r
        .conn
        .prepare("SELECT seq FROM sqlite_sequence WHERE name = 'audit'")?
        .query_one([], |row| row.get(0))
        .optional()?;
    if given.unwrap_or(0).cast_unsigned() != expected - 1 {
        return Ok(AuditVerdict::Broken { number: expected });
    }
    Ok(AuditVerdict::Whole { entries: expected - 1, since })
}
