//! The requests we make of the system's REST interface: lists, single rows, and the test of a connection.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use model::connection::{Check, CheckStep, CheckUp};
use model::event::Table;
use model::failure::Problem;
use model::ports::{Opening, Records, Tested};
use model::record::{Resource, Verb};
use model::{Clock, ConnectionId, Failure, Raw, Reason, Why};
use rest::{Dialect, Request, Server, Setup};
use tokio::sync::{Mutex, MutexGuard};
use url::Url;

use crate::live;
use crate::resources::{self, CALLS, CUSTOMERS, Entry, LINES, RESOURCES};
use crate::search;
use crate::times::Zone;
use crate::wire::{self, Page, Row, Said};

/// Where the REST interface is, below the address of the computer.
const BASE: &str = "CTI_SmartConnectService/RestService";
/// How long a list may take.
const USUAL: Duration = Duration::from_secs(30);
/// How long a large part of the call log may take.
const MANY_CALLS: Duration = Duration::from_secs(120);
/// Calls that come within the usual time.
const FEW: u32 = 10_000;
/// Bytes of the longest answer that may be a no instead of rows.
const LONGEST_NO: usize = 4_096;

/// One server.
pub(crate) struct Client {
    server: Server,
    connection: ConnectionId,
    zone: Zone,
    clock: Arc<dyn Clock>,
    is_pushed: bool,
    writing: Mutex<()>,
}

impl Client {
    /// Checks the settings; sends nothing.
    pub(crate) fn open(opening: Opening) -> Result<Self, Failure> {
        let Opening { connection, clock, .. } = opening;
        let zone = Zone::from_setting(connection.settings.get("time-zone").map(String::as_str))?;
        let is_pushed = is_pushed(connection.settings.get("push").map(String::as_str))?;
        let setup = Setup {
            url: with_base(&connection.url),
            allow_http: connection.allow_http,
            limits: Vec::new(),
            clock: clock.clone(),
        };
        let server = Server::new(setup, Usual)?;
        Ok(Self { server, connection: connection.id, zone, clock, is_pushed, writing: Mutex::new(()) })
    }

    /// The zone of times that name none.
    pub(crate) fn zone(&self) -> Zone {
        self.zone
    }

    /// Whether the server may tell that there is something new, besides being asked.
    pub(crate) fn is_pushed(&self) -> bool {
        self.is_pushed
    }

    /// Which connection this is.
    pub(crate) fn connection(&self) -> &ConnectionId {
        &self.connection
    }

    /// The base address of the REST interface.
    pub(crate) fn url(&self) -> &Url {
        self.server.url()
    }

    /// Waits until no other write of this program is on its way to this server: a row is read, changed and sent as one.
    pub(crate) async fn turn_to_write(&self) -> MutexGuard<'_, ()> {
        self.writing.lock().await
    }

    /// The newest `top` calls, newest first; `top` is never 0, which would ask for all.
    pub(crate) async fn newest(&self, top: u32) -> Result<Page, Failure> {
        self.calls(&search::path(top, search::Order::NewestFirst, 0, &[])).await
    }

    /// The calls of a search.
    pub(crate) async fn calls(&self, search: &search::Path) -> Result<Page, Failure> {
        let deadline = if search.top() > FEW { MANY_CALLS } else { USUAL };
        self.page(search.as_str(), deadline).await
    }

    /// Every row of a resource.
    pub(crate) async fn all(&self, entry: &Entry) -> Result<Page, Failure> {
        self.page(entry.path, USUAL).await
    }

    async fn page(&self, path: &str, deadline: Duration) -> Result<Page, Failure> {
        let request = Request::get(path).header("accept", "application/json").deadline(deadline);
        Page::new(self.server.ask(request).await?)
    }

    /// Every call, in windows that grow until one is not filled: the address without a number of rows has no bound at all.
    async fn list_of_calls(&self) -> Result<Page, Failure> {
        let mut window = FEW;
        loop {
            let page = self.newest(window).await?;
            if count(&page, |_| true)? != Some(window as usize) {
                return Ok(page);
            }
            window = window.saturating_mul(10);
        }
    }

    /// The row of a key, as the system has it now.
    pub(crate) async fn one(&self, entry: &Entry, key: u64) -> Result<Option<Raw>, Failure> {
        let page = self.page(&format!("{}/{key}", entry.path), USUAL).await?;
        let rows = page.rows()?.collect::<Result<Vec<_>, _>>()?;
        let same = rows.iter().find(|row| row.number(entry.key) == Some(key));
        // A lone row without its key can only be the one that was asked for; a row with another key is not.
        let lone = || rows.first().filter(|row| rows.len() == 1 && row.key(entry.key).is_none());
        Ok(same.or_else(lone).map(|row| Raw(row.raw.to_owned())))
    }

    /// Sends a write once and reads whether it was done.
    ///
    /// # Errors
    /// [`Failure::Refused`] with the system's words for anything but a yes, [`Failure::Unknown`] where neither can be read.
    pub(crate) async fn write(&self, request: Request) -> Result<(), Failure> {
        let request = request.header("accept", "application/json").content_type("application/json; charset=utf-8");
        let answer = self.server.ask(request).await?;
        let not_understood = || Failure::Unknown(Why::new(Reason::AnswerNotUnderstood, ""));
        let text = answer.text().map_err(|_| not_understood())?;
        match Said::read(&text) {
            Some(Said::Yes) => Ok(()),
            Some(Said::No(words)) => Err(Failure::Refused(Why::new(Reason::SystemRefused, words))),
            None => Err(not_understood()),
        }
    }

    async fn reached(&self) -> Result<usize, Failure> {
        let stranger = || Failure::Refused(Why::new(Reason::NotThisKind, ""));
        match self.page(LINES, USUAL).await.and_then(|page| count(&page, wire::is_line)) {
            Ok(count) => count.ok_or_else(stranger),
            Err(Failure::Refused(why)) if why.reason == Reason::NotFound => Err(stranger()),
            Err(Failure::Surprise(_)) => Err(stranger()),
            Err(other) => Err(other),
        }
    }
}

/// How many rows there are; `None` where one of them is of another kind.
fn count(page: &Page, is_right: impl Fn(&Row<'_>) -> bool) -> Result<Option<usize>, Failure> {
    let mut count = 0;
    for row in page.rows()? {
        if !is_right(&row?) {
            return Ok(None);
        }
        count += 1;
    }
    Ok(Some(count))
}

/// From the setting `push`: `on` or `off`; empty or absent means off.
fn is_pushed(setting: Option<&str>) -> Result<bool, Failure> {
    match setting.map(str::trim).unwrap_or_default() {
        "on" => Ok(true),
        "off" | "" => Ok(false),
        _ => Err(Failure::invalid(Reason::NotUsable, "push")),
    }
}

/// The address of the REST interface from any form in which a person may have entered it.
fn with_base(entered: &str) -> String {
    let entered = entered.trim().trim_end_matches('/');
    let Ok(mut url) = Url::parse(entered) else {
        return entered.to_owned();
    };
    let path = url.path().trim_matches('/').to_owned();
    let lower = path.to_ascii_lowercase();
    if lower.ends_with("restservice") {
        return entered.to_owned();
    }
    let below = if lower.ends_with("cti_smartconnectservice") { "RestService" } else { BASE };
    url.set_path(&format!("{path}/{below}"));
    url.to_string()
}

/// The system says its no as JSON whatever the status; its error pages are HTML, of which nothing is kept.
struct Usual;

impl Dialect for Usual {
    fn failure(&self, answer: &rest::Answer) -> Option<Failure> {
        if answer.bytes().len() > LONGEST_NO {
            return None;
        }
        let text = answer.text().ok()?;
        let words = if answer.is_success() {
            Said::instead_of_rows(&text).filter(|_| Said::read(&text) != Some(Said::Yes))?
        } else {
            match Said::read(&text)? {
                Said::No(words) => words,
                Said::Yes => return None,
            }
        };
        Some(Failure::Refused(Why::new(Reason::SystemRefused, words)))
    }
}

#[async_trait]
impl Tested for Client {
    async fn check_up(&self) -> CheckUp {
        let reached = self.reached().await;
        let goes_on = reached.is_ok();
        let mut steps = vec![step(Check::Reached, reached.map(|count| count.to_string()))];
        if goes_on {
            let calls = self.newest(1).await;
            steps.push(step(Check::ReadCalls, calls.map(|_| String::new())));
            let customers = self.page(CUSTOMERS, USUAL).await.and_then(|page| count(&page, |_| true));
            steps.push(step(Check::ReadCustomers, customers.map(|count| count.unwrap_or(0).to_string())));
            if self.is_pushed {
                let pushed = live::push::can_be_opened(self.url()).await;
                steps.push(step(Check::LiveCalls, pushed.map(|()| String::new())));
            }
        }
        CheckUp { at: self.clock.now(), signed_in_as: None, steps }
    }
}

fn step(what: Check, outcome: Result<String, Failure>) -> CheckStep {
    match outcome {
        Ok(found) => CheckStep { what, found, problem: None },
        Err(failure) => CheckStep { what, found: String::new(), problem: Some(Problem::from(&failure)) },
    }
}

#[async_trait]
impl Records for Client {
    fn resources(&self) -> Vec<Resource> {
        RESOURCES.iter().map(resources::Entry::resource).collect()
    }

    fn shown_as(&self, resource: &str) -> Vec<Table> {
        match resource {
            CUSTOMERS => vec![Table::Customers],
            CALLS => vec![Table::Calls],
            _ => Vec::new(),
        }
    }

    async fn list(&self, resource: &str) -> Result<Vec<Raw>, Failure> {
        let entry = resources::permitted(resource, Verb::List)?;
        let page = if entry.path == CALLS { self.list_of_calls().await? } else { self.all(entry).await? };
        let mut keyed = Vec::new();
        for row in page.rows()? {
            let row = row?;
            keyed.push((row.number(entry.key), Raw(row.raw.to_owned())));
        }
        keyed.sort_by_key(|(key, _)| key.unwrap_or(u64::MAX));
        Ok(keyed.into_iter().map(|(_, raw)| raw).collect())
    }

    async fn get(&self, resource: &str, key: &str) -> Result<Option<Raw>, Failure> {
        let entry = resources::permitted(resource, Verb::Get)?;
        self.one(entry, entry.check_key(key)?).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_may_be_entered_with_or_without_the_path() {
        let check = |entered: &str, expected: &str| assert_eq!(with_base(entered), expected, "{entered}");
        let full = "http://192.168.10.20:55963/CTI_SmartConnectService/RestService";
        check("http://192.168.10.20:55963", full);
        check("http://192.168.10.20:55963/", full);
        check(" http://192.168.10.20:55963/CTI_SmartConnectService/ ", full);
        check(full, full);
        check("http://192.168.10.20:55963/CTI_SmartConnectService/RestService/", full);
        check("https://pbx.example/gate", "https://pbx.example/gate/CTI_SmartConnectService/RestService");
        check("192.168.10.20", "192.168.10.20");
    }
}
