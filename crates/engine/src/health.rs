//! How each connection is: learnt from the outcome of everything that is asked of it.

use std::collections::BTreeSet;

use model::connection::{Limitation, Reading, State};
use model::failure::{Code, Problem};
use model::{ConnectionId, Failure};

use crate::console::{Console, lock};

/// A minute, in milliseconds.
const MINUTE: i64 = 60_000;

/// How a connection is, as far as this process knows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Health {
    /// Whether its live feed listens.
    pub(crate) is_live: bool,
    /// Whether it is being read for the first time.
    pub(crate) is_reading: bool,
    /// The minute of the last answer in this process, counted from 1970: as fine as windows show it.
    pub(crate) answered: Option<i64>,
    /// The last failure, until something succeeds.
    pub(crate) problem: Option<Problem>,
    /// Secrets that were found missing.
    pub(crate) missing: BTreeSet<String>,
    /// How far the first fill has come, while it runs.
    pub(crate) reading: Option<Reading>,
    /// What the call log gives only in part.
    pub(crate) of_log: Option<Limitation>,
    /// What the live feed gives only in part.
    pub(crate) of_line: Option<Limitation>,
    /// What the keyring did not take.
    pub(crate) of_keyring: Option<Limitation>,
    /// What came in this process and could not be understood.
    pub(crate) not_understood: u64,
}

impl Health {
    /// `was_ok`: whether the system ever answered as it should, in an earlier process perhaps.
    pub(crate) fn state(&self, was_ok: bool) -> State {
        match self.problem.as_ref().map(|problem| problem.code) {
            Some(Code::SignedOut) => State::SignedOut,
            Some(Code::SlowDown) => State::Limited,
            Some(Code::Offline) => State::Offline,
            Some(Code::Refused | Code::Surprise | Code::Invalid | Code::UnknownOutcome) => State::Troubled,
            None if self.is_reading || self.reading.is_some() => State::Reading,
            None if self.is_live => State::Live,
            None if self.answered.is_some() || was_ok => State::Ok,
            None => State::New,
        }
    }

    /// Everything that works only in part.
    pub(crate) fn limitations(&self) -> Vec<Limitation> {
        [self.of_log, self.of_line, self.of_keyring].into_iter().flatten().collect()
    }
}

impl Console {
    /// Notes how an exchange with a connection went, and tells the windows where that changes what they show.
    pub(crate) async fn note<T>(&self, id: &ConnectionId, outcome: &Result<T, Failure>) {
        let now = self.now();
        let problem = outcome.as_ref().err().map(Problem::from);
        if outcome.is_ok() {
            let id = id.clone();
            // A ledger that cannot be written must not hide that the system answered.
            if let Err(failure) = self.0.store.write(move |w| store::connections::mark_ok(w, &id, now)).await {
                tracing::warn!(reason = ?failure.why().reason, "the time of the last answer could not be kept");
            }
        }
        let mut is_back = false;
        self.change_health(id, |health| {
            if problem.is_none() {
                health.answered = Some(now.millis() / MINUTE);
                is_back = health.problem.as_ref().is_some_and(|it| it.code == Code::Offline);
            }
            health.problem = problem;
        })
        .await;
        if is_back {
            self.0.reached.notify_one();
        }
    }

    /// Changes the health of a connection and tells the windows if they would show it differently.
    pub(crate) async fn change_health(&self, id: &ConnectionId, change: impl FnOnce(&mut Health)) {
        let differs = {
            let mut all = lock(&self.0.health);
            let health = all.entry(id.clone()).or_default();
            let before = health.clone();
            change(health);
            before != *health
        };
        if differs {
            self.tell_connections().await;
        }
    }

    pub(crate) fn health(&self, id: &ConnectionId) -> Health {
        lock(&self.0.health).get(id).cloned().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Reason, Why};

    #[test]
    fn the_last_failure_shows_until_something_succeeds() {
        let mut health = Health::default();
        assert_eq!(health.state(false), State::New);
        assert_eq!(health.state(true), State::Ok, "the time of the last answer stands beside it");
        health.answered = Some(0);
        assert_eq!(health.state(false), State::Ok);
        health.is_live = true;
        assert_eq!(health.state(false), State::Live);
        let failure = Failure::Offline(Why::new(Reason::TimedOut, ""));
        health.problem = Some(Problem::from(&failure));
        assert_eq!(health.state(false), State::Offline, "a live feed does not hide a failure");
    }
}
