//! What Rocket.Chat says differently from HTTP: its error bodies, its codes, and a limit whose reset is an instant.

use std::time::Duration;

use model::{Failure, Reason, Why};
use rest::{Answer, Budget, Dialect};

use crate::wire::Trouble;

/// The usual span of a limit. A clock that is wrong must not make it longer.
const SPAN: Duration = Duration::from_secs(60);

/// Calls of one route in a span, where the administrator has not set another number.
const USUAL_LIMIT: u32 = 10;

/// The wait where a limit tells none.
const USUAL_PENALTY: Duration = Duration::from_secs(30);

/// Rocket.Chat's way of speaking.
pub(crate) struct Rocket;

/// What a code or the end of a text means. The first that fits counts.
const MEANINGS: &[(&str, Meaning)] = &[
    ("totp-required", Meaning::SecondFactor),
    ("totp-invalid", Meaning::SecondFactor),
    ("error-too-many-requests", Meaning::TooMany),
    ("error-unauthorized", Meaning::Refused(Reason::NoPermission)),
    ("error-not-allowed", Meaning::Refused(Reason::NoPermission)),
    ("error-action-not-allowed", Meaning::Refused(Reason::NoPermission)),
    ("Not enough permission", Meaning::Refused(Reason::NoPermission)),
    ("error-duplicate-channel-name", Meaning::Refused(Reason::NameTaken)),
    ("error-invalid-room-name", Meaning::Refused(Reason::NotAddressable)),
    ("error-message-size-exceeded", Meaning::Refused(Reason::TooLong)),
    ("error-file-too-large", Meaning::Refused(Reason::FileTooLarge)),
    ("error-invalid-file-type", Meaning::Refused(Reason::FileKindRefused)),
    ("invalid-file", Meaning::Refused(Reason::NotFound)),
    ("error-invalid-room", Meaning::Refused(Reason::NotFound)),
    ("error-room-not-found", Meaning::Refused(Reason::NotFound)),
    ("error-room-does-not-exist", Meaning::Refused(Reason::NotFound)),
    ("error-invalid-user", Meaning::Refused(Reason::NotFound)),
    ("invalid-channel", Meaning::Refused(Reason::NotFound)),
    ("User not found", Meaning::Refused(Reason::NotFound)),
];

#[derive(Clone, Copy)]
enum Meaning {
    SecondFactor,
    TooMany,
    Refused(Reason),
}

impl Dialect for Rocket {
    fn failure(&self, answer: &Answer) -> Option<Failure> {
        if answer.is_success() || answer.status >= 500 {
            return None;
        }
        let trouble = Trouble::read(answer);
        let why = |reason| Why::new(reason, self.words(answer));
        if answer.status == 429 {
            return Some(Failure::SlowDown(penalty(answer, &trouble), why(Reason::LimitReached)));
        }
        // A refusal is a 400 or 401 with its code; the other statuses speak for themselves.
        let (_, meaning) =
            MEANINGS.iter().find(|(code, _)| matches!(answer.status, 400 | 401) && trouble.says(code))?;
        match meaning {
            Meaning::SecondFactor => Some(Failure::SignedOut(why(Reason::SecondFactor))),
            Meaning::TooMany => Some(Failure::SlowDown(penalty(answer, &trouble), why(Reason::LimitReached))),
            Meaning::Refused(_) if answer.status == 401 => None,
            Meaning::Refused(reason) => Some(Failure::Refused(why(*reason))),
        }
    }

    fn words(&self, answer: &Answer) -> String {
        Trouble::read(answer).words()
    }

    fn unheard(&self) -> Option<u32> {
        Some(USUAL_LIMIT)
    }

    fn limit(&self, answer: &Answer) -> Option<Budget> {
        let number = |name| answer.header(name).and_then(|it| it.trim().parse().ok());
        let remaining = number("x-ratelimit-remaining")?;
        let limit = number("x-ratelimit-limit");
        Some(Budget { group: None, limit, window: None, remaining: Some(remaining), resets_in: resets_in(answer) })
    }
}

/// Until the count begins anew: the header is an instant in milliseconds since 1970 on the server's clock.
fn resets_in(answer: &Answer) -> Option<Duration> {
    let reset: i64 = answer.header("x-ratelimit-reset")?.trim().parse().ok()?;
    let now = answer.date().unwrap_or(answer.came_at());
    let wait = u64::try_from(reset - now.millis()).ok()?;
    Some(Duration::from_millis(wait).min(SPAN))
}

/// How long to wait after a refusal for too many requests. The text's seconds do not depend on any clock, so they come
/// before the header.
fn penalty(answer: &Answer, trouble: &Trouble) -> Duration {
    let wait = answer.retry_after().or_else(|| trouble.seconds()).or_else(|| resets_in(answer));
    wait.unwrap_or(USUAL_PENALTY).max(Duration::from_secs(1))
}
