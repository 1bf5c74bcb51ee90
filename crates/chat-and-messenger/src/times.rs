//! Times in the many ways a booking may write them, and the zone of those that name none.

use chrono::{DateTime, Duration, Local, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;
use model::Time;

/// Where wall clocks are read.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Zone {
    /// An IANA zone.
    Named(Tz),
    /// The computer's own.
    Computer,
}

impl Zone {
    /// By its IANA name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        name.parse().ok().map(Self::Named)
    }

    /// Its IANA name; `None` for the computer's own.
    pub(crate) fn name(self) -> Option<String> {
        match self {
            Self::Named(zone) => Some(zone.name().to_owned()),
            Self::Computer => None,
        }
    }

    /// The date that calendars here show at an instant.
    pub(crate) fn day(self, time: Time) -> NaiveDate {
        match self {
            Self::Named(zone) => time.utc().with_timezone(&zone).date_naive(),
            Self::Computer => time.utc().with_timezone(&Local).date_naive(),
        }
    }

    /// The instant at which clocks here show this. Shown twice, the first; never shown, the first that is shown after it.
    pub(crate) fn instant(self, wall: NaiveDateTime) -> Time {
        match self {
            Self::Named(zone) => instant(&zone, wall),
            Self::Computer => instant(&Local, wall),
        }
    }
}

fn instant<Z: TimeZone>(zone: &Z, wall: NaiveDateTime) -> Time {
    let quarters = (0..=12).map(|quarter| wall + Duration::minutes(15 * quarter));
    let found = quarters.into_iter().find_map(|wall| zone.from_local_datetime(&wall).earliest());
    found.map_or_else(|| Time::from(DateTime::<Utc>::from_naive_utc_and_offset(wall, Utc)), Time::from)
}

/// What a text or number says about time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Moment {
    /// An instant.
    Instant(Time),
    /// Date and time of a wall clock.
    Wall(NaiveDateTime),
    /// A date alone.
    Day(NaiveDate),
    /// A time alone, since midnight; up to 24:00.
    Clock(Duration),
}

/// Reads a time: seconds or milliseconds since 1970, digits such as `202610141030`, or any usual text.
pub(crate) fn moment(text: &str) -> Option<Moment> {
    let text = text.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return digits(text);
    }
    if let Ok(number) = text.parse::<f64>() {
        return epoch(number);
    }
    zoned(text).map(Moment::Instant).or_else(|| written(text))
}

/// Fourteen digits are a date with its time: as milliseconds they would lie centuries ahead.
fn digits(text: &str) -> Option<Moment> {
    match text.len() {
        3 | 4 => clock(text.get(..text.len() - 2)?, text.get(text.len() - 2..)?, "0").map(Moment::Clock),
        8 => compact_date(text).map(Moment::Day),
        12 => wall(compact_date(text.get(..8)?)?, clock(text.get(8..10)?, text.get(10..)?, "0")?),
        14 => wall(compact_date(text.get(..8)?)?, clock(text.get(8..10)?, text.get(10..12)?, text.get(12..)?)?),
        _ => epoch(text.parse().ok()?),
    }
}

#[expect(clippy::cast_possible_truncation, reason = "the ranges are far within 64 bits")]
fn epoch(number: f64) -> Option<Moment> {
    let millis = match number {
        1e12..1e14 => number,
        1e9..1e11 => number * 1000.0,
        _ => return None,
    };
    Time::from_millis(millis.round() as i64).map(Moment::Instant)
}

fn zoned(text: &str) -> Option<Time> {
    const FORMS: &[&str] = &["%Y-%m-%dT%H:%M:%S%.f%#z", "%Y-%m-%dT%H:%M%#z", "%Y/%m/%dT%H:%M:%S%.f%#z"];
    let text = text.replacen(' ', "T", 1).replace(' ', "").replace('Z', "+00:00");
    FORMS.iter().find_map(|form| DateTime::parse_from_str(&text, form).ok()).map(Time::from)
}

fn written(text: &str) -> Option<Moment> {
    let (first, second) = text.split_once(['T', ' ', '\u{3000}']).map_or((text, None), |(day, time)| (day, Some(time)));
    match (date(first), second) {
        (Some(day), None) => Some(Moment::Day(day)),
        (Some(day), Some(time)) => wall(day, time_of_day(time)?),
        (None, _) => time_of_day(text).map(Moment::Clock),
    }
}

fn wall(day: NaiveDate, since_midnight: Duration) -> Option<Moment> {
    day.and_time(NaiveTime::MIN).checked_add_signed(since_midnight).map(Moment::Wall)
}

/// `2026-10-14`, `2026/10/4`, `2026.10.14`, `2026年10月14日` or `20261014`.
fn date(text: &str) -> Option<NaiveDate> {
    if text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return compact_date(text);
    }
    let parts: Vec<&str> = text.trim_end_matches('日').split(['-', '/', '.', '年', '月']).collect();
    let [year, month, day] = parts.as_slice() else {
        return None;
    };
    (year.len() == 4)
        .then(|| NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?))
        .flatten()
}

fn compact_date(text: &str) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(text.get(..4)?.parse().ok()?, text.get(4..6)?.parse().ok()?, text.get(6..8)?.parse().ok()?)
}

/// `9:00`, `09:00:30`, `09:00:30.5` or `24:00`.
fn time_of_day(text: &str) -> Option<Duration> {
    let parts: Vec<&str> = text.trim().split(':').collect();
    match parts.as_slice() {
        [hours, minutes] => clock(hours, minutes, "0"),
        [hours, minutes, seconds] => clock(hours, minutes, seconds.split('.').next()?),
        _ => None,
    }
}

fn clock(hours: &str, minutes: &str, seconds: &str) -> Option<Duration> {
    let number = |text: &str, most: i64| text.parse::<u8>().ok().map(i64::from).filter(|it| *it <= most);
    let (hours, minutes, seconds) = (number(hours, 24)?, number(minutes, 59)?, number(seconds, 60)?);
    let since_midnight = Duration::seconds(hours * 3600 + minutes * 60 + seconds.min(59));
    (since_midnight <= Duration::days(1)).then_some(since_midnight)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKYO: Zone = Zone::Named(Tz::Asia__Tokyo);

    #[test]
    fn every_usual_way_to_write_a_time_is_read() {
        let check = |text: &str, expected: &str| {
            let found = match moment(text) {
                Some(Moment::Instant(time)) => time.to_string(),
                Some(Moment::Wall(wall)) => TOKYO.instant(wall).to_string(),
                Some(Moment::Day(day)) => day.to_string(),
                Some(Moment::Clock(clock)) => format!("{} min", clock.num_minutes()),
                None => "nothing".to_owned(),
            };
            assert_eq!(found, expected, "{text}");
        };
        let half_past_ten = "2026-10-14T01:30:00.000Z";
        for text in [
            "1791941400000",
            "1791941400",
            "1791941400.0",
            "202610141030",
            "20261014103000",
            "2026/10/14 10:30",
            "2026/10/14 10:30:00",
            "2026-10-14 10:30",
            "2026-10-14T10:30:00",
            "2026-10-14T10:30:00.000",
            "2026年10月14日 10:30",
            "2026-10-14T10:30:00+09:00",
            "2026-10-14T10:30:00+0900",
            "2026-10-14T01:30:00Z",
            "2026-10-14T01:30Z",
            "2026-10-14 10:30:00 +0900",
        ] {
            check(text, half_past_ten);
        }
        check("2026/10/14 24:00", "2026-10-14T15:00:00.000Z");
        check("20261014", "2026-10-14");
        check("2026/1/4", "2026-01-04");
        check("930", "570 min");
        check("0930", "570 min");
        check("9:30", "570 min");
        check("24:00", "1440 min");
        for text in ["", "noon", "2026/13/01", "24:01", "2026/10/14 25:00", "99999", "20261014 noon", "12-30"] {
            check(text, "nothing");
        }
    }

    #[test]
    fn a_wall_clock_that_jumps_or_repeats_still_gives_an_instant() {
        let check = |text: &str, expected: &str| {
            let wall = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap();
            assert_eq!(Zone::Named(Tz::Europe__Berlin).instant(wall).to_string(), expected, "{text}");
        };
        check("2026-03-29 02:30", "2026-03-29T01:00:00.000Z");
        check("2026-10-25 02:30", "2026-10-25T00:30:00.000Z");
    }
}
