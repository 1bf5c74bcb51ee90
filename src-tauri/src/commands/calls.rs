//! Calls.

use model::call::{Call, CallBlock, CallDetail, CallFilter, CallNoted, CallPlace, CallVolume, UnknownCaller};
use model::call_view::CallView;
use model::{CallId, CallViewId, Raw, Time};
use tauri::State;

use crate::desk::Desk;
use crate::error::Result;

#[tauri::command]
pub(crate) async fn calls_block(desk: State<'_, Desk>, filter: CallFilter, block: u32) -> Result<CallBlock> {
    Ok(desk.console().await?.calls_block(filter, u64::from(block)).await?)
}

#[tauri::command]
pub(crate) async fn calls_count(desk: State<'_, Desk>, filters: Vec<CallFilter>) -> Result<Vec<u32>> {
    Ok(desk.console().await?.calls_count(filters).await?)
}

/// How many calls of the filter began between each two neighbouring edges, which must rise.
#[tauri::command]
pub(crate) async fn calls_volume(
    desk: State<'_, Desk>,
    filter: CallFilter,
    edges: Vec<Time>,
) -> Result<Vec<CallVolume>> {
    Ok(desk.console().await?.calls_volume(filter, edges).await?)
}

/// Where a call stands in the list of a filter.
#[tauri::command]
pub(crate) async fn call_place(desk: State<'_, Desk>, filter: CallFilter, id: CallId) -> Result<Option<CallPlace>> {
    Ok(desk.console().await?.call_place(filter, &id).await?)
}

/// Names of lines that calls came in on.
#[tauri::command]
pub(crate) async fn call_lines(desk: State<'_, Desk>) -> Result<Vec<String>> {
    Ok(desk.console().await?.call_lines().await?)
}

#[tauri::command]
pub(crate) async fn call_show(desk: State<'_, Desk>, id: CallId) -> Result<CallDetail> {
    Ok(desk.console().await?.call_show(&id).await?)
}

/// Writes the note of a call. `seen` is the record that the person looked at.
#[tauri::command]
pub(crate) async fn call_note(desk: State<'_, Desk>, id: CallId, text: String, seen: Option<Raw>) -> Result<CallNoted> {
    Ok(desk.console().await?.call_note(&id, &text, seen).await?)
}

/// Calls of other connections that began about the same time and are not yet said to be the same or another.
#[tauri::command]
pub(crate) async fn calls_beside(desk: State<'_, Desk>, id: CallId) -> Result<Vec<Call>> {
    Ok(desk.console().await?.calls_beside(&id).await?)
}

/// Says that two records are one call; this holds whatever is read later.
#[tauri::command]
pub(crate) async fn call_join(desk: State<'_, Desk>, id: CallId, other: CallId) -> Result<Call> {
    Ok(desk.console().await?.call_join(&id, &other).await?)
}

/// Says that two records are two calls; this holds whatever is read later.
#[tauri::command]
pub(crate) async fn call_separate(desk: State<'_, Desk>, id: CallId, other: CallId) -> Result<Call> {
    Ok(desk.console().await?.call_separate(&id, &other).await?)
}

/// The numbers that rang most since then and stand in no address book.
#[tauri::command]
pub(crate) async fn callers_unknown(
    desk: State<'_, Desk>,
    since: Option<Time>,
    limit: u32,
) -> Result<Vec<UnknownCaller>> {
    Ok(desk.console().await?.callers_unknown(since, limit).await?)
}

#[tauri::command]
pub(crate) async fn call_views(desk: State<'_, Desk>) -> Result<Vec<CallView>> {
    Ok(desk.console().await?.call_views().await?)
}

/// Keeps a view: a new one at the end, a known one where it stands.
#[tauri::command]
pub(crate) async fn call_view_save(desk: State<'_, Desk>, view: CallView) -> Result<Vec<CallView>> {
    Ok(desk.console().await?.call_view_save(view).await?)
}

#[tauri::command]
pub(crate) async fn call_view_remove(desk: State<'_, Desk>, id: CallViewId) -> Result<Vec<CallView>> {
    Ok(desk.console().await?.call_view_remove(&id).await?)
}
