//! Chat rooms.

use model::chat_room::{ChatRoomEdit, ChatRoomPlan, ChatRoomRead, ChatRoomSaved, ChatRoomVersion, KeptRoom};
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
pub(crate) async fn chat_room_read(
    desk: State<'_, Desk>,
    connection: ConnectionId,
    text: String,
) -> Result<ChatRoomRead> {
    Ok(desk.console().await?.chat_room_read(&connection, &text).await?)
}

#[tauri::command]
pub(crate) async fn chat_room_plan(desk: State<'_, Desk>, edit: ChatRoomEdit) -> Result<ChatRoomPlan> {
    Ok(desk.console().await?.chat_room_plan(&edit).await?)
}

#[tauri::command]
pub(crate) async fn chat_room_save(desk: State<'_, Desk>, edit: ChatRoomEdit) -> Result<ChatRoomSaved> {
    Ok(desk.console().await?.chat_room_save(&edit).await?)
}

#[tauri::command]
pub(crate) async fn chat_room_versions(desk: State<'_, Desk>, id: KeptRoomId) -> Result<Vec<ChatRoomVersion>> {
    Ok(desk.console().await?.chat_room_versions(&id).await?)
}

#[tauri::command]
pub(crate) async fn chat_room_choose_test(
    desk: State<'_, Desk>,
    connection: ConnectionId,
    id: Option<KeptRoomId>,
) -> Result<()> {
    Ok(desk.console().await?.chat_room_choose_test(&connection, id.as_ref()).await?)
}

#[tauri::command]
pub(crate) async fn chat_room_forget(desk: State<'_, Desk>, id: KeptRoomId) -> Result<()> {
    Ok(desk.console().await?.chat_room_forget(&id).await?)
}
