//! Files of many messages: what kind they are, what their columns mean, and their rows with the lines where they begin.

use model::bulk::{BulkColumn, BulkEncoding, BulkFile, BulkFileRow, BulkFormat, BulkMeaning, BulkUnreadable};
use model::message::{Letter, Recipient};
use model::ports::Batches;
use model::{Failure, Reason};

use super::template::folded;

/// The most rows that are shown of a file before it is planned.
const SHOWN: usize = 200;

/// A file as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Table {
    pub(crate) format: BulkFormat,
    pub(crate) encoding: BulkEncoding,
    pub(crate) columns: Vec<BulkColumn>,
    pub(crate) rows: Vec<Line>,
}

/// A row of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) line: u32,
    /// What stands in each column, or why that cannot be told.
    pub(crate) cells: Result<Vec<String>, String>,
}

impl Table {
    /// Reads a file. `batches` reads the lists of messages that a system documents.
    ///
    /// # Errors
    /// [`Failure::Invalid`] for what is no table and no list; the words say where.
    pub(crate) fn read(bytes: &[u8], batches: Option<&dyn Batches>) -> Result<Self, Failure> {
        let unusable = |it: sheet::Unreadable| Failure::invalid(Reason::NotUsable, it.to_string());
        let (text, letters) = sheet::decoded(bytes).map_err(unusable)?;
        let encoding = match letters {
            sheet::Letters::Utf8 => BulkEncoding::Utf8,
            sheet::Letters::Utf8Bom => BulkEncoding::Utf8Bom,
            sheet::Letters::Utf16 => BulkEncoding::Utf16,
            sheet::Letters::Cp932 => BulkEncoding::Cp932,
        };
        if is_list(&text) {
            let batches = batches.ok_or_else(|| Failure::invalid(Reason::NotOffered, "messages.json"))?;
            return Self::of_list(&text, encoding, batches);
        }
        let table = sheet::Rows::of_text(&text).map_err(unusable)?;
        let named = |name: &String| BulkColumn { name: name.trim().to_owned(), meaning: meaning(name) };
        let columns: Vec<BulkColumn> = table.head.iter().map(named).collect();
        let line = |line: u64| u32::try_from(line).unwrap_or(u32::MAX);
        let is_empty = |row: &sheet::Row| row.cells.iter().all(|cell| cell.trim().is_empty());
        let whole = table.rows.into_iter().filter(|row| !is_empty(row));
        let mut rows: Vec<Line> = whole.map(|row| Line { line: line(row.line), cells: Ok(row.cells) }).collect();
        rows.extend(table.ragged.iter().map(|it| Line {
            line: line(it.line),
            cells: Err(format!("{} cells instead of {}", it.cells, columns.len())),
        }));
        rows.sort_by_key(|row| row.line);
        Ok(Self { format: BulkFormat::Csv, encoding, columns, rows })
    }

    fn of_list(text: &str, encoding: BulkEncoding, batches: &dyn Batches) -> Result<Self, Failure> {
        let column = |name: &str, meaning| BulkColumn { name: name.to_owned(), meaning };
        let columns = vec![
            column("users", BulkMeaning::People),
            column("send", BulkMeaning::Room),
            column("message", BulkMeaning::Text),
        ];
        let read = batches.read(text)?.into_iter();
        let rows = read.map(|it| Line { line: it.line, cells: it.letter.map(|letter| cells(&letter)) }).collect();
        Ok(Self { format: BulkFormat::Messages, encoding, columns, rows })
    }

    /// What is shown of it before it is planned.
    pub(crate) fn shown(&self) -> BulkFile {
        let rows = self
            .rows
            .iter()
            .filter_map(|it| it.cells.as_ref().ok().map(|cells| BulkFileRow { line: it.line, cells: cells.clone() }));
        let unreadable = self.rows.iter().filter_map(|it| {
            it.cells.as_ref().err().map(|words| BulkUnreadable { line: it.line, words: words.clone() })
        });
        BulkFile {
            format: self.format,
            encoding: self.encoding,
            columns: self.columns.clone(),
            total: u32::try_from(self.rows.len()).unwrap_or(u32::MAX),
            rows: rows.take(SHOWN).collect(),
            unreadable: unreadable.take(SHOWN).collect(),
        }
    }

    /// Checks that the columns can be meant: one for each thing, and one that says to whom.
    ///
    /// # Errors
    /// [`Failure::Invalid`] with the name of the column.
    pub(crate) fn check(&self, has_text: bool) -> Result<(), Failure> {
        for meaning in [BulkMeaning::People, BulkMeaning::Room, BulkMeaning::Text] {
            if let Some(second) = self.columns.iter().filter(|it| it.meaning == meaning).nth(1) {
                return Err(Failure::invalid(Reason::NotUsable, second.name.clone()));
            }
        }
        let has = |meaning| self.columns.iter().any(|it| it.meaning == meaning);
        if !has(BulkMeaning::People) && !has(BulkMeaning::Room) {
            return Err(Failure::invalid(Reason::Missing, "to"));
        }
        if !has(BulkMeaning::Text) && !has_text {
            return Err(Failure::invalid(Reason::Missing, "message"));
        }
        if self.rows.is_empty() {
            return Err(Failure::invalid(Reason::Missing, "rows"));
        }
        Ok(())
    }

    /// What stands in the column of a meaning.
    pub(crate) fn cell<'a>(&self, cells: &'a [String], meaning: BulkMeaning) -> &'a str {
        let place = self.columns.iter().position(|it| it.meaning == meaning);
        place.and_then(|at| cells.get(at)).map_or("", |cell| cell.trim())
    }
}

/// Whether a text is a list of messages and no table: it begins with a bracket, perhaps behind the name of its form field.
fn is_list(text: &str) -> bool {
    let text = text.trim_start();
    let body = text.strip_prefix("messages").map(str::trim_start).and_then(|rest| rest.strip_prefix('='));
    let body = body.unwrap_or(text).trim_start();
    body.starts_with(['[', '{']) || body.get(..3).is_some_and(|it| matches!(&*it.to_ascii_lowercase(), "%5b" | "%7b"))
}

fn cells(letter: &Letter) -> Vec<String> {
    let (users, room) = match &letter.to {
        Recipient::People(people) => (people.join(","), String::new()),
        Recipient::Room(room) => (letter.mentions.join(","), room.clone()),
    };
    vec![users, room, letter.text.clone()]
}

fn meaning(name: &str) -> BulkMeaning {
    match &*folded(name) {
        "to" | "users" => BulkMeaning::People,
        "room" | "send" => BulkMeaning::Room,
        "message" | "text" => BulkMeaning::Text,
        _ => BulkMeaning::Field,
    }
}

/// Addresses joined by commas.
pub(crate) fn addresses(cell: &str) -> Vec<String> {
    cell.split([',', ';']).map(str::trim).filter(|it| !it.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Table {
        Table::read(bytes, None).unwrap()
    }

    #[test]
    fn columns_are_understood_in_any_case_and_all_others_are_fields() {
        let table = read("To,ROOM, Message ,名前\r\na@example.jp,,やあ {{名前}},西村\r\n\r\nb\r\n".as_bytes());
        let meanings: Vec<_> = table.columns.iter().map(|it| (it.name.as_str(), it.meaning)).collect();
        assert_eq!(
            meanings,
            [
                ("To", BulkMeaning::People),
                ("ROOM", BulkMeaning::Room),
                ("Message", BulkMeaning::Text),
                ("名前", BulkMeaning::Field)
            ]
        );
        assert_eq!(table.rows[1], Line { line: 4, cells: Err("1 cells instead of 4".into()) });
        let shown = table.shown();
        assert_eq!((shown.total, shown.rows.len(), shown.unreadable[0].line), (2, 1, 4));
    }

    #[test]
    fn every_encoding_of_an_office_is_read() {
        let text = "users,text\r\na@example.jp,髙橋\r\n";
        let cell = |table: &Table| table.rows[0].cells.as_ref().unwrap()[1].clone();
        let mut utf16 = vec![0xFF, 0xFE];
        utf16.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
        let cp932 = b"users,text\r\na@example.jp,\xFB\xFC\x8B\xB4\r\n".to_vec();
        for (bytes, encoding) in [
            (text.as_bytes().to_vec(), BulkEncoding::Utf8),
            (format!("\u{feff}{text}").into_bytes(), BulkEncoding::Utf8Bom),
            (utf16, BulkEncoding::Utf16),
            (cp932, BulkEncoding::Cp932),
        ] {
            let table = read(&bytes);
            assert_eq!((cell(&table).as_str(), table.encoding), ("髙橋", encoding));
        }
    }

    #[test]
    fn what_cannot_be_meant_is_refused() {
        let check = |text: &str, reason: Reason, words: &str| {
            let outcome = Table::read(text.as_bytes(), None).and_then(|it| it.check(false));
            assert_eq!(outcome, Err(Failure::invalid(reason, words)), "{text}");
        };
        check("name,text\nA,b", Reason::Missing, "to");
        check("to,name\na,b", Reason::Missing, "message");
        check("to,Users,text\na,b,c", Reason::NotUsable, "Users");
        check("to,text\n", Reason::Missing, "rows");
        check("to,text\n\"a,b", Reason::NotUsable, "line 2: a quotation never ends");
        check("messages=[]", Reason::NotOffered, "messages.json");
        check("\u{feff}[{}]", Reason::NotOffered, "messages.json");
    }
}
