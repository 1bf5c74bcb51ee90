//! Conference rooms and web-conference links.

use model::conference_room::RoomBoard;
use model::message::QuickCall;
use model::{ConnectionId, Day, Secret, Time};
use tauri::State;

use crate::desk::Desk;
use crate::error::Result;

#[tauri::command]
pub(crate) async fn room_board(desk: State<'_, Desk>, day: Day) -> Result<RoomBoard> {
    Ok(desk.console().await?.room_board(day).await?)
}

#[tauri::command]
pub(crate) async fn room_board_read(desk: State<'_, Desk>, day: Day) -> Result<()> {
    Ok(desk.console().await?.room_board_read(day).await?)
}

#[tauri::command]
pub(crate) async fn quick_call_create(
    desk: State<'_, Desk>,
    connection: ConnectionId,
    expires_at: Time,
    password: Secret,
) -> Result<QuickCall> {
    Ok(desk.console().await?.quick_call_create(&connection, expires_at, Some(&password)).await?)
}
