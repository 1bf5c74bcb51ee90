//! `audit`: what was done at systems through this console.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

use engine::Console;
use model::audit::{AuditDifference, AuditEntry, AuditExport, AuditFilter, AuditVerdict};
use model::{Failure, Reason};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::args::{Audit, AuditAsked};
use crate::input;
use crate::output::{Output, Table, local, or_dash, raw_json, word};

/// An entry as it is printed: records as JSON.
#[derive(Serialize)]
struct Shown<'a> {
    number: u64,
    at: model::Time,
    who: &'a str,
    through: &'static str,
    connection: &'a str,
    connection_id: &'a str,
    kind: &'static str,
    subject: &'a str,
    resource: Option<&'a str>,
    key: Option<&'a str>,
    outcome: Option<&'static str>,
    detail: &'a str,
    differences: &'a [AuditDifference],
    before: Option<Box<RawValue>>,
    after: Option<Box<RawValue>>,
    hash: &'a str,
}

pub(crate) async fn run(console: &Console, command: Audit, output: Output) -> Result<ExitCode, Failure> {
    match command {
        Audit::List { asked, limit } => {
            let filter = filter(console, asked).await?;
            let entries = read(console, &filter, limit).await?;
            let shown = entries.iter().map(shown).collect::<Result<Vec<_>, _>>()?;
            output.answer(&shown, || table(&entries))
        }
        Audit::Verify => {
            let verdict = console.audit_verify().await?;
            output.answer(&verdict, || Table::line(words(&verdict)))?;
            Ok(match verdict {
                AuditVerdict::Whole { .. } => ExitCode::SUCCESS,
                AuditVerdict::Broken { .. } => ExitCode::FAILURE,
            })
        }
        Audit::Export { asked, out } => {
            if out.exists() {
                return Err(Failure::invalid(Reason::NameTaken, out.display().to_string()));
            }
            let name = out.file_name().map(|it| it.to_string_lossy().into_owned());
            let name = name.ok_or_else(|| Failure::invalid(Reason::NotUsable, "--out"))?;
            let folder = out.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."));
            let export = AuditExport { filter: filter(console, asked).await?, name, words: BTreeMap::new() };
            let written = console.audit_export(export, folder, shell::wall_clock).await?;
            output.answer(&written, || Table::line(format!("{}: {} entries", written.file, written.rows)))
        }
    }
}

async fn filter(console: &Console, asked: AuditAsked) -> Result<AuditFilter, Failure> {
    let connection = match asked.connection {
        // One that was removed is asked for by its id.
        Some(name) => match console.connection_named(&name).await {
            Ok(known) => Some(known.id),
            Err(_) => Some(name.into()),
        },
        None => None,
    };
    Ok(AuditFilter {
        from: asked.from.as_deref().map(input::time).transpose()?,
        connection,
        only_problems: asked.problems,
        search: asked.search.unwrap_or_default(),
        ..AuditFilter::default()
    })
}

async fn read(console: &Console, filter: &AuditFilter, limit: usize) -> Result<Vec<AuditEntry>, Failure> {
    let (mut entries, mut before) = (Vec::new(), None);
    while entries.len() < limit {
        let page = console.audit_list(filter, before).await?;
        entries.extend(page.entries);
        before = page.next;
        if before.is_none() {
            break;
        }
    }
    entries.truncate(limit);
    Ok(entries)
}

fn shown(it: &AuditEntry) -> Result<Shown<'_>, Failure> {
    let deed = &it.deed;
    Ok(Shown {
        number: it.number,
        at: it.at,
        who: &it.who,
        through: it.through.code(),
        connection: &deed.connection_name,
        connection_id: deed.connection.as_str(),
        kind: deed.kind.code(),
        subject: &deed.subject,
        resource: deed.resource.as_deref(),
        key: deed.key.as_deref(),
        outcome: it.outcome.map(model::audit::AuditOutcome::code),
        detail: &it.detail,
        differences: &it.differences,
        before: deed.before.as_ref().map(raw_json).transpose()?,
        after: deed.after.as_ref().map(raw_json).transpose()?,
        hash: &it.hash,
    })
}

fn table(entries: &[AuditEntry]) -> Table {
    let mut table = Table::new(["NO.", "AT", "WHO", "WHAT", "ON WHAT", "OUTCOME", "DETAIL"]);
    for it in entries {
        table.row([
            it.number.to_string(),
            local(Some(it.at)),
            it.who.clone(),
            format!("{} {}", it.deed.connection_name, word(&it.deed.kind)),
            it.deed.subject.clone(),
            or_dash(it.outcome.map(model::audit::AuditOutcome::code)),
            it.detail.clone(),
        ]);
    }
    table
}

fn words(verdict: &AuditVerdict) -> String {
    match verdict {
        AuditVerdict::Whole { entries: 0, .. } => "The log is empty.".to_owned(),
        AuditVerdict::Whole { entries, since } => {
            format!("{entries} entries since {}, none changed or removed.", local(*since))
        }
        AuditVerdict::Broken { number } => format!(
            "The log was changed: entry {number} is not as it was written, or is missing. Keep the file and ask who has access to it."
        ),
    }
}
