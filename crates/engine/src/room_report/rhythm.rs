//! In which rhythm some days come again, pure: how often they were seen of how often they would be decides.

use std::collections::BTreeSet;

use chrono::{Datelike, Days, NaiveDate, Weekday};
use model::room_report::Rhythm;

/// So often something has to be seen to come again.
pub(super) const TIMES: usize = 3;
/// Days in a row are a course of a week before they are a rhythm: so many it takes.
const TIMES_DAILY: usize = 6;

/// Days in one rhythm, in order.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) rhythm: Rhythm,
    pub(super) days: Vec<NaiveDate>,
    /// How many days the rhythm has from the first to the last of them, without those that are closed and on which nothing was.
    pub(super) expected: usize,
}

/// The rhythms of some days, each of them in one at most. On days that `is_closed` nothing is missed.
pub(super) fn rhythms(days: &BTreeSet<NaiveDate>, is_closed: impl Fn(NaiveDate) -> bool) -> Vec<Found> {
    let closed: &dyn Fn(NaiveDate) -> bool = &is_closed;
    let mut left = days.clone();
    let mut found = Vec::new();
    let all: Vec<NaiveDate> = days.iter().copied().collect();
    let working: Vec<NaiveDate> = all.iter().copied().filter(|it| !is_weekend(*it)).collect();
    let whole = fits(&all, Rhythm::Daily, closed).or_else(|| fits(&working, Rhythm::WorkingDays, closed));
    found.extend(take(whole, &mut left));
    for weekday in WEEK {
        let of: Vec<NaiveDate> = left.iter().copied().filter(|it| it.weekday() == weekday).collect();
        let kinds = [Rhythm::Weekly, Rhythm::Fortnightly, Rhythm::Monthly, Rhythm::MonthlyLast];
        let one = kinds.into_iter().find_map(|it| fits(&of, it, closed));
        found.extend(take(one, &mut left));
    }
    for date in 1..=31 {
        let of: Vec<NaiveDate> = left.iter().copied().filter(|it| it.day() == date).collect();
        found.extend(take(fits(&of, Rhythm::MonthlyDate, closed), &mut left));
    }
    found
}

const WEEK: [Weekday; 7] =
    [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];

fn take(found: Option<Found>, left: &mut BTreeSet<NaiveDate>) -> Option<Found> {
    let found = found?;
    left.retain(|it| !found.days.contains(it));
    Some(found)
}

/// Which weekday of its name a day is in its month, from 1 on.
pub(super) fn nth(day: NaiveDate) -> u8 {
    u8::try_from(day.day0() / 7 + 1).unwrap_or(5)
}

fn is_last(day: NaiveDate) -> bool {
    day.checked_add_days(Days::new(7)).is_none_or(|it| it.month() != day.month())
}

fn is_weekend(day: NaiveDate) -> bool {
    matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
}

/// Days from the first to the last of some that are in a rhythm which they begin.
fn rhythm_of(rhythm: Rhythm, first: NaiveDate) -> impl Fn(NaiveDate) -> bool {
    move |day| match rhythm {
        Rhythm::Daily => true,
        Rhythm::WorkingDays => !is_weekend(day),
        Rhythm::Weekly => day.weekday() == first.weekday(),
        Rhythm::Fortnightly => (day - first).num_days() % 14 == 0,
        Rhythm::Monthly => day.weekday() == first.weekday() && nth(day) == nth(first),
        Rhythm::MonthlyLast => day.weekday() == first.weekday() && is_last(day),
        Rhythm::MonthlyDate => day.day() == first.day(),
    }
}

/// These days in a rhythm: each of them is in it, and at least two of three that it would have were there; of one that is of many
/// weekdays, on each of them.
fn fits(days: &[NaiveDate], rhythm: Rhythm, is_closed: &dyn Fn(NaiveDate) -> bool) -> Option<Found> {
    let (first, last) = (*days.first()?, *days.last()?);
    let is_of_many = matches!(rhythm, Rhythm::Daily | Rhythm::WorkingDays);
    let is_in = rhythm_of(rhythm, first);
    if days.len() < if is_of_many { TIMES_DAILY } else { TIMES } || !days.iter().all(|it| is_in(*it)) {
        return None;
    }
    // What is every day is there on closed ones too.
    let is_missed = |day: NaiveDate| rhythm == Rhythm::Daily || !is_closed(day);
    let between = first.iter_days().take_while(|it| *it <= last);
    let expected: Vec<NaiveDate> =
        between.filter(|it| is_in(*it) && (days.binary_search(it).is_ok() || is_missed(*it))).collect();
    let is_most = |weekday: Option<Weekday>| {
        let of = |all: &[NaiveDate]| all.iter().filter(|it| weekday.is_none_or(|one| it.weekday() == one)).count();
        of(days) * 3 >= of(&expected) * 2
    };
    let is_whole = is_most(None) && (!is_of_many || WEEK.into_iter().all(|it| is_most(Some(it))));
    is_whole.then(|| Found { rhythm, days: days.to_vec(), expected: expected.len() })
}

#[cfg(test)]
mod tests;
