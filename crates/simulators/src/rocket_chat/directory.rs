//! The people of the workspace.

use std::cmp::Ordering;

use serde_json::{Map, Value, json};

use super::answer::Refusal;
use super::ask::Ask;
use super::{State, iso};
use crate::generator::people::Person;

/// Who one is, as `me` and a login say it.
pub(super) fn profile(state: &State, person: &Person) -> Value {
    let mut profile = user(state, person);
    profile["emails"] = emails(person);
    profile["utcOffset"] = json!(9);
    profile["settings"] = json!({ "preferences": {} });
    profile
}

pub(super) fn list(state: &State, ask: &Ask) -> Result<Value, Refusal> {
    if !state.may("view-d-room") {
        return Err(Refusal::forbidden());
    }
    let page = ask.page()?;
    let mut people: Vec<&Person> = state.people.iter().collect();
    if let Some(email) = ask.one("email") {
        people.retain(|person| person.email == email);
    }
    sort(state, &mut people, &ask.sort()?)?;
    let total = people.len();
    let users: Vec<_> = page.of(&people).iter().map(|person| user(state, person)).collect();
    Ok(json!({ "users": users, "count": users.len(), "offset": page.offset, "total": total }))
}

fn sort(state: &State, people: &mut [&Person], keys: &[(String, bool)]) -> Result<(), Refusal> {
    const KNOWN: [&str; 5] = ["username", "name", "createdAt", "status", "nameInsensitive"];
    if let Some((key, _)) = keys.iter().find(|(key, _)| !KNOWN.contains(&key.as_str())) {
        return Err(Refusal::coded(&format!("Invalid sort field: {key}"), "error-invalid-sort"));
    }
    let value = |person: &Person, key: &str| user(state, person)[key].as_str().unwrap_or_default().to_owned();
    people.sort_by(|a, b| {
        let by_keys = keys.iter().map(|(key, is_up)| {
            let order = value(a, key).cmp(&value(b, key));
            if *is_up { order } else { order.reverse() }
        });
        by_keys.fold(Ordering::Equal, Ordering::then).then_with(|| a.username.cmp(&b.username))
    });
    Ok(())
}

pub(super) fn info(state: &State, ask: &Ask) -> Result<Value, Refusal> {
    let [(key, value)] = ask.query.as_slice() else {
        return Err(Refusal::invalid("must match exactly one schema in oneOf"));
    };
    let found = state.people.iter().find(|person| match key.as_str() {
        "userId" => person.rocket_id == *value,
        "username" => person.username == *value,
        "email" => person.email == *value,
        "freeSwitchExtension" => person.extension_number == *value,
        _ => false,
    });
    let person = found.ok_or_else(|| Refusal::plain("User not found."))?;
    Ok(json!({ "user": user(state, person) }))
}

pub(super) fn presence(state: &State, ask: &Ask) -> Result<Value, Refusal> {
    let asked: Vec<&str> =
        ask.query.iter().filter(|(key, _)| key == "ids").flat_map(|(_, ids)| ids.split(',')).collect();
    if let Some(from) = ask.one("from")
        && chrono::DateTime::parse_from_rfc3339(from).is_err()
    {
        return Err(Refusal::invalid("/from must match format \"iso-date-time\""));
    }
    let is_asked = |person: &&Person| asked.is_empty() || asked.contains(&person.rocket_id.as_str());
    let users: Vec<_> = state.people.iter().filter(is_asked).map(brief).collect();
    Ok(json!({ "users": users, "full": asked.is_empty() }))
}

fn brief(person: &Person) -> Value {
    json!({
        "_id": person.rocket_id,
        "username": person.username,
        "name": person.name,
        "status": status(person),
        "statusText": "",
        "utcOffset": 9,
    })
}

fn user(state: &State, person: &Person) -> Value {
    let created = state.clock.now() - chrono::Duration::days(400);
    let mut fields = Map::from_iter([
        ("_id".to_owned(), json!(person.rocket_id)),
        ("username".to_owned(), json!(person.username)),
        ("name".to_owned(), json!(person.name)),
        ("nameInsensitive".to_owned(), json!(person.name.to_lowercase())),
        ("type".to_owned(), json!("user")),
        ("active".to_owned(), json!(true)),
        ("roles".to_owned(), json!(["user"])),
        ("status".to_owned(), json!(status(person))),
        ("createdAt".to_owned(), iso(created)),
    ]);
    if state.may("view-full-other-user-info") {
        fields.insert("emails".to_owned(), emails(person));
    }
    Value::Object(fields)
}

fn emails(person: &Person) -> Value {
    json!([{ "address": person.email, "verified": true }])
}

/// Everybody keeps one status, as different as their ids.
fn status(person: &Person) -> &'static str {
    match person.rocket_id.bytes().map(usize::from).sum::<usize>() % 6 {
        0 => "offline",
        1 => "away",
        2 => "busy",
        _ => "online",
    }
}
