//! Calls that go on now, found by asking for them: for accounts to which nothing is pushed.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use model::call::{Outcome, SeenCall};
use model::ports::Heard;
use model::{Failure, Time};
use rest::Request;
use tokio::time::{Instant, sleep};

use crate::client::{Client, HEAVY, is_company_refused};
use crate::record::{self, Entry};
use crate::wire::Page;

/// From one look to the next. The call log shares this limit of ten a minute, so that a third of it is all that is taken.
const EVERY: Duration = Duration::from_secs(20);
/// How long it is asked before pushing is tried again.
const FOR: Duration = Duration::from_secs(600);

/// Looks again and again at the calls that go on.
pub(super) struct Asking {
    client: Arc<Client>,
    is_own_only: bool,
    since: Instant,
    has_looked: bool,
    going_on: HashMap<String, SeenCall>,
}

impl Asking {
    pub(super) fn new(client: Arc<Client>) -> Self {
        Self { client, is_own_only: false, since: Instant::now(), has_looked: false, going_on: HashMap::new() }
    }

    /// What the next look finds; `None` when it is time to try something better.
    pub(super) async fn look(&mut self) -> Result<Option<Vec<Heard>>, Failure> {
        if self.has_looked {
            if self.since.elapsed() >= FOR {
                return Ok(None);
            }
            sleep(EVERY).await;
        }
        let calls = match self.now().await {
            Err(Failure::SlowDown(wait, _)) => {
                sleep(wait).await;
                return Ok(Some(Vec::new()));
            }
            calls => calls?,
        };
        let mut heard = Vec::new();
        if !std::mem::replace(&mut self.has_looked, true) {
            heard.push(Heard::Listening(Some(Self::INSTEAD)));
        }
        let now = self.client.clock.now();
        heard.extend(changes(&mut self.going_on, calls, now).into_iter().map(|call| Heard::Call(Box::new(call))));
        Ok(Some(heard))
    }

    /// The calls that go on now.
    pub(super) async fn now(&mut self) -> Result<Vec<SeenCall>, Failure> {
        loop {
            let of = if self.is_own_only { "extension/~/" } else { "" };
            let path = format!("restapi/v1.0/account/~/{of}active-calls");
            let make = || Request::get(&path).group(HEAVY).query("view", "Detailed").query("perPage", "250");
            match self.client.ask(make).await {
                Err(failure) if !self.is_own_only && is_company_refused(&failure) => self.is_own_only = true,
                answer => {
                    let page: Page = answer?.json()?;
                    let entries = page.records.iter().map(|raw| record::entry(raw, &self.client.region));
                    return Ok(entries.filter_map(going_on).collect());
                }
            }
        }
    }
}

/// A record of a call that goes on, as the push channel would tell of it.
fn going_on(entry: Entry) -> Option<SeenCall> {
    let Entry::Call(call) = entry else { return None };
    let session = call.session_id.clone()?;
    let is_taken = call.legs.iter().any(|leg| leg.outcome == Outcome::Answered);
    Some(SeenCall {
        external_id: format!("live-{session}"),
        outcome: if is_taken { Outcome::Answered } else { Outcome::Ringing },
        duration_seconds: None,
        legs: Vec::new(),
        ..*call
    })
}

/// What is different from the last look. A call that is no longer there is over; what became of it, its log record tells.
fn changes(known: &mut HashMap<String, SeenCall>, calls: Vec<SeenCall>, now: Time) -> Vec<SeenCall> {
    let mut before = std::mem::take(known);
    let mut told = Vec::new();
    for call in calls {
        if before.remove(&call.external_id).is_none_or(|it| it.outcome != call.outcome) {
            told.push(call.clone());
        }
        known.insert(call.external_id.clone(), call);
    }
    told.extend(before.into_values().map(|call| ended(call, now)));
    told
}

fn ended(call: SeenCall, now: Time) -> SeenCall {
    let seconds = call.started_at.map_or(0, |start| (now.millis() - start.millis()) / 1_000);
    let outcome = if call.outcome == Outcome::Ringing { Outcome::Unknown } else { call.outcome };
    SeenCall { outcome, duration_seconds: Some(u32::try_from(seconds).unwrap_or(0)), ..call }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::value::RawValue;

    fn call(session: &str, leg: &str) -> SeenCall {
        let json = format!(
            r#"{{"id":"{session}","telephonySessionId":"{session}","startTime":"2026-10-14T01:00:00Z","direction":"Inbound","result":"In Progress","legs":[{{"result":"{leg}"}}]}}"#
        );
        let raw: &RawValue = serde_json::from_str(&json).unwrap();
        going_on(record::entry(raw, "US")).unwrap()
    }

    #[test]
    fn a_call_is_told_when_it_comes_when_it_is_taken_and_when_it_is_no_longer_there() {
        let now = Time::parse("2026-10-14T01:00:30Z").unwrap();
        let mut known = HashMap::new();
        let mut look = |calls: Vec<SeenCall>| -> Vec<(String, Outcome, Option<u32>)> {
            let told = changes(&mut known, calls, now);
            told.into_iter().map(|it| (it.external_id, it.outcome, it.duration_seconds)).collect()
        };
        let is = |id: &str, outcome, seconds| (format!("live-{id}"), outcome, seconds);
        assert_eq!(look(vec![call("a", "In Progress")]), [is("a", Outcome::Ringing, None)]);
        assert_eq!(look(vec![call("a", "In Progress")]), [], "the same is told once");
        let both = vec![call("b", "In Progress"), call("a", "Accepted")];
        assert_eq!(look(both), [is("b", Outcome::Ringing, None), is("a", Outcome::Answered, None)]);
        assert_eq!(look(vec![call("b", "In Progress")]), [is("a", Outcome::Answered, Some(30))]);
        assert_eq!(look(vec![]), [is("b", Outcome::Unknown, Some(30))], "its record tells what became of it");
    }

    #[test]
    fn a_record_without_a_session_cannot_be_followed() {
        let raw: &RawValue = serde_json::from_str(r#"{"id":"a","result":"In Progress"}"#).unwrap();
        assert!(going_on(record::entry(raw, "US")).is_none());
    }
}
