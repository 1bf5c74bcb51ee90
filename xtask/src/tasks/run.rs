//! Builds and starts the real program.

use crate::setup::{self, Need};
use crate::shell::{Outcome, Stop, program, run as run_it};
use crate::{native, screen};

/// What `run` takes.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Handed on to the program.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    program: Vec<String>,
}

/// Builds web UI and program, and starts it.
pub(crate) fn run(arguments: &Arguments) -> Outcome {
    if !screen::is_there() {
        return Err(Stop::new("there is no display; `cargo xtask demo` shows the program without one"));
    }
    setup::ready(Need::Program)?;
    let frontdesk = native::program()?;
    run_it(program(frontdesk).args(&arguments.program))
}
