//! The call log in steps: the whole log page by page, then a sync token, then what changed since.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use model::ports::{CallLog, CallStep};
use model::{Failure, Time};
use rest::Request;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::client::{Client, HEAVY, is_company_refused};
use crate::record::{self, Entry};
use crate::wire::{Page, Text};

/// Records of one request: the most that a sync gives, and what detailed pages were limited to for years.
const PORTION: usize = 250;
const DAY: Duration = Duration::from_secs(24 * 3_600);
/// How far back a first fill goes where nothing else is asked for.
const TWO_YEARS: Duration = DAY.saturating_mul(731);
/// The vendor's sync goes back 30 days at most; a little less, because its clock is not ours.
const LONGEST_SYNC: Duration = DAY.saturating_mul(29);
/// Calls appear only after they have ended, so that one which began hours ago may be new.
const OVERLAP: Duration = Duration::from_secs(6 * 3_600);

/// Whose log is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Scope {
    /// Everybody's.
    Company,
    /// Only that of the signed-in person, where the company's is not permitted.
    Own,
}

impl Scope {
    fn path(self, list: &str) -> String {
        match self {
            Self::Company => format!("restapi/v1.0/account/~/{list}"),
            Self::Own => format!("restapi/v1.0/account/~/extension/~/{list}"),
        }
    }
}

/// What the next step does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Phase {
    /// Reads another page of a period. Its end is fixed, so that new calls do not shift the pages.
    Walk { from: Time, to: Time, query: Option<String> },
    /// Asks for a sync token.
    Begin,
    /// Asks what changed since the token.
    Follow { token: String },
}

/// How far the log was read; JSON text outside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Cursor {
    scope: Scope,
    /// Everything up to here has been read.
    covered: Time,
    phase: Phase,
}

impl Cursor {
    /// The whole period since `from`, which is covered once it is walked.
    fn walk(scope: Scope, from: Time, now: Time) -> Self {
        Self { scope, covered: now, phase: Phase::Walk { from, to: now, query: None } }
    }

    /// What came after `covered`, read page by page, because a sync cannot tell all of it.
    fn catch_up(&self, now: Time) -> Self {
        Self::walk(self.scope, self.covered.minus(OVERLAP), now)
    }
}

/// The call log of one account.
pub(crate) struct Log {
    client: Arc<Client>,
}

impl Log {
    pub(crate) fn new(client: Arc<Client>) -> Self {
        Self { client }
    }

    async fn take(&self, cursor: &Cursor) -> Result<CallStep, Failure> {
        match &cursor.phase {
            Phase::Walk { from, to, query } => self.walk(cursor, (*from, *to), query.as_deref()).await,
            Phase::Begin => self.begin(cursor).await,
            Phase::Follow { token } => self.follow(cursor, token).await,
        }
    }

    async fn walk(&self, cursor: &Cursor, (from, to): (Time, Time), query: Option<&str>) -> Result<CallStep, Failure> {
        let pairs = match query {
            Some(query) => url::form_urlencoded::parse(query.as_bytes()).into_owned().collect(),
            None => first_page(from, to),
        };
        let page = self.page(cursor.scope.path("call-log"), &pairs).await?;
        let next = page.navigation.as_ref().and_then(|it| it.next_page.as_ref()).and_then(|it| next_query(&it.uri));
        let goes_on = next.is_some() && next.as_deref() != query && !page.records.is_empty();
        let phase = if goes_on { Phase::Walk { from, to, query: next } } else { Phase::Begin };
        Ok(self.step(&page, &Cursor { phase, ..cursor.clone() }, true))
    }

    async fn begin(&self, cursor: &Cursor) -> Result<CallStep, Failure> {
        let now = self.client.clock.now();
        if cursor.covered < now.minus(LONGEST_SYNC) {
            return Ok(CallStep { cursor: text(&cursor.catch_up(now)), has_more: true, ..CallStep::default() });
        }
        let pairs = vec![
            pair("syncType", "FSync"),
            pair("recordCount", &PORTION.to_string()),
            pair("view", "Detailed"),
            pair("dateFrom", &cursor.covered.minus(OVERLAP).to_string()),
        ];
        let page = self.page(cursor.scope.path("call-log-sync"), &pairs).await?;
        let started = |call: &record::Entry| match call {
            Entry::Call(call) => call.started_at,
            Entry::Gone(_) => None,
        };
        let entries = page.records.iter().map(|raw| record::entry(raw, &self.client.region));
        let oldest = entries.filter_map(|entry| started(&entry)).min();
        if page.records.len() >= PORTION && oldest.is_some_and(|oldest| oldest > cursor.covered) {
            return Ok(self.step(&page, &cursor.catch_up(now), true));
        }
        Ok(self.followed(&page, cursor, now))
    }

    async fn follow(&self, cursor: &Cursor, token: &str) -> Result<CallStep, Failure> {
        let now = self.client.clock.now();
        let pairs = vec![pair("syncType", "ISync"), pair("syncToken", token), pair("showDeleted", "true")];
        match self.page(cursor.scope.path("call-log-sync"), &pairs).await {
            Err(failure) if is_token_over(&failure) => {
                let cursor = Cursor { phase: Phase::Begin, ..cursor.clone() };
                Ok(CallStep { cursor: text(&cursor), has_more: true, ..CallStep::default() })
            }
            Err(failure) => Err(failure),
            Ok(page) if page.records.len() >= PORTION => Ok(self.step(&page, &cursor.catch_up(now), true)),
            Ok(page) => Ok(self.followed(&page, cursor, now)),
        }
    }

    /// The end of a sync. An answer without a token begins with a new one next time.
    fn followed(&self, page: &Page, cursor: &Cursor, now: Time) -> CallStep {
        let token = page.sync_info.as_ref().and_then(|it| it.sync_token.owned());
        let phase = token.map_or(Phase::Begin, |token| Phase::Follow { token });
        self.step(page, &Cursor { scope: cursor.scope, covered: now, phase }, false)
    }

    async fn page(&self, path: String, pairs: &[(String, String)]) -> Result<Page, Failure> {
        let make = || pairs.iter().fold(Request::get(&path).group(HEAVY), |it, (key, value)| it.query(key, value));
        self.client.ask(make).await?.json()
    }

    fn step(&self, page: &Page, cursor: &Cursor, has_more: bool) -> CallStep {
        let mut step = CallStep { cursor: text(cursor), has_more, ..CallStep::default() };
        for raw in &page.records {
            match record::entry(raw, &self.client.region) {
                Entry::Call(call) => step.calls.push(*call),
                Entry::Gone(id) => step.gone.push(id),
            }
        }
        step
    }
}

fn text(cursor: &Cursor) -> String {
    serde_json::to_string(cursor).unwrap_or_default()
}

fn pair(key: &str, value: &str) -> (String, String) {
    (key.to_owned(), value.to_owned())
}

fn first_page(from: Time, to: Time) -> Vec<(String, String)> {
    vec![
        pair("view", "Detailed"),
        pair("dateFrom", &from.to_string()),
        pair("dateTo", &to.to_string()),
        pair("page", "1"),
        pair("perPage", &PORTION.to_string()),
    ]
}

/// The query of the link to the next page. Its host is not followed: only ours is asked.
fn next_query(uri: &Text) -> Option<String> {
    let uri = uri.some()?;
    match Url::parse(uri) {
        Ok(url) => url.query().map(str::to_owned),
        Err(_) => uri.split_once('?').map(|(_, query)| query.to_owned()),
    }
}

/// The vendor's ways to say that a sync has to begin anew.
fn is_token_over(failure: &Failure) -> bool {
    let words = &failure.why().words;
    let codes = ["CLG-101", "CLG-102", "CLG-103", "CLG-104", "CLG-105"];
    let is_refused = matches!(failure, Failure::Refused(_));
    is_refused && (codes.iter().any(|code| words.starts_with(code)) || words.contains("max sync record number"))
}

#[async_trait]
impl CallLog for Log {
    async fn step(&self, cursor: Option<&str>, since: Option<Time>) -> Result<CallStep, Failure> {
        let now = self.client.clock.now();
        let start = || Cursor::walk(Scope::Company, since.unwrap_or_else(|| now.minus(TWO_YEARS)), now);
        let cursor = cursor.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_else(start);
        match self.take(&cursor).await {
            Err(failure) if cursor.scope == Scope::Company && is_company_refused(&failure) => {
                let from = match cursor.phase {
                    Phase::Walk { from, .. } => from,
                    Phase::Begin | Phase::Follow { .. } => cursor.covered.minus(OVERLAP),
                };
                self.take(&Cursor::walk(Scope::Own, from, now)).await
            }
            other => other,
        }
    }
}
