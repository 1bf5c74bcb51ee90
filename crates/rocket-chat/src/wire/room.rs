//! Rooms as the server lists them.

use model::Time;
use model::chat_room::{Destination, DestinationKind};
use serde::Deserialize;

use super::lenient;

/// The answer to `rooms.get`: only rooms that the user is in.
#[derive(Deserialize)]
pub(crate) struct Rooms {
    /// All of them, or those that changed.
    pub(crate) update: Vec<Room>,
    /// Rooms that were deleted, which are not those that the user left.
    #[serde(default)]
    pub(crate) remove: Vec<Gone>,
}

/// A room that was deleted.
#[derive(Deserialize)]
pub(crate) struct Gone {
    #[serde(rename = "_id")]
    pub(crate) id: String,
}

/// The answer to `rooms.info`.
#[derive(Deserialize)]
pub(crate) struct InfoOfRoom {
    pub(crate) room: Room,
}

/// The answer to `dm.create`.
#[derive(Deserialize)]
pub(crate) struct Direct {
    room: Conversation,
}

#[derive(Deserialize)]
struct Conversation {
    #[serde(default, deserialize_with = "lenient")]
    rid: Option<String>,
    #[serde(default, rename = "_id", deserialize_with = "lenient")]
    id: Option<String>,
}

impl Direct {
    /// The conversation's id, under either of its keys.
    pub(crate) fn rid(self) -> Option<String> {
        self.room.rid.or(self.room.id)
    }
}

/// A room, or a conversation.
#[derive(Deserialize, Clone)]
pub(crate) struct Room {
    #[serde(rename = "_id")]
    pub(crate) id: String,
    /// `c` for a channel, `p` for a private room; the others are no rooms to people.
    #[serde(default, rename = "t", deserialize_with = "lenient")]
    kind: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    name: Option<String>,
    /// The name as it was given, with spaces and all.
    #[serde(default, deserialize_with = "lenient")]
    fname: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    archived: Option<bool>,
    #[serde(default, rename = "_updatedAt", deserialize_with = "lenient")]
    updated_at: Option<String>,
}

impl Room {
    /// When it last changed, on the server's clock.
    pub(crate) fn updated_at(&self) -> Option<Time> {
        self.updated_at.as_deref().and_then(|text| Time::parse(text).ok())
    }

    /// Whether the room is called so.
    pub(crate) fn is_named(&self, name: &str) -> bool {
        self.name.as_deref() == Some(name) || self.fname.as_deref() == Some(name)
    }

    /// Somewhere to send to; `None` for conversations and for rooms that are closed.
    pub(crate) fn destination(&self) -> Option<Destination> {
        let is_room = matches!(self.kind.as_deref(), Some("c" | "p")) && self.archived != Some(true);
        let name = self.fname.clone().or_else(|| self.name.clone()).filter(|name| !name.is_empty())?;
        is_room.then(|| Destination {
            address: self.id.clone(),
            name,
            kind: DestinationKind::Room,
            detail: self.name.as_deref().map(|name| format!("#{name}")).unwrap_or_default(),
        })
    }
}
