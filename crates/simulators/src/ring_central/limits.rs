//! The rate limits: one sliding minute for each group, and a penalty that starts again with every request inside it.

use super::refusal::Refusal;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::VecDeque;

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

/// A limit that no demo reaches.
const GENEROUS: usize = 100_000;
/// Length of the window and of the penalty in seconds.
const WINDOW: u64 = 60;

#[derive(Debug)]
struct Bucket {
    limit: usize,
    seen: VecDeque<DateTime<Utc>>,
    penalty_until: Option<DateTime<Utc>>,
}

/// The counters of all groups.
#[derive(Debug)]
pub(super) struct Limits([Bucket; 4]);

impl Limits {
    /// Counters with limits that no demo reaches.
    pub(super) fn generous() -> Self {
        Self(Group::ALL.map(|_| Bucket { limit: GENEROUS, seen: VecDeque::new(), penalty_until: None }))
    }

    /// Uses the vendor's own limits, or the generous ones; forgets what was counted.
    pub(super) fn set_real(&mut self, is_real: bool) {
        *self = Self::generous();
        for group in Group::ALL.iter().filter(|_| is_real) {
            self.set(*group, group.real());
        }
    }

    /// Allows so many requests of a group in a minute.
    pub(super) fn set(&mut self, group: Group, limit: usize) {
        self.0[group as usize].limit = limit;
    }

    /// Counts a request, or refuses it.
    pub(super) fn count(&mut self, group: Group, now: DateTime<Utc>) -> Result<(), Refusal> {
        let window = TimeDelta::seconds(WINDOW as i64);
        let bucket = &mut self.0[group as usize];
        bucket.seen.retain(|it| now - *it < window);
        if bucket.penalty_until.is_some_and(|it| now < it) || bucket.seen.len() >= bucket.limit {
            bucket.penalty_until = Some(now + window);
            return Err(Refusal::rate(WINDOW));
        }
        bucket.penalty_until = None;
        bucket.seen.push_back(now);
        Ok(())
    }

    /// Tells in the head of an answer where a group stands.
    pub(super) fn tell(&self, group: Group, headers: &mut HeaderMap) {
        let bucket = &self.0[group as usize];
        let remaining = if bucket.penalty_until.is_some() { 0 } else { bucket.limit.saturating_sub(bucket.seen.len()) };
        headers.insert(HeaderName::from_static("x-rate-limit-group"), HeaderValue::from_static(group.name()));
        for (name, value) in [
            ("x-rate-limit-limit", bucket.limit as u64),
            ("x-rate-limit-remaining", remaining as u64),
            ("x-rate-limit-window", WINDOW),
        ] {
            headers.insert(HeaderName::from_static(name), HeaderValue::from(value));
        }
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
