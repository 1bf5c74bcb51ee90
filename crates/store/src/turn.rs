//! Whose turn a long piece of work is, among all programs that work on this folder. A program that ends in any way gives its turn
//! back at once, because the operating system knows when it is gone.

use std::fs::{File, TryLockError};
use std::path::Path;

use model::Failure;

use crate::Store;
use crate::error::broken;

/// A turn, for as long as this lives.
#[derive(Debug)]
pub struct Turn {
    _file: File,
}

impl Store {
    /// Takes the turn of a name, made of letters, digits and hyphens; `None` while another has it.
    ///
    /// # Errors
    /// [`model::Reason::StoreBroken`] where the folder cannot be written.
    pub fn turn(&self, name: &str) -> Result<Option<Turn>, Failure> {
        take(&self.folder().join(format!("{name}.lock")))
    }
}

fn take(path: &Path) -> Result<Option<Turn>, Failure> {
    let file = File::options().create(true).truncate(false).write(true).open(path);
    let file = file.map_err(|error| broken(error.kind().to_string()))?;
    match file.try_lock() {
        Ok(()) => Ok(Some(Turn { _file: file })),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(broken(error.kind().to_string())),
    }
}
