//! How long it takes from a ring on the wire until the window that shows who rings has painted it. A measurement, started by
//! `cargo xtask bench`: it asserts only that each call was really shown.

use std::time::{Duration, Instant};

use serde_json::json;
use simulators::{RING_CENTRAL, Ring};

use crate::desk::Desk;
use crate::driver::PATIENCE;
use crate::window::Window;

/// Calls that ring.
const RINGS: u32 = 20;

#[tokio::test(flavor = "multi_thread")]
#[ignore = "a measurement: cargo xtask bench"]
async fn a_ring_is_painted() {
    let desk = Desk::new("ringing").await;
    let window = desk.open_connected().await;
    let mut settings = window.command("settings_get", json!({})).await;
    settings["popup"]["seconds"] = json!(3);
    window.command("settings_set", json!({ "settings": settings })).await;
    window.has("link", "RingCentral: Live").await;
    let mut took = Vec::new();
    for nth in 0..RINGS {
        let shown = format!("03-5550-98{nth:02}");
        window.run_in_other(include_str!("ring-painted.js"), json!([shown])).await;
        let from = shown.replace('-', "");
        let rang = wall_clock();
        let call = desk.office.ring(Ring { system: RING_CENTRAL, from, line: None });
        window.other_sees(&shown).await;
        let painted = painted(&window).await;
        assert!(painted >= rang, "{shown} is painted after it rang");
        took.push(painted - rang);
        desk.office.hang_up(&call);
        window.other_misses(&shown).await;
    }
    took.sort_unstable();
    let at = |share: usize| took[(took.len() - 1) * share / 100];
    println!("rang {}", json!({ "median_ms": at(50), "p95_ms": at(95) }));
    window.close().await;
}

/// When the other window has painted what it was to note, by the clock of its page.
async fn painted(window: &Window) -> i64 {
    let begun = Instant::now();
    loop {
        let at = window.run_in_other("return window.paintedAt", json!([])).await.as_i64().unwrap_or_default();
        if at > 0 {
            return at;
        }
        assert!(begun.elapsed() < PATIENCE, "what is on screen was never painted");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// Both sides of the measurement go by the computer's clock.
#[expect(clippy::disallowed_methods, reason = "the page tells its time by the computer's clock")]
fn wall_clock() -> i64 {
    chrono::Utc::now().timestamp_millis()
}
