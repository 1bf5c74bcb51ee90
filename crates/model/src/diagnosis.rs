//! What a look at a connection from every side finds: everything that somebody is asked first when something does not work.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::Time;
use crate::about::Ability;
use crate::connection::{CheckUp, ConnectionView, Limitation};
use crate::failure::Problem;

/// How a connection is, looked at just now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Diagnosis {
    /// The connection, with what was learnt of it meanwhile.
    pub view: ConnectionView,
    /// What its system can do at all.
    pub abilities: Vec<Ability>,
    /// What was tried, step by step.
    pub check_up: CheckUp,
    /// How calls are heard of as they ring; `None` where the system does not tell of them, or it was not reached.
    pub line: Option<LineCheck>,
    /// Whether the call log was ever read.
    pub log_was_read: bool,
    /// Why the call log cannot be read on from where it was left, if so.
    pub log_problem: Option<Problem>,
    /// How many records are kept that could not be understood; the oldest are forgotten beyond a few hundred.
    #[ts(type = "number")]
    pub oddities: u64,
    /// When the newest of them came.
    pub newest_oddity_at: Option<Time>,
}

/// How a live line stood when it was tried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum LineCheck {
    /// It stands; with what it does only in part.
    Stands(Option<Limitation>),
    /// It does not.
    Fails(Problem),
}
