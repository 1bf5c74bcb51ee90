//! The least and the real: fills a cache, does the bare minimum of the same work, and lets telephones ring, each in a process of
//! its own. Every run prints one line of JSON; `cargo xtask bench` starts it and puts the figures side by side.

mod bulk;
mod desk;
mod fill;
mod floor;
mod lists;
mod office;
mod ring;
mod rows;
mod told;
mod words;

use std::error::Error;
use std::path::PathBuf;

use clap::{Parser, Subcommand};
use serde_json::Value;

/// What a part of a measurement gives. Its failures are read by whoever measures, so that their words are enough.
type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// Measures the console against running simulators.
#[derive(Parser)]
struct Arguments {
    /// What the simulators print with `--json`; not for what needs no system
    #[arg(long, env = "FRONTDESK_SPEED_OFFICE", hide_env_values = true, default_value = "")]
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
    /// Asks for lists of a full cache, each beside SQL by hand
    Lists {
        /// How many lists of each kind
        #[arg(long, default_value_t = 20)]
        times: u32,
    },
    /// Asks for what the window that shows who rings is told, of calls all over a full cache
    Told {
        /// Of how many calls
        #[arg(long, default_value_t = 200)]
        times: u32,
    },
    /// Writes every call of a full cache to files
    Export,
    /// Sends many messages through a connection with a limit, against simulators of its own
    Bulk {
        /// How many
        #[arg(long, default_value_t = 1_000)]
        messages: u32,
        /// How many the system takes in each span
        #[arg(long, default_value_t = 500)]
        limit: u32,
        /// The span
        #[arg(long, default_value_t = 10)]
        seconds: u32,
    },
}

#[tokio::main]
#[expect(clippy::print_stdout, reason = "the line of figures is what this program is asked for")]
async fn main() -> Outcome<()> {
    let arguments = Arguments::parse();
    let office = || office::Office::read(&serde_json::from_str::<Value>(&arguments.office)?);
    let figures = match arguments.what {
        What::Fill => fill::measure(&office()?, &arguments.data).await?,
        What::Floor => floor::measure(&office()?, &arguments.data).await?,
        What::Ring { times } => ring::measure(&office()?, &arguments.data, times).await?,
        What::Lists { times } => lists::measure(&arguments.data, times).await?,
        What::Told { times } => told::measure(&arguments.data, times).await?,
        What::Bulk { messages, limit, seconds } => bulk::measure(&arguments.data, messages, limit, seconds).await?,
        What::Export => lists::export(&arguments.data).await?,
    };
    println!("{figures}");
    Ok(())
}

/// The time that nineteen of twenty do not exceed.
fn p95(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    let at = (times.len() * 95).div_ceil(100).saturating_sub(1);
    times.get(at).copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nineteen_of_twenty_are_within_the_figure() {
        let times: Vec<f64> = (1..=100).rev().map(f64::from).collect();
        assert!((p95(times) - 95.0).abs() < f64::EPSILON);
        assert!((p95(vec![7.0]) - 7.0).abs() < f64::EPSILON);
        assert!(p95(Vec::new()).is_nan());
    }
}
