//! Conference rooms and web-conference links.

use model::booking_change::{BookingChanges, ChangesSince};
use model::conference_room::RoomBoard;
use model::message::QuickCall;
use model::room_calendar::{RoomBookings, RoomCalendar};
use model::{ConnectionId, Day, RoomId, Secret, Time};
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

/// Some days of all rooms: a week with its times, or a month.
#[tauri::command]
pub(crate) async fn room_calendar(desk: State<'_, Desk>, from: Day, days: u16) -> Result<RoomCalendar> {
    Ok(desk.console().await?.room_calendar(from, days).await?)
}

/// The bookings of one room over some days.
#[tauri::command]
pub(crate) async fn room_bookings(desk: State<'_, Desk>, room: RoomId, from: Day, days: u16) -> Result<RoomBookings> {
    Ok(desk.console().await?.room_bookings(room, from, days).await?)
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
