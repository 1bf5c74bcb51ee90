//! A snapshot of every administration record of a connection, what became different since, and what of it can be put back.
//!
//! Secret values are never in a snapshot: where one stood, there is only the placeholder of [`crate::staging::PLACEHOLDER`].

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::failure::Problem;
use crate::record::Verb;
use crate::staging::{FieldChange, StageKind};
use crate::{ConnectionId, DriftId, StageId, Time};

/// A snapshot that was written to a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct SnapshotSaved {
    /// The whole path.
    pub file: String,
    /// Resources in it.
    pub resources: u32,
    /// Rows in it.
    #[ts(type = "number")]
    pub rows: u64,
    /// Resources that the system would not list, in its words; the file says so too.
    pub unread: Vec<UnreadResource>,
}

/// A resource of which the rows are not known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct UnreadResource {
    /// Path of the resource.
    pub resource: String,
    /// Why.
    pub problem: Problem,
}

/// What became different between a snapshot and the system as it is now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct Drift {
    /// Its id here; good until another one is made or the program ends.
    pub id: DriftId,
    /// The connection that was read.
    pub connection: ConnectionId,
    /// The name of the connection of which the snapshot was taken.
    pub taken_of: String,
    /// When it was taken.
    pub taken_at: Time,
    /// Whether it was taken of a system at another address.
    pub is_of_another: bool,
    /// Each resource that was compared, in the system's order.
    pub resources: Vec<DriftResource>,
    /// Resources that could not be compared: the snapshot has them not, or the system would not list them now.
    pub unread: Vec<UnreadResource>,
    /// Every row that is different.
    pub rows: Vec<DriftRow>,
}

/// How much of a resource became different.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct DriftResource {
    /// Path of the resource.
    pub resource: String,
    /// Rows that are there now and were not.
    pub added: u32,
    /// Rows that were there and are not now.
    pub removed: u32,
    /// Rows of which a field is different.
    pub changed: u32,
    /// Whether its rows come and go by themselves, so that new and missing ones are counted but not listed.
    pub comes_by_itself: bool,
}

/// What became different with a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum DriftKind {
    /// It is there now and was not.
    Added,
    /// It was there and is not now.
    Removed,
    /// A field is different.
    Changed,
}

/// A row that is different.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct DriftRow {
    /// Path of the resource.
    pub resource: String,
    /// Its key.
    pub key: String,
    /// What became different.
    pub kind: DriftKind,
    /// Field by field, secrets replaced: before is the snapshot, after is now.
    pub fields: Vec<FieldChange>,
    /// How it can be put back.
    pub way: RestoreWay,
}

/// How a row can be put back as the snapshot has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case", tag = "type")]
#[ts(export)]
pub enum RestoreWay {
    /// It can be staged.
    Stage {
        /// What the staged change would do.
        kind: StageKind,
        /// Fields that stay as they are or come back empty, because the snapshot has no value that could be written.
        lacks: Vec<String>,
    },
    /// The resource does not allow it.
    Forbidden {
        /// What it would take.
        verb: Verb,
    },
    /// The system keeps this row for itself.
    Reserved,
    /// It differs only where the snapshot has no value that could be written.
    NoValue {
        /// These fields.
        lacks: Vec<String>,
    },
    /// It is there already, under another key, with everything that the snapshot knows of it.
    UnderKey {
        /// The other key.
        key: String,
    },
}

/// A row of a drift that is to be put back.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct DriftPick {
    /// Path of the resource.
    pub resource: String,
    /// Key of the row.
    pub key: String,
}

/// What was staged to put rows back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct DriftStaged {
    /// What is staged now, in the order of the drift.
    pub staged: Vec<StageId>,
    /// What was not, and why.
    pub left: Vec<DriftLeft>,
}

/// A row that was not staged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct DriftLeft {
    /// The row.
    pub row: DriftPick,
    /// Why.
    pub problem: Problem,
}
