//! `bulk`: many messages planned from a file, sent, and taken up where they were left.

use std::process::ExitCode;
use std::time::Duration;

use engine::Console;
use model::bulk::{
    self, BulkCounts, BulkDecision, BulkDraft, BulkLane, BulkNews, BulkOptions, BulkProblemCount, BulkQuery, BulkShow,
    BulkSource, BulkState,
};
use model::failure::Code;
use model::message::Recipient;
use model::{BulkId, Failure, Time};
use serde::Serialize;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use crate::args::{Bulk, PlanBulk, Show};
use crate::input;
use crate::output::{Output, Table, exit_code, local, word};

/// How long a system that cannot be reached is tried again before the run ends.
const PATIENCE: Duration = Duration::from_secs(300);

/// A plan as it is printed.
#[derive(Serialize)]
struct Shown<'a> {
    id: &'a BulkId,
    title: &'a str,
    state: BulkState,
    #[serde(flatten)]
    counts: BulkCounts,
    problems: &'a [BulkProblemCount],
    lanes: &'a [BulkLane],
    started_at: Option<Time>,
    ended_at: Option<Time>,
    finishes_at: Option<Time>,
}

pub(crate) async fn run(console: &Console, command: Bulk, output: Output) -> Result<ExitCode, Failure> {
    let who = shell::user_name();
    match command {
        Bulk::Plan(plan) => planned(console, plan, output).await,
        Bulk::Run { id } => {
            let (id, (sender, sent)) = (BulkId(id), unbounded_channel());
            told(console, &id, output, sent, console.bulk_run_here(&id, &who, sender, Some(PATIENCE))).await
        }
        Bulk::Retry { id, unknown } => {
            let (id, (sender, sent)) = (BulkId(id), unbounded_channel());
            let retry = console.bulk_retry_here(&id, unknown, &who, sender, Some(PATIENCE));
            told(console, &id, output, sent, retry).await
        }
        Bulk::Status { id } => shown(&console.bulk_get(&BulkId(id)).await?, output),
        Bulk::Pause { id } => shown(&console.bulk_pause(&BulkId(id)).await?, output),
        Bulk::Stop { id } => shown(&console.bulk_stop(&BulkId(id)).await?, output),
        Bulk::List => {
            let all = console.bulk_list().await?;
            let lines: Vec<Shown<'_>> = all.iter().map(view).collect();
            output.answer(&lines, || table(&all))
        }
        Bulk::Rows { id, show, offset } => rows(console, &BulkId(id), show, offset, output).await,
        Bulk::Decide { id, row, arrived, leave: _ } => {
            let decision = if arrived { BulkDecision::Arrived } else { BulkDecision::Leave };
            let row = console.bulk_decide(&BulkId(id), row, decision, &who).await?;
            output.answer(&row, || Table::line(format!("{} {}", row.state.word(), row.detail)))
        }
        Bulk::Remove { id } => {
            console.bulk_remove(&BulkId(id.clone())).await?;
            output.answer(&serde_json::json!({ "id": id }), || Table::line("removed"))
        }
    }
}

async fn planned(console: &Console, plan: PlanBulk, output: Output) -> Result<ExitCode, Failure> {
    let connection = console.connection_named(&plan.connection).await?.id;
    let name = plan.file.file_name().map(|it| it.to_string_lossy().into_owned()).unwrap_or_default();
    let options = BulkOptions {
        by_batch: plan.by_batch,
        gap_ms: plan.gap,
        sends_to_unknown: plan.to_unknown,
        skips_guests: plan.skip_guests,
        skips_got_before: plan.skip_got_before,
    };
    let source = BulkSource::File { connection, name, bytes: input::bytes(&plan.file)?, text: plan.text };
    let bulk = console.bulk_plan(BulkDraft { title: plan.title, source, options }, &shell::user_name()).await?;
    shown(&bulk, output)?;
    // A plan of nothing is a file that cannot be used.
    Ok(if bulk.counts.total == 0 { exit_code(Code::Invalid) } else { ExitCode::SUCCESS })
}

async fn rows(console: &Console, id: &BulkId, show: Show, offset: u32, output: Output) -> Result<ExitCode, Failure> {
    let show = match show {
        Show::All => BulkShow::All,
        Show::NeedsYou => BulkShow::NeedsYou,
        Show::Waiting => BulkShow::Waiting,
        Show::Delivered => BulkShow::Delivered,
    };
    let page = console.bulk_rows(id, BulkQuery { show, offset, ..BulkQuery::default() }).await?;
    output.answer(&page, || {
        let mut table = Table::new(["row", "line", "to", "state", "at", "detail", "found"]);
        for it in &page.rows {
            let found: Vec<&str> = it.found.iter().map(|one| one.kind.word()).collect();
            let line = it.line.map(|line| line.to_string()).unwrap_or_default();
            let state = it.state.word().to_owned();
            let at = local(it.at);
            table.row([it.position.to_string(), line, address(&it.to), state, at, it.detail.clone(), found.join(", ")]);
        }
        table
    })
}

/// Runs until nothing goes on, printing each message as it is settled. An interruption pauses the plan.
async fn told(
    console: &Console,
    id: &BulkId,
    output: Output,
    mut sent: UnboundedReceiver<BulkNews>,
    run: impl Future<Output = Result<bulk::Bulk, Failure>>,
) -> Result<ExitCode, Failure> {
    tokio::pin!(run);
    let mut is_read = true;
    let bulk = loop {
        tokio::select! {
            ended = &mut run => break ended?,
            Some(news) = sent.recv() => print(&news, output, &mut is_read)?,
            Ok(()) = tokio::signal::ctrl_c() => {
                output.progress("It stops once what is being sent is settled.");
                console.bulk_pause(id).await?;
            }
        }
    };
    while let Ok(news) = sent.try_recv() {
        print(&news, output, &mut is_read)?;
    }
    output.progress(&summary(&bulk));
    let is_signed_out =
        bulk.lanes.iter().filter_map(|it| it.rest.as_ref()).any(|it| it.problem.code == Code::SignedOut);
    Ok(if bulk.counts.unknown > 0 {
        exit_code(Code::UnknownOutcome)
    } else if is_signed_out {
        exit_code(Code::SignedOut)
    } else if bulk.counts.refused > 0 || bulk.state != BulkState::Done {
        exit_code(Code::Refused)
    } else {
        ExitCode::SUCCESS
    })
}

/// Prints one message. A reader that has gone wants no more, which must not end the sending.
fn print(news: &BulkNews, output: Output, is_read: &mut bool) -> Result<(), Failure> {
    if *is_read {
        let words = || format!("{} {} {} {}", news.position, address(&news.to), word(&news.state), news.detail);
        *is_read = output.line(news, words)?;
    }
    Ok(())
}

fn summary(bulk: &bulk::Bulk) -> String {
    let BulkCounts { sent, total, refused, unknown, waiting, paused, .. } = bulk.counts;
    let mut words =
        format!("{sent} of {total} sent, {refused} refused, {unknown} unknown, {} waiting.", waiting + paused);
    for lane in &bulk.lanes {
        if let Some(rest) = &lane.rest {
            words.push_str(&format!(" {}: {}", lane.connection, rest.problem.message));
        }
    }
    if bulk.state == BulkState::Paused {
        words.push_str(&format!(" bulk run {} goes on from here.", bulk.id));
    }
    words
}

fn shown(bulk: &bulk::Bulk, output: Output) -> Result<ExitCode, Failure> {
    output.answer(&view(bulk), || {
        let mut words = format!("{} {} {}", bulk.id, word(&bulk.state), summary(bulk));
        for it in &bulk.problems {
            words.push_str(&format!(" {}: {} ({} left out).", it.kind.word(), it.rows, it.excluded));
        }
        if bulk.finishes_at.is_some() {
            words.push_str(&format!(" Ends at {}.", local(bulk.finishes_at)));
        }
        Table::line(words)
    })
}

fn view(bulk: &bulk::Bulk) -> Shown<'_> {
    Shown {
        id: &bulk.id,
        title: &bulk.title,
        state: bulk.state,
        counts: bulk.counts,
        problems: &bulk.problems,
        lanes: &bulk.lanes,
        started_at: bulk.started_at,
        ended_at: bulk.ended_at,
        finishes_at: bulk.finishes_at,
    }
}

fn table(all: &[bulk::Bulk]) -> Table {
    let mut table = Table::new(["id", "title", "state", "sent", "of", "made"]);
    for it in all {
        let (sent, total) = (it.counts.sent.to_string(), it.counts.total.to_string());
        table.row([it.id.0.clone(), it.title.clone(), word(&it.state), sent, total, local(Some(it.created_at))]);
    }
    table
}

fn address(to: &Recipient) -> String {
    match to {
        Recipient::People(people) => people.join(","),
        Recipient::Room(room) => room.clone(),
    }
}
