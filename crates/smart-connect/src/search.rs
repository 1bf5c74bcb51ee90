//! Calls asked for by number: the search with its four positional segments, and the written forms of numbers it takes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use async_trait::async_trait;
use model::Failure;
use model::call::SeenCall;
use model::ports::CallSearch;
use unicode_normalization::UnicodeNormalization;

use crate::client::Client;
use crate::resources::{self, CALLS, CUSTOMERS};
use crate::wire::CallRows;

/// Numbers that one search takes [documented].
const MOST_NUMBERS: usize = 6;
/// The longest number.
const MOST_DIGITS: usize = 16;
/// Calls that one search is asked for at most.
const MOST_CALLS: u32 = 10_000;

/// Which end of the log comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    /// `True`.
    NewestFirst,
    /// `False`.
    OldestFirst,
}

/// The path of a search, `ReceivedCall-Record/(TOP)/(DESCENDING)/(K_ID)/(FROM)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Path {
    text: String,
    top: u32,
}

impl Path {
    /// Behind the base address. It holds digits, letters and `&` only, so that nothing has to be encoded.
    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// The most rows that it asks for.
    pub(crate) fn top(&self) -> u32 {
        self.top
    }
}

/// Builds the path. No numbers mean `Null`, because an empty segment would be another address; 0 rows would mean all, so
/// that at least one is asked for. Numbers are in their [`plain`] form.
pub(crate) fn path(top: u32, order: Order, customer: u64, numbers: &[String]) -> Path {
    let top = top.max(1);
    let is_descending = match order {
        Order::NewestFirst => "True",
        Order::OldestFirst => "False",
    };
    let from = if numbers.is_empty() { "Null".to_owned() } else { numbers.join("&") };
    Path { text: format!("{CALLS}/{top}/{is_descending}/{customer}/{from}"), top }
}

/// A number as the system writes it: digits only, from any written form. `None` where it cannot be asked for, such as a
/// withheld one, a short code with `*`, or a number of another country.
pub(crate) fn plain(number: &str) -> Option<String> {
    let is_mark = |c: char| {
        c.is_whitespace() || matches!(c, '-' | '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' | 'ー' | '(' | ')' | '[' | ']')
    };
    let text: String = number.nfkc().filter(|c| !is_mark(*c)).collect();
    let digits = match text.strip_prefix("+81") {
        Some(rest) => format!("0{}", rest.strip_prefix('0').unwrap_or(rest)),
        None => text,
    };
    let is_number = (1..=MOST_DIGITS).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then_some(digits)
}

/// The call search of one server.
pub(crate) struct Search {
    client: Arc<Client>,
}

impl Search {
    pub(crate) fn new(client: Arc<Client>) -> Self {
        Self { client }
    }
}

#[async_trait]
impl CallSearch for Search {
    async fn find(&self, numbers: &[String], customer: Option<&str>, most: u32) -> Result<Vec<SeenCall>, Failure> {
        let customer = match customer {
            Some(id) => resources::permitted(CUSTOMERS, model::record::Verb::Get)?.check_key(id)?,
            None => 0,
        };
        let wanted: BTreeSet<String> = numbers.iter().filter_map(|number| plain(number)).collect();
        if most == 0 || wanted.is_empty() && !numbers.is_empty() {
            return Ok(Vec::new());
        }
        let top = most.min(MOST_CALLS);
        let all: Vec<String> = wanted.iter().cloned().collect();
        let parts: Vec<&[String]> = if all.is_empty() { vec![&[]] } else { all.chunks(MOST_NUMBERS).collect() };
        let mut reader = CallRows::new(self.client.zone());
        let mut found = BTreeMap::new();
        for part in parts {
            let page = self.client.calls(&path(top, Order::NewestFirst, customer, part)).await?;
            for row in page.rows()? {
                let call = reader.call(&row?);
                // How the system compares numbers is not documented, so it is looked at again here.
                let is_wanted = || plain(&call.from.raw).is_some_and(|from| wanted.contains(&from));
                if wanted.is_empty() || is_wanted() {
                    found.insert(call.external_id.clone(), call);
                }
            }
        }
        let mut calls: Vec<_> = found.into_values().collect();
        sort(&mut calls);
        calls.truncate(most as usize);
        Ok(calls)
    }
}

/// Newest first by time, then by number, because the system does not say what it sorts by.
pub(crate) fn sort(calls: &mut [SeenCall]) {
    calls.sort_by_cached_key(|call| std::cmp::Reverse((call.started_at, call.external_id.parse::<u64>().ok())));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_has_four_segments_whatever_is_asked_for() {
        let check = |top: u32, customer: u64, numbers: &[&str], expected: &str| {
            let numbers: Vec<_> = numbers.iter().map(|it| (*it).to_owned()).collect();
            assert_eq!(path(top, Order::NewestFirst, customer, &numbers).as_str(), expected);
        };
        check(50, 0, &[], "ReceivedCall-Record/50/True/0/Null");
        check(20, 0, &["0312345678", "09012345678"], "ReceivedCall-Record/20/True/0/0312345678&09012345678");
        check(20, 12, &["0312345678"], "ReceivedCall-Record/20/True/12/0312345678");
        check(0, 0, &[], "ReceivedCall-Record/1/True/0/Null");
        assert_eq!(path(5, Order::OldestFirst, 0, &[]).as_str(), "ReceivedCall-Record/5/False/0/Null");
    }

    #[test]
    fn a_number_is_asked_for_in_digits_or_not_at_all() {
        let check = |number: &str, expected: Option<&str>| assert_eq!(plain(number).as_deref(), expected, "{number}");
        check("0312345678", Some("0312345678"));
        check("03-1234-5678", Some("0312345678"));
        check("０３－１２３４－５６７８", Some("0312345678"));
        check("03−1234‐5678", Some("0312345678"));
        check(" (03) 1234 5678 ", Some("0312345678"));
        check("+81312345678", Some("0312345678"));
        check("+81 (0)3-1234-5678", Some("0312345678"));
        check("＋８１９０１２３４５６７８", Some("09012345678"));
        check("110", Some("110"));
        check("1234567890123456", Some("1234567890123456"));
        check("12345678901234567", None);
        for odd in [
            "",
            " ",
            "-",
            "非通知",
            "anonymous",
            "P",
            "*21",
            "#7",
            "+1 650 555 0100",
            "+",
            "03/1234",
            "1&2",
            "12a",
            "٣",
        ] {
            check(odd, None);
        }
    }
}
