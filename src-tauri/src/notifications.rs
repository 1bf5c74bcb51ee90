//! The computer's own notifications of calls: a second way beside the window that shows who rings. One that is pressed shows its call.

use model::CallId;
use model::desk::Go;
use tauri::{AppHandle, Manager};
use tauri_plugin_notification::NotificationExt;

use crate::desk::Desk;
use crate::windows;

/// What a notification carries: the call that it tells of.
const CALL: &str = "call";
/// A press on the notification itself.
const PRESSED: &str = "tap";

/// Begins to hear of presses; those on what was told before are not heard.
pub(crate) fn listen(app: &AppHandle) {
    let told = app.clone();
    let outcome = app.notification().on_action(move |action| {
        let call = action.notification().and_then(|it| it.extra().get(CALL)?.as_str().map(CallId::from));
        if action.action_id() == PRESSED
            && let Some(id) = call
        {
            told.state::<Desk>().go(Go::Call { id });
            windows::show(&told);
        }
    });
    if let Err(error) = outcome {
        tracing::warn!(%error, "presses on notifications are not heard");
    }
}

/// Tells of a call. A desktop without notifications shows nothing.
///
/// # Errors
/// What the computer refuses.
pub(crate) fn tell(app: &AppHandle, title: &str, body: &str, call: &CallId) -> tauri_plugin_notification::Result<()> {
    app.notification().builder().title(title).body(body).extra(CALL, call.as_str()).show()
}
