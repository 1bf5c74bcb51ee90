//! The program itself: settings, the demo office, what is told unasked.

use model::desk::{AppStart, Reach, Settings};
use model::event::Event;
use model::{Failure, Reason, Why};
use tauri::ipc::Channel;
use tauri::{AppHandle, State, WebviewWindow};

use crate::desk::Desk;
use crate::error::Result;
use crate::reach;

#[tauri::command]
pub(crate) async fn app_start(desk: State<'_, Desk>) -> Result<AppStart> {
    Ok(desk.beginning().await?)
}

#[tauri::command]
pub(crate) async fn app_painted(desk: State<'_, Desk>) -> Result<()> {
    desk.painted();
    Ok(())
}

/// Prints what the window shows. The web view's own way is not the same on every platform.
#[tauri::command]
pub(crate) async fn app_print(window: WebviewWindow) -> Result<()> {
    let told = |error: tauri::Error| Failure::Refused(Why::new(Reason::SystemRefused, error.to_string()));
    Ok(window.print().map_err(told)?)
}

#[tauri::command]
pub(crate) async fn settings_get(desk: State<'_, Desk>) -> Result<Settings> {
    Ok(desk.console().await?.settings_get().await?)
}

#[tauri::command]
pub(crate) async fn settings_set(desk: State<'_, Desk>, settings: Settings) -> Result<()> {
    Ok(desk.console().await?.settings_set(settings).await?)
}

#[tauri::command]
pub(crate) async fn demo_start(desk: State<'_, Desk>) -> Result<()> {
    Ok(desk.start_demo().await?)
}

#[tauri::command]
pub(crate) async fn demo_stop(desk: State<'_, Desk>) -> Result<()> {
    Ok(desk.stop_demo().await?)
}

#[tauri::command]
pub(crate) async fn events_subscribe(
    desk: State<'_, Desk>,
    window: WebviewWindow,
    channel: Channel<Event>,
) -> Result<()> {
    Ok(desk.subscribe(window.label().to_owned(), channel).await?)
}

#[tauri::command]
pub(crate) async fn reach_subscribe(app: AppHandle, channel: Channel<Reach>) -> Result<()> {
    reach::follow(&app, channel);
    Ok(())
}
