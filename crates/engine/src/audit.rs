//! The log of writes: each is written down before it leaves, and again when its outcome is known. Messages are put there by the ledger
//! itself, in the transaction that settles them.

use std::future::Future;

use model::audit::{AuditFilter, AuditKind, AuditOutcome, AuditPage, AuditVerdict, Deed, Through};
use model::{ConnectionId, Failure, Raw};

use crate::console::Console;

/// The most entries that are answered at once.
const PAGE: usize = 200;

/// What is known of a deed once it is done.
#[derive(Debug, Default)]
pub(crate) struct Done {
    /// The system's id or words.
    pub(crate) detail: String,
    /// The key of a row that was made.
    pub(crate) key: Option<String>,
    /// The record as the system has it now.
    pub(crate) after: Option<Raw>,
    /// Whether nothing was written after all, because somebody else changed the same meanwhile.
    pub(crate) met_conflict: bool,
}

impl Console {
    /// Says from where everything is done from now on; a window where nobody says.
    pub fn acts_through(&self, through: Through) {
        self.0.store.set_through(through);
    }

    /// At most 200 entries of the log before one, newest first; from the newest on for `None`.
    ///
    /// # Errors
    /// Where the log cannot be read.
    pub async fn audit_list(&self, filter: &AuditFilter, before: Option<u64>) -> Result<AuditPage, Failure> {
        let filter = filter.clone();
        self.0.store.read(move |r| store::audit::page(r, &filter, before, PAGE)).await
    }

    /// Goes through the whole log and says whether it is as it was written.
    ///
    /// # Errors
    /// Where the log cannot be read.
    pub async fn audit_verify(&self) -> Result<AuditVerdict, Failure> {
        self.0.store.read(store::audit::verify).await
    }

    /// A deed at a connection, to be filled in.
    ///
    /// # Errors
    /// [`Failure::Invalid`] where there is no such connection.
    pub(crate) async fn deed(
        &self,
        kind: AuditKind,
        connection: &ConnectionId,
        subject: impl Into<String>,
    ) -> Result<Deed, Failure> {
        Ok(Deed {
            kind,
            connection: connection.clone(),
            connection_name: self.connection(connection).await?.name,
            subject: subject.into(),
            resource: None,
            key: None,
            before: None,
            after: None,
            done: None,
            puts_back: None,
        })
    }

    /// Does something at a system, once, with its place in the log: where that cannot be written, nothing is done. Should the program end
    /// meanwhile, the entry stays without an outcome.
    pub(crate) async fn audited<T>(
        &self,
        deed: Deed,
        act: impl Future<Output = Result<T, Failure>>,
        done: impl FnOnce(&T) -> Done,
    ) -> Result<T, Failure> {
        let now = self.now();
        let number = self.write(move |w| store::audit::append(w, deed, now, None)).await?;
        let outcome = act.await;
        let end = match &outcome {
            Ok(value) => {
                let done = done(value);
                let known = if done.met_conflict { AuditOutcome::Refused } else { AuditOutcome::Done };
                end(known, done)
            }
            Err(failure) => {
                let known = match failure {
                    Failure::Unknown(_) | Failure::Surprise(_) => AuditOutcome::Unknown,
                    Failure::SignedOut(_)
                    | Failure::SlowDown(..)
                    | Failure::Offline(_)
                    | Failure::Refused(_)
                    | Failure::Invalid(_) => AuditOutcome::Refused,
                };
                end(known, Done { detail: failure.to_string(), ..Done::default() })
            }
        };
        let now = self.now();
        if let Err(failure) = self.write(move |w| store::audit::settle(w, number, now, end)).await {
            // The entry stays without an outcome, which is true: nobody could write it down.
            tracing::error!(reason = ?failure.why().reason, "the outcome of a write could not be put into the log");
        }
        outcome
    }

    /// Writes down what this computer itself did, such as keeping a secret.
    pub(crate) async fn put_down(&self, deed: Deed) -> Result<(), Failure> {
        let now = self.now();
        self.write(move |w| store::audit::append(w, deed, now, Some(at_once())).map(drop)).await
    }
}

/// The end of what this computer did itself.
pub(crate) fn at_once() -> store::audit::End {
    end(AuditOutcome::Done, Done::default())
}

fn end(outcome: AuditOutcome, done: Done) -> store::audit::End {
    store::audit::End { outcome, detail: done.detail, key: done.key, after: done.after }
}
