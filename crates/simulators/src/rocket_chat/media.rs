//! Files: uploaded into a room first, shown there only after they are confirmed.

use std::sync::Arc;

use axum::extract::multipart::MultipartRejection;
use axum::extract::{Multipart, Path, State as Shared};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};

use super::answer::Refusal;
use super::ask::Ask;
use super::message::Message;
use super::{State, limited, send, sign_in};
use crate::lock;

/// A file that waits for its confirmation.
#[derive(Debug, Clone)]
pub(super) struct Upload {
    room: String,
    user: String,
    name: String,
    kind: String,
    size: usize,
    at: DateTime<Utc>,
}

pub(super) async fn upload(
    Shared(state): Shared<Arc<State>>,
    Path(room): Path<String>,
    headers: HeaderMap,
    form: Result<Multipart, MultipartRejection>,
) -> Response {
    let (user, _) = match sign_in(&state, &headers) {
        Ok(it) => it,
        Err(refusal) => return refusal.into_response(),
    };
    let file = match form {
        Ok(form) => file(form).await,
        Err(_) => Err(Refusal::invalid("the body must be multipart/form-data")),
    };
    limited(&state, "rooms.media", || {
        let (name, kind, size) = file?;
        state.joined(&room, &user)?;
        let id = state.new_id();
        let url = format!("/file-upload/{id}/{name}");
        let upload = Upload { room, user, name, kind, size, at: state.clock.now() };
        lock(&state.uploads).insert(id.clone(), upload);
        Ok(json!({ "file": { "_id": id, "url": url } }))
    })
}

/// Name, content type and size of the one part `file`.
async fn file(mut form: Multipart) -> Result<(String, String, usize), Refusal> {
    let broken = || Refusal::plain("Malformed part header");
    let mut found = None;
    while let Some(part) = form.next_field().await.map_err(|_| broken())? {
        if part.name() != Some("file") {
            return Err(Refusal::coded("Invalid field", "invalid-field"));
        }
        let name = part.file_name().map(str::to_owned);
        let name = name.ok_or_else(|| Refusal::coded("No file name", "error-no-file"))?;
        let kind = part.content_type().unwrap_or("application/octet-stream").to_owned();
        let bytes = part.bytes().await.map_err(|_| broken())?;
        found = Some((name, kind, bytes.len()));
    }
    found.ok_or_else(|| Refusal::coded("File required", "error-no-file"))
}

/// Confirms an upload of the same user into the same room within a day.
pub(super) fn confirm(state: &State, ask: &Ask) -> Result<Value, Refusal> {
    ask.only(&["msg", "description", "fileName", "tmid", "customFields"])?;
    let invalid = || Refusal::coded("Invalid file", "invalid-file");
    let [room, id] = ask.arguments.as_slice() else {
        return Err(Refusal::no_route());
    };
    state.joined(room, &ask.user)?;
    let upload = lock(&state.uploads).get(id).cloned().ok_or_else(invalid)?;
    let is_fresh = state.clock.now() - upload.at < chrono::Duration::hours(24);
    if upload.room != *room || upload.user != ask.user || !is_fresh {
        return Err(invalid());
    }
    let text = ask.optional_text("msg")?.unwrap_or_default();
    send::check_length(text)?;
    let name = ask.optional_text("fileName")?.unwrap_or(&upload.name).to_owned();
    let now = state.clock.now();
    let message = Message {
        id: state.new_id(),
        rid: room.clone(),
        msg: text.to_owned(),
        user: ask.user.clone(),
        ts: now,
        updated_at: now,
        edited_at: None,
        tmid: ask.optional_text("tmid")?.map(str::to_owned),
        extras: extras(id, &name, &upload, ask.optional_text("description")?),
    };
    lock(&state.uploads).remove(id);
    let kept = send::keep(state, message).ok_or_else(invalid)?;
    Ok(json!({ "message": state.message_record(&kept) }))
}

fn extras(id: &str, name: &str, upload: &Upload, description: Option<&str>) -> Map<String, Value> {
    let file = json!({ "_id": id, "name": name, "type": upload.kind, "size": upload.size });
    let card = json!({
        "type": "file",
        "title": name,
        "title_link": format!("/file-upload/{id}/{name}"),
        "title_link_download": true,
        "description": description,
    });
    Map::from_iter([
        ("file".to_owned(), file.clone()),
        ("files".to_owned(), json!([file])),
        ("attachments".to_owned(), json!([card])),
    ])
}
