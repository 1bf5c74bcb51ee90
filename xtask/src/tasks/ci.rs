//! Everything that has to hold before a change is taken, from the quick to the slow; stops at the first that does not.

use std::time::Instant;

use super::{bindings, test};
use crate::native;
use crate::setup::{self, Need};
use crate::shell::{Outcome, Stop, cargo, npm, run as run_it, succeeds};

/// The release of cargo-deny whose rules `deny.toml` is written for.
const DENY: &str = "0.20.2";

/// A name and what has to succeed.
type Step = (&'static str, fn() -> Outcome);

/// What is tried, in this order.
const STEPS: &[Step] = &[
    ("packages", || setup::ready(Need::Tests)),
    ("format of Rust", || run_it(&mut cargo(&["fmt", "--all", "--check"]))),
    ("web UI", native::ui),
    ("lint of the web UI", || run_it(&mut npm(&["run", "--silent", "lint"]))),
    ("types of the web UI", || run_it(&mut npm(&["run", "--silent", "check"]))),
    ("lint of Rust", || run_it(&mut cargo(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))),
    ("bindings", bindings::check),
    ("licences", licences),
    ("tests", test::run),
];

/// Runs the steps.
pub(crate) fn run() -> Outcome {
    let begun = Instant::now();
    for (name, step) in STEPS {
        println!("\n━━ {name}");
        let step_begun = Instant::now();
        step().map_err(|stop| Stop::new(format!("{name}: {stop}")))?;
        println!("━━ {name}: done in {:.1} s", step_begun.elapsed().as_secs_f64());
    }
    println!("\neverything holds, in {:.0} s", begun.elapsed().as_secs_f64());
    Ok(())
}

fn licences() -> Outcome {
    if !succeeds(&mut cargo(&["deny", "--version"])) {
        // It runs for a second: built without optimizing it is there minutes earlier.
        let mut install = cargo(&["install", "cargo-deny", "--version", DENY, "--locked", "--debug"]);
        run_it(install.env("CARGO_PROFILE_DEV_DEBUG", "false"))?;
    }
    run_it(&mut cargo(&["deny", "--all-features", "check", "bans", "licenses", "sources"]))
}
