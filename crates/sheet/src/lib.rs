//! Tables and other files, written whole or not at all: CSV and workbooks, and CSV read again. It knows nothing of what a row means.

mod csv;
mod file;
mod read;
mod xlsx;

use std::path::{Path, PathBuf};

pub use csv::Encoding;
use file::NewFile;
pub use file::{Written, check_name};
pub use read::{Letters, Ragged, Row, Rows, Unreadable, decoded, folded};

/// Writes bytes as a file called `name` in `folder`: whole or not at all. A file that is there is left alone, and the new one gets a number.
///
/// # Errors
/// [`Error::Name`] before anything is written; a folder that cannot be written.
pub fn write_whole(folder: &Path, name: &str, bytes: &[u8]) -> Result<PathBuf, Error> {
    let mut file = NewFile::create(folder, name)?;
    file.write(bytes)?;
    file.finish()
}

/// Why a table was not written. No file is left then.
#[derive(Debug)]
pub enum Error {
    /// The name cannot be a file's name on every computer.
    Name,
    /// The folder cannot be written, the disk is full, or a workbook's own limit was met.
    Io(std::io::Error),
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Name => f.write_str("this cannot be the name of a file"),
            Self::Io(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Error {}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        Self::Io(error)
    }
}

/// A date and a time of day as a clock on the wall shows them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// Year, 1900 to 9999; others are written as text.
    pub year: i32,
    /// Month from 1.
    pub month: u32,
    /// Day from 1.
    pub day: u32,
    /// Hour from 0.
    pub hour: u32,
    /// Minute.
    pub minute: u32,
    /// Second; 60 is written as 59.
    pub second: u32,
}

impl std::fmt::Display for Moment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { year, month, day, hour, minute, second } = self;
        write!(f, "{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
    }
}

/// What stands in a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cell<'a> {
    /// Nothing.
    Empty,
    /// Text; a telephone number is text too.
    Text(&'a str),
    /// A whole number.
    Number(u32),
    /// A date with its time.
    Moment(Moment),
}

enum Kind {
    Csv(csv::Writer),
    Xlsx(Box<xlsx::Writer>),
}

/// A table that is being written. Dropped before [`Table::finish`], it leaves no file.
pub struct Table(Kind);

impl Table {
    /// A CSV file (RFC 4180, `CRLF`) called `name` in `folder`.
    ///
    /// # Errors
    /// [`Error::Name`] before anything is written; a folder that cannot be written.
    pub fn csv(folder: &Path, name: &str, encoding: Encoding, head: &[&str]) -> Result<Self, Error> {
        let writer = csv::Writer::new(NewFile::create(folder, name)?, encoding, head)?;
        Ok(Self(Kind::Csv(writer)))
    }

    /// A workbook called `name` in `folder`, with a further sheet wherever one is full.
    ///
    /// # Errors
    /// As [`Table::csv`].
    pub fn xlsx(folder: &Path, name: &str, head: &[&str]) -> Result<Self, Error> {
        let writer = xlsx::Writer::new(NewFile::create(folder, name)?, head)?;
        Ok(Self(Kind::Xlsx(Box::new(writer))))
    }

    /// Writes one row.
    ///
    /// # Errors
    /// A disk that gives way.
    pub fn row(&mut self, cells: &[Cell<'_>]) -> Result<(), Error> {
        match &mut self.0 {
            Kind::Csv(writer) => writer.row(cells),
            Kind::Xlsx(writer) => writer.row(cells),
        }
    }

    /// Puts the file in its place. One that is there is left alone, and the new one gets a number.
    ///
    /// # Errors
    /// A disk that gives way.
    pub fn finish(self) -> Result<Written, Error> {
        match self.0 {
            Kind::Csv(writer) => writer.finish(),
            Kind::Xlsx(writer) => writer.finish(),
        }
    }
}
