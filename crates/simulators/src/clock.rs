//! The clock of the scenario: the time that the four systems believe it is.

use std::sync::Mutex;
use std::time::Duration;

use chrono::{DateTime, FixedOffset, NaiveDate, Utc};
use tokio::time::Instant;

/// Starts at an instant of its own. It runs along with the computer's, or stands still until it is moved.
#[derive(Debug)]
pub struct Clock {
    hand: Mutex<Hand>,
}

#[derive(Debug)]
struct Hand {
    at: DateTime<Utc>,
    running_since: Option<Instant>,
}

impl Clock {
    /// A clock that shows `now` and goes on from there.
    #[must_use]
    pub fn running(now: DateTime<Utc>) -> Self {
        Self { hand: Mutex::new(Hand { at: now, running_since: Some(Instant::now()) }) }
    }

    /// A clock that shows `now` until it is moved.
    #[must_use]
    pub fn standing(now: DateTime<Utc>) -> Self {
        Self { hand: Mutex::new(Hand { at: now, running_since: None }) }
    }

    /// The present of the scenario.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        let hand = crate::lock(&self.hand);
        let gone = hand.running_since.map_or(Duration::ZERO, |since| since.elapsed());
        hand.at + chrono::Duration::from_std(gone).unwrap_or_default()
    }

    /// Milliseconds since 1970.
    #[must_use]
    pub fn millis(&self) -> i64 {
        self.now().timestamp_millis()
    }

    /// Today in Tokyo, where the office is.
    #[must_use]
    pub fn today(&self) -> NaiveDate {
        self.now().with_timezone(&tokyo()).date_naive()
    }

    /// Moves the hand forward, whether the clock runs or stands.
    pub fn advance(&self, span: Duration) {
        let mut hand = crate::lock(&self.hand);
        hand.at += chrono::Duration::from_std(span).unwrap_or_default();
    }
}

/// The zone of the office. Japan has no summer time.
#[must_use]
pub fn tokyo() -> FixedOffset {
    FixedOffset::east_opt(9 * 3600).expect("nine hours is a possible offset")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_standing_clock_moves_only_by_hand() {
        let noon = DateTime::parse_from_rfc3339("2026-10-14T15:30:00Z").unwrap().to_utc();
        let clock = Clock::standing(noon);
        assert_eq!(clock.now(), noon);
        clock.advance(Duration::from_secs(90));
        assert_eq!(clock.now(), noon + chrono::Duration::seconds(90));
        assert_eq!(clock.today().to_string(), "2026-10-15", "the day is Tokyo's");
    }

    #[tokio::test(start_paused = true)]
    async fn a_running_clock_goes_on() {
        let clock = Clock::running(DateTime::UNIX_EPOCH);
        tokio::time::advance(Duration::from_secs(5)).await;
        assert_eq!(clock.now(), DateTime::UNIX_EPOCH + chrono::Duration::seconds(5));
    }
}
