//! Feeds the readers of what vendors send with whatever comes to a fuzzer's mind. None of it may end in a panic.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::native;
use crate::shell::{Outcome, Stop, answer, program, root, run as run_it, succeeds};

/// What `fuzz` takes.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// How long each reader is fed.
    #[arg(long, default_value_t = 60)]
    seconds: u32,
}

/// Each target, and the crate whose fixtures it begins with.
const TARGETS: &[(&str, &str)] = &[("smart_connect", "smart-connect"), ("ring_central", "ring-central")];

/// The release of cargo-fuzz that is installed where there is none.
const FUZZ: &str = "0.13.2";

/// The longest answer that is tried, in bytes.
const LONGEST: u32 = 64 * 1024;

/// Runs every target for the same time; the first that finds something ends the task, and says where the finding lies.
pub(crate) fn run(arguments: &Arguments) -> Outcome {
    let toolchain = nightly()?;
    if !succeeds(&mut fuzz(&toolchain, &["--version"])) {
        println!("cargo-fuzz is missing: it builds and runs the targets; installing it with cargo");
        run_it(&mut cargo(&toolchain, &["install", "cargo-fuzz", "--version", FUZZ, "--locked"]))?;
    }
    for (target, of) in TARGETS {
        let corpus = native::target().join("fuzz").join(target);
        fs::create_dir_all(&corpus)?;
        // What is found new goes into the first folder; the others are only read.
        let corpora = std::iter::once(corpus).chain(seeds(&root(), target, of));
        let mut command = fuzz(&toolchain, &["run", target]);
        command.args(corpora).arg("--");
        command.arg(format!("-max_total_time={}", arguments.seconds)).arg(format!("-max_len={LONGEST}"));
        run_it(&mut command)?;
    }
    println!("\nnothing was found in {} seconds for each of {} readers", arguments.seconds, TARGETS.len());
    Ok(())
}

/// The examples that a target begins with: shapes written for it, and the fixtures of the crate's own tests.
fn seeds(root: &Path, target: &str, of: &str) -> [PathBuf; 2] {
    [root.join("fuzz/seeds").join(target), root.join("crates").join(of).join("tests/fixtures")]
}

/// The newest nightly toolchain that is installed. The project's own compiler cannot watch where a program goes.
fn nightly() -> Outcome<String> {
    let missing = || Stop::new("a nightly toolchain is missing: rustup toolchain install nightly --profile minimal");
    let listed = answer(program("rustup").args(["toolchain", "list"])).map_err(|_| missing())?;
    pick(&listed).map(str::to_owned).ok_or_else(missing)
}

fn pick(listed: &str) -> Option<&str> {
    let names = listed.lines().filter_map(|line| line.split_whitespace().next());
    // One without a date is the newest and sorts after those with one.
    names.filter(|name| name.starts_with("nightly")).max_by_key(|name| (!name.starts_with("nightly-2"), *name))
}

fn cargo(toolchain: &str, arguments: &[&str]) -> Command {
    let mut command = program("rustup");
    command.args(["run", toolchain, "cargo"]).args(arguments);
    command
}

fn fuzz(toolchain: &str, arguments: &[&str]) -> Command {
    let mut command = cargo(toolchain, &["fuzz"]);
    // Built apart from the project: another compiler and other flags.
    command.args(arguments).env("CARGO_TARGET_DIR", native::target().join("fuzz-build"));
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_nightly_is_taken() {
        let check = |listed: &str, expected: Option<&str>| assert_eq!(pick(listed), expected, "{listed}");
        check("stable-x (default)\nnightly-2025-01-01-x\nnightly-x\n1.95.0-x (active)\n", Some("nightly-x"));
        check("nightly-2025-01-01-x\nnightly-2026-05-19-x", Some("nightly-2026-05-19-x"));
        check("stable-x (default)", None);
    }

    #[test]
    fn every_target_has_something_to_begin_with() {
        for (target, of) in TARGETS {
            for folder in seeds(&root(), target, of) {
                assert!(fs::read_dir(&folder).is_ok_and(|mut files| files.next().is_some()), "{}", folder.display());
            }
            assert!(root().join(format!("fuzz/fuzz_targets/{target}.rs")).exists(), "{target}");
        }
    }
}
