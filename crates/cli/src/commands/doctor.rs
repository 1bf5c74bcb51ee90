//! `doctor`: how every connection and the program itself are, in plain words, and what to do.

use std::path::Path;
use std::process::ExitCode;

use engine::Console;
use model::about::{Ability, About};
use model::connection::{Check, CheckStep, Limitation, State};
use model::diagnosis::{Diagnosis, LineCheck};
use model::failure::{Code, Problem};
use model::{Clock, ConnectionId, Failure, SystemId, Time};
use serde::Serialize;

use super::words;
use crate::output::{Output, Table, exit_code, local, word};

/// Everything that is found.
#[derive(Serialize)]
struct Report {
    connections: Vec<Finding>,
    program: Program,
}

/// How one connection is.
#[derive(Serialize)]
struct Finding {
    connection: ConnectionId,
    name: String,
    system: SystemId,
    state: State,
    is_well: bool,
    signed_in_as: Option<String>,
    /// `pushed`, `asked`, `fails` or `none`: how calls are heard of as they ring.
    live: &'static str,
    last_ok_at: Option<Time>,
    steps: Vec<Step>,
    limitations: Vec<Limitation>,
    not_understood: u64,
    newest_not_understood_at: Option<Time>,
    missing_secrets: Vec<String>,
    advice: Vec<String>,
}

/// One thing that was tried.
#[derive(Serialize)]
struct Step {
    what: &'static str,
    words: &'static str,
    is_well: bool,
    found: String,
    problem: Option<Problem>,
}

/// Facts about the program on this computer.
#[derive(Serialize)]
struct Program {
    version: &'static str,
    platform: &'static str,
    /// Where the secrets are kept.
    keyring: String,
    data_dir: String,
    /// Whether the data folder can be written, and how much lies in it.
    is_writable: bool,
    data_bytes: u64,
}

pub(crate) async fn run(console: &Console, names: &[String], dir: &Path, output: Output) -> Result<ExitCode, Failure> {
    let mut ids = Vec::new();
    for name in names {
        ids.push(console.connection_named(name).await?.id);
    }
    let systems = console.systems_list();
    let looks = console.doctor(&ids).await?;
    let now = shell::SystemClock.now();
    let connections: Vec<Finding> = looks.into_iter().map(|look| finding(look, &systems, now)).collect();
    let report = Report { connections, program: program(console, dir) };
    output.answer(&report, || table(&report, now))?;
    Ok(code(&report))
}

/// Done where all is well; else that of a refused credential where there is one, because that needs a person.
fn code(report: &Report) -> ExitCode {
    let problems = || report.connections.iter().flat_map(|it| &it.steps).filter_map(|step| step.problem.as_ref());
    let is_signed_out = problems().any(|it| it.code == Code::SignedOut)
        || report.connections.iter().any(|it| !it.missing_secrets.is_empty());
    let is_well = report.program.is_writable && report.connections.iter().all(|it| it.is_well);
    match (is_signed_out, is_well) {
        (true, _) => exit_code(Code::SignedOut),
        (false, true) => ExitCode::SUCCESS,
        (false, false) => exit_code(Code::Refused),
    }
}

fn finding(look: Diagnosis, systems: &[About], now: Time) -> Finding {
    let mut steps: Vec<Step> = look.check_up.steps.iter().map(step).collect();
    let (live, mut limitations) = (live(&look), look.view.limitations.clone());
    match &look.line {
        Some(LineCheck::Fails(problem)) => steps.push(failed("line", "Calls are told as they ring", problem)),
        Some(LineCheck::Stands(limitation)) => limitations.extend(limitation),
        None => {}
    }
    steps.extend(look.log_problem.as_ref().map(|problem| failed("log", "The call log is read on", problem)));
    limitations.sort_unstable();
    limitations.dedup();
    let missing_secrets = missing(&look, systems);
    let is_well = steps.iter().all(|step| step.is_well) && missing_secrets.is_empty();
    let mut finding = Finding {
        connection: look.view.id.clone(),
        name: look.view.name.clone(),
        system: look.view.system.clone(),
        state: look.view.state,
        is_well,
        signed_in_as: look.check_up.signed_in_as.clone(),
        live,
        last_ok_at: look.view.last_ok_at,
        steps,
        limitations,
        not_understood: look.oddities,
        newest_not_understood_at: look.newest_oddity_at,
        missing_secrets,
        advice: Vec::new(),
    };
    finding.advice = advice(&finding, &look, now);
    finding
}

/// What to do, one sentence each. A reason's sentence says it already.
fn advice(finding: &Finding, look: &Diagnosis, now: Time) -> Vec<String> {
    let mut advice: Vec<String> =
        finding.steps.iter().filter_map(|step| step.problem.as_ref()).map(|it| it.message.clone()).collect();
    if !finding.missing_secrets.is_empty() {
        let keys = finding.missing_secrets.join(", ");
        advice.push(format!("The keyring does not have what this connection needs ({keys}). Enter it again."));
    }
    advice.extend(finding.limitations.iter().map(|it| words::limitation(*it).to_owned()));
    if look.abilities.contains(&Ability::Calls) && !look.log_was_read && finding.is_well {
        advice.push("Its call log was never read here. Run sync; whose calls may be read is known after that.".into());
    }
    if finding.not_understood > 0 {
        let age = look.newest_oddity_at.map_or_else(String::new, |at| format!(", the newest {}", words::age(at, now)));
        let count = words::grouped(finding.not_understood);
        advice.push(format!(
            "{count} records could not be understood{age}. They are kept untouched; tell whoever looks after this program."
        ));
    }
    if look.view.is_plain_http {
        advice.push("This connection travels unencrypted (http). Keep it inside the office network.".into());
    }
    advice.dedup();
    advice
}

fn live(look: &Diagnosis) -> &'static str {
    let asked = |it: &Limitation| *it == Limitation::AskedNotPushed;
    match &look.line {
        None => "none",
        Some(LineCheck::Fails(_)) => "fails",
        Some(LineCheck::Stands(Some(it))) if asked(it) => "asked",
        Some(LineCheck::Stands(_)) => "pushed",
    }
}

fn missing(look: &Diagnosis, systems: &[About]) -> Vec<String> {
    let about = systems.iter().find(|about| about.id == look.view.system);
    let is_required =
        |key: &str| about.is_some_and(|about| about.fields.iter().any(|field| field.key == key && field.is_required));
    let secrets = look.view.secrets.iter().filter(|it| !it.is_kept && is_required(&it.key));
    secrets.map(|it| it.key.clone()).collect()
}

fn step(it: &CheckStep) -> Step {
    let (what, words) = match it.what {
        Check::Reached => ("reached", "The address answers"),
        Check::SignedIn => ("signed_in", "The key is accepted"),
        Check::ReadCalls => ("read_calls", "Calls can be read"),
        Check::ReadPeople => ("read_people", "People can be read"),
        Check::ReadCustomers => ("read_customers", "Customers can be read"),
        Check::ReadRooms => ("read_rooms", "Conference rooms can be read"),
        Check::SendMessages => ("send_messages", "Messages may be sent"),
        Check::LiveCalls => ("live_calls", "Ringing calls may be listened to"),
    };
    Step { what, words, is_well: it.problem.is_none(), found: it.found.clone(), problem: it.problem.clone() }
}

fn failed(what: &'static str, words: &'static str, problem: &Problem) -> Step {
    Step { what, words, is_well: false, found: String::new(), problem: Some(problem.clone()) }
}

fn program(console: &Console, dir: &Path) -> Program {
    Program {
        version: env!("CARGO_PKG_VERSION"),
        platform: std::env::consts::OS,
        keyring: console.keyring(),
        data_dir: dir.display().to_string(),
        is_writable: is_writable(dir),
        data_bytes: bytes_in(dir),
    }
}

fn is_writable(dir: &Path) -> bool {
    let trial = dir.join(format!("doctor-{}", std::process::id()));
    let written = std::fs::write(&trial, b"");
    // What could be made can be taken away, or the folder is not in order.
    written.and_then(|()| std::fs::remove_file(&trial)).is_ok()
}

/// Bytes of all files below a folder; what cannot be looked at counts nothing.
fn bytes_in(dir: &Path) -> u64 {
    let entries = std::fs::read_dir(dir).into_iter().flatten().flatten();
    let bytes = |entry: std::fs::DirEntry| match entry.metadata() {
        Ok(it) if it.is_dir() => bytes_in(&entry.path()),
        Ok(it) => it.len(),
        Err(_) => 0,
    };
    entries.map(bytes).sum()
}

fn table(report: &Report, now: Time) -> Table {
    let mut table = Table::default();
    for it in &report.connections {
        let whom = it.signed_in_as.as_ref().map_or_else(String::new, |whom| format!(", signed in as {whom}"));
        table.row([format!("{} ({}): {}{whom}", it.name, it.system, word(&it.state).replace('_', " "))]);
        for step in &it.steps {
            let found = if step.found.is_empty() { String::new() } else { format!(" ({})", step.found) };
            table.row([format!("  {} {}{found}", if step.is_well { "✓" } else { "✗" }, step.words)]);
        }
        let calls = match it.live {
            "pushed" => "Calls are told as they ring.",
            "asked" => "Calls that ring are found by asking every few seconds.",
            "fails" => "Calls are not told as they ring.",
            _ => "",
        };
        if !calls.is_empty() {
            table.row([format!("  {calls}")]);
        }
        let last = it.last_ok_at.map_or_else(|| "never".to_owned(), |at| words::age(at, now));
        table.row([format!("  Last answer: {last} ({})", local(it.last_ok_at))]);
        it.advice.iter().for_each(|advice| table.row([format!("  → {advice}")]));
    }
    let program = &report.program;
    table.row([format!("Program {} on {}", program.version, program.platform)]);
    let state = if program.is_writable { "in order" } else { "cannot be written" };
    let megabytes = program.data_bytes.div_ceil(1_000_000);
    table.row([format!("  Data folder: {}, {megabytes} MB, {state}", program.data_dir)]);
    table.row([format!("  Keys: {}", program.keyring)]);
    table
}
