//! Changes of administration records that wait here until a person commits them, and what became of those that were.
//!
//! Where a field is secret, a row holds a placeholder instead of its value: an object with the one member [`PLACEHOLDER`]. What comes
//! back with it means that the value stays as it is.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::failure::Problem;
use crate::record::{FieldConflict, Verb};
use crate::{ConnectionId, DoneId, Raw, StageId, Time};

/// The one member of the object that stands for a secret value.
pub const PLACEHOLDER: &str = "$secret";

/// What the values of a column are, as they were received.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum ValueKind {
    /// Text, also where it looks like a number.
    Text,
    /// Numbers.
    Number,
    /// Yes or no.
    Flag,
    /// Lists or objects.
    Other,
}

/// A column of a resource, learnt from its rows and remembered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct RecordColumn {
    /// Its name on the wire.
    pub name: String,
    /// What its values are.
    pub kind: ValueKind,
    /// Whether it identifies a row.
    pub is_key: bool,
    /// Whether its values are never shown.
    pub is_secret: bool,
    /// The few values that it has, where there are few.
    pub choices: Vec<String>,
}

/// Which rows of a resource are asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct RecordsAsk {
    /// The connection.
    pub connection: ConnectionId,
    /// Path of the resource.
    pub resource: String,
    /// Text that a row must contain; empty for all.
    pub find: String,
    /// The column to sort by; `None` for the order of the keys.
    pub sort: Option<String>,
    /// Whether the order is turned round.
    pub is_descending: bool,
    /// Which hundred, from 0.
    pub block: u32,
}

/// A hundred rows of a resource, as they were read last, with what is staged laid over them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct RecordsBlock {
    /// The columns, in the order in which they were first seen.
    pub columns: Vec<RecordColumn>,
    /// How many rows there are.
    pub total: u32,
    /// How many are asked for, new ones included.
    pub matched: u32,
    /// When they were read; `None` where they were not yet.
    pub read_at: Option<Time>,
    /// Which hundred.
    pub block: u32,
    /// The rows.
    pub rows: Vec<RecordRow>,
}

/// A row on screen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct RecordRow {
    /// Its key; `None` for a new one.
    pub key: Option<String>,
    /// Whether it can only be looked at.
    pub is_read_only: bool,
    /// The row as it would be, secrets replaced.
    pub row: Raw,
    /// What is staged for it.
    pub staged: Option<Staged>,
}

/// What a staged change does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum StageKind {
    /// It changes a row.
    Change,
    /// It makes one.
    Add,
    /// It removes one.
    Delete,
}

impl StageKind {
    /// What the resource has to allow.
    #[must_use]
    pub fn verb(self) -> Verb {
        match self {
            Self::Change => Verb::Update,
            Self::Add => Verb::Create,
            Self::Delete => Verb::Delete,
        }
    }
}

/// Where a staged change stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum StageState {
    /// It waits here.
    Staged,
    /// It is on its way.
    Leaving,
    /// Somebody else changed the same; nothing was written.
    Conflict,
    /// The system took nothing, in its words.
    Refused,
    /// It left without an answer: it may be there.
    Unknown,
}

/// A staged change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct Staged {
    /// Its id here.
    pub id: StageId,
    /// The connection.
    pub connection: ConnectionId,
    /// Path of the resource.
    pub resource: String,
    /// The row; `None` for a new one.
    pub key: Option<String>,
    /// What it does.
    pub kind: StageKind,
    /// Where it stands.
    pub state: StageState,
    /// Field by field, in the order of the row.
    pub fields: Vec<FieldChange>,
    /// Why it is still here after it was to leave.
    pub problem: Option<Problem>,
    /// What two people changed.
    pub conflict: Vec<FieldConflict>,
    /// The committed change that it takes back.
    pub puts_back: Option<DoneId>,
    /// When it was staged last.
    pub at: Time,
}

/// One field of a staged or committed change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct FieldChange {
    /// Its name on the wire.
    pub name: String,
    /// JSON text of what it was; `None` for a new row.
    pub before: Option<Raw>,
    /// JSON text of what it becomes; `None` for a row that goes.
    pub after: Option<Raw>,
    /// Whether neither is shown.
    pub is_secret: bool,
}

/// A staged change as it is kept here; values of secret fields are digests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptStage {
    /// Its id here.
    pub id: StageId,
    /// The connection.
    pub connection: ConnectionId,
    /// Path of the resource.
    pub resource: String,
    /// The row; `None` for a new one.
    pub key: Option<String>,
    /// What it does.
    pub kind: StageKind,
    /// Where it stands.
    pub state: StageState,
    /// The row as the person saw it.
    pub seen: Option<Raw>,
    /// The fields that it sets; the whole row for a new one.
    pub fields: Raw,
    /// The row as it was found when it was to leave, where that is another.
    pub now: Option<Raw>,
    /// What two people changed.
    pub conflict: Vec<FieldConflict>,
    /// Why it is still here.
    pub problem: Option<Problem>,
    /// The committed change that it takes back.
    pub puts_back: Option<DoneId>,
    /// When it was staged last.
    pub at: Time,
}

/// A change that was committed; values of secret fields are digests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptDone {
    /// Its id here.
    pub id: DoneId,
    /// The connection.
    pub connection: ConnectionId,
    /// Path of the resource.
    pub resource: String,
    /// The row as it is known now; `None` where nobody can tell which it is.
    pub key: Option<String>,
    /// What was done.
    pub kind: StageKind,
    /// The fields that were set.
    pub names: Vec<String>,
    /// The row before.
    pub before: Option<Raw>,
    /// The row afterwards.
    pub after: Option<Raw>,
    /// The committed change that this one took back.
    pub puts_back: Option<DoneId>,
    /// Whether it was taken back.
    pub is_put_back: bool,
    /// When.
    pub at: Time,
}

/// A change that was committed, as the screen shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct Done {
    /// Its id here.
    pub id: DoneId,
    /// Path of the resource.
    pub resource: String,
    /// The row as it is known now; `None` where nobody can tell which it is.
    pub key: Option<String>,
    /// What was done.
    pub kind: StageKind,
    /// Field by field.
    pub fields: Vec<FieldChange>,
    /// The committed change that this one took back.
    pub puts_back: Option<DoneId>,
    /// Whether it was taken back.
    pub is_put_back: bool,
    /// When.
    pub at: Time,
}

/// A request as it would be sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct RequestPreview {
    /// Such as `PUT`.
    pub method: String,
    /// The address below the connection's own.
    pub address: String,
    /// What it carries, secrets replaced.
    pub body: Option<Raw>,
}

/// What a commit came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct CommitReport {
    /// Each change that was to leave, in their order.
    pub rows: Vec<CommitRow>,
}

/// What became of one staged change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct CommitRow {
    /// The staged change.
    pub id: StageId,
    /// Path of the resource.
    pub resource: String,
    /// The row; for a new one, the key that the system chose, where it can be told.
    pub key: Option<String>,
    /// What was to be done.
    pub kind: StageKind,
    /// What became of it.
    pub outcome: CommitOutcome,
}

/// How a staged change ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case", tag = "type")]
#[ts(export)]
pub enum CommitOutcome {
    /// It was written; it is no longer staged.
    Done {
        /// What it is known by now.
        done: DoneId,
    },
    /// Somebody else changed the same; nothing was written.
    Conflict,
    /// The system, or this program before it, said no.
    Refused {
        /// Why.
        problem: Problem,
    },
    /// It left without an answer.
    Unknown {
        /// Why.
        problem: Problem,
    },
    /// Nothing was sent for it.
    NotDone {
        /// Why; `None` where others were to be decided first.
        problem: Option<Problem>,
    },
}

/// Text for one field, as a person typed it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct FieldText {
    /// Its name on the wire.
    pub name: String,
    /// The text; it gets the type that the field has. `None` puts back what was there.
    pub text: Option<String>,
}

/// The row that is to be changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct StageTarget {
    /// The connection.
    pub connection: ConnectionId,
    /// Path of the resource.
    pub resource: String,
    /// Its key; `None` for a new row.
    pub key: Option<String>,
    /// The staged change that makes the new row; `None` where it is not staged yet.
    pub stage: Option<StageId>,
}

/// What became of the wish that a call opens this program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case", tag = "type")]
#[ts(export)]
pub enum OwnLink {
    /// A row does so already.
    There {
        /// Its key.
        key: String,
    },
    /// A row that does so is staged.
    Staged {
        /// The new row.
        stage: StageId,
    },
}

/// What was staged to take back what was committed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct PutBack {
    /// What is staged now.
    pub staged: Vec<StageId>,
    /// What cannot be taken back, and why.
    pub left: Vec<Problem>,
}
