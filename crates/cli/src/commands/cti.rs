//! `cti`: administration resources.

use std::process::ExitCode;

use engine::Console;
use model::{Failure, Raw};

use crate::args::Cti;
use crate::output::{Output, Table, raw_json, word};

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
    }
}

fn table(rows: &[Raw]) -> Table {
    let mut table = Table::new(["record"]);
    for row in rows {
        table.row([row.0.clone()]);
    }
    table
}
