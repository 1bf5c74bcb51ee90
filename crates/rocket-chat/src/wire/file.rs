//! Files as the server takes and shows them, and the setting that limits them.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::lenient;

/// A file's id, wherever one stands.
#[derive(Deserialize)]
pub(crate) struct FileId {
    #[serde(rename = "_id")]
    pub(crate) id: String,
}

/// The answer to `rooms.media`.
#[derive(Deserialize)]
pub(crate) struct TakenFile {
    pub(crate) file: FileId,
}

/// The body of `rooms.mediaConfirm`. Keys that are empty are left out; others are refused.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ConfirmFile<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) msg: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) file_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) tmid: Option<&'a str>,
}

/// The answer to `chat.syncMessages`.
#[derive(Deserialize)]
pub(crate) struct Changed {
    pub(crate) result: ChangedMessages,
}

/// Messages that changed in a room.
#[derive(Deserialize)]
pub(crate) struct ChangedMessages {
    #[serde(default)]
    pub(crate) updated: Vec<ShownFile>,
}

/// A message with the files that it shows.
#[derive(Deserialize)]
pub(crate) struct ShownFile {
    #[serde(rename = "_id")]
    pub(crate) id: String,
    #[serde(default, deserialize_with = "lenient")]
    file: Option<FileId>,
    #[serde(default, deserialize_with = "lenient")]
    files: Option<Vec<FileId>>,
}

impl ShownFile {
    /// Whether it shows this file.
    pub(crate) fn shows(&self, id: &str) -> bool {
        self.file.iter().chain(self.files.iter().flatten()).any(|it| it.id == id)
    }
}

/// The answer to `settings.public` for one setting.
#[derive(Deserialize)]
pub(crate) struct OneSetting {
    #[serde(default)]
    settings: Vec<Setting>,
}

#[derive(Deserialize)]
struct Setting {
    #[serde(rename = "_id")]
    id: String,
    #[serde(default)]
    value: Value,
}

impl OneSetting {
    /// The number that a setting is, also where it is a text.
    pub(crate) fn number(&self, id: &str) -> Option<i64> {
        let value = &self.settings.iter().find(|it| it.id == id)?.value;
        value.as_i64().or_else(|| value.as_f64().map(|it| it as i64)).or_else(|| value.as_str()?.trim().parse().ok())
    }
}
