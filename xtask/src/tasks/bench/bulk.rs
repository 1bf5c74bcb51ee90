//! Bulk sending at a system's limit, and killed again and again.

use super::speed::{ask, number};
use super::{Figure, Target};
use crate::office;
use crate::screen::Screen;
use crate::setup::{self, Need};
use crate::shell::{Outcome, Stop, run};

/// How much is measured.
pub(super) struct Extent {
    /// Messages in all.
    pub(super) messages: u32,
    /// How many the system takes in each span.
    pub(super) limit: u32,
    /// The span.
    pub(super) seconds: u32,
}

/// Sends at the limit.
pub(super) fn measure(extent: &Extent, figures: &mut Vec<Figure>) -> Outcome {
    println!("sending {} messages, {} in {} s allowed", extent.messages, extent.limit, extent.seconds);
    let data = tempfile::tempdir()?;
    let [messages, limit, seconds] = [extent.messages, extent.limit, extent.seconds].map(|it| it.to_string());
    let arguments = ["bulk", "--messages", &messages, "--limit", &limit, "--seconds", &seconds];
    let told = ask("", data.path(), &arguments)?;
    println!("  {told}");
    let (seconds, least) = (number(&told, "seconds")?, number(&told, "least_seconds")?);
    let figure = |name, value, floor, unit, target| Figure { name, value, floor, unit, target };
    figures.extend([
        // At least 95 % of what the limit allows is at most so much more than the least time.
        figure("F9 messages at the limit", seconds, Some(least), "s", Target::Ratio(1.0 / 0.95)),
        figure("F9 requests over the limit", number(&told, "over")?, None, "", Target::Most(0.0)),
        figure("F9 ledger per message", number(&told, "ledger_ms")?, None, "ms", Target::Most(1.0)),
    ]);
    let (sent, arrived) = (f64::from(extent.messages), number(&told, "arrived")?);
    if (sent - arrived).abs() > f64::EPSILON {
        return Err(Stop::new(format!("{arrived} of {sent} messages arrived")));
    }
    Ok(())
}

/// Kills the command line so many times while it sends.
pub(super) fn soak(kills: u32) -> Outcome {
    setup::ready(Need::Window)?;
    office::build()?;
    let screen = Screen::start()?;
    println!("killing a bulk send {kills} times");
    run(screen.dress(office::tests_in_window().arg("bulk::").env("FRONTDESK_KILLS", kills.to_string())))?;
    println!("R1: {kills} kills, nothing lost, nothing doubled unasked");
    Ok(())
}
