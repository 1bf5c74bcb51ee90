//! Bulk sending: many messages planned as one, what was found before anything is sent, and what became of each.

mod source;
mod words;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub use self::source::*;
use crate::failure::Problem;
use crate::message::{DeliveryState, Recipient};
use crate::{BulkId, ConnectionId, DeliveryId, Time};

/// A plan: what is to be sent, and how far it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Bulk {
    /// Id here.
    pub id: BulkId,
    /// Name.
    pub title: String,
    /// When it was planned, which is when the rows were looked at.
    pub created_at: Time,
    /// Who planned it.
    pub created_by: String,
    /// Where the messages come from.
    pub format: BulkFormat,
    /// Name of the file, where they come from one.
    pub file: Option<String>,
    /// The text before `{{field}}` is filled in; empty where each row brings its own.
    pub text: String,
    /// The names of the fields that the text has.
    pub fields: Vec<String>,
    /// How it is sent.
    pub options: BulkOptions,
    /// How it stands.
    pub state: BulkState,
    /// When it was first run.
    pub started_at: Option<Time>,
    /// Who ran it last.
    pub started_by: Option<String>,
    /// When it came to its end.
    pub ended_at: Option<Time>,
    /// When the person who plans had a test of it last.
    pub tested_at: Option<Time>,
    /// When the last message will have left at the known pace of the slowest connection; `None` where nobody knows.
    pub finishes_at: Option<Time>,
    /// All rows by what became of them.
    pub counts: BulkCounts,
    /// One for each connection, in the order in which they come first.
    pub lanes: Vec<BulkLane>,
    /// What was found before sending: how many rows have each problem.
    pub problems: Vec<BulkProblemCount>,
}

/// How a plan stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum BulkState {
    /// Looked through; nothing was sent.
    Planned,
    /// It is being sent, here or by another program on this computer.
    Running,
    /// It stops as soon as what is being sent is settled.
    Pausing,
    /// It stopped, and goes on when somebody says so.
    Paused,
    /// Whoever sent it ended without stopping: it goes on from there when somebody says so.
    Interrupted,
    /// Somebody ended it for good; what had not left was withheld.
    Stopped,
    /// Nothing waits any more.
    Done,
}

/// How many rows are in each state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct BulkCounts {
    /// Rows that wait.
    pub waiting: u32,
    /// Rows that leave now.
    pub sending: u32,
    /// Rows that the system has.
    pub sent: u32,
    /// Rows that the system refused.
    pub refused: u32,
    /// Rows of which nobody knows whether they arrived.
    pub unknown: u32,
    /// Rows that wait for a new sign-in.
    pub paused: u32,
    /// Rows of which nobody knows, and which somebody left alone.
    pub left: u32,
    /// Rows that are not sent because of what was found before.
    pub excluded: u32,
    /// Rows that had not left when the plan was stopped.
    pub withheld: u32,
    /// Rows that are to be sent: all but the excluded.
    pub total: u32,
}

/// The rows of one connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct BulkLane {
    /// The connection.
    pub connection: ConnectionId,
    /// Its rows by what became of them.
    pub counts: BulkCounts,
    /// Whether several leave in one request.
    pub by_batch: bool,
    /// How fast it may go.
    pub pace: Pace,
    /// Why it does not send now, where it does not though rows wait.
    pub rest: Option<BulkRest>,
}

/// How fast messages may leave through a connection, as far as it is known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Pace {
    /// Requests that the system allows in each span.
    pub requests: Option<u32>,
    /// Milliseconds of the span.
    pub per_ms: Option<u32>,
    /// Requests that may still leave in the span that runs.
    pub left: Option<u32>,
    /// Milliseconds until the next request may leave; 0 where it may leave now.
    pub ready_in_ms: u32,
    /// Milliseconds that are left between two requests on purpose, where the system names no limit.
    pub gap_ms: u32,
}

/// Why a connection does not send now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct BulkRest {
    /// When it goes on by itself; `None` where a person has to do something.
    pub until: Option<Time>,
    /// What the matter is.
    pub problem: Problem,
}

/// How many rows have a problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct BulkProblemCount {
    /// What was found.
    pub kind: BulkProblemKind,
    /// Rows that have it.
    pub rows: u32,
    /// Those of them that are not sent.
    pub excluded: u32,
}

/// What is wrong with a row, or worth knowing, before anything is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum BulkProblemKind {
    /// It cannot be read; not sent.
    Unreadable,
    /// It names nobody; not sent.
    NoRecipient,
    /// It has no text; not sent.
    NothingToSend,
    /// A field of the text is empty; not sent.
    EmptyField,
    /// The system cannot take it like this; not sent.
    NotUsable,
    /// The text is longer than the system takes; not sent.
    TooLong,
    /// The same text to the same recipient stands further up; merged with that row.
    Doubled,
    /// Nobody in the directory has this address; not sent unless the plan says so.
    UnknownAddress,
    /// No room that the system lists is called so; not sent unless the plan says so.
    UnknownRoom,
    /// Nobody can say beforehand whether this address exists; sent.
    Unverifiable,
    /// A person from outside; sent unless the plan says otherwise.
    Guest,
    /// The same text went to the same recipient in the last days; sent unless the plan says otherwise.
    GotBefore,
    /// A room of more people than are written to without a second look; sent.
    LargeRoom,
}

/// What was found out about a row before anything was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct BulkProblem {
    /// What it is.
    pub kind: BulkProblemKind,
    /// The address, the field, what cannot be read, or how many people are in a room.
    #[serde(default)]
    pub words: String,
    /// The row that it was merged with.
    #[serde(default)]
    pub with: Option<u32>,
    /// When the recipient got the text.
    #[serde(default)]
    pub at: Option<Time>,
}

/// A row of a plan and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct BulkRow {
    /// Its place in the plan, from 1.
    pub position: u32,
    /// The line of the file where it begins; `None` where there is no file.
    pub line: Option<u32>,
    /// Through which connection.
    pub connection: ConnectionId,
    /// To whom.
    pub to: Recipient,
    /// Their name, as far as the directory knows it.
    pub name: Option<String>,
    /// The text with every field filled in.
    pub text: String,
    /// What became of it.
    pub state: BulkRowState,
    /// When that was, where it is over.
    pub at: Option<Time>,
    /// The system's id or words.
    pub detail: String,
    /// Why it was refused, is unknown or waits for a person.
    pub problem: Option<Problem>,
    /// What was found before.
    pub found: Vec<BulkProblem>,
    /// The entry in the ledger of messages, once the plan was run.
    pub delivery: DeliveryId,
}

/// What became of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum BulkRowState {
    /// Not sent yet.
    Waiting,
    /// Leaves now.
    Sending,
    /// The system has it.
    Sent,
    /// The system said no; nothing arrived.
    Refused,
    /// It left, and nobody knows whether it arrived.
    Unknown,
    /// Waits for a new sign-in.
    Paused,
    /// Nobody knows whether it arrived, and somebody left it so.
    Left,
    /// Not sent because of what was found before.
    Excluded,
    /// It had not left when the plan was stopped.
    Withheld,
}

/// What became of a message of a plan, as it is told while the plan runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BulkNews {
    /// Its entry in the ledger.
    pub id: DeliveryId,
    /// Its place in the plan.
    pub position: u32,
    /// Connection.
    pub connection: ConnectionId,
    /// To whom.
    pub to: Recipient,
    /// What became of it.
    pub state: DeliveryState,
    /// The system's id or words.
    pub detail: String,
    /// Why, where it did not go well.
    pub problem: Option<Problem>,
    /// When.
    pub at: Time,
}

/// Which rows of a plan are wanted, a page of at most 200.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(default)]
pub struct BulkQuery {
    /// By what became of them.
    pub show: BulkShow,
    /// Only rows with this problem.
    pub found: Option<BulkProblemKind>,
    /// Only rows whose recipient has this in name or address.
    pub search: String,
    /// Whether the last rows come first.
    pub is_backwards: bool,
    /// How many rows come before the page.
    pub offset: u32,
}

/// Rows by what became of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum BulkShow {
    /// Every row.
    #[default]
    All,
    /// Rows that a person has to look at: refused, unknown, or waiting for a sign-in.
    NeedsYou,
    /// Rows that wait or leave now.
    Waiting,
    /// Rows that the system has.
    Delivered,
}

/// A page of rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct BulkPage {
    /// The rows, at most 200.
    pub rows: Vec<BulkRow>,
    /// How many rows match in all.
    pub total: u32,
}

/// What a person says of a row that nobody knows the outcome of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum BulkDecision {
    /// It is there.
    Arrived,
    /// Send it once more.
    Again,
    /// Leave it as it is, and ask no more.
    Leave,
}

/// The report of a plan as a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct BulkExport {
    /// The plan.
    pub bulk: BulkId,
    /// Name of the file, without folder; its ending is added where it is missing.
    pub name: String,
    /// What kind of file.
    pub format: crate::export::FileFormat,
    /// How a CSV file writes its letters.
    pub encoding: crate::export::TextEncoding,
    /// The words above the columns: number, line, connection, recipient, name, state, time, what the system said, what was found,
    /// text. What is missing here is called as in JSON.
    #[serde(default)]
    pub headings: Vec<String>,
    /// What stands for a code such as `sent` or `doubled`; the code itself where nothing is given.
    #[serde(default)]
    pub words: BTreeMap<String, String>,
}
