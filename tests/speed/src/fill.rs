//! The real thing: both call logs into the cache, as searchable rows, by the whole console.

use std::path::Path;
use std::time::{Duration, Instant};

use engine::Console;
use model::call::CallFilter;
use model::desk::SyncReport;
use model::{Clock, ConnectionId, Time};
use serde_json::{Value, json};

use crate::office::Office;
use crate::{Outcome, desk, rows};

/// How far back the logs are read: beyond the oldest call that a simulator makes.
const FOUR_YEARS: Duration = Duration::from_secs(4 * 366 * 24 * 3_600);

/// Fills the cache, reads once more when there is nothing new, and tells time, memory, requests and size.
pub(crate) async fn measure(office: &Office, data: &Path) -> Outcome<Value> {
    let (console, ids) = desk::open(office, data).await?;
    for telephones in &office.systems {
        office.forget_requests(telephones).await?;
    }
    let since = shell::SystemClock.now().minus(FOUR_YEARS);
    let begun = Instant::now();
    let calls: u64 = sync(&console, &ids, Some(since)).await?.iter().map(|report| report.calls).sum();
    let seconds = begun.elapsed().as_secs_f64();
    let peak = peak_memory()?;
    // A call that both tell of is one in the whole list, and is there in the list of each.
    let mut listed = 0;
    for id in &ids {
        let filter = CallFilter { connection: Some(id.clone()), ..CallFilter::default() };
        listed += console.calls_page(filter, None, 1).await?.total;
    }
    if listed + 100 < calls {
        return Err(format!("{calls} calls were read and {listed} are listed").into());
    }
    let mut before = Vec::new();
    for telephones in &office.systems {
        before.push(office.requests(telephones).await?.0);
    }
    sync(&console, &ids, None).await?;
    let mut more = Vec::new();
    for (telephones, before) in office.systems.iter().zip(before) {
        more.push(office.requests(telephones).await?.0 - before);
    }
    console.stop();
    drop(console);
    let bytes = rows::size(data)?;
    Ok(json!({ "seconds": seconds, "calls": listed, "peak_kib": peak, "requests_nothing_new": more, "bytes": bytes }))
}

/// Reads all connections at once, as the program does at its start; the first failure ends the measurement.
async fn sync(console: &Console, ids: &[ConnectionId], since: Option<Time>) -> Outcome<Vec<SyncReport>> {
    let reports = console.sync(ids, since).await?;
    match reports.iter().find_map(|report| report.error.as_ref()) {
        Some(problem) => Err(format!("a system could not be read: {problem:?}").into()),
        None => Ok(reports),
    }
}

/// The most memory that this process has had at once, in KiB.
pub(crate) fn peak_memory() -> Outcome<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM")?;
    Ok(line.trim().trim_end_matches("kB").trim().parse()?)
}
