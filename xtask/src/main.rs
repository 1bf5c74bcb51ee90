//! The tasks of the project, one file each in `tasks`: `cargo xtask demo`, `test`, `ci` and so on.
#![expect(clippy::print_stdout, reason = "a task says on standard output what it does")]

mod commands;
mod native;
mod office;
mod process;
mod screen;
mod setup;
mod shell;
mod tally;
mod tasks;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Builds, shows, tests and measures Frontdesk.
#[derive(Parser)]
#[command(bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Shows the console with a made-up office; without a display it walks through the main work and saves a picture of each screen.
    Demo(tasks::demo::Arguments),
    /// Builds and starts the real program.
    Run(tasks::run::Arguments),
    /// Saves a picture of every screen in both themes and both languages, from the real window.
    Tour,
    /// Writes the TypeScript of the types and commands that cross to the web UI.
    Bindings(tasks::bindings::Arguments),
    /// Runs every test: Rust, web UI, browser, flows and the real window.
    Test,
    /// Everything that has to hold before a change is taken: format, lints, bindings, licences, types, every test.
    Ci,
    /// Measures the release program beside an empty one, and its work beside the least that it can cost.
    Bench(tasks::bench::Arguments),
    /// Feeds the readers of what vendors send with made-up answers, on a nightly compiler.
    Fuzz(tasks::fuzz::Arguments),
}

fn main() -> ExitCode {
    let done = match Arguments::parse().task {
        Task::Demo(arguments) => tasks::demo::run(&arguments),
        Task::Run(arguments) => tasks::run::run(&arguments),
        Task::Tour => tasks::tour::run(),
        Task::Bindings(arguments) => tasks::bindings::run(&arguments),
        Task::Test => tasks::test::run(),
        Task::Ci => tasks::ci::run(),
        Task::Bench(arguments) => tasks::bench::run(&arguments),
        Task::Fuzz(arguments) => tasks::fuzz::run(&arguments),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(stop) => {
            eprintln!("\nstopped: {stop}");
            ExitCode::FAILURE
        }
    }
}
