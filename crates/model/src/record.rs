//! Rows whose fields we do not know, and the untouched JSON of rows that we do.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// JSON text exactly as a system gave it: order, unknown keys and long numbers untouched. It crosses to the web view as text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(transparent)]
#[ts(export)]
pub struct Raw(pub String);

/// A set of rows that a system lets an administrator look after, such as 収容回線.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Resource {
    /// Path name, exactly as on the wire.
    pub path: String,
    /// The system's own name for it.
    pub name: String,
    /// The field whose value identifies a row.
    pub key: String,
    /// What the system allows: any of `list`, `get`, `create`, `update`, `delete`.
    pub verbs: Vec<Verb>,
    /// The least key that may be read or written by itself.
    pub least_key: u32,
}

/// One thing that can be done with the rows of a [`Resource`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Verb {
    /// Read all rows.
    List,
    /// Read one row.
    Get,
    /// Make a row.
    Create,
    /// Change a row.
    Update,
    /// Remove a row.
    Delete,
}
