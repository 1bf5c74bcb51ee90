//! Drives the built program in its real window: the tests of `tests/desktop` do it, on a screen of their own.

use std::fs;
use std::process::Command;

use crate::screen::Screen;
use crate::setup::{self, Need};
use crate::shell::{Outcome, Stop, cargo, root, run};
use crate::{native, shell};

/// Runs the tests in the real window whose names begin so, and saves their pictures in a folder of `target`.
pub(crate) fn pictures(tests: &str, folder: &str) -> Outcome {
    setup::ready(Need::Window)?;
    build()?;
    let pictures = native::target().join(folder);
    if pictures.exists() {
        fs::remove_dir_all(&pictures)?;
    }
    fs::create_dir_all(&pictures)?;
    let screen = Screen::start()?;
    run(screen.dress(tests_in_window().args([tests, "--nocapture"]).env("FRONTDESK_PICTURES", &pictures)))?;
    let mut names: Vec<_> = fs::read_dir(&pictures)?.flatten().map(|file| file.path()).collect();
    names.sort();
    if names.is_empty() {
        return Err(Stop::new("no picture was taken"));
    }
    println!("\n{} pictures:", names.len());
    for name in names {
        println!("  {}", name.strip_prefix(root()).unwrap_or(&name).display());
    }
    Ok(())
}

/// Builds the program and the tests that drive it.
pub(crate) fn build() -> Outcome {
    native::program()?;
    run(&mut cargo(&["test", "--workspace", "--test", "desktop", "--no-run"]))
}

/// The tests in the real window, one after the other; to be dressed by a screen.
pub(crate) fn tests_in_window() -> Command {
    let arguments = ["test", "--workspace", "--test", "desktop", "--", "--ignored", "--test-threads=1"];
    let mut command = shell::cargo(&arguments);
    command.env("FRONTDESK_DESKTOP", "1").env("FRONTDESK_PROGRAM", native::binary("debug", "frontdesk"));
    command
}
