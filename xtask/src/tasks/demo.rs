//! Shows the console with a made-up office that touches nothing real.

use crate::setup::{self, Need};
use crate::shell::{Outcome, program, run as run_it};
use crate::{native, office, screen};

/// What `demo` takes.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Walks through the main work by itself and saves a picture of each screen, as it does without a display.
    #[arg(long)]
    walk: bool,
}

/// Starts the demo, or walks through it where nobody could see it.
pub(crate) fn run(arguments: &Arguments) -> Outcome {
    if arguments.walk || !screen::is_there() {
        println!("walking through the main work on a display of its own");
        return office::pictures("walk::", "demo");
    }
    setup::ready(Need::Program)?;
    let frontdesk = native::program()?;
    run_it(program(frontdesk).arg("--demo"))
}
