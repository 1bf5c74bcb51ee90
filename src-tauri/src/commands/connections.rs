//! Connections: add, sign in, test, replace a secret, remove, read now.

use model::connection::{CheckUp, ConnectionView, NewConnection};
use model::desk::SyncReport;
use model::sign_in::{Credentials, SignInAnswer};
use model::{ConnectionId, Secret};
use shell::Farewell;
use tauri::State;

use crate::desk::Desk;
use crate::error::Result;
use crate::sign_ins::SignIns;

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
pub(crate) async fn connection_open_page(desk: State<'_, Desk>, id: ConnectionId) -> Result<()> {
    let page = desk.console().await?.connection_page(&id).await?;
    Ok(shell::open_page(&page)?)
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

/// Signs in with the browser; `null` where it was given up meanwhile. The words are those of the page that the browser shows in
/// the end, in the language of the window.
#[tauri::command]
pub(crate) async fn connection_sign_in(
    desk: State<'_, Desk>,
    sign_ins: State<'_, SignIns>,
    id: ConnectionId,
    language: String,
    words: String,
) -> Result<Option<ConnectionView>> {
    let console = desk.console().await?;
    let farewell = Farewell { language, words };
    Ok(sign_ins.wait_for(id.clone(), shell::sign_in(&console, &id, &farewell, shell::open_page)).await?)
}

#[tauri::command]
pub(crate) async fn connection_sign_in_cancel(sign_ins: State<'_, SignIns>, id: ConnectionId) -> Result<()> {
    sign_ins.give_up(&id);
    Ok(())
}

/// Signs in with a user name and a password, which are kept nowhere; or tells which code is wanted beside them.
#[tauri::command]
pub(crate) async fn connection_sign_in_by_password(
    desk: State<'_, Desk>,
    id: ConnectionId,
    given: Credentials,
) -> Result<SignInAnswer> {
    Ok(desk.console().await?.sign_in_by_password(&id, &given).await?)
}

#[tauri::command]
pub(crate) async fn connection_mail_code(desk: State<'_, Desk>, id: ConnectionId, user: String) -> Result<()> {
    Ok(desk.console().await?.sign_in_mail_code(&id, &user).await?)
}

#[tauri::command]
pub(crate) async fn connection_remove(desk: State<'_, Desk>, id: ConnectionId) -> Result<()> {
    Ok(desk.console().await?.connection_remove(&id).await?)
}

#[tauri::command]
pub(crate) async fn sync_now(desk: State<'_, Desk>, id: Option<ConnectionId>) -> Result<Vec<SyncReport>> {
    Ok(desk.console().await?.sync(id.as_slice(), None).await?)
}
