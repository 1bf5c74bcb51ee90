//! Chat rooms.

use model::chat_room::{
    ChatAddress, ChatAddressTable, ChatRoomEdit, ChatRoomPlan, ChatRoomRead, ChatRoomSaved, ChatRoomVersion, KeptRoom,
};
use model::listed_room::{ListedRoom, NewListedRoom, RoomPerson};
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

#[tauri::command]
pub(crate) async fn listed_rooms(desk: State<'_, Desk>, connection: ConnectionId) -> Result<Vec<ListedRoom>> {
    Ok(desk.console().await?.listed_rooms(&connection).await?)
}

#[tauri::command]
pub(crate) async fn listed_room_people(desk: State<'_, Desk>, room: ListedRoom) -> Result<Vec<RoomPerson>> {
    Ok(desk.console().await?.listed_room_people(&room).await?)
}

#[tauri::command]
pub(crate) async fn listed_room_create(
    desk: State<'_, Desk>,
    connection: ConnectionId,
    room: NewListedRoom,
) -> Result<ListedRoom> {
    Ok(desk.console().await?.listed_room_create(&connection, &room).await?)
}

#[tauri::command]
pub(crate) async fn listed_room_rename(desk: State<'_, Desk>, room: ListedRoom, name: String) -> Result<ListedRoom> {
    Ok(desk.console().await?.listed_room_rename(&room, &name).await?)
}

#[tauri::command]
pub(crate) async fn chat_addresses_list(desk: State<'_, Desk>, connection: ConnectionId) -> Result<Vec<ChatAddress>> {
    Ok(desk.console().await?.chat_addresses_list(&connection).await?)
}

#[tauri::command]
pub(crate) async fn chat_addresses_read(desk: State<'_, Desk>, bytes: Vec<u8>) -> Result<ChatAddressTable> {
    Ok(desk.console().await?.chat_addresses_read(&bytes)?)
}

#[tauri::command]
pub(crate) async fn chat_addresses_add(
    desk: State<'_, Desk>,
    connection: ConnectionId,
    addresses: Vec<ChatAddress>,
) -> Result<()> {
    Ok(desk.console().await?.chat_addresses_add(&connection, addresses).await?)
}

#[tauri::command]
pub(crate) async fn chat_address_remove(desk: State<'_, Desk>, connection: ConnectionId, uid: String) -> Result<()> {
    Ok(desk.console().await?.chat_address_remove(&connection, &uid).await?)
}
