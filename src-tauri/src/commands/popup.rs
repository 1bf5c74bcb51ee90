//! The window that shows who rings, and what it asks of the main one.

use model::desk::Go;
use model::{CallId, Failure, Reason, Why};
use tauri::ipc::Channel;
use tauri::{AppHandle, State};

use crate::desk::Desk;
use crate::error::Result;
use crate::{notifications, popup, windows};

#[tauri::command]
pub(crate) async fn popup_show(app: AppHandle, desk: State<'_, Desk>, height: f64) -> Result<()> {
    let settings = desk.console().await?.settings_get().await?.popup;
    Ok(done(popup::show(&app, &settings, height))?)
}

#[tauri::command]
pub(crate) async fn call_notify(app: AppHandle, title: String, body: String, id: CallId) -> Result<()> {
    let told = notifications::tell(&app, &title, &body, &id);
    Ok(told.map_err(|error| Failure::Refused(Why::new(Reason::NotUsable, error.to_string())))?)
}

#[tauri::command]
pub(crate) async fn popup_hide(app: AppHandle) -> Result<()> {
    Ok(done(popup::hide(&app))?)
}

#[tauri::command]
pub(crate) async fn popup_drag(app: AppHandle) -> Result<()> {
    Ok(done(popup::drag(&app))?)
}

#[tauri::command]
pub(crate) async fn popup_enter(app: AppHandle) -> Result<()> {
    Ok(done(popup::enter(&app).map(drop))?)
}

#[tauri::command]
pub(crate) async fn popup_leave(app: AppHandle) -> Result<()> {
    Ok(done(popup::leave(&app))?)
}

#[tauri::command]
pub(crate) async fn main_go(app: AppHandle, desk: State<'_, Desk>, to: Go) -> Result<()> {
    desk.go(to);
    windows::show(&app);
    Ok(())
}

#[tauri::command]
pub(crate) async fn go_subscribe(desk: State<'_, Desk>, channel: Channel<Go>) -> Result<()> {
    desk.follow_go(channel);
    Ok(())
}

#[tauri::command]
pub(crate) async fn lookup_open(desk: State<'_, Desk>, number: String) -> Result<()> {
    let page = desk.console().await?.lookup_page(&number).await?;
    Ok(shell::open_page(&page)?)
}

/// The platform's refusal as a failure.
fn done(outcome: tauri::Result<()>) -> std::result::Result<(), Failure> {
    outcome.map_err(|error| Failure::Refused(Why::new(Reason::NotUsable, error.to_string())))
}
