//! CSV as it comes from offices: in either encoding, with any of three separators, each row with the line where it begins.

use encoding_rs::{SHIFT_JIS, UTF_16BE, UTF_16LE};
use unicode_normalization::UnicodeNormalization;

use crate::csv::looks_like_formula;

/// What separates cells, the likeliest first.
const SEPARATORS: [char; 3] = [',', ';', '\t'];

/// Why a file cannot be read as a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unreadable {
    /// The bytes are neither UTF-8 nor the Japanese Windows code page.
    NotText,
    /// There is no head.
    Empty,
    /// A quotation that begins in this line, counted from 1, never ends.
    Quotation(u64),
}

impl std::fmt::Display for Unreadable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NotText => f.write_str("neither UTF-8 nor CP932"),
            Self::Empty => f.write_str("no head"),
            Self::Quotation(line) => write!(f, "line {line}: a quotation never ends"),
        }
    }
}

impl std::error::Error for Unreadable {}

/// A row of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The line where it begins, counted from 1.
    pub line: u64,
    /// Its cells.
    pub cells: Vec<String>,
}

/// A row that has not as many cells as the head. What stands in it cannot be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ragged {
    /// The line where it begins, counted from 1.
    pub line: u64,
    /// How many cells it has.
    pub cells: usize,
}

/// A file that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rows {
    /// The names of the columns.
    pub head: Vec<String>,
    /// Rows as wide as the head, in their order. Empty lines are none.
    pub rows: Vec<Row>,
    /// Rows that are not, in their order.
    pub ragged: Vec<Ragged>,
}

impl Rows {
    /// Reads a CSV file: UTF-8 with or without a byte order mark, else CP932; the separator is what the head has most of. The
    /// apostrophe that the writer puts before a formula is taken away.
    ///
    /// # Errors
    /// [`Unreadable`].
    pub fn read(bytes: &[u8]) -> Result<Self, Unreadable> {
        Self::of_text(&text(bytes)?.0)
    }

    /// As [`Rows::read`], for what was decoded already.
    ///
    /// # Errors
    /// [`Unreadable`].
    pub fn of_text(text: &str) -> Result<Self, Unreadable> {
        let mut records = Records { rest: text, line: 1, separator: separator(text)? };
        let head = records.next().transpose()?.ok_or(Unreadable::Empty)?.cells;
        let mut read = Self { head, rows: Vec::new(), ragged: Vec::new() };
        for row in records {
            let row = row?;
            if row.cells.len() == read.head.len() {
                read.rows.push(row);
            } else {
                read.ragged.push(Ragged { line: row.line, cells: row.cells.len() });
            }
        }
        Ok(read)
    }
}

/// The name of a column as names are compared: width, case and white space do not matter.
#[must_use]
pub fn folded(name: &str) -> String {
    name.nfkc().flat_map(char::to_lowercase).filter(|c| !c.is_whitespace()).collect()
}

/// How the letters of a file are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Letters {
    /// UTF-8.
    Utf8,
    /// UTF-8 behind a byte order mark.
    Utf8Bom,
    /// UTF-16 behind a byte order mark.
    Utf16,
    /// The Japanese Windows code page.
    Cp932,
}

/// The text of a file without its byte order mark, and how it was written.
///
/// # Errors
/// [`Unreadable::NotText`].
pub fn decoded(bytes: &[u8]) -> Result<(String, Letters), Unreadable> {
    let utf16 = match bytes {
        [0xFF, 0xFE, rest @ ..] => Some(UTF_16LE.decode_without_bom_handling_and_without_replacement(rest)),
        [0xFE, 0xFF, rest @ ..] => Some(UTF_16BE.decode_without_bom_handling_and_without_replacement(rest)),
        _ => None,
    };
    match utf16 {
        Some(text) => text.map(|it| (it.into_owned(), Letters::Utf16)).ok_or(Unreadable::NotText),
        None => text(bytes),
    }
}

fn text(bytes: &[u8]) -> Result<(String, Letters), Unreadable> {
    let (body, letters) = match bytes.strip_prefix(b"\xEF\xBB\xBF") {
        Some(rest) => (rest, Letters::Utf8Bom),
        None => (bytes, Letters::Utf8),
    };
    if let Ok(text) = std::str::from_utf8(body) {
        return Ok((text.to_owned(), letters));
    }
    let text = SHIFT_JIS.decode_without_bom_handling_and_without_replacement(body);
    text.map(|it| (it.into_owned(), Letters::Cp932)).ok_or(Unreadable::NotText)
}

/// What the head has most of; where it has none of them, the first.
fn separator(text: &str) -> Result<char, Unreadable> {
    let mut best = (0, SEPARATORS[0]);
    let mut endless = None;
    for separator in SEPARATORS {
        let head = Records { rest: text, line: 1, separator }.next().ok_or(Unreadable::Empty)?;
        match head {
            Ok(head) if head.cells.len() > best.0 => best = (head.cells.len(), separator),
            Ok(_) => {}
            Err(unreadable) => endless = endless.or(Some(unreadable)),
        }
    }
    match endless {
        // One cell is what any text is that is not separated.
        Some(unreadable) if best.0 <= 1 => Err(unreadable),
        // A quotation that never ends with one of them ends with another.
        Some(_) | None => Ok(best.1),
    }
}

/// The rows that are not read yet.
struct Records<'a> {
    rest: &'a str,
    line: u64,
    separator: char,
}

/// What ends a cell.
enum End {
    Cell,
    Row,
}

impl Records<'_> {
    fn take(&mut self) -> Option<char> {
        let mut letters = self.rest.chars();
        let c = letters.next()?;
        self.rest = letters.as_str();
        let is_half = c == '\r' && self.rest.starts_with('\n');
        if matches!(c, '\r' | '\n') && !is_half {
            self.line += 1;
        }
        Some(c)
    }

    /// Goes past a separator or the end of a line, if one is next.
    fn end(&mut self) -> Option<End> {
        match self.rest.chars().next() {
            None => Some(End::Row),
            Some(c) if c == self.separator => {
                self.take();
                Some(End::Cell)
            }
            Some('\n') => {
                self.take();
                Some(End::Row)
            }
            Some('\r') => {
                self.take();
                if self.rest.starts_with('\n') {
                    self.take();
                }
                Some(End::Row)
            }
            Some(_) => None,
        }
    }

    fn cell(&mut self) -> Result<(String, End), Unreadable> {
        let mut cell = String::new();
        if self.rest.starts_with('"') {
            let began = self.line;
            self.take();
            loop {
                match self.take() {
                    None => return Err(Unreadable::Quotation(began)),
                    Some('"') if self.rest.starts_with('"') => {
                        self.take();
                        cell.push('"');
                    }
                    Some('"') => break,
                    Some(c) => cell.push(c),
                }
            }
        }
        let end = loop {
            match self.end() {
                Some(end) => break end,
                None => cell.extend(self.take()),
            }
        };
        if let Some(rest) = cell.strip_prefix('\'')
            && looks_like_formula(rest)
        {
            cell.remove(0);
        }
        Ok((cell, end))
    }
}

impl Iterator for Records<'_> {
    type Item = Result<Row, Unreadable>;

    fn next(&mut self) -> Option<Self::Item> {
        while self.rest.starts_with(['\r', '\n']) {
            self.take();
        }
        if self.rest.is_empty() {
            return None;
        }
        let line = self.line;
        let mut cells = Vec::new();
        loop {
            match self.cell() {
                Err(unreadable) => {
                    self.rest = "";
                    return Some(Err(unreadable));
                }
                Ok((cell, End::Cell)) => cells.push(cell),
                Ok((cell, End::Row)) => {
                    cells.push(cell);
                    return Some(Ok(Row { line, cells }));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{Cell, Encoding, Table};

    fn read(text: &str) -> Rows {
        Rows::read(text.as_bytes()).unwrap()
    }

    fn cells(text: &str) -> Vec<Vec<String>> {
        read(text).rows.into_iter().map(|row| row.cells).collect()
    }

    #[test]
    fn either_encoding_is_read_with_or_without_a_mark() {
        let expected = read("名前,電話\r\n髙橋,1");
        assert_eq!(
            (expected.head.as_slice(), expected.rows[0].line),
            (["名前", "電話"].map(str::to_owned).as_slice(), 2)
        );
        assert_eq!(read("\u{feff}名前,電話\r\n髙橋,1\r\n"), expected);
        let windows = b"\x96\xBC\x91\x4F,\x93\x64\x98\x62\r\n\xFB\xFC\x8B\xB4,1\r\n";
        assert_eq!(Rows::read(windows), Ok(expected));
        for other in [&b"\xFF\xFEa\0,\0b\0"[..], b"a,b\n\x81"] {
            assert_eq!(Rows::read(other), Err(Unreadable::NotText));
        }
    }

    #[test]
    fn the_separator_is_what_the_head_has_most_of() {
        for separator in [",", ";", "\t"] {
            let text = "a|\"b,;\t\"|c\n1|2,2;2|3".replace('|', separator);
            let read = read(&text);
            assert_eq!(read.head, ["a", "b,;\t", "c"], "{text}");
            assert_eq!(read.rows.len() + read.ragged.len(), 1);
        }
        assert_eq!(cells("a;b\n1,5;2"), [["1,5", "2"]]);
        assert_eq!(cells("a\n1\n"), [["1"]]);
    }

    #[test]
    fn a_quotation_may_hold_anything_and_lines_are_counted_through_it() {
        let read = read("a,b\r\n\"1\r\n\"\"2\"\", 3\",x\r\n\r\n\n\"y\" z,\r5,6");
        let found: Vec<_> = read.rows.iter().map(|it| (it.line, it.cells[0].as_str(), it.cells[1].as_str())).collect();
        assert_eq!(found, [(2, "1\r\n\"2\", 3", "x"), (6, "y z", ""), (7, "5", "6")]);
        assert_eq!(Rows::read(b"a,b\n1,2\n3,\"4\n5"), Err(Unreadable::Quotation(3)));
        assert_eq!(Rows::read(b"\"a,b\n1"), Err(Unreadable::Quotation(1)));
    }

    #[test]
    fn a_quotation_of_the_head_that_never_ends_is_told() {
        for text in ["name,\"numbers\n1,2\n", "\"name;numbers\n1;2\n"] {
            assert_eq!(Rows::read(text.as_bytes()), Err(Unreadable::Quotation(1)), "{text}");
        }
        assert_eq!(Rows::read(b"a;b,\"c\n1;2\n").unwrap().head, ["a", "b,\"c"]);
    }

    #[test]
    fn a_row_of_another_width_is_told_with_its_line() {
        let read = read("a,b\n1,2\n3\n4,5,6\n\n7,8\n");
        assert_eq!(read.rows.iter().map(|it| it.line).collect::<Vec<_>>(), [2, 6]);
        assert_eq!(read.ragged, [Ragged { line: 3, cells: 1 }, Ragged { line: 4, cells: 3 }]);
        for nothing in ["", "\u{feff}", "\r\n\n"] {
            assert_eq!(Rows::read(nothing.as_bytes()), Err(Unreadable::Empty), "{nothing:?}");
        }
    }

    #[test]
    fn names_are_compared_without_width_case_and_gaps() {
        assert_eq!(folded(" ＮＡＭＥ　１ "), "name1");
        assert_eq!(folded("ﾌﾘｶﾞﾅ"), "フリガナ");
        assert_ne!(folded("名前"), folded("氏名"));
    }

    fn written(encoding: Encoding, rows: &[[String; 2]]) -> Vec<u8> {
        let folder = tempfile::tempdir().unwrap();
        let mut table = Table::csv(folder.path(), "a.csv", encoding, &["one", "two"]).unwrap();
        for row in rows {
            table.row(&row.each_ref().map(|it| Cell::Text(it))).unwrap();
        }
        std::fs::read(table.finish().unwrap().path).unwrap()
    }

    /// Whether the writer puts it as it puts another text: one that begins with the apostrophe already.
    fn is_guarded(text: &str) -> bool {
        text.strip_prefix('\'').is_some_and(looks_like_formula)
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(rows in prop::collection::vec(prop::array::uniform2("[ -~\r\n\t東村ｱ😀＝]{0,12}"), 0..8)) {
            prop_assume!(!rows.iter().flatten().any(|it| is_guarded(it)));
            for encoding in [Encoding::Utf8, Encoding::Utf8Bom] {
                let read = Rows::read(&written(encoding, &rows)).unwrap();
                prop_assert_eq!(&read.ragged, &[]);
                let cells: Vec<_> = read.rows.into_iter().map(|it| it.cells).collect();
                prop_assert_eq!(&cells, &rows);
            }
        }

        #[test]
        fn the_windows_code_page_is_read_again(rows in prop::collection::vec(prop::array::uniform2("[ -~\r\nあカ東村①髙～]{0,12}"), 1..8)) {
            prop_assume!(!rows.iter().flatten().any(|it| is_guarded(it)));
            let cells: Vec<_> = Rows::read(&written(Encoding::Cp932, &rows)).unwrap().rows.into_iter().map(|it| it.cells).collect();
            prop_assert_eq!(&cells, &rows);
        }

        #[test]
        fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            if let Ok(read) = Rows::read(&bytes) {
                let is_whole = read.rows.iter().all(|row| row.cells.len() == read.head.len());
                prop_assert!(is_whole && !read.head.is_empty());
            }
        }
    }
}
