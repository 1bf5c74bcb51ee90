//! Runs every test and counts them over all runners.

use std::fs;
use std::process::Command;

use serde_json::Value;

use crate::screen::Screen;
use crate::setup::{self, Need};
use crate::shell::{Outcome, Stop, cargo, npm, succeeds, watch};
use crate::tally::{self, Tally};
use crate::{native, office};

/// What a runner said.
struct Said {
    /// Whether the runner itself was content.
    is_content: bool,
    tally: Tally,
    /// The tests that failed, by name.
    failed: Vec<String>,
}

/// A name and how to run it.
type Part = (&'static str, fn() -> Outcome<Said>);

const PARTS: &[Part] = &[("Rust", rust), ("web UI", web_ui), ("browser", browser), ("the real window", window)];

/// Runs everything, to the end even where something fails.
pub(crate) fn run() -> Outcome {
    setup::ready(Need::Tests)?;
    native::ui()?;
    let mut all = Tally::default();
    let mut failed = Vec::new();
    let mut named = Vec::new();
    for (name, part) in PARTS {
        println!("\n── {name}");
        let Said { is_content, tally, failed: tests } = part()?;
        println!("── {name}: {tally}");
        all += tally;
        if !is_content || tally.failed > 0 || !(tally.ran() || tally.skipped > 0) {
            failed.push(*name);
        }
        named.extend(tests.into_iter().map(|test| format!("{name}: {test}")));
    }
    // Last, where whoever reads only the end of a long log finds it.
    for test in named {
        println!("\nfailed: {test}");
    }
    println!("\n{all}");
    if failed.is_empty() { Ok(()) } else { Err(Stop::new(format!("failed: {}", failed.join(", ")))) }
}

/// Everything of Rust but the real window, side by side: while some wait, others work. cargo-nextest where it is installed, else
/// cargo's own runner. Those that drive the real window are skipped here and run last.
fn rust() -> Outcome<Said> {
    let has_nextest = succeeds(&mut cargo(&["nextest", "--version"]));
    let runner: &[&str] = if has_nextest { &["nextest", "run"] } else { &["test"] };
    let (is_content, said) = watch(cargo(runner).args(["--workspace", "--no-fail-fast"]))?;
    let said = of_rust(is_content, &said);
    Ok(Said { tally: Tally { skipped: 0, ..said.tally }, ..said })
}

fn of_rust(is_content: bool, said: &str) -> Said {
    Said { is_content, tally: Tally::of_rust(said), failed: tally::failed_of_rust(said) }
}

fn web_ui() -> Outcome<Said> {
    let report = native::target().join("vitest.json");
    let output = format!("--outputFile.json={}", report.display());
    let mut command = npm(&["test", "--", "--reporter=default", "--reporter=json", &output]);
    reported(&mut command, &report, Tally::of_vitest, tally::failed_of_vitest)
}

fn browser() -> Outcome<Said> {
    let report = native::target().join("playwright.json");
    let mut command = npm(&["run", "test:browser", "--", "--reporter=list,json"]);
    let command = command.env("PLAYWRIGHT_JSON_OUTPUT_FILE", &report);
    reported(command, &report, Tally::of_playwright, tally::failed_of_playwright)
}

/// Runs a runner that leaves a report.
fn reported(
    command: &mut Command,
    report: &std::path::Path,
    count: fn(&Value) -> Tally,
    failed: fn(&Value) -> Vec<String>,
) -> Outcome<Said> {
    // What an earlier run left must not be counted again.
    let _ = fs::remove_file(report);
    let (is_content, _) = watch(command)?;
    let text = fs::read_to_string(report).map_err(|error| Stop::new(format!("{}: {error}", report.display())))?;
    let report: Value =
        serde_json::from_str(&text).map_err(|error| Stop::new(format!("the report cannot be read: {error}")))?;
    Ok(Said { is_content, tally: count(&report), failed: failed(&report) })
}

fn window() -> Outcome<Said> {
    if !cfg!(target_os = "linux") {
        println!("the real window can be driven only on Linux");
        let tally = Tally { skipped: 1, ..Tally::default() };
        return Ok(Said { is_content: true, tally, failed: Vec::new() });
    }
    office::build()?;
    let screen = Screen::start()?;
    // The tour only takes pictures, and the others are only measured: `cargo xtask tour` and `bench` run them.
    let skipped = ["--skip", "tour::", "--skip", "scrolling::", "--skip", "ringing::"];
    let (is_content, said) = watch(screen.dress(office::tests_in_window().args(skipped)))?;
    Ok(of_rust(is_content, &said))
}
