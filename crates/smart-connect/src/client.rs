//! The requests we make of the system's REST interface: lists, single rows, and the test of a connection.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use model::connection::{Check, CheckStep, CheckUp};
use model::customer::Customer;
use model::failure::Problem;
use model::ports::{Customers, Opening, Records, Tested};
use model::record::{Resource, Verb};
use model::{Clock, ConnectionId, Failure, Raw, Reason, Why};
use rest::{Dialect, Request, Server, Setup};
use serde_json::value::RawValue;
use url::Url;

use crate::resources::{self, CALLS, CUSTOMERS, LINES, RESOURCES};
use crate::times::Zone;
use crate::wire;

/// Where the REST interface is, below the address of the computer.
const BASE: &str = "CTI_SmartConnectService/RestService";
/// How long a list may take.
const USUAL: Duration = Duration::from_secs(30);
/// How long the whole call log may take.
const WHOLE_LOG: Duration = Duration::from_secs(120);

/// One server.
pub(crate) struct Client {
    server: Server,
    connection: ConnectionId,
    zone: Zone,
    clock: Arc<dyn Clock>,
}

impl Client {
    /// Checks the settings; sends nothing.
    pub(crate) fn open(opening: Opening) -> Result<Self, Failure> {
        let Opening { connection, clock, .. } = opening;
        let zone = Zone::from_setting(connection.settings.get("time-zone").map(String::as_str))?;
        let setup = Setup {
            url: with_base(&connection.url),
            allow_http: connection.allow_http,
            limits: Vec::new(),
            clock: clock.clone(),
        };
        Ok(Self { server: Server::new(setup, Usual)?, connection: connection.id, zone, clock })
    }

    /// The zone of times that name none.
    pub(crate) fn zone(&self) -> Zone {
        self.zone
    }

    /// The newest `top` calls, or all of them where `top` is 0, handed to `read` newest first.
    ///
    /// Always asked with a number of rows; `/ReceivedCall-Record` alone would be unbounded.
    pub(crate) async fn calls<T: Send>(
        &self,
        top: u32,
        read: impl FnOnce(&[&RawValue]) -> T + Send,
    ) -> Result<T, Failure> {
        let deadline = if top == 0 { WHOLE_LOG } else { USUAL };
        self.rows_within(&format!("{CALLS}/{top}/True/0/Null"), deadline, read).await
    }

    async fn rows<T: Send>(&self, path: &str, read: impl FnOnce(&[&RawValue]) -> T + Send) -> Result<T, Failure> {
        self.rows_within(path, USUAL, read).await
    }

    async fn rows_within<T: Send>(
        &self,
        path: &str,
        deadline: Duration,
        read: impl FnOnce(&[&RawValue]) -> T + Send,
    ) -> Result<T, Failure> {
        let request = Request::get(path).header("accept", "application/json").deadline(deadline);
        let answer = self.server.ask(request).await?;
        let text = answer.text()?;
        let list = wire::Answer::read(&text)?;
        let rows = list.rows()?;
        // Every table has a key. An object without any is a message of something in between, not a row.
        if !rows.is_empty()
            && !rows.iter().any(|row| resources::KEYS.iter().any(|key| wire::key_of(row, key).is_some()))
        {
            return Err(Failure::surprise(format!("$[0].{}", resources::KEYS[0])));
        }
        Ok(read(&rows))
    }

    async fn reached(&self) -> Result<usize, Failure> {
        let stranger = || Failure::Refused(Why::new(Reason::NotThisKind, ""));
        let counted = self.rows(LINES, |rows| rows.iter().all(|row| wire::is_line(row)).then_some(rows.len())).await;
        match counted {
            Ok(count) => count.ok_or_else(stranger),
            Err(Failure::Refused(why)) if why.reason == Reason::NotFound => Err(stranger()),
            Err(Failure::Surprise(_)) => Err(stranger()),
            Err(other) => Err(other),
        }
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

/// The system says nothing differently from HTTP; its error pages are HTML, of which nothing is kept.
struct Usual;

impl Dialect for Usual {}

#[async_trait]
impl Tested for Client {
    async fn check_up(&self) -> CheckUp {
        let reached = self.reached().await;
        let goes_on = reached.is_ok();
        let mut steps = vec![step(Check::Reached, reached.map(|count| count.to_string()))];
        if goes_on {
            let calls = self.calls(1, |rows| rows.len()).await;
            steps.push(step(Check::ReadCalls, calls.map(|_| String::new())));
            let customers = self.rows(CUSTOMERS, |rows| rows.len()).await;
            steps.push(step(Check::ReadCustomers, customers.map(|count| count.to_string())));
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
impl Customers for Client {
    async fn customers(&self) -> Result<Vec<Customer>, Failure> {
        self.rows(CUSTOMERS, |rows| wire::customers(rows, &self.connection)).await
    }
}

#[async_trait]
impl Records for Client {
    fn resources(&self) -> Vec<Resource> {
        RESOURCES.iter().map(resources::Entry::resource).collect()
    }

    async fn list(&self, resource: &str) -> Result<Vec<Raw>, Failure> {
        let entry = resources::permitted(resource, Verb::List)?;
        self.rows(entry.path, |rows| {
            let number = |row: &RawValue| wire::key_of(row, entry.key).and_then(|key| key.parse::<u64>().ok());
            let mut keyed: Vec<_> = rows.iter().map(|row| (number(row), Raw(row.get().to_owned()))).collect();
            keyed.sort_by_key(|(key, _)| key.unwrap_or(u64::MAX));
            keyed.into_iter().map(|(_, raw)| raw).collect()
        })
        .await
    }

    async fn get(&self, resource: &str, key: &str) -> Result<Option<Raw>, Failure> {
        let entry = resources::permitted(resource, Verb::Get)?;
        let wanted = entry.check_key(key)?.to_string();
        self.rows(&format!("{}/{wanted}", entry.path), |rows| {
            let same = |row: &&&RawValue| wire::key_of(row, entry.key).as_deref() == Some(wanted.as_str());
            let row = rows.iter().find(same).or_else(|| rows.first());
            row.map(|row| Raw(row.get().to_owned()))
        })
        .await
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
