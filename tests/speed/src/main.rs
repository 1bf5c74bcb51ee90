//! The least and the real: fills a cache, does the bare minimum of the same work, and lets telephones ring, each in a process of
//! its own. Every run prints one line of JSON; `cargo xtask bench` starts it and puts the figures side by side.

mod desk;
mod fill;
mod floor;
mod office;
mod ring;
mod rows;

use std::error::Error;
use std::path::PathBuf;

use clap::{Parser, Subcommand};
use serde_json::Value;

/// What a part of a measurement gives. Its failures are read by whoever measures, so that their words are enough.
type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// Measures the console against running simulators.
#[derive(Parser)]
struct Arguments {
    /// What the simulators print with `--json`
    #[arg(long, env = "FRONTDESK_SPEED_OFFICE", hide_env_values = true)]
    office: String,
    /// The data folder
    #[arg(long)]
    data: PathBuf,
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Reads every call of both telephone systems into an empty data folder, then once more
    Fill,
    /// Asks again for the pages that `fill` asked for, reads them as plain JSON, and writes the rows of its cache without index
    Floor,
    /// Lets both systems ring and waits for the news of it on a window's channel
    Ring {
        /// How often each rings
        #[arg(long, default_value_t = 60)]
        times: u32,
    },
}

#[tokio::main]
#[expect(clippy::print_stdout, reason = "the line of figures is what this program is asked for")]
async fn main() -> Outcome<()> {
    let arguments = Arguments::parse();
    let office = office::Office::read(&serde_json::from_str::<Value>(&arguments.office)?)?;
    let figures = match arguments.what {
        What::Fill => fill::measure(&office, &arguments.data).await?,
        What::Floor => floor::measure(&office, &arguments.data).await?,
        What::Ring { times } => ring::measure(&office, &arguments.data, times).await?,
    };
    println!("{figures}");
    Ok(())
}
