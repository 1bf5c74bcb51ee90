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
use crate::shell::{Outcome, Stop, answer, program, root, run};

/// How much is measured.
pub(super) struct Extent {
    /// Calls in the log of each system that has one.
    pub(super) calls_of_each: u32,
    /// How often each program is started.
    pub(super) runs: usize,
    /// How long it is left alone before its memory is measured.
    pub(super) settles: Duration,
}

/// Fills a cache and measures the built programs over it.
pub(super) fn measure(extent: &Extent, figures: &mut Vec<Figure>) -> Outcome {
    let screen = Screen::start()?;
    let data = tempfile::tempdir()?;
    {
        let _office = fill(&screen, data.path(), extent)?;
        figures.extend(in_use(&screen, data.path(), extent)?);
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
    // A few records are no calls of their own, such as one that came twice.
    if total < u64::from(extent.calls_of_each) * 19 / 10 {
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

/// Starts both programs in turn: time to the first paint, then memory.
fn in_use(screen: &Screen, data: &Path, extent: &Extent) -> Outcome<[Figure; 2]> {
    let start = |name: &str| {
        let mut command = program(native::binary("release", name));
        Program::start(screen.dress(&mut command).env("FRONTDESK_DATA_DIR", data).env("FRONTDESK_REPORT_PAINT", "1"))
    };
    let painted =
        |it: &Program| it.hear(Duration::from_secs(60), |line| line.strip_prefix("painted ").map(str::to_owned));
    let mut times = [Vec::new(), Vec::new()];
    // The first run of each only warms the disk.
    for round in 0..=extent.runs {
        for (name, times) in ["floor", "frontdesk"].into_iter().zip(&mut times) {
            let (_, took) = painted(&start(name)?)?;
            if round > 0 {
                times.push(took.as_secs_f64() * 1000.0);
            }
        }
    }
    let mut memory = [0.0; 2];
    for (name, memory) in ["floor", "frontdesk"].into_iter().zip(&mut memory) {
        let it = start(name)?;
        painted(&it)?;
        it.settle(extent.settles).ok_or_else(|| Stop::new(format!("{name} ended by itself")))?;
        *memory = it.memory()? as f64 / 1024.0;
    }
    let [floor, value] = times.map(median);
    Ok([
        Figure { name: "F5 start to first paint", value, floor: Some(floor), unit: "ms", target: Target::Ratio(1.3) },
        Figure {
            name: "F6 memory, all processes",
            value: memory[1],
            floor: Some(memory[0]),
            unit: "MiB",
            target: Target::Ratio(1.4),
        },
    ])
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
