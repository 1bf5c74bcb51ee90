//! Holidays of Japan, by the Act on National Holidays as it stands since 2000 and the moves of 2019–2021. Pure, by rule: nothing is
//! fetched, and a law that changes later is not known here.

use chrono::{Datelike, Days, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A day on which offices in Japan are closed by law, or one by its own will.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Holiday {
    /// 元日.
    NewYear,
    /// 成人の日.
    ComingOfAge,
    /// 建国記念の日.
    Foundation,
    /// 天皇誕生日.
    Emperor,
    /// 春分の日.
    VernalEquinox,
    /// 昭和の日; みどりの日 until 2006.
    Showa,
    /// 憲法記念日.
    Constitution,
    /// みどりの日.
    Greenery,
    /// こどもの日.
    Children,
    /// 海の日.
    Marine,
    /// 山の日.
    Mountain,
    /// 敬老の日.
    Aged,
    /// 秋分の日.
    AutumnalEquinox,
    /// スポーツの日; 体育の日 until 2019.
    Sports,
    /// 文化の日.
    Culture,
    /// 勤労感謝の日.
    Labour,
    /// A day of the change of reign in 2019.
    Reign,
    /// 振替休日: in place of a holiday on a Sunday.
    Substitute,
    /// 国民の休日: a day between two holidays.
    Between,
    /// A day that a person set.
    Closed,
}

/// The holiday of a day, if it is one. Known from 2000 on; before it and after 2099 only weekends are.
#[must_use]
pub fn japanese(day: NaiveDate) -> Option<Holiday> {
    if !(2000..=2099).contains(&day.year()) {
        return None;
    }
    named(day).or_else(|| is_substitute(day).then_some(Holiday::Substitute)).or_else(|| between(day))
}

/// Holidays by their own rule.
fn named(day: NaiveDate) -> Option<Holiday> {
    let (year, month, date) = (day.year(), day.month(), day.day());
    if let Some(moved) = moved(year, month, date) {
        return moved;
    }
    match month {
        1 if date == 1 => Some(Holiday::NewYear),
        1 if is_monday(day, 2) => Some(Holiday::ComingOfAge),
        2 if date == 11 => Some(Holiday::Foundation),
        2 if date == 23 && year >= 2020 => Some(Holiday::Emperor),
        3 if date == equinox(year, 20.8431) => Some(Holiday::VernalEquinox),
        4 if date == 29 => Some(Holiday::Showa),
        5 if date == 3 => Some(Holiday::Constitution),
        5 if date == 4 && year >= 2007 => Some(Holiday::Greenery),
        5 if date == 5 => Some(Holiday::Children),
        7 if (year >= 2003 && is_monday(day, 3)) || (year < 2003 && date == 20) => Some(Holiday::Marine),
        8 if date == 11 && year >= 2016 => Some(Holiday::Mountain),
        9 if (year >= 2003 && is_monday(day, 3)) || (year < 2003 && date == 15) => Some(Holiday::Aged),
        9 if date == equinox(year, 23.2488) => Some(Holiday::AutumnalEquinox),
        10 if is_monday(day, 2) => Some(Holiday::Sports),
        11 if date == 3 => Some(Holiday::Culture),
        11 if date == 23 => Some(Holiday::Labour),
        12 if date == 23 && year <= 2018 => Some(Holiday::Emperor),
        _ => None,
    }
}

/// What laws moved for one year: the change of reign, and the games of Tokyo. `Some(None)` is a day that is none in that year.
fn moved(year: i32, month: u32, date: u32) -> Option<Option<Holiday>> {
    match (year, month, date) {
        (2019, 5, 1) | (2019, 10, 22) => Some(Some(Holiday::Reign)),
        (2020, 7, 23) | (2021, 7, 22) => Some(Some(Holiday::Marine)),
        (2020, 7, 24) | (2021, 7, 23) => Some(Some(Holiday::Sports)),
        (2020, 8, 10) | (2021, 8, 8) => Some(Some(Holiday::Mountain)),
        (2020 | 2021, 7 | 8 | 10, _) => Some(None),
        _ => None,
    }
}

fn is_monday(day: NaiveDate, week: u32) -> bool {
    day.weekday() == Weekday::Mon && (day.day() - 1) / 7 + 1 == week
}

/// The day of the month on which an equinox falls in Japan, by the formula of the national observatory's almanac for 1980–2099.
fn equinox(year: i32, base: f64) -> u32 {
    let since = year - 1980;
    let day = base + 0.242_194 * f64::from(since) - f64::from(since / 4);
    // The formula never leaves the month.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 19 and 25")]
    let day = day as u32;
    day
}

/// The next day after a holiday on a Sunday that is none itself; until 2006 only the Monday after it.
fn is_substitute(day: NaiveDate) -> bool {
    let mut before = day.pred_opt();
    while let Some(it) = before.filter(|it| named(*it).is_some()) {
        if it.weekday() == Weekday::Sun {
            return day.year() >= 2007 || day.weekday() == Weekday::Mon;
        }
        before = it.pred_opt();
    }
    false
}

fn between(day: NaiveDate) -> Option<Holiday> {
    let (before, after) = (day.pred_opt()?, day.checked_add_days(Days::new(1))?);
    let is_between = named(before).is_some() && named(after).is_some() && day.weekday() != Weekday::Sun;
    is_between.then_some(Holiday::Between)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(year: i32) -> Vec<String> {
        let first = NaiveDate::from_ymd_opt(year, 1, 1).unwrap();
        let days = first.iter_days().take_while(|day| day.year() == year);
        days.filter(|day| japanese(*day).is_some()).map(|day| day.format("%m%d").to_string()).collect()
    }

    #[test]
    fn the_holidays_of_a_year_are_those_of_the_cabinet_office() {
        let check = |year: i32, expected: &str| {
            assert_eq!(of(year), expected.split(' ').collect::<Vec<_>>(), "{year}");
        };
        check(2006, "0101 0102 0109 0211 0321 0429 0503 0504 0505 0717 0918 0923 1009 1103 1123 1223");
        check(2009, "0101 0112 0211 0320 0429 0503 0504 0505 0506 0720 0921 0922 0923 1012 1103 1123 1223");
        check(
            2019,
            "0101 0114 0211 0321 0429 0430 0501 0502 0503 0504 0505 0506 0715 0811 0812 0916 0923 1014 1022 1103 1104 1123",
        );
        check(2020, "0101 0113 0211 0223 0224 0320 0429 0503 0504 0505 0506 0723 0724 0810 0921 0922 1103 1123");
        check(2021, "0101 0111 0211 0223 0320 0429 0503 0504 0505 0722 0723 0808 0809 0920 0923 1103 1123");
        check(
            2024,
            "0101 0108 0211 0212 0223 0320 0429 0503 0504 0505 0506 0715 0811 0812 0916 0922 0923 1014 1103 1104 1123",
        );
        check(2025, "0101 0113 0211 0223 0224 0320 0429 0503 0504 0505 0506 0721 0811 0915 0923 1013 1103 1123 1124");
        check(2026, "0101 0112 0211 0223 0320 0429 0503 0504 0505 0506 0720 0811 0921 0922 0923 1012 1103 1123");
    }

    #[test]
    fn a_holiday_has_its_name() {
        let check = |day: &str, expected| assert_eq!(japanese(day.parse().unwrap()), expected, "{day}");
        check("2026-10-12", Some(Holiday::Sports));
        check("2026-09-22", Some(Holiday::Between));
        check("2026-05-06", Some(Holiday::Substitute));
        check("2019-10-22", Some(Holiday::Reign));
        check("2020-10-12", None);
        check("2026-10-14", None);
        check("1999-01-01", None);
        check("2100-01-01", None);
    }
}
