//! Rocket.Chat's JSON: what it answers, read tolerantly, and the messages it takes, written strictly.

mod attachment;
mod file;
mod login;
mod room;
pub(crate) mod stream;
mod trouble;
mod user;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;

pub(crate) use attachment::check_attachments;
pub(crate) use file::{Changed, ConfirmFile, OneSetting, TakenFile};
pub(crate) use login::LoggedIn;
pub(crate) use room::{ChangedRoom, Channels, CreateRoom, Direct, Gone, InfoOfRoom, RenameRoom, Room, Rooms};
pub(crate) use trouble::Trouble;
pub(crate) use user::{InfoOfUser, Members, User, Users};

/// A field that is left out where it does not have the type that is documented.
fn lenient<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    let raw = <&RawValue>::deserialize(deserializer)?;
    Ok(serde_json::from_str(raw.get()).ok())
}

/// The answer to `/api/info`, in the shapes of newer and older servers.
#[derive(Deserialize)]
pub(crate) struct Info {
    #[serde(default, deserialize_with = "lenient")]
    version: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    info: Option<Version>,
}

#[derive(Deserialize)]
struct Version {
    version: String,
}

impl Info {
    /// The server's version, `None` where this is no Rocket.Chat.
    pub(crate) fn version(self) -> Option<String> {
        self.version.or(self.info.map(|info| info.version)).filter(|version| !version.trim().is_empty())
    }
}

/// The answer to `me`.
#[derive(Deserialize)]
pub(crate) struct Me {
    #[serde(default, deserialize_with = "lenient")]
    name: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    username: Option<String>,
}

impl Me {
    /// Name and account name, as far as they are known.
    pub(crate) fn shown(self) -> Option<String> {
        match (self.name.filter(|it| !it.is_empty()), self.username) {
            (Some(name), Some(username)) => Some(format!("{name} (@{username})")),
            (Some(name), None) => Some(name),
            (None, username) => username.map(|it| format!("@{it}")),
        }
    }
}

/// Whom a direct conversation is with; one of the two.
#[derive(Serialize)]
#[serde(untagged)]
pub(crate) enum DirectRoom<'a> {
    /// One user.
    One { username: &'a str },
    /// Several, joined by commas.
    Several { usernames: String },
}

/// The body of `chat.sendMessage`.
#[derive(Serialize)]
pub(crate) struct SendMessage<'a> {
    pub(crate) message: NewMessage<'a>,
}

/// A message that is to be sent. Keys that are empty are left out.
#[derive(Serialize)]
pub(crate) struct NewMessage<'a> {
    /// Chosen by us, so that the server knows the same message again.
    #[serde(rename = "_id")]
    pub(crate) id: &'a str,
    /// The room's id.
    pub(crate) rid: &'a str,
    pub(crate) msg: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) alias: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) emoji: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) avatar: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) attachments: Option<&'a RawValue>,
    /// The message that this one answers; of a reply the server takes the head of its thread.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) tmid: Option<&'a str>,
}

/// An answer that holds one message.
#[derive(Deserialize)]
pub(crate) struct OneMessage {
    pub(crate) message: KeptMessage,
}

/// A message at the server.
#[derive(Deserialize)]
pub(crate) struct KeptMessage {
    #[serde(rename = "_id")]
    pub(crate) id: String,
}
