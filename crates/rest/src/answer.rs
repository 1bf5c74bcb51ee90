//! A server's whole answer, and reading JSON out of it with the place of what is wrong.

use std::borrow::Cow;
use std::time::Duration;

use bytes::Bytes;
use chrono::DateTime;
use model::{Failure, Reason, Time, Why};
use reqwest::header::HeaderMap;
use serde::de::DeserializeOwned;

/// A status with its headers and its whole body.
#[derive(Clone)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    headers: HeaderMap,
    body: Bytes,
    came_at: Time,
}

impl Answer {
    pub(crate) fn new(status: u16, headers: HeaderMap, body: Bytes, came_at: Time) -> Self {
        Self { status, headers, body, came_at }
    }

    /// Whether the status is 2xx.
    #[must_use]
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// A header, where it is text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The body as it came.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.body
    }

    /// The body as text, without a byte order mark.
    ///
    /// # Errors
    /// `Surprise` where it is not UTF-8.
    pub fn text(&self) -> Result<Cow<'_, str>, Failure> {
        let text = std::str::from_utf8(&self.body)
            .map_err(|it| Failure::surprise(format!("UTF-8, byte {}", it.valid_up_to())))?;
        Ok(Cow::Borrowed(text.strip_prefix('\u{feff}').unwrap_or(text)))
    }

    /// The body read as JSON.
    ///
    /// # Errors
    /// `Surprise(HtmlInstead)` for a web page; `Surprise(Unreadable)` with the JSON path of what does not fit, never with
    /// a value from the body.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Failure> {
        if self.is_html() {
            return Err(Failure::Surprise(Why::new(Reason::HtmlInstead, format!("HTTP {}", self.status))));
        }
        let text = self.text()?;
        let mut reader = serde_json::Deserializer::from_str(&text);
        let value = serde_path_to_error::deserialize(&mut reader)
            .map_err(|it| Failure::surprise(place(&it.path().to_string(), it.inner())))?;
        reader.end().map_err(|it| Failure::surprise(place(".", &it)))?;
        Ok(value)
    }

    /// Whether a web page came. A wrong content type alone does not make one.
    #[must_use]
    pub fn is_html(&self) -> bool {
        let Ok(text) = self.text() else {
            return false;
        };
        let start: String = text.trim_start().chars().take(64).collect::<String>().to_ascii_lowercase();
        let says_so = self.header("content-type").is_some_and(|it| it.to_ascii_lowercase().contains("html"));
        let looks_so = ["<!doctype html", "<html", "<head", "<body", "<!--"].iter().any(|it| start.starts_with(it));
        looks_so || says_so && start.starts_with('<')
    }

    /// How long the server asks to be left alone: seconds, or a date against the server's own clock.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        let text = self.header("retry-after")?.trim();
        if let Ok(seconds) = text.parse::<f64>() {
            return Duration::try_from_secs_f64(seconds).ok();
        }
        let until = http_date(text)?;
        let now = self.date().unwrap_or(self.came_at);
        Some(Duration::from_millis(u64::try_from(until.millis() - now.millis()).unwrap_or(0)))
    }

    /// The server's clock when it answered, to the second.
    #[must_use]
    pub fn date(&self) -> Option<Time> {
        self.header("date").and_then(http_date)
    }

    /// This computer's clock when the answer was complete.
    #[must_use]
    pub fn came_at(&self) -> Time {
        self.came_at
    }
}

fn http_date(text: &str) -> Option<Time> {
    DateTime::parse_from_rfc2822(text).ok().map(Time::from)
}

/// Where JSON does not fit and what was expected there, without the value that stands there.
fn place(path: &str, error: &serde_json::Error) -> String {
    let words = error.to_string();
    let expected = if error.is_data() {
        match words.rsplit_once(", expected ") {
            Some((_, expected)) => format!("expected {expected}"),
            None if words.starts_with("missing field") => words,
            None => format!("line {} column {}", error.line(), error.column()),
        }
    } else {
        words
    };
    if path == "." { expected } else { format!("{path}: {expected}") }
}

#[cfg(test)]
mod tests {
    use reqwest::header::{HeaderName, HeaderValue};
    use serde::Deserialize;

    use super::*;

    fn answer(headers: &[(&'static str, &'static str)], body: &str) -> Answer {
        let pairs =
            headers.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)));
        let noon = Time::parse("2026-10-14T12:00:00Z").unwrap();
        Answer::new(200, pairs.collect(), Bytes::copy_from_slice(body.as_bytes()), noon)
    }

    #[derive(Debug, Deserialize)]
    struct Page {
        #[expect(dead_code, reason = "only read to fail")]
        users: Vec<User>,
    }

    #[derive(Debug, Deserialize)]
    struct User {
        #[expect(dead_code, reason = "only read to fail")]
        name: String,
    }

    #[test]
    fn what_does_not_fit_is_named_by_its_path_and_never_by_its_value() {
        let check = |body: &str, path: &str, hidden: &str| {
            let words = answer(&[], body).json::<Page>().unwrap_err().why().words.clone();
            assert!(words.contains(path), "{words}");
            assert!(!words.contains(hidden), "{words}");
        };
        check(r#"{"users":[{"name":"a"},{"name":81355500142}]}"#, "users[1].name: expected a string", "81355500142");
        check(r#"{"users":"Nishimura"}"#, "users: expected a sequence", "Nishimura");
        check(r#"{"users":[{"nick":"Aya"}]}"#, "users[0]: missing field `name`", "Aya");
        check(r#"{"users":[{"name":"Aya"#, "EOF", "Aya");
        check(r#"{"users":[]} Nishimura"#, "trailing characters", "Nishimura");
    }

    #[test]
    fn a_page_is_a_page_whatever_it_calls_itself() {
        let check = |content_type: &'static str, body: &str, expected: bool| {
            assert_eq!(answer(&[("content-type", content_type)], body).is_html(), expected, "{content_type} {body}");
        };
        check("text/html", "<p>sign in</p>", true);
        check("application/json", " \u{feff}<!DOCTYPE html><title>x</title>", false);
        check("application/json", "\u{feff}\n<!DOCTYPE html><title>x</title>", true);
        check("text/html", r#"{"a":1}"#, false);
        check("text/xml", "<Fault/>", false);
    }

    #[test]
    fn a_byte_order_mark_is_not_in_the_way() {
        assert_eq!(answer(&[], "\u{feff}[1]").json::<Vec<u8>>().unwrap(), [1]);
    }

    #[test]
    fn waiting_is_in_seconds_or_until_a_date_on_the_servers_clock() {
        let check = |headers: &[(&'static str, &'static str)], expected: Option<u64>| {
            assert_eq!(answer(headers, "").retry_after(), expected.map(Duration::from_secs), "{headers:?}");
        };
        check(&[("retry-after", "7")], Some(7));
        check(&[("retry-after", "-7")], None);
        check(&[("retry-after", "Wed, 14 Oct 2026 12:00:40 GMT")], Some(40));
        let server_is_late =
            [("retry-after", "Wed, 14 Oct 2026 11:00:40 GMT"), ("date", "Wed, 14 Oct 2026 11:00:30 GMT")];
        check(&server_is_late, Some(10));
        check(&[("retry-after", "Wed, 14 Oct 2026 11:00:00 GMT")], Some(0));
        check(&[("retry-after", "soon")], None);
        check(&[], None);
    }
}
