//! The least that a Tauri program can be: one window with one line of text, which says when it was painted. `cargo xtask bench`
//! compares the console with it.

use std::time::Instant;

/// When the program began.
struct Began(Instant);

/// The page calls this after its first frame.
#[tauri::command]
fn painted(began: tauri::State<'_, Began>) {
    if std::env::var_os("FRONTDESK_REPORT_PAINT").is_some() {
        eprintln!("painted {}", began.0.elapsed().as_millis());
    }
}

fn main() {
    tauri::Builder::default()
        .manage(Began(Instant::now()))
        .invoke_handler(tauri::generate_handler![painted])
        .run(tauri::generate_context!())
        .expect("a window can be opened");
}
