//! Failures as the web view gets them.

use model::Failure;
use model::failure::Problem;
use serde::Serialize;

/// A failure on its way to the web view: `{code, reason, words, message, wait_seconds}`.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub(crate) struct CommandError(Problem);

impl From<Failure> for CommandError {
    fn from(failure: Failure) -> Self {
        tracing::info!(code = ?failure.code(), reason = ?failure.why().reason, "a command failed");
        Self(Problem::from(&failure))
    }
}

/// What a command answers.
pub(crate) type Result<T> = std::result::Result<T, CommandError>;

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Reason, Why};

    #[test]
    fn a_failure_crosses_with_its_code_reason_and_words() {
        let wait = std::time::Duration::from_secs(38);
        let error = CommandError::from(Failure::SlowDown(wait, Why::new(Reason::LimitReached, "Heavy")));
        let json = serde_json::to_value(&error).unwrap();
        assert_eq!(json["code"], "slow_down");
        assert_eq!(json["reason"], "limit_reached");
        assert_eq!(json["words"], "Heavy");
        assert_eq!(json["wait_seconds"], 38);
    }
}
