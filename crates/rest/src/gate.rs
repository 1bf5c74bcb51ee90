//! The pace of each limit group: how many requests may leave, corrected by what the server says, and shut during a penalty.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use model::bulk::Pace;
use model::{Failure, Reason, Why};
use tokio::time::Instant;

/// How many requests a limit group takes in a sliding span.
#[derive(Debug, Clone, Copy)]
pub struct Limit {
    /// The group that [`crate::Request::group`] names.
    pub group: &'static str,
    /// Requests in each span.
    pub requests: u32,
    /// The span.
    pub per: Duration,
}

/// How soon it is looked again whether an answer has come that tells how many requests may still leave.
const BLINK: Duration = Duration::from_millis(25);
/// How far two ends of the same span may lie apart: servers tell them by a clock that goes in seconds.
const SAME_SPAN: Duration = Duration::from_secs(2);

/// What may happen with the next request of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Turn {
    /// It may leave; it is counted.
    Go,
    /// It would go beyond the pace; ask again after this long.
    Wait(Duration),
    /// A penalty runs this long still.
    Shut(Duration, Reason),
}

/// The least that the server said it would still take in the span that runs. Requests under way may be counted in it or not.
struct Told {
    remaining: u32,
    until: Instant,
}

/// One limit group.
#[derive(Default)]
struct Lane {
    limit: Option<Limit>,
    sent: VecDeque<Instant>,
    told: Option<Told>,
    shut: Option<(Instant, Reason)>,
    /// Requests that left and whose answers have not come.
    under_way: u32,
    /// How many may be under way while the server has not said how many it takes.
    unheard: Option<u32>,
    /// How many the server said it takes in a span.
    told_requests: Option<u32>,
}

impl Lane {
    fn turn(&mut self, now: Instant) -> Turn {
        match self.shut {
            Some((until, reason)) if until > now => return Turn::Shut(until - now, reason),
            Some(_) | None => self.shut = None,
        }
        self.told.take_if(|told| told.until <= now);
        match &self.told {
            Some(told) if told.remaining == 0 => return Turn::Wait(told.until - now),
            // None of those under way may be counted yet, so this one could be one too many.
            Some(told) if told.remaining <= self.under_way => return Turn::Wait(BLINK.min(told.until - now)),
            None if self.unheard.is_some_and(|most| self.under_way >= most) => return Turn::Wait(BLINK),
            Some(_) | None => {}
        }
        if let Some(limit) = self.limit {
            self.sent.retain(|sent| *sent + limit.per > now);
            if self.sent.len() >= limit.requests as usize
                && let Some(first) = self.sent.front()
            {
                return Turn::Wait(*first + limit.per - now);
            }
            self.sent.push_back(now);
        }
        self.under_way += 1;
        Turn::Go
    }

    /// How long it is until the next request may leave, and how many may leave in the span that runs; counts none.
    fn outlook(&mut self, now: Instant) -> (Duration, Option<u32>) {
        let shut = self.shut.map_or(Duration::ZERO, |(until, _)| until.saturating_duration_since(now));
        let told = self.told.as_ref().filter(|told| told.until > now);
        let mut ready = shut;
        let mut left = told.map(|told| told.remaining.saturating_sub(self.under_way));
        if let Some(told) = told.filter(|told| told.remaining == 0) {
            ready = ready.max(told.until - now);
        }
        if let Some(limit) = self.limit {
            self.sent.retain(|sent| *sent + limit.per > now);
            let free = limit.requests.saturating_sub(u32::try_from(self.sent.len()).unwrap_or(u32::MAX));
            left = Some(left.map_or(free, |left| left.min(free)));
            if let Some(first) = self.sent.front().filter(|_| free == 0) {
                ready = ready.max(*first + limit.per - now);
            }
        }
        (ready, left)
    }

    /// A request is over.
    fn end(&mut self, fate: u8) {
        self.under_way = self.under_way.saturating_sub(1);
        match (fate, &mut self.told) {
            (Passage::UNSENT, _) => drop(self.sent.pop_back()),
            // It may have been counted, and nobody says so.
            (Passage::LOST, Some(told)) => told.remaining = told.remaining.saturating_sub(1),
            _ => {}
        }
    }

    /// The server's own figures.
    fn learn(&mut self, requests: Option<u32>, window: Option<Duration>) {
        self.told_requests = requests.or(self.told_requests);
        self.unheard = self.unheard.map(|usual| requests.filter(|requests| *requests > 0).unwrap_or(usual));
        if let Some(limit) = &mut self.limit {
            limit.requests = requests.filter(|requests| *requests > 0).unwrap_or(limit.requests);
            limit.per = window.filter(|window| !window.is_zero()).unwrap_or(limit.per);
        }
    }

    /// The server's figure replaces ours where it allows less.
    fn hear(&mut self, remaining: u32, resets_in: Option<Duration>, now: Instant) {
        match (resets_in, self.limit) {
            (Some(span), _) => {
                let until = now + span;
                let same = self.told.take().filter(|told| until <= told.until + SAME_SPAN);
                // Answers may come in another order than their requests were counted in.
                let least = same.as_ref().map_or(remaining, |told| told.remaining.min(remaining));
                self.told = Some(Told { remaining: least, until: same.map_or(until, |told| told.until.max(until)) });
            }
            (None, Some(limit)) => {
                let used = limit.requests.saturating_sub(remaining) as usize;
                while self.sent.len() < used {
                    self.sent.push_back(now);
                }
            }
            (None, None) => {}
        }
    }
}

/// The leave of one request. Letting it go ends the request for the count of its group.
pub(crate) struct Passage<'a> {
    gate: &'a Gate,
    group: &'a str,
    fate: AtomicU8,
}

impl Passage<'_> {
    /// It left, and no answer has come.
    const LOST: u8 = 0;
    /// Its answer has come.
    const HEARD: u8 = 1;
    /// It could not leave, so it counts nowhere.
    const UNSENT: u8 = 2;

    /// Its answer has come, with whatever it says of the limit.
    pub(crate) fn heard(&self) {
        self.fate.store(Self::HEARD, Ordering::Relaxed);
    }

    /// It could not leave after all.
    pub(crate) fn unsent(&self) {
        self.fate.store(Self::UNSENT, Ordering::Relaxed);
    }
}

impl Drop for Passage<'_> {
    fn drop(&mut self) {
        if let Some(lane) = self.gate.lanes().get_mut(self.group) {
            lane.end(self.fate.load(Ordering::Relaxed));
        }
    }
}

/// All limit groups of one server.
pub(crate) struct Gate {
    lanes: Mutex<HashMap<String, Lane>>,
    unheard: Option<u32>,
}

impl Gate {
    /// `unheard`: how many requests of a group may be under way while its server has not said how many it takes.
    pub(crate) fn new(limits: &[Limit], unheard: Option<u32>) -> Self {
        let lane = |limit: &Limit| Lane { limit: Some(*limit), ..Lane::default() };
        let lanes = limits.iter().map(|limit| (limit.group.to_owned(), lane(limit))).collect();
        Self { lanes: Mutex::new(lanes), unheard }
    }

    fn lanes(&self) -> MutexGuard<'_, HashMap<String, Lane>> {
        self.lanes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns when a request of this group may leave, within `at_most`.
    ///
    /// # Errors
    /// `SlowDown` with the wait where a penalty runs, or where the turn comes later than `at_most`.
    pub(crate) async fn pass<'a>(&'a self, group: &'a str, at_most: Duration) -> Result<Passage<'a>, Failure> {
        let last = Instant::now() + at_most;
        let new = || Lane { unheard: self.unheard, ..Lane::default() };
        loop {
            let now = Instant::now();
            let turn = self.lanes().entry(group.to_owned()).or_insert_with(new).turn(now);
            match turn {
                Turn::Go => return Ok(Passage { gate: self, group, fate: AtomicU8::new(Passage::LOST) }),
                Turn::Shut(wait, reason) => return Err(Failure::SlowDown(wait, Why::new(reason, group))),
                Turn::Wait(wait) if now + wait > last => {
                    return Err(Failure::SlowDown(wait, Why::new(Reason::LimitReached, group)));
                }
                Turn::Wait(wait) => tokio::time::sleep(wait).await,
            }
        }
    }

    /// The server took a request and said nothing of a limit, so there is none for this group.
    pub(crate) fn free(&self, group: &str) {
        if let Some(lane) = self.lanes().get_mut(group) {
            lane.unheard = None;
        }
    }

    /// Nothing of this group leaves for `wait`. A longer penalty that runs already stays.
    pub(crate) fn shut(&self, group: &str, wait: Duration, reason: Reason) {
        let until = Instant::now() + wait;
        let mut lanes = self.lanes();
        let lane = lanes.entry(group.to_owned()).or_default();
        if lane.shut.is_none_or(|(running, _)| running < until) {
            lane.shut = Some((until, reason));
        }
    }

    /// Nothing of any known group leaves for `wait`.
    pub(crate) fn shut_all(&self, wait: Duration, reason: Reason) {
        let groups: Vec<String> = self.lanes().keys().cloned().collect();
        groups.iter().for_each(|group| self.shut(group, wait, reason));
    }

    /// Takes over how many requests the server takes, and in which span.
    pub(crate) fn learn(&self, group: &str, requests: Option<u32>, window: Option<Duration>) {
        self.lanes().entry(group.to_owned()).or_default().learn(requests, window);
    }

    /// How long so many further requests of a group will take at its pace, were nothing else asked; `None` where no limit is known.
    pub(crate) fn span(&self, group: &str, requests: u32) -> Option<Duration> {
        let limit = self.lanes().get(group)?.limit?;
        Some(limit.per.mul_f64(f64::from(requests) / f64::from(limit.requests.max(1))))
    }

    /// How fast requests of a group may leave, as far as it is known now. Nothing is counted.
    pub(crate) fn pace(&self, group: &str) -> Pace {
        let (now, mut lanes) = (Instant::now(), self.lanes());
        let Some(lane) = lanes.get_mut(group) else { return Pace::default() };
        let short = |span: Duration| u32::try_from(span.as_millis()).unwrap_or(u32::MAX);
        let (ready, left) = lane.outlook(now);
        let (requests, per) = match lane.limit {
            Some(limit) => (Some(limit.requests), Some(limit.per)),
            None => (lane.told_requests, None),
        };
        Pace { requests, per_ms: per.map(short), left, ready_in_ms: short(ready), gap_ms: 0 }
    }

    /// Takes over what the server says of its limit.
    pub(crate) fn hear(&self, group: &str, remaining: u32, resets_in: Option<Duration>) {
        let mut lanes = self.lanes();
        lanes.entry(group.to_owned()).or_default().hear(remaining, resets_in, Instant::now());
    }
}

#[cfg(test)]
mod tests;
