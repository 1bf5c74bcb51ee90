//! What a plan of many messages is made from: a file as it was read, or a message as it was composed.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::message::{Guise, Recipient};
use crate::{ConnectionId, Raw};

/// Many messages to be planned. Nothing is sent before the plan is run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct BulkDraft {
    /// How the plan is called; the name of the file, or the first words, where it is empty.
    #[serde(default)]
    pub title: String,
    /// The messages.
    pub source: BulkSource,
    /// How they are sent.
    #[serde(default)]
    pub options: BulkOptions,
}

/// Where the messages of a plan come from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case", tag = "kind")]
#[ts(export)]
pub enum BulkSource {
    /// A table or a list of messages from a file.
    File {
        /// Through which connection.
        connection: ConnectionId,
        /// Name of the file.
        name: String,
        /// What it holds.
        bytes: Vec<u8>,
        /// The text for rows that bring none, with `{{field}}` for what stands in a column.
        #[serde(default)]
        text: String,
    },
    /// A message as it was composed, to many; nobody shares a conversation with anybody.
    Composed {
        /// The message, with `{{field}}` for what differs.
        message: BulkMessage,
        /// To whom.
        recipients: Vec<BulkRecipient>,
    },
}

/// A message to many.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct BulkMessage {
    /// The text, line ends as `\n`.
    pub text: String,
    /// Addresses to mention in rooms.
    #[serde(default)]
    pub mentions: Vec<String>,
    /// Ask for a receipt when opened.
    #[serde(default)]
    pub sealed: bool,
    /// A JSON array of attachment cards.
    #[serde(default)]
    pub attachments: Option<Raw>,
    /// How the sender is shown, where the system allows that.
    #[serde(default)]
    pub guise: Guise,
}

/// One of many recipients.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct BulkRecipient {
    /// Through which connection.
    pub connection: ConnectionId,
    /// Whom.
    pub to: Recipient,
    /// What stands for each `{{field}}`.
    #[serde(default)]
    pub fields: BTreeMap<String, String>,
    /// The text in the shape that this recipient's system takes, where that differs from the message's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub text: Option<String>,
    /// Addresses to mention, where it is a room; those of the message are for every room.
    #[serde(default)]
    pub mentions: Vec<String>,
}

/// How the messages of a plan are sent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(default)]
pub struct BulkOptions {
    /// Several in one request, where the system takes them so.
    pub by_batch: bool,
    /// Milliseconds between two requests of a connection whose system names no limit; what is usual there for `None`.
    pub gap_ms: Option<u32>,
    /// Whether addresses that the directory does not know are written to all the same.
    pub sends_to_unknown: bool,
    /// Whether guests are left out.
    pub skips_guests: bool,
    /// Whether those are left out who got this very text in the last days.
    pub skips_got_before: bool,
}

/// A file as it was read, to be looked at before it is planned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct BulkFile {
    /// What kind of file.
    pub format: BulkFormat,
    /// How its letters are written.
    pub encoding: BulkEncoding,
    /// The columns in their order.
    pub columns: Vec<BulkColumn>,
    /// How many rows there are.
    pub total: u32,
    /// The first rows: what stands in each column.
    pub rows: Vec<BulkFileRow>,
    /// Rows that cannot be read, at most as many as rows are shown.
    pub unreadable: Vec<BulkUnreadable>,
}

/// A row of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct BulkFileRow {
    /// The line where it begins, counted from 1.
    pub line: u32,
    /// Its cells.
    pub cells: Vec<String>,
}

/// A row of a file that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct BulkUnreadable {
    /// The line where it begins, counted from 1.
    pub line: u32,
    /// What is wrong with it.
    pub words: String,
}

/// A column of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct BulkColumn {
    /// What stands above it.
    pub name: String,
    /// What it is.
    pub meaning: BulkMeaning,
}

/// What a column of a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum BulkMeaning {
    /// Addresses of people.
    People,
    /// A room.
    Room,
    /// The text.
    Text,
    /// What `{{name}}` stands for.
    Field,
}

/// A kind of file of messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum BulkFormat {
    /// The list of messages as a system's documents have it.
    Messages,
    /// Comma-separated text.
    Csv,
    /// No file: composed here.
    Composed,
}

/// How the letters of a file are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub enum BulkEncoding {
    /// UTF-8.
    #[serde(rename = "utf-8")]
    Utf8,
    /// UTF-8 with its mark.
    #[serde(rename = "utf-8-bom")]
    Utf8Bom,
    /// UTF-16 with its mark.
    #[serde(rename = "utf-16")]
    Utf16,
    /// The Japanese Windows code page.
    #[serde(rename = "cp932")]
    Cp932,
}
