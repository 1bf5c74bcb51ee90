//! Connections: add, test, replace a secret, remove, read now.

use model::about::About;
use model::connection::{CheckUp, ConnectionView, NewConnection};
use model::desk::SyncReport;
use model::{ConnectionId, Secret};
use tauri::State;

use crate::desk::Desk;
use crate::error::Result;

#[tauri::command]
pub(crate) async fn systems_list(desk: State<'_, Desk>) -> Result<Vec<About>> {
    Ok(desk.console().await?.systems_list())
}

#[tauri::command]
pub(crate) async fn connections_list(desk: State<'_, Desk>) -> Result<Vec<ConnectionView>> {
    Ok(desk.console().await?.connections_list().await?)
}

#[tauri::command]
pub(crate) async fn connection_add(desk: State<'_, Desk>, connection: NewConnection) -> Result<ConnectionView> {
    Ok(desk.console().await?.connection_add(connection).await?)
}

#[tauri::command]
pub(crate) async fn connection_test(desk: State<'_, Desk>, id: ConnectionId) -> Result<CheckUp> {
    Ok(desk.console().await?.connection_test(&id).await?)
}

#[tauri::command]
pub(crate) async fn connection_replace_secret(
    desk: State<'_, Desk>,
    id: ConnectionId,
    key: String,
    secret: Secret,
) -> Result<()> {
    Ok(desk.console().await?.connection_replace_secret(&id, &key, secret).await?)
}

#[tauri::command]
pub(crate) async fn connection_forget_secret(desk: State<'_, Desk>, id: ConnectionId, key: String) -> Result<()> {
    Ok(desk.console().await?.connection_forget_secret(&id, &key).await?)
}

#[tauri::command]
pub(crate) async fn connection_remove(desk: State<'_, Desk>, id: ConnectionId) -> Result<()> {
    Ok(desk.console().await?.connection_remove(&id).await?)
}

#[tauri::command]
pub(crate) async fn sync_now(desk: State<'_, Desk>, id: Option<ConnectionId>) -> Result<Vec<SyncReport>> {
    Ok(desk.console().await?.sync(id.as_slice(), None).await?)
}
