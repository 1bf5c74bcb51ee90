//! Where the console stores its data.

use std::path::PathBuf;

/// The variable that moves everything the console stores.
const VARIABLE: &str = "FRONTDESK_DATA_DIR";

/// The data folder: what the caller asks for, else the variable `FRONTDESK_DATA_DIR`, else the platform's usual folder for
/// application data. `None` where this user has no home.
#[must_use]
pub fn data_dir(asked: Option<PathBuf>) -> Option<PathBuf> {
    asked
        .or_else(|| std::env::var_os(VARIABLE).filter(|it| !it.is_empty()).map(PathBuf::from))
        .or_else(|| directories::ProjectDirs::from("app", "", "Frontdesk").map(|dirs| dirs.data_dir().to_owned()))
}
