//! The desktop shell: a window over the console. It holds no logic; a command is one call.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod commands;
mod desk;
mod error;
mod exports;
mod habits;
mod hotkeys;
mod popup;
mod sign_ins;
mod tray;
mod tray_place;
mod windows;

use std::process::ExitCode;

use desk::Desk;
use exports::Exports;
use model::desk::Go;
use sign_ins::SignIns;
use tauri::Manager;

fn main() -> ExitCode {
    let started = std::time::Instant::now();
    let Some(dir) = shell::data_dir(None) else {
        eprintln!(
            "Frontdesk: this user has no folder for application data. Set FRONTDESK_DATA_DIR to one that can be written."
        );
        return ExitCode::FAILURE;
    };
    if let Err(error) = std::fs::create_dir_all(&dir) {
        eprintln!(
            "Frontdesk: {} cannot be made: {error}. Check its permissions, or set FRONTDESK_DATA_DIR.",
            dir.display()
        );
        return ExitCode::FAILURE;
    }
    let log = shell::start_log(&dir);
    let is_demo = std::env::args().any(|argument| argument == "--demo");
    let is_usual = std::env::var_os("FRONTDESK_DATA_DIR").is_none();

    let mut builder = tauri::Builder::default();
    if is_usual {
        // Another data folder is another console: it may run beside this one and remembers no window.
        builder = builder
            .plugin(tauri_plugin_single_instance::init(|app, arguments, _| {
                ask(app.state::<Desk>().inner(), arguments);
                windows::show(app);
            }))
            .plugin(tauri_plugin_window_state::Builder::default().build());
    }
    let outcome = commands::register(builder)
        .setup(move |app| {
            let desk = Desk::open(dir.clone(), started, is_demo);
            ask(&desk, std::env::args());
            hotkeys::prepare(app.handle());
            let web_data = (!is_usual).then(|| dir.join("webview"));
            tauri::async_runtime::spawn(make_popup(app.handle().clone(), desk.clone(), web_data.clone()));
            habits::start(app.handle(), &desk);
            app.manage(desk);
            app.manage(SignIns::default());
            app.manage(Exports::default());
            windows::open_main(app.handle(), web_data)?;
            Ok(())
        })
        .run(tauri::generate_context!());
    drop(log);
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("Frontdesk: the window cannot be opened: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Asks for the number of a link that the program was opened with.
fn ask(desk: &Desk, arguments: impl IntoIterator<Item = String>) {
    if let Some(number) = arguments.into_iter().find_map(|it| shell::number_of_link(&it)) {
        desk.go(Go::Number { number });
    }
}

/// Makes the window that shows who rings, once the main one has painted: it must not make anybody wait.
async fn make_popup(app: tauri::AppHandle, desk: Desk, web_data: Option<std::path::PathBuf>) {
    desk.until_painted().await;
    if let Err(error) = popup::make(&app, desk, web_data) {
        tracing::error!(%error, "the window that shows who rings cannot be made");
    }
}
