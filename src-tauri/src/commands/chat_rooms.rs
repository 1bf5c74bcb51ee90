//! Chat rooms.

use model::chat_room::{ChatRoom, ChatRoomPlan, ChatRoomSaved, KeptRoom};
use model::{ConnectionId, KeptRoomId};
use tauri::State;

use crate::desk::Desk;
use crate::error::Result;

#[tauri::command]
pub(crate) async fn chat_rooms_list(desk: State<'_, Desk>) -> Result<Vec<KeptRoom>> {
    Ok(desk.console().await?.chat_rooms_list().await?)
}

#[tauri::command]
pub(crate) async fn chat_room_import(
    desk: State<'_, Desk>,
    connection: ConnectionId,
    text: String,
) -> Result<KeptRoom> {
    Ok(desk.console().await?.chat_room_import(&connection, &text).await?)
}

#[tauri::command]
pub(crate) async fn chat_room_plan(
    desk: State<'_, Desk>,
    connection: ConnectionId,
    kept: Option<KeptRoomId>,
    edit: ChatRoom,
) -> Result<ChatRoomPlan> {
    Ok(desk.console().await?.chat_room_plan(&connection, kept.as_ref(), &edit).await?)
}

#[tauri::command]
pub(crate) async fn chat_room_save(
    desk: State<'_, Desk>,
    connection: ConnectionId,
    kept: Option<KeptRoomId>,
    edit: ChatRoom,
) -> Result<ChatRoomSaved> {
    Ok(desk.console().await?.chat_room_save(&connection, kept.as_ref(), &edit).await?)
}

#[tauri::command]
pub(crate) async fn chat_room_forget(desk: State<'_, Desk>, id: KeptRoomId) -> Result<()> {
    Ok(desk.console().await?.chat_room_forget(&id).await?)
}
