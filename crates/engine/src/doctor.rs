//! The doctor: looks at connections from every side and says how they are, without changing anything at a system.

use std::time::Duration;

use futures::StreamExt;
use model::diagnosis::{Diagnosis, LineCheck};
use model::failure::Problem;
use model::ports::{Heard, Session};
use model::{ConnectionId, Failure, Reason, Why};

use crate::console::Console;

/// The name of the call log's cursor, as the sync keeps it.
const CALLS: &str = "calls";
/// How long a live line may take to stand.
const LINE_DEADLINE: Duration = Duration::from_secs(15);
/// How long the call log is read on. What was read until then is kept.
const LOG_DEADLINE: Duration = Duration::from_secs(20);

impl Console {
    /// Looks at these connections, or at all: what answers, as whom, what may be read, whether calls are told, and what could not
    /// be understood. A log that was read before is read on for a moment, because only that tells whose calls may be read.
    ///
    /// # Errors
    /// [`Failure::Invalid`] where there is no such connection; where the ledger cannot be read.
    pub async fn doctor(&self, ids: &[ConnectionId]) -> Result<Vec<Diagnosis>, Failure> {
        let all = self.connections_list().await?;
        let wanted: Vec<_> = if ids.is_empty() { all.into_iter().map(|view| view.id).collect() } else { ids.to_vec() };
        let looks = wanted.iter().map(|id| self.look_at(id));
        futures::future::join_all(looks).await.into_iter().collect()
    }

    async fn look_at(&self, id: &ConnectionId) -> Result<Diagnosis, Failure> {
        let connection = self.connection(id).await?;
        let check_up = self.connection_test(id).await?;
        let problem = check_up.steps.iter().find_map(|step| step.problem.clone());
        let wanted = id.clone();
        let (log_was_read, oddities) = self
            .0
            .store
            .read(move |r| Ok((store::cursors::get(r, &wanted, CALLS)?.is_some(), store::oddities::all(r, &wanted)?)))
            .await?;
        let (mut line, mut log_problem) = (None, None);
        if let Ok(session) = self.session(id).await
            && problem.is_none()
        {
            line = self.line_check(id, &session).await;
            if log_was_read {
                log_problem = self.read_on(id, &session).await.err().as_ref().map(Problem::from);
            }
        }
        let view = self.connections_list().await?.into_iter().find(|view| view.id == *id);
        Ok(Diagnosis {
            view: view.ok_or_else(|| Failure::invalid(Reason::NoSuchThing, id.as_str()))?,
            abilities: self.system(&connection.system).map(|it| it.about().abilities).unwrap_or_default(),
            check_up,
            line,
            log_was_read,
            log_problem,
            oddities: oddities.len() as u64,
            newest_oddity_at: oddities.first().map(|(at, _)| *at),
        })
    }

    /// How the live line of a connection stands, tried with a line of its own that is hung up again.
    ///
    /// # Errors
    /// Where the session cannot be opened. `Ok(None)`: the system does not tell of calls as they ring.
    pub async fn line_try(&self, id: &ConnectionId) -> Result<Option<LineCheck>, Failure> {
        let session = self.session(id).await?;
        Ok(self.line_check(id, &session).await)
    }

    async fn line_check(&self, id: &ConnectionId, session: &Session) -> Option<LineCheck> {
        let mut line = session.live.as_ref()?.listen();
        let stands = async {
            loop {
                match line.next().await {
                    Some(Ok(Heard::Listening(limitation))) => return LineCheck::Stands(limitation),
                    Some(Ok(
                        Heard::Call(_)
                        | Heard::Interrupted
                        | Heard::Gap
                        | Heard::Hint
                        | Heard::Presence(_)
                        | Heard::NotUnderstood(_),
                    )) => {}
                    Some(Err(failure)) => return LineCheck::Fails(Problem::from(&failure)),
                    None => return LineCheck::Fails(lost(Reason::ConnectionLost)),
                }
            }
        };
        let check = tokio::time::timeout(LINE_DEADLINE, stands).await;
        let check = check.unwrap_or_else(|_| LineCheck::Fails(lost(Reason::TimedOut)));
        tracing::info!(connection = %id, stands = matches!(check, LineCheck::Stands(_)), "a live line was tried");
        Some(check)
    }

    /// Reads the log on from where it was left, for a while at most.
    async fn read_on(&self, id: &ConnectionId, session: &Session) -> Result<(), Failure> {
        let reading = async {
            let _turn = self.turn(id).await;
            self.sync_calls(id, session, None).await.map(drop)
        };
        let outcome = tokio::time::timeout(LOG_DEADLINE, reading).await;
        if outcome.is_err() {
            self.change_health(id, |health| health.reading = None).await;
        }
        outcome.unwrap_or(Ok(()))
    }
}

fn lost(reason: Reason) -> Problem {
    Problem::from(&Failure::Offline(Why::new(reason, "")))
}
