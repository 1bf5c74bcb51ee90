//! Recordings of calls: which there are, and what a system says of one.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A recording that a call's record names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct NamedRecording {
    /// The system's id.
    pub id: String,
}

/// What a system says of a recording.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Recording {
    /// The system's id.
    pub id: String,
    /// Such as `audio/mpeg`; empty where not told.
    pub content_type: String,
    /// Whole seconds, where known.
    pub duration_seconds: Option<u32>,
    /// Where the sound is. It is asked for only if that is one of the system's own hosts.
    pub url: String,
}
