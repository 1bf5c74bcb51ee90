//! A file that appears whole at its place or not at all, and never takes the place of another.

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::Error;

/// The longest name in bytes that every file system takes, with room for a number.
const LONGEST: usize = 240;
/// Where the search for a free number ends.
const MOST_NUMBERS: u32 = 10_000;

/// A file that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Where it is.
    pub path: PathBuf,
    /// Cells that lost a letter: the encoding cannot write it, or the cell takes no more.
    pub replaced: u64,
}

/// Whether a name can be a file's name on every computer: no folder in it, nothing that Windows keeps for itself.
///
/// # Errors
/// [`Error::Name`] where it cannot.
pub fn check_name(name: &str) -> Result<(), Error> {
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_ascii_uppercase();
    let is_port = (stem.starts_with("COM") || stem.starts_with("LPT"))
        && stem.chars().count() == 4
        && stem.ends_with(|last: char| last.is_ascii_digit() || "¹²³".contains(last));
    let is_reserved = is_port || ["CON", "PRN", "AUX", "NUL"].contains(&stem.as_str());
    let is_forbidden = |c: char| c.is_control() || "/\\:*?\"<>|".contains(c);
    let is_unusable = name.is_empty()
        || name.len() > LONGEST
        || name.starts_with(' ')
        || name.ends_with(['.', ' '])
        || name.contains(is_forbidden);
    if is_reserved || is_unusable { Err(Error::Name) } else { Ok(()) }
}

/// A file under a temporary name beside its place. Dropped, it is gone.
pub(crate) struct NewFile {
    temporary: BufWriter<NamedTempFile>,
    folder: PathBuf,
    name: String,
}

impl NewFile {
    pub(crate) fn create(folder: &Path, name: &str) -> Result<Self, Error> {
        check_name(name)?;
        let temporary = tempfile::Builder::new().prefix(".frontdesk-").suffix(".part").tempfile_in(folder)?;
        let temporary = BufWriter::with_capacity(1 << 18, temporary);
        Ok(Self { temporary, folder: folder.to_owned(), name: name.to_owned() })
    }

    pub(crate) fn write(&mut self, bytes: &[u8]) -> Result<(), Error> {
        Ok(self.temporary.write_all(bytes)?)
    }

    /// The file itself, for a writer that jumps.
    pub(crate) fn file(&mut self) -> &mut NamedTempFile {
        self.temporary.get_mut()
    }

    pub(crate) fn finish(self) -> Result<PathBuf, Error> {
        let mut file = self.temporary.into_inner().map_err(std::io::IntoInnerError::into_error)?;
        file.as_file().sync_all()?;
        for number in 1..=MOST_NUMBERS {
            let path = self.folder.join(numbered(&self.name, number));
            match file.persist_noclobber(&path) {
                Ok(_) => return Ok(path),
                Err(error) if error.error.kind() == std::io::ErrorKind::AlreadyExists => file = error.file,
                Err(error) => return Err(error.error.into()),
            }
        }
        Err(std::io::Error::from(std::io::ErrorKind::AlreadyExists).into())
    }
}

/// `calls.csv`, `calls (2).csv` and so on.
fn numbered(name: &str, number: u32) -> String {
    if number == 1 {
        return name.to_owned();
    }
    match name.rsplit_once('.').filter(|(stem, _)| !stem.is_empty()) {
        Some((stem, ending)) => format!("{stem} ({number}).{ending}"),
        None => format!("{name} ({number})"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_some_computer_cannot_write_is_refused() {
        for name in ["", ".", "..", "a/b", "a\\b", "a:b", "NUL", "con.csv", "Lpt1.txt", "a.", "a ", "a\n", "a?"] {
            assert!(check_name(name).is_err(), "{name:?}");
        }
        for name in ["calls.csv", "通話 2026-10.csv", "console.csv", "com10.csv", ".a"] {
            assert!(check_name(name).is_ok(), "{name:?}");
        }
    }

    #[test]
    fn a_file_that_is_there_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        for (text, expected) in [("1", "a.csv"), ("2", "a (2).csv"), ("3", "a (3).csv")] {
            let mut file = NewFile::create(folder.path(), "a.csv").unwrap();
            file.write(text.as_bytes()).unwrap();
            assert_eq!(file.finish().unwrap(), folder.path().join(expected));
        }
        assert_eq!(std::fs::read(folder.path().join("a.csv")).unwrap(), b"1");
    }

    #[test]
    fn what_is_not_finished_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let mut file = NewFile::create(folder.path(), "a.csv").unwrap();
        file.write(b"half").unwrap();
        drop(file);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
        assert!(matches!(NewFile::create(&folder.path().join("gone"), "a.csv"), Err(Error::Io(_))));
    }
}
