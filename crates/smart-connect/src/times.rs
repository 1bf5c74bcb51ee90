//! The forms in which the system may write a time, and the zone of those that name none.

use std::borrow::Cow;

use chrono::{DateTime, Duration, FixedOffset, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Utc};
use model::{Failure, Reason, Time};
use unicode_normalization::UnicodeNormalization;

/// Where the server's clock hangs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Zone {
    /// The zone that the person set.
    Named(chrono_tz::Tz),
    /// The zone of this computer.
    Computer,
}

impl Zone {
    /// From the setting `time-zone`; empty or absent means this computer's zone.
    pub(crate) fn from_setting(name: Option<&str>) -> Result<Self, Failure> {
        match name.map(str::trim).filter(|name| !name.is_empty()) {
            None => Ok(Self::Computer),
            Some(name) => name.parse().map(Self::Named).map_err(|_| Failure::invalid(Reason::NotUsable, "time-zone")),
        }
    }

    fn instant(self, local: NaiveDateTime) -> Option<Time> {
        match self {
            Self::Named(zone) => instant_in(&zone, local),
            Self::Computer => instant_in(&chrono::Local, local),
        }
    }
}

/// An hour that comes twice means the first; one that is skipped is read with the offset before the change.
fn instant_in<Z: TimeZone>(zone: &Z, local: NaiveDateTime) -> Option<Time> {
    match zone.from_local_datetime(&local) {
        LocalResult::Single(time) | LocalResult::Ambiguous(time, _) => Some(Time::from(time)),
        LocalResult::None => {
            let later = local.checked_add_signed(Duration::hours(1))?;
            zone.from_local_datetime(&later).earliest().map(Time::from)
        }
    }
}

const DATE_TIMES: &[&str] = &[
    "%Y/%m/%d %H:%M:%S%.f",
    "%Y/%m/%d %H:%M",
    "%Y-%m-%d %H:%M:%S%.f",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%dT%H:%M:%S%.f",
    "%Y-%m-%dT%H:%M",
    "%Y年%m月%d日 %H:%M:%S",
    "%Y年%m月%d日 %H時%M分%S秒",
    "%Y年%m月%d日 %H時%M分",
    "%Y/%m/%d %p %I:%M:%S",
    "%Y/%m/%d %p %I:%M",
    "%Y%m%d%H%M%S",
    "%Y%m%d %H%M%S",
    "%Y%m%d %H:%M:%S",
    "%Y.%m.%d %H:%M:%S",
];
const DATES: &[&str] = &["%Y/%m/%d", "%Y-%m-%d", "%Y年%m月%d日", "%Y%m%d"];
const TIMES: &[&str] = &["%H:%M:%S%.f", "%H:%M", "%H%M%S", "%H時%M分%S秒", "%H時%M分"];

/// Reads a date with its time of day. `None` for every other text; a date alone is not an instant.
pub(crate) fn date_time(text: &str, zone: Zone) -> Option<Time> {
    let text = plain(text);
    if let Some(inner) = text.strip_prefix("/Date(").and_then(|rest| rest.strip_suffix(")/")) {
        return wcf(inner);
    }
    let local = |form: &&str| NaiveDateTime::parse_from_str(&text, form).ok();
    // The usual form of .NET comes first, because it is tried for every call of a log.
    if let Some(local) = DATE_TIMES.first().and_then(local) {
        return zone.instant(local);
    }
    if let Ok(time) = Time::parse(&text) {
        return Some(time);
    }
    for form in ["%Y-%m-%dT%H:%M:%S%.f%z", "%Y-%m-%dT%H:%M:%S%.f%#z"] {
        if let Ok(time) = DateTime::<FixedOffset>::parse_from_str(&text, form) {
            return Some(Time::from(time));
        }
    }
    DATE_TIMES.iter().find_map(local).and_then(|local| zone.instant(local))
}

/// Reads a date and a time of day from two fields. The date field of .NET may carry a midnight that means nothing.
pub(crate) fn split(date: &str, time: &str, zone: Zone) -> Option<Time> {
    let date = plain(date);
    let day_text = date.split([' ', 'T']).next().unwrap_or(&date);
    let day = DATES.iter().find_map(|form| NaiveDate::parse_from_str(day_text, form).ok())?;
    let time = plain(time);
    let time_text = time.rsplit([' ', 'T']).next().unwrap_or(&time);
    let of_day = TIMES.iter().find_map(|form| NaiveTime::parse_from_str(time_text, form).ok())?;
    zone.instant(day.and_time(of_day))
}

/// Whole seconds of `H:mm:ss`, `m:ss` or a plain number.
pub(crate) fn seconds(text: &str) -> Option<u32> {
    let text = plain(text);
    let text = text.trim_end_matches('秒');
    let mut total: u32 = 0;
    for part in text.split(':') {
        total = total.checked_mul(60)?.checked_add(part.trim().parse().ok()?)?;
    }
    Some(total)
}

/// The number before the offset counts milliseconds since 1970 in UTC; the offset only says where it was written.
fn wcf(inner: &str) -> Option<Time> {
    let end = inner.char_indices().skip(1).find(|(_, c)| matches!(c, '+' | '-')).map_or(inner.len(), |(at, _)| at);
    let millis: i64 = inner.get(..end)?.trim().parse().ok()?;
    Utc.timestamp_millis_opt(millis).single().map(Time::from)
}

/// The text in half width, with single spaces, without the day of the week and with the half of the day as it is read.
fn plain(text: &str) -> Cow<'_, str> {
    let text = text.trim();
    let is_plain = text.is_ascii() && !text.contains("  ") && !text.contains(['\\', '\t', '\r', '\n']);
    if is_plain {
        return Cow::Borrowed(text);
    }
    let mut text: String = text.nfkc().collect();
    for day in ["月", "火", "水", "木", "金", "土", "日"] {
        text = text.replace(&format!("({day})"), " ");
    }
    let text = text.replace("午前", " AM ").replace("午後", " PM ").replace("\\/", "/");
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    // Midnight and noon are 0 o'clock of their half in Japanese, and 12 in what is read here.
    Cow::Owned(text.replace("AM 0:", "AM 12:").replace("PM 0:", "PM 12:"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKYO: Zone = Zone::Named(chrono_tz::Asia::Tokyo);

    #[test]
    fn every_form_of_a_time_is_read() {
        let check = |text: &str, expected: Option<&str>| {
            let read = date_time(text, TOKYO).map(|time| time.to_string());
            assert_eq!(read.as_deref(), expected, "{text}");
        };
        check("2026/10/4 9:31:04", Some("2026-10-04T00:31:04.000Z"));
        check("2026/10/14 10:31:04", Some("2026-10-14T01:31:04.000Z"));
        check("2026/10/14 10:31", Some("2026-10-14T01:31:00.000Z"));
        check("2026-10-14 10:31:04", Some("2026-10-14T01:31:04.000Z"));
        check("2026-10-14 10:31", Some("2026-10-14T01:31:00.000Z"));
        check("2026-10-14T10:31:04", Some("2026-10-14T01:31:04.000Z"));
        check("2026-10-14T10:31:04.125", Some("2026-10-14T01:31:04.125Z"));
        check("2026-10-14T10:31:04+09:00", Some("2026-10-14T01:31:04.000Z"));
        check("2026-10-14T10:31:04+0900", Some("2026-10-14T01:31:04.000Z"));
        check("2026-10-14T01:31:04Z", Some("2026-10-14T01:31:04.000Z"));
        check("20261014103104", Some("2026-10-14T01:31:04.000Z"));
        check("２０２６／１０／１４　１０：３１：０４", Some("2026-10-14T01:31:04.000Z"));
        check("/Date(1566000000000+0900)/", Some("2019-08-17T00:00:00.000Z"));
        check("/Date(1566000000000)/", Some("2019-08-17T00:00:00.000Z"));
        check("/Date(-1000-0500)/", Some("1969-12-31T23:59:59.000Z"));
        check("2026-10-14T10:31:04+09", Some("2026-10-14T01:31:04.000Z"));
        check("2026/10/14(水) 10:31:04", Some("2026-10-14T01:31:04.000Z"));
        check("2026/10/14 午前 10:31:04", Some("2026-10-14T01:31:04.000Z"));
        check("2026/10/14 午後10:31", Some("2026-10-14T13:31:00.000Z"));
        check("2026/10/14 午前 0:31:04", Some("2026-10-13T15:31:04.000Z"));
        check("2026/10/14 午後 12:31:04", Some("2026-10-14T03:31:04.000Z"));
        check("2026年10月4日 9時31分", Some("2026-10-04T00:31:00.000Z"));
        check("20261014 103104", Some("2026-10-14T01:31:04.000Z"));
        check("\\/Date(1566000000000+0900)\\/", Some("2019-08-17T00:00:00.000Z"));
        check("  2026/10/14   10:31:04 ", Some("2026-10-14T01:31:04.000Z"));
        check("/Date(99999999999999999999)/", None);
        check("/Date()/", None);
        check("2026/10/14", None);
        check("昨日", None);
        check("2026/13/41 10:00", None);
        check("", None);
    }

    #[test]
    fn a_date_and_a_time_of_day_are_put_together() {
        let check = |date: &str, time: &str, expected: Option<&str>| {
            let read = split(date, time, TOKYO).map(|time| time.to_string());
            assert_eq!(read.as_deref(), expected, "{date} {time}");
        };
        check("2026/10/14", "10:31:04", Some("2026-10-14T01:31:04.000Z"));
        check("2026/10/14 0:00:00", "9:05", Some("2026-10-14T00:05:00.000Z"));
        check("20261014", "103104", Some("2026-10-14T01:31:04.000Z"));
        check("2026/10/14", "", None);
        check("", "10:31", None);
    }

    #[test]
    fn hours_that_are_skipped_or_come_twice_have_one_meaning() {
        let berlin = Zone::Named(chrono_tz::Europe::Berlin);
        let check = |text: &str, expected: &str| {
            assert_eq!(date_time(text, berlin).unwrap().to_string(), expected, "{text}");
        };
        check("2026/03/29 2:30:00", "2026-03-29T01:30:00.000Z");
        check("2026/10/25 2:30:00", "2026-10-25T00:30:00.000Z");
    }

    #[test]
    fn a_zone_that_does_not_exist_is_refused() {
        assert_eq!(Zone::from_setting(Some("Asia/Tokyo")), Ok(TOKYO));
        assert_eq!(Zone::from_setting(Some("  ")), Ok(Zone::Computer));
        assert_eq!(Zone::from_setting(Some("Mars/Base")), Err(Failure::invalid(Reason::NotUsable, "time-zone")));
    }

    #[test]
    fn lengths_are_read_in_seconds() {
        let check = |text: &str, expected: Option<u32>| assert_eq!(seconds(text), expected, "{text}");
        check("95", Some(95));
        check("0:01:35", Some(95));
        check("1:35", Some(95));
        check("95秒", Some(95));
        check("", None);
        check("長い", None);
    }
}
