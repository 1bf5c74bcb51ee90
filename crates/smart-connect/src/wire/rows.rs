//! A list of rows, read row by row: each is parsed once, where it stands, and none is copied.

use std::borrow::Cow;

use model::Failure;
use serde_json::value::RawValue;

use super::answer::{self, Pairs, place, scalar, unwrapped};
use super::columns::{ID_NAMES, folded};

/// A row as it came, with its members in their order. What is no object has none.
#[derive(Debug)]
pub(crate) struct Row<'a> {
    /// Its text, untouched.
    pub(crate) raw: &'a str,
    /// Names and values; of two with the same name both stay.
    pub(crate) pairs: Vec<(Cow<'a, str>, &'a RawValue)>,
}

impl<'a> Row<'a> {
    /// One JSON object and nothing else.
    ///
    /// # Errors
    /// Line and column where the text is something else.
    pub(crate) fn read(text: &'a str) -> Result<Self, String> {
        let raw = answer::bare(text);
        let Pairs(pairs) = serde_json::from_str(raw).map_err(|error| answer::position(&error))?;
        Ok(Self { raw, pairs })
    }

    /// The value of the field `key`, names compared after folding; `None` where it is empty or nested.
    pub(crate) fn key(&self, key: &str) -> Option<Cow<'a, str>> {
        let wanted = folded(key);
        self.pairs.iter().find(|(name, _)| folded(name) == wanted).and_then(|(_, value)| scalar(value))
    }

    /// Whether it has a field that can identify a row.
    fn has_key(&self) -> bool {
        let is_key = |name: &str| ID_NAMES.contains(&folded(name).as_str());
        self.pairs.iter().any(|(name, value)| is_key(name) && scalar(value).is_some())
    }
}

/// The body of an answer that is a list, and how far it was read.
pub(crate) struct Page {
    body: Body,
    at: usize,
    count: usize,
}

enum Body {
    AsCame(rest::Answer),
    Unwrapped(String),
}

impl Page {
    /// Takes the wrappers off.
    ///
    /// # Errors
    /// [`Failure::Surprise`] for anything that is no list of rows, [`Failure::Refused`] where the system says no inside a good answer.
    pub(crate) fn new(answer: rest::Answer) -> Result<Self, Failure> {
        let inner = match unwrapped(&answer.text()?)? {
            Cow::Borrowed(_) => None,
            Cow::Owned(inner) => Some(inner),
        };
        let page = Self::of(inner.map_or(Body::AsCame(answer), Body::Unwrapped));
        // Every table has a key. An object without any is a message of something in between, not a row.
        let mut rows = page.rows()?;
        let mut is_empty = true;
        for row in rows.by_ref() {
            is_empty = false;
            if row?.has_key() {
                return Ok(page);
            }
        }
        if is_empty { Ok(page) } else { Err(Failure::surprise("$[0].ID")) }
    }

    /// A list that is text already.
    ///
    /// # Errors
    /// As [`Page::new`].
    pub(crate) fn of_text(text: &str) -> Result<Self, Failure> {
        Ok(Self::of(Body::Unwrapped(unwrapped(text)?.into_owned())))
    }

    fn of(body: Body) -> Self {
        Self { body, at: 0, count: 0 }
    }

    fn text(&self) -> Result<&str, Failure> {
        match &self.body {
            Body::AsCame(answer) => {
                let text = std::str::from_utf8(answer.bytes());
                Ok(answer::bare(text.map_err(|it| Failure::surprise(format!("UTF-8, byte {}", it.valid_up_to())))?))
            }
            Body::Unwrapped(text) => Ok(answer::bare(text)),
        }
    }

    /// The rows that are not read yet, in the order of the answer.
    ///
    /// # Errors
    /// [`Failure::Surprise`] for a text that is not UTF-8.
    pub(crate) fn rows(&self) -> Result<Rows<'_>, Failure> {
        let text = self.text()?;
        Ok(Rows { text, at: self.at, count: self.count, is_over: self.at > 0 && self.at >= text.len() })
    }

    /// Remembers that the rows before `mark` were read.
    pub(crate) fn go_on_from(&mut self, mark: Mark) {
        self.at = mark.at;
        self.count = mark.count;
    }

    /// How many rows were read.
    pub(crate) fn count(&self) -> usize {
        self.count
    }
}

/// A place between two rows.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mark {
    at: usize,
    count: usize,
}

/// The rows of a [`Page`] one after the other; ends after the first failure.
pub(crate) struct Rows<'a> {
    text: &'a str,
    at: usize,
    count: usize,
    is_over: bool,
}

impl<'a> Rows<'a> {
    /// Where the next row begins.
    pub(crate) fn mark(&self) -> Mark {
        Mark { at: if self.is_over { self.text.len() } else { self.at }, count: self.count }
    }

    fn peek(&mut self) -> Option<u8> {
        let rest = &self.text.as_bytes()[self.at..];
        self.at += rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n')).count();
        self.text.as_bytes().get(self.at).copied()
    }

    fn advance(&mut self) -> Result<Option<Row<'a>>, Failure> {
        let is_list = self.text.starts_with('[');
        if self.at == 0 {
            if self.text.is_empty() {
                return self.end();
            }
            self.at = usize::from(is_list);
            if is_list && self.peek() == Some(b']') {
                self.at += 1;
                return self.end();
            }
        } else if !is_list {
            return self.end();
        } else {
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b']') => {
                    self.at += 1;
                    return self.end();
                }
                Some(_) | None => return Err(self.broken()),
            }
        }
        self.element().map(Some)
    }

    /// Nothing may follow the last row.
    fn end(&mut self) -> Result<Option<Row<'a>>, Failure> {
        self.is_over = true;
        if self.peek().is_some() { Err(self.broken()) } else { Ok(None) }
    }

    fn element(&mut self) -> Result<Row<'a>, Failure> {
        let first = self.peek();
        let rest = &self.text[self.at..];
        if first == Some(b'{') {
            let mut one = serde_json::Deserializer::from_str(rest).into_iter::<Pairs<'a>>();
            if let Some(Ok(Pairs(pairs))) = one.next() {
                return Ok(self.taken(one.byte_offset(), pairs));
            }
        }
        // No object, or one with a name that is no text: whatever is whole is kept.
        let mut any = serde_json::Deserializer::from_str(rest).into_iter::<&'a RawValue>();
        match any.next() {
            Some(Ok(_)) => Ok(self.taken(any.byte_offset(), Vec::new())),
            Some(Err(_)) | None => Err(self.broken()),
        }
    }

    fn taken(&mut self, length: usize, pairs: Vec<(Cow<'a, str>, &'a RawValue)>) -> Row<'a> {
        let raw = &self.text[self.at..self.at + length];
        self.at += length;
        self.count += 1;
        Row { raw, pairs }
    }

    /// Line and column where the JSON breaks off.
    fn broken(&self) -> Failure {
        match serde_json::from_str::<serde::de::IgnoredAny>(self.text) {
            Err(error) => place(&error),
            Ok(_) => Failure::surprise("$"),
        }
    }
}

impl<'a> Iterator for Rows<'a> {
    type Item = Result<Row<'a>, Failure>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_over {
            return None;
        }
        let row = self.advance();
        self.is_over |= row.is_err();
        row.transpose()
    }
}

#[cfg(test)]
mod tests {
    use model::{Reason, Why};

    use super::*;

    fn rows(text: &str) -> Result<Vec<String>, Failure> {
        let page = Page::of_text(text)?;
        page.rows()?.map(|row| row.map(|row| row.raw.to_owned())).collect()
    }

    #[test]
    fn every_shape_of_a_list_is_read() {
        let check = |text: &str, expected: &[&str]| assert_eq!(rows(text).unwrap(), expected, "{text}");
        check(r#"[{"ID":"1"},{"ID":"2"}]"#, &[r#"{"ID":"1"}"#, r#"{"ID":"2"}"#]);
        check(
            "[ {\"ID\":\"1\" } ,\r\n\t[1,{}],null , \"a\" ,-1.5e+3 ]",
            &["{\"ID\":\"1\" }", "[1,{}]", "null", "\"a\"", "-1.5e+3"],
        );
        check("[]", &[]);
        check("[ ]", &[]);
        check(r#"{"ID":"1", "x" : 12345678901234567890}"#, &[r#"{"ID":"1", "x" : 12345678901234567890}"#]);
        check(r#""[{\"ID\":\"1\"}]""#, &[r#"{"ID":"1"}"#]);
        check(r#"{"d":[{"ID":"1"}]}"#, &[r#"{"ID":"1"}"#]);
        check(r#"{"d":"[{\"ID\":1}]","__type":"x"}"#, &[r#"{"ID":1}"#]);
        check(r#"{"GetContainmentLineResult":[{"ID":"1"}]}"#, &[r#"{"ID":"1"}"#]);
        check(r#"{"d":null}"#, &[]);
        check("null", &[]);
        check("", &[]);
        check(" \r\n", &[]);
        check("\u{feff}[{\"ID\":1}]", &[r#"{"ID":1}"#]);
        check("\u{feff}", &[]);
        check(r#"[{"\ud800":1,"ID":"1"}]"#, &[r#"{"\ud800":1,"ID":"1"}"#]);
    }

    #[test]
    fn what_is_no_list_is_said_with_its_place() {
        let check = |text: &str, expected: Failure| assert_eq!(rows(text), Err(expected), "{text}");
        check("<html></html>", Failure::Surprise(Why::new(Reason::HtmlInstead, "")));
        check(r#"[{"ID":"1"},{"ID""#, Failure::surprise("line 1 column 17"));
        check(r#"[{"ID":"1"} {"ID":"2"}]"#, Failure::surprise("line 1 column 13"));
        check(r#"[{"ID":"1"},]"#, Failure::surprise("line 1 column 13"));
        check(r#"[{"ID":"1"}] x"#, Failure::surprise("line 1 column 14"));
        check(r#"[{"ID":"1"}"#, Failure::surprise("line 1 column 11"));
        check("nothing", Failure::surprise("$"));
        check("42", Failure::surprise("$"));
        check(r#"{"d":{"d":{"d":{"d":[]}}}}"#, Failure::surprise("$"));
        let page = Page::of_text("[1,x,2]").unwrap();
        assert_eq!(page.rows().unwrap().map(|row| row.is_ok()).collect::<Vec<_>>(), [true, false], "it ends there");
        let refused = Failure::Refused(Why::new(Reason::SystemRefused, "異常終了"));
        check(r#"{"result":"False","msg":"異常終了"}"#, refused);
    }

    #[test]
    fn a_list_is_read_on_from_where_it_was_left() {
        for text in [r#"[{"ID":1},{"ID":2} , {"ID":3}]"#, "[]", r#"{"ID":1}"#, ""] {
            let mut page = Page::of_text(text).unwrap();
            let mut found = Vec::new();
            loop {
                let mut rows = page.rows().unwrap();
                let Some(row) = rows.next() else { break };
                found.push(row.unwrap().raw.to_owned());
                let mark = rows.mark();
                page.go_on_from(mark);
            }
            assert_eq!(found, rows(text).unwrap(), "{text}");
            assert_eq!(page.count(), found.len());
        }
    }
}
