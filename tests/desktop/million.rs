//! A million calls in the real window: searched as one types, gone through to the end and back, opened, noted and exported, all by
//! keyboard.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::{Value, json};
use speed::million::{Extent, make};

use crate::desk::settle;
use crate::window::{Window, keys};

/// Calls that are made, and how often they are copied.
const MADE: usize = 50_000;
const COPIES: i64 = 20;

/// The longest way by Tab to anything in a dialog.
const FARTHEST: usize = 60;

async fn count(window: &Window, filter: Value) -> u64 {
    let counts = window.command("calls_count", json!({ "filters": [filter] })).await;
    counts[0].as_u64().expect("a count is a number")
}

/// As the window shows it in English.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let groups: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().map(|it| std::str::from_utf8(it).expect("digits are text")).collect();
    groups.join(",")
}

/// Waits until the row of this number has the focus and shows its call.
async fn stands_at(window: &Window, row: u64) {
    let script =
        "const it = document.activeElement; return [it?.getAttribute('aria-rowindex'), it?.getAttribute('aria-label')]";
    let mut seen = Value::Null;
    for _ in 0..200 {
        seen = window.run(script, json!([])).await;
        if seen[0] == json!((row + 2).to_string()) && seen[1].as_str().is_some_and(|name| name.len() > 5) {
            return;
        }
        window.rests().await;
    }
    panic!("row {row} has not the focus or no call: {seen}");
}

/// Waits until the table has so many rows.
async fn lists(window: &Window, rows: u64) {
    let script = "return document.querySelector('[role=grid]')?.getAttribute('aria-rowcount')";
    let mut seen = Value::Null;
    for _ in 0..200 {
        seen = window.run(script, json!([])).await;
        if seen == json!((rows + 1).to_string()) {
            return;
        }
        window.rests().await;
    }
    panic!("the table has {seen} rows with its head and not {rows}");
}

/// Goes by Tab to what is called so, and presses Enter.
async fn enter(window: &Window, name: &str) {
    for _ in 0..FARTHEST {
        let script = "const it = document.activeElement; return (it?.getAttribute('aria-label') || it?.textContent || '').trim()";
        if window.run(script, json!([])).await.as_str().is_some_and(|it| it.starts_with(name)) {
            window.keys(&[keys::ENTER]).await;
            return;
        }
        window.keys(&[keys::TAB]).await;
    }
    panic!("“{name}” cannot be reached by Tab");
}

/// Makes a million records of calls; how many calls are listed.
async fn fill(data: &Path) -> u64 {
    #[expect(clippy::disallowed_methods, reason = "the program under test goes by the computer's clock")]
    let now = chrono::Utc::now();
    let until = model::Time::from_millis(now.timestamp_millis()).expect("it is an instant");
    let extent = Extent { calls: MADE, customers: 2_000, people: 200, until };
    make(data, extent).await.expect("a cache can be made");
    let listed = speed::multiply(data, COPIES).expect("a cache can be multiplied");
    assert!(listed > 880_000, "a million records are {listed} calls: every fifth is seen by both systems");
    listed
}

/// Opens a call whose note is kept here, and writes it.
async fn note(window: &Window) {
    let block = window.command("calls_block", json!({ "filter": {}, "block": 0 })).await;
    let calls = block["calls"].as_array().expect("a block has calls");
    let at = calls.iter().position(|it| it["connection"] == "cloud" && it["same"] == json!([]));
    let at = at.expect("the cloud alone sees every third call");
    for row in 1..=at as u64 {
        window.keys(&[keys::DOWN]).await;
        stands_at(window, row).await;
    }
    window.keys(&[keys::ENTER]).await;
    window.sees("Raw record").await;
    window.keys(&["n"]).await;
    window.type_into("Note", "来週に折り返し").await;
    window.keys(&[keys::CONTROL, keys::ENTER]).await;
    window.sees("Note saved").await;
    let shown = window.command("call_show", json!({ "id": calls[at]["id"] })).await;
    assert_eq!(shown["call"]["note"], "来週に折り返し");
    assert_eq!(count(window, json!({ "search": "来週に折り返し" })).await, 1);
}

/// Exports what a search shows.
async fn export(window: &Window, data: &Path, found: u64) {
    window.keys(&["/"]).await;
    window.type_into("Name, number, note", "山口").await;
    window.sees(&format!("{} calls", grouped(found))).await;
    window.keys(&[keys::CONTROL, "e"]).await;
    window.has("dialog", "Export calls").await;
    enter(window, "Write the file").await;
    window.sees("Show in folder").await;
    let files: Vec<_> = std::fs::read_dir(data.join("exports")).expect("a folder for exports").collect();
    assert_eq!(files.len(), 1, "one file and no trace of it being written");
    let text = std::fs::read_to_string(files[0].as_ref().expect("it can be looked at").path()).expect("it is text");
    let lines: BTreeSet<&str> = text.lines().skip(1).collect();
    assert_eq!(text.lines().count() as u64, found + 1);
    assert!(lines.len() as u64 > found / 2, "the rows are not all the same");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a display: cargo xtask test"]
async fn a_million_calls_are_searched_walked_noted_and_exported_by_keyboard() {
    let data = tempfile::tempdir().expect("there is room for a million calls");
    let listed = fill(data.path()).await;
    let window = Window::open("million", data.path(), &[]).await;
    settle(&window, "en", "light").await;
    window.reload().await;
    window.sees(&format!("of {}", grouped(listed))).await;

    // As one types, by a surname of two kanji.
    let found = count(&window, json!({ "search": "山口" })).await;
    assert!(found > 1_000 && found < listed / 10);
    window.keys(&["/"]).await;
    window.type_into("Name, number, note", "山").await;
    let more = count(&window, json!({ "search": "山" })).await;
    window.sees(&format!("{} calls", grouped(more))).await;
    window.type_into("Name, number, note", "口").await;
    window.sees(&format!("{} calls", grouped(found))).await;
    window.has("row", "山口").await;
    window.picture("million-search").await;

    // To the end and back, first of what was found, then of everything.
    window.keys(&[keys::DOWN]).await;
    stands_at(&window, 0).await;
    for total in [found, listed] {
        if total == listed {
            window.keys(&["/"]).await;
            window.keys(&[keys::ESCAPE]).await;
            lists(&window, listed).await;
            window.keys(&[keys::ESCAPE]).await;
        }
        window.keys(&[keys::HOME]).await;
        stands_at(&window, 0).await;
        window.keys(&[keys::END]).await;
        stands_at(&window, total - 1).await;
        window.keys(&[keys::UP]).await;
        stands_at(&window, total - 2).await;
        window.keys(&[keys::HOME]).await;
        stands_at(&window, 0).await;
    }

    note(&window).await;
    export(&window, data.path(), found).await;
    window.close().await;
}
