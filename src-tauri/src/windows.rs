//! The windows: where they open, what they may load.

use std::path::PathBuf;

use tauri::{AppHandle, Manager, WebviewUrl, WebviewWindowBuilder, WindowEvent};

use crate::reach;

/// The label of the main window.
pub(crate) const MAIN: &str = "main";

/// Opens the main window, or makes it and leaves it hidden. `web_data` moves what the web view stores beside the data folder.
pub(crate) fn open_main(app: &AppHandle, web_data: Option<PathBuf>, is_hidden: bool) -> tauri::Result<()> {
    let mut builder = WebviewWindowBuilder::new(app, MAIN, WebviewUrl::default())
        .title("Frontdesk")
        .inner_size(1280.0, 800.0)
        .min_inner_size(1024.0, 680.0)
        // It is shown where it lay last, and never elsewhere before that.
        .visible(false)
        .focused(!is_hidden)
        .on_navigation(is_ours);
    if let Some(folder) = web_data {
        builder = builder.data_directory(folder);
    }
    let window = builder.build()?;
    let (app, main) = (app.clone(), window.clone());
    window.on_window_event(move |event| {
        if let WindowEvent::CloseRequested { api, .. } = event
            && reach::hides_on_close(&app)
            && main.hide().is_ok()
        {
            api.prevent_close();
        }
        // The window that shows who rings lives on hidden, and would keep the program alive with nothing on screen.
        if matches!(event, WindowEvent::Destroyed) {
            app.exit(0);
        }
    });
    if is_hidden { Ok(()) } else { window.show() }
}

/// Puts the main window on screen where it is hidden; who types elsewhere goes on typing.
pub(crate) fn unhide(app: &AppHandle) {
    let Some(window) = app.get_webview_window(MAIN).filter(|it| !it.is_visible().unwrap_or(true)) else { return };
    if let Err(error) = window.show() {
        tracing::warn!(%error, "the main window cannot be shown");
    }
}

/// Brings the main window to the front.
pub(crate) fn show(app: &AppHandle) {
    let Some(window) = app.get_webview_window(MAIN) else { return };
    // A window that cannot be raised stays where it is; nobody is waiting for an answer.
    let _ = window.show();
    let _ = window.unminimize();
    let _ = window.set_focus();
}

/// A window shows our own pages and nothing else.
pub(crate) fn is_ours(url: &tauri::Url) -> bool {
    match url.scheme() {
        "tauri" => true,
        "http" | "https" => url.host_str() == Some("tauri.localhost"),
        _ => url.as_str() == "about:blank",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_loads_nothing_from_outside() {
        let check = |url: &str, expected: bool| assert_eq!(is_ours(&url.parse().unwrap()), expected, "{url}");
        check("tauri://localhost/index.html", true);
        check("http://tauri.localhost/", true);
        check("https://example.com/", false);
        check("http://tauri.localhost.example.com/", false);
        check("file:///etc/passwd", false);
        check("data:text/html,x", false);
    }
}
