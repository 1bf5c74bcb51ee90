//! Running a plan: one lane for each connection side by side, paused and stopped between two sends, taken up where it was left.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use model::bulk::{Bulk, BulkNews, BulkState};
use model::event::{Event, Table};
use model::failure::Problem;
use model::message::DeliveryState;
use model::{BulkId, ConnectionId, DeliveryId, Failure, Reason, Why};
use store::bulks::Plan;
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::{Notify, SetOnce};
use tokio::task::{AbortHandle, JoinSet};
use tokio::time::Instant;

use super::lane::{End, Lane};
use super::no_such;
use crate::console::{Console, lock};

/// How often windows are told how far a plan is.
const TOLD: Duration = Duration::from_millis(250);
/// How long a turn is waited for that may only have been looked at.
const TURN: Duration = Duration::from_millis(50);
const TURNS: u32 = 20;

/// The plans that this process runs.
#[derive(Default)]
pub(crate) struct Bulks(pub(crate) Mutex<HashMap<BulkId, Arc<Running>>>);

impl Bulks {
    /// Ends every run where it is, as the end of the program would.
    pub(crate) fn abort(&self) {
        for running in lock(&self.0).values() {
            if let Some(task) = lock(&running.task).take() {
                task.abort();
            }
        }
    }
}

/// A plan that this process runs.
pub(crate) struct Running {
    /// Told when something changed that lanes or their keeper have to look at.
    pub(crate) wake: Notify,
    /// Connections that wait for a person.
    stuck: Mutex<HashSet<ConnectionId>>,
    /// Messages that were settled in this run, by connection.
    done: Mutex<HashMap<ConnectionId, u32>>,
    since: Instant,
    told: Mutex<Instant>,
    /// Set when it is gone.
    over: SetOnce<()>,
    task: Mutex<Option<AbortHandle>>,
    news: Option<UnboundedSender<BulkNews>>,
    /// How long a connection that cannot be reached is tried again before it waits for a person; for ever for `None`.
    pub(crate) patience: Option<Duration>,
}

impl Running {
    /// How many messages of a connection were settled in this run, and for how long it has been going.
    pub(crate) fn speed(&self, connection: &ConnectionId) -> Option<(u32, Duration)> {
        lock(&self.done).get(connection).map(|done| (*done, self.since.elapsed()))
    }

    /// Counts what was settled and hands it on to whoever listens.
    pub(crate) fn settled(&self, connection: &ConnectionId, news: Vec<BulkNews>) {
        let count = u32::try_from(news.len()).unwrap_or(u32::MAX);
        *lock(&self.done).entry(connection.clone()).or_default() += count;
        if let Some(listener) = &self.news {
            // Nobody listening any more is no reason to stop.
            news.into_iter().for_each(|it| drop(listener.send(it)));
        }
    }
}

/// A run, which holds the turn for it. Dropped in any way, another may take it up.
pub(crate) struct Run {
    console: Console,
    plan: Plan,
    running: Arc<Running>,
    _turn: store::Turn,
}

impl Drop for Run {
    fn drop(&mut self) {
        lock(&self.console.0.bulks.0).remove(&self.plan.id);
        // Set here alone, once.
        let _ = self.running.over.set(());
        self.console.tell_bulks();
    }
}

/// The name of the turn of a plan.
pub(crate) fn turn_name(id: &BulkId) -> String {
    format!("bulk-{id}")
}

impl Console {
    /// Sends what waits of a plan, in the background: begins it, or goes on with it where it was paused or interrupted. Nothing that
    /// left once leaves again.
    ///
    /// # Errors
    /// [`Failure::Invalid`] where there is no such plan, it was stopped, or another program is at it; where the ledger cannot be
    /// written. Nothing was sent then.
    pub async fn bulk_run(&self, id: &BulkId, who: &str) -> Result<Bulk, Failure> {
        if let Some(run) = self.bulk_begin(id, who, None, None).await? {
            let running = run.running.clone();
            let task = tokio::spawn(run.see_through()).abort_handle();
            *lock(&running.task) = Some(task);
        }
        self.bulk_get(id).await
    }

    /// As [`Console::bulk_run`], but waits until nothing goes on any more, and tells of every message that is settled.
    ///
    /// # Errors
    /// As [`Console::bulk_run`].
    pub async fn bulk_run_here(
        &self,
        id: &BulkId,
        who: &str,
        news: UnboundedSender<BulkNews>,
        patience: Option<Duration>,
    ) -> Result<Bulk, Failure> {
        if let Some(run) = self.bulk_begin(id, who, Some(news), patience).await? {
            run.see_through().await;
        }
        self.bulk_get(id).await
    }

    /// Pauses a plan: what is being sent is settled, and nothing more leaves, whichever program is at it.
    ///
    /// # Errors
    /// [`Failure::Invalid`] where there is no such plan; where the ledger cannot be written.
    pub async fn bulk_pause(&self, id: &BulkId) -> Result<Bulk, Failure> {
        let wanted = id.clone();
        self.write(move |w| store::bulks::set_state(w, &wanted, &[BulkState::Running], BulkState::Pausing)).await?;
        self.wake_bulk(id);
        self.bulk_get(id).await
    }

    /// Ends a plan for good: what is being sent is settled, and what has not left is withheld.
    ///
    /// # Errors
    /// [`Failure::Invalid`] where there is no such plan, or nothing of it was ever sent; where the ledger cannot be written.
    pub async fn bulk_stop(&self, id: &BulkId) -> Result<Bulk, Failure> {
        let (wanted, now) = (id.clone(), self.now());
        let from = [BulkState::Running, BulkState::Pausing, BulkState::Paused];
        self.write(move |w| {
            if store::bulks::set_state(w, &wanted, &from, BulkState::Stopped)? {
                withhold(w, &wanted, now)?;
                store::bulks::ended(w, &wanted, now)?;
            }
            Ok(())
        })
        .await?;
        self.wake_bulk(id);
        self.bulk_get(id).await
    }

    pub(crate) fn wake_bulk(&self, id: &BulkId) {
        if let Some(running) = lock(&self.0.bulks.0).get(id) {
            running.wake.notify_waiters();
            running.wake.notify_one();
        }
    }

    /// Tells the windows that plans changed.
    pub(crate) fn tell_bulks(&self) {
        self.tell(Event::Changed { tables: vec![Table::Bulks] });
    }

    /// As [`Console::tell_bulks`], but not more often than anybody can look.
    pub(crate) fn tell_bulks_now_and_then(&self, running: &Running) {
        let mut told = lock(&running.told);
        if told.elapsed() >= TOLD {
            *told = Instant::now();
            self.tell_bulks();
        }
    }

    /// Takes the turn and makes everything ready. `None` where this process is at it already, or nothing is left to send.
    async fn bulk_begin(
        &self,
        id: &BulkId,
        who: &str,
        news: Option<UnboundedSender<BulkNews>>,
        patience: Option<Duration>,
    ) -> Result<Option<Run>, Failure> {
        if self.goes_on_here(id).await? {
            return Ok(None);
        }
        let Some(turn) = self.bulk_turn(id).await? else {
            return Err(Failure::invalid(Reason::AskedTwice, id.as_str()));
        };
        let (wanted, who, now) = (id.clone(), who.to_owned(), self.now());
        let began = self
            .write(move |w| {
                let Some(plan) = store::bulks::get(w, &wanted)? else { return Ok(None) };
                // Whoever sent these is gone: the turn was free.
                let doubtful = store::bulk_rows::deliveries_in(w, &wanted, DeliveryState::Sending)?;
                let end = crate::doubts::unknown();
                for it in &doubtful {
                    end.write(w, it, now)?;
                }
                if plan.started_at.is_none() {
                    store::bulk_rows::make_deliveries(w, &wanted, now)?;
                }
                let is_over = matches!(plan.state, BulkState::Stopped | BulkState::Done);
                if is_over && store::bulk_rows::connections_waiting(w, &wanted)?.is_empty() {
                    return Ok(Some((plan, doubtful, false)));
                }
                store::bulks::started(w, &wanted, &who, now)?;
                store::bulks::set_state(w, &wanted, &[plan.state], BulkState::Running)?;
                Ok(Some((plan, doubtful, true)))
            })
            .await?;
        let (plan, doubtful, is_begun) = began.ok_or_else(|| no_such(id))?;
        self.ask_about_bulk(&doubtful).await;
        if !is_begun {
            let is_stopped = plan.state == BulkState::Stopped;
            return if is_stopped { Err(Failure::invalid(Reason::Withdrawn, id.as_str())) } else { Ok(None) };
        }
        let running = Arc::new(Running {
            wake: Notify::new(),
            stuck: Mutex::default(),
            done: Mutex::default(),
            since: Instant::now(),
            told: Mutex::new(Instant::now()),
            over: SetOnce::new(),
            task: Mutex::default(),
            news,
            patience,
        });
        lock(&self.0.bulks.0).insert(id.clone(), running.clone());
        Ok(Some(Run { console: self.clone(), plan, running, _turn: turn }))
    }

    /// Whether this process is at the plan: then it goes on, if it was about to pause, and tries again what waits for a person. A
    /// plan that was stopped does not.
    async fn goes_on_here(&self, id: &BulkId) -> Result<bool, Failure> {
        let Some(running) = lock(&self.0.bulks.0).get(id).cloned() else { return Ok(false) };
        let wanted = id.clone();
        let (state, is_empty) = self
            .write(move |w| {
                store::bulks::set_state(w, &wanted, &[BulkState::Pausing], BulkState::Running)?;
                let state = store::bulks::get(w, &wanted)?.map(|it| it.state);
                Ok((state, store::bulk_rows::connections_waiting(w, &wanted)?.is_empty()))
            })
            .await?;
        if state == Some(BulkState::Stopped) && is_empty {
            // What is being sent is only seen to its end.
            return Err(Failure::invalid(Reason::Withdrawn, id.as_str()));
        }
        if state != Some(BulkState::Running) {
            // It has come to rest already and is about to be gone; after that it is begun anew.
            running.over.wait().await;
            return Ok(false);
        }
        lock(&running.stuck).clear();
        self.wake_bulk(id);
        Ok(true)
    }

    /// The turn of a plan. Whoever looks whether it is free has it for a moment, so it is asked for a few times.
    async fn bulk_turn(&self, id: &BulkId) -> Result<Option<store::Turn>, Failure> {
        for _ in 0..TURNS {
            if let Some(turn) = self.0.store.turn(&turn_name(id))? {
                return Ok(Some(turn));
            }
            tokio::time::sleep(TURN).await;
        }
        Ok(None)
    }

    /// Asks the systems that know our ids what became of these. What they cannot say yet stays unknown.
    async fn ask_about_bulk(&self, doubtful: &[DeliveryId]) {
        for id in doubtful {
            if let Err(failure) = self.outbox_ask(id).await {
                tracing::debug!(reason = ?failure.why().reason, "a doubtful message of a plan could not be asked for");
            }
        }
    }
}

/// Withholds what has not left.
fn withhold(w: &mut store::Writer<'_>, id: &BulkId, now: model::Time) -> Result<(), store::StoreError> {
    let failure = Failure::Refused(Why::new(Reason::Withdrawn, ""));
    store::bulk_rows::withhold(w, id, &failure.to_string(), &Problem::from(&failure), now)
}

impl Run {
    /// Sends until nothing goes on any more.
    async fn see_through(self) {
        loop {
            self.keep_lanes().await;
            match self.come_to_rest().await {
                Ok(true) => return,
                Ok(false) => {}
                Err(failure) => {
                    // The plan is found interrupted at the next look: that is true.
                    tracing::error!(reason = ?failure.why().reason, "the end of a run could not be kept");
                    return;
                }
            }
        }
    }

    /// Keeps a lane for every connection through which something waits, until none has anything to do.
    async fn keep_lanes(&self) {
        let mut lanes = JoinSet::new();
        let mut busy = HashSet::new();
        loop {
            for connection in self.waiting().await {
                if busy.insert(connection.clone()) {
                    let lane = Lane::new(&self.console, &self.plan, &self.running, &connection);
                    lanes.spawn(async move { (connection, lane.go().await) });
                }
            }
            if lanes.is_empty() {
                return;
            }
            tokio::select! {
                Some(ended) = lanes.join_next() => {
                    let Ok((connection, end)) = ended else { continue };
                    busy.remove(&connection);
                    if end == End::Stuck {
                        lock(&self.running.stuck).insert(connection);
                    }
                }
                () = self.running.wake.notified() => {}
            }
        }
    }

    /// The connections through which something waits that can go on now; none where the plan does not run.
    async fn waiting(&self) -> Vec<ConnectionId> {
        let id = self.plan.id.clone();
        let read = move |r: &store::Reader<'_>| {
            let runs = store::bulks::state(r, &id)? == Some(BulkState::Running);
            if runs { store::bulk_rows::connections_waiting(r, &id) } else { Ok(Vec::new()) }
        };
        let waiting = self.console.0.store.read(read).await.unwrap_or_default();
        let stuck = lock(&self.running.stuck);
        waiting.into_iter().filter(|it| !stuck.contains(it)).collect()
    }

    /// Writes down how the plan stands now that no lane goes on. `false`: something waits again.
    async fn come_to_rest(&self) -> Result<bool, Failure> {
        let (id, now) = (self.plan.id.clone(), self.console.now());
        let stuck = lock(&self.running.stuck).clone();
        let change = move |w: &mut store::Writer<'_>| {
            let waiting = store::bulk_rows::connections_waiting(w, &id)?;
            match store::bulks::state(w, &id)? {
                Some(BulkState::Running) if waiting.iter().any(|it| !stuck.contains(it)) => return Ok(false),
                Some(state @ BulkState::Running) if waiting.is_empty() => {
                    store::bulks::set_state(w, &id, &[state], BulkState::Done)?;
                    store::bulks::ended(w, &id, now)?;
                }
                Some(state @ (BulkState::Running | BulkState::Pausing)) => {
                    store::bulks::set_state(w, &id, &[state], BulkState::Paused)?;
                }
                // What came back from a lane after the stop.
                Some(BulkState::Stopped) => withhold(w, &id, now)?,
                Some(_) | None => {}
            }
            Ok(true)
        };
        self.console.write(change).await
    }
}
