//! The query of a request, read strictly.

use super::refusal::Refusal;
use chrono::{DateTime, Utc};

/// Names and values in their order.
#[derive(Debug, Clone, Default)]
pub(super) struct Query(Vec<(String, String)>);

impl Query {
    /// Reads the part of the address after the `?`.
    pub(super) fn read(text: &str) -> Self {
        Self(url::form_urlencoded::parse(text.as_bytes()).into_owned().collect())
    }

    /// The value of a parameter that may be given once.
    pub(super) fn one(&self, name: &str) -> Result<Option<&str>, Refusal> {
        let mut values = self.0.iter().filter(|it| it.0 == name).map(|it| it.1.as_str());
        let first = values.next();
        if values.next().is_some() || first == Some("") { Err(Refusal::parameter(name)) } else { Ok(first) }
    }

    /// The values of a parameter that may be repeated, each one of `allowed`; a list with commas is not one of them.
    pub(super) fn some(&self, name: &str, allowed: &[&str]) -> Result<Vec<&str>, Refusal> {
        let values: Vec<&str> = self.0.iter().filter(|it| it.0 == name).map(|it| it.1.as_str()).collect();
        if values.iter().all(|it| allowed.contains(it)) { Ok(values) } else { Err(Refusal::parameter(name)) }
    }

    /// One of a few words.
    pub(super) fn word(&self, name: &str, allowed: &[&str]) -> Result<Option<&str>, Refusal> {
        match self.one(name)? {
            Some(value) if !allowed.contains(&value) => Err(Refusal::parameter(name)),
            value => Ok(value),
        }
    }

    /// An instant with its zone.
    pub(super) fn time(&self, name: &str) -> Result<Option<DateTime<Utc>>, Refusal> {
        let read = |text| DateTime::parse_from_rfc3339(text).map_err(|_| Refusal::parameter(name));
        Ok(self.one(name)?.map(read).transpose()?.map(|it| it.to_utc()))
    }

    /// A number from 1.
    pub(super) fn count(&self, name: &str) -> Result<Option<usize>, Refusal> {
        let read = |text: &str| text.parse().ok().filter(|it| *it > 0).ok_or_else(|| Refusal::parameter(name));
        self.one(name)?.map(read).transpose()
    }

    /// How many records a page has: `default`, a number that is cut to `most`, or the word `max`.
    pub(super) fn per_page(&self, default: usize, most: usize) -> Result<usize, Refusal> {
        match self.one("perPage")? {
            Some("max") => Ok(most),
            _ => Ok(self.count("perPage")?.unwrap_or(default).min(most)),
        }
    }

    /// Digits without a plus sign.
    pub(super) fn digits(&self, name: &str) -> Result<Option<&str>, Refusal> {
        match self.one(name)? {
            Some(value) if !value.bytes().all(|it| it.is_ascii_digit()) => Err(Refusal::parameter(name)),
            value => Ok(value),
        }
    }

    /// Whether any of these is given.
    pub(super) fn has_any(&self, names: &[&str]) -> bool {
        self.0.iter().any(|it| names.contains(&it.0.as_str()))
    }

    /// The same query with another page.
    pub(super) fn with_page(&self, page: usize) -> String {
        let others = self.0.iter().filter(|it| it.0 != "page");
        let mut out = url::form_urlencoded::Serializer::new(String::new());
        out.extend_pairs(others);
        out.append_pair("page", &page.to_string());
        out.finish()
    }

    /// The same query with this parameter added where it is missing.
    pub(super) fn pinned(mut self, name: &str, value: String) -> Self {
        if !self.has_any(&[name]) {
            self.0.push((name.to_owned(), value));
        }
        self
    }
}
