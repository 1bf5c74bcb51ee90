//! Chat rooms: the editor's words, its difference, and the rooms that messages can be sent to.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{ConnectionId, KeptRoomId, Raw, Time};

/// What the editor changes of a chat room. All other fields of the record stay as they came.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct ChatRoom {
    /// The system's id; `None` for a room that does not exist yet.
    pub external_id: Option<String>,
    /// Name, which is also its address when sending.
    pub name: String,
    /// Whether everybody may find it.
    pub is_public: bool,
    /// The system's id of who made it.
    pub creator_id: String,
    /// The system's id of who looks after it.
    pub admin_id: String,
    /// Members in order.
    pub members: Vec<Member>,
}

/// A member of a chat room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Member {
    /// The system's id of the person.
    pub uid: String,
    /// The value that stands beside it; kept as received, true for new ones.
    pub value: bool,
}

/// A chat room kept on this computer, because its system cannot list its rooms.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct KeptRoom {
    /// Id here.
    pub id: KeptRoomId,
    /// Connection.
    pub connection: ConnectionId,
    /// The fields that the editor knows.
    pub room: ChatRoom,
    /// The whole record as the server or the import gave it.
    pub raw: Raw,
    /// When it was last saved to the server from here; `None` for an import.
    pub saved_at: Option<Time>,
    /// Whether changes are tried on it: at most one room of a connection is.
    pub is_test: bool,
}

/// A person by their user id at a system that cannot list its people, as somebody wrote it down. Everything but the id may be empty.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct ChatAddress {
    /// The system's id of the person.
    pub uid: String,
    /// Name.
    pub name: String,
    /// How the name is read.
    pub kana: String,
    /// E-mail address.
    pub email: String,
    /// Department, or anything else that tells two people apart.
    pub note: String,
}

/// A table of such people, as it was understood. Nothing is kept yet.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct ChatAddressTable {
    /// Everybody in the order of the table, each id once.
    pub addresses: Vec<ChatAddress>,
    /// Lines that cannot be used, counted from 1.
    pub bad_lines: Vec<u32>,
    /// Columns that mean nothing here; what stands in them is left out.
    pub unknown: Vec<String>,
}

/// A room as it once was here: read from an import, or as it was sent or answered when it was saved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct ChatRoomVersion {
    /// Counts up within the room, from 1.
    pub number: u32,
    /// Since when it was so; `None` where that was not written down.
    pub at: Option<Time>,
    /// How it came to be.
    pub origin: VersionOrigin,
    /// The fields that the editor knows.
    pub room: ChatRoom,
    /// The whole record.
    pub raw: Raw,
}

/// How a version of a chat room came to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum VersionOrigin {
    /// It was pasted or imported; nothing was sent.
    Imported,
    /// The system's own record after a save.
    Answered,
    /// As it was sent: the system took it, and answered nothing that could be read.
    Sent,
}

/// A chat room as a person wants it. Nothing of it is sent by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct ChatRoomEdit {
    /// Through which connection.
    pub connection: ConnectionId,
    /// The kept room that is changed; `None` for a new one.
    pub kept: Option<KeptRoomId>,
    /// The fields that the editor knows, as they are to be.
    pub room: ChatRoom,
    /// The record into which they are put, where it is another than the kept one: edited as JSON, or an earlier version.
    pub base: Option<Raw>,
    /// Whether it goes to the connection's test room instead, which keeps its own id and name.
    pub on_test_room: bool,
}

/// A record as it was understood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct ChatRoomRead {
    /// The fields that the editor knows.
    pub room: ChatRoom,
    /// The record as strict JSON, everything in it untouched.
    pub raw: Raw,
}

/// One line of a before-and-after comparison.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Difference {
    /// The field, as on the wire.
    pub field: String,
    /// Before; `None` where it is new.
    pub before: Option<String>,
    /// After; `None` where it goes.
    pub after: Option<String>,
}

/// What a save would do. Nothing has been sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct ChatRoomPlan {
    /// Field by field.
    pub differences: Vec<Difference>,
    /// The JSON that would be sent.
    pub sends: Raw,
}

/// What a save did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct ChatRoomSaved {
    /// The room as it is kept now.
    pub kept: KeptRoom,
    /// Where the server's answer differs from what was asked; empty is good.
    pub not_as_asked: Vec<Difference>,
    /// The server's whole answer; `None` where it could not be read.
    pub answer: Option<Raw>,
}

/// Somewhere a message can go: a person, or a room of a system that has them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Destination {
    /// What is sent to the system: an e-mail address, a user name, a room's name or id.
    pub address: String,
    /// The name on screen.
    pub name: String,
    /// A person or a room.
    pub kind: DestinationKind,
    /// E-mail address or another word to tell two of the same name apart.
    pub detail: String,
    /// How many people are in a room, where its system says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub members: Option<u32>,
}

/// What a destination is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum DestinationKind {
    /// One person.
    Person,
    /// A room.
    Room,
}
