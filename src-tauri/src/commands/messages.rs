//! Messages.

use model::chat_room::Destination;
use model::file::AttachedFile;
use model::message::{Delivery, Draft, HandedOver, PlanMade, Planned, Template};
use model::{ConnectionId, DeliveryId, DraftId, TemplateId, Time};
use tauri::State;

use crate::desk::Desk;
use crate::error::Result;

#[tauri::command]
pub(crate) async fn destinations_find(
    desk: State<'_, Desk>,
    connection: ConnectionId,
    text: String,
) -> Result<Vec<Destination>> {
    Ok(desk.console().await?.destinations_find(&connection, &text).await?)
}

#[tauri::command]
pub(crate) async fn draft_new(desk: State<'_, Desk>) -> Result<DraftId> {
    Ok(desk.console().await?.draft_new())
}

#[tauri::command]
pub(crate) async fn outbox_add(desk: State<'_, Desk>, draft: Draft) -> Result<Delivery> {
    Ok(desk.console().await?.outbox_add(draft).await?)
}

/// Hands messages to several recipients over, all or none.
#[tauri::command]
pub(crate) async fn outbox_add_all(desk: State<'_, Desk>, drafts: Vec<Draft>) -> Result<HandedOver> {
    Ok(desk.console().await?.outbox_add_all(drafts).await?)
}

/// Hands messages over, all or none, that leave as soon as their connections can be reached.
#[tauri::command]
pub(crate) async fn outbox_hold_all(desk: State<'_, Desk>, drafts: Vec<Draft>) -> Result<HandedOver> {
    Ok(desk.console().await?.outbox_hold_all(drafts).await?)
}

/// Sends each text to nobody but the person who writes.
#[tauri::command]
pub(crate) async fn outbox_test(desk: State<'_, Desk>, drafts: Vec<Draft>) -> Result<HandedOver> {
    Ok(desk.console().await?.outbox_test(drafts).await?)
}

#[tauri::command]
pub(crate) async fn deliveries_list(desk: State<'_, Desk>) -> Result<Vec<Delivery>> {
    Ok(desk.console().await?.deliveries_list().await?)
}

/// Takes a piece of a file that goes with a message.
#[tauri::command]
pub(crate) async fn file_write(desk: State<'_, Desk>, key: String, from: u64, bytes: Vec<u8>) -> Result<()> {
    Ok(desk.console().await?.file_write(&key, from, bytes).await?)
}

/// The file whose pieces were taken.
#[tauri::command]
pub(crate) async fn file_keep(desk: State<'_, Desk>, key: String, name: String) -> Result<AttachedFile> {
    Ok(desk.console().await?.file_keep(&key, &name).await?)
}

/// Everything that a draft of the composer became.
#[tauri::command]
pub(crate) async fn deliveries_of(desk: State<'_, Desk>, draft: DraftId) -> Result<Vec<Delivery>> {
    Ok(desk.console().await?.deliveries_of(&draft).await?)
}

/// How many messages left through a connection today.
#[tauri::command]
pub(crate) async fn sent_today(desk: State<'_, Desk>, connection: ConnectionId) -> Result<u32> {
    Ok(desk.console().await?.sent_today(&connection).await?)
}

/// Asks the system what became of a delivery that is unknown.
#[tauri::command]
pub(crate) async fn outbox_ask(desk: State<'_, Desk>, id: DeliveryId) -> Result<Delivery> {
    Ok(desk.console().await?.outbox_ask(&id).await?)
}

/// What a person found out about a delivery that is unknown.
#[tauri::command]
pub(crate) async fn outbox_decide(desk: State<'_, Desk>, id: DeliveryId, has_arrived: bool) -> Result<Delivery> {
    Ok(desk.console().await?.outbox_decide(&id, has_arrived).await?)
}

/// Takes back a delivery that waits for its connection.
#[tauri::command]
pub(crate) async fn outbox_withdraw(desk: State<'_, Desk>, id: DeliveryId) -> Result<Delivery> {
    Ok(desk.console().await?.outbox_withdraw(&id).await?)
}

/// Sends a delivery once more, under the same id.
#[tauri::command]
pub(crate) async fn outbox_again(desk: State<'_, Desk>, id: DeliveryId) -> Result<Delivery> {
    Ok(desk.console().await?.outbox_again(&id).await?)
}

/// Keeps messages that are to leave later, all or none.
#[tauri::command]
pub(crate) async fn plan_add(desk: State<'_, Desk>, drafts: Vec<Draft>, at: Time) -> Result<PlanMade> {
    Ok(desk.console().await?.plan_add(drafts, at).await?)
}

#[tauri::command]
pub(crate) async fn plans(desk: State<'_, Desk>) -> Result<Vec<Planned>> {
    Ok(desk.console().await?.plans().await?)
}

/// Gives a plan another time.
#[tauri::command]
pub(crate) async fn plan_move(desk: State<'_, Desk>, id: DraftId, at: Time) -> Result<()> {
    Ok(desk.console().await?.plan_move(&id, at).await?)
}

/// Takes a plan out without sending it.
#[tauri::command]
pub(crate) async fn plan_drop(desk: State<'_, Desk>, id: DraftId) -> Result<()> {
    Ok(desk.console().await?.plan_drop(&id).await?)
}

/// Sends a plan now.
#[tauri::command]
pub(crate) async fn plan_send(desk: State<'_, Desk>, id: DraftId) -> Result<HandedOver> {
    Ok(desk.console().await?.plan_send(&id).await?)
}

#[tauri::command]
pub(crate) async fn templates(desk: State<'_, Desk>) -> Result<Vec<Template>> {
    Ok(desk.console().await?.templates().await?)
}

#[tauri::command]
pub(crate) async fn template_save(desk: State<'_, Desk>, template: Template) -> Result<Template> {
    Ok(desk.console().await?.template_save(template).await?)
}

#[tauri::command]
pub(crate) async fn template_remove(desk: State<'_, Desk>, id: TemplateId) -> Result<()> {
    Ok(desk.console().await?.template_remove(&id).await?)
}
