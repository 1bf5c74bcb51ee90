//! Conference rooms and web-conference links.

use model::booking_change::{BookingChanges, ChangesSince};
use model::booking_detail::{BookingAnswer, BookingAsk, BookingDetail};
use model::conference_room::RoomBoard;
use model::export::Exported;
use model::message::{Delivery, QuickCall};
use model::room_calendar::{RoomBookings, RoomCalendar};
use model::room_overlay::{OverlaidRoom, OverlayImport, RoomOverlay};
use model::room_report::{RoomExport, RoomReport};
use model::{ConnectionId, Day, DraftId, ReservationId, RoomId, Secret, Time};
use tauri::State;

use crate::desk::Desk;
use crate::error::Result;
use crate::exports::Exports;

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

/// How rooms were used over some days.
#[tauri::command]
pub(crate) async fn room_report(desk: State<'_, Desk>, from: Day, days: u16) -> Result<RoomReport> {
    Ok(desk.console().await?.room_report(from, days).await?)
}

/// Writes bookings or a report to a file.
#[tauri::command]
pub(crate) async fn rooms_export(
    desk: State<'_, Desk>,
    exports: State<'_, Exports>,
    request: RoomExport,
) -> Result<Exported> {
    exports.rooms(&desk.console().await?, request).await
}

/// Every room with what is said of it on this desk.
#[tauri::command]
pub(crate) async fn room_overlays(desk: State<'_, Desk>) -> Result<Vec<OverlaidRoom>> {
    Ok(desk.console().await?.room_overlays().await?)
}

/// Says something of a room on this desk.
#[tauri::command]
pub(crate) async fn room_overlay_set(desk: State<'_, Desk>, room: RoomId, overlay: RoomOverlay) -> Result<()> {
    Ok(desk.console().await?.room_overlay_set(&room, overlay).await?)
}

/// Writes what is said of rooms to a file.
#[tauri::command]
pub(crate) async fn room_overlays_export(
    desk: State<'_, Desk>,
    exports: State<'_, Exports>,
    name: String,
) -> Result<Exported> {
    exports.room_overlays(&desk.console().await?, &name).await
}

/// Says of rooms what a file says.
#[tauri::command]
pub(crate) async fn room_overlays_import(desk: State<'_, Desk>, text: String) -> Result<OverlayImport> {
    Ok(desk.console().await?.room_overlays_import(&text).await?)
}

/// The picture of a room, as a `data:` address.
#[tauri::command]
pub(crate) async fn room_photo(desk: State<'_, Desk>, room: RoomId) -> Result<Option<String>> {
    Ok(desk.console().await?.room_photo(&room).await?)
}

/// One booking: its story, its organiser and what they were asked.
#[tauri::command]
pub(crate) async fn booking_show(desk: State<'_, Desk>, id: ReservationId) -> Result<BookingDetail> {
    Ok(desk.console().await?.booking_show(&id).await?)
}

/// Asks who booked whether it is still needed, through the outbox.
#[tauri::command]
pub(crate) async fn booking_ask(desk: State<'_, Desk>, ask: BookingAsk) -> Result<Delivery> {
    Ok(desk.console().await?.booking_ask(ask).await?)
}

/// Writes down what they answered, or takes it back.
#[tauri::command]
pub(crate) async fn booking_answer(
    desk: State<'_, Desk>,
    question: DraftId,
    answer: Option<BookingAnswer>,
) -> Result<()> {
    Ok(desk.console().await?.booking_answer(&question, answer).await?)
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
