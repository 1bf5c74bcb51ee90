//! `calls`.

use std::process::ExitCode;

use engine::Console;
use model::call::{Call, CallFilter, CallNoted, CallerKind, Direction, Outcome, Party, Role};
use model::{CallId, Failure};

use super::{exports, recordings, watch};
use crate::args::{Ask, Became, CallList, Caller, Calls, Filter, Way};
use crate::input;
use crate::output::{Output, Table, local, or_dash, with_raw, word};

pub(crate) async fn run(console: &Console, command: Calls, output: Output) -> Result<ExitCode, Failure> {
    match command {
        Calls::List(list) => show_list(console, list, output).await,
        Calls::Show { id } => show(console, &CallId(id), output).await,
        Calls::Note { id, text } => note(console, &CallId(id), &text, output).await,
        Calls::Watch(asked) => watch::run(console, asked, output).await,
        Calls::Ask(asked) => ask(console, &asked, output).await,
        Calls::Recording(asked) => recordings::run(console, asked, output).await,
        Calls::Export(asked) => exports::run(console, asked, output).await,
    }
}

async fn note(console: &Console, id: &CallId, text: &str, output: Output) -> Result<ExitCode, Failure> {
    super::sees_it_through(output);
    match console.call_note(id, text, None).await? {
        CallNoted::Done(call) => output.answer(&call, || table(std::slice::from_ref(&call))),
        CallNoted::Conflict(conflict) => output.conflict(&conflict, None),
    }
}

async fn ask(console: &Console, asked: &Ask, output: Output) -> Result<ExitCode, Failure> {
    let connection = console.connection_named(&asked.connection).await?.id;
    let page = console.calls_ask(&connection, &asked.numbers, asked.limit).await?;
    output.answer(&page, || table(&page.calls))
}

async fn show_list(console: &Console, list: CallList, output: Output) -> Result<ExitCode, Failure> {
    let filter = filter(console, list.filter).await?;
    let page = console.calls_page(filter, list.after, list.limit).await?;
    output.answer(&page, || table(&page.calls))
}

/// The calls that are meant.
pub(super) async fn filter(console: &Console, of: Filter) -> Result<CallFilter, Failure> {
    let connection = match &of.connection {
        Some(name) => Some(console.connection_named(name).await?.id),
        None => None,
    };
    Ok(CallFilter {
        connection,
        from: of.from.as_deref().map(input::time).transpose()?,
        to: of.to.as_deref().map(input::time).transpose()?,
        search: of.search,
        direction: of.direction.map(direction),
        outcome: of.outcome.map(outcome),
        number: of.number,
        person: of.person.map(Into::into),
        line: of.line,
        customer: of.customer.map(Into::into),
        caller: of.caller.map(|it| match it {
            Caller::Known => CallerKind::Known,
            Caller::Unknown => CallerKind::Unknown,
            Caller::Withheld => CallerKind::Withheld,
        }),
    })
}

fn table(calls: &[Call]) -> Table {
    let mut table = Table::new(["time", "outcome", "from", "to", "line", "spoke with", "note", "id"]);
    calls.iter().for_each(|call| table.row(row(call)));
    table
}

async fn show(console: &Console, id: &CallId, output: Output) -> Result<ExitCode, Failure> {
    let detail = console.call_show(id).await?;
    let mut value = serde_json::to_value(&detail.call).map_err(|error| Failure::surprise(error.to_string()))?;
    if let Some(fields) = value.as_object_mut() {
        fields.insert("customers".into(), serde_json::json!(detail.customers));
        fields.insert("last_calls".into(), serde_json::json!(detail.last_calls));
    }
    let whole = with_raw(&value, &detail.raw)?;
    output.answer(&whole, || {
        let mut table = Table::new(["time", "outcome", "who", "seconds"]);
        let call = &detail.call;
        let seconds = |seconds: Option<u32>| seconds.map_or_else(String::new, |seconds| seconds.to_string());
        table.row([local(call.started_at), word(&call.outcome), party(&call.from), seconds(call.duration_seconds)]);
        for leg in &call.legs {
            table.row([local(leg.started_at), word(&leg.outcome), leg.name.clone(), seconds(leg.duration_seconds)]);
        }
        table.row(["record".to_owned(), String::new(), detail.raw.0.clone(), String::new()]);
        table
    })
}

fn row(call: &Call) -> [String; 8] {
    let spoke = call.people.iter().filter(|person| person.role == Role::Spoke);
    let spoke: Vec<&str> = spoke.map(|person| person.name.as_str()).collect();
    let from = match &call.customer {
        Some(customer) if call.direction != Direction::Outbound => format!("{} {}", customer.name, call.from.raw),
        Some(_) | None => party(&call.from),
    };
    [
        local(call.started_at),
        word(&call.outcome),
        from,
        party(&call.to),
        or_dash(call.line.as_deref()),
        or_dash(Some(&spoke.join(", "))),
        or_dash(call.note.as_deref()),
        call.id.0.clone(),
    ]
}

pub(super) fn party(party: &Party) -> String {
    match &party.name {
        Some(name) => format!("{name} {}", party.raw),
        None => or_dash(Some(&party.raw)),
    }
}

fn direction(way: Way) -> Direction {
    match way {
        Way::Inbound => Direction::Inbound,
        Way::Outbound => Direction::Outbound,
    }
}

fn outcome(became: Became) -> Outcome {
    match became {
        Became::Ringing => Outcome::Ringing,
        Became::Answered => Outcome::Answered,
        Became::Missed => Outcome::Missed,
        Became::Voicemail => Outcome::Voicemail,
        Became::Refused => Outcome::Refused,
        Became::Failed => Outcome::Failed,
        Became::Unknown => Outcome::Unknown,
    }
}
