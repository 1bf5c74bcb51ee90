//! The pace of each limit group: how many requests may leave, corrected by what the server says, and shut during a penalty.

use std::collections::{HashMap, VecDeque};
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

/// What the server last said it would still take.
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
}

impl Lane {
    fn turn(&mut self, now: Instant) -> Turn {
        match self.shut {
            Some((until, reason)) if until > now => return Turn::Shut(until - now, reason),
            Some(_) | None => self.shut = None,
        }
        self.told.take_if(|told| told.until <= now);
        if let Some(told) = &self.told
            && told.remaining == 0
        {
            return Turn::Wait(told.until - now);
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
        if let Some(told) = &mut self.told {
            told.remaining -= 1;
        }
        Turn::Go
    }

    /// The server's own figures.
    fn learn(&mut self, requests: Option<u32>, window: Option<Duration>) {
        if let Some(limit) = &mut self.limit {
            limit.requests = requests.filter(|requests| *requests > 0).unwrap_or(limit.requests);
            limit.per = window.filter(|window| !window.is_zero()).unwrap_or(limit.per);
        }
    }

    /// What was counted did not leave after all.
    fn give_back(&mut self) {
        self.sent.pop_back();
        if let Some(told) = &mut self.told {
            told.remaining += 1;
        }
    }

    /// The server's figure replaces ours where it allows less.
    fn hear(&mut self, remaining: u32, resets_in: Option<Duration>, now: Instant) {
        match (resets_in, self.limit) {
            (Some(span), _) => self.told = Some(Told { remaining, until: now + span }),
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

/// All limit groups of one server.
pub(crate) struct Gate {
    lanes: Mutex<HashMap<String, Lane>>,
}

impl Gate {
    pub(crate) fn new(limits: &[Limit]) -> Self {
        let lane = |limit: &Limit| Lane { limit: Some(*limit), ..Lane::default() };
        Self { lanes: Mutex::new(limits.iter().map(|limit| (limit.group.to_owned(), lane(limit))).collect()) }
    }

    fn lanes(&self) -> MutexGuard<'_, HashMap<String, Lane>> {
        self.lanes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns when a request of this group may leave, within `at_most`.
    ///
    /// # Errors
    /// `SlowDown` with the wait where a penalty runs, or where the turn comes later than `at_most`.
    pub(crate) async fn pass(&self, group: &str, at_most: Duration) -> Result<(), Failure> {
        let last = Instant::now() + at_most;
        loop {
            let now = Instant::now();
            let turn = self.lanes().entry(group.to_owned()).or_default().turn(now);
            match turn {
                Turn::Go => return Ok(()),
                Turn::Shut(wait, reason) => return Err(Failure::SlowDown(wait, Why::new(reason, group))),
                Turn::Wait(wait) if now + wait > last => {
                    return Err(Failure::SlowDown(wait, Why::new(Reason::LimitReached, group)));
                }
                Turn::Wait(wait) => tokio::time::sleep(wait).await,
            }
        }
    }

    /// A request that passed could not leave, so it counts nowhere.
    pub(crate) fn give_back(&self, group: &str) {
        if let Some(lane) = self.lanes().get_mut(group) {
            lane.give_back();
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

    fn wait_of(result: Result<(), Failure>) -> Option<u64> {
        match result {
            Err(Failure::SlowDown(wait, _)) => Some(wait.as_secs()),
            Ok(()) => None,
            Err(other) => panic!("{other}"),
        }
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_over_the_pace_waits_for_its_turn_or_is_told_how_long() {
        let gate = Gate::new(&[TWO_A_MINUTE]);
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
        let gate = Gate::new(&[TWO_A_MINUTE]);
        for _ in 0..10 {
            assert_eq!(wait_of(gate.pass("heavy", Duration::ZERO).await), None);
            gate.give_back("heavy");
        }
        gate.hear("route", 1, Some(MINUTE));
        for _ in 0..10 {
            assert_eq!(wait_of(gate.pass("route", Duration::ZERO).await), None);
            gate.give_back("route");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn who_waits_uses_nothing_up() {
        let gate = Gate::new(&[TWO_A_MINUTE]);
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
        let gate = Gate::new(&[]);
        gate.shut("heavy", MINUTE, Reason::LimitReached);
        gate.shut("heavy", Duration::from_secs(1), Reason::LimitReached);
        assert_eq!(wait_of(gate.pass("heavy", 10 * MINUTE).await), Some(60), "it does not even wait");
        assert_eq!(wait_of(gate.pass("light", Duration::ZERO).await), None);
        tokio::time::advance(MINUTE).await;
        assert_eq!(wait_of(gate.pass("heavy", Duration::ZERO).await), None);
    }

    #[tokio::test(start_paused = true)]
    async fn the_servers_own_limit_takes_the_place_of_ours() {
        let gate = Gate::new(&[TWO_A_MINUTE]);
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
        let gate = Gate::new(&[TWO_A_MINUTE]);
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
        let gate = Gate::new(&[TWO_A_MINUTE]);
        gate.hear("heavy", 1, None);
        assert_eq!(wait_of(gate.pass("heavy", Duration::ZERO).await), None);
        assert_eq!(wait_of(gate.pass("heavy", Duration::ZERO).await), Some(60));
        gate.hear("route", 1, Some(Duration::from_secs(20)));
        assert_eq!(wait_of(gate.pass("route", Duration::ZERO).await), None);
        assert_eq!(wait_of(gate.pass("route", Duration::ZERO).await), Some(20));
        tokio::time::advance(Duration::from_secs(20)).await;
        assert_eq!(wait_of(gate.pass("route", Duration::ZERO).await), None, "a told span ends");
    }
}
