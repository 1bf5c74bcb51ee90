//! Sync: reads what is new of each connection into the cache. One part that fails does not stop the others.

use std::sync::Arc;
use std::time::Duration;

use chrono::Days;
use model::connection::Reading;
use model::desk::SyncReport;
use model::failure::Problem;
use model::ports::{CallLog, CallStep, Session};
use model::{ConnectionId, Day, Failure, Time};

use crate::board::month_key;
use crate::booking_changes::KEPT;
use crate::console::{Console, lock};

/// The name of the call log's cursor in the cache.
const CALLS: &str = "calls";
/// The longest wait for a limit inside one sync before it is given up and left to the next one.
const LONGEST_WAIT: Duration = Duration::from_secs(120);
/// So many days before a month begins its bookings are read too.
const SOON: Days = Days::new(7);

impl Console {
    /// Reads what is new of these connections, or of all. Failures are in the reports.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub async fn sync(&self, ids: &[ConnectionId], since: Option<Time>) -> Result<Vec<SyncReport>, Failure> {
        let all = self.connections_list().await?;
        let wanted = all.into_iter().map(|view| view.id).filter(|id| ids.is_empty() || ids.contains(id));
        let reports = wanted.map(|id| async move { self.sync_one(&id, since).await });
        Ok(futures::future::join_all(reports).await)
    }

    pub(crate) async fn sync_one(&self, id: &ConnectionId, since: Option<Time>) -> SyncReport {
        let _turn = self.turn(id).await;
        let mut report = SyncReport { connection: Some(id.clone()), ..SyncReport::default() };
        let session = match self.session(id).await {
            Ok(session) => session,
            Err(failure) => {
                report.error = Some(Problem::from(&failure));
                self.note(id, &Err::<(), _>(failure)).await;
                return report;
            }
        };
        if self.health(id).answered.is_none() {
            self.change_health(id, |health| health.is_reading = true).await;
        }
        let before = self.health(id).not_understood;
        let outcome = self.sync_parts(id, &session, since, &mut report).await;
        report.not_understood = self.health(id).not_understood.saturating_sub(before);
        self.change_health(id, |health| health.is_reading = false).await;
        self.quieten(id).await;
        report.error = outcome.as_ref().err().map(Problem::from);
        self.note(id, &outcome).await;
        report
    }

    /// Waits until nobody else reads this connection: two walks at once would ask everything twice.
    pub(crate) async fn turn(&self, id: &ConnectionId) -> tokio::sync::OwnedMutexGuard<()> {
        let turn = lock(&self.0.turns).entry(id.clone()).or_default().clone();
        turn.lock_owned().await
    }

    /// Reads each part; the first failure is the outcome. The others are read all the same, unless nobody is there to ask.
    async fn sync_parts(
        &self,
        id: &ConnectionId,
        session: &Session,
        since: Option<Time>,
        report: &mut SyncReport,
    ) -> Result<(), Failure> {
        let mut outcome = Ok(());
        let mut goes_on = |part: Result<u64, Failure>, count: &mut u64| match part {
            Ok(found) => {
                *count = found;
                true
            }
            Err(failure) => {
                let goes_on = !is_nobody_there(&failure);
                if outcome.is_ok() {
                    outcome = Err(failure);
                }
                goes_on
            }
        };
        let _all = goes_on(self.sync_people(id, session).await, &mut report.people)
            && goes_on(self.sync_customers(id, session).await, &mut report.customers)
            && goes_on(self.sync_rooms(id, session).await, &mut report.rooms)
            && goes_on(self.sync_reservations(id, session).await, &mut report.reservations)
            && goes_on(self.sync_calls(id, session, since).await, &mut report.calls);
        outcome
    }

    async fn sync_people(&self, id: &ConnectionId, session: &Session) -> Result<u64, Failure> {
        if let Some(chat) = &session.chat {
            let rooms = chat.rooms().await?;
            let id = id.clone();
            self.write(move |w| store::destinations::replace(w, &id, &rooms)).await?;
        }
        let Some(port) = &session.people else { return Ok(0) };
        let people = port.people().await?;
        let (id, now) = (id.clone(), self.now());
        self.write(move |w| {
            store::entry_changes::of_people(w, &id, &people, now)?;
            store::entry_changes::prune(w, now.minus(KEPT))?;
            let changed = store::people::replace(w, &id, &people)?;
            crate::links::remember(w, now)?;
            Ok(changed)
        })
        .await
    }

    async fn sync_customers(&self, id: &ConnectionId, session: &Session) -> Result<u64, Failure> {
        let Some(port) = &session.customers else { return Ok(0) };
        let customers = port.customers().await?;
        self.take_customers(id, customers).await
    }

    async fn sync_rooms(&self, id: &ConnectionId, session: &Session) -> Result<u64, Failure> {
        let Some(port) = &session.rooms else { return Ok(0) };
        let rooms = port.rooms().await?;
        let id = id.clone();
        self.write(move |w| store::rooms::replace(w, &id, &rooms)).await
    }

    async fn sync_reservations(&self, id: &ConnectionId, session: &Session) -> Result<u64, Failure> {
        if session.rooms.is_none() {
            return Ok(0);
        }
        let connection = self.connection(id).await?;
        let today = crate::board::today(&connection, self.now());
        let mut changed = self.read_month(&connection, session, today).await?;
        // A month that begins soon is read beforehand: on its first day it is compared with what stood there before.
        let soon = today.0.checked_add_days(SOON).map_or(today, Day);
        if month_key(soon) != month_key(today) {
            changed += self.read_month(&connection, session, soon).await?;
        }
        for month in self.months_due(&connection, &[today, soon]).await? {
            changed += self.read_month(&connection, session, month).await?;
        }
        Ok(changed)
    }

    /// Walks the call log from where it was left. Calls and cursor are written together, so that a kill at any point loses nothing
    /// and reads little twice.
    pub(crate) async fn sync_calls(
        &self,
        id: &ConnectionId,
        session: &Session,
        since: Option<Time>,
    ) -> Result<u64, Failure> {
        let Some(log) = &session.calls else { return Ok(0) };
        let wanted = id.clone();
        let mut cursor = self.0.store.read(move |r| store::cursors::get(r, &wanted, CALLS)).await?;
        let (mut changed, mut read) = (0, 0);
        let outcome = loop {
            let step = match self.step(id, log, cursor.as_deref(), since).await {
                Ok(step) => step,
                Err(failure) => break Err(failure),
            };
            read += step.calls.len() as u64;
            self.tell_progress(id, &step, read).await;
            let has_more = step.has_more;
            cursor = Some(step.cursor.clone());
            changed += self.keep_step(id, step).await?;
            if !has_more {
                break Ok(changed);
            }
        };
        self.change_health(id, |health| health.reading = None).await;
        outcome
    }

    /// How far a fill has come and what is read in part only, for the screens.
    async fn tell_progress(&self, id: &ConnectionId, step: &CallStep, calls: u64) {
        let now = self.now();
        let reading = step.fill.filter(|_| step.has_more).map(|fill| Reading {
            calls,
            permille: fill.permille.min(1_000),
            ends_at: fill.left.map(|left| now.plus(left)),
        });
        self.change_health(id, |health| {
            health.reading = reading;
            health.of_log = step.limitation;
            health.not_understood += step.not_understood;
        })
        .await;
    }

    async fn step(
        &self,
        id: &ConnectionId,
        log: &Arc<dyn CallLog>,
        cursor: Option<&str>,
        since: Option<Time>,
    ) -> Result<CallStep, Failure> {
        loop {
            match log.step(cursor, since).await {
                Err(Failure::SlowDown(wait, why)) if wait <= LONGEST_WAIT => {
                    self.note(id, &Err::<(), _>(Failure::SlowDown(wait, why))).await;
                    tokio::time::sleep(wait).await;
                    self.change_health(id, |health| health.problem = None).await;
                }
                outcome => return outcome,
            }
        }
    }

    async fn keep_step(&self, id: &ConnectionId, step: CallStep) -> Result<u64, Failure> {
        let connection = id.clone();
        let (changed, told) = self
            .write(move |w| {
                store::calls::remove(w, &connection, &step.gone)?;
                let changed = store::calls::upsert(w, &connection, None, &step.calls)?;
                store::cursors::set(w, &connection, CALLS, &step.cursor)?;
                let told: Vec<_> = step.calls.into_iter().map(|call| (call.external_id, call.session_id)).collect();
                Ok((changed, told))
            })
            .await?;
        self.tell_recorded(id, &told).await;
        Ok(changed)
    }
}

/// Whether a failure says that every further question would fail in the same way.
fn is_nobody_there(failure: &Failure) -> bool {
    use model::Reason;
    match failure {
        Failure::SignedOut(_) => true,
        Failure::Offline(why) => matches!(
            why.reason,
            Reason::HostNotFound
                | Reason::NothingListens
                | Reason::CertificateNotTrusted
                | Reason::ClockOff
                | Reason::CertificateWrongName
        ),
        Failure::SlowDown(..)
        | Failure::Refused(_)
        | Failure::Unknown(_)
        | Failure::Surprise(_)
        | Failure::Invalid(_) => false,
    }
}
