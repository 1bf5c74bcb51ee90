//! What stands at the system where a staged change is to go, and whether somebody else changed the same meanwhile.

use std::collections::HashMap;

use model::event::Table;
use model::ports::{RecordWrites, Records};
use model::record::{FieldConflict, is_secret};
use model::staging::{KeptStage, StageKind};
use model::text::fold;
use model::{Failure, Raw, Reason};

use crate::records::row::{self, Fields, is_nothing, same};
use crate::records::secrets::{digest, is_kept};
use crate::records::staged::of;

/// More rows of one resource than this are looked for in its whole list.
const MOST_BY_THEMSELVES: usize = 8;

/// What was found where a change is to go.
pub(crate) enum Found {
    /// It may go; the row as it is there, none for a new one.
    Free(Option<Fields>),
    /// What it wants is so already.
    Already(Option<Fields>),
    /// Somebody else changed the same.
    Conflict(Fields, Vec<FieldConflict>),
    /// There is no such row.
    Gone,
}

/// What a staged change wants, with the secret values themselves, against what is there.
pub(crate) fn compare(stage: &KeptStage, wanted: &Fields, there: Option<Fields>) -> Found {
    let seen = of(stage.seen.as_ref());
    match (stage.kind, there) {
        (StageKind::Add, _) => Found::Free(None),
        (StageKind::Delete, None) => Found::Already(None),
        (StageKind::Change, None) => Found::Gone,
        (StageKind::Delete, Some(now)) => {
            let names = now.iter().map(|(name, _)| name).chain(seen.iter().map(|(name, _)| name));
            let mut fields: Vec<FieldConflict> = Vec::new();
            for name in names {
                let conflict = conflict(name, seen.get(name), now.get(name), None);
                if !fields.iter().any(|it| it.name == name) {
                    fields.extend(conflict);
                }
            }
            if fields.is_empty() { Found::Free(Some(now)) } else { Found::Conflict(now, fields) }
        }
        (StageKind::Change, Some(now)) => {
            let fields: Vec<_> = wanted
                .iter()
                .filter_map(|(name, value)| conflict(name, seen.get(name), now.get(name), Some(value)))
                .collect();
            let is_so = wanted.iter().all(|(name, value)| same(now.get(name).unwrap_or("null"), value));
            match (fields.is_empty(), is_so) {
                (false, _) => Found::Conflict(now, fields),
                (true, true) => Found::Already(Some(now)),
                (true, false) => Found::Free(Some(now)),
            }
        }
    }
}

/// A field that differs from what was seen, unless what stands there is what is wanted anyway.
fn conflict(name: &str, seen: Option<&str>, now: Option<&str>, wanted: Option<&str>) -> Option<FieldConflict> {
    let (seen, now) = (seen.unwrap_or("null"), now.unwrap_or("null"));
    if is_kept(seen, now) || wanted.is_some_and(|wanted| same(wanted, now)) {
        return None;
    }
    let kept = |value: &str| {
        let is_hidden = is_secret(name) && !is_nothing(value);
        Raw(if is_hidden { digest(value) } else { value.to_owned() })
    };
    Some(FieldConflict {
        name: name.to_owned(),
        seen: Raw(seen.to_owned()),
        now: kept(now),
        wanted: kept(wanted.unwrap_or("null")),
    })
}

/// Checks against the system's own table that a staged change may leave at all; nothing is sent.
///
/// # Errors
/// [`Failure::Invalid`] for what the resource does not allow, and for a new row in which nothing stands.
pub(crate) fn allowed(writes: &dyn RecordWrites, stage: &KeptStage) -> Result<(), Failure> {
    writes.request_line(&stage.resource, stage.kind.verb(), stage.key.as_deref())?;
    let says_something = || of(Some(&stage.fields)).iter().any(|(_, value)| !is_nothing(value));
    if stage.kind == StageKind::Add && !says_something() {
        return Err(Failure::invalid(Reason::Missing, "fields"));
    }
    Ok(())
}

/// The rows that these changes are about, as they are there now, in their order. Many of one resource are read as a list.
///
/// # Errors
/// What the system answers.
pub(crate) async fn rows_now(records: &dyn Records, stages: &[&KeptStage]) -> Result<Vec<Option<Fields>>, Failure> {
    let resources = records.resources();
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for stage in stages.iter().filter(|it| it.key.is_some()) {
        *counts.entry(&stage.resource).or_default() += 1;
    }
    let mut lists: HashMap<&str, HashMap<String, Fields>> = HashMap::new();
    let mut rows = Vec::with_capacity(stages.len());
    for stage in stages {
        let (path, Some(key)) = (stage.resource.as_str(), &stage.key) else {
            rows.push(None);
            continue;
        };
        let is_log = records.shown_as(path).contains(&Table::Calls);
        if counts.get(path).is_none_or(|count| *count <= MOST_BY_THEMSELVES) || is_log {
            rows.push(records.get(path, key).await?.map(|raw| Fields::read(&raw)).transpose()?);
            continue;
        }
        if !lists.contains_key(path) {
            let field = resources.iter().find(|it| it.path == path).map(|it| fold(&it.key)).unwrap_or_default();
            lists.insert(path, by_key(records.list(path).await?, &field));
        }
        rows.push(lists.get(path).and_then(|list| list.get(key)).cloned());
    }
    Ok(rows)
}

pub(crate) fn by_key(rows: Vec<Raw>, field: &str) -> HashMap<String, Fields> {
    let keyed = rows.iter().filter_map(|raw| {
        let fields = Fields::read(raw).ok()?;
        let key = fields.iter().find(|(name, _)| fold(name) == field).map(|(_, value)| row::text(value))?;
        Some((key.trim().to_owned(), fields))
    });
    keyed.collect()
}
