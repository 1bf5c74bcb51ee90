//! One connection's part of a run: message after message, or several in one request, at the pace that its system allows. A lane that
//! rests holds no other.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use model::bulk::{BulkNews, BulkRest, BulkState};
use model::failure::Problem;
use model::message::{DeliveryState, Draft, Message, Receipt};
use model::ports::{Batches, Chat};
use model::{ConnectionId, Failure, Reason, Why};
use store::bulk_rows::{Outgoing, Settled};
use store::bulks::Plan;
use tokio::time::Instant;

use super::outlook::gap;
use super::run::Running;
use crate::console::Console;
use crate::outbox::{End as Outcome, LEASE, Waits, reached};
use crate::retry;

/// The most messages of one request.
pub(crate) const MOST_AT_ONCE: usize = 50;
/// Rows read ahead.
const AHEAD: u32 = 200;
/// How often a lane that rests looks whether the plan still runs.
const LOOKS: Duration = Duration::from_millis(500);
/// A rest that is shorter is no news.
const NEWS: Duration = Duration::from_secs(2);
/// So many requests in a row without an answer, and a person has to look before more leave.
const MOST_DOUBTS: u32 = 5;
/// How often the health of the connection is written down while nothing changes.
const NOTED: Duration = Duration::from_secs(10);

/// Why a lane ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// Nothing waits any more, or the plan does not run any more.
    Over,
    /// A person has to do something first.
    Stuck,
}

/// What comes after a request.
enum After {
    Next,
    /// Wait, and try from this position again.
    Rest(Duration, Problem, u32),
    Stuck(Problem),
}

/// What messages leave through.
struct Way {
    /// What every message has besides text, recipient and mentions.
    pattern: Draft,
    chat: Arc<dyn Chat>,
    batches: Option<Arc<dyn Batches>>,
}

pub(crate) struct Lane {
    console: Console,
    plan: Plan,
    running: Arc<Running>,
    connection: ConnectionId,
    /// Settled, and not written down yet: that goes with the next claim.
    settled: Vec<(Outgoing, Settled)>,
    asked: Option<Instant>,
    doubts: u32,
    /// Attempts in a row that did not reach the system, and when the first of them was.
    failures: u32,
    failing_since: Option<Instant>,
    noted: Option<(bool, Instant)>,
}

impl Lane {
    pub(crate) fn new(console: &Console, plan: &Plan, running: &Arc<Running>, connection: &ConnectionId) -> Self {
        Self {
            console: console.clone(),
            plan: plan.clone(),
            running: running.clone(),
            connection: connection.clone(),
            settled: Vec::new(),
            asked: None,
            doubts: 0,
            failures: 0,
            failing_since: None,
            noted: None,
        }
    }

    /// Sends until nothing waits.
    pub(crate) async fn go(mut self) -> End {
        let outcome = self.send_all().await;
        // Whatever ended it, what was settled is written down.
        let kept = self.flush().await;
        let end = match outcome.and_then(|end| kept.map(|()| end)) {
            Ok(end) => end,
            Err(failure) => {
                tracing::error!(reason = ?failure.why().reason, "a plan could not go on");
                self.note_rest(None, Some(Problem::from(&failure))).await;
                End::Stuck
            }
        };
        self.console.tell_bulks();
        end
    }

    async fn send_all(&mut self) -> Result<End, Failure> {
        let way = match self.way().await {
            Ok(way) => way,
            Err(failure) => {
                self.note_rest(None, Some(Problem::from(&failure))).await;
                return Ok(End::Stuck);
            }
        };
        self.note_rest(None, None).await;
        let at_once = if way.batches.is_some() { MOST_AT_ONCE } else { 1 };
        let (mut queue, mut after) = (VecDeque::new(), 0);
        loop {
            if queue.is_empty() {
                queue = self.waiting(after).await?;
                if queue.is_empty() {
                    self.flush().await?;
                    if after == 0 {
                        return Ok(End::Over);
                    }
                    // What was put back, or taken up again, stands further up.
                    after = 0;
                    continue;
                }
            }
            if !self.wait_for_turn(&way).await? {
                return Ok(End::Over);
            }
            let next: Vec<Outgoing> = queue.drain(..at_once.min(queue.len())).collect();
            after = next.last().map_or(after, |it| it.position);
            let Some(claimed) = self.step(next).await? else { return Ok(End::Over) };
            if claimed.is_empty() {
                continue;
            }
            let outcomes = self.leave(&way, &claimed).await;
            match self.take(claimed, outcomes).await {
                After::Next => {}
                After::Rest(wait, problem, position) => {
                    if !self.rest(wait, Some(problem)).await? {
                        return Ok(End::Over);
                    }
                    queue.clear();
                    after = position.saturating_sub(1);
                }
                After::Stuck(problem) => {
                    self.flush().await?;
                    self.note_rest(None, Some(problem)).await;
                    return Ok(End::Stuck);
                }
            }
        }
    }

    async fn way(&self) -> Result<Way, Failure> {
        let chat = self.console.bulk_chat(&self.connection).await?;
        let batches = self.console.session(&self.connection).await?.batches;
        let pattern = self.console.bulk_pattern(&self.plan, &self.connection).await?;
        Ok(Way { pattern, chat, batches: batches.filter(|_| self.plan.options.by_batch) })
    }

    async fn waiting(&mut self, after: u32) -> Result<VecDeque<Outgoing>, Failure> {
        // What is not written down yet would be found again.
        if after == 0 {
            self.flush().await?;
        }
        let (id, connection) = (self.plan.id.clone(), self.connection.clone());
        let read = move |r: &store::Reader<'_>| store::bulk_rows::waiting(r, &id, &connection, after, AHEAD);
        Ok(self.console.0.store.read(read).await?.into())
    }

    /// Waits until the next request may leave. `false`: the plan does not run any more.
    async fn wait_for_turn(&mut self, way: &Way) -> Result<bool, Failure> {
        let pace = way.chat.pace();
        let ready = Duration::from_millis(pace.ready_in_ms.into());
        let gap = Duration::from_millis(gap(&pace, self.plan.options.gap_ms).into());
        let apart = self.asked.map_or(Duration::ZERO, |at| gap.saturating_sub(at.elapsed()));
        if ready.is_zero() && apart.is_zero() {
            return Ok(true);
        }
        let limit = Failure::SlowDown(ready, Why::new(Reason::LimitReached, ""));
        self.rest(ready.max(apart), (ready > apart).then(|| Problem::from(&limit))).await
    }

    /// Writes down what was settled and claims the next; those that were claimed, or `None` where the plan does not run any more.
    async fn step(&mut self, next: Vec<Outgoing>) -> Result<Option<Vec<Outgoing>>, Failure> {
        let settled: Vec<Settled> = self.settled.iter().map(|(_, it)| it.clone()).collect();
        let ids: Vec<_> = next.iter().map(|it| it.delivery.clone()).collect();
        let (id, now) = (self.plan.id.clone(), self.console.now());
        // Not announced: windows would be told of every single message.
        let write = move |w: &mut store::Writer<'_>| store::bulk_rows::step(w, &id, &settled, &ids, now, LEASE);
        let claimed = self.console.0.store.write(write).await?.value;
        self.tell_settled();
        Ok(claimed.map(|ids| next.into_iter().filter(|it| ids.contains(&it.delivery)).collect()))
    }

    /// Writes down what was settled.
    async fn flush(&mut self) -> Result<(), Failure> {
        if !self.settled.is_empty() {
            self.step(Vec::new()).await?;
        }
        Ok(())
    }

    /// Tells what was written down.
    fn tell_settled(&mut self) {
        let now = self.console.now();
        let settled = std::mem::take(&mut self.settled).into_iter();
        let news = settled.filter(|(_, it)| it.state != DeliveryState::Waiting).map(|(row, it)| BulkNews {
            id: it.delivery,
            position: row.position,
            connection: self.connection.clone(),
            to: row.to,
            state: it.state,
            detail: it.detail,
            problem: it.problem,
            at: now,
        });
        self.running.settled(&self.connection, news.collect());
        self.console.tell_bulks_now_and_then(&self.running);
    }

    /// Sends what was claimed, and keeps the claim for as long as that takes.
    async fn leave(&mut self, way: &Way, rows: &[Outgoing]) -> Vec<Result<Receipt, Failure>> {
        self.asked = Some(Instant::now());
        let messages: Vec<Message> = rows.iter().map(|row| message(&way.pattern, row)).collect();
        let sending = async {
            match (&way.batches, messages.as_slice()) {
                (None, [message]) => vec![way.chat.send(message).await],
                (Some(batches), messages) => batches.send(messages).await,
                (None, _) => Vec::new(),
            }
        };
        tokio::pin!(sending);
        let mut outcomes = loop {
            tokio::select! {
                outcomes = &mut sending => break outcomes,
                () = tokio::time::sleep(LEASE / 3) => self.renew(rows).await,
            }
        };
        if way.chat.can_be_asked() {
            for (outcome, message) in outcomes.iter_mut().zip(&messages) {
                if matches!(outcome, Err(Failure::Unknown(_)))
                    && let Ok(Some(receipt)) = way.chat.find(message).await
                {
                    *outcome = Ok(receipt);
                }
            }
        }
        outcomes
    }

    async fn renew(&self, rows: &[Outgoing]) {
        let (ids, now) = (rows.iter().map(|it| it.delivery.clone()).collect::<Vec<_>>(), self.console.now());
        let renew = move |w: &mut store::Writer<'_>| {
            for id in &ids {
                store::deliveries::renew(w, id, now, LEASE)?;
            }
            Ok(())
        };
        // A claim that cannot be lengthened stands all the same: this process has the turn.
        if let Err(failure) = self.console.0.store.write(renew).await {
            tracing::warn!(reason = ?failure.why().reason, "a claim could not be lengthened");
        }
    }

    /// What became of each, and what comes next.
    async fn take(&mut self, rows: Vec<Outgoing>, outcomes: Vec<Result<Receipt, Failure>>) -> After {
        let mut after = After::Next;
        let last = outcomes.last().cloned();
        let mut outcomes = outcomes.into_iter();
        for row in rows {
            let delivery = row.delivery.clone();
            let back = || Settled {
                delivery: delivery.clone(),
                state: DeliveryState::Waiting,
                detail: String::new(),
                problem: None,
            };
            let settled = match outcomes.next() {
                // Nothing of the rest has left.
                None => back(),
                Some(Err(failure @ (Failure::SlowDown(..) | Failure::Offline(_)))) => {
                    if matches!(after, After::Next) {
                        after = self.put_off(&failure, row.position);
                    }
                    back()
                }
                Some(outcome) => {
                    let Outcome { state, detail, problem } = Outcome::of(outcome.clone(), Waits::InOutbox);
                    if let (DeliveryState::Paused, Err(failure)) = (state, &outcome) {
                        after = After::Stuck(Problem::from(failure));
                    }
                    Settled { delivery: delivery.clone(), state, detail, problem }
                }
            };
            self.settled.push((row, settled));
        }
        if let Some(last) = last {
            self.learn(&last, &mut after).await;
        }
        after
    }

    /// How long to wait after a limit, or while the system cannot be reached.
    fn put_off(&mut self, failure: &Failure, position: u32) -> After {
        let problem = Problem::from(failure);
        if matches!(failure, Failure::Offline(_)) {
            self.failures += 1;
            let since = *self.failing_since.get_or_insert_with(Instant::now);
            if self.running.patience.is_some_and(|patience| since.elapsed() >= patience) {
                return After::Stuck(problem);
            }
        }
        After::Rest(retry::pause_after(failure, self.failures.saturating_sub(1)), problem, position)
    }

    /// Notes how the connection is, and whether too much is in doubt to go on.
    async fn learn(&mut self, last: &Result<Receipt, Failure>, after: &mut After) {
        self.doubts = if matches!(last, Err(Failure::Unknown(_))) { self.doubts + 1 } else { 0 };
        if let Err(failure) = last
            && self.doubts >= MOST_DOUBTS
        {
            *after = After::Stuck(Problem::from(failure));
        }
        if !matches!(last, Err(Failure::Offline(_))) {
            (self.failures, self.failing_since) = (0, None);
        }
        let Some(heard) = reached(last) else { return };
        let is_known = self.noted.is_some_and(|(ok, at)| ok == heard.is_ok() && at.elapsed() < NOTED);
        if !is_known {
            self.noted = Some((heard.is_ok(), Instant::now()));
            self.console.note(&self.connection, &heard).await;
        }
    }

    /// Waits. `false`: the plan does not run any more.
    async fn rest(&mut self, wait: Duration, problem: Option<Problem>) -> Result<bool, Failure> {
        self.flush().await?;
        let is_news = wait >= NEWS && problem.is_some();
        if is_news {
            self.note_rest(Some(wait), problem).await;
        }
        let end = Instant::now() + wait;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            tokio::select! {
                () = tokio::time::sleep(left.min(LOOKS)) => {}
                () = self.running.wake.notified() => {}
            }
            let id = self.plan.id.clone();
            if self.console.0.store.read(move |r| store::bulks::state(r, &id)).await? != Some(BulkState::Running) {
                return Ok(false);
            }
        }
        if is_news {
            self.note_rest(None, None).await;
        }
        Ok(true)
    }

    /// Writes down why nothing leaves now, and until when; `None` where it goes on.
    async fn note_rest(&self, wait: Option<Duration>, problem: Option<Problem>) {
        let until = wait.map(|wait| self.console.now().plus(wait));
        let rest = problem.map(|problem| BulkRest { until, problem });
        let (id, connection) = (self.plan.id.clone(), self.connection.clone());
        let write = move |w: &mut store::Writer<'_>| store::bulks::rest(w, &id, &connection, rest.as_ref());
        if let Err(failure) = self.console.0.store.write(write).await {
            tracing::warn!(reason = ?failure.why().reason, "why a plan rests could not be kept");
        }
        self.console.tell_bulks();
    }
}

fn message(pattern: &Draft, row: &Outgoing) -> Message {
    Message { id: row.delivery.clone(), draft: super::leaving(pattern, row) }
}
