//! The ways in which services of this kind are known to write a time.

use super::row::{Members, quoted};
use crate::generator::calls::tokyo;
use chrono::NaiveDateTime;

/// How the times of calls are written. The documentation shows none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum TimeFormat {
    /// `2026/10/4 9:05:07`.
    #[default]
    Slashed,
    /// `2026/10/04 09:05:07`.
    SlashedPadded,
    /// `2026-10-04 09:05:07`.
    Dashed,
    /// `2026-10-04T09:05:07`.
    Iso,
    /// `20261004090507`.
    Compact,
    /// Two fields, `着信日` with `2026/10/04` and `着信時刻` with `09:05:07`, instead of one.
    Split,
    /// `/Date(1791072307000+0900)/`.
    WcfDate,
}

/// The field that holds the time of a call.
const TIME: &str = "着信日時";
/// The fields that hold it in two parts.
const PARTS: [&str; 2] = ["着信日", "着信時刻"];
/// As times are kept.
const KEPT: &str = "%Y/%m/%d %H:%M:%S";

/// The members of a call's row with its time in this format. A time that somebody wrote otherwise stays as it is.
pub(super) fn told(members: Members, format: TimeFormat) -> Members {
    let kept = members.get(TIME).and_then(|it| NaiveDateTime::parse_from_str(it.trim_matches('"'), KEPT).ok());
    let Some(at) = kept.filter(|_| format != TimeFormat::Slashed) else {
        return members;
    };
    let written = |form: &str| quoted(&at.format(form).to_string());
    let json = match format {
        TimeFormat::Slashed | TimeFormat::SlashedPadded => written(KEPT),
        TimeFormat::Dashed => written("%Y-%m-%d %H:%M:%S"),
        TimeFormat::Iso => written("%Y-%m-%dT%H:%M:%S"),
        TimeFormat::Compact => written("%Y%m%d%H%M%S"),
        TimeFormat::WcfDate => {
            let millis = at.and_local_timezone(tokyo()).single().map_or(0, |it| it.timestamp_millis());
            // The platform escapes slashes.
            format!("\"\\/Date({millis}+0900)\\/\"")
        }
        TimeFormat::Split => {
            let parts = [written("%Y/%m/%d"), written("%H:%M:%S")];
            let apart = |(name, json): (String, String)| {
                if name == TIME {
                    PARTS.iter().map(|it| (*it).to_owned()).zip(parts.clone()).collect()
                } else {
                    vec![(name, json)]
                }
            };
            return Members(members.0.into_iter().flat_map(apart).collect());
        }
    };
    let mut members = members;
    members.put(TIME, json);
    members
}

/// The members of a call's row with both parts of its time in one field again.
pub(super) fn joined(mut members: Members) -> Members {
    let [Some(day), Some(time)] = PARTS.map(|it| members.get(it).map(super::row::plain)) else {
        return members;
    };
    for part in PARTS {
        members.take(part);
    }
    members.put(TIME, quoted(&format!("{day} {time}")));
    members
}
