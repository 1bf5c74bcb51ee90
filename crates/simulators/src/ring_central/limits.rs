//! The rate limits: one sliding minute for each group, a penalty that starts again with every request inside it, and
//! requests that double one that is being answered.

use super::refusal::Refusal;
use super::state::State;
use crate::lock;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Uri};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::{HashSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

/// The groups that requests are counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// Single small things.
    Light,
    /// Lists.
    Medium,
    /// Call logs, account presence, searches, files.
    Heavy,
    /// Signing in.
    Auth,
}

impl Group {
    const ALL: [Self; 4] = [Self::Light, Self::Medium, Self::Heavy, Self::Auth];

    fn name(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Medium => "medium",
            Self::Heavy => "heavy",
            Self::Auth => "auth",
        }
    }

    /// The vendor's own limit for a minute.
    fn real(self) -> usize {
        match self {
            Self::Light => 50,
            Self::Medium => 40,
            Self::Heavy => 10,
            Self::Auth => 5,
        }
    }
}

/// How the headers that tell a limit are spelled: the vendor's pages have both ways, and answers without any.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spelling {
    /// `X-Rate-Limit-Group` and so on.
    Dashed,
    /// `X-RateLimit-Group` and so on.
    Joined,
    /// No such header.
    None,
}

/// A limit that no demo reaches.
const GENEROUS: usize = 100_000;
/// Length of the window and of the penalty.
const WINDOW: Duration = Duration::from_secs(60);

#[derive(Debug)]
struct Bucket {
    limit: usize,
    seen: VecDeque<DateTime<Utc>>,
    penalty_until: Option<DateTime<Utc>>,
}

/// The counters of all groups.
#[derive(Debug)]
pub(super) struct Limits {
    buckets: [Bucket; 4],
    /// Length of the window and of the penalty.
    window: Duration,
    spelling: Spelling,
    tells_wait: bool,
    /// Requests that came to a group while its penalty ran.
    in_penalty: usize,
}

impl Limits {
    /// Counters with limits that no demo reaches.
    pub(super) fn generous() -> Self {
        let buckets = Group::ALL.map(|_| Bucket { limit: GENEROUS, seen: VecDeque::new(), penalty_until: None });
        Self { buckets, window: WINDOW, spelling: Spelling::Dashed, tells_wait: true, in_penalty: 0 }
    }

    /// Uses the vendor's own limits, or the generous ones; forgets what was counted.
    fn set_real(&mut self, is_real: bool) {
        self.buckets = Self::generous().buckets;
        for group in Group::ALL.iter().filter(|_| is_real) {
            self.set(*group, group.real());
        }
    }

    /// Allows so many requests of a group in a window.
    pub(super) fn set(&mut self, group: Group, limit: usize) {
        self.buckets[group as usize].limit = limit;
    }

    /// Counts a request, or refuses it.
    pub(super) fn count(&mut self, group: Group, now: DateTime<Utc>) -> Result<(), Refusal> {
        let window = TimeDelta::from_std(self.window).unwrap_or(TimeDelta::MAX);
        let bucket = &mut self.buckets[group as usize];
        bucket.seen.retain(|it| now - *it < window);
        let is_in_penalty = bucket.penalty_until.is_some_and(|it| now < it);
        self.in_penalty += usize::from(is_in_penalty);
        if is_in_penalty || bucket.seen.len() >= bucket.limit {
            bucket.penalty_until = Some(now + window);
            // The header knows whole seconds only.
            let seconds = self.window.as_millis().div_ceil(1_000);
            return Err(Refusal::rate(Some(seconds as u64).filter(|_| self.tells_wait)));
        }
        bucket.penalty_until = None;
        bucket.seen.push_back(now);
        Ok(())
    }

    /// Tells in the head of an answer where a group stands.
    pub(super) fn tell(&self, group: Group, headers: &mut HeaderMap) {
        let names = match self.spelling {
            Spelling::Dashed => {
                ["x-rate-limit-group", "x-rate-limit-limit", "x-rate-limit-remaining", "x-rate-limit-window"]
            }
            Spelling::Joined => {
                ["x-ratelimit-group", "x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-window"]
            }
            Spelling::None => return,
        };
        let bucket = &self.buckets[group as usize];
        let remaining = if bucket.penalty_until.is_some() { 0 } else { bucket.limit.saturating_sub(bucket.seen.len()) };
        let window = if self.window.as_secs() == 0 {
            self.window.as_secs_f64().to_string()
        } else {
            self.window.as_secs().to_string()
        };
        let values = [group.name().to_owned(), bucket.limit.to_string(), remaining.to_string(), window];
        for (name, value) in names.into_iter().zip(values) {
            headers.extend(HeaderValue::from_str(&value).ok().map(|value| (HeaderName::from_static(name), value)));
        }
    }
}

impl State {
    /// Uses the vendor's own rate limits, or ones that no demo reaches; forgets what was counted.
    pub fn set_limits(&self, real: bool) {
        lock(&self.inner).limits.set_real(real);
    }

    /// Allows so many requests of one group in a window, which is a minute unless it was set.
    pub fn set_limit(&self, group: Group, per_minute: usize) {
        lock(&self.inner).limits.set(group, per_minute);
    }

    /// How long the window and the penalty are, instead of a minute.
    pub fn set_window(&self, window: Duration) {
        lock(&self.inner).limits.window = window;
    }

    /// How the limit headers are spelled.
    pub fn set_limit_headers(&self, spelling: Spelling) {
        lock(&self.inner).limits.spelling = spelling;
    }

    /// Whether a refusal tells by `Retry-After` how long to wait.
    pub fn set_retry_after(&self, is_told: bool) {
        lock(&self.inner).limits.tells_wait = is_told;
    }

    /// How many requests came to a group while its penalty ran. Each of them started the penalty again.
    pub fn requests_in_penalty(&self) -> usize {
        lock(&self.inner).limits.in_penalty
    }

    /// Whether a request for what is being answered already is refused. Answers take a moment then, so that requests
    /// at the same time do meet.
    pub fn set_duplicates_refused(&self, are_refused: bool) {
        lock(&self.doubles).are_refused = are_refused;
    }

    /// Takes up the answer to a request, or refuses it because the same is being answered.
    pub(super) async fn begin(self: &Arc<Self>, method: &Method, uri: &Uri) -> Result<Option<Answering>, Refusal> {
        {
            let doubles = &mut *lock(&self.doubles);
            if !doubles.are_refused || method != Method::GET {
                return Ok(None);
            }
            if !doubles.answering.insert(uri.to_string()) {
                return Err(Refusal::double());
            }
        }
        let answering = Answering { state: self.clone(), what: uri.to_string() };
        tokio::time::sleep(MOMENT).await;
        Ok(Some(answering))
    }
}

/// How long an answer takes at least while the same request beside it is refused.
const MOMENT: Duration = Duration::from_millis(100);

/// What is being answered.
#[derive(Debug, Default)]
pub(super) struct Doubles {
    are_refused: bool,
    answering: HashSet<String>,
}

/// One answer on its way; dropping it makes room for the next of the same kind.
pub(super) struct Answering {
    state: Arc<State>,
    what: String,
}

impl Drop for Answering {
    fn drop(&mut self) {
        lock(&self.state.doubles).answering.remove(&self.what);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_790_000_000 + second, 0).unwrap()
    }

    #[test]
    fn a_request_inside_the_penalty_starts_it_again() {
        let mut limits = Limits::generous();
        limits.set(Group::Heavy, 2);
        assert!(limits.count(Group::Heavy, at(0)).is_ok());
        assert!(limits.count(Group::Heavy, at(1)).is_ok());
        assert!(limits.count(Group::Heavy, at(2)).is_err());
        assert!(limits.count(Group::Light, at(2)).is_ok(), "another group is not meant");
        assert!(limits.count(Group::Heavy, at(61)).is_err(), "the window is over, the penalty is not");
        assert!(limits.count(Group::Heavy, at(120)).is_err(), "it started again at 61");
        assert!(limits.count(Group::Heavy, at(180)).is_ok());
    }

    #[test]
    fn the_window_slides() {
        let mut limits = Limits::generous();
        limits.set(Group::Heavy, 2);
        assert!(limits.count(Group::Heavy, at(0)).is_ok());
        assert!(limits.count(Group::Heavy, at(50)).is_ok());
        assert!(limits.count(Group::Heavy, at(60)).is_ok(), "the first is a minute old");
        assert!(limits.count(Group::Heavy, at(70)).is_err());
    }
}
