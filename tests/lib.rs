//! What all tests of the whole project share: where the project is.

use std::path::{Path, PathBuf};

/// The folder with the workspace's `Cargo.toml`.
#[must_use]
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ is a folder of the project").to_path_buf()
}
