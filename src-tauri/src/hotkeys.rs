//! Keys that work from any program: `Ctrl Alt P` goes into the window that shows who rings.

use std::time::Duration;

use tauri::AppHandle;
use tauri::async_runtime::spawn;
use tauri_plugin_global_shortcut::{Builder, Code, GlobalShortcutExt, Modifiers, Shortcut, ShortcutState};

use crate::popup;

/// Between two tries to get a key that is taken.
const PAUSE: Duration = Duration::from_secs(3);

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
        spawn(again(app.clone(), enter));
    }
}

/// Tries again now and then: the program that has the key may end, such as another desk of ours.
async fn again(app: AppHandle, key: Shortcut) {
    loop {
        tokio::time::sleep(PAUSE).await;
        if app.global_shortcut().register(key).is_ok() {
            return;
        }
    }
}
