//! The four positional segments of the call search, read strictly.

use super::office::WITHHELD;

/// What a search asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Search {
    /// At most so many rows; none for all.
    pub(super) top: Option<usize>,
    /// Newest first.
    pub(super) is_descending: bool,
    /// Only calls of this customer.
    pub(super) customer: Option<u64>,
    /// Only calls from one of these numbers; empty for all.
    pub(super) from: Vec<String>,
}

/// More numbers than this are refused.
const MOST_NUMBERS: usize = 6;

impl Search {
    /// Reads `TOP`, `DESCENDING`, `K_ID` and `FROM`; nothing if one of them is not exactly as documented.
    pub(super) fn read(segments: [&str; 4]) -> Option<Self> {
        let [top, descending, customer, from] = segments;
        let is_descending = match descending {
            "True" | "true" => true,
            "False" | "false" => false,
            _ => return None,
        };
        let top = Some(number(top)? as usize).filter(|it| *it > 0);
        let customer = Some(number(customer)?).filter(|it| *it > 0);
        Some(Self { top, is_descending, customer, from: numbers(from)? })
    }

    /// Whether it leaves any call out, its number of rows apart.
    pub(super) fn is_choosy(&self) -> bool {
        self.customer.is_some() || !self.from.is_empty()
    }

    /// Whether a call from this number, by this customer, is asked for.
    pub(super) fn matches(&self, from: &str, customer: u64) -> bool {
        let is_from = self.from.is_empty() || (from != WITHHELD && self.from.iter().any(|it| it == from));
        is_from && self.customer.is_none_or(|it| it == customer)
    }
}

/// A decimal number without sign, space or any other sign around it.
pub(super) fn number(text: &str) -> Option<u64> {
    let is_plain = !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit());
    if is_plain { text.parse().ok() } else { None }
}

fn numbers(from: &str) -> Option<Vec<String>> {
    if from == "Null" {
        return Some(Vec::new());
    }
    let numbers: Vec<String> = from.split('&').map(str::to_owned).collect();
    let is_telephone = |it: &String| (1..=16).contains(&it.len()) && number(it).is_some();
    (numbers.len() <= MOST_NUMBERS && numbers.iter().all(is_telephone)).then_some(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documented_forms_are_read() {
        let all = Search::read(["50", "True", "0", "Null"]).unwrap();
        assert_eq!(all, Search { top: Some(50), is_descending: true, customer: None, from: vec![] });
        let some = Search::read(["0", "false", "12", "0312345678&09012345678"]).unwrap();
        assert_eq!(some.from, ["0312345678", "09012345678"]);
        assert_eq!((some.top, some.customer, some.is_descending), (None, Some(12), false));
    }

    #[test]
    fn anything_else_is_refused() {
        for odd in [
            ["50", "TRUE", "0", "Null"],
            ["50", "1", "0", "Null"],
            ["-1", "True", "0", "Null"],
            ["", "True", "0", "Null"],
            ["50", "True", "x", "Null"],
            ["50", "True", "0", "null"],
            ["50", "True", "0", "NULL"],
            ["50", "True", "0", ""],
            ["50", "True", "0", "03-1234-5678"],
            ["50", "True", "0", "+81312345678"],
            ["50", "True", "0", "0312345678%260312345679"],
            ["50", "True", "0", "1&2&3&4&5&6&7"],
            ["50", "True", "0", "1&"],
        ] {
            assert_eq!(Search::read(odd), None, "{odd:?}");
        }
    }
}
