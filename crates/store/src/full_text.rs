//! Search for any part of a text, in any script: pairs of characters made here, kept in FTS5 and asked for as a phrase.
//!
//! The tokenizers of SQLite find nothing for 佐藤 inside 佐藤美咲. So each text is folded, cut into overlapping pairs of
//! characters, and each pair is written as one word of plain letters and digits. A search for two or more characters is the
//! phrase of its pairs; a search for one character is the beginning of a word. This is exact: it finds what a plain scan for
//! the folded text finds, and nothing else.

use model::text::fold;

use crate::{StoreError, Writer, code};

/// Least number of digits for which a number is found by its digits alone.
const LEAST_DIGITS: usize = 3;

/// Letters that a character's code point is written with; four of them are enough for all.
const LETTERS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";

/// Which texts: each kind has an index of its own, whose rows have the numbers of that kind's table.
#[derive(Clone, Copy)]
pub(crate) enum Words {
    /// Names and numbers of the two sides of calls.
    Party,
    /// Notes of calls.
    Note,
    /// Names, companies, readings and numbers of customers.
    Customer,
}

/// In the cache.
pub(crate) const SCHEMA: &str = "
CREATE VIRTUAL TABLE party_words USING fts5 (words, content='', contentless_delete=1, tokenize='unicode61');
CREATE VIRTUAL TABLE note_words USING fts5 (words, content='', contentless_delete=1, tokenize='unicode61');
CREATE VIRTUAL TABLE customer_words USING fts5 (words, content='', contentless_delete=1, tokenize='unicode61');
";

impl Words {
    /// Name of the index.
    pub(crate) fn table(self) -> &'static str {
        match self {
            Self::Party => "party_words",
            Self::Note => "note_words",
            Self::Customer => "customer_words",
        }
    }

    /// A subquery for the rows that match the expression bound as `parameter`, which [`expression`] made.
    pub(crate) fn matching(self, parameter: &str) -> String {
        let table = self.table();
        format!("SELECT rowid FROM {table} WHERE {table} MATCH {parameter}")
    }

    /// Indexes the segments of a row.
    pub(crate) fn insert(self, w: &mut Writer<'_>, row: i64, segments: &[String]) -> Result<(), StoreError> {
        let sql = format!("INSERT INTO {} (rowid, words) VALUES ($1, $2)", self.table());
        w.conn.prepare_cached(&sql)?.execute(rusqlite::params![row, document(segments)])?;
        Ok(())
    }

    /// Indexes the segments of many rows. One statement, because before every statement the index writes out what it has
    /// gathered.
    pub(crate) fn insert_all(self, w: &mut Writer<'_>, rows: &[(i64, Vec<String>)]) -> Result<(), StoreError> {
        if rows.is_empty() {
            return Ok(());
        }
        let rows: Vec<_> = rows.iter().map(|(row, segments)| (row, document(segments))).collect();
        let sql =
            format!("INSERT INTO {} (rowid, words) SELECT value ->> 0, value ->> 1 FROM json_each($1)", self.table());
        w.conn.prepare_cached(&sql)?.execute([code::to_json(&rows)?])?;
        Ok(())
    }

    /// Takes a row out of the index.
    pub(crate) fn delete(self, w: &mut Writer<'_>, row: i64) -> Result<(), StoreError> {
        w.conn.prepare_cached(&format!("DELETE FROM {} WHERE rowid = $1", self.table()))?.execute([row])?;
        Ok(())
    }
}

/// What a person typed, ready for comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Needle {
    /// The folded text, never empty.
    pub(crate) text: String,
    /// The digits, where a number was typed that is written differently from its digits.
    pub(crate) digits: Option<String>,
}

impl Needle {
    /// `None` where there is nothing to search for.
    pub(crate) fn new(typed: &str) -> Option<Self> {
        let text = fold(typed);
        if text.is_empty() {
            return None;
        }
        let is_number = text.chars().all(|c| c.is_ascii_digit() || "+-().‐‑–−ー/ ".contains(c));
        let digits = model::phone::digits(&text);
        let digits = (is_number && digits.len() >= LEAST_DIGITS && digits != text).then_some(digits);
        Some(Self { text, digits })
    }

    /// The expression for MATCH.
    pub(crate) fn expression(&self) -> String {
        match &self.digits {
            None => phrase(&self.text),
            Some(digits) => format!("{} OR {}", phrase(&self.text), phrase(digits)),
        }
    }

    /// The patterns for LIKE over text that [`join`] made: the second is the same as the first where no number was typed.
    pub(crate) fn patterns(&self) -> [String; 2] {
        let pattern = |text: &str| {
            let mut pattern = String::from("%");
            for c in text.chars() {
                if matches!(c, '%' | '_' | '\\') {
                    pattern.push('\\');
                }
                pattern.push(c);
            }
            pattern + "%"
        };
        [pattern(&self.text), pattern(self.digits.as_deref().unwrap_or(&self.text))]
    }
}

/// Folded texts and the digits of numbers, each once; a search never reaches across two of them.
pub(crate) fn segments<'a>(
    texts: impl IntoIterator<Item = &'a str>,
    numbers: impl IntoIterator<Item = &'a str>,
) -> Vec<String> {
    let mut all: Vec<String> = texts.into_iter().map(fold).collect();
    for number in numbers {
        all.push(fold(number));
        all.push(model::phone::digits(number));
        all.extend(number.starts_with('+').then(|| model::phone::national_digits(number)).flatten());
    }
    all.retain(|segment| !segment.is_empty());
    all.sort_unstable();
    all.dedup();
    all
}

/// Segments as one column, for the small tables that are searched by LIKE. Folded text holds no line end.
pub(crate) fn join(segments: &[String]) -> String {
    segments.join("\n")
}

fn document(segments: &[String]) -> String {
    let mut words = String::new();
    for segment in segments {
        let mut rest = segment.chars().peekable();
        while let Some(c) = rest.next() {
            if !words.is_empty() {
                words.push(' ');
            }
            spell(c, &mut words);
            // The last character stands alone, which also keeps a phrase from reaching into the next segment.
            if let Some(next) = rest.peek() {
                spell(*next, &mut words);
            }
        }
    }
    words
}

fn phrase(text: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    let mut words = String::from("\"");
    if let [only] = characters.as_slice() {
        spell(*only, &mut words);
        return words + "\"*";
    }
    for (at, pair) in characters.windows(2).enumerate() {
        if at > 0 {
            words.push(' ');
        }
        pair.iter().for_each(|c| spell(*c, &mut words));
    }
    words + "\""
}

fn spell(c: char, into: &mut String) {
    let mut rest = c as usize;
    let mut letters = [0_u8; 4];
    for letter in letters.iter_mut().rev() {
        *letter = LETTERS[rest % 36];
        rest /= 36;
    }
    into.extend(letters.iter().map(|letter| char::from(*letter)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_of_several_characters_is_a_phrase_of_pairs_and_one_character_a_beginning() {
        assert_eq!(phrase("abc"), "\"002p002q 002q002r\"");
        assert_eq!(phrase("a"), "\"002p\"*");
        assert_eq!(document(&["ab".to_owned(), "c".to_owned()]), "002p002q 002q 002r");
    }

    #[test]
    fn every_character_has_four_letters_of_its_own() {
        let spelled = |c| {
            let mut word = String::new();
            spell(c, &mut word);
            word
        };
        assert_eq!(spelled(char::MAX), "nvnj");
        assert_eq!(spelled('\u{0}'), "0000");
        assert_ne!(spelled('佐'), spelled('左'));
    }

    #[test]
    fn a_number_is_also_searched_by_its_digits() {
        let check = |typed: &str, digits: Option<&str>| {
            assert_eq!(Needle::new(typed).unwrap().digits.as_deref(), digits, "{typed}");
        };
        check("03-5550", Some("035550"));
        check("（０３）５５５０", Some("035550"));
        check("+81 3", Some("813"));
        check("0355", None);
        check("3-5", None);
        check("3号室-55", None);
        assert_eq!(Needle::new(" 　"), None);
    }

    #[test]
    fn what_like_understands_is_taken_literally() {
        assert_eq!(Needle::new("50%_\\").unwrap().patterns()[0], "%50\\%\\_\\\\%");
    }
}
