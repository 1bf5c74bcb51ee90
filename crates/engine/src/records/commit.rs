//! Staged changes leave, one by one: read again first, each sent once, and what became of each is exact.
//!
//! Where two people changed the same, nothing at all is sent until a person has decided. Once an outcome is unknown or the system
//! cannot be spoken to, nothing more is sent.

use std::collections::BTreeSet;
use std::sync::Arc;

use model::audit::AuditKind;
use model::event::Table;
use model::failure::Problem;
use model::ports::{RecordWrites, Records};
use model::record::{RowChange, Updated};
use model::staging::{CommitOutcome, CommitReport, CommitRow, KeptDone, KeptStage, StageKind, StageState};
use model::{CallId, ConnectionId, DoneId, Failure, Reason, StageId};

use crate::board::not_offered;
use crate::console::{Console, lock};
use crate::outbox::reached;
use crate::records::check::{Found, allowed, compare, rows_now};
use crate::records::log::{RowWrite, Ties};
use crate::records::reading::not_there;
use crate::records::report::{ends, held_row, is_held, not_done, row};
use crate::records::row::Fields;
use crate::records::secrets::{digested, revealed};
use crate::records::staged::of;
use crate::records::staging::{entry, has_secrets};
use crate::vault::SecretValues;

/// The ports that a commit goes through.
pub(super) struct Ports {
    pub(super) records: Arc<dyn Records>,
    pub(super) writes: Arc<dyn RecordWrites>,
}

/// A staged change with its secret values, and what was found where it is to go.
struct Bound {
    stage: KeptStage,
    secrets: SecretValues,
    found: Found,
}

/// What came of sending one change.
enum Sent {
    /// It is so; the row before and after, and its key where it can be told.
    Done { before: Option<Fields>, after: Option<Fields>, key: Option<String> },
    /// Somebody else was faster.
    Conflict(Found),
    /// It is not, or nobody knows.
    Failed(Failure),
}

impl Console {
    /// Sends staged changes, one by one, each once, in the order in which they were staged. All are read again first: where somebody
    /// else changed the same, nothing is sent. `confirmed` are the resources of which a person said that a write may start something.
    ///
    /// # Errors
    /// [`Failure::Invalid`] before anything is sent: for what the resource does not allow, a new row in which nothing stands, or a
    /// confirmation that is missing.
    pub async fn stages_commit(
        &self,
        connection: &ConnectionId,
        ids: &[StageId],
        confirmed: &[String],
    ) -> Result<CommitReport, Failure> {
        let _turn = self.0.records.turn.lock().await;
        let ports = self.ports(connection).await?;
        let mut stages = self.all_stages(connection).await?;
        stages.retain(|it| ids.contains(&it.id));
        let resources = ports.records.resources();
        for stage in &stages {
            allowed(&*ports.writes, stage)?;
            let starts = resources.iter().any(|it| it.path == stage.resource && it.starts_something);
            if starts && !confirmed.contains(&stage.resource) {
                return Err(Failure::invalid(Reason::Missing, &stage.resource));
            }
        }
        let _committing = Committing::begin(self, connection);
        let (held, free): (Vec<_>, Vec<_>) = stages.into_iter().partition(is_held);
        let mut rows: Vec<CommitRow> = held.iter().map(held_row).collect();
        let now = rows_now(&*ports.records, &free.iter().collect::<Vec<_>>()).await;
        self.note_unless_invalid(connection, &now).await;
        let now = match now {
            Ok(now) => now,
            Err(failure) => {
                let problem = Problem::from(&failure);
                rows.extend(free.iter().map(|it| row(it, not_done(Some(&problem)))));
                return Ok(CommitReport { rows });
            }
        };
        let mut bound = Vec::with_capacity(free.len());
        for (stage, there) in free.into_iter().zip(now) {
            let secrets = self.secrets_of(&stage).await?;
            let found = compare(&stage, &revealed(&of(Some(&stage.fields)), &secrets), there);
            bound.push(Bound { stage, secrets, found });
        }
        if bound.iter().any(|it| matches!(it.found, Found::Conflict(..))) {
            rows.extend(self.tell_conflicts(bound).await?);
        } else {
            rows.extend(self.send_all(connection, &ports, bound).await?);
        }
        Ok(CommitReport { rows })
    }

    pub(super) async fn ports(&self, connection: &ConnectionId) -> Result<Ports, Failure> {
        let name = self.connection(connection).await?.name;
        let session = self.session(connection).await?;
        match (session.records, session.record_writes) {
            (Some(records), Some(writes)) => Ok(Ports { records, writes }),
            _ => Err(not_offered(&name)),
        }
    }

    /// Marks what two people changed; nothing was sent.
    async fn tell_conflicts(&self, bound: Vec<Bound>) -> Result<Vec<CommitRow>, Failure> {
        let mut rows = Vec::with_capacity(bound.len());
        for Bound { stage, found, .. } in bound {
            rows.push(match found {
                Found::Conflict(..) => row(&stage, self.mark_conflict(stage.clone(), found).await?),
                Found::Free(_) | Found::Already(_) | Found::Gone => row(&stage, not_done(None)),
            });
        }
        Ok(rows)
    }

    async fn send_all(
        &self,
        connection: &ConnectionId,
        ports: &Ports,
        bound: Vec<Bound>,
    ) -> Result<Vec<CommitRow>, Failure> {
        let (mut rows, mut end) = (Vec::with_capacity(bound.len()), None);
        let mut touched = BTreeSet::new();
        for it in bound {
            if let Some(problem) = &end {
                rows.push(row(&it.stage, not_done(Some(problem))));
                continue;
            }
            let mut leaving = it.stage.clone();
            leaving.state = StageState::Leaving;
            self.write(move |w| store::record_stages::put(w, &leaving)).await?;
            let (stage, done) = (it.stage.clone(), DoneId(uuid::Uuid::new_v4().to_string()));
            let sent = self.send(connection, ports, it, &done).await;
            if let Sent::Failed(failure) = &sent {
                end = ends(failure).then(|| Problem::from(failure));
            }
            if matches!(sent, Sent::Done { .. } | Sent::Failed(Failure::Unknown(_))) {
                touched.insert((stage.resource.clone(), stage.key.clone()));
            }
            rows.push(self.settle_stage(stage, sent, done).await?);
        }
        self.follow_commit(connection, ports, touched).await;
        Ok(rows)
    }

    /// Sends one change, once, unless it is so already.
    async fn send(&self, connection: &ConnectionId, ports: &Ports, bound: Bound, done: &DoneId) -> Sent {
        let Bound { stage, secrets, found } = bound;
        let puts_back = match self.taken_back_by(&stage).await {
            Ok(number) => number,
            Err(failure) => return Sent::Failed(failure),
        };
        let ties = Ties { done: Some(done.clone()), puts_back };
        let wanted = revealed(&of(Some(&stage.fields)), &secrets);
        let (path, key) = (stage.resource.as_str(), stage.key.as_deref().unwrap_or_default());
        let before = match found {
            Found::Free(before) => before,
            Found::Already(there) => {
                return Sent::Done { after: there.clone(), before: there, key: stage.key };
            }
            Found::Gone => return Sent::Failed(not_there(path)),
            Found::Conflict(..) => return Sent::Conflict(found),
        };
        let write = |kind, after| RowWrite {
            connection,
            kind,
            resource: path,
            key: stage.key.as_deref(),
            before: before.clone(),
            after,
            ties: ties.clone(),
        };
        let raw = wanted.raw();
        let outcome: Result<Sent, Failure> = match stage.kind {
            StageKind::Add => self
                .write_row(write(AuditKind::RecordCreated, Some(wanted.clone())), ports.writes.create(path, &raw))
                .await
                .map(|made| Sent::Done {
                    before: None,
                    after: Some(made.row.map_or(wanted, |row| of(Some(&row)))),
                    key: made.key,
                }),
            StageKind::Delete => self
                .write_row(write(AuditKind::RecordDeleted, None), ports.writes.delete(path, key))
                .await
                .map(|()| Sent::Done { before, after: None, key: stage.key.clone() }),
            StageKind::Change => {
                let change = RowChange { fields: raw, seen: before.as_ref().map(Fields::raw) };
                let after = before.clone().map(|row| row.with(&wanted));
                let update = ports.writes.update(path, key, &change);
                let updated = self.write_row(write(AuditKind::RecordChanged, after), update).await;
                updated.map(|updated| match updated {
                    Updated::Done(now) => Sent::Done { before, after: Some(of(Some(&now))), key: stage.key.clone() },
                    Updated::Conflict(conflict) => {
                        Sent::Conflict(compare(&stage, &wanted, Some(of(Some(&conflict.now)))))
                    }
                })
            }
        };
        if let Some(heard) = reached(&outcome) {
            self.note(connection, &heard).await;
        }
        outcome.unwrap_or_else(Sent::Failed)
    }

    /// Writes down what became of a change. Here, and nowhere else, both the row before and the row after are known.
    async fn settle_stage(&self, stage: KeptStage, sent: Sent, done: DoneId) -> Result<CommitRow, Failure> {
        match sent {
            Sent::Done { before, after, key } => {
                let done = self.keep_done(&stage, done, (before, after), key.clone()).await?;
                Ok(CommitRow { key, ..row(&stage, CommitOutcome::Done { done }) })
            }
            Sent::Conflict(found) => Ok(row(&stage, self.mark_conflict(stage.clone(), found).await?)),
            Sent::Failed(failure) => {
                let problem = Problem::from(&failure);
                let (state, outcome) = match failure {
                    Failure::Unknown(_) => (StageState::Unknown, CommitOutcome::Unknown { problem: problem.clone() }),
                    Failure::Refused(_) | Failure::Invalid(_) | Failure::Surprise(_) => {
                        (StageState::Refused, CommitOutcome::Refused { problem: problem.clone() })
                    }
                    Failure::SignedOut(_) | Failure::SlowDown(..) | Failure::Offline(_) => {
                        (StageState::Staged, not_done(Some(&problem)))
                    }
                };
                let told = row(&stage, outcome);
                let stage = KeptStage { state, problem: Some(problem), ..stage };
                self.write(move |w| store::record_stages::put(w, &stage)).await?;
                Ok(told)
            }
        }
    }

    async fn mark_conflict(&self, stage: KeptStage, found: Found) -> Result<CommitOutcome, Failure> {
        let Found::Conflict(now, conflict) = found else {
            // The port saw a change that is none for us, such as another way to write the same: the next commit reads it again.
            let stage = KeptStage { state: StageState::Staged, ..stage };
            self.write(move |w| store::record_stages::put(w, &stage)).await?;
            return Ok(not_done(None));
        };
        let now = Some(digested(&now).0.raw());
        let stage = KeptStage { state: StageState::Conflict, now, conflict, problem: None, ..stage };
        self.write(move |w| store::record_stages::put(w, &stage)).await?;
        Ok(CommitOutcome::Conflict)
    }

    /// Keeps a change that was committed, with what is needed to take it back, in the place of the staged one.
    async fn keep_done(
        &self,
        stage: &KeptStage,
        id: DoneId,
        (before, after): (Option<Fields>, Option<Fields>),
        key: Option<String>,
    ) -> Result<DoneId, Failure> {
        let names: Vec<String> = of(Some(&stage.fields)).iter().map(|(name, _)| name.to_owned()).collect();
        let (before, mut secrets) = before.map_or((None, SecretValues::default()), |row| {
            let (row, secrets) = digested(&row);
            (Some(row.raw()), secrets)
        });
        secrets.0.retain(|name, _| stage.kind == StageKind::Delete || names.contains(name));
        if !secrets.0.is_empty()
            && let Err(failure) = self.keep_secret_values(&stage.connection, &done_entry(&id), &secrets).await
        {
            // What was done is done: it is kept without them, and cannot be taken back whole.
            tracing::warn!(reason = ?failure.why().reason, "secret values before a change could not be kept");
        }
        let done = KeptDone {
            id: id.clone(),
            connection: stage.connection.clone(),
            resource: stage.resource.clone(),
            key,
            kind: stage.kind,
            names,
            before,
            after: after.map(|row| digested(&row).0.raw()),
            puts_back: stage.puts_back.clone(),
            is_put_back: false,
            at: self.now(),
        };
        let (stage_id, former) = (stage.id.clone(), stage.puts_back.clone());
        let old = self.write(move |w| {
            store::record_stages::remove(w, &stage_id)?;
            if let Some(mut former) = former.map(|id| store::record_stages::done_one(w, &id)).transpose()?.flatten() {
                former.is_put_back = true;
                store::record_stages::put_done(w, &former)?;
            }
            store::record_stages::put_done(w, &done)
        });
        let mut forgotten: Vec<String> = old.await?.iter().map(done_entry).collect();
        forgotten.extend(has_secrets(stage).then(|| entry(&stage.id)));
        self.forget_secret_values(&stage.connection, forgotten).await;
        Ok(id)
    }

    /// Reads again what the commit touched, once: the rows on screen, and what the cache makes from them.
    async fn follow_commit(
        &self,
        connection: &ConnectionId,
        ports: &Ports,
        touched: BTreeSet<(String, Option<String>)>,
    ) {
        let paths: BTreeSet<&String> = touched.iter().map(|(path, _)| path).collect();
        for path in paths {
            if self.reading(connection, path).is_some()
                && let Err(failure) = self.records_read(connection, path).await
            {
                tracing::info!(reason = ?failure.why().reason, "a resource could not be read again after a commit");
                return;
            }
            let shown = ports.records.shown_as(path);
            if shown.contains(&Table::Customers)
                && let Err(failure) = self.customers_read(connection).await
            {
                tracing::info!(reason = ?failure.why().reason, "the customers could not be read again after a commit");
            }
            if shown.contains(&Table::Calls) {
                for key in touched.iter().filter(|(it, _)| it == path).filter_map(|(_, key)| key.as_ref()) {
                    self.read_call_again(&CallId(format!("{connection}/{key}"))).await;
                }
            }
        }
    }
}

/// While it lives, what is on its way is under way and not lost.
struct Committing(Console, ConnectionId);

impl Committing {
    fn begin(console: &Console, connection: &ConnectionId) -> Self {
        lock(&console.0.records.committing).insert(connection.clone());
        Self(console.clone(), connection.clone())
    }
}

impl Drop for Committing {
    fn drop(&mut self) {
        lock(&self.0.0.records.committing).remove(&self.1);
    }
}

/// Where the secret values from before a committed change are kept.
pub(crate) fn done_entry(id: &DoneId) -> String {
    format!("done-{id}")
}
