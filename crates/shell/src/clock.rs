//! The computer's clock: the one place that reads it.

use model::{Clock, Time};

/// The clock of this computer.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is where the present comes in")]
    fn now(&self) -> Time {
        Time::from(chrono::Utc::now())
    }
}
