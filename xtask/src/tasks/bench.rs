//! Measures the release program beside an empty one that is built and started in the same way, and the console's own work beside
//! the least that it can cost. One table, every figure beside its floor of the same run.

mod board;
mod bulk;
mod full;
mod speed;
mod window;

use std::time::Duration;

use crate::native;
use crate::setup::{self, Need};
use crate::shell::{Outcome, cargo, run as run_it};

/// What `bench` takes.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Fewer calls, fewer runs, a shorter wait before memory is measured.
    #[arg(long)]
    quick: bool,
    /// Only what needs no window: filling the cache, its size, and the way of a ring.
    #[arg(long)]
    no_window: bool,
    /// Not the filling of a cache of the usual size and the rings, which have rounds of their own.
    #[arg(long)]
    full_only: bool,
    /// Instead of all that: the command line is killed so many times while it sends many messages.
    #[arg(long, value_name = "KILLS", num_args = 0..=1, default_missing_value = "1000")]
    soak: Option<u32>,
}

/// One row of the table.
struct Figure {
    name: &'static str,
    value: f64,
    floor: Option<f64>,
    unit: &'static str,
    target: Target,
}

/// What a figure has to reach.
enum Target {
    /// At most this many times its floor.
    Ratio(f64),
    /// At most this much.
    Most(f64),
    /// At most this many times its floor, and at most this much.
    Both(f64, f64),
    /// Nothing: it is only told.
    Told,
}

/// Builds, measures, prints the table.
pub(crate) fn run(arguments: &Arguments) -> Outcome {
    if let Some(kills) = arguments.soak {
        return bulk::soak(kills);
    }
    let (window, speed, full) = if arguments.quick {
        (
            window::Extent { calls_of_each: 5_000, runs: 7, settles: Duration::from_secs(5) },
            speed::Extent { calls_of_each: 10_000, rounds: 1, rings: 50 },
            full::Extent { calls_of_each: 25_000, lists: 10 },
        )
    } else {
        (
            window::Extent { calls_of_each: 50_000, runs: 15, settles: Duration::from_secs(60) },
            speed::Extent { calls_of_each: 100_000, rounds: 3, rings: 200 },
            full::Extent { calls_of_each: 500_000, lists: 40 },
        )
    };
    if arguments.no_window {
        run_it(&mut cargo(&["build", "--release", "--package", "simulators", "--package", "speed"]))?;
    } else {
        setup::ready(Need::Package)?;
        native::ui()?;
        // With the features of the whole workspace, so that nothing is built twice.
        run_it(&mut cargo(&["build", "--release", "--workspace", "--bins"]))?;
    }

    let mut figures = Vec::new();
    let measured = measure(arguments, (&speed, &full, &window), &mut figures);
    print(&figures);
    measured
}

fn measure(
    arguments: &Arguments,
    (speed, full, window): (&speed::Extent, &full::Extent, &window::Extent),
    figures: &mut Vec<Figure>,
) -> Outcome {
    if !arguments.full_only {
        speed::measure(speed, figures)?;
        let many = if arguments.quick { (1_000, 500) } else { (10_000, 2_500) };
        bulk::measure(&bulk::Extent { messages: many.0, limit: many.1, seconds: 30 }, figures)?;
    }
    let data = full::measure(full, figures)?;
    if arguments.no_window {
        return Ok(());
    }
    board::measure(figures)?;
    window::measure(window, data.path(), figures)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

fn print(figures: &[Figure]) {
    println!("\n{:<32} {:>12} {:>12} {:>7}  target", "figure", "value", "floor", "ratio");
    for figure in figures {
        let ratio = figure.floor.map(|floor| figure.value / floor);
        let (target, is_met) = match figure.target {
            Target::Ratio(most) => (format!("≤ {most} × floor"), ratio.is_some_and(|ratio| ratio <= most)),
            Target::Most(most) => (format!("≤ {most} {}", figure.unit).trim_end().to_owned(), figure.value <= most),
            Target::Told => ("told".to_owned(), true),
            Target::Both(times, most) => (
                format!("≤ {times} × floor, ≤ {most} {}", figure.unit),
                ratio.is_some_and(|ratio| ratio <= times) && figure.value <= most,
            ),
        };
        let measured = |value: f64| {
            let figures = if value.abs() < 1.0 { 3 } else { 1 };
            format!("{value:.figures$} {}", figure.unit).trim_end().to_owned()
        };
        let floor = figure.floor.map_or_else(|| "–".to_owned(), measured);
        let ratio = ratio.map_or_else(|| "–".to_owned(), |ratio| format!("{ratio:.2}"));
        let mark = if is_met { "" } else { "  missed" };
        println!("{:<32} {:>12} {floor:>12} {ratio:>7}  {target}{mark}", figure.name, measured(figure.value));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle_whatever_the_order() {
        assert!((median(vec![9.0, 1.0, 5.0]) - 5.0).abs() < f64::EPSILON);
        assert!(median(Vec::new()).is_nan());
    }
}
