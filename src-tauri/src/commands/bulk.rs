//! Many messages planned as one.

use model::bulk::{Bulk, BulkDecision, BulkDraft, BulkExport, BulkFile, BulkPage, BulkQuery, BulkRow};
use model::export::Exported;
use model::message::HandedOver;
use model::{BulkId, ConnectionId};
use tauri::State;

use crate::desk::Desk;
use crate::error::Result;
use crate::exports::Exports;

/// What a file of messages holds, before it is planned.
#[tauri::command]
pub(crate) async fn bulk_read(desk: State<'_, Desk>, connection: ConnectionId, bytes: Vec<u8>) -> Result<BulkFile> {
    Ok(desk.console().await?.bulk_read(&connection, &bytes).await?)
}

/// Looks many messages through and keeps them as a plan; nothing is sent.
#[tauri::command]
pub(crate) async fn bulk_plan(desk: State<'_, Desk>, draft: BulkDraft) -> Result<Bulk> {
    Ok(desk.console().await?.bulk_plan(draft, &shell::user_name()).await?)
}

#[tauri::command]
pub(crate) async fn bulk_list(desk: State<'_, Desk>) -> Result<Vec<Bulk>> {
    Ok(desk.console().await?.bulk_list().await?)
}

#[tauri::command]
pub(crate) async fn bulk_get(desk: State<'_, Desk>, id: BulkId) -> Result<Bulk> {
    Ok(desk.console().await?.bulk_get(&id).await?)
}

#[tauri::command]
pub(crate) async fn bulk_rows(desk: State<'_, Desk>, id: BulkId, query: BulkQuery) -> Result<BulkPage> {
    Ok(desk.console().await?.bulk_rows(&id, query).await?)
}

/// Sends one message of each connection of a plan to nobody but the person who plans.
#[tauri::command]
pub(crate) async fn bulk_test(desk: State<'_, Desk>, id: BulkId, row: Option<u32>) -> Result<HandedOver> {
    Ok(desk.console().await?.bulk_test(&id, row).await?)
}

/// Begins to send a plan, or goes on with it.
#[tauri::command]
pub(crate) async fn bulk_run(desk: State<'_, Desk>, id: BulkId) -> Result<Bulk> {
    Ok(desk.console().await?.bulk_run(&id, &shell::user_name()).await?)
}

#[tauri::command]
pub(crate) async fn bulk_pause(desk: State<'_, Desk>, id: BulkId) -> Result<Bulk> {
    Ok(desk.console().await?.bulk_pause(&id).await?)
}

/// Ends a plan for good; what has not left is withheld.
#[tauri::command]
pub(crate) async fn bulk_stop(desk: State<'_, Desk>, id: BulkId) -> Result<Bulk> {
    Ok(desk.console().await?.bulk_stop(&id).await?)
}

/// What a person says of a row whose outcome nobody knows.
#[tauri::command]
pub(crate) async fn bulk_decide(
    desk: State<'_, Desk>,
    id: BulkId,
    row: u32,
    decision: BulkDecision,
) -> Result<BulkRow> {
    Ok(desk.console().await?.bulk_decide(&id, row, decision, &shell::user_name()).await?)
}

/// Sends again what was refused, and what is unknown where that is said.
#[tauri::command]
pub(crate) async fn bulk_retry(desk: State<'_, Desk>, id: BulkId, with_unknown: bool) -> Result<Bulk> {
    Ok(desk.console().await?.bulk_retry(&id, with_unknown, &shell::user_name()).await?)
}

/// Writes the rows of a plan to a file.
#[tauri::command]
pub(crate) async fn bulk_export(
    desk: State<'_, Desk>,
    exports: State<'_, Exports>,
    report: BulkExport,
) -> Result<Exported> {
    exports.bulk(&desk.console().await?, report).await
}

/// Forgets a plan of which nothing was sent.
#[tauri::command]
pub(crate) async fn bulk_remove(desk: State<'_, Desk>, id: BulkId) -> Result<()> {
    Ok(desk.console().await?.bulk_remove(&id).await?)
}
