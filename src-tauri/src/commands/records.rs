//! Administration records: read, staged, committed, put back.

use model::record::Resource;
use model::snapshot::{Drift, DriftPick, DriftStaged, SnapshotSaved};
use model::staging::{
    CommitReport, Done, FieldText, OwnLink, PutBack, RecordsAsk, RecordsBlock, RequestPreview, StageTarget, Staged,
};
use model::{ConnectionId, DoneId, DriftId, Raw, StageId};
use tauri::State;

use crate::desk::Desk;
use crate::error::Result;
use crate::exports::Exports;

#[tauri::command]
pub(crate) async fn records_resources(desk: State<'_, Desk>, connection: ConnectionId) -> Result<Vec<Resource>> {
    Ok(desk.console().await?.records_resources(&connection).await?)
}

#[tauri::command]
pub(crate) async fn records_read(desk: State<'_, Desk>, connection: ConnectionId, resource: String) -> Result<u32> {
    Ok(desk.console().await?.records_read(&connection, &resource).await?)
}

#[tauri::command]
pub(crate) async fn records_block(desk: State<'_, Desk>, ask: RecordsAsk) -> Result<RecordsBlock> {
    Ok(desk.console().await?.records_block(&ask).await?)
}

#[tauri::command]
pub(crate) async fn stages_list(desk: State<'_, Desk>, connection: ConnectionId) -> Result<Vec<Staged>> {
    Ok(desk.console().await?.stages_list(&connection).await?)
}

#[tauri::command]
pub(crate) async fn stage_texts(
    desk: State<'_, Desk>,
    target: StageTarget,
    texts: Vec<FieldText>,
) -> Result<Option<Staged>> {
    Ok(desk.console().await?.stage_texts(&target, &texts).await?)
}

#[tauri::command]
pub(crate) async fn stage_json(desk: State<'_, Desk>, target: StageTarget, row: Raw) -> Result<Option<Staged>> {
    Ok(desk.console().await?.stage_json(&target, &row).await?)
}

#[tauri::command]
pub(crate) async fn stage_new(desk: State<'_, Desk>, connection: ConnectionId, resource: String) -> Result<Staged> {
    Ok(desk.console().await?.stage_new(&connection, &resource).await?)
}

#[tauri::command]
pub(crate) async fn stage_copies(
    desk: State<'_, Desk>,
    connection: ConnectionId,
    resource: String,
    keys: Vec<String>,
) -> Result<Vec<Staged>> {
    Ok(desk.console().await?.stage_copies(&connection, &resource, &keys).await?)
}

#[tauri::command]
pub(crate) async fn stage_deletes(
    desk: State<'_, Desk>,
    connection: ConnectionId,
    resource: String,
    keys: Vec<String>,
) -> Result<()> {
    Ok(desk.console().await?.stage_deletes(&connection, &resource, &keys).await?)
}

/// Stages a row that opens this program when a call comes in.
#[tauri::command]
pub(crate) async fn stage_own_link(
    desk: State<'_, Desk>,
    connection: ConnectionId,
    resource: String,
) -> Result<OwnLink> {
    Ok(desk.console().await?.stage_own_link(&connection, &resource).await?)
}

#[tauri::command]
pub(crate) async fn stages_drop(desk: State<'_, Desk>, connection: ConnectionId, ids: Vec<StageId>) -> Result<()> {
    Ok(desk.console().await?.stages_drop(&connection, &ids).await?)
}

#[tauri::command]
pub(crate) async fn stage_undo(desk: State<'_, Desk>, connection: ConnectionId) -> Result<bool> {
    Ok(desk.console().await?.stage_undo(&connection).await?)
}

#[tauri::command]
pub(crate) async fn stage_resolve(
    desk: State<'_, Desk>,
    connection: ConnectionId,
    id: StageId,
    mine: Vec<String>,
) -> Result<Option<Staged>> {
    Ok(desk.console().await?.stage_resolve(&connection, &id, &mine).await?)
}

#[tauri::command]
pub(crate) async fn stage_again(desk: State<'_, Desk>, connection: ConnectionId, id: StageId) -> Result<()> {
    Ok(desk.console().await?.stage_again(&connection, &id).await?)
}

#[tauri::command]
pub(crate) async fn stages_preview(desk: State<'_, Desk>, connection: ConnectionId) -> Result<Vec<RequestPreview>> {
    Ok(desk.console().await?.stages_preview(&connection).await?)
}

#[tauri::command]
pub(crate) async fn stages_commit(
    desk: State<'_, Desk>,
    connection: ConnectionId,
    ids: Vec<StageId>,
    confirmed: Vec<String>,
) -> Result<CommitReport> {
    Ok(desk.console().await?.stages_commit(&connection, &ids, &confirmed).await?)
}

#[tauri::command]
pub(crate) async fn stages_done(desk: State<'_, Desk>, connection: ConnectionId) -> Result<Vec<Done>> {
    Ok(desk.console().await?.stages_done(&connection).await?)
}

#[tauri::command]
pub(crate) async fn stages_put_back(
    desk: State<'_, Desk>,
    connection: ConnectionId,
    ids: Vec<DoneId>,
) -> Result<PutBack> {
    Ok(desk.console().await?.stages_put_back(&connection, &ids).await?)
}

/// Writes every row of every resource to one file, without secret values.
#[tauri::command]
pub(crate) async fn snapshot_save(
    desk: State<'_, Desk>,
    exports: State<'_, Exports>,
    connection: ConnectionId,
    name: String,
) -> Result<SnapshotSaved> {
    exports.snapshot(&desk.console().await?, &connection, &name).await
}

/// What became different since a snapshot, which is given as the text of its file.
#[tauri::command]
pub(crate) async fn snapshot_compare(desk: State<'_, Desk>, connection: ConnectionId, text: String) -> Result<Drift> {
    Ok(desk.console().await?.snapshot_compare(&connection, text).await?)
}

/// Stages rows as a snapshot has them; nothing is sent.
#[tauri::command]
pub(crate) async fn drift_stage(
    desk: State<'_, Desk>,
    connection: ConnectionId,
    drift: DriftId,
    picks: Vec<DriftPick>,
) -> Result<DriftStaged> {
    Ok(desk.console().await?.drift_stage(&connection, &drift, &picks).await?)
}
