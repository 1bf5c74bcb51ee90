//! Identifiers. All are text: 19-digit and 64-bit ids do not survive a JavaScript number.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

macro_rules! id {
    ($($(#[$meta:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
        #[serde(transparent)]
        #[ts(export)]
        pub struct $name(pub String);

        impl $name {
            /// The text of the id.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl<T: Into<String>> From<T> for $name {
            fn from(text: T) -> Self {
                Self(text.into())
            }
        }
    )+};
}

id! {
    /// A connection to one account of one system; made here, stable for the life of the data folder.
    ConnectionId,
    /// A system by its path name, such as `ring-central`. Compared only with entries of the list of systems.
    SystemId,
    /// A call in this console: `connection/external id`.
    CallId,
    /// A person of one system in this console: `connection/external id`.
    PersonId,
    /// A customer of one system's address book in this console: `connection/external id`.
    CustomerId,
    /// A conference room in this console: `connection/external id`.
    RoomId,
    /// A booking in this console: `connection/external id`, or made from its room and times where the system gives none.
    ReservationId,
    /// A chat room kept in this console, made here.
    KeptRoomId,
    /// One message to one recipient; made here before anything is sent.
    DeliveryId,
    /// A plan of many messages.
    BulkId,
    /// A saved view of the list of calls.
    CallViewId,
    /// A draft of the composer; a second press with the same draft sends nothing.
    DraftId,
    /// A change of an administration record that waits here.
    StageId,
    /// A change of an administration record that was committed.
    DoneId,
    /// What became different since a snapshot; made here, for one use.
    DriftId,
    /// A text that was kept to be written again.
    TemplateId,
}
