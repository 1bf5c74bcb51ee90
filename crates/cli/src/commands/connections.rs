//! `connections`.

use std::collections::BTreeMap;
use std::process::ExitCode;

use engine::Console;
use model::about::Origin;
use model::connection::{ConnectionView, NewConnection};
use model::failure::Code;
use model::sign_in::{CodeMethod, Credentials, GivenCode, SignInAnswer};
use model::{Failure, Reason, Secret, SystemId, Why};
use shell::Farewell;

use crate::args::{AddConnection, Connections, SignIn};
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
        Connections::SignIn(how) => sign_in(console, how, output).await,
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
    if let Some(arguments) = needs_sign_in {
        output.progress(&format!("Next, sign in: frontdesk-cli connections sign-in \"{}\"{arguments}", view.name));
    }
    output.answer(&view, || table(std::slice::from_ref(&view)))
}

/// With which arguments somebody has to sign in before a connection works; `None` where a key was given instead.
fn signs_in_later(console: &Console, system: &str, secrets: &BTreeMap<String, Secret>) -> Option<&'static str> {
    let about = console.systems_list().into_iter().find(|about| about.id.as_str() == system && about.signs_in())?;
    let mut instead = about.fields.iter().filter(|field| field.origin == Origin::TypedInstead);
    let is_given = instead.any(|field| secrets.contains_key(&field.key));
    let arguments = if about.signs_in_by_browser { "" } else { " --user NAME --secret password" };
    (!is_given).then_some(arguments)
}

/// With what the system takes: its own page, or a user name and a password.
async fn sign_in(console: &Console, how: SignIn, output: Output) -> Result<ExitCode, Failure> {
    let view = console.connection_named(&how.name).await?;
    let about = console.systems_list().into_iter().find(|about| about.id == view.system);
    match how.user {
        None if about.is_some_and(|about| about.signs_in_by_password && !about.signs_in_by_browser) => {
            Err(Failure::invalid(Reason::Missing, "--user NAME --secret password"))
        }
        None => sign_in_by_browser(console, &view, !how.no_open, output).await,
        Some(user) => {
            let mut given = input::secrets(&how.secret)?;
            let missing = || Failure::invalid(Reason::Missing, "--secret password");
            let password = given.remove("password").ok_or_else(missing)?;
            let code = given.remove("code");
            if let Some((key, _)) = given.pop_first() {
                return Err(Failure::invalid(Reason::NoSuchThing, key));
            }
            let credentials = Credentials { user, password, code: None };
            let view = by_password(console, &view, credentials, (code, how.by_email), output).await?;
            output.answer(&view, || table(std::slice::from_ref(&view)))
        }
    }
}

/// Tries user name and password, and the code of a second factor where it is asked for. Each code is tried once.
async fn by_password(
    console: &Console,
    view: &ConnectionView,
    mut given: Credentials,
    (code, by_email): (Option<Secret>, bool),
    output: Output,
) -> Result<ConnectionView, Failure> {
    let asked = match console.sign_in_by_password(&view.id, &given).await? {
        SignInAnswer::SignedIn { connection } => return Ok(*connection),
        SignInAnswer::AsksCode { code } => code,
    };
    let method = if by_email && asked.can_be_mailed { CodeMethod::Email } else { asked.method };
    if method != asked.method {
        console.sign_in_mail_code(&view.id, &given.user).await?;
    }
    let code = match code {
        Some(code) => code,
        None => {
            output.progress(match method {
                CodeMethod::App => "Enter the code that the app shows:",
                CodeMethod::Email => "Enter the code that was mailed:",
            });
            input::line("code")?
        }
    };
    given.code = Some(GivenCode { method, code });
    match console.sign_in_by_password(&view.id, &given).await? {
        SignInAnswer::SignedIn { connection } => Ok(*connection),
        SignInAnswer::AsksCode { .. } => Err(Failure::SignedOut(Why::new(Reason::CodeRefused, ""))),
    }
}

async fn sign_in_by_browser(
    console: &Console,
    view: &ConnectionView,
    opens: bool,
    output: Output,
) -> Result<ExitCode, Failure> {
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
