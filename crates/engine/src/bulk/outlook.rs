//! How a plan stands as seen from here: whether somebody is at it, how fast its connections go, and when it will be over.

use std::time::Duration;

use model::Time;
use model::bulk::{Bulk, BulkLane, BulkState, Pace};

use super::run::Running;
use crate::console::{Console, lock};

/// Messages of a connection after which its own speed is believed.
const BELIEVED: u32 = 5;

impl Console {
    /// Puts in what the ledger does not know.
    pub(crate) fn as_it_stands(&self, mut bulk: Bulk) -> Bulk {
        let running = lock(&self.0.bulks.0).get(&bulk.id).cloned();
        if running.is_none() && matches!(bulk.state, BulkState::Running | BulkState::Pausing) && self.is_free(&bulk) {
            bulk.state = if bulk.state == BulkState::Pausing { BulkState::Paused } else { BulkState::Interrupted };
        }
        for lane in &mut bulk.lanes {
            let session = self.0.sessions.open_one(&lane.connection);
            lane.by_batch &= session.as_ref().is_none_or(|it| it.batches.is_some());
            let pace = session.and_then(|it| it.chat).map(|chat| chat.pace()).unwrap_or_default();
            lane.pace = Pace { gap_ms: gap(&pace, bulk.options.gap_ms), ..pace };
        }
        let goes_on = !matches!(bulk.state, BulkState::Stopped | BulkState::Done);
        bulk.finishes_at = goes_on.then(|| finish(&bulk, running.as_deref(), self.now())).flatten();
        bulk
    }

    /// Whether nobody is at a plan.
    fn is_free(&self, bulk: &Bulk) -> bool {
        // Who cannot tell does not call it interrupted.
        self.0.store.turn(&super::run::turn_name(&bulk.id)).is_ok_and(|turn| turn.is_some())
    }
}

/// Milliseconds that are left between two requests.
pub(crate) fn gap(pace: &Pace, wished: Option<u32>) -> u32 {
    if pace.requests.is_some() { 0 } else { wished.unwrap_or(pace.gap_ms) }
}

/// When the last message will have left; `None` where nobody knows of a connection how fast it goes.
fn finish(bulk: &Bulk, running: Option<&Running>, now: Time) -> Option<Time> {
    let mut longest = Duration::ZERO;
    for lane in &bulk.lanes {
        let left = lane.counts.waiting + lane.counts.sending;
        if left > 0 {
            longest = longest.max(span(lane, left, running)?);
        }
    }
    Some(now.plus(longest))
}

fn span(lane: &BulkLane, left: u32, running: Option<&Running>) -> Option<Duration> {
    let at_once = if lane.by_batch { super::lane::MOST_AT_ONCE } else { 1 };
    let requests = left.div_ceil(u32::try_from(at_once).unwrap_or(1));
    let pace = &lane.pace;
    let ready = Duration::from_millis(pace.ready_in_ms.into());
    if let (Some(of), Some(per)) = (pace.requests.filter(|it| *it > 0), pace.per_ms) {
        let beyond = requests.saturating_sub(pace.left.unwrap_or(of));
        return Some(ready + Duration::from_millis(per.into()).mul_f64(f64::from(beyond) / f64::from(of)));
    }
    if pace.gap_ms > 0 {
        return Some(Duration::from_millis(pace.gap_ms.into()) * requests);
    }
    let (done, since) = running?.speed(&lane.connection)?;
    (done >= BELIEVED).then(|| ready + since.mul_f64(f64::from(left) / f64::from(done)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::bulk::BulkCounts;

    fn lane(waiting: u32, by_batch: bool, pace: Pace) -> BulkLane {
        let counts = BulkCounts { waiting, ..BulkCounts::default() };
        BulkLane { connection: "a".into(), counts, by_batch, pace, rest: None }
    }

    #[test]
    fn the_finish_is_what_the_known_limit_allows() {
        let limited = Pace { requests: Some(10), per_ms: Some(60_000), left: Some(10), ..Pace::default() };
        let check = |lane: &BulkLane, expected: Option<u64>| {
            assert_eq!(span(lane, lane.counts.waiting, None), expected.map(Duration::from_secs));
        };
        check(&lane(10, false, limited), Some(0));
        check(&lane(40, false, limited), Some(180));
        check(&lane(260, false, Pace { gap_ms: 1_000, ..Pace::default() }), Some(260));
        check(&lane(260, true, Pace { gap_ms: 1_000, ..Pace::default() }), Some(6));
        check(&lane(5, false, Pace::default()), None);
        assert_eq!((gap(&limited, Some(5)), gap(&Pace::default(), Some(5))), (0, 5));
    }
}
