//! How a record of the call log becomes a call: its outcome, its line, its legs and who took part.

use std::time::Duration;

use model::call::{Direction, Leg, Outcome, Party, Role, SeenCall};
use model::{Raw, Time, phone};
use serde_json::value::RawValue;

use crate::wire::{Record, Side, Step, Text};

/// A record of the call log as it came.
pub(crate) enum Entry {
    /// A call.
    Call(Box<SeenCall>),
    /// The id of a call that is no longer there.
    Gone(String),
}

/// Reads one record; never fails, because what cannot be read stays in the raw record.
pub(crate) fn entry(raw: &RawValue, region: &str) -> Entry {
    let object = Some(raw.get()).filter(|it| it.starts_with('{'));
    let record: Record = object.and_then(|it| serde_json::from_str(it).ok()).unwrap_or_default();
    let id = record.id.owned().unwrap_or_else(|| format!("{NAMELESS}{:016x}", digest(raw.get())));
    if record.deleted.0 == "true" {
        return Entry::Gone(id);
    }
    Entry::Call(Box::new(call(&record, id, raw, region)))
}

/// Whether a call came from a record that could not be understood: one without an id or a begin.
pub(crate) fn is_odd(call: &SeenCall) -> bool {
    call.started_at.is_none() || call.external_id.starts_with(NAMELESS)
}

/// What stands before the digest of a record that has no id.
const NAMELESS: &str = "row-";

fn call(record: &Record, external_id: String, raw: &RawValue, region: &str) -> SeenCall {
    let direction = direction(&record.direction);
    let outcome = outcome(&record.result, direction);
    SeenCall {
        external_id,
        session_id: record.telephony_session_id.owned().or_else(|| record.session_id.owned()),
        started_at: time(&record.start_time),
        duration_seconds: seconds(&record.duration),
        direction,
        outcome,
        from: party(&record.from, region),
        to: party(&record.to, region),
        line: line(record, direction),
        extensions: extensions(record, outcome),
        customer_external_id: None,
        note: None,
        legs: record.legs.iter().map(|step| leg(step, direction)).collect(),
        raw: Raw(raw.get().to_owned()),
    }
}

/// A number that is the same for the same text, in every version of this program (FNV-1a).
fn digest(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// An instant, where the text is one.
pub(crate) fn time(text: &Text) -> Option<Time> {
    Time::parse(text.some()?).ok()
}

fn seconds(text: &Text) -> Option<u32> {
    let seconds: f64 = text.some()?.parse().ok()?;
    u32::try_from(Duration::try_from_secs_f64(seconds).ok()?.as_secs()).ok()
}

/// Which way, in the vendor's words.
pub(crate) fn direction(text: &Text) -> Direction {
    match text.0.as_str() {
        "Inbound" => Direction::Inbound,
        "Outbound" => Direction::Outbound,
        _ => Direction::Unknown,
    }
}

/// One side as a party. Numbers may be masked or unformatted; then they have no E.164 form.
pub(crate) fn party(side: &Side, region: &str) -> Party {
    let name = side.name.owned();
    let e164 = side.phone_number.some().and_then(|number| phone::e164(number, region));
    Party { raw: side.number().to_owned(), e164, name, location: side.location.owned(), ..Party::default() }
}

/// Results that mean that nobody took the call: missed where it came in, failed where it went out.
const NOT_TAKEN: &[&str] =
    &["missed", "no answer", "hang up", "abandoned", "stopped", "answered not accepted", "not answered"];
const ANSWERED: &[&str] =
    &["accepted", "call connected", "call accepted", "connected", "answered", "answered elsewhere"];
const REFUSED: &[&str] = &["rejected", "blocked", "declined"];
const FAILED: &[&str] = &["no calling credit", "wrong number", "restricted number", "suspended account", "not allowed"];

/// What a result means. A word that is not known is not guessed at.
fn outcome(result: &Text, direction: Direction) -> Outcome {
    let word = result.0.trim().to_ascii_lowercase();
    let is = |words: &[&str]| words.contains(&word.as_str());
    let tells_failure =
        ["fail", "error", "busy", "offline", "disabled", "not active"].iter().any(|it| word.contains(it));
    if is(ANSWERED) {
        Outcome::Answered
    } else if is(NOT_TAKEN) {
        if direction == Direction::Outbound { Outcome::Failed } else { Outcome::Missed }
    } else if word == "voicemail" {
        Outcome::Voicemail
    } else if is(REFUSED) {
        Outcome::Refused
    } else if is(FAILED) || tells_failure || word.starts_with("international ") {
        Outcome::Failed
    } else {
        Outcome::Unknown
    }
}

/// Legs are judged by the direction of the call: a leg that rings a colleague for an incoming call goes outbound itself.
/// A number of a step as it is shown; the vendor writes its country code, so that no region is needed.
fn shown(number: &str) -> String {
    let party = Party { raw: number.to_owned(), e164: phone::e164(number, ""), ..Party::default() };
    phone::with_shown(party).shown
}

fn leg(step: &Step, direction: Direction) -> Leg {
    let elsewhere = step.result.0.eq_ignore_ascii_case("answered elsewhere");
    let to = step.to.name.some().map_or_else(|| shown(step.to.number()), str::to_owned);
    let name =
        if to.is_empty() { step.from.name.some().map_or_else(|| shown(step.from.number()), str::to_owned) } else { to };
    Leg {
        started_at: time(&step.start_time),
        duration_seconds: seconds(&step.duration),
        name,
        outcome: if elsewhere { Outcome::Missed } else { outcome(&step.result, direction) },
        extension_id: step.extension.id.owned(),
        kind: kind(step).to_owned(),
        is_master: step.master.0 == "true",
    }
}

fn kind(step: &Step) -> &str {
    step.leg_type.some().or_else(|| step.action.some()).unwrap_or_default()
}

fn is_find_me(step: &Step) -> bool {
    step.leg_type.0 == "FindMe" || step.action.0 == "FindMe"
}

/// The called queue or line: the name of the first reached extension that is not merely rung, else the called number.
fn line(record: &Record, direction: Direction) -> Option<String> {
    if direction == Direction::Outbound {
        return None;
    }
    let mut reached = record.legs.iter().filter(|step| step.extension.id.some().is_some() && !is_find_me(step));
    let named = reached.find_map(|step| step.to.name.owned()).or_else(|| record.to.name.owned());
    named.or_else(|| Some(record.to.number().to_owned()).filter(|it| !it.is_empty()))
}

/// Every extension of the call, each once. It spoke where its leg is one that connected.
fn extensions(record: &Record, outcome: Outcome) -> Vec<(String, Role)> {
    let mut found: Vec<(String, Role)> = Vec::new();
    let mut add = |id: &Text, role: Role| {
        let Some(id) = id.some() else { return };
        match found.iter_mut().find(|(known, _)| known == id) {
            None => found.push((id.to_owned(), role)),
            Some((_, known)) if role == Role::Spoke => *known = role,
            Some(_) => {}
        }
    };
    let role = |spoke: bool| if spoke { Role::Spoke } else { Role::Rang };
    for step in &record.legs {
        add(&step.extension.id, role(is_connected(step, record, outcome)));
    }
    // A record without legs of its own is about the extensions that it names.
    let alone = record.legs.iter().all(|step| step.extension.id.some().is_none());
    let spoke = alone && outcome == Outcome::Answered;
    for id in [&record.extension.id, &record.from.extension_id, &record.to.extension_id] {
        add(id, role(spoke));
    }
    if record.direction.0 == "Outbound" && outcome == Outcome::Answered {
        add(&record.from.extension_id, Role::Spoke);
    }
    found
}

/// Whether this leg is one over which somebody spoke. Telephones that rang together may all say that they accepted; of
/// those that overlap, the one that says it was connected, else the longest, is the one that was spoken over.
fn is_connected(step: &Step, record: &Record, outcome: Outcome) -> bool {
    let spoken = matches!(outcome, Outcome::Answered | Outcome::Unknown);
    let rank = |step: &Step| {
        let result = step.result.0.to_ascii_lowercase();
        let says = match result.as_str() {
            "call connected" | "connected" => 2,
            "accepted" | "call accepted" | "answered" => 1,
            _ => 0,
        };
        (says, seconds(&step.duration).unwrap_or(0))
    };
    let mine = rank(step);
    let better = |other: &&Step| is_find_me(other) && overlap(step, other) && rank(other).0 > 0 && rank(other) > mine;
    spoken && mine.0 > 0 && mine.1 > 0 && !(is_find_me(step) && record.legs.iter().any(|it| better(&it)))
}

fn overlap(a: &Step, b: &Step) -> bool {
    let span = |step: &Step| {
        let start = time(&step.start_time)?;
        Some((start, start.plus(Duration::from_secs(seconds(&step.duration)?.into()))))
    };
    match (span(a), span(b)) {
        (Some((a_start, a_end)), Some((b_start, b_end))) => a_start < b_end && b_start < a_end,
        (None, _) | (_, None) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> SeenCall {
        let raw: &RawValue = serde_json::from_str(json).unwrap();
        match entry(raw, "US") {
            Entry::Call(call) => *call,
            Entry::Gone(id) => panic!("{id} is gone"),
        }
    }

    fn roles(call: &SeenCall) -> Vec<(&str, Role)> {
        call.extensions.iter().map(|(id, role)| (id.as_str(), *role)).collect()
    }

    #[test]
    fn results_have_one_meaning_each_and_unknown_words_none() {
        let check = |word: &str, direction: Direction, expected: Outcome| {
            assert_eq!(outcome(&Text(word.to_owned()), direction), expected, "{word} {direction:?}");
        };
        check("Accepted", Direction::Inbound, Outcome::Answered);
        check("Call connected", Direction::Outbound, Outcome::Answered);
        check("Missed", Direction::Inbound, Outcome::Missed);
        check("No Answer", Direction::Inbound, Outcome::Missed);
        check("Hang Up", Direction::Inbound, Outcome::Missed);
        check("Hang Up", Direction::Outbound, Outcome::Failed);
        check("Voicemail", Direction::Inbound, Outcome::Voicemail);
        check("Rejected", Direction::Inbound, Outcome::Refused);
        check("Blocked", Direction::Inbound, Outcome::Refused);
        check("Busy", Direction::Outbound, Outcome::Failed);
        check("Call Failed", Direction::Outbound, Outcome::Failed);
        check("IP Phone offline", Direction::Inbound, Outcome::Failed);
        check("International Disabled", Direction::Outbound, Outcome::Failed);
        check("911", Direction::Outbound, Outcome::Unknown);
        check("Teleported", Direction::Inbound, Outcome::Unknown);
        check("", Direction::Inbound, Outcome::Unknown);
    }

    #[test]
    fn telephones_of_a_missed_call_only_rang() {
        let call = read(include_str!("../tests/fixtures/detailed.json"));
        assert_eq!(call.outcome, Outcome::Missed);
        assert_eq!(call.line.as_deref(), Some("Sales Queue"));
        let rang = [("22222222", Role::Rang), ("33333333", Role::Rang), ("130836004", Role::Rang)];
        assert_eq!(roles(&call), rang, "a queue is here too; the reader knows what is one");
        assert_eq!(call.legs.len(), 4);
        assert!(call.legs[0].is_master && call.legs[0].extension_id.is_none());
        assert_eq!((call.legs[1].name.as_str(), call.legs[2].kind.as_str()), ("Sales Queue", "FindMe"));
        assert_eq!(call.from.e164.as_deref(), Some("+12155550101"));
        assert_eq!(call.from.location.as_deref(), Some("Philadelphia, PA"));
    }

    #[test]
    fn who_spoke_is_the_one_whose_leg_connected() {
        let leg = |id: u32, kind: &str, result: &str, start: &str, seconds: u32| {
            format!(
                r#"{{"legType":"{kind}","result":"{result}","startTime":"2026-10-14T01:{start}Z","duration":{seconds},"extension":{{"id":{id}}}}}"#
            )
        };
        let call = |legs: &[String]| {
            read(&format!(r#"{{"id":"a","direction":"Inbound","result":"Accepted","legs":[{}]}}"#, legs.join(",")))
        };
        let queue = leg(9, "Accept", "Accepted", "00:00", 95);
        let together =
            call(&[queue.clone(), leg(1, "FindMe", "Accepted", "00:05", 3), leg(2, "FindMe", "Accepted", "00:05", 90)]);
        assert_eq!(roles(&together), [("9", Role::Spoke), ("1", Role::Rang), ("2", Role::Spoke)]);
        let connected =
            call(&[leg(1, "FindMe", "Accepted", "00:05", 90), leg(2, "FindMe", "Call connected", "00:05", 80)]);
        assert_eq!(roles(&connected), [("1", Role::Rang), ("2", Role::Spoke)]);
        let handed_on = call(&[leg(1, "FindMe", "Accepted", "00:05", 30), leg(2, "FindMe", "Accepted", "00:50", 90)]);
        assert_eq!(roles(&handed_on), [("1", Role::Spoke), ("2", Role::Spoke)]);
        let not_taken =
            call(&[queue, leg(1, "FindMe", "No Answer", "00:05", 20), leg(1, "FindMe", "Accepted", "00:40", 9)]);
        assert_eq!(roles(&not_taken), [("9", Role::Spoke), ("1", Role::Spoke)], "each extension once, at its best");
        let no_time = call(&[leg(1, "Accept", "Accepted", "00:05", 0)]);
        assert_eq!(roles(&no_time), [("1", Role::Rang)]);
    }

    #[test]
    fn a_record_without_legs_is_about_the_extensions_that_it_names() {
        let call = read(
            r#"{"id":"a","direction":"Outbound","result":"Call connected","duration":12,"from":{"extensionId":"44","phoneNumber":"+16505550100"},"to":{"phoneNumber":"(650)555-0100"},"extension":{"id":44}}"#,
        );
        assert_eq!(roles(&call), [("44", Role::Spoke)]);
        assert_eq!(call.to.e164.as_deref(), Some("+16505550100"));
        assert_eq!((call.line, call.duration_seconds), (None, Some(12)));
        let missed = read(r#"{"id":"b","direction":"Inbound","result":"Missed","to":{"extensionId":"44"}}"#);
        assert_eq!(roles(&missed), [("44", Role::Rang)]);
    }

    #[test]
    fn what_cannot_be_read_is_kept_raw() {
        let json = r#"{"id":12,"startTime":"soon","direction":"Sideways","from":{"phoneNumber":"+1855201XXXX"},"duration":-3}"#;
        let call = read(json);
        assert_eq!((call.external_id.as_str(), call.started_at, call.duration_seconds), ("12", None, None));
        assert_eq!((call.direction, call.outcome), (Direction::Unknown, Outcome::Unknown));
        assert_eq!((call.from.raw.as_str(), call.from.e164), ("+1855201XXXX", None));
        assert_eq!(call.raw.0, json);
        assert!(read("[1]").external_id.starts_with("row-"));
    }
}
