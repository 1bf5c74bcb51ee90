//! `customers import`: what a table of customers would change in an address book, and the change itself.

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use engine::{Console, CustomerFile, CustomerPlan};
use model::about::Ability;
use model::connection::Connection;
use model::customer::{Customer, CustomerAdded, NewCustomer};
use model::failure::{Code, Problem};
use model::{ConnectionId, Failure, Reason};
use serde::Serialize;

use crate::args::ImportCustomers;
use crate::input;
use crate::output::{Output, Table, exit_code, or_dash, word};

/// How many are added before somebody who wants to stop is heard.
const AT_ONCE: usize = 10;

/// What becomes of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum State {
    /// It would be added.
    New,
    /// It was added.
    Added,
    /// A number of it is in the address book already.
    Known,
    /// A number of it stands in an earlier row.
    Double,
    /// It cannot be used.
    Bad,
    /// It was not added.
    Failed,
    /// It was sent, and nobody knows whether it was added.
    Unknown,
    /// Somebody stopped before it was sent.
    Stopped,
}

/// One row and what becomes of it.
#[derive(Serialize)]
struct Row {
    line: u64,
    name: String,
    state: State,
    /// Who it is in the address book, or whose number it is.
    customers: Vec<Customer>,
    /// The line of the row that has the same number.
    same_as: Option<u64>,
    problem: Option<Problem>,
}

impl Row {
    fn new(line: u64, name: &str, state: State) -> Self {
        Self { line, name: name.to_owned(), state, customers: Vec::new(), same_as: None, problem: None }
    }

    fn detail(&self) -> String {
        let names: Vec<&str> = self.customers.iter().map(|it| it.name.as_str()).collect();
        let same_as = self.same_as.map(|line| format!("line {line}"));
        let words = self.problem.as_ref().map(|it| it.message.clone()).or(same_as);
        or_dash(Some(&words.unwrap_or_else(|| names.join(", "))))
    }
}

/// The answer.
#[derive(Serialize)]
struct Answer {
    connection: String,
    applied: bool,
    ignored: Vec<String>,
    rows: Vec<Row>,
}

pub(crate) async fn run(console: &Console, import: &ImportCustomers, output: Output) -> Result<ExitCode, Failure> {
    let file = CustomerFile::read(&input::bytes(&import.file)?)?;
    if !file.unknown.is_empty() && !import.ignore_unknown {
        return Err(Failure::invalid(Reason::NotUsable, file.unknown.join(", ")));
    }
    let (id, connection) = address_book(console, import.connection.as_deref()).await?;
    let customers: Vec<NewCustomer> = file.customers.iter().map(|(_, new)| new.clone()).collect();
    let plans = console.customers_plan(&id, &customers).await?;
    let lines: Vec<u64> = file.customers.iter().map(|(line, _)| *line).collect();
    let mut rows: Vec<Row> =
        plans.into_iter().enumerate().map(|(at, it)| planned(it, at, &lines, &customers)).collect();
    if import.apply {
        add(console, &id, &customers, &mut rows, output).await;
    }
    for (line, problem) in file.bad {
        rows.push(Row { problem: Some(problem), ..Row::new(line, "", State::Bad) });
    }
    rows.sort_by_key(|row| row.line);
    let code = code(&rows);
    output.progress(&sum(&rows, import.apply));
    let answer = Answer { connection, applied: import.apply, ignored: file.unknown, rows };
    output.answer(&answer, || {
        let mut table = Table::new(["line", "name", "state", "detail"]);
        for row in &answer.rows {
            table.row([row.line.to_string(), or_dash(Some(&row.name)), word(&row.state), row.detail()]);
        }
        table
    })?;
    Ok(code)
}

/// The connection of this name, or the only one that has an address book; its id and its name.
async fn address_book(console: &Console, named: Option<&str>) -> Result<(ConnectionId, String), Failure> {
    if let Some(name) = named {
        let view = console.connection_named(name).await?;
        return Ok((view.id, view.name));
    }
    let all = console.connections_with(Ability::Customers).await?;
    let one: Result<[Connection; 1], _> = all.try_into();
    one.map(|[only]| (only.id, only.name)).map_err(|_| Failure::invalid(Reason::Missing, "--connection"))
}

fn planned(plan: CustomerPlan, at: usize, lines: &[u64], customers: &[NewCustomer]) -> Row {
    let row = |state| Row::new(lines[at], &customers[at].name, state);
    match plan {
        CustomerPlan::New => row(State::New),
        CustomerPlan::Known(customers) => Row { customers, ..row(State::Known) },
        CustomerPlan::Double(first) => Row { same_as: lines.get(first).copied(), ..row(State::Double) },
        CustomerPlan::Bad(problem) => Row { problem: Some(problem), ..row(State::Bad) },
    }
}

/// Adds those who are new, and says at each row what became of it. Whoever interrupts stops it between two sends.
async fn add(console: &Console, id: &ConnectionId, customers: &[NewCustomer], rows: &mut [Row], output: Output) {
    let wanted: Vec<usize> = (0..rows.len()).filter(|at| rows[*at].state == State::New).collect();
    let stop = stopped_by_hand(output);
    let mut end: Option<Problem> = None;
    let mut done = 0;
    for some in wanted.chunks(AT_ONCE) {
        if end.is_some() || stop.load(Ordering::Relaxed) {
            some.iter().for_each(|at| stopped(&mut rows[*at], end.as_ref()));
            continue;
        }
        let new = some.iter().map(|at| customers[*at].clone()).collect();
        let became = console.customers_add(id, new).await.unwrap_or_else(|failure| {
            let problem = Problem::from(&failure);
            vec![CustomerAdded::Failed { problem }; some.len()]
        });
        for (at, became) in some.iter().zip(became) {
            if end.is_some() {
                stopped(&mut rows[*at], end.as_ref());
            } else {
                end = settle(&mut rows[*at], became);
            }
        }
        done += some.len();
        output.progress(&format!("{done} of {}", wanted.len()));
    }
}

/// Writes down what became of a row; the problem after which nothing more was sent, if it is one.
fn settle(row: &mut Row, became: CustomerAdded) -> Option<Problem> {
    match became {
        CustomerAdded::Done { customer } => (row.state, row.customers) = (State::Added, vec![customer]),
        CustomerAdded::Known { customers } => (row.state, row.customers) = (State::Known, customers),
        CustomerAdded::Failed { problem } => {
            row.state = if problem.code == Code::UnknownOutcome { State::Unknown } else { State::Failed };
            row.problem = Some(problem.clone());
            return ends(problem.code).then_some(problem);
        }
    }
    None
}

fn stopped(row: &mut Row, why: Option<&Problem>) {
    row.state = State::Stopped;
    row.problem = why.cloned();
}

/// Whether the console sends nothing more after this.
fn ends(code: Code) -> bool {
    match code {
        Code::UnknownOutcome | Code::SignedOut | Code::SlowDown | Code::Offline => true,
        Code::Refused | Code::Surprise | Code::Invalid => false,
    }
}

/// Becomes true when somebody presses `Ctrl C`.
fn stopped_by_hand(output: Output) -> Arc<AtomicBool> {
    let stop = Arc::new(AtomicBool::new(false));
    let pressed = stop.clone();
    tokio::spawn(async move {
        while tokio::signal::ctrl_c().await.is_ok() {
            pressed.store(true, Ordering::Relaxed);
            output.progress("It stops after those that are on their way.");
        }
    });
    stop
}

/// 4 where nobody knows the outcome of one, 3 where the system asks to sign in, 2 where nothing was added because of the file,
/// 1 where not everything was done.
fn code(rows: &[Row]) -> ExitCode {
    let has = |state: State| rows.iter().any(|row| row.state == state);
    let problem = |code: Code| rows.iter().filter_map(|row| row.problem.as_ref()).any(|it| it.code == code);
    let is_wrong = |row: &&Row| matches!(row.state, State::Bad | State::Failed | State::Stopped);
    let is_ours = |row: &Row| row.problem.as_ref().is_some_and(|it| it.code == Code::Invalid);
    let wrong: Vec<&Row> = rows.iter().filter(is_wrong).collect();
    if has(State::Unknown) {
        exit_code(Code::UnknownOutcome)
    } else if problem(Code::SignedOut) {
        exit_code(Code::SignedOut)
    } else if wrong.is_empty() {
        ExitCode::SUCCESS
    } else if !has(State::Added) && wrong.into_iter().all(is_ours) {
        exit_code(Code::Invalid)
    } else {
        exit_code(Code::Refused)
    }
}

/// How many rows there are of each state, for people.
fn sum(rows: &[Row], is_applied: bool) -> String {
    let states = [
        State::New,
        State::Added,
        State::Known,
        State::Double,
        State::Bad,
        State::Failed,
        State::Unknown,
        State::Stopped,
    ];
    let count = |state: &State| rows.iter().filter(|row| row.state == *state).count();
    let counted = states.iter().map(|state| (count(state), word(state))).filter(|(count, _)| *count > 0);
    let counts: Vec<String> = counted.map(|(count, word)| format!("{count} {word}")).collect();
    let what = if is_applied { "" } else { " Nothing was written; --apply adds those who are new." };
    format!("{}.{what}", if counts.is_empty() { "No rows".to_owned() } else { counts.join(", ") })
}
