//! Builds the program with the web UI inside.

use std::path::PathBuf;

use crate::shell::{Outcome, cargo, npm, root, run};

/// Builds the web UI, which the program holds.
pub(crate) fn ui() -> Outcome {
    run(&mut npm(&["run", "--silent", "build"]))
}

/// Builds web UI, program and command line for development; gives the program.
pub(crate) fn program() -> Outcome<PathBuf> {
    ui()?;
    // The whole workspace is named wherever something is built, and only the targets differ: which features a dependency has goes by
    // the packages that are named, and with others it would be built once more.
    run(&mut cargo(&["build", "--workspace", "--bin", "frontdesk", "--bin", "frontdesk-cli"]))?;
    Ok(binary("debug", "frontdesk"))
}

/// Where cargo puts a program.
pub(crate) fn binary(profile: &str, name: &str) -> PathBuf {
    target().join(profile).join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}

/// The folder for everything that is made.
pub(crate) fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |folder| root().join(folder))
}
