//! The tokens that were given out, the sessions they belong to, and how they end.

use super::refusal::Refusal;
use axum::http::{HeaderMap, header};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::HashMap;

const TOKEN_PREFIX: &str = "example-access-";
/// How long a token for the socket may be used, in seconds.
pub(super) const SOCKET_TOKEN_SECONDS: i64 = 30;
/// So many sessions of one user and application live beside each other; the oldest makes room.
const MOST_SESSIONS: usize = 5;
/// A refresh token that was used answers again until so long after its access token was first used.
const AGAIN_AFTER_USE: TimeDelta = TimeDelta::seconds(10);
/// The same where the access token was never used, from when it was given.
const AGAIN_WITHOUT_USE: TimeDelta = TimeDelta::minutes(60);

/// The tokens that were given out.
#[derive(Debug)]
pub(super) struct Tokens {
    /// How long a new access token lives, in seconds.
    pub(super) seconds: u32,
    /// How long a new refresh token lives, in seconds.
    pub(super) refresh_seconds: u32,
    /// Whether signing in by a code gives a refresh token.
    pub(super) gives_refresh: bool,
    /// How many requests a new access token survives; none for any number.
    pub(super) requests: Option<u32>,
    given: u64,
    access: HashMap<String, Access>,
    refresh: HashMap<String, Refresh>,
    /// Sessions that have not ended, oldest first, each by its number.
    sessions: Vec<u64>,
    socket: HashMap<String, DateTime<Utc>>,
}

#[derive(Debug)]
struct Access {
    session: u64,
    until: DateTime<Utc>,
    /// Requests that may still follow.
    left: Option<u32>,
    first_used: Option<DateTime<Utc>>,
}

#[derive(Debug)]
struct Refresh {
    session: u64,
    until: DateTime<Utc>,
    /// What it was exchanged for, and when.
    became: Option<(Given, DateTime<Utc>)>,
}

/// What a sign-in gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Given {
    pub(super) session: u64,
    pub(super) access: String,
    pub(super) access_until: DateTime<Utc>,
    pub(super) refresh: Option<String>,
    pub(super) refresh_until: DateTime<Utc>,
}

/// How long what is given shall live, in seconds, where the client asked for less than usual.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Wish {
    pub(super) access: Option<u32>,
    pub(super) refresh: Option<u32>,
}

impl Tokens {
    /// No tokens yet; new ones live for an hour, and a week where they refresh.
    pub(super) fn none() -> Self {
        Self {
            seconds: 3_600,
            refresh_seconds: 604_800,
            gives_refresh: true,
            requests: None,
            given: 0,
            access: HashMap::new(),
            refresh: HashMap::new(),
            sessions: Vec::new(),
            socket: HashMap::new(),
        }
    }

    /// Begins a session. Where that makes too many, the oldest ends.
    pub(super) fn begin(&mut self, now: DateTime<Utc>, wish: Wish, has_refresh: bool) -> Given {
        self.given += 1;
        let session = self.given;
        self.forget_dead(now);
        if self.sessions.len() == MOST_SESSIONS {
            self.end(self.sessions[0]);
        }
        self.sessions.push(session);
        self.give(session, now, wish, has_refresh && self.gives_refresh)
    }

    fn give(&mut self, session: u64, now: DateTime<Utc>, wish: Wish, has_refresh: bool) -> Given {
        self.given += 1;
        let shorter = |usual: u32, wished: Option<u32>| wished.map_or(usual, |it| it.min(usual));
        let until = |seconds: u32| now + TimeDelta::seconds(i64::from(seconds));
        let access = format!("{TOKEN_PREFIX}{:08}", self.given);
        let access_until = until(shorter(self.seconds, wish.access));
        let refresh_until = until(shorter(self.refresh_seconds, wish.refresh));
        let kept = Access { session, until: access_until, left: self.requests, first_used: None };
        self.access.insert(access.clone(), kept);
        let refresh = has_refresh.then(|| format!("example-refresh-{:08}", self.given));
        if let Some(token) = &refresh {
            self.refresh.insert(token.clone(), Refresh { session, until: refresh_until, became: None });
        }
        Given { session, access, access_until, refresh, refresh_until }
    }

    /// Exchanges a refresh token. One that was used gives the same again for a short while; nothing for any other.
    pub(super) fn refresh(&mut self, token: &str, now: DateTime<Utc>, wish: Wish) -> Option<Given> {
        let old = self.refresh.get(token)?;
        if let Some((given, at)) = &old.became {
            let access = self.access.get(&given.access)?;
            let until = access.first_used.map_or(*at + AGAIN_WITHOUT_USE, |used| used + AGAIN_AFTER_USE);
            return (now < until).then(|| given.clone());
        }
        if now >= old.until {
            return None;
        }
        let session = old.session;
        self.access.retain(|_, it| it.session != session);
        let given = self.give(session, now, wish, true);
        if let Some(old) = self.refresh.get_mut(token) {
            old.became = Some((given.clone(), now));
        }
        Some(given)
    }

    /// Ends the whole session that a token of either kind belongs to; an unknown one is ignored.
    pub(super) fn revoke(&mut self, token: &str) {
        let by_access = self.access.get(token).map(|it| it.session);
        if let Some(session) = by_access.or_else(|| self.refresh.get(token).map(|it| it.session)) {
            self.end(session);
        }
    }

    fn end(&mut self, session: u64) {
        self.sessions.retain(|it| *it != session);
        self.access.retain(|_, it| it.session != session);
        self.refresh.retain(|_, it| it.session != session);
    }

    /// How many sessions live: those with a token of either kind that is still good.
    pub(super) fn live(&self, now: DateTime<Utc>) -> usize {
        self.sessions.iter().filter(|it| self.is_live(**it, now)).count()
    }

    fn is_live(&self, session: u64, now: DateTime<Utc>) -> bool {
        let by_access = self.access.values().any(|it| it.session == session && now < it.until && it.left != Some(0));
        by_access || self.refresh.values().any(|it| it.session == session && now < it.until && it.became.is_none())
    }

    /// Dead sessions do not count among those that live beside each other; their tokens stay known as expired.
    fn forget_dead(&mut self, now: DateTime<Utc>) {
        let live: Vec<u64> = self.sessions.iter().copied().filter(|it| self.is_live(*it, now)).collect();
        self.sessions = live;
    }

    /// Whether the `Authorization` header lets the request in, which uses the token.
    pub(super) fn check(&mut self, headers: &HeaderMap, now: DateTime<Utc>) -> Result<(), Refusal> {
        let header = headers.get(header::AUTHORIZATION).ok_or_else(Refusal::no_header)?;
        let (scheme, token) = header.to_str().ok().and_then(|it| it.split_once(' ')).unwrap_or_default();
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Err(Refusal::token(false));
        }
        let access = self.access.get_mut(token).ok_or_else(|| Refusal::token(token.starts_with(TOKEN_PREFIX)))?;
        if now >= access.until || access.left == Some(0) {
            return Err(Refusal::expired());
        }
        access.left = access.left.map(|it| it - 1);
        access.first_used.get_or_insert(now);
        Ok(())
    }

    /// Ends the life of every access token.
    pub(super) fn expire(&mut self, now: DateTime<Utc>) {
        self.access.values_mut().for_each(|it| it.until = now);
    }

    /// A token for opening one socket.
    pub(super) fn give_socket(&mut self, now: DateTime<Utc>) -> String {
        self.given += 1;
        let token = format!("example-socket-{:08}", self.given);
        self.socket.insert(token.clone(), now + TimeDelta::seconds(SOCKET_TOKEN_SECONDS));
        token
    }

    /// Uses a token for a socket up; whether it was good.
    pub(super) fn take_socket(&mut self, token: &str, now: DateTime<Utc>) -> bool {
        self.socket.remove(token).is_some_and(|until| now < until)
    }
}
