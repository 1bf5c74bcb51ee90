//! What a staged change does to its row, and how it is shown: field by field, never with a secret value.

use model::Raw;
use model::record::{FieldConflict, is_secret};
use model::staging::{Done, FieldChange, KeptDone, KeptStage, StageKind, Staged};

use crate::records::row::{Fields, is_nothing, placeholder};
use crate::records::secrets::{KEPT, NEW, shown, shown_value};

/// A row with what is staged for it, as it may be seen.
pub(crate) fn would_be(row: &Fields, stage: Option<&KeptStage>) -> Fields {
    let before = shown(row, KEPT);
    match stage.filter(|it| it.kind == StageKind::Change) {
        Some(stage) => before.with(&shown(&of(Some(&stage.fields)), NEW)),
        None => before,
    }
}

/// A staged change as the screen shows it.
pub(crate) fn view(stage: &KeptStage) -> Staged {
    let (seen, wanted) = (of(stage.seen.as_ref()), of(Some(&stage.fields)));
    Staged {
        id: stage.id.clone(),
        connection: stage.connection.clone(),
        resource: stage.resource.clone(),
        key: stage.key.clone(),
        kind: stage.kind,
        state: stage.state,
        fields: changes(stage.kind, &seen, &wanted),
        problem: stage.problem.clone(),
        conflict: stage.conflict.iter().map(shown_conflict).collect(),
        puts_back: stage.puts_back.clone(),
        at: stage.at,
    }
}

/// A committed change as the screen shows it.
pub(crate) fn done_view(done: &KeptDone) -> Done {
    let (before, after) = (of(done.before.as_ref()), of(done.after.as_ref()));
    let set = after.iter().filter(|(name, _)| done.kind != StageKind::Change || done.names.iter().any(|it| it == name));
    let set: Fields = set.collect();
    Done {
        id: done.id.clone(),
        resource: done.resource.clone(),
        key: done.key.clone(),
        kind: done.kind,
        fields: changes(done.kind, &before, &set),
        puts_back: done.puts_back.clone(),
        is_put_back: done.is_put_back,
        at: done.at,
    }
}

/// What a change does field by field, secrets replaced.
pub(crate) fn changes(kind: StageKind, before: &Fields, after: &Fields) -> Vec<FieldChange> {
    let value = |name: &str, value: &str, word: &str| {
        Some(Raw(shown_value(name, value, word).unwrap_or_else(|| value.to_owned())))
    };
    let told = |fields: &Fields| -> Vec<(String, String)> {
        fields.iter().filter(|(_, value)| !is_nothing(value)).map(|(a, b)| (a.to_owned(), b.to_owned())).collect()
    };
    let changes: Vec<(String, Option<Raw>, Option<Raw>)> = match kind {
        StageKind::Change => {
            let in_row = before.iter().map(|(name, _)| name).filter(|name| after.get(name).is_some());
            let others = after.iter().map(|(name, _)| name).filter(|name| before.get(name).is_none());
            let change = |name: &str| {
                let (old, new) = (before.get(name).unwrap_or("null"), after.get(name).unwrap_or("null"));
                (name.to_owned(), value(name, old, KEPT), value(name, new, NEW))
            };
            in_row.chain(others).map(change).collect()
        }
        StageKind::Add => told(after).into_iter().map(|(n, v)| (n.clone(), None, value(&n, &v, NEW))).collect(),
        StageKind::Delete => told(before).into_iter().map(|(n, v)| (n.clone(), value(&n, &v, KEPT), None)).collect(),
    };
    let change =
        |(name, before, after): (String, _, _)| FieldChange { is_secret: is_secret(&name), name, before, after };
    changes.into_iter().map(change).collect()
}

/// What two people changed, with secret values told by whose they are.
fn shown_conflict(field: &FieldConflict) -> FieldConflict {
    if !is_secret(&field.name) {
        return field.clone();
    }
    let stands = |value: &Raw, word: &str| {
        if is_nothing(&value.0) { value.clone() } else { Raw(placeholder(word)) }
    };
    FieldConflict {
        name: field.name.clone(),
        seen: stands(&field.seen, KEPT),
        now: stands(&field.now, KEPT),
        wanted: stands(&field.wanted, NEW),
    }
}

/// The members of a row that was kept; what cannot be read has none.
pub(crate) fn of(raw: Option<&Raw>) -> Fields {
    raw.map(Fields::read).transpose().unwrap_or(None).unwrap_or_default()
}
