//! Keys that work from any program: `Ctrl Alt P` goes into the window that shows who rings.

use tauri::AppHandle;
use tauri_plugin_global_shortcut::{Builder, Code, GlobalShortcutExt, Modifiers, Shortcut, ShortcutState};

use crate::popup;

/// Registers them. Where another program has one already, or the desktop has none, the window works without.
pub(crate) fn register(app: &AppHandle) {
    let plugin = Builder::new()
        .with_handler(|app, _, event| {
            if event.state() == ShortcutState::Pressed
                && let Err(error) = popup::enter(app)
            {
                tracing::warn!(%error, "the keyboard could not go to the window that shows who rings");
            }
        })
        .build();
    let enter = Shortcut::new(Some(Modifiers::CONTROL | Modifiers::ALT), Code::KeyP);
    if let Err(error) = app.plugin(plugin) {
        tracing::warn!(%error, "there are no keys that work from any program");
    } else if let Err(error) = app.global_shortcut().register(enter) {
        tracing::warn!(%error, "a key that works from any program is taken");
    }
}
