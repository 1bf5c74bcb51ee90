//! What can go wrong with the database, and how the rest of the program hears of it.

use model::{Failure, Reason, Why};
use rusqlite::ErrorCode;

/// A failure inside [`crate::Store::read`] or [`crate::Store::write`]. A write that returns one leaves nothing behind.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct StoreError(#[from] Cause);

/// The causes, which name types that do not leave this crate.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Cause {
    /// The database itself.
    #[error("the database gave way")]
    Database(#[source] rusqlite::Error),
    /// A value that cannot be what this program wrote; the words name the column.
    #[error("{0} cannot be read")]
    Damaged(&'static str),
    /// Packing or unpacking a record.
    #[error("a record cannot be packed or unpacked")]
    Packing(#[source] std::io::Error),
    /// The closure ends the transaction with a failure of its own.
    #[error("{0}")]
    Stopped(Failure),
}

impl StoreError {
    /// A column holds what this program never wrote there.
    pub(crate) fn damaged(column: &'static str) -> Self {
        Self(Cause::Damaged(column))
    }

    /// Whether pages of the database are damaged.
    pub(crate) fn is_corruption(&self) -> bool {
        match &self.0 {
            Cause::Database(error) => is_corruption(error),
            Cause::Damaged(_) | Cause::Packing(_) => true,
            Cause::Stopped(_) => false,
        }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        Self(Cause::Database(error))
    }
}

impl From<std::io::Error> for StoreError {
    fn from(error: std::io::Error) -> Self {
        Self(Cause::Packing(error))
    }
}

/// Lets a closure end its transaction with a failure of its own, which the caller then receives unchanged.
impl From<Failure> for StoreError {
    fn from(failure: Failure) -> Self {
        Self(Cause::Stopped(failure))
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error.0 {
            Cause::Database(error) => broken(words(&error)),
            Cause::Damaged(column) => broken(column),
            Cause::Packing(_) => broken("a packed record"),
            Cause::Stopped(failure) => failure,
        }
    }
}

/// The failure for a data folder that cannot be used.
pub(crate) fn broken(words: impl Into<String>) -> Failure {
    Failure::Refused(Why::new(Reason::StoreBroken, words))
}

/// Whether the file is no database or has damaged pages.
pub(crate) fn is_corruption(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase))
}

/// A few words without any value of a row.
pub(crate) fn words(error: &rusqlite::Error) -> String {
    let Some(failure) = error.sqlite_error() else {
        return "a statement failed".to_owned();
    };
    if failure.extended_code == rusqlite::ffi::SQLITE_FULL {
        return "the disk is full".to_owned();
    }
    if matches!(failure.code, ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) {
        return "another program keeps the database locked".to_owned();
    }
    format!("SQLite {}: {}", failure.extended_code, rusqlite::ffi::code_to_str(failure.extended_code))
}
