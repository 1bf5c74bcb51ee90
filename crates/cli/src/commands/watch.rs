//! `calls watch`: one line for each thing that happens to a call, as it happens.

use std::collections::HashSet;
use std::process::ExitCode;
use std::time::Duration;

use engine::Console;
use futures::StreamExt;
use model::about::Ability;
use model::call::{Call, CallPerson, Direction};
use model::connection::{ConnectionView, State};
use model::customer::Customer;
use model::diagnosis::LineCheck;
use model::event::{CallEvent, CallNews, Event};
use model::last_call::LastCall;
use model::{ConnectionId, Failure, Reason, Time};
use serde::Serialize;

use super::calls::party;
use super::words;
use crate::args::Watch;
use crate::output::{Output, clock, word};

/// How long a line may take to stand before it is asked why it does not.
const STANDS_WITHIN: Duration = Duration::from_secs(2);

/// One line of the stream.
#[derive(Serialize)]
struct Line<'a> {
    event: CallEvent,
    at: Time,
    call: &'a Call,
    customer: Option<&'a Customer>,
    people: &'a [CallPerson],
    recent: &'a [LastCall],
}

pub(crate) async fn run(console: &Console, watch: Watch, output: Output) -> Result<ExitCode, Failure> {
    let views = chosen(console, watch.connection.as_deref()).await?;
    let ids: Vec<ConnectionId> = views.iter().map(|view| view.id.clone()).collect();
    let mut events = console.subscribe();
    console.watch(&ids);
    for view in views {
        tokio::spawn(ask_why(console.clone(), view, output));
    }
    let end = async {
        match watch.seconds {
            Some(seconds) => tokio::time::sleep(Duration::from_secs(seconds)).await,
            None => std::future::pending().await,
        }
    };
    let interrupted = tokio::signal::ctrl_c();
    tokio::pin!(end, interrupted);
    let mut told = HashSet::new();
    loop {
        tokio::select! {
            _ = &mut interrupted => break,
            () = &mut end => break,
            event = events.next() => match event {
                None => break,
                Some(Event::Call(news)) if ids.contains(&news.call.connection) => {
                    // A reader that has gone wants no more; that is no failure.
                    if !output.line(&line(&news), || words_of(&news))? {
                        break;
                    }
                }
                Some(Event::Connections { connections }) => {
                    let watched = connections.iter().filter(|view| ids.contains(&view.id));
                    watched.filter_map(complaint).for_each(|it| if told.insert(it.clone()) { output.progress(&it) });
                }
                Some(Event::Call(_) | Event::Snapshot { .. } | Event::Changed { .. }) => {}
            },
        }
    }
    console.stop();
    Ok(ExitCode::SUCCESS)
}

/// The connections that tell of calls: the named one, or all.
async fn chosen(console: &Console, named: Option<&str>) -> Result<Vec<ConnectionView>, Failure> {
    let tells: Vec<_> = console.connections_with(Ability::LiveCalls).await?.into_iter().map(|it| it.id).collect();
    let views = match named {
        Some(name) => vec![console.connection_named(name).await?],
        None => console.connections_list().await?,
    };
    let names = views.iter().map(|view| view.name.clone()).collect::<Vec<_>>().join(", ");
    let views: Vec<_> = views.into_iter().filter(|view| tells.contains(&view.id)).collect();
    if views.is_empty() { Err(Failure::invalid(Reason::NotOffered, names)) } else { Ok(views) }
}

/// What is wrong with a connection that is watched, or works in part only.
fn complaint(view: &ConnectionView) -> Option<String> {
    let problem = view.problem.as_ref().map(|problem| problem.message.clone());
    let sentence = problem.or_else(|| view.limitations.first().map(|it| words::limitation(*it).to_owned()))?;
    Some(format!("{}: {sentence}", view.name))
}

/// Says why a connection does not listen, where nothing else says it: the reading goes on without its live line.
async fn ask_why(console: Console, view: ConnectionView, output: Output) {
    tokio::time::sleep(STANDS_WITHIN).await;
    let now = console.connection_named(view.id.as_str()).await;
    if now.is_ok_and(|now| now.state == State::Live || now.problem.is_some()) {
        return;
    }
    if let Ok(Some(LineCheck::Fails(problem))) = console.line_try(&view.id).await {
        output.progress(&format!("{}: calls are not told as they ring. {}", view.name, problem.message));
    }
}

fn line(news: &CallNews) -> Line<'_> {
    Line {
        event: news.event,
        at: news.at,
        call: &news.call,
        customer: only(news),
        people: &news.call.people,
        recent: &news.recent,
    }
}

/// The customer, if it is exactly one.
fn only(news: &CallNews) -> Option<&Customer> {
    match news.customers.as_slice() {
        [customer] => Some(customer),
        _ => None,
    }
}

/// A line for people: when, what, who, whom, and what is known of them.
fn words_of(news: &CallNews) -> String {
    let call = &news.call;
    let mut text = format!("{} {} {} → {}", clock(news.at), word(&news.event), party(&call.from), party(&call.to));
    if let Some(customer) = only(news) {
        let side = if call.direction == Direction::Outbound { "to" } else { "from" };
        text.push_str(&format!("  {side} {}", customer.name));
        customer.company.iter().for_each(|company| text.push_str(&format!(", {company}")));
    }
    let people: Vec<String> =
        call.people.iter().map(|person| format!("{} {}", person.name, word(&person.role))).collect();
    if !people.is_empty() {
        text.push_str(&format!("  ({})", people.join(", ")));
    }
    if let Some(last) = news.recent.first() {
        text.push_str(&format!("  last call {}", crate::output::local(last.started_at)));
    }
    text
}
