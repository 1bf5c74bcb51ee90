//! What an answer or a broken connection means: the one place where a status becomes a failure.

use std::time::Duration;

use model::{Failure, Reason, Why};

use crate::{Answer, tls};

/// The wait after a refusal for too many requests that names none.
const USUAL_PENALTY: Duration = Duration::from_secs(30);

/// The most of a system's own words that is kept, in characters.
const MOST_WORDS: usize = 300;

/// What a system says differently from HTTP. Asked once for each answer, before the common meaning of its status.
pub trait Dialect: Send + Sync {
    /// A failure that the status alone does not tell. A [`Failure::SlowDown`] shuts the group of the request.
    fn failure(&self, answer: &Answer) -> Option<Failure> {
        let _ = answer;
        None
    }

    /// Whether a refusal for too many requests is about all limit groups together.
    fn shuts_everything(&self, answer: &Answer) -> bool {
        let _ = answer;
        false
    }

    /// The system's own words in a refusal. May be empty.
    fn words(&self, answer: &Answer) -> String {
        let _ = answer;
        String::new()
    }

    /// How many requests of one group may be under way while its server has not said how many it takes; `None` where the
    /// limits are known beforehand, or there are none.
    fn unheard(&self) -> Option<u32> {
        None
    }

    /// What the headers say of the limit.
    fn limit(&self, answer: &Answer) -> Option<Budget> {
        let _ = answer;
        None
    }
}

/// What a server says of its limit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Budget {
    /// The group it speaks of; `None` for the request's own.
    pub group: Option<String>,
    /// Requests in the span of the group, where the server names it: it takes the place of the figure known beforehand.
    pub limit: Option<u32>,
    /// The span in which so many are taken, where the server names it.
    pub window: Option<Duration>,
    /// Requests that it would still take.
    pub remaining: Option<u32>,
    /// Until the count begins anew.
    pub resets_in: Option<Duration>,
}

/// What an answer means as a failure, if it is one.
pub(crate) fn failure(answer: &Answer, is_read: bool, dialect: &dyn Dialect) -> Option<Failure> {
    if let Some(failure) = dialect.failure(answer) {
        return Some(failure);
    }
    let status = answer.status;
    let why = |reason| Why::new(reason, words(answer, dialect));
    let failure = match status {
        200..300 => return None,
        401 => Failure::SignedOut(why(Reason::TokenRefused)),
        403 => Failure::Refused(why(Reason::NoPermission)),
        404 => Failure::Refused(why(Reason::NotFound)),
        429 => Failure::SlowDown(penalty(answer, dialect), why(Reason::LimitReached)),
        // Both say that the request was not taken up.
        408 | 503 => Failure::Offline(why(Reason::SystemFault)),
        500.. if is_read => Failure::Offline(why(Reason::SystemFault)),
        500.. => Failure::Unknown(why(Reason::OutcomeUnknown)),
        _ => Failure::Refused(why(Reason::SystemRefused)),
    };
    Some(failure)
}

fn penalty(answer: &Answer, dialect: &dyn Dialect) -> Duration {
    let told = || dialect.limit(answer).and_then(|budget| budget.resets_in);
    answer.retry_after().or_else(told).unwrap_or(USUAL_PENALTY).max(Duration::from_secs(1))
}

fn words(answer: &Answer, dialect: &dyn Dialect) -> String {
    let words = if answer.is_html() { String::new() } else { dialect.words(answer) };
    let words: String = words.trim().chars().filter(|c| !c.is_control() || *c == '\n').take(MOST_WORDS).collect();
    if words.is_empty() { format!("HTTP {}", answer.status) } else { words }
}

/// What it means that no answer came. Before the connection stands nothing has left, so even a write is only offline.
pub(crate) fn no_answer(error: &reqwest::Error, is_read: bool, host: &str) -> Failure {
    if error.is_builder() {
        return Failure::invalid(Reason::NotUsable, "request");
    }
    if error.is_connect() {
        return Failure::Offline(Why::new(connect_trouble(error), host));
    }
    let reason = if error.is_timeout() { Reason::TimedOut } else { Reason::ConnectionLost };
    lost(reason, is_read)
}

/// The answer to a request that may have left did not come.
pub(crate) fn lost(reason: Reason, is_read: bool) -> Failure {
    if is_read {
        Failure::Offline(Why::new(reason, ""))
    } else {
        Failure::Unknown(Why::new(Reason::OutcomeUnknown, ""))
    }
}

fn connect_trouble(error: &reqwest::Error) -> Reason {
    if let Some(reason) = tls::certificate_trouble(error) {
        reason
    } else if error.is_dns() {
        Reason::HostNotFound
    } else if error.is_timeout() {
        Reason::TimedOut
    } else if is_refused(error) {
        Reason::NothingListens
    } else {
        Reason::ConnectionLost
    }
}

fn is_refused(error: &reqwest::Error) -> bool {
    let mut next: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(current) = next {
        let kind = current.downcast_ref::<std::io::Error>().map(std::io::Error::kind);
        if kind == Some(std::io::ErrorKind::ConnectionRefused) {
            return true;
        }
        next = tls::inside(current);
    }
    false
}

/// Whether asking again at once may help a read. Who waited for a whole deadline has waited enough.
pub(crate) fn may_pass(failure: &Failure) -> bool {
    let Failure::Offline(why) = failure else {
        return false;
    };
    matches!(why.reason, Reason::HostNotFound | Reason::NothingListens | Reason::ConnectionLost | Reason::SystemFault)
}
