//! Colleagues.

use model::person::LinkedPerson;
use tauri::State;

use crate::desk::Desk;
use crate::error::Result;

/// Colleagues whose name, address or number holds the text in any system.
#[tauri::command]
pub(crate) async fn people_list(desk: State<'_, Desk>, search: String) -> Result<Vec<LinkedPerson>> {
    Ok(desk.console().await?.people_list(&search).await?)
}
