//! Calls.

use model::CallId;
use model::call::{CallBlock, CallDetail, CallFilter};
use tauri::State;

use crate::desk::Desk;
use crate::error::Result;

#[tauri::command]
pub(crate) async fn calls_block(desk: State<'_, Desk>, filter: CallFilter, block: u32) -> Result<CallBlock> {
    Ok(desk.console().await?.calls_block(filter, u64::from(block)).await?)
}

#[tauri::command]
pub(crate) async fn call_show(desk: State<'_, Desk>, id: CallId) -> Result<CallDetail> {
    Ok(desk.console().await?.call_show(&id).await?)
}
