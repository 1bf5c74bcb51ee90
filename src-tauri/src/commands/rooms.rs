//! Conference rooms and web-conference links.

use model::booking_change::{BookingChanges, ChangesSince};
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

/// What changed in bookings, as far as readings showed it.
#[tauri::command]
pub(crate) async fn booking_changes(desk: State<'_, Desk>, since: ChangesSince) -> Result<BookingChanges> {
    Ok(desk.console().await?.booking_changes(since).await?)
}

/// Remembers that the page of Today was printed for whoever comes next.
#[tauri::command]
pub(crate) async fn handed_over(desk: State<'_, Desk>) -> Result<()> {
    Ok(desk.console().await?.handed_over().await?)
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
