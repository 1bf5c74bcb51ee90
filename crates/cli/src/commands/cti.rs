//! `cti`: administration resources.

use std::process::ExitCode;

use engine::Console;
use model::record::{Created, RowChange, Updated};
use model::{Failure, Raw};
use serde::Serialize;
use serde_json::value::RawValue;

use super::cti_snapshot;
use crate::args::Cti;
use crate::input;
use crate::output::{Output, Table, raw_json, word};

/// A row that was made, with its record as JSON.
#[derive(Serialize)]
struct Made<'a> {
    key: Option<&'a str>,
    row: Option<Box<RawValue>>,
}

pub(crate) async fn run(console: &Console, command: Cti, output: Output) -> Result<ExitCode, Failure> {
    match command {
        Cti::Resources { connection } => {
            let id = console.connection_named(&connection).await?.id;
            let all = console.records_resources(&id).await?;
            output.answer(&all, || {
                let mut table = Table::new(["resource", "name", "key", "allows"]);
                for it in &all {
                    let verbs: Vec<String> = it.verbs.iter().map(word).collect();
                    table.row([it.path.clone(), it.name.clone(), it.key.clone(), verbs.join(" ")]);
                }
                table
            })
        }
        Cti::List { resource, connection } => {
            let id = console.connection_named(&connection).await?.id;
            let rows = console.records_list(&id, &resource).await?;
            let answer = rows.iter().map(raw_json).collect::<Result<Vec<_>, _>>()?;
            output.answer(&answer, || table(&rows))
        }
        Cti::Get { resource, key, connection } => {
            let id = console.connection_named(&connection).await?.id;
            let row = console.records_get(&id, &resource, &key).await?;
            output.answer(&raw_json(&row)?, || table(std::slice::from_ref(&row)))
        }
        Cti::Create { resource, file, connection } => {
            let id = console.connection_named(&connection).await?.id;
            let row = input::object(&file)?;
            super::sees_it_through(output);
            created(&console.records_create(&id, &resource, &row).await?, output)
        }
        Cti::Update { resource, key, file, seen, connection } => {
            let id = console.connection_named(&connection).await?.id;
            let seen = seen.as_deref().map(input::object).transpose()?;
            let change = RowChange { fields: input::object(&file)?, seen };
            super::sees_it_through(output);
            match console.records_update(&id, &resource, &key, &change).await? {
                Updated::Done(row) => output.answer(&raw_json(&row)?, || table(std::slice::from_ref(&row))),
                Updated::Conflict(conflict) => output.conflict(&conflict, Some(&connection)),
            }
        }
        Cti::Snapshot { out, connection } => cti_snapshot::save(console, &out, &connection, output).await,
        Cti::Drift { file, connection } => cti_snapshot::drift(console, &file, &connection, output).await,
        Cti::Restore(restore) => cti_snapshot::restore(console, &restore, output).await,
        Cti::Delete { resource, key, connection } => {
            let id = console.connection_named(&connection).await?.id;
            super::sees_it_through(output);
            console.records_delete(&id, &resource, &key).await?;
            let gone = serde_json::json!({ "resource": resource, "key": key });
            output.answer(&gone, || Table::line(format!("{resource}/{key} is removed.")))
        }
    }
}

fn created(made: &Created, output: Output) -> Result<ExitCode, Failure> {
    if made.key.is_none() {
        output.progress("The row was made, but others made equal ones at the same time: nobody can tell which is yours. Look at the list.");
    }
    let answer = Made { key: made.key.as_deref(), row: made.row.as_ref().map(raw_json).transpose()? };
    output.answer(&answer, || table(made.row.as_slice()))
}

fn table(rows: &[Raw]) -> Table {
    let mut table = Table::new(["record"]);
    for row in rows {
        table.row([row.0.clone()]);
    }
    table
}
