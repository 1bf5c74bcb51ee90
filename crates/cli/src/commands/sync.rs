//! `sync`, with how far it is on standard error.

use std::collections::HashMap;
use std::process::ExitCode;
use std::time::Duration;

use engine::Console;
use futures::StreamExt;
use model::connection::{ConnectionView, Reading};
use model::desk::SyncReport;
use model::event::Event;
use model::{ConnectionId, Failure};
use tokio::time::Instant;

use super::words;
use crate::input;
use crate::output::{Output, Table, clock, exit_code};

/// How often the progress of one connection is told at most.
const PACE: Duration = Duration::from_secs(1);

pub(crate) async fn run(
    console: &Console,
    names: &[String],
    from: Option<&str>,
    output: Output,
) -> Result<ExitCode, Failure> {
    let since = from.map(input::time).transpose()?;
    let mut ids = Vec::new();
    for name in names {
        ids.push(console.connection_named(name).await?.id);
    }
    let telling = tokio::spawn(tell(console.clone(), output));
    let reports = console.sync(&ids, since).await;
    telling.abort();
    let reports = reports?;
    let all = console.connections_list().await?;
    let view = |report: &SyncReport| all.iter().find(|view| Some(&view.id) == report.connection.as_ref());
    for report in &reports {
        view(report).iter().flat_map(|view| remarks(report, view)).for_each(|line| output.progress(&line));
    }
    output.answer(&reports, || {
        let mut table = Table::new(["connection", "calls", "people", "customers", "rooms", "reservations"]);
        for report in &reports {
            let counts = [report.calls, report.people, report.customers, report.rooms, report.reservations];
            let [calls, people, customers, rooms, reservations] = counts.map(|count| count.to_string());
            let name = view(report).map_or_else(String::new, |view| view.name.clone());
            table.row([name, calls, people, customers, rooms, reservations]);
        }
        table
    })?;
    let first = reports.iter().find_map(|report| report.error.as_ref());
    Ok(first.map_or(ExitCode::SUCCESS, |problem| exit_code(problem.code)))
}

/// What has to be said of a sync beside its counts.
fn remarks(report: &SyncReport, view: &ConnectionView) -> Vec<String> {
    let mut lines: Vec<String> = report.error.iter().map(|problem| problem.message.clone()).collect();
    lines.extend(view.limitations.iter().map(|it| words::limitation(*it).to_owned()));
    if report.not_understood > 0 {
        let count = words::grouped(report.not_understood);
        lines.push(format!("{count} records could not be understood. They are kept untouched; doctor says more."));
    }
    lines.into_iter().map(|line| format!("{}: {line}", view.name)).collect()
}

/// Tells how far the first fills are until it is ended.
async fn tell(console: Console, output: Output) {
    let mut events = console.subscribe();
    let mut progress = Progress::default();
    while let Some(event) = events.next().await {
        if let Event::Connections { connections } = event {
            for view in &connections {
                if let Some(line) = view.reading.and_then(|reading| progress.line(view, reading, Instant::now())) {
                    output.progress(&line);
                }
            }
        }
    }
}

/// What was told last of each connection.
#[derive(Default)]
struct Progress(HashMap<ConnectionId, (u16, Instant)>);

impl Progress {
    /// A line, where there is a new percent to tell and the last one was told a while ago.
    fn line(&mut self, view: &ConnectionView, reading: Reading, now: Instant) -> Option<String> {
        let percent = reading.permille / 10;
        if let Some((told, at)) = self.0.get(&view.id)
            && (*told == percent || now.duration_since(*at) < PACE)
        {
            return None;
        }
        self.0.insert(view.id.clone(), (percent, now));
        let calls = words::grouped(reading.calls);
        let end = reading.ends_at.map_or_else(String::new, |at| format!(", done by about {}", clock(at)));
        Some(format!("{}: {calls} calls, {percent} %{end}", view.name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::connection::{Limitation, State};

    fn view(limitations: Vec<Limitation>) -> ConnectionView {
        ConnectionView {
            id: "c1".into(),
            name: "Office".into(),
            system: "pbx".into(),
            url: String::new(),
            settings: [].into(),
            state: State::Reading,
            last_ok_at: None,
            problem: None,
            is_plain_http: false,
            secrets: vec![],
            reading: None,
            limitations,
            not_understood: 0,
        }
    }

    #[tokio::test(start_paused = true)]
    async fn progress_is_told_once_a_percent_and_once_a_second() {
        let (view, mut progress) = (view(vec![]), Progress::default());
        let mut line = |calls: u64, permille: u16| {
            progress.line(&view, Reading { calls, permille, ends_at: None }, Instant::now())
        };
        assert_eq!(line(12_300, 400).as_deref(), Some("Office: 12,300 calls, 40 %"));
        assert_eq!(line(12_600, 419), None, "in the same second");
        tokio::time::advance(PACE).await;
        assert_eq!(line(12_700, 409), None, "the same percent");
        assert_eq!(line(12_800, 410).as_deref(), Some("Office: 12,800 calls, 41 %"));
    }

    #[test]
    fn what_is_read_in_part_or_not_understood_is_said_in_words() {
        let report = SyncReport { not_understood: 3, ..SyncReport::default() };
        let lines = remarks(&report, &view(vec![Limitation::OwnCallsOnly]));
        assert!(lines[0].starts_with("Office: Only the calls of the person who is signed in"), "{lines:?}");
        assert!(lines[1].starts_with("Office: 3 records could not be understood"), "{lines:?}");
        assert_eq!(remarks(&SyncReport::default(), &view(vec![])), [""; 0]);
    }
}
