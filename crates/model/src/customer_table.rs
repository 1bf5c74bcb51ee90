//! A table of customers from a file, on its way into an address book; and an address book on its way into a file.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::ConnectionId;
use crate::bulk::BulkEncoding;
use crate::customer::{Customer, NewCustomer};
use crate::export::{FileFormat, TextEncoding};
use crate::failure::Problem;

/// What a column of a table of customers holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum CustomerColumn {
    /// Name.
    Name,
    /// Reading of the name.
    Kana,
    /// Company.
    Company,
    /// The main number.
    Number,
    /// A further number.
    Number2,
    /// A further number.
    Number3,
    /// A further number.
    Number4,
    /// A further number.
    Number5,
    /// A further number.
    Number6,
    /// E-mail address.
    Email,
    /// Postal address.
    Address,
    /// Remarks.
    Note,
}

impl CustomerColumn {
    /// All of them, in the order in which they are written.
    pub const ALL: [Self; 12] = [
        Self::Name,
        Self::Kana,
        Self::Company,
        Self::Number,
        Self::Number2,
        Self::Number3,
        Self::Number4,
        Self::Number5,
        Self::Number6,
        Self::Email,
        Self::Address,
        Self::Note,
    ];

    /// As it stands in JSON.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Kana => "kana",
            Self::Company => "company",
            Self::Number => "number",
            Self::Number2 => "number2",
            Self::Number3 => "number3",
            Self::Number4 => "number4",
            Self::Number5 => "number5",
            Self::Number6 => "number6",
            Self::Email => "email",
            Self::Address => "address",
            Self::Note => "note",
        }
    }

    /// Which of the numbers it holds, from 0; nothing where it holds none.
    #[must_use]
    pub fn number(self) -> Option<usize> {
        match self {
            Self::Number => Some(0),
            Self::Number2 => Some(1),
            Self::Number3 => Some(2),
            Self::Number4 => Some(3),
            Self::Number5 => Some(4),
            Self::Number6 => Some(5),
            Self::Name | Self::Kana | Self::Company | Self::Email | Self::Address | Self::Note => None,
        }
    }
}

/// A file before it is looked through.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct CustomerTable {
    /// Its columns, in their order.
    pub columns: Vec<CustomerTableColumn>,
    /// How its letters are written.
    pub encoding: BulkEncoding,
    /// How many rows it has, those that cannot be read among them.
    pub total: u32,
}

/// A column of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct CustomerTableColumn {
    /// Its heading as it is written.
    pub name: String,
    /// What it holds, as far as its heading says so.
    pub means: Option<CustomerColumn>,
    /// What stands in the first rows, where something does.
    pub samples: Vec<String>,
}

/// What would become of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum CustomerRowState {
    /// It would be added.
    New,
    /// A number of it is in the address book already.
    Known,
    /// A number of it stands in an earlier row.
    Double,
    /// It cannot be used.
    Bad,
}

/// A row of a file, looked through.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct CustomerRow {
    /// The line where it begins, counted from 1.
    #[ts(type = "number")]
    pub line: u64,
    /// What it says; empty where it cannot be read.
    pub customer: NewCustomer,
    /// What would become of it.
    pub state: CustomerRowState,
    /// Whose number it is in the address book.
    pub known: Vec<Customer>,
    /// What it says otherwise than the address book, where it is one customer there.
    pub differences: Vec<CustomerDifference>,
    /// The line of the earlier row with the same number.
    #[ts(type = "number | null")]
    pub same_as: Option<u64>,
    /// Why it cannot be used.
    pub problem: Option<Problem>,
}

/// One thing that a row says otherwise than the address book.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct CustomerDifference {
    /// What it is about.
    pub column: CustomerColumn,
    /// What the address book says; empty where it says nothing.
    pub there: String,
    /// What the row says.
    pub here: String,
}

/// Customers to be written to a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct CustomerExport {
    /// Only of this connection.
    pub connection: Option<ConnectionId>,
    /// Only those whose name, reading, company, address or number holds this text; empty for all.
    pub search: String,
    /// What kind of file.
    pub format: FileFormat,
    /// How a CSV file writes its letters.
    pub encoding: TextEncoding,
    /// Name of the file, without folder; its ending is added where it is missing.
    pub name: String,
    /// What stands above a column, by its code; the code where nothing is given.
    pub words: BTreeMap<String, String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_the_json_and_numbers_count_from_the_first() {
        for column in CustomerColumn::ALL {
            assert_eq!(serde_json::to_value(column).unwrap(), column.code());
        }
        let numbers: Vec<usize> = CustomerColumn::ALL.iter().filter_map(|it| it.number()).collect();
        assert_eq!(numbers, [0, 1, 2, 3, 4, 5]);
    }
}
