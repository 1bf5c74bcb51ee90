//! CSV as RFC 4180 has it, in the encodings that offices use, harmless where a cell begins like a formula.

use std::io::Write as _;

use encoding_rs::SHIFT_JIS;

use crate::file::NewFile;
use crate::{Cell, Error, Written};

/// How letters become bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8 behind a byte order mark.
    Utf8Bom,
    /// UTF-8.
    Utf8,
    /// The Japanese Windows code page; what it cannot write becomes `?`.
    Cp932,
}

pub(crate) struct Writer {
    file: NewFile,
    encoding: Encoding,
    replaced: u64,
    line: Vec<u8>,
}

impl Writer {
    pub(crate) fn new(mut file: NewFile, encoding: Encoding, head: &[&str]) -> Result<Self, Error> {
        if encoding == Encoding::Utf8Bom {
            file.write(b"\xEF\xBB\xBF")?;
        }
        let mut writer = Self { file, encoding, replaced: 0, line: Vec::new() };
        let head: Vec<_> = head.iter().map(|it| Cell::Text(it)).collect();
        writer.row(&head)?;
        Ok(writer)
    }

    pub(crate) fn row(&mut self, cells: &[Cell<'_>]) -> Result<(), Error> {
        self.line.clear();
        for (place, cell) in cells.iter().enumerate() {
            if place > 0 {
                self.line.push(b',');
            }
            match cell {
                Cell::Empty => {}
                Cell::Text(text) => self.text(text),
                Cell::Number(number) => write!(self.line, "{number}")?,
                Cell::Moment(moment) => write!(self.line, "{moment}")?,
            }
        }
        self.line.extend_from_slice(b"\r\n");
        self.file.write(&self.line)
    }

    pub(crate) fn finish(self) -> Result<Written, Error> {
        Ok(Written { replaced: self.replaced, path: self.file.finish()? })
    }

    fn text(&mut self, text: &str) {
        let is_quoted = text.contains(['"', ',', '\r', '\n', '\t']);
        if is_quoted {
            self.line.push(b'"');
        }
        if looks_like_formula(text) {
            self.line.push(b'\'');
        }
        if text.contains('"') {
            self.letters(&text.replace('"', "\"\""));
        } else {
            self.letters(text);
        }
        if is_quoted {
            self.line.push(b'"');
        }
    }

    fn letters(&mut self, text: &str) {
        match self.encoding {
            Encoding::Cp932 if !text.is_ascii() => self.replaced += u64::from(!cp932(text, &mut self.line)),
            Encoding::Cp932 | Encoding::Utf8 | Encoding::Utf8Bom => self.line.extend_from_slice(text.as_bytes()),
        }
    }
}

/// Whether a spreadsheet would compute the text, or might. A telephone number or a plain number is none.
pub(crate) fn looks_like_formula(text: &str) -> bool {
    let mut rest = text.chars();
    let is_number = |allowed: &str| {
        let rest = &text[1..];
        rest.contains(|c: char| c.is_ascii_digit()) && rest.chars().all(|c| c.is_ascii_digit() || allowed.contains(c))
    };
    match rest.next() {
        Some('+') => !is_number(" -()."),
        Some('-') => text[1..].parse::<f64>().is_err() || !is_number("."),
        Some('=' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠') => true,
        Some(_) | None => false,
    }
}

/// Appends the text as Windows writes it; whether every letter could be.
fn cp932(text: &str, into: &mut Vec<u8>) -> bool {
    let mut is_whole = true;
    let mut buffer = [0; 4];
    for c in text.chars().map(as_windows) {
        let (bytes, _, is_lost) = SHIFT_JIS.encode(c.encode_utf8(&mut buffer));
        if is_lost {
            is_whole = false;
            into.push(b'?');
        } else {
            into.extend_from_slice(&bytes);
        }
    }
    is_whole
}

/// The twin that the Windows code page has of a letter.
fn as_windows(c: char) -> char {
    match c {
        '\u{301C}' => '\u{FF5E}',
        '\u{2212}' => '\u{FF0D}',
        '\u{2016}' => '\u{2225}',
        '\u{2014}' => '\u{2015}',
        '\u{A2}' => '\u{FFE0}',
        '\u{A3}' => '\u{FFE1}',
        '\u{AC}' => '\u{FFE2}',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(encoding: Encoding, cells: &[Cell<'_>]) -> (Vec<u8>, u64) {
        let folder = tempfile::tempdir().unwrap();
        let file = NewFile::create(folder.path(), "a.csv").unwrap();
        let mut writer = Writer::new(file, encoding, &["h"]).unwrap();
        writer.row(cells).unwrap();
        let Written { path, replaced } = writer.finish().unwrap();
        (std::fs::read(path).unwrap(), replaced)
    }

    #[test]
    fn cells_are_quoted_where_they_must_be_and_lines_end_as_the_standard_says() {
        let cells = [Cell::Text("a,b"), Cell::Text("say \"hi\""), Cell::Text("1\n2"), Cell::Empty, Cell::Number(7)];
        let (bytes, _) = written(Encoding::Utf8, &cells);
        assert_eq!(String::from_utf8(bytes).unwrap(), "h\r\n\"a,b\",\"say \"\"hi\"\"\",\"1\n2\",,7\r\n");
        assert!(written(Encoding::Utf8Bom, &cells).0.starts_with(b"\xEF\xBB\xBFh\r\n"));
    }

    #[test]
    fn a_formula_is_harmless_and_a_number_stays_as_it_is() {
        for text in ["=1+1", "+81 x", "+1+1", "-2+3", "-", "+", "@a", "\t=1", "\n=1", "＝1", "+(A1)", "-inf", "-1e5"] {
            assert!(looks_like_formula(text), "{text:?}");
        }
        for text in ["+81355500142", "+81 (3) 5550-0142", "-5", "-5.25", "03-5550-0142", "a=b", "", "'=1"] {
            assert!(!looks_like_formula(text), "{text:?}");
        }
        assert_eq!(written(Encoding::Utf8, &[Cell::Text("=A1,2")]).0, b"h\r\n\"'=A1,2\"\r\n");
    }

    #[test]
    fn the_windows_code_page_comes_out_as_windows_writes_it() {
        let check = |text: &str, expected: &[u8], whole: bool| {
            let mut bytes = Vec::new();
            assert_eq!((cp932(text, &mut bytes), bytes.as_slice()), (whole, expected), "{text}");
        };
        check("〜～", &[0x81, 0x60, 0x81, 0x60], true);
        check("−－", &[0x81, 0x7C, 0x81, 0x7C], true);
        check("‖∥", &[0x81, 0x61, 0x81, 0x61], true);
        check("¢£¬", &[0x81, 0x91, 0x81, 0x92, 0x81, 0xCA], true);
        check("①㈱髙", &[0x87, 0x40, 0x87, 0x8A, 0xFB, 0xFC], true);
        check("a😀ｱ", &[b'a', b'?', 0xB1], false);
        assert_eq!(written(Encoding::Cp932, &[Cell::Text("😀😀"), Cell::Text("東")]).1, 1);
    }
}
