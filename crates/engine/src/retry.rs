//! What to do after an attempt, as pure functions that are read in five seconds.

use std::time::Duration;

use model::Failure;

/// What happens to a message after an attempt to send it.
#[derive(Debug, PartialEq, Eq)]
pub enum Next {
    /// It is over: the system has it, or nothing arrived, or nobody knows.
    Settle,
    /// Nothing left this computer; try again after this long.
    Again(Duration),
}

/// How long a message waits out limits before it is given back to the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    attempts: u32,
    longest_wait: Duration,
}

impl Patience {
    /// Somebody waits for the outcome of this single message.
    pub const WAITED_FOR: Self = Self { attempts: 3, longest_wait: Duration::from_secs(45) };
    /// The message waits in the outbox by itself.
    pub const BY_ITSELF: Self = Self { attempts: 12, longest_wait: Duration::from_secs(300) };
}

/// What comes after attempt number `attempt` (from 1). A write is repeated only where the limit itself refused it: every
/// other failure is either final or may have arrived.
#[must_use]
pub fn next<T>(outcome: &Result<T, Failure>, attempt: u32, patience: Patience) -> Next {
    match outcome {
        Err(Failure::SlowDown(wait, _)) if attempt < patience.attempts && *wait <= patience.longest_wait => {
            Next::Again(*wait)
        }
        Ok(_)
        | Err(
            Failure::SlowDown(..)
            | Failure::SignedOut(_)
            | Failure::Offline(_)
            | Failure::Refused(_)
            | Failure::Unknown(_)
            | Failure::Surprise(_)
            | Failure::Invalid(_),
        ) => Next::Settle,
    }
}

/// How long a read that failed waits before it is tried again: a second, doubled each time, a minute at most; a limit is
/// waited out; what a person has to mend is looked at again after five minutes.
#[must_use]
pub fn pause_after(failure: &Failure, attempt: u32) -> Duration {
    match failure {
        Failure::SlowDown(wait, _) => *wait,
        Failure::Offline(_) | Failure::Unknown(_) => doubled(attempt),
        // A database that is busy for a moment is not a thing to mend.
        Failure::Refused(why) if why.reason == model::Reason::StoreBroken => doubled(attempt),
        Failure::SignedOut(_) | Failure::Refused(_) | Failure::Surprise(_) | Failure::Invalid(_) => {
            Duration::from_secs(300)
        }
    }
}

fn doubled(attempt: u32) -> Duration {
    Duration::from_secs(1 << attempt.min(6)).min(Duration::from_secs(60))
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Reason, Why};

    fn why() -> Why {
        Why::new(Reason::LimitReached, "")
    }

    #[test]
    fn only_a_limit_lets_a_message_be_tried_again() {
        let check = |outcome: Result<(), Failure>, attempt, expected| {
            assert_eq!(next(&outcome, attempt, Patience::WAITED_FOR), expected);
        };
        let wait = Duration::from_secs(7);
        check(Err(Failure::SlowDown(wait, why())), 1, Next::Again(wait));
        check(Err(Failure::SlowDown(wait, why())), 3, Next::Settle);
        check(Err(Failure::SlowDown(Duration::from_secs(600), why())), 1, Next::Settle);
        check(Ok(()), 1, Next::Settle);
        check(Err(Failure::Offline(why())), 1, Next::Settle);
        check(Err(Failure::Unknown(why())), 1, Next::Settle);
        check(Err(Failure::SignedOut(why())), 1, Next::Settle);
    }

    #[test]
    fn a_message_that_nobody_waits_for_waits_longer_and_not_for_a_day() {
        let check = |seconds, attempt, expected| {
            let outcome: Result<(), _> = Err(Failure::SlowDown(Duration::from_secs(seconds), why()));
            assert_eq!(next(&outcome, attempt, Patience::BY_ITSELF), expected);
        };
        check(60, 3, Next::Again(Duration::from_secs(60)));
        check(60, 12, Next::Settle);
        check(3_600, 1, Next::Settle);
    }

    #[test]
    fn reads_wait_longer_each_time_and_never_longer_than_a_minute() {
        let check = |attempt, seconds| {
            assert_eq!(pause_after(&Failure::Offline(why()), attempt), Duration::from_secs(seconds));
        };
        check(0, 1);
        check(1, 2);
        check(5, 32);
        check(6, 60);
        check(60, 60);
    }
}
