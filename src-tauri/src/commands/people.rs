//! Colleagues: who is who in which system, and what a person says of it.

use model::person::{LinkedPerson, PeopleHealth, PersonPair, PersonSaid, PutAside};
use tauri::State;

use crate::desk::Desk;
use crate::error::Result;

/// Colleagues whose name, address or number holds the text in any system.
#[tauri::command]
pub(crate) async fn people_list(desk: State<'_, Desk>, search: String) -> Result<Vec<LinkedPerson>> {
    Ok(desk.console().await?.people_list(&search).await?)
}

/// What is not right with the directories.
#[tauri::command]
pub(crate) async fn people_health(desk: State<'_, Desk>) -> Result<PeopleHealth> {
    Ok(desk.console().await?.people_health().await?)
}

/// Says of each pair that both are one person; what was said before.
#[tauri::command]
pub(crate) async fn people_link(desk: State<'_, Desk>, pairs: Vec<PersonPair>) -> Result<Vec<PersonSaid>> {
    Ok(desk.console().await?.people_link(pairs).await?)
}

/// Says of each pair that they are two people; what was said before.
#[tauri::command]
pub(crate) async fn people_separate(desk: State<'_, Desk>, pairs: Vec<PersonPair>) -> Result<Vec<PersonSaid>> {
    Ok(desk.console().await?.people_separate(pairs).await?)
}

/// Makes what is said of these pairs what it was before.
#[tauri::command]
pub(crate) async fn people_put_back(desk: State<'_, Desk>, said: Vec<PersonSaid>) -> Result<()> {
    Ok(desk.console().await?.people_put_back(said).await?)
}

/// Puts entries of the health lists aside, or takes them back.
#[tauri::command]
pub(crate) async fn people_put_aside(desk: State<'_, Desk>, entries: Vec<PutAside>, is_aside: bool) -> Result<()> {
    Ok(desk.console().await?.people_put_aside(entries, is_aside).await?)
}

/// Asks every system that knows it who is there; the colleagues then carry it.
#[tauri::command]
pub(crate) async fn presences_read(desk: State<'_, Desk>) -> Result<()> {
    desk.console().await?.presences_read(&[]).await?;
    Ok(())
}
