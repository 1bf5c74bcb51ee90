//! The console's own work beside the least that the same work can cost: filling the cache, its size, and the way of a ring.
//! `tests/speed` does the work; here it is started, more than once, and the middle of its figures is taken.

use std::path::Path;
use std::time::Duration;

use serde_json::Value;

use super::{Figure, Target, median};
use crate::native;
use crate::process::Program;
use crate::shell::{Outcome, Stop, answer, program};

/// From one look of the console at SmartConnect's newest calls to the next, in milliseconds.
const POLL_INTERVAL: f64 = 3_000.0;

/// How much is measured.
pub(super) struct Extent {
    /// Calls in the log of each telephone system.
    pub(super) calls_of_each: u32,
    /// How often the cache is filled, each time beside its floor.
    pub(super) rounds: usize,
    /// How often each system rings.
    pub(super) rings: u32,
}

/// Starts the simulators and measures against them.
pub(super) fn measure(extent: &Extent, figures: &mut Vec<Figure>) -> Outcome {
    let calls = extent.calls_of_each.to_string();
    let mut simulators = program(native::binary("release", "simulators"));
    simulators.args(["--ring-calls", &calls, "--cti-calls", &calls, "--customers", "2000", "--people", "200"]);
    let office = Program::start(simulators.args(["--quiet-office", "--json"]))?;
    let (accounts, _) = office.hear(Duration::from_secs(120), |line| line.starts_with('{').then(|| line.to_owned()))?;
    let mut rounds = Vec::new();
    for round in 1..=extent.rounds {
        println!("filling the cache with 2 × {calls} calls, round {round} of {}", extent.rounds);
        let data = tempfile::tempdir()?;
        let ask = |arguments: &[&str]| ask(&accounts, data.path(), arguments);
        let fill = ask(&["fill"])?;
        let floor = ask(&["floor"])?;
        println!("  {fill}\n  {floor}");
        rounds.push((fill, floor));
        if round == extent.rounds {
            figures.extend(filling(&rounds)?);
            let ring = ask(&["ring", "--times", &extent.rings.to_string()])?;
            println!("  {ring}");
            figures.extend(ringing(&ring)?);
        }
    }
    Ok(())
}

/// One run of the measuring program, and its line of figures.
pub(super) fn ask(accounts: &str, data: &Path, arguments: &[&str]) -> Outcome<Value> {
    let mut command = program(native::binary("release", "speed"));
    command.env("FRONTDESK_SPEED_OFFICE", accounts).arg("--data").arg(data).args(arguments);
    serde_json::from_str(&answer(&mut command)?)
        .map_err(|error| Stop::new(format!("the figures of `speed` cannot be read: {error}")))
}

pub(super) fn number(of: &Value, key: &str) -> Outcome<f64> {
    of[key].as_f64().ok_or_else(|| Stop::new(format!("`speed` told no {key}")))
}

/// Of several rounds the one in the middle by its ratio, so that value and floor were measured beside each other.
fn filling(rounds: &[(Value, Value)]) -> Outcome<[Figure; 4]> {
    let mut measured = Vec::new();
    for (fill, floor) in rounds {
        measured.push((number(fill, "seconds")?, number(floor, "seconds")?));
    }
    measured.sort_by(|(a, a_floor), (b, b_floor)| (a / a_floor).total_cmp(&(b / b_floor)));
    let (value, floor) = measured.get(measured.len() / 2).copied().ok_or_else(|| Stop::new("there was no round"))?;
    let all = |key: &str| rounds.iter().map(|(fill, _)| number(fill, key)).collect::<Outcome<Vec<_>>>();
    let peaks = all("peak_kib")?;
    let requests = rounds.iter().flat_map(|(fill, _)| fill["requests_nothing_new"].as_array().into_iter().flatten());
    let requests = requests.filter_map(Value::as_f64).fold(0.0, f64::max);
    let received = rounds.iter().map(|(_, floor)| number(floor, "bytes")).collect::<Outcome<Vec<_>>>()?;
    let figure = |name, value, floor, unit, target| Figure { name, value, floor, unit, target };
    Ok([
        figure("F1 fill the cache", value, Some(floor), "s", Target::Ratio(1.5)),
        figure("F1 memory while filling", median(peaks) * 1_024.0 / 1e6, None, "MB", Target::Most(150.0)),
        figure("F1 requests, nothing new", requests, None, "", Target::Most(3.0)),
        figure(
            "F12 cache on disk",
            median(all("bytes")?) / 1e6,
            Some(median(received) / 1e6),
            "MB",
            Target::Ratio(0.5),
        ),
    ])
}

fn ringing(ring: &Value) -> Outcome<[Figure; 2]> {
    let floor = Some(number(ring, "socket_ms")?);
    let push = number(ring, "ring-central_ms")?;
    let asked = number(ring, "smart-connect_ms")?;
    Ok([
        Figure { name: "F4 pushed ring, p95", value: push, floor, unit: "ms", target: Target::Most(50.0) },
        Figure {
            name: "F4 asked-for ring, p95",
            value: asked,
            floor,
            unit: "ms",
            target: Target::Most(POLL_INTERVAL + 50.0),
        },
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn value_and_floor_are_of_the_same_round() {
        let round = |seconds: f64, floor: f64| {
            let fill = json!({"seconds": seconds, "peak_kib": 1_000.0, "bytes": 50.0, "requests_nothing_new": [2, 3]});
            (fill, json!({"seconds": floor, "bytes": 200.0}))
        };
        let rounds = [round(30.0, 10.0), round(12.0, 10.0), round(40.0, 20.0)];
        let [fill, _, requests, size] = filling(&rounds).unwrap();
        assert_eq!((fill.value, fill.floor), (40.0, Some(20.0)));
        assert!((requests.value - 3.0).abs() < f64::EPSILON);
        assert!((size.value / size.floor.unwrap() - 0.25).abs() < 1e-9);
        assert!(filling(&[]).is_err());
    }
}
