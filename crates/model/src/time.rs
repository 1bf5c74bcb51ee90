//! Instants and days. The clock itself comes in from outside.

use chrono::{DateTime, NaiveDate, SecondsFormat, TimeZone, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use ts_rs::TS;

/// An instant with a precision of a millisecond. In JSON an RFC 3339 text in UTC, such as `2026-10-14T01:31:04.000Z`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, TS)]
#[ts(export, type = "string")]
pub struct Time(DateTime<Utc>);

impl Time {
    /// From milliseconds since 1970. `None` beyond the years that chrono knows.
    #[must_use]
    pub fn from_millis(millis: i64) -> Option<Self> {
        Utc.timestamp_millis_opt(millis).single().map(Self)
    }

    /// Milliseconds since 1970.
    #[must_use]
    pub fn millis(self) -> i64 {
        self.0.timestamp_millis()
    }

    /// The instant as chrono's type.
    #[must_use]
    pub fn utc(self) -> DateTime<Utc> {
        self.0
    }

    /// Reads RFC 3339 with any offset.
    ///
    /// # Errors
    /// What chrono says of the text.
    pub fn parse(text: &str) -> Result<Self, chrono::ParseError> {
        DateTime::parse_from_rfc3339(text).map(Self::from)
    }

    /// This instant moved by `span`, or the same one where that leaves the calendar.
    #[must_use]
    pub fn plus(self, span: std::time::Duration) -> Self {
        let span = chrono::Duration::from_std(span).unwrap_or(chrono::Duration::zero());
        Self(self.0.checked_add_signed(span).unwrap_or(self.0))
    }

    /// This instant moved back by `span`.
    #[must_use]
    pub fn minus(self, span: std::time::Duration) -> Self {
        let span = chrono::Duration::from_std(span).unwrap_or(chrono::Duration::zero());
        Self(self.0.checked_sub_signed(span).unwrap_or(self.0))
    }
}

impl<Z: TimeZone> From<DateTime<Z>> for Time {
    fn from(time: DateTime<Z>) -> Self {
        let millis = time.timestamp_millis();
        Self(Utc.timestamp_millis_opt(millis).single().unwrap_or(DateTime::UNIX_EPOCH))
    }
}

impl std::fmt::Display for Time {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.to_rfc3339_opts(SecondsFormat::Millis, true))
    }
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

/// A day of the Gregorian calendar in the zone of the place it belongs to. In JSON `2026-10-14`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(transparent)]
#[ts(export, type = "string")]
pub struct Day(pub NaiveDate);

/// Where the present comes from. The shells give the system's clock, tests a fixed one.
pub trait Clock: Send + Sync {
    /// The present instant.
    fn now(&self) -> Time;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_keeps_its_milliseconds_through_json() {
        let time = Time::parse("2026-10-14T10:31:04.125+09:00").unwrap();
        let json = serde_json::to_string(&time).unwrap();
        assert_eq!(json, "\"2026-10-14T01:31:04.125Z\"");
        assert_eq!(serde_json::from_str::<Time>(&json).unwrap(), time);
        assert_eq!(Time::from_millis(time.millis()), Some(time));
    }
}
