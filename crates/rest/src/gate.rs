//! The pace of each limit group: how many requests may leave, corrected by what the server says, and shut during a penalty.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

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

    /// Takes over what the server says of its limit.
    pub(crate) fn hear(&self, group: &str, remaining: u32, resets_in: Option<Duration>) {
        let mut lanes = self.lanes();
        lanes.entry(group.to_owned()).or_default().hear(remaining, resets_in, Instant::now());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);
    const TWO_A_MINUTE: Limit = Limit { group: "heavy", requests: 2, per: MINUTE };

    fn wait_of(result: Result<Passage<'_>, Failure>) -> Option<u64> {
        match result {
            Err(Failure::SlowDown(wait, _)) => Some(wait.as_secs()),
            Ok(_) => None,
            Err(other) => panic!("{other}"),
        }
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_over_the_pace_waits_for_its_turn_or_is_told_how_long() {
        let gate = Gate::new(&[TWO_A_MINUTE], None);
        let start = Instant::now();
        assert_eq!(wait_of(gate.pass("heavy", Duration::ZERO).await), None);
        assert_eq!(wait_of(gate.pass("heavy", Duration::ZERO).await), None);
        assert_eq!(wait_of(gate.pass("heavy", Duration::from_secs(30)).await), Some(60));
        assert_eq!(wait_of(gate.pass("light", Duration::ZERO).await), None, "another group is free");
        assert_eq!(wait_of(gate.pass("heavy", MINUTE).await), None);
        assert_eq!(start.elapsed(), MINUTE, "it left when the first of the two was a minute old");
    }

    #[tokio::test(start_paused = true)]
    async fn a_request_that_did_not_leave_does_not_count() {
        let gate = Gate::new(&[TWO_A_MINUTE], None);
        for _ in 0..10 {
            gate.pass("heavy", Duration::ZERO).await.expect("it may leave").unsent();
        }
        gate.hear("route", 1, Some(MINUTE));
        for _ in 0..10 {
            gate.pass("route", Duration::ZERO).await.expect("it may leave").unsent();
        }
    }

    #[tokio::test(start_paused = true)]
    async fn who_waits_uses_nothing_up() {
        let gate = Gate::new(&[TWO_A_MINUTE], None);
        gate.hear("heavy", 3, Some(2 * MINUTE));
        for expected in [None, None, Some(60), Some(60), Some(60)] {
            assert_eq!(wait_of(gate.pass("heavy", Duration::ZERO).await), expected);
        }
        tokio::time::advance(MINUTE).await;
        assert_eq!(wait_of(gate.pass("heavy", Duration::ZERO).await), None, "the third is still there");
        assert_eq!(wait_of(gate.pass("heavy", Duration::ZERO).await), Some(60));
    }

    #[tokio::test(start_paused = true)]
    async fn a_penalty_shuts_its_group_until_it_is_over() {
        let gate = Gate::new(&[], None);
        gate.shut("heavy", MINUTE, Reason::LimitReached);
        gate.shut("heavy", Duration::from_secs(1), Reason::LimitReached);
        assert_eq!(wait_of(gate.pass("heavy", 10 * MINUTE).await), Some(60), "it does not even wait");
        assert_eq!(wait_of(gate.pass("light", Duration::ZERO).await), None);
        tokio::time::advance(MINUTE).await;
        assert_eq!(wait_of(gate.pass("heavy", Duration::ZERO).await), None);
    }

    #[tokio::test(start_paused = true)]
    async fn the_servers_own_limit_takes_the_place_of_ours() {
        let gate = Gate::new(&[TWO_A_MINUTE], None);
        gate.learn("heavy", Some(3), None);
        for _ in 0..3 {
            assert_eq!(wait_of(gate.pass("heavy", Duration::ZERO).await), None);
        }
        assert_eq!(wait_of(gate.pass("heavy", Duration::ZERO).await), Some(60));
        gate.learn("heavy", Some(0), None);
        assert_eq!(wait_of(gate.pass("heavy", Duration::ZERO).await), Some(60), "no limit is of nothing");
    }

    #[tokio::test(start_paused = true)]
    async fn the_servers_own_span_takes_the_place_of_ours_and_tells_how_long_the_rest_takes() {
        let gate = Gate::new(&[TWO_A_MINUTE], None);
        assert_eq!(gate.span("heavy", 5), Some(Duration::from_secs(150)));
        assert_eq!(gate.span("light", 5), None, "without a limit nobody knows");
        gate.learn("heavy", None, Some(Duration::from_secs(2)));
        assert_eq!(gate.span("heavy", 5), Some(Duration::from_secs(5)));
        assert_eq!(wait_of(gate.pass("heavy", Duration::ZERO).await), None);
        assert_eq!(wait_of(gate.pass("heavy", Duration::ZERO).await), None);
        assert_eq!(wait_of(gate.pass("heavy", Duration::ZERO).await), Some(2));
    }

    #[tokio::test(start_paused = true)]
    async fn the_servers_figure_counts_where_it_allows_less() {
        let gate = Gate::new(&[TWO_A_MINUTE], None);
        gate.hear("heavy", 1, None);
        assert_eq!(wait_of(gate.pass("heavy", Duration::ZERO).await), None);
        assert_eq!(wait_of(gate.pass("heavy", Duration::ZERO).await), Some(60));
        gate.hear("route", 1, Some(Duration::from_secs(20)));
        assert_eq!(wait_of(gate.pass("route", Duration::ZERO).await), None);
        assert_eq!(wait_of(gate.pass("route", Duration::ZERO).await), Some(20));
        tokio::time::advance(Duration::from_secs(20)).await;
        assert_eq!(wait_of(gate.pass("route", Duration::ZERO).await), None, "a told span ends");
    }

    #[tokio::test(start_paused = true)]
    async fn no_more_leave_at_once_than_a_server_takes_that_has_not_said_how_many() {
        let gate = Gate::new(&[], Some(3));
        let pass = async || gate.pass("route", Duration::ZERO).await.ok();
        let first = [pass().await, pass().await, pass().await].map(|it| it.expect("three may leave"));
        assert!(pass().await.is_none(), "the fourth waits for what the first answer says");
        // The answers come in another order than the requests were counted in: 2 of 5 are left after all three.
        for (passage, remaining) in first.into_iter().zip([3, 2, 4]) {
            passage.heard();
            gate.learn("route", Some(5), None);
            gate.hear("route", remaining, Some(MINUTE));
        }
        let second = [pass().await, pass().await].map(|it| it.expect("two are left"));
        assert!(pass().await.is_none(), "neither is counted yet, and a third would be one too many");
        drop(second);
        assert!(pass().await.is_none(), "what was lost may have been counted");
        tokio::time::advance(MINUTE).await;
        let next = [pass().await, pass().await, pass().await, pass().await, pass().await];
        assert!(next.iter().all(Option::is_some) && pass().await.is_none(), "five a span, as the server said");
    }

    #[tokio::test(start_paused = true)]
    async fn a_server_that_says_nothing_of_a_limit_has_none() {
        let gate = Gate::new(&[], Some(1));
        let first = gate.pass("route", Duration::ZERO).await.expect("one may leave");
        first.heard();
        gate.free("route");
        let mut many = Vec::new();
        for _ in 0..20 {
            many.push(gate.pass("route", Duration::ZERO).await.expect("any number may leave"));
        }
    }
}
