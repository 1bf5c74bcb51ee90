//! The window beside an empty one: start, memory, size.

use std::path::Path;
use std::process::Command;
use std::time::Duration;
use std::{fs, io};

use serde_json::Value;

use super::{Figure, Target, median};
use crate::native;
use crate::process::Program;
use crate::screen::Screen;
use crate::shell::{Outcome, Stop, answer, cargo, program, root, run};

/// How much is measured.
pub(super) struct Extent {
    /// Calls in the log of each system that has one.
    pub(super) calls_of_each: u32,
    /// How often each program is started.
    pub(super) runs: usize,
    /// How long it is left alone before its memory is measured.
    pub(super) settles: Duration,
}

/// Measures the built programs: their start over the full cache, their memory over one that lives.
pub(super) fn measure(extent: &Extent, full: &Path, figures: &mut Vec<Figure>) -> Outcome {
    let screen = Screen::start()?;
    figures.push(start(&screen, full, extent)?);
    figures.push(scrolling(&screen, full)?);
    figures.push(ringing(&screen)?);
    let data = tempfile::tempdir()?;
    {
        let _office = fill(&screen, data.path(), extent)?;
        figures.push(memory(&screen, data.path(), extent)?);
    }
    sizes(figures)
}

/// Starts the simulators and reads all their calls into a data folder; the simulators go on answering.
fn fill(screen: &Screen, data: &Path, extent: &Extent) -> Outcome<Program> {
    let calls = extent.calls_of_each.to_string();
    let mut simulators = program(native::binary("release", "simulators"));
    let office = Program::start(simulators.args(["--ring-calls", &calls, "--cti-calls", &calls, "--json"]))?;
    let (accounts, _) = office.hear(Duration::from_secs(120), |line| serde_json::from_str::<Value>(line).ok())?;
    for account in accounts["systems"].as_array().into_iter().flatten() {
        let mut add = cli(screen, data);
        add.args([
            "connections",
            "add",
            text(account, "system")?,
            "--name",
            text(account, "system")?,
            "--url",
            text(account, "url")?,
        ]);
        for (key, value) in account["settings"].as_object().into_iter().flatten() {
            add.args(["--set", &format!("{key}={}", value.as_str().unwrap_or_default())]);
        }
        for (at, (key, value)) in account["secrets"].as_object().into_iter().flatten().enumerate() {
            let variable = format!("FRONTDESK_BENCH_SECRET_{at}");
            add.args(["--secret", &format!("{key}=env:{variable}")]).env(variable, value.as_str().unwrap_or_default());
        }
        answer(&mut add)?;
    }
    println!("reading {} calls of each system with a call log", extent.calls_of_each);
    answer(cli(screen, data).arg("sync"))?;
    let listed: Value = serde_json::from_str(&answer(cli(screen, data).args(["calls", "list", "--limit", "1"]))?)
        .map_err(|error| Stop::new(format!("the list of calls cannot be read: {error}")))?;
    let total = listed["total"].as_u64().unwrap_or_default();
    println!("{total} calls in the cache");
    // About every fifth call is seen by both systems and is one.
    if total < u64::from(extent.calls_of_each) * 17 / 10 {
        return Err(Stop::new("the cache holds too few calls to measure anything"));
    }
    Ok(office)
}

fn text<'a>(account: &'a Value, key: &str) -> Outcome<&'a str> {
    account[key].as_str().ok_or_else(|| Stop::new(format!("the simulators name no {key}")))
}

fn cli(screen: &Screen, data: &Path) -> Command {
    let mut command = program(native::binary("release", "frontdesk-cli"));
    screen.dress(&mut command).arg("--data-dir").arg(data).arg("--json");
    command
}

/// Starts a program over a data folder and waits for its first paint.
fn painted(screen: &Screen, data: &Path, name: &str) -> Outcome<(Program, Duration)> {
    let mut command = program(native::binary("release", name));
    let it =
        Program::start(screen.dress(&mut command).env("FRONTDESK_DATA_DIR", data).env("FRONTDESK_REPORT_PAINT", "1"))?;
    let (_, took) = it.hear(Duration::from_secs(60), |line| line.strip_prefix("painted ").map(str::to_owned))?;
    Ok((it, took))
}

/// Starts both programs in turn: time to the first paint.
fn start(screen: &Screen, data: &Path, extent: &Extent) -> Outcome<Figure> {
    let mut times = [Vec::new(), Vec::new()];
    // The first run of each only warms the disk.
    for round in 0..=extent.runs {
        for (name, times) in ["floor", "frontdesk"].into_iter().zip(&mut times) {
            let (_, took) = painted(screen, data, name)?;
            if round > 0 {
                times.push(took.as_secs_f64() * 1000.0);
            }
        }
    }
    let [floor, value] = times.map(median);
    Ok(Figure { name: "F5 start to first paint", value, floor: Some(floor), unit: "ms", target: Target::Ratio(1.3) })
}

/// Leaves each program alone for a while: memory of all its processes.
fn memory(screen: &Screen, data: &Path, extent: &Extent) -> Outcome<Figure> {
    let mut memory = [0.0; 2];
    for (name, memory) in ["floor", "frontdesk"].into_iter().zip(&mut memory) {
        let (it, _) = painted(screen, data, name)?;
        it.settle(extent.settles).ok_or_else(|| Stop::new(format!("{name} ended by itself")))?;
        *memory = it.memory()? as f64 / 1024.0;
    }
    let [floor, value] = memory;
    Ok(Figure { name: "F6 memory, all processes", value, floor: Some(floor), unit: "MiB", target: Target::Ratio(1.4) })
}

/// Scrolls the whole list in the release program, and plain boxes in the same window: the frames in a thousand that took longer
/// than 33 ms. `tests/desktop` drives the window; here it is started and its line of figures read.
fn scrolling(screen: &Screen, data: &Path) -> Outcome<Figure> {
    let figures = driven(screen, data, "scrolling::the_whole_list_scrolls_beside_plain_boxes", "scrolled ")?;
    let of = |key: &str| figures[key].as_f64().ok_or_else(|| Stop::new(format!("scrolling told no {key}")));
    Ok(Figure {
        name: "F7 frames over 33 ms, scrolling",
        value: of("late_permille")? / 10.0,
        floor: Some(of("floor_permille")? / 10.0),
        unit: "%",
        target: Target::Most(1.0),
    })
}

/// Lets telephones ring in an office of its own: from the ring on the wire until the window that shows who rings has painted it.
fn ringing(screen: &Screen) -> Outcome<Figure> {
    let data = tempfile::tempdir()?;
    let figures = driven(screen, data.path(), "ringing::a_ring_is_painted", "rang ")?;
    let value = figures["p95_ms"].as_f64().ok_or_else(|| Stop::new("ringing told no p95_ms"))?;
    Ok(Figure { name: "Ring to painted popup, p95", value, floor: None, unit: "ms", target: Target::Told })
}

/// Starts one measurement of `tests/desktop` over the release program and reads its line of figures.
fn driven(screen: &Screen, data: &Path, test: &str, prefix: &str) -> Outcome<Value> {
    let mut tests = cargo(&["test", "--quiet", "--workspace", "--test", "desktop"]);
    tests.args(["--", "--ignored", "--exact", test, "--nocapture"]);
    tests.env("FRONTDESK_DESKTOP", "1").env("FRONTDESK_PROGRAM", native::binary("release", "frontdesk"));
    let told = answer(screen.dress(&mut tests).env("FRONTDESK_SPEED_DATA", data))?;
    let line = told.lines().find_map(|line| line.strip_prefix(prefix)).unwrap_or_default();
    let figures = serde_json::from_str(line)
        .map_err(|error| Stop::new(format!("the figures of {test} cannot be read: {error}")))?;
    println!("  {figures}");
    Ok(figures)
}

/// The program, and its package where the bundler is installed.
fn sizes(figures: &mut Vec<Figure>) -> Outcome {
    let size = |path: &Path| -> io::Result<f64> { Ok(fs::metadata(path)?.len() as f64 / 1_000_000.0) };
    let value = size(&native::binary("release", "frontdesk"))?;
    let floor = Some(size(&native::binary("release", "floor"))?);
    figures.push(Figure { name: "F11 program", value, floor, unit: "MB", target: Target::Most(15.0) });
    let bundler = root().join("ui/node_modules/.bin/tauri");
    if !bundler.exists() {
        println!("the package is not measured: the bundler is not among the packages of the web UI");
        return Ok(());
    }
    run(program(bundler).args(["bundle", "--bundles", "deb"]))?;
    let packages = fs::read_dir(native::target().join("release/bundle/deb"))?.flatten().map(|file| file.path());
    let package = packages
        .filter(|path| path.extension().is_some_and(|it| it == "deb"))
        .max_by_key(|path| path.metadata().and_then(|it| it.modified()).ok());
    let package = package.ok_or_else(|| Stop::new("the bundler made no package"))?;
    figures.push(Figure {
        name: "F11 package",
        value: size(&package)?,
        floor: None,
        unit: "MB",
        target: Target::Most(12.0),
    });
    Ok(())
}
