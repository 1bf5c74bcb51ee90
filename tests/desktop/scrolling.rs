//! How smoothly a million rows scroll in the real window, beside plain boxes in the same window. A measurement, started by
//! `cargo xtask bench`: it asserts only that the rows were really there.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::desk::settle;
use crate::window::Window;

/// Frames that are looked at.
const FRAMES: u32 = 600;

async fn scroll(window: &Window, script: &str) -> Value {
    window.run_until_called(script, json!([FRAMES])).await
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "a measurement: cargo xtask bench"]
async fn the_whole_list_scrolls_beside_plain_boxes() {
    let data = PathBuf::from(std::env::var_os("FRONTDESK_SPEED_DATA").expect("cargo xtask bench names a full cache"));
    let window = Window::open("scrolling", &data, &[]).await;
    settle(&window, "en", "light").await;
    window.reload().await;
    window.has("row", "Answered").await;
    window.rests().await;
    let list = scroll(&window, include_str!("scroll-list.js")).await;
    assert_eq!(list["frames"], FRAMES, "{list}");
    assert!(list["filled"].as_u64().unwrap_or_default() > 0, "rows were drawn while they passed: {list}");
    let boxes = scroll(&window, include_str!("scroll-boxes.js")).await;
    assert_eq!(boxes["frames"], FRAMES, "{boxes}");
    let permille = |it: &Value| it["late"].as_f64().unwrap_or(f64::NAN) * 1_000.0 / f64::from(FRAMES);
    let told = json!({
        "late_permille": permille(&list), "floor_permille": permille(&boxes),
        "filled": list["filled"], "median_ms": list["median"], "floor_median_ms": boxes["median"],
    });
    println!("scrolled {told}");
    window.close().await;
}
