//! All that is told unasked.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::call::Call;
use crate::connection::ConnectionView;

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
    /// A call rings, changes or ends.
    Call {
        /// The whole call.
        call: Box<Call>,
    },
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
    /// Connections.
    Connections,
    /// Settings.
    Settings,
}
