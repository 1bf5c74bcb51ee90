//! All that is told unasked.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::Time;
use crate::call::Call;
use crate::connection::ConnectionView;
use crate::customer::Customer;
use crate::last_call::LastCall;

/// What a window learns without asking. The first is always a snapshot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case", tag = "type")]
#[ts(export)]
pub enum Event {
    /// How things are when the window begins to listen.
    Snapshot {
        /// Calls that ring now.
        ringing: Vec<Call>,
        /// Every connection.
        connections: Vec<ConnectionView>,
    },
    /// A call rings, changes, ends or is recorded: everything that a window shows of it, so that nothing has to be asked for.
    Call(Box<CallNews>),
    /// The connections or how they are.
    Connections {
        /// Every connection.
        connections: Vec<ConnectionView>,
    },
    /// Rows of these tables changed: whoever shows them asks again.
    Changed {
        /// Tables.
        tables: Vec<Table>,
    },
}

/// News of a call, whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct CallNews {
    /// What happened.
    pub event: CallEvent,
    /// When this console heard of it.
    pub at: Time,
    /// The call.
    pub call: Call,
    /// Every customer whose number the outside number is; more than one is a list, never a guess.
    pub customers: Vec<Customer>,
    /// The last calls with the same outside number on all connections, newest first, without this one; at most five.
    pub recent: Vec<LastCall>,
}

/// What happened to a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum CallEvent {
    /// It began to ring.
    Ringing,
    /// It goes on, and something of it is new.
    Changed,
    /// It is over.
    Ended,
    /// The system wrote it into its log.
    Recorded,
}

/// What can change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Table {
    /// Calls and what is joined to them.
    Calls,
    /// People.
    People,
    /// Customers.
    Customers,
    /// Conference rooms.
    Rooms,
    /// Bookings.
    Reservations,
    /// Kept chat rooms.
    ChatRooms,
    /// Rooms that messages can be sent to.
    Destinations,
    /// The ledger of messages.
    Deliveries,
    /// Plans of many messages, and what became of their rows.
    Bulks,
    /// Connections.
    Connections,
    /// Settings.
    Settings,
    /// Saved views of the list of calls.
    CallViews,
    /// What was said of missed calls, and sent about them.
    FollowUps,
    /// The log of what was done at systems.
    Audit,
    /// Staged and committed changes of administration records.
    Stages,
    /// Texts that were kept to be written again.
    Templates,
    /// Messages that are to leave later.
    Planned,
}
