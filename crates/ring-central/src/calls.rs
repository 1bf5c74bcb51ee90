//! The call log in steps: the whole log from the newest call back, then a sync token, then what changed since.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use model::call::SeenCall;
use model::connection::Limitation;
use model::ports::{CallLog, CallStep, Fill};
use model::{Failure, Reason, Time};
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

/// How far the end of a walk stays behind the oldest call of a page: others may have begun in the same second, and nobody says
/// whether the vendor counts its end in.
const SAME_CALLS: Duration = Duration::from_secs(1);

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
    /// Reads the newest calls of a period. Its end is fixed, so that new calls shift nothing, and comes closer with each step, so
    /// that a call which somebody deletes meanwhile shifts nothing either. `query` is there where the end cannot come closer,
    /// because a whole page began in the same second.
    Walk { from: Time, to: Time, query: Option<String> },
    /// Asks for a sync token.
    Begin,
    /// Asks what changed since the token.
    Follow { token: String },
}

/// Which of the vendor's two ways to keep a copy is used.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Way {
    /// `call-log-sync`: what is new, changed and deleted.
    #[default]
    Sync,
    /// `call-log-extract-sync`, where the other is not offered: what is new and changed.
    Extract,
}

impl Way {
    fn list(self) -> &'static str {
        match self {
            Self::Sync => "call-log-sync",
            Self::Extract => "call-log-extract-sync",
        }
    }
}

/// How far a walk has come, for whoever waits for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Walked {
    /// Where its period ended at the beginning.
    to: Time,
    /// Pages read.
    pages: u32,
}

/// How far the log was read; JSON text outside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Cursor {
    scope: Scope,
    /// Everything up to here has been read.
    covered: Time,
    phase: Phase,
    #[serde(default)]
    way: Way,
    #[serde(default)]
    walked: Option<Walked>,
}

impl Cursor {
    /// The whole period since `from`, which is covered once it is walked.
    fn walk(scope: Scope, from: Time, now: Time) -> Self {
        let phase = Phase::Walk { from, to: now, query: None };
        let walked = Some(Walked { to: now, pages: 0 });
        Self { scope, covered: now, phase, way: Way::default(), walked }
    }

    /// What came after `covered`, read page by page, because a sync cannot tell all of it.
    fn catch_up(&self, now: Time) -> Self {
        Self { way: self.way, ..Self::walk(self.scope, self.covered.minus(OVERLAP), now) }
    }

    fn then(&self, phase: Phase) -> Self {
        Self { phase, ..self.clone() }
    }

    fn limitation(&self) -> Option<Limitation> {
        (self.scope == Scope::Own).then_some(Limitation::OwnCallsOnly)
    }
}

/// A page as it was read.
#[derive(Default)]
struct Read {
    calls: Vec<SeenCall>,
    gone: Vec<String>,
    /// How many records there were.
    count: usize,
    not_understood: u64,
    /// The link to the next page, as a query.
    next: Option<String>,
    token: Option<String>,
    has_newer: bool,
}

impl Read {
    fn oldest(&self) -> Option<Time> {
        self.calls.iter().filter_map(|call| call.started_at).min()
    }
}

/// The call log of one account.
pub(crate) struct Log {
    client: Arc<Client>,
    /// Whether this session has asked for the company's log. Whoever gives the right later need not know about a restart.
    has_tried_company: AtomicBool,
}

impl Log {
    pub(crate) fn new(client: Arc<Client>) -> Self {
        Self { client, has_tried_company: AtomicBool::new(false) }
    }

    async fn take(&self, cursor: &Cursor) -> Result<CallStep, Failure> {
        match &cursor.phase {
            Phase::Walk { from, to, query } => self.walk(cursor, (*from, *to), query.as_deref()).await,
            Phase::Begin => match self.begin(cursor).await {
                Err(failure) if cursor.way == Way::Sync && is_not_offered(&failure) => {
                    self.begin(&Cursor { way: Way::Extract, ..cursor.clone() }).await
                }
                other => other,
            },
            Phase::Follow { token } => self.follow(cursor, token).await,
        }
    }

    async fn walk(&self, cursor: &Cursor, (from, to): (Time, Time), query: Option<&str>) -> Result<CallStep, Failure> {
        let pairs = match query {
            Some(query) => url::form_urlencoded::parse(query.as_bytes()).into_owned().collect(),
            None => newest(from, to),
        };
        let read = self.page(cursor.scope.path("call-log"), &pairs).await?;
        let earlier = read.oldest().map(|oldest| oldest.plus(SAME_CALLS)).filter(|end| *end < to);
        let phase = match (&read.next, earlier) {
            (None, _) => Phase::Begin,
            (Some(_), _) if read.count == 0 => Phase::Begin,
            (Some(_), Some(to)) => Phase::Walk { from, to, query: None },
            (Some(next), None) if query == Some(next) => Phase::Begin,
            (Some(next), None) => Phase::Walk { from, to, query: Some(next.clone()) },
        };
        let walked = cursor.walked.map(|it| Walked { pages: it.pages + 1, ..it });
        let fill = walked.and_then(|walked| self.fill(walked, from, read.oldest()));
        let step = step(read, &Cursor { phase, walked, ..cursor.clone() }, true);
        Ok(CallStep { fill, ..step })
    }

    /// How far a walk has come: the part of its period, and as many further pages as that part took.
    fn fill(&self, walked: Walked, from: Time, oldest: Option<Time>) -> Option<Fill> {
        let whole = walked.to.millis() - from.millis();
        let done = walked.to.millis() - oldest?.millis();
        let permille = u16::try_from((done.max(0) * 1_000).checked_div(whole)?.min(1_000)).ok()?;
        let pages = u64::from(walked.pages) * u64::from(1_000 - permille) / u64::from(permille.max(1));
        let left = self.client.span(HEAVY, u32::try_from(pages).unwrap_or(u32::MAX));
        Some(Fill { permille, left: left.filter(|_| permille > 0) })
    }

    async fn begin(&self, cursor: &Cursor) -> Result<CallStep, Failure> {
        let now = self.client.clock.now();
        if cursor.covered < now.minus(LONGEST_SYNC) {
            return Ok(step(Read::default(), &cursor.catch_up(now), true));
        }
        let pairs = [
            pair("syncType", "FSync"),
            pair("recordCount", &PORTION.to_string()),
            pair("view", "Detailed"),
            pair("dateFrom", &cursor.covered.minus(OVERLAP).to_string()),
        ];
        let read = self.page(cursor.scope.path(cursor.way.list()), &pairs).await?;
        let reaches_back = read.count < PORTION || read.oldest().is_none_or(|oldest| oldest <= cursor.covered);
        if cursor.way == Way::Sync && !reaches_back {
            return Ok(step(read, &cursor.catch_up(now), true));
        }
        Ok(followed(read, cursor, now))
    }

    async fn follow(&self, cursor: &Cursor, token: &str) -> Result<CallStep, Failure> {
        let now = self.client.clock.now();
        let mut pairs = vec![pair("syncType", "ISync"), pair("syncToken", token)];
        if cursor.way == Way::Sync {
            pairs.push(pair("showDeleted", "true"));
        }
        match self.page(cursor.scope.path(cursor.way.list()), &pairs).await {
            Err(failure) if is_token_over(&failure) => Ok(step(Read::default(), &cursor.then(Phase::Begin), true)),
            Err(failure) => Err(failure),
            Ok(read) if cursor.way == Way::Sync && read.count >= PORTION => Ok(step(read, &cursor.catch_up(now), true)),
            Ok(read) => Ok(followed(read, cursor, now)),
        }
    }

    async fn page(&self, path: String, pairs: &[(String, String)]) -> Result<Read, Failure> {
        let make = || pairs.iter().fold(Request::get(&path).group(HEAVY), |it, (key, value)| it.query(key, value));
        let page: Page = self.client.ask(make).await?.json()?;
        let sync = page.sync_info.as_ref();
        let mut read = Read {
            count: page.records.len(),
            next: page.navigation.and_then(|it| it.next_page).and_then(|it| next_query(&it.uri)),
            token: sync.and_then(|it| it.sync_token.owned()),
            has_newer: sync.is_some_and(|it| it.newer_records_exist.0 == "true"),
            ..Read::default()
        };
        for raw in &page.records {
            match record::entry(raw, &self.client.region) {
                Entry::Call(call) => {
                    read.not_understood += u64::from(record::is_odd(&call));
                    read.calls.push(*call);
                }
                Entry::Gone(id) => read.gone.push(id),
            }
        }
        Ok(read)
    }

    /// Asks once in a session whether the company's log, which was refused before, is permitted by now.
    async fn is_company_permitted(&self) -> Result<bool, Failure> {
        if self.has_tried_company.swap(true, Ordering::Relaxed) {
            return Ok(false);
        }
        let pairs = [pair("perPage", "1")];
        match self.page(Scope::Company.path("call-log"), &pairs).await {
            Ok(_) => Ok(true),
            Err(failure) if is_company_refused(&failure) => Ok(false),
            Err(failure) => {
                self.has_tried_company.store(false, Ordering::Relaxed);
                Err(failure)
            }
        }
    }
}

/// The end of a sync, unless there is more of it. An answer without a token begins with a new one next time.
fn followed(read: Read, cursor: &Cursor, now: Time) -> CallStep {
    let phase = read.token.clone().map_or(Phase::Begin, |token| Phase::Follow { token });
    let has_more = read.has_newer && matches!(phase, Phase::Follow { .. });
    let covered = if has_more { cursor.covered } else { now };
    step(read, &Cursor { covered, phase, walked: None, ..cursor.clone() }, has_more)
}

fn step(read: Read, cursor: &Cursor, has_more: bool) -> CallStep {
    CallStep {
        calls: read.calls,
        gone: read.gone,
        cursor: text(cursor),
        has_more,
        limitation: cursor.limitation(),
        not_understood: read.not_understood,
        ..CallStep::default()
    }
}

fn text(cursor: &Cursor) -> String {
    serde_json::to_string(cursor).unwrap_or_default()
}

fn pair(key: &str, value: &str) -> (String, String) {
    (key.to_owned(), value.to_owned())
}

fn newest(from: Time, to: Time) -> Vec<(String, String)> {
    vec![
        pair("view", "Detailed"),
        pair("dateFrom", &from.to_string()),
        pair("dateTo", &to.to_string()),
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

/// Whether the vendor does not offer this way to this account.
fn is_not_offered(failure: &Failure) -> bool {
    matches!(failure, Failure::Refused(why) if matches!(why.reason, Reason::NotFound | Reason::NoPermission))
}

#[async_trait]
impl CallLog for Log {
    async fn step(&self, cursor: Option<&str>, since: Option<Time>) -> Result<CallStep, Failure> {
        let now = self.client.clock.now();
        let start = || Cursor::walk(Scope::Company, since.unwrap_or_else(|| now.minus(TWO_YEARS)), now);
        let mut cursor = cursor.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_else(start);
        if cursor.scope == Scope::Own && self.is_company_permitted().await? {
            cursor = start();
        }
        match self.take(&cursor).await {
            Err(failure) if cursor.scope == Scope::Company && is_company_refused(&failure) => {
                self.has_tried_company.store(true, Ordering::Relaxed);
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
