//! Months of bookings beside the present one that a window shows: read now and then for as long as it does.

use std::time::Duration;

use chrono::Datelike;
use model::connection::Connection;
use model::{Day, Failure};

use crate::board::month_key;
use crate::console::{Console, lock};

/// A window asks again each time that bookings are announced, which is every minute in which a connection answers. Who has not
/// asked for longer than this looks at something else.
const SIGHT: Duration = Duration::from_secs(180);
/// A month that is not the present one is read no more often than this.
const PAUSE: Duration = Duration::from_secs(300);

impl Console {
    /// Remembers that a window shows these days.
    pub(crate) fn see_months(&self, from: Day, days: u16) {
        let now = self.now();
        let mut sight = lock(&self.0.months_in_sight);
        sight.retain(|_, at| *at >= now.minus(SIGHT));
        for day in from.0.iter_days().take(usize::from(days)) {
            sight.insert(Day(day.with_day(1).unwrap_or(day)), now);
        }
    }

    /// Months in sight that a connection should be asked for again: read before, and not lately. One that was never read waits until
    /// a person wants it.
    pub(crate) async fn months_due(&self, connection: &Connection, read: &[Day]) -> Result<Vec<Day>, Failure> {
        let now = self.now();
        let (known, id): (Vec<String>, _) = (read.iter().map(|it| month_key(*it)).collect(), connection.id.clone());
        let mut months: Vec<Day> = {
            let sight = lock(&self.0.months_in_sight);
            sight.iter().filter(|(_, at)| **at >= now.minus(SIGHT)).map(|(month, _)| *month).collect()
        };
        months.sort_unstable();
        self.0
            .store
            .read(move |r| {
                let mut due = Vec::new();
                for month in months.into_iter().filter(|it| !known.contains(&month_key(*it))) {
                    let read_at = store::reservations::read_at(r, &id, &month_key(month))?;
                    if read_at.is_some_and(|at| at <= now.minus(PAUSE)) {
                        due.push(month);
                    }
                }
                Ok(due)
            })
            .await
    }
}
