//! `people`: the linked directory, who a number or an id means, and who is there.

use std::process::ExitCode;

use engine::Console;
use model::matching::Match;
use model::person::{Availability, LinkedPerson, PersonPair};
use model::{ConnectionId, Failure, PersonId};
use serde::Serialize;

use crate::args::People;
use crate::output::{Output, Table, or_dash, word};

/// Whether one person is there.
#[derive(Serialize)]
struct Present {
    id: PersonId,
    connection: ConnectionId,
    external_id: String,
    /// As the directory knows it; `None` for somebody whom it does not list.
    name: Option<String>,
    availability: Availability,
    is_on_call: bool,
}

pub(crate) async fn run(console: &Console, command: People, output: Output) -> Result<ExitCode, Failure> {
    match command {
        People::List { search } => list(console, &search, output).await,
        People::Match { text } => find(console, &text, output).await,
        People::Health => health(console, output).await,
        People::Link { one, other } => say(console, pair(&one, &other), true, output).await,
        People::Separate { one, other } => say(console, pair(&one, &other), false, output).await,
        People::Presence { connection } => presence(console, connection.as_deref(), output).await,
    }
}

async fn list(console: &Console, search: &str, output: Output) -> Result<ExitCode, Failure> {
    let people = console.people_list(search).await?;
    output.answer(&people, || {
        let mut table = Table::new(["name", "email", "extension", "known to"]);
        for person in &people {
            let (email, extension) = (or_dash(person.email.as_deref()), or_dash(person.extension.as_deref()));
            table.row([person.name.clone(), email, extension, known_to(person)]);
        }
        table
    })
}

/// The systems that know a person, each with the reason of its link and whether the account is out of use.
fn known_to(person: &LinkedPerson) -> String {
    let system = |it: &model::person::Identity| {
        let reason = it.reason.map(|reason| word(&reason).replace('_', " "));
        let state = (!it.is_active).then(|| "out of use".to_owned());
        match [reason, state].into_iter().flatten().collect::<Vec<_>>() {
            facts if facts.is_empty() => it.system.0.clone(),
            facts => format!("{} ({})", it.system, facts.join(", ")),
        }
    };
    person.identities.iter().map(system).collect::<Vec<_>>().join(", ")
}

async fn health(console: &Console, output: Output) -> Result<ExitCode, Failure> {
    let health = console.people_health().await?;
    output.answer(&health, || {
        let mut table = Table::new(["list", "name", "other", "because of", "ids"]);
        for it in &health.maybe {
            let ids = format!("{} {}", it.one.id, it.other.id);
            let reason = word(&it.reason).replace('_', " ");
            table.row(["maybe the same".to_owned(), it.one.name.clone(), it.other.name.clone(), reason, ids]);
        }
        for (list, people) in [("unmatched", &health.unmatched), ("guest", &health.guests), ("gone", &health.gone)] {
            for it in people {
                table.row([list.to_owned(), it.name.clone(), String::new(), String::new(), it.id.0.clone()]);
            }
        }
        table
    })
}

fn pair(one: &str, other: &str) -> PersonPair {
    PersonPair { one: one.into(), other: other.into() }
}

/// The answer is whoever the two are now.
async fn say(console: &Console, pair: PersonPair, is_same: bool, output: Output) -> Result<ExitCode, Failure> {
    let ids = [pair.one.clone(), pair.other.clone()];
    if is_same {
        console.people_link(vec![pair]).await?;
    } else {
        console.people_separate(vec![pair]).await?;
    }
    let mut people = console.people_list("").await?;
    people.retain(|it| it.identities.iter().any(|one| ids.contains(&one.id)));
    output.answer(&people, || {
        let mut table = Table::new(["name", "known to", "id"]);
        for person in &people {
            table.row([person.name.clone(), known_to(person), person.id.0.clone()]);
        }
        table
    })
}

async fn find(console: &Console, text: &str, output: Output) -> Result<ExitCode, Failure> {
    let found = console.people_match(text).await?;
    if found.is_empty() {
        output.progress("Nobody of this number, address or id is known.");
    }
    output.answer(&found, || {
        let mut table = Table::new(["name", "kind", "because of", "known to", "id"]);
        for it in &found {
            let (name, known, id) = shown(it);
            table.row([name, word(&it.kind), word(&it.reason), known, id]);
        }
        table
    })
}

fn shown(it: &Match) -> (String, String, String) {
    if let Some(person) = &it.person {
        return (person.name.clone(), known_to(person), person.id.0.clone());
    }
    let customer = it.customer.as_ref();
    let name = customer.map_or_else(String::new, |it| match &it.company {
        Some(company) => format!("{}, {company}", it.name),
        None => it.name.clone(),
    });
    (name, String::new(), customer.map_or_else(String::new, |it| it.id.0.clone()))
}

async fn presence(console: &Console, named: Option<&str>, output: Output) -> Result<ExitCode, Failure> {
    let mut ids = Vec::new();
    if let Some(name) = named {
        ids.push(console.connection_named(name).await?.id);
    }
    let told = console.presences_read(&ids).await?;
    let names = console.people_list("").await?;
    let name = |id: &PersonId| {
        let one = names.iter().find(|person| person.identities.iter().any(|it| it.id == *id));
        one.map(|person| person.name.clone())
    };
    let mut all: Vec<Present> = told
        .into_iter()
        .map(|(id, it)| Present {
            name: name(&id),
            connection: id.as_str().split_once('/').map_or("", |(connection, _)| connection).into(),
            external_id: it.external_id,
            availability: it.availability,
            is_on_call: it.is_on_call,
            id,
        })
        .filter(|it| ids.is_empty() || ids.contains(&it.connection))
        .collect();
    all.sort_by(|a, b| (a.name.is_none(), &a.name, &a.id).cmp(&(b.name.is_none(), &b.name, &b.id)));
    if all.is_empty() {
        output.progress("No connection tells who is there.");
    }
    output.answer(&all, || {
        let mut table = Table::new(["name", "is", "speaks", "id"]);
        for it in &all {
            let speaks = if it.is_on_call { "yes" } else { "no" };
            let name = or_dash(it.name.as_deref());
            table.row([name, word(&it.availability).replace('_', " "), speaks.to_owned(), it.id.0.clone()]);
        }
        table
    })
}
