//! `calls`.

use std::process::ExitCode;

use engine::Console;
use model::call::{Call, CallFilter, Direction, Outcome, Party, Role};
use model::{CallId, Failure};

use crate::args::{Became, CallList, Calls, Way};
use crate::input;
use crate::output::{Output, Table, local, or_dash, with_raw, word};

pub(crate) async fn run(console: &Console, command: Calls, output: Output) -> Result<ExitCode, Failure> {
    match command {
        Calls::List(list) => show_list(console, list, output).await,
        Calls::Show { id } => show(console, &CallId(id), output).await,
    }
}

async fn show_list(console: &Console, list: CallList, output: Output) -> Result<ExitCode, Failure> {
    let connection = match &list.connection {
        Some(name) => Some(console.connection_named(name).await?.id),
        None => None,
    };
    let filter = CallFilter {
        connection,
        from: list.from.as_deref().map(input::time).transpose()?,
        to: list.to.as_deref().map(input::time).transpose()?,
        search: list.search,
        direction: list.direction.map(direction),
        outcome: list.outcome.map(outcome),
        number: list.number,
        person: list.person.map(Into::into),
    };
    let page = console.calls_page(filter, list.after, list.limit).await?;
    output.answer(&page, || {
        let mut table = Table::new(["time", "outcome", "from", "to", "line", "spoke with", "id"]);
        for call in &page.calls {
            table.row(row(call));
        }
        table
    })
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

fn row(call: &Call) -> [String; 7] {
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
        call.id.0.clone(),
    ]
}

fn party(party: &Party) -> String {
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
