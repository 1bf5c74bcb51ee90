//! Files with messages: the bytes go into the room first, where nobody sees them and they die after a day, then a message confirms them.

use std::time::Duration;

use async_trait::async_trait;
use model::file::{Uploaded, media_type};
use model::message::{Message, Receipt};
use model::ports::Files;
use model::{Failure, Reason, Why};
use rest::Request;

use crate::client::Client;
use crate::wire::{Changed, ConfirmFile, OneMessage, OneSetting, TakenFile};

/// The setting of the largest file in bytes; a number below zero means that there is no limit.
const LARGEST: &str = "FileUpload_MaxFileSize";
/// What a file may take at least, and for each of so many bytes besides: a slow line is no failure.
const DEADLINE: (Duration, usize) = (Duration::from_secs(60), 64 * 1024);
/// How long a file waits for its message at the server, so that no message with it is older.
const A_DAY: Duration = Duration::from_secs(24 * 60 * 60);

#[async_trait]
impl Files for Client {
    async fn largest(&self) -> Result<Option<u64>, Failure> {
        let request = Request::get("api/v1/settings.public").query("_id", LARGEST);
        let found: OneSetting = self.ask("settings.public", request).await?.json()?;
        Ok(found.number(LARGEST).and_then(|bytes| u64::try_from(bytes).ok()))
    }

    async fn upload(&self, message: &Message, bytes: Vec<u8>) -> Result<Uploaded, Failure> {
        let Some(file) = &message.draft.file else {
            return Err(Failure::invalid(Reason::Missing, "file"));
        };
        let turn = self.turn.lock().await;
        let rid = self.room_id(&message.draft.to).await.map_err(Failure::before_sending)?;
        drop(turn);
        let (least, step) = DEADLINE;
        let deadline = least + Duration::from_secs((bytes.len() / step) as u64);
        let request = Request::post(&format!("api/v1/rooms.media/{}", in_path(&rid)))
            .file("file", &file.name, media_type(&file.name), bytes)
            .deadline(deadline)
            // What stands before a server refuses what is too large by its status alone.
            .accept_status(&[413]);
        let answer = match self.ask("rooms.media", request).await {
            Ok(answer) if answer.status == 413 => {
                return Err(Failure::Refused(Why::new(Reason::FileTooLarge, "HTTP 413")));
            }
            Ok(answer) => answer,
            Err(failure) => return Err(self.told(failure, &message.draft).await),
        };
        let taken: TakenFile = answer.json()?;
        Ok(Uploaded { place: rid, file: taken.file.id, at: self.clock.now() })
    }

    async fn show(&self, message: &Message, uploaded: &Uploaded) -> Result<Receipt, Failure> {
        let text = self.text(&message.draft).await.map_err(Failure::before_sending)?;
        let body = ConfirmFile {
            msg: Some(text.as_str()).filter(|text| !text.is_empty()),
            file_name: message.draft.file.as_ref().map(|file| file.name.as_str()),
            tmid: message.draft.thread.as_deref(),
        };
        let body = serde_json::to_string(&body).map_err(|it| Failure::invalid(Reason::NotUsable, it.to_string()))?;
        let path = format!("api/v1/rooms.mediaConfirm/{}/{}", in_path(&uploaded.place), in_path(&uploaded.file));
        let answer = match self.ask("rooms.mediaConfirm", Request::post(&path).json(body)).await {
            Ok(answer) => answer,
            Err(failure) => return Err(self.told(failure, &message.draft).await),
        };
        let unclear = |_| Failure::Unknown(Why::new(Reason::AnswerNotUnderstood, ""));
        let kept: OneMessage = answer.json().map_err(unclear)?;
        Ok(Receipt { external_id: Some(kept.message.id), remark: None })
    }

    async fn find(&self, _message: &Message, uploaded: &Uploaded) -> Result<Option<Receipt>, Failure> {
        // The two clocks need not agree: a whole day is looked through.
        let since = uploaded.at.minus(A_DAY).to_string();
        let request =
            Request::get("api/v1/chat.syncMessages").query("roomId", &uploaded.place).query("lastUpdate", since);
        let changed: Changed = self.ask("chat.syncMessages", request).await?.json()?;
        let found = changed.result.updated.into_iter().find(|it| it.shows(&uploaded.file));
        Ok(found.map(|it| Receipt { external_id: Some(it.id), remark: None }))
    }
}

/// An id as one part of a path.
fn in_path(id: &str) -> String {
    url::form_urlencoded::byte_serialize(id.as_bytes()).collect::<String>().replace('+', "%20")
}
