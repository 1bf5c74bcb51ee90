//! Files: uploaded into a room first, shown there only after they are confirmed.

use std::collections::HashMap;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::multipart::MultipartRejection;
use axum::extract::{Multipart, Path, State as Shared};
use axum::http::{HeaderMap, Uri};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};

use super::answer::Refusal;
use super::ask::Ask;
use super::message::Message;
use super::{State, limited, send, sign_in};
use crate::lock;

/// What the administrator set at first: 100 MiB.
const LARGEST: i64 = 104_857_600;

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

/// What is set for files, and the bytes of those that came.
pub(super) struct Files {
    largest: i64,
    hides_largest: bool,
    refused: Vec<&'static str>,
    bytes: HashMap<String, Bytes>,
}

impl Default for Files {
    fn default() -> Self {
        Self { largest: LARGEST, hides_largest: false, refused: Vec::new(), bytes: HashMap::new() }
    }
}

impl State {
    /// The largest file in bytes from now on; below zero there is no limit. `is_told`: the setting can be read.
    pub fn largest_file(&self, bytes: i64, is_told: bool) {
        let mut files = lock(&self.files);
        files.largest = bytes;
        files.hides_largest = !is_told;
    }

    /// Files of this media type are refused from now on.
    pub fn refuse_files(&self, kind: &'static str) {
        lock(&self.files).refused.push(kind);
    }

    /// The bytes of a file by its id, as they came.
    #[must_use]
    pub fn file(&self, id: &str) -> Option<Vec<u8>> {
        lock(&self.files).bytes.get(id).map(|bytes| bytes.to_vec())
    }

    /// How many files wait for a message.
    #[must_use]
    pub fn waiting_files(&self) -> usize {
        lock(&self.uploads).len()
    }

    fn check_file(&self, kind: &str, size: usize) -> Result<(), Refusal> {
        let files = lock(&self.files);
        if size == 0 {
            return Err(Refusal::coded("File is empty", "error-file-empty"));
        }
        if usize::try_from(files.largest).is_ok_and(|largest| size > largest) {
            let text = format!("File exceeds allowed size of {} bytes.", files.largest);
            return Err(Refusal::coded(&text, "error-file-too-large"));
        }
        if files.refused.contains(&kind) {
            return Err(Refusal::coded("File type is not accepted.", "error-invalid-file-type"));
        }
        Ok(())
    }
}

/// `settings.public`: the settings that everybody may read, of which this workspace has one.
pub(super) fn settings(state: &State, ask: &Ask) -> Result<Value, Refusal> {
    const LARGEST: &str = "FileUpload_MaxFileSize";
    let page = ask.page()?;
    let is_asked = ask.one("_id").is_none_or(|ids| ids.split(',').any(|id| id.trim() == LARGEST));
    let files = lock(&state.files);
    let all = match is_asked && !files.hides_largest {
        true => vec![json!({ "_id": LARGEST, "value": files.largest, "enterprise": false })],
        false => Vec::new(),
    };
    let settings = page.of(&all);
    Ok(json!({ "settings": settings, "count": settings.len(), "offset": page.offset, "total": all.len() }))
}

pub(super) async fn upload(
    Shared(state): Shared<Arc<State>>,
    Path(room): Path<String>,
    uri: Uri,
    headers: HeaderMap,
    form: Result<Multipart, MultipartRejection>,
) -> Response {
    let (user, _) = match sign_in(&state, &headers) {
        Ok(it) => it,
        Err(refusal) => return refusal.of(state.generation()).into_response(),
    };
    let header = |name: &str| headers.get(name).and_then(|it| it.to_str().ok());
    let codes = (header("x-2fa-method"), header("x-2fa-code"));
    let file = match form {
        Ok(form) => file(form).await,
        Err(_) => Err(Refusal::invalid("the body must be multipart/form-data")),
    };
    limited(&state, "rooms.media", || {
        state.check_second_factor(codes)?;
        if uri.query().is_some_and(|query| !query.is_empty()) {
            return Err(Refusal::invalid("must NOT have additional properties"));
        }
        let (name, kind, bytes) = file?;
        state.joined(&room, &user)?;
        state.check_file(&kind, bytes.len())?;
        let (id, size) = (state.new_id(), bytes.len());
        lock(&state.files).bytes.insert(id.clone(), bytes);
        let url = format!("/file-upload/{id}/{name}");
        let upload = Upload { room, user, name, kind, size, at: state.clock.now() };
        lock(&state.uploads).insert(id.clone(), upload);
        Ok(json!({ "file": { "_id": id, "url": url } }))
    })
}

/// Name, content type and bytes of the one part `file`.
async fn file(mut form: Multipart) -> Result<(String, String, Bytes), Refusal> {
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
        if found.replace((name, kind, bytes)).is_some() {
            return Err(Refusal::plain("Just 1 file is allowed"));
        }
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
        "fileId": id,
        "description": description,
    });
    Map::from_iter([
        ("file".to_owned(), file.clone()),
        ("files".to_owned(), json!([file])),
        ("attachments".to_owned(), json!([card])),
    ])
}
