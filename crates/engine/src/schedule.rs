//! When each connection is read: at once, then at its pace, and as it tells of changes. One task per connection and feed.

use std::collections::HashMap;
use std::time::Duration;

use model::{ConnectionId, Failure};
use tokio::task::AbortHandle;

use crate::console::{Console, lock};
use crate::retry;

/// How often the call log and the bookings are read where nothing is pushed.
const PACE: Duration = Duration::from_secs(60);
/// How long after the end of a call a system needs to write it into its log.
pub(crate) const AFTER_A_CALL: Duration = Duration::from_secs(25);

impl Console {
    /// Begins to read every connection in the background, and goes on with those that are added later.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub async fn start(&self) -> Result<(), Failure> {
        let connections = self.connections_list().await?;
        {
            let mut work = lock(&self.0.work);
            if work.is_some() {
                return Ok(());
            }
            let outbox =
                self.spawn(&ConnectionId(String::new()), |console, _| async move { console.look_after_outbox().await });
            let plans =
                self.spawn(&ConnectionId(String::new()), |console, _| async move { console.look_after_plans().await });
            *work = Some(HashMap::from([(ConnectionId(String::new()), vec![outbox, plans])]));
        }
        for connection in connections {
            self.work_on(&connection.id);
        }
        Ok(())
    }

    /// Ends all work in the background; what a plan is sending stays claimed.
    pub fn stop(&self) {
        self.0.bulks.abort();
        for handle in lock(&self.0.work).take().into_iter().flat_map(HashMap::into_values).flatten() {
            handle.abort();
        }
    }

    /// Begins to read these connections in the background, without sending anything that waits: for whoever only watches.
    pub fn watch(&self, ids: &[ConnectionId]) {
        lock(&self.0.work).get_or_insert_default();
        for id in ids {
            self.work_on(id);
        }
    }

    /// Begins the work on a connection anew, where work in the background goes on at all.
    pub(crate) fn work_on(&self, id: &ConnectionId) {
        let mut work = lock(&self.0.work);
        let Some(work) = work.as_mut() else { return };
        lock(&self.0.due).retain(|(of, _)| of != id);
        let tasks = vec![
            self.spawn(id, |console, id| async move { console.keep_synced(&id).await }),
            self.spawn(id, |console, id| async move { console.keep_listening(&id).await }),
            self.spawn(id, |console, id| async move { console.keep_hinted(&id).await }),
        ];
        for handle in work.insert(id.clone(), tasks).into_iter().flatten() {
            handle.abort();
        }
    }

    pub(crate) fn stop_work(&self, id: &ConnectionId) {
        let tasks = lock(&self.0.work).as_mut().and_then(|work| work.remove(id));
        for handle in tasks.into_iter().flatten() {
            handle.abort();
        }
    }

    fn spawn<F, W>(&self, id: &ConnectionId, work: W) -> AbortHandle
    where
        F: Future<Output = ()> + Send + 'static,
        W: FnOnce(Self, ConnectionId) -> F,
    {
        tokio::spawn(work(self.clone(), id.clone())).abort_handle()
    }

    async fn keep_synced(&self, id: &ConnectionId) {
        let mut attempt = 0;
        loop {
            let report = self.sync_one(id, None).await;
            let pause = match &report.error {
                None => {
                    attempt = 0;
                    PACE
                }
                Some(problem) => {
                    attempt += 1;
                    retry::pause_after(&failure_of(problem), attempt).max(Duration::from_secs(2))
                }
            };
            tokio::time::sleep(pause).await;
        }
    }

    async fn keep_listening(&self, id: &ConnectionId) {
        let mut attempt = 0;
        loop {
            let outcome = match self.session(id).await {
                Ok(session) => match session.live.as_deref() {
                    Some(live) => self.listen(id, live).await,
                    None => return,
                },
                Err(failure) => Err(failure),
            };
            attempt = if outcome.is_ok() { 0 } else { attempt + 1 };
            if let Err(failure) = &outcome {
                tracing::info!(code = ?failure.code(), attempt, "the live feed ended");
                // Where the system refuses to push, reading goes on at its pace: that is no trouble of the connection.
                if matches!(failure, Failure::Offline(_) | Failure::SignedOut(_) | Failure::SlowDown(..)) {
                    self.note(id, &outcome).await;
                }
            }
            let pause =
                outcome.as_ref().err().map_or(Duration::from_secs(1), |failure| retry::pause_after(failure, attempt));
            tokio::time::sleep(pause).await;
        }
    }

    /// Reads the call log once more after a while: when a call that was pushed will have been written there, or when a line
    /// stands again. Where one reading is due already, no second one is begun.
    pub(crate) fn read_log_soon(&self, id: &ConnectionId, after: Duration) {
        let mut work = lock(&self.0.work);
        let Some(tasks) = work.as_mut().and_then(|work| work.get_mut(id)) else {
            return;
        };
        if !lock(&self.0.due).insert((id.clone(), after)) {
            return;
        }
        tasks.retain(|task| !task.is_finished());
        tasks.push(self.spawn(id, move |console, id| async move {
            tokio::time::sleep(after).await;
            let _turn = console.turn(&id).await;
            lock(&console.0.due).remove(&(id.clone(), after));
            if let Ok(session) = console.session(&id).await {
                let outcome = console.sync_calls(&id, &session, None).await;
                console.note(&id, &outcome).await;
            }
        }));
    }
}

/// A failure of the same kind as a problem that was reported, for the choice of the pause.
fn failure_of(problem: &model::failure::Problem) -> Failure {
    use model::Why;
    use model::failure::Code;
    let why = Why::new(problem.reason, "");
    match problem.code {
        Code::SignedOut => Failure::SignedOut(why),
        Code::SlowDown => Failure::SlowDown(Duration::from_secs(problem.wait_seconds.unwrap_or(30).into()), why),
        Code::Offline => Failure::Offline(why),
        Code::Refused => Failure::Refused(why),
        Code::Surprise => Failure::Surprise(why),
        Code::Invalid => Failure::Invalid(why),
        Code::UnknownOutcome => Failure::Unknown(why),
    }
}
