//! Lists written to files: what is asked for, how far it is, and what came of it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::call::CallFilter;

/// A list of calls to be written to a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct CallExport {
    /// Which calls.
    pub filter: CallFilter,
    /// What kind of file.
    pub format: FileFormat,
    /// How a CSV file writes its letters; a workbook has its own way.
    pub encoding: TextEncoding,
    /// Name of the file, without folder; its ending is added where it is missing. A file that is there already is left alone,
    /// and the new one gets a number.
    pub name: String,
    /// Whether all but the last four digits of outside numbers are hidden.
    pub hides_numbers: bool,
    /// The columns in their order, each with its heading.
    pub columns: Vec<ExportColumn>,
    /// What stands for a code such as `answered` or `inbound`; the code itself where nothing is given.
    pub words: BTreeMap<String, String>,
}

/// One column of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct ExportColumn {
    /// What it holds.
    pub column: CallColumn,
    /// The words above it.
    pub heading: String,
}

/// What a column of calls can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum CallColumn {
    /// When it began, in this computer's zone.
    Time,
    /// What became of it.
    Outcome,
    /// Which way.
    Direction,
    /// Every connection that recorded it.
    Connections,
    /// Name of the customer, or the one that came along.
    Caller,
    /// Company of the customer.
    Company,
    /// The outside number as it is shown.
    Number,
    /// The outside number in its international form.
    International,
    /// The called line or queue.
    Line,
    /// Colleagues who spoke.
    Spoke,
    /// Colleagues it rang at.
    Rang,
    /// Whole seconds.
    Seconds,
    /// The note.
    Note,
    /// Id here.
    Id,
}

/// A kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum FileFormat {
    /// Comma-separated text.
    Csv,
    /// A workbook.
    Xlsx,
}

/// How text is written as bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub enum TextEncoding {
    /// UTF-8 with the mark that Excel needs.
    #[serde(rename = "utf-8-bom")]
    Utf8Bom,
    /// UTF-8.
    #[serde(rename = "utf-8")]
    Utf8,
    /// The Japanese Windows code page; what it cannot write becomes `?` and is counted.
    #[serde(rename = "cp932")]
    Cp932,
}

/// How far an export is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct ExportProgress {
    /// Rows written.
    #[ts(type = "number")]
    pub rows: u64,
    /// Rows there will be.
    #[ts(type = "number")]
    pub total: u64,
}

/// A file that was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Exported {
    /// Rows, without the headings.
    #[ts(type = "number")]
    pub rows: u64,
    /// The whole path.
    pub file: String,
    /// Cells with a letter that the encoding cannot write.
    #[ts(type = "number")]
    pub replaced: u64,
}
