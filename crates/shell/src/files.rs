//! Files that a person asked for: where they go, how they are shown, and the clock that is written into them.

use std::io::Write;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Local, NaiveDateTime};
use model::{Failure, Reason, Time, Why};

/// The variable that names another folder.
const VARIABLE: &str = "FRONTDESK_EXPORT_DIR";

/// The folder that files are written into: `FRONTDESK_EXPORT_DIR`, else the user's downloads, documents or home.
///
/// # Errors
/// [`Failure::Refused`] with [`Reason::FileNotWritten`] where this user has none of them.
pub fn export_dir() -> Result<PathBuf, Failure> {
    if let Some(dir) = std::env::var_os(VARIABLE).filter(|it| !it.is_empty()) {
        return Ok(PathBuf::from(dir));
    }
    let dirs = directories::UserDirs::new();
    let found = dirs.as_ref().map(|it| it.download_dir().or(it.document_dir()).unwrap_or(it.home_dir()));
    found.map(Path::to_owned).ok_or_else(|| Failure::Refused(Why::new(Reason::FileNotWritten, "")))
}

/// Shows the folder of a file in the computer's file manager.
///
/// # Errors
/// [`Failure::Refused`] with [`Reason::NotFound`] where it is gone, and with [`Reason::FileNotWritten`] where nothing opens.
pub fn show_in_folder(file: &Path) -> Result<(), Failure> {
    let refused = |reason| Failure::Refused(Why::new(reason, file.display().to_string()));
    let folder = file.parent().filter(|_| file.exists()).ok_or_else(|| refused(Reason::NotFound))?;
    open::that_detached(folder).map_err(|_| refused(Reason::FileNotWritten))
}

/// What a clock on the wall of this computer shows at an instant.
#[must_use]
pub fn wall_clock(time: Time) -> NaiveDateTime {
    let utc = DateTime::from_timestamp_millis(time.millis()).unwrap_or_default();
    utc.with_timezone(&Local).naive_local()
}

/// Writes bytes into a new file of a folder and gives its path; where the name is taken, the file gets a number.
///
/// # Errors
/// [`Failure::Refused`] with [`Reason::FileNotWritten`].
pub fn write_new(folder: &Path, stem: &str, ending: &str, bytes: &[u8]) -> Result<PathBuf, Failure> {
    let refused = |error: std::io::Error| Failure::Refused(Why::new(Reason::FileNotWritten, error.kind().to_string()));
    for number in 1_u32.. {
        let name = if number == 1 { format!("{stem}.{ending}") } else { format!("{stem} ({number}).{ending}") };
        let path = folder.join(name);
        match std::fs::OpenOptions::new().write(true).create_new(true).open(&path) {
            Ok(mut file) => {
                file.write_all(bytes).map_err(refused)?;
                return Ok(path);
            }
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(refused(error)),
        }
    }
    Err(Failure::Refused(Why::new(Reason::FileNotWritten, stem)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_there_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let first = write_new(folder.path(), "a", "mp3", b"1").unwrap();
        let second = write_new(folder.path(), "a", "mp3", b"2").unwrap();
        assert_eq!((first.file_name().unwrap(), second.file_name().unwrap()), ("a.mp3".as_ref(), "a (2).mp3".as_ref()));
        assert_eq!(std::fs::read(first).unwrap(), b"1");
        assert!(write_new(&folder.path().join("nowhere"), "a", "mp3", b"1").is_err());
    }

    #[test]
    fn what_is_gone_is_not_shown() {
        let failure = show_in_folder(Path::new("/nowhere/at/all.csv")).unwrap_err();
        assert_eq!(failure.why().reason, Reason::NotFound);
    }
}
