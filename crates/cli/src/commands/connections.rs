//! `connections`.

use std::process::ExitCode;

use engine::Console;
use model::connection::{ConnectionView, NewConnection};
use model::{Failure, Reason, SystemId};

use crate::args::{AddConnection, Connections};
use crate::input;
use crate::output::{Output, Table, exit_code, local, word};

pub(crate) async fn run(console: &Console, command: Connections, output: Output) -> Result<ExitCode, Failure> {
    match command {
        Connections::Add(new) => add(console, new, output).await,
        Connections::List => {
            let all = console.connections_list().await?;
            output.answer(&all, || table(&all))
        }
        Connections::Test { name } => test(console, &name, output).await,
        Connections::Remove { name } => {
            let view = console.connection_named(&name).await?;
            console.connection_remove(&view.id).await?;
            output.answer(&view, || {
                Table::line(format!("{} is removed, with its secrets and its cached data.", view.name))
            })
        }
    }
}

async fn add(console: &Console, new: AddConnection, output: Output) -> Result<ExitCode, Failure> {
    let known: Vec<String> = console.systems_list().into_iter().map(|about| about.id.0).collect();
    if !known.contains(&new.system) {
        return Err(Failure::invalid(Reason::NoSuchThing, format!("{}; {}", new.system, known.join(", "))));
    }
    let connection = NewConnection {
        system: SystemId(new.system),
        name: new.name,
        url: new.url,
        settings: input::settings(&new.set)?,
        secrets: input::secrets(&new.secret)?,
        allow_http: new.allow_http,
    };
    let view = console.connection_add(connection).await?;
    if view.is_plain_http {
        output.progress("Mind: this connection travels unencrypted (http).");
    }
    output.answer(&view, || table(std::slice::from_ref(&view)))
}

async fn test(console: &Console, name: &str, output: Output) -> Result<ExitCode, Failure> {
    let view = console.connection_named(name).await?;
    let check_up = console.connection_test(&view.id).await?;
    let problem = check_up.steps.iter().find_map(|step| step.problem.as_ref());
    output.answer(&check_up, || {
        let mut table = Table::new(["step", "found"]);
        for step in &check_up.steps {
            let found = step.problem.as_ref().map_or_else(|| step.found.clone(), |problem| problem.message.clone());
            table.row([word(&step.what), if found.is_empty() { "ok".to_owned() } else { found }]);
        }
        table
    })?;
    Ok(problem.map_or(ExitCode::SUCCESS, |problem| exit_code(problem.code)))
}

fn table(connections: &[ConnectionView]) -> Table {
    let mut table = Table::new(["name", "system", "address", "state", "last answer"]);
    for it in connections {
        table.row([it.name.clone(), it.system.0.clone(), it.url.clone(), word(&it.state), local(it.last_ok_at)]);
    }
    table
}
