//! An earlier call with a number, as it stands under who rings.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::call::{CallPerson, Direction, Outcome};
use crate::{CallId, ConnectionId, Time};

/// A call as one line beside another with the same outside number: what both have in common is left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct LastCall {
    /// Id here.
    pub id: CallId,
    /// Which connection told of it.
    pub connection: ConnectionId,
    /// The system's id.
    pub external_id: String,
    /// When it began. `None` where the system's text could not be read as a time.
    pub started_at: Option<Time>,
    /// Whole seconds, where known.
    pub duration_seconds: Option<u32>,
    /// Which way.
    pub direction: Direction,
    /// What became of it.
    pub outcome: Outcome,
    /// Colleagues who took part; never a queue, a menu or a guest.
    pub people: Vec<CallPerson>,
    /// The note.
    pub note: Option<String>,
}
