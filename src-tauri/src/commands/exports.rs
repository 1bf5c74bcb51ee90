//! Lists written to files, and recordings kept as files.

use model::CallId;
use model::export::{CallExport, ExportProgress, Exported};
use tauri::State;
use tauri::ipc::Channel;

use crate::desk::Desk;
use crate::error::Result;
use crate::exports::Exports;

/// The folder that files are written into.
#[tauri::command]
pub(crate) async fn export_folder(exports: State<'_, Exports>) -> Result<String> {
    Ok(exports.folder()?.display().to_string())
}

/// Writes calls to a file; nothing where it was cancelled, and then no file is left.
#[tauri::command]
pub(crate) async fn calls_export(
    desk: State<'_, Desk>,
    exports: State<'_, Exports>,
    export: CallExport,
    channel: Channel<ExportProgress>,
) -> Result<Option<Exported>> {
    exports.calls(&desk.console().await?, export, channel).await
}

#[tauri::command]
pub(crate) async fn calls_export_cancel(exports: State<'_, Exports>) -> Result<()> {
    exports.cancel();
    Ok(())
}

/// Shows a written file in the computer's file manager.
#[tauri::command]
pub(crate) async fn export_reveal(exports: State<'_, Exports>, file: String) -> Result<()> {
    exports.show(&file)
}

/// Fetches the recording of a call from its system and keeps it as a file; its path.
#[tauri::command]
pub(crate) async fn recording_save(desk: State<'_, Desk>, exports: State<'_, Exports>, id: CallId) -> Result<String> {
    exports.recording(&desk.console().await?, &id).await
}
