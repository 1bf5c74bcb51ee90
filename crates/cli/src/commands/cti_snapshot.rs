//! `cti snapshot`, `cti drift` and `cti restore`: every administration record in one file, what became different since, and rows put
//! back through staged changes.

use std::path::Path;
use std::process::ExitCode;

use engine::Console;
use model::export::Exported;
use model::failure::{Code, Problem};
use model::snapshot::{Drift, DriftKind, DriftLeft, DriftPick, DriftRow, RestoreWay, SnapshotSaved, UnreadResource};
use model::staging::{CommitOutcome, CommitReport, FieldChange};
use model::{Failure, Raw, Reason, Time};
use serde::Serialize;
use serde_json::value::RawValue;

use super::exports::{place, put_in_place};
use crate::args::Restore;
use crate::input;
use crate::output::{Output, Table, exit_code, or_dash, raw_json, word};

/// What became different, with the values as JSON.
#[derive(Serialize)]
struct Told<'a> {
    taken_of: &'a str,
    taken_at: Time,
    is_of_another: bool,
    resources: &'a [model::snapshot::DriftResource],
    unread: &'a [UnreadResource],
    rows: Vec<ToldRow<'a>>,
}

#[derive(Serialize)]
struct ToldRow<'a> {
    resource: &'a str,
    key: &'a str,
    kind: DriftKind,
    fields: Vec<ToldField<'a>>,
    way: &'a RestoreWay,
}

#[derive(Serialize)]
struct ToldField<'a> {
    name: &'a str,
    before: Option<Box<RawValue>>,
    after: Option<Box<RawValue>>,
}

/// What was staged, and what became of it where it was committed.
#[derive(Serialize)]
struct Restored<'a> {
    staged: usize,
    left: &'a [DriftLeft],
    committed: Option<&'a CommitReport>,
}

pub(crate) async fn save(console: &Console, out: &Path, connection: &str, output: Output) -> Result<ExitCode, Failure> {
    let id = console.connection_named(connection).await?.id;
    let (folder, name) = place(out, false)?;
    let SnapshotSaved { file, resources, rows, unread } = console.snapshot_save(&id, folder, &name).await?;
    let Exported { file, .. } = put_in_place(Exported { rows, file, replaced: 0 }, out)?;
    say_unread(&unread, output);
    let saved = SnapshotSaved { file, resources, rows, unread };
    output.answer(&saved, || {
        Table::line(format!("{}: {} records of {} resources, without secret values", saved.file, rows, resources))
    })
}

pub(crate) async fn drift(
    console: &Console,
    file: &Path,
    connection: &str,
    output: Output,
) -> Result<ExitCode, Failure> {
    let id = console.connection_named(connection).await?.id;
    let drift = console.snapshot_compare(&id, input::file(file)?).await?;
    say_unread(&drift.unread, output);
    if drift.is_of_another {
        output.progress(&format!("The snapshot was taken of another address: {}.", drift.taken_of));
    }
    for it in drift.resources.iter().filter(|it| it.comes_by_itself && it.added + it.removed > 0) {
        output.progress(&format!("{}: {} came and {} went by themselves.", it.resource, it.added, it.removed));
    }
    let rows = drift.rows.iter().map(told).collect::<Result<Vec<_>, Failure>>()?;
    let Drift { taken_of, taken_at, is_of_another, resources, unread, .. } = &drift;
    let (taken_at, is_of_another) = (*taken_at, *is_of_another);
    output.answer(&Told { taken_of, taken_at, is_of_another, resources, unread, rows }, || {
        let mut table = Table::new(["row", "since then", "fields", "restore"]);
        for it in &drift.rows {
            let fields: Vec<String> = it.fields.iter().map(field).collect();
            table.row([format!("{}/{}", it.resource, it.key), word(&it.kind), fields.join("; "), way(&it.way)]);
        }
        table
    })
}

pub(crate) async fn restore(console: &Console, asked: &Restore, output: Output) -> Result<ExitCode, Failure> {
    let id = console.connection_named(&asked.connection).await?.id;
    let wanted = asked.row.iter().map(|it| pick(it)).collect::<Result<Vec<_>, Failure>>()?;
    let drift = console.snapshot_compare(&id, input::file(&asked.file)?).await?;
    let can = |it: &&DriftRow| matches!(it.way, RestoreWay::Stage { .. });
    let of = |it: &DriftRow| DriftPick { resource: it.resource.clone(), key: it.key.clone() };
    let picks = if asked.all { drift.rows.iter().filter(can).map(of).collect() } else { wanted };
    // Before anything is staged: a row that is not different, or cannot be put back, may be a mistake of whoever wrote it.
    if let Some(wrong) = picks.iter().find(|pick| !drift.rows.iter().filter(can).any(|it| of(it) == **pick)) {
        let known = drift.rows.iter().find(|it| of(it) == *wrong).map(|it| way(&it.way));
        let words = format!("{}/{}: {}", wrong.resource, wrong.key, known.unwrap_or_else(|| "not different".into()));
        return Err(Failure::invalid(Reason::NotUsable, words));
    }
    super::sees_it_through(output);
    let staged = console.drift_stage(&id, &drift.id, &picks).await?;
    let committed = match asked.commit && !staged.staged.is_empty() {
        true => Some(console.stages_commit(&id, &staged.staged, &asked.confirm).await?),
        false => None,
    };
    let answer = Restored { staged: staged.staged.len(), left: &staged.left, committed: committed.as_ref() };
    output.answer(&answer, || match &committed {
        None => Table::line(format!("{} staged; nothing was sent.", staged.staged.len())),
        Some(report) => {
            let mut table = Table::new(["row", "did", "outcome", "detail"]);
            for it in &report.rows {
                let row = format!("{}/{}", it.resource, it.key.as_deref().unwrap_or("?"));
                let (outcome, problem) = outcome(&it.outcome);
                table.row([row, word(&it.kind), outcome.into(), or_dash(problem.map(|it| it.message.as_str()))]);
            }
            table
        }
    })?;
    for it in &staged.left {
        output.progress(&format!("{}/{} was not staged: {}", it.row.resource, it.row.key, it.problem.message));
    }
    Ok(code(committed.as_ref(), &staged.left))
}

/// 4 where nobody knows the outcome of one, 1 where not everything was done.
fn code(report: Option<&CommitReport>, left: &[DriftLeft]) -> ExitCode {
    let rows = report.map(|it| it.rows.as_slice()).unwrap_or_default();
    if rows.iter().any(|it| matches!(it.outcome, CommitOutcome::Unknown { .. })) {
        exit_code(Code::UnknownOutcome)
    } else if left.is_empty() && rows.iter().all(|it| matches!(it.outcome, CommitOutcome::Done { .. })) {
        ExitCode::SUCCESS
    } else {
        exit_code(Code::Refused)
    }
}

fn outcome(outcome: &CommitOutcome) -> (&'static str, Option<&Problem>) {
    match outcome {
        CommitOutcome::Done { .. } => ("done", None),
        CommitOutcome::Conflict => ("conflict", None),
        CommitOutcome::Refused { problem } => ("refused", Some(problem)),
        CommitOutcome::Unknown { problem } => ("unknown", Some(problem)),
        CommitOutcome::NotDone { problem } => ("not done", problem.as_ref()),
    }
}

fn pick(text: &str) -> Result<DriftPick, Failure> {
    let (resource, key) = text.split_once('/').ok_or_else(|| Failure::invalid(Reason::NotUsable, text))?;
    Ok(DriftPick { resource: resource.to_owned(), key: key.to_owned() })
}

fn told(row: &DriftRow) -> Result<ToldRow<'_>, Failure> {
    let json = |raw: &Option<Raw>| raw.as_ref().map(raw_json).transpose();
    let fields = row
        .fields
        .iter()
        .map(|it| Ok(ToldField { name: &it.name, before: json(&it.before)?, after: json(&it.after)? }));
    let fields = fields.collect::<Result<Vec<_>, Failure>>()?;
    Ok(ToldRow { resource: &row.resource, key: &row.key, kind: row.kind, fields, way: &row.way })
}

fn field(it: &FieldChange) -> String {
    let side = |raw: &Option<Raw>| raw.as_ref().map_or_else(String::new, |it| it.0.clone());
    format!("{} {} → {}", it.name, side(&it.before), side(&it.after))
}

/// How a row can be put back, for people.
fn way(way: &RestoreWay) -> String {
    match way {
        RestoreWay::Stage { kind, lacks } if lacks.is_empty() => word(kind),
        RestoreWay::Stage { kind, lacks } => format!("{}, without {}", word(kind), lacks.join(", ")),
        RestoreWay::Forbidden { verb } => format!("not allowed: {}", word(verb)),
        RestoreWay::Reserved => "reserved by the service".to_owned(),
        RestoreWay::NoValue { lacks } => format!("no value in the snapshot: {}", lacks.join(", ")),
        RestoreWay::UnderKey { key } => format!("is there as {key}"),
    }
}

fn say_unread(unread: &[UnreadResource], output: Output) {
    for it in unread {
        output.progress(&format!("{} is left out: {}", it.resource, it.problem.message));
    }
}
