//! The desktop shell: a window over the console. It holds no logic; a command is one call.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod commands;
mod desk;
mod drawing;
mod error;
mod exports;
mod habits;
mod hotkeys;
mod notifications;
mod popup;
mod reach;
mod sign_ins;
mod tray;
mod tray_place;
mod windows;

use std::process::ExitCode;

use desk::Desk;
use exports::Exports;
use model::desk::Go;
use reach::Outside;
use sign_ins::SignIns;
use tauri::Manager;
use tauri_plugin_window_state::StateFlags;

/// The argument with which the computer starts the program by itself: nothing comes on screen.
const HIDDEN: &str = "--hidden";

fn main() -> ExitCode {
    let started = std::time::Instant::now();
    drawing::prepare();
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
    let is_hidden = std::env::args().any(|argument| argument == HIDDEN);
    let is_demo = std::env::args().any(|argument| argument == "--demo");
    let is_usual = std::env::var_os("FRONTDESK_DATA_DIR").is_none();

    let mut builder = tauri::Builder::default().plugin(tauri_plugin_notification::init());
    if is_usual {
        // Another data folder is another console: it may run beside this one and remembers no window.
        builder = builder
            .plugin(tauri_plugin_single_instance::init(|app, arguments, _| {
                let is_hidden = arguments.iter().any(|argument| argument == HIDDEN);
                ask(app.state::<Desk>().inner(), arguments);
                if !is_hidden {
                    windows::show(app);
                }
            }))
            .plugin(tauri_plugin_window_state::Builder::default().with_state_flags(kept()).build())
            .plugin(tauri_plugin_autostart::Builder::new().arg(HIDDEN).app_name("Frontdesk").build());
    }
    let outcome = commands::register(builder)
        .setup(move |app| {
            let desk = Desk::open(dir.clone(), started, is_demo);
            ask(&desk, std::env::args());
            app.manage(Outside::default());
            hotkeys::prepare(app.handle());
            notifications::listen(app.handle());
            let web_data = (!is_usual).then(|| dir.join("webview"));
            tauri::async_runtime::spawn(make_popup(app.handle().clone(), desk.clone(), web_data.clone()));
            app.manage(desk.clone());
            app.manage(SignIns::default());
            app.manage(Exports::default());
            windows::open_main(app.handle(), web_data, is_hidden)?;
            // It shows a window that is hidden where nothing else brings it back: the window has to be there.
            habits::start(app.handle(), &desk, is_hidden, is_usual);
            Ok(())
        })
        .build(tauri::generate_context!());
    match outcome {
        Ok(app) => {
            app.run(|app, event| hear(app, &event));
            drop(log);
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("Frontdesk: the window cannot be opened: {error}");
            ExitCode::FAILURE
        }
    }
}

/// What is kept of a window: not whether it was on screen, which would show one that is to stay hidden.
fn kept() -> StateFlags {
    StateFlags::all() - StateFlags::VISIBLE
}

/// Asks for the number of a link that the program was opened with.
fn ask(desk: &Desk, arguments: impl IntoIterator<Item = String>) {
    if let Some(number) = arguments.into_iter().find_map(|it| shell::number_of_link(&it)) {
        desk.go(Go::Number { number });
    }
}

/// macOS hands a link over as an event; elsewhere it is an argument.
#[cfg(target_os = "macos")]
fn hear(app: &tauri::AppHandle, event: &tauri::RunEvent) {
    if let (tauri::RunEvent::Opened { urls }, Some(desk)) = (event, app.try_state::<Desk>()) {
        ask(desk.inner(), urls.iter().map(ToString::to_string));
        windows::show(app);
    }
}

#[cfg(not(target_os = "macos"))]
const fn hear(_: &tauri::AppHandle, _: &tauri::RunEvent) {}

/// Makes the window that shows who rings, once the main one has painted: it must not make anybody wait.
async fn make_popup(app: tauri::AppHandle, desk: Desk, web_data: Option<std::path::PathBuf>) {
    desk.until_painted().await;
    if let Err(error) = popup::make(&app, desk, web_data) {
        tracing::error!(%error, "the window that shows who rings cannot be made");
    }
}
