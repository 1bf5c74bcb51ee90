//! What was done at systems through this console.

use model::audit::{AuditExport, AuditFilter, AuditPage, AuditPutBack, AuditVerdict};
use model::export::Exported;
use tauri::State;

use crate::desk::Desk;
use crate::error::Result;
use crate::exports::Exports;

#[tauri::command]
pub(crate) async fn audit_list(desk: State<'_, Desk>, filter: AuditFilter, before: Option<u64>) -> Result<AuditPage> {
    Ok(desk.console().await?.audit_list(&filter, before).await?)
}

#[tauri::command]
pub(crate) async fn audit_verify(desk: State<'_, Desk>) -> Result<AuditVerdict> {
    Ok(desk.console().await?.audit_verify().await?)
}

/// Writes the log to a file.
#[tauri::command]
pub(crate) async fn audit_export(
    desk: State<'_, Desk>,
    exports: State<'_, Exports>,
    request: AuditExport,
) -> Result<Exported> {
    exports.audit(&desk.console().await?, request).await
}

/// Takes an entry back by another write.
#[tauri::command]
pub(crate) async fn audit_put_back(desk: State<'_, Desk>, number: u64) -> Result<AuditPutBack> {
    Ok(desk.console().await?.audit_put_back(number).await?)
}
