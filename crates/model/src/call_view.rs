//! Saved views: a filter of the list of calls under a name.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::CallViewId;
use crate::call::CallFilter;

/// A filter that a person keeps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct CallView {
    /// Id, made by whoever makes the view.
    pub id: CallViewId,
    /// The name on its tab.
    pub name: String,
    /// Days that move on with the calendar; `None` where the filter itself says from when to when.
    pub days: Option<CallDays>,
    /// Everything else that narrows.
    pub filter: CallFilter,
}

/// Days up to now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum CallDays {
    /// Since midnight.
    Today,
    /// The last seven days, today among them.
    Week,
    /// The last thirty days, today among them.
    Month,
    /// Every day.
    All,
}
