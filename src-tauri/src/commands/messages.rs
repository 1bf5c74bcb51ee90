//! Messages.

use model::chat_room::Destination;
use model::message::{Delivery, Draft};
use model::{ConnectionId, DraftId};
use tauri::State;

use crate::desk::Desk;
use crate::error::Result;

#[tauri::command]
pub(crate) async fn destinations_find(
    desk: State<'_, Desk>,
    connection: ConnectionId,
    text: String,
) -> Result<Vec<Destination>> {
    Ok(desk.console().await?.destinations_find(&connection, &text).await?)
}

#[tauri::command]
pub(crate) async fn draft_new(desk: State<'_, Desk>) -> Result<DraftId> {
    Ok(desk.console().await?.draft_new())
}

#[tauri::command]
pub(crate) async fn outbox_add(desk: State<'_, Desk>, draft: Draft) -> Result<Delivery> {
    Ok(desk.console().await?.outbox_add(draft).await?)
}

#[tauri::command]
pub(crate) async fn deliveries_list(desk: State<'_, Desk>) -> Result<Vec<Delivery>> {
    Ok(desk.console().await?.deliveries_list().await?)
}
