//! A table of customers from a file: which column means what, and which rows cannot be read.

use std::collections::BTreeSet;

use model::bulk::BulkEncoding;
use model::customer::NewCustomer;
use model::customer_table::{CustomerColumn, CustomerTable, CustomerTableColumn};
use model::failure::Problem;
use model::{Failure, Reason};

/// Names of columns, folded.
const COLUMNS: &[(CustomerColumn, &[&str])] = &[
    (CustomerColumn::Name, &["name", "名前", "氏名", "お名前", "顧客名"]),
    (CustomerColumn::Kana, &["kana", "フリガナ", "ふりがな"]),
    (CustomerColumn::Company, &["company", "会社", "会社名"]),
    (CustomerColumn::Number, &["number", "電話番号", "電話番号1", "tel1"]),
    (CustomerColumn::Number2, &["number2", "電話番号2", "tel2"]),
    (CustomerColumn::Number3, &["number3", "電話番号3", "tel3"]),
    (CustomerColumn::Number4, &["number4", "電話番号4", "tel4"]),
    (CustomerColumn::Number5, &["number5", "電話番号5", "tel5"]),
    (CustomerColumn::Number6, &["number6", "電話番号6", "tel6"]),
    (CustomerColumn::Email, &["email", "e-mail", "メール", "メールアドレス"]),
    (CustomerColumn::Address, &["address", "住所"]),
    (CustomerColumn::Note, &["note", "備考"]),
];

/// Cells of a column that are shown before it is looked through.
const SAMPLES: usize = 3;

/// A table of customers as it was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CustomerFile {
    /// Each customer with the line where its row begins, counted from 1.
    pub customers: Vec<(u64, NewCustomer)>,
    /// Rows that have not as many cells as the head, by their line.
    pub bad: Vec<(u64, Problem)>,
    /// Columns that mean nothing here, as they are written; what stands in them was left out.
    pub unknown: Vec<String>,
}

impl CustomerFile {
    /// Reads a CSV file by the names of its columns. Empty cells are nothing, and empty rows are none. Whether a customer can be used
    /// is not looked at.
    ///
    /// # Errors
    /// [`Failure::Invalid`] for bytes that are no table, without a column for the name, or with two columns for one thing; the
    /// words say which.
    pub fn read(bytes: &[u8]) -> Result<Self, Failure> {
        let table = rows(bytes)?;
        let columns: Vec<Option<CustomerColumn>> = table.head.iter().map(|name| column(name)).collect();
        Self::of(&table, &columns)
    }

    /// As [`CustomerFile::read`], with what a person said of each column; nothing for one that is left out.
    ///
    /// # Errors
    /// As [`CustomerFile::read`]; for another number of columns than the file has.
    pub fn read_as(bytes: &[u8], columns: &[Option<CustomerColumn>]) -> Result<Self, Failure> {
        let table = rows(bytes)?;
        if columns.len() != table.head.len() {
            return Err(Failure::invalid(Reason::NotUsable, "columns"));
        }
        Self::of(&table, columns)
    }

    fn of(table: &sheet::Rows, columns: &[Option<CustomerColumn>]) -> Result<Self, Failure> {
        for (place, column) in columns.iter().enumerate() {
            if column.is_some() && columns[..place].contains(column) {
                return Err(Failure::invalid(Reason::NotUsable, table.head[place].trim()));
            }
        }
        if !columns.contains(&Some(CustomerColumn::Name)) {
            return Err(Failure::invalid(Reason::Missing, "name"));
        }
        let named = table.head.iter().zip(columns);
        let unknown = named.filter(|(_, column)| column.is_none()).map(|(name, _)| name.trim().to_owned()).collect();
        let ragged = |it: &sheet::Ragged| {
            let words = format!("{} cells instead of {}", it.cells, columns.len());
            (it.line, Problem::from(&Failure::invalid(Reason::NotUsable, words)))
        };
        let is_empty = |row: &&sheet::Row| row.cells.iter().all(|cell| cell.trim().is_empty());
        Ok(Self {
            customers: table
                .rows
                .iter()
                .filter(|row| !is_empty(row))
                .map(|row| (row.line, customer(columns, row)))
                .collect(),
            bad: table.ragged.iter().map(ragged).collect(),
            unknown,
        })
    }
}

/// What a file holds, before anybody said what its columns mean.
///
/// # Errors
/// [`Failure::Invalid`] for bytes that are no table; the words say why.
pub(crate) fn table(bytes: &[u8]) -> Result<CustomerTable, Failure> {
    let (text, letters) = sheet::decoded(bytes).map_err(unreadable)?;
    let table = sheet::Rows::of_text(&text).map_err(unreadable)?;
    let mut taken = BTreeSet::new();
    let columns = table.head.iter().enumerate().map(|(place, name)| {
        let cells = table.rows.iter().filter_map(|row| row.cells.get(place)).map(|cell| cell.trim());
        CustomerTableColumn {
            name: name.trim().to_owned(),
            // Of two columns for one thing a person chooses.
            means: column(name).filter(|means| taken.insert(*means)),
            samples: cells.filter(|cell| !cell.is_empty()).take(SAMPLES).map(str::to_owned).collect(),
        }
    });
    Ok(CustomerTable {
        columns: columns.collect(),
        encoding: match letters {
            sheet::Letters::Utf8 => BulkEncoding::Utf8,
            sheet::Letters::Utf8Bom => BulkEncoding::Utf8Bom,
            sheet::Letters::Utf16 => BulkEncoding::Utf16,
            sheet::Letters::Cp932 => BulkEncoding::Cp932,
        },
        total: u32::try_from(table.rows.len() + table.ragged.len()).unwrap_or(u32::MAX),
    })
}

fn rows(bytes: &[u8]) -> Result<sheet::Rows, Failure> {
    let (text, _) = sheet::decoded(bytes).map_err(unreadable)?;
    sheet::Rows::of_text(&text).map_err(unreadable)
}

fn unreadable(why: sheet::Unreadable) -> Failure {
    Failure::invalid(Reason::NotUsable, why.to_string())
}

fn column(name: &str) -> Option<CustomerColumn> {
    let name = sheet::folded(name);
    COLUMNS.iter().find(|(_, names)| names.contains(&name.as_str())).map(|(column, _)| *column)
}

fn customer(columns: &[Option<CustomerColumn>], row: &sheet::Row) -> NewCustomer {
    let mut new = NewCustomer::default();
    let mut numbers = Vec::new();
    let cells = columns.iter().zip(&row.cells).map(|(column, cell)| (column, cell.trim()));
    for (column, cell) in cells.filter(|(_, cell)| !cell.is_empty()) {
        let text = cell.to_owned();
        match column {
            Some(CustomerColumn::Name) => new.name = text,
            Some(CustomerColumn::Kana) => new.kana = Some(text),
            Some(CustomerColumn::Company) => new.company = Some(text),
            Some(CustomerColumn::Email) => new.email = Some(text),
            Some(CustomerColumn::Address) => new.address = Some(text),
            Some(CustomerColumn::Note) => new.note = Some(text),
            Some(number) => numbers.push((number.number(), text)),
            None => {}
        }
    }
    numbers.sort_by_key(|(place, _)| *place);
    new.numbers = numbers.into_iter().map(|(_, number)| number).collect();
    new
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_of_a_column_is_understood_and_written_as_it_is_compared() {
        for (column_of, names) in COLUMNS {
            for name in *names {
                assert_eq!(sheet::folded(name), *name);
                assert_eq!(column(&format!(" {name} ")), Some(*column_of));
            }
        }
        assert_eq!((column("ＮＡＭＥ"), column("ﾌﾘｶﾞﾅ")), (Some(CustomerColumn::Name), Some(CustomerColumn::Kana)));
        assert_eq!((column("Number 2"), column("number7")), (Some(CustomerColumn::Number2), None));
    }

    #[test]
    fn a_row_is_a_customer_with_its_line() {
        let text = "電話番号2;氏名;備考;電話番号;メール;住所;会社;ふりがな;誕生日\n\
                    090-5550-0118;林 健;\"常連\n二階\";06-5550-0118;ken@example.jp;大阪;林商店;はやし;1980\n\
                    ;;;;;;;;\n;西村;;;;;;;\n;東村\n";
        let read = CustomerFile::read(text.as_bytes()).unwrap();
        let hayashi = NewCustomer {
            name: "林 健".into(),
            kana: Some("はやし".into()),
            company: Some("林商店".into()),
            numbers: vec!["06-5550-0118".into(), "090-5550-0118".into()],
            email: Some("ken@example.jp".into()),
            address: Some("大阪".into()),
            note: Some("常連\n二階".into()),
        };
        let nishimura = NewCustomer { name: "西村".into(), ..NewCustomer::default() };
        assert_eq!(read.customers, [(2, hayashi), (5, nishimura)]);
        assert_eq!(read.unknown, ["誕生日"]);
        assert_eq!((read.bad.len(), read.bad[0].0, read.bad[0].1.words.as_str()), (1, 6, "2 cells instead of 9"));
    }

    #[test]
    fn a_table_that_cannot_be_meant_is_refused() {
        let check = |bytes: &[u8], reason: Reason, words: &str| {
            assert_eq!(CustomerFile::read(bytes), Err(Failure::invalid(reason, words)));
        };
        check("会社,電話番号\nA,1".as_bytes(), Reason::Missing, "name");
        check("名前,氏名\nA,B".as_bytes(), Reason::NotUsable, "氏名");
        check(b"name,number\n\"A,1", Reason::NotUsable, "line 2: a quotation never ends");
        check(b"", Reason::NotUsable, "no head");
        check(b"name\n\x81", Reason::NotUsable, "neither UTF-8 nor CP932");
    }
}
