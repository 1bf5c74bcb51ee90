//! Workbooks, row by row with a flat memory: real numbers and dates, text never computed, a head that stays in view.

use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use crate::file::NewFile;
use crate::{Cell, Error, Moment, Written};

/// Rows that a sheet takes, its head among them.
const SHEET_ROWS: u32 = 1_048_576;
/// Letters that a cell takes, in UTF-16 units or more.
const CELL_LETTERS: usize = 32_767;

impl From<XlsxError> for Error {
    fn from(error: XlsxError) -> Self {
        if let XlsxError::IoError(error) = error {
            return Self::Io(error);
        }
        Self::Io(std::io::Error::other(error.to_string()))
    }
}

pub(crate) struct Writer {
    file: NewFile,
    book: Workbook,
    head: Vec<String>,
    date: Format,
    /// Rows that a sheet takes.
    room: u32,
    sheet: usize,
    /// The next row of the sheet.
    row: u32,
    replaced: u64,
}

impl Writer {
    pub(crate) fn new(file: NewFile, head: &[&str]) -> Result<Self, Error> {
        Self::with_room(file, head, SHEET_ROWS)
    }

    fn with_room(file: NewFile, head: &[&str], room: u32) -> Result<Self, Error> {
        let date = Format::new().set_num_format("yyyy-mm-dd hh:mm:ss");
        let head = head.iter().map(|&it| it.to_owned()).collect();
        let mut writer = Self { file, book: Workbook::new(), head, date, room, sheet: 0, row: 0, replaced: 0 };
        writer.begin_sheet()?;
        Ok(writer)
    }

    fn begin_sheet(&mut self) -> Result<(), Error> {
        let bold = Format::new().set_bold();
        let sheet = self.book.add_worksheet_with_constant_memory()?;
        sheet.set_freeze_panes(1, 0)?;
        for (column, heading) in (0..).zip(&self.head) {
            sheet.write_string_with_format(0, column, heading, &bold)?;
        }
        self.row = 1;
        Ok(())
    }

    fn end_sheet(&mut self) -> Result<(), Error> {
        let last = u16::try_from(self.head.len().saturating_sub(1)).unwrap_or_default();
        self.book.worksheet_from_index(self.sheet)?.autofilter(0, 0, self.row - 1, last)?;
        Ok(())
    }

    pub(crate) fn row(&mut self, cells: &[Cell<'_>]) -> Result<(), Error> {
        if self.row == self.room {
            self.end_sheet()?;
            self.sheet += 1;
            self.begin_sheet()?;
        }
        let sheet = self.book.worksheet_from_index(self.sheet)?;
        for (column, cell) in (0..).zip(cells) {
            self.replaced += u64::from(!put(sheet, self.row, column, cell, &self.date)?);
        }
        self.row += 1;
        Ok(())
    }

    pub(crate) fn finish(mut self) -> Result<Written, Error> {
        self.end_sheet()?;
        self.book.save_to_writer(self.file.file())?;
        Ok(Written { replaced: self.replaced, path: self.file.finish()? })
    }
}

/// Writes a cell; whether all of it is there.
fn put(sheet: &mut Worksheet, row: u32, column: u16, cell: &Cell<'_>, date: &Format) -> Result<bool, XlsxError> {
    match cell {
        Cell::Empty | Cell::Text("") => {}
        Cell::Number(number) => drop(sheet.write_number(row, column, *number)?),
        Cell::Moment(moment) => match excel(*moment) {
            Some(time) => drop(sheet.write_datetime_with_format(row, column, time, date)?),
            None => drop(sheet.write_string(row, column, moment.to_string())?),
        },
        Cell::Text(text)
            if text.len() > CELL_LETTERS && text.chars().map(char::len_utf16).sum::<usize>() > CELL_LETTERS =>
        {
            let mut left = CELL_LETTERS;
            let fits = |c: &char| left.checked_sub(c.len_utf16()).map(|it| left = it).is_some();
            let short: String = text.chars().take_while(fits).collect();
            sheet.write_string(row, column, short)?;
            return Ok(false);
        }
        Cell::Text(text) => drop(sheet.write_string(row, column, *text)?),
    }
    Ok(true)
}

fn excel(moment: Moment) -> Option<ExcelDateTime> {
    let part = |it: u32| u8::try_from(it).ok();
    let date =
        ExcelDateTime::from_ymd(u16::try_from(moment.year).ok()?, part(moment.month)?, part(moment.day)?).ok()?;
    date.and_hms(u16::try_from(moment.hour).ok()?, part(moment.minute)?, f64::from(moment.second.min(59))).ok()
}

#[cfg(test)]
mod tests {
    use calamine::{Data, DataType, Reader};

    use super::*;

    #[test]
    fn a_full_sheet_is_followed_by_another_and_a_long_cell_is_counted() {
        let folder = tempfile::tempdir().unwrap();
        let file = NewFile::create(folder.path(), "a.xlsx").unwrap();
        let mut writer = Writer::with_room(file, &["a", "b"], 3).unwrap();
        let moment = Moment { year: 2026, month: 10, day: 14, hour: 9, minute: 5, second: 60 };
        for _ in 0..5 {
            writer.row(&[Cell::Text("+81355500142"), Cell::Moment(moment)]).unwrap();
        }
        writer.row(&[Cell::Text(&"é".repeat(40_000)), Cell::Number(1)]).unwrap();
        assert_eq!(writer.sheet, 2);
        let written = writer.finish().unwrap();
        assert_eq!(written.replaced, 1);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);

        let mut book: calamine::Xlsx<_> = calamine::open_workbook(&written.path).unwrap();
        let rows: Vec<usize> = book.worksheets().iter().map(|(_, sheet)| sheet.height()).collect();
        assert_eq!(rows, [3, 3, 3], "each with its head");
        let last = book.worksheets().pop().unwrap().1;
        assert_eq!(last.get((0, 1)).and_then(Data::get_string), Some("b"));
        assert_eq!(last.get((2, 0)).and_then(Data::get_string).map(|it| it.chars().count()), Some(CELL_LETTERS));
    }

    /// Read by a reader that has nothing to do with the writer.
    #[test]
    fn what_is_in_a_workbook_is_what_was_written() {
        let texts =
            ["+81355500142", "=1+1", "@SUM(A1)", " 前後 ", "改行\nと\tタブ", "😀 & <b>\"'", "007", "1e5", "_x0041_"];
        let folder = tempfile::tempdir().unwrap();
        let file = NewFile::create(folder.path(), "a.xlsx").unwrap();
        let mut writer = Writer::new(file, &["文字", "数", "時刻", "なし"]).unwrap();
        let moment = Moment { year: 2026, month: 10, day: 14, hour: 9, minute: 5, second: 7 };
        for (at, text) in (0..).zip(texts) {
            writer.row(&[Cell::Text(text), Cell::Number(at), Cell::Moment(moment), Cell::Empty]).unwrap();
        }
        let written = writer.finish().unwrap();

        let mut book: calamine::Xlsx<_> = calamine::open_workbook(&written.path).unwrap();
        let (name, sheet) = book.worksheets().pop().unwrap();
        let formulas = book.worksheet_formula(&name).unwrap();
        assert!(formulas.used_cells().next().is_none(), "nothing is computed");
        let head: Vec<_> = sheet.rows().next().unwrap().iter().filter_map(Data::get_string).collect();
        assert_eq!(head, ["文字", "数", "時刻", "なし"]);
        for ((at, text), row) in (0_u32..).zip(texts).zip(sheet.rows().skip(1)) {
            assert_eq!(row[0].get_string(), Some(text));
            assert_eq!(row[1].get_float(), Some(f64::from(at)));
            let time = row[2].get_datetime().unwrap().to_ymd_hms_milli();
            assert_eq!(time, (2026, 10, 14, 9, 5, 7, 0));
            assert_eq!(row[3], Data::Empty);
        }
        assert_eq!(sheet.height(), texts.len() + 1);
    }
}
