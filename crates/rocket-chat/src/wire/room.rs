//! Rooms as the server lists them.

use model::chat_room::{Destination, DestinationKind};
use model::listed_room::ListedRoom;
use model::{ConnectionId, Time};
use serde::{Deserialize, Serialize};

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

/// A page of `channels.list`.
#[derive(Deserialize)]
pub(crate) struct Channels {
    pub(crate) channels: Vec<Room>,
    /// How many there are on all pages.
    #[serde(default, deserialize_with = "lenient")]
    pub(crate) total: Option<usize>,
}

/// The answer to a room that was made or renamed: public ones and private ones have a key of their own.
#[derive(Deserialize)]
pub(crate) struct ChangedRoom {
    #[serde(default)]
    channel: Option<Room>,
    #[serde(default)]
    group: Option<Room>,
}

impl ChangedRoom {
    /// The room as it is now.
    pub(crate) fn room(self) -> Option<Room> {
        self.channel.or(self.group)
    }
}

/// The body of `channels.create` and `groups.create`.
#[derive(Serialize)]
pub(crate) struct CreateRoom<'a> {
    pub(crate) name: &'a str,
    /// User names.
    pub(crate) members: &'a [String],
}

/// The body of `channels.rename` and `groups.rename`.
#[derive(Serialize)]
pub(crate) struct RenameRoom<'a> {
    #[serde(rename = "roomId")]
    pub(crate) id: &'a str,
    pub(crate) name: &'a str,
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
    #[serde(default, rename = "usersCount", deserialize_with = "lenient")]
    people: Option<u32>,
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

    /// The room as an administrator sees it; `None` for what is no room, or one that is closed.
    pub(crate) fn listed(&self, connection: &ConnectionId, is_joined: bool) -> Option<ListedRoom> {
        let Destination { address: external_id, name, .. } = self.destination()?;
        Some(ListedRoom {
            connection: connection.clone(),
            external_id,
            address: self.name.clone().unwrap_or_else(|| name.clone()),
            name,
            is_private: self.kind.as_deref() == Some("p"),
            people: self.people,
            is_joined,
        })
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
            members: self.people,
        })
    }
}
