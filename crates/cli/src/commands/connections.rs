//! `connections`.

use std::collections::BTreeMap;
use std::process::ExitCode;

use engine::Console;
use model::about::Origin;
use model::connection::{ConnectionView, NewConnection};
use model::failure::Code;
use model::{Failure, Reason, Secret, SystemId};
use shell::Farewell;

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
        Connections::SignIn { name, no_open } => sign_in(console, &name, !no_open, output).await,
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
    let secrets = input::secrets(&new.secret)?;
    let needs_sign_in = signs_in_later(console, &new.system, &secrets);
    let connection = NewConnection {
        system: SystemId(new.system),
        name: new.name,
        url: new.url,
        settings: input::settings(&new.set)?,
        secrets,
        allow_http: new.allow_http,
    };
    let view = console.connection_add(connection).await?;
    if view.is_plain_http {
        output.progress("Mind: this connection travels unencrypted (http).");
    }
    if needs_sign_in {
        output
            .progress(&format!("Next, sign in with the browser: frontdesk-cli connections sign-in \"{}\"", view.name));
    }
    output.answer(&view, || table(std::slice::from_ref(&view)))
}

/// Whether a connection has nothing to sign in with until somebody does so in the browser.
fn signs_in_later(console: &Console, system: &str, secrets: &BTreeMap<String, Secret>) -> bool {
    let about = console.systems_list().into_iter().find(|about| about.id.as_str() == system);
    about.filter(|about| about.signs_in_by_browser).is_some_and(|about| {
        let mut instead = about.fields.iter().filter(|field| field.origin == Origin::TypedInstead);
        !instead.any(|field| secrets.contains_key(&field.key))
    })
}

async fn sign_in(console: &Console, name: &str, opens: bool, output: Output) -> Result<ExitCode, Failure> {
    let view = console.connection_named(name).await?;
    let farewell =
        Farewell { language: "en".to_owned(), words: "You can close this page and go back to Frontdesk.".to_owned() };
    let outcome = shell::sign_in(console, &view.id, &farewell, |page| {
        output.progress(&format!("Open this page in the browser: {page}"));
        if opens && shell::open_page(page).is_err() {
            output.progress("No browser could be opened from here.");
        }
        Ok(())
    });
    match outcome.await {
        Ok(view) => output.answer(&view, || table(std::slice::from_ref(&view))),
        // The system did nothing wrong: there are no credentials, because nobody gave any.
        Err(failure) if matches!(failure.why().reason, Reason::SignInDeclined | Reason::SignInAbandoned) => {
            output.failure(&failure, Some(&view.name));
            Ok(exit_code(Code::SignedOut))
        }
        Err(failure) => Err(failure),
    }
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
