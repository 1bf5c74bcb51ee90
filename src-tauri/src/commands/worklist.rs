//! Missed calls to follow up, and where colleagues are.

use model::message::Delivery;
use model::whereabouts::Whereabouts;
use model::worklist::{FollowUpDraft, FollowUpMark, FollowUpStep, Worklist};
use model::{CallId, PersonId};
use tauri::State;

use crate::desk::Desk;
use crate::error::Result;

/// The missed calls of the last days, with what became of them.
#[tauri::command]
pub(crate) async fn follow_ups(desk: State<'_, Desk>) -> Result<Worklist> {
    Ok(desk.console().await?.follow_ups(&shell::user_name()).await?)
}

/// Says how missed calls stand; the answer takes it back by `follow_up_restore`.
#[tauri::command]
pub(crate) async fn follow_up_say(
    desk: State<'_, Desk>,
    calls: Vec<CallId>,
    step: FollowUpStep,
) -> Result<Vec<FollowUpMark>> {
    Ok(desk.console().await?.follow_up_say(&calls, step, &shell::user_name()).await?)
}

/// Takes back what was said of missed calls last.
#[tauri::command]
pub(crate) async fn follow_up_restore(
    desk: State<'_, Desk>,
    calls: Vec<CallId>,
    former: Vec<FollowUpMark>,
) -> Result<()> {
    Ok(desk.console().await?.follow_up_restore(&calls, former).await?)
}

/// Sends a colleague a message about a missed call, once for a draft.
#[tauri::command]
pub(crate) async fn follow_up_message(desk: State<'_, Desk>, message: FollowUpDraft) -> Result<Delivery> {
    Ok(desk.console().await?.follow_up_message(message).await?)
}

/// Where these people are now.
#[tauri::command]
pub(crate) async fn whereabouts(desk: State<'_, Desk>, people: Vec<PersonId>) -> Result<Vec<Whereabouts>> {
    Ok(desk.console().await?.whereabouts(&people).await?)
}
