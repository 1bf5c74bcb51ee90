//! How our closed words are written in columns: small numbers that never change their meaning.

use model::Time;
use model::booking_change::BookingChangeKind;
use model::booking_detail::BookingAnswer;
use model::bulk::{BulkFormat, BulkProblemKind, BulkState};
use model::call::{Direction, Outcome, Role};
use model::chat_room::{DestinationKind, VersionOrigin};
use model::conference_room::UnplacedReason;
use model::entry_change::{EntryChangeKind, EntryList};
use model::message::DeliveryState;
use model::person::{HealthList, LinkReason, PersonKind};
use model::worklist::FollowUpStep;

use crate::StoreError;
use crate::bulks::Mark;

/// A word with a number for the database.
pub(crate) trait Coded: Sized + Copy {
    /// The number.
    fn code(self) -> i64;

    /// The word of a number.
    fn decode(code: i64) -> Result<Self, StoreError>;
}

macro_rules! coded {
    ($($type:ident { $($word:ident = $code:literal),+ $(,)? })+) => {$(
        impl Coded for $type {
            fn code(self) -> i64 {
                match self { $(Self::$word => $code),+ }
            }

            fn decode(code: i64) -> Result<Self, StoreError> {
                match code {
                    $($code => Ok(Self::$word),)+
                    _ => Err(StoreError::damaged(stringify!($type))),
                }
            }
        }
    )+};
}

coded! {
    Direction { Unknown = 0, Inbound = 1, Outbound = 2 }
    Outcome { Unknown = 0, Ringing = 1, Answered = 2, Missed = 3, Voicemail = 4, Refused = 5, Failed = 6 }
    Role { Spoke = 1, Rang = 2 }
    PersonKind { User = 1, Guest = 2, Queue = 3, Bot = 4 }
    LinkReason { ByHand = 1, SameId = 2, SameEmail = 3, SameNumber = 4 }
    HealthList { Unmatched = 1, Guests = 2, Gone = 3 }
    DestinationKind { Person = 1, Room = 2 }
    UnplacedReason { NoStart = 1, NoEnd = 2, EndsBeforeStart = 3, NoSuchRoom = 4, NotReadable = 5 }
    BookingChangeKind { Added = 1, Cancelled = 2, Moved = 3, OtherRoom = 4, Renamed = 5 }
    BookingAnswer { Needed = 1, NotNeeded = 2 }
    VersionOrigin { Imported = 1, Answered = 2, Sent = 3 }
    FollowUpStep { Open = 1, Taken = 2, Done = 3 }
    DeliveryState { Waiting = 1, Sending = 2, Sent = 3, Refused = 4, Unknown = 5, Paused = 6 }
    BulkFormat { Messages = 1, Csv = 2, Composed = 3 }
    BulkState { Planned = 1, Running = 2, Pausing = 3, Paused = 4, Stopped = 5, Done = 6, Interrupted = 7 }
    BulkProblemKind {
        Unreadable = 1, NoRecipient = 2, NothingToSend = 3, EmptyField = 4, NotUsable = 5, TooLong = 6, Doubled = 7,
        UnknownAddress = 8, UnknownRoom = 9, Unverifiable = 10, Guest = 11, GotBefore = 12,
        LargeRoom = 13,
    }
    EntryList { Customers = 1, People = 2 }
    EntryChangeKind {
        Added = 1, Removed = 2, Renamed = 3, Company = 4, Numbers = 5, Extension = 6, SwitchedOff = 7, SwitchedOn = 8,
    }
    Mark { Left = 1, Withheld = 2 }
}

/// An instant from its milliseconds.
pub(crate) fn time(millis: i64) -> Result<Time, StoreError> {
    Time::from_millis(millis).ok_or(StoreError::damaged("an instant"))
}

/// JSON for a column that is read as a whole.
pub(crate) fn to_json<T: serde::Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|_| StoreError::damaged("a value to be written as JSON"))
}

/// What [`to_json`] wrote.
pub(crate) fn from_json<T: serde::de::DeserializeOwned>(text: &str, column: &'static str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|_| StoreError::damaged(column))
}
