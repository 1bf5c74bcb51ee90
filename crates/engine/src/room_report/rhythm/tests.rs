//! Rhythms by example and by property.

use proptest::prelude::*;

use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn set(days: &[&str]) -> BTreeSet<NaiveDate> {
    days.iter().map(|it| day(it)).collect()
}

fn told(days: &BTreeSet<NaiveDate>) -> Vec<(Rhythm, usize, usize)> {
    rhythms(days, |_| false).into_iter().map(|it| (it.rhythm, it.days.len(), it.expected)).collect()
}

#[test]
fn a_week_in_a_row_is_a_course_and_more_is_a_rhythm() {
    let from = day("2026-10-05");
    let working = |count: usize| from.iter_days().filter(|it| !is_weekend(*it)).take(count).collect::<BTreeSet<_>>();
    assert_eq!(told(&working(5)), []);
    assert_eq!(told(&working(6)), [(Rhythm::WorkingDays, 6, 6)]);
    let daily: BTreeSet<_> = from.iter_days().take(14).collect();
    assert_eq!(told(&daily), [(Rhythm::Daily, 14, 14)]);
    let with_saturday: BTreeSet<_> = working(10).into_iter().chain([day("2026-10-10")]).collect();
    assert_eq!(told(&with_saturday), [(Rhythm::WorkingDays, 10, 10)], "one Saturday makes no weekend");
    let four_a_week: BTreeSet<_> = working(15).into_iter().filter(|it| it.weekday() != Weekday::Fri).collect();
    assert_eq!(told(&four_a_week), [(Rhythm::Weekly, 3, 3); 4], "four days a week are four times weekly");
}

#[test]
fn weeks_fortnights_and_months_are_told_apart() {
    let weekly = set(&["2026-10-07", "2026-10-14", "2026-10-28"]);
    assert_eq!(told(&weekly), [(Rhythm::Weekly, 3, 4)], "one may be missing");
    let fortnightly = set(&["2026-10-07", "2026-10-21", "2026-11-04"]);
    assert_eq!(told(&fortnightly), [(Rhythm::Fortnightly, 3, 3)]);
    let second_tuesday = set(&["2026-09-08", "2026-10-13", "2026-11-10"]);
    assert_eq!(told(&second_tuesday), [(Rhythm::Monthly, 3, 3)]);
    let last_friday = set(&["2026-08-28", "2026-09-25", "2026-10-30"]);
    assert_eq!(told(&last_friday), [(Rhythm::MonthlyLast, 3, 3)]);
    let on_the_twenty_fifth = set(&["2026-08-25", "2026-09-25", "2026-10-25"]);
    assert_eq!(told(&on_the_twenty_fifth), [(Rhythm::MonthlyDate, 3, 3)]);
    let ends = set(&["2026-08-31", "2026-10-31", "2026-12-31"]);
    assert_eq!(told(&ends), [(Rhythm::MonthlyDate, 3, 3)], "months without a 31st miss none");
    assert_eq!(told(&set(&["2026-10-07", "2026-10-14"])), [], "twice is no rhythm");
    assert_eq!(told(&set(&["2026-10-05", "2026-10-13", "2026-10-21"])), []);
    let twice_a_week = set(&["2026-10-05", "2026-10-08", "2026-10-12", "2026-10-15", "2026-10-19", "2026-10-22"]);
    assert_eq!(told(&twice_a_week), [(Rhythm::Weekly, 3, 3), (Rhythm::Weekly, 3, 3)]);
}

#[test]
fn nothing_is_missed_on_a_closed_day() {
    let mondays = set(&["2026-10-05", "2026-10-19", "2026-11-02"]);
    let holidays = [day("2026-10-12"), day("2026-10-26")];
    let found = rhythms(&mondays, |it| holidays.contains(&it));
    assert_eq!((found[0].rhythm, found[0].expected), (Rhythm::Weekly, 3));
    assert_eq!(told(&mondays), [(Rhythm::Fortnightly, 3, 3)]);
}

/// The days of a rhythm from one on, over some months.
fn made(rhythm: Rhythm, first: NaiveDate, days: usize) -> BTreeSet<NaiveDate> {
    first.iter_days().take(days).filter(|it| rhythm_of(rhythm, first)(*it)).collect()
}

proptest! {
    #[test]
    fn a_rhythm_without_a_gap_is_found_whenever_it_begins(offset in 0_u64..3_000, kind in 0_usize..6) {
        let first = day("2024-01-01").checked_add_days(Days::new(offset)).unwrap();
        let rhythm = [Rhythm::Daily, Rhythm::WorkingDays, Rhythm::Weekly, Rhythm::Fortnightly, Rhythm::Monthly,
            Rhythm::MonthlyDate][kind];
        prop_assume!(rhythm != Rhythm::WorkingDays || !is_weekend(first));
        // The fifth weekday of a month and dates after the 28th are not in every month.
        prop_assume!(first.day() <= 28);
        let days = made(rhythm, first, 100);
        let found = rhythms(&days, |_| false);
        prop_assert_eq!(found.len(), 1, "{:?} from {}: {:?}", rhythm, first, found);
        prop_assert_eq!((found[0].rhythm, found[0].days.len(), found[0].expected), (rhythm, days.len(), days.len()));
    }

    #[test]
    fn no_day_is_in_two_rhythms_and_none_is_made_up(offsets in prop::collection::btree_set(0_u64..120, 0..60)) {
        let first = day("2026-01-20");
        let days: BTreeSet<NaiveDate> =
            offsets.iter().filter_map(|it| first.checked_add_days(Days::new(*it))).collect();
        let found = rhythms(&days, is_weekend);
        let told: Vec<NaiveDate> = found.iter().flat_map(|it| it.days.clone()).collect();
        let once: BTreeSet<NaiveDate> = told.iter().copied().collect();
        prop_assert_eq!(told.len(), once.len());
        prop_assert!(once.is_subset(&days));
        for it in &found {
            prop_assert!(it.days.len() >= TIMES && it.expected >= it.days.len());
            prop_assert!(it.days.len() * 3 >= it.expected * 2);
        }
    }
}
