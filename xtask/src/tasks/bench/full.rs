//! A cache of full size: how large it is, its lists and searches beside SQL by hand, and all of it written to files.

use std::time::Duration;

use tempfile::TempDir;

use super::speed::{ask, number};
use super::{Figure, Target};
use crate::native;
use crate::process::Program;
use crate::shell::{Outcome, program};

/// How much is measured.
pub(super) struct Extent {
    /// Calls in the log of each telephone system.
    pub(super) calls_of_each: u32,
    /// How many lists of each kind are asked for.
    pub(super) lists: u32,
}

/// The lists that are asked for, as `speed` names them, and as the table does.
const LISTS: [(&str, &str); 6] = [
    ("none", "F2 list, no filter, p95"),
    ("middle", "F2 list, its middle, p95"),
    ("day", "F2 list, a day, p95"),
    ("number", "F2 list, part of a number, p95"),
    ("name", "F2 list, two kanji, p95"),
    ("outcome, line and text", "F2 list, three filters, p95"),
];

/// Fills a cache and measures over it; it is kept for what is measured in the window.
pub(super) fn measure(extent: &Extent, figures: &mut Vec<Figure>) -> Outcome<TempDir> {
    let calls = extent.calls_of_each.to_string();
    let mut simulators = program(native::binary("release", "simulators"));
    simulators.args(["--ring-calls", &calls, "--cti-calls", &calls, "--customers", "100000", "--people", "2000"]);
    let office = Program::start(simulators.args(["--quiet-office", "--json"]))?;
    let (accounts, _) = office.hear(Duration::from_secs(300), |line| line.starts_with('{').then(|| line.to_owned()))?;
    let data = tempfile::tempdir()?;
    println!("filling the cache with 2 × {calls} calls");
    let fill = ask(&accounts, data.path(), &["fill"])?;
    let floor = ask(&accounts, data.path(), &["floor"])?;
    println!("  {fill}\n  {floor}");
    drop(office);
    figures.push(Figure {
        name: "F12 cache on disk, full",
        value: number(&fill, "bytes")? / 1e6,
        floor: Some(number(&floor, "bytes")? / 1e6),
        unit: "MB",
        target: Target::Ratio(0.5),
    });
    let lists = ask("", data.path(), &["lists", "--times", &extent.lists.to_string()])?;
    println!("  {lists}");
    for (key, name) in LISTS {
        figures.push(Figure {
            name,
            value: number(&lists[key], "ms")?,
            floor: Some(number(&lists[key], "floor_ms")?),
            unit: "ms",
            target: Target::Both(1.3, 20.0),
        });
    }
    let told = ask("", data.path(), &["told", "--times", &(extent.lists * 25).to_string()])?;
    println!("  {told}");
    figures.push(Figure {
        name: "F3 what a ring shows, p95",
        value: number(&told, "ms")?,
        floor: Some(number(&told, "floor_ms")?),
        unit: "ms",
        target: Target::Both(3.0, 1.0),
    });
    let export = ask("", data.path(), &["export"])?;
    println!("  {export}");
    let floor = Some(number(&export, "floor_s")?);
    figures.extend([
        Figure {
            name: "F10 export, CSV",
            value: number(&export, "csv_s")?,
            floor,
            unit: "s",
            target: Target::Ratio(2.0),
        },
        Figure {
            name: "F10 export, memory",
            value: number(&export, "peak_kib")? * 1_024.0 / 1e6,
            floor: None,
            unit: "MB",
            target: Target::Most(100.0),
        },
    ]);
    Ok(data)
}
