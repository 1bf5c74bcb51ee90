//! A call, its legs and who took part, and the questions that lists of calls ask.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::record::Conflict;
use crate::{CallId, ConnectionId, CustomerId, PersonId, Raw, SystemId, Time};

/// A call as lists, the popup and the command line show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Call {
    /// Id here.
    pub id: CallId,
    /// Which connection told of it.
    pub connection: ConnectionId,
    /// The system's id.
    pub external_id: String,
    /// What joins the legs and the live events of one call, where the system has it.
    pub session_id: Option<String>,
    /// When it began. `None` where the system's text could not be read as a time; the text is in the raw record.
    pub started_at: Option<Time>,
    /// Whole seconds, where known.
    pub duration_seconds: Option<u32>,
    /// Which way.
    pub direction: Direction,
    /// What became of it.
    pub outcome: Outcome,
    /// Who rang.
    pub from: Party,
    /// Whom they rang.
    pub to: Party,
    /// The called line or queue.
    pub line: Option<String>,
    /// Colleagues who took part; never a queue, a menu or a guest.
    pub people: Vec<CallPerson>,
    /// The customer of the outside number, if exactly one fits.
    pub customer: Option<CustomerRef>,
    /// How many customers fit; more than one is a list in the detail, never a guess.
    pub customer_count: u32,
    /// The note.
    pub note: Option<String>,
    /// How it rang, step by step. Empty in lists.
    pub legs: Vec<Leg>,
    /// What other connections recorded of the same call, this one left out.
    #[serde(default)]
    pub same: Vec<SameCall>,
}

/// What another connection recorded of the same call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct SameCall {
    /// Id here.
    pub id: CallId,
    /// Which connection told of it.
    pub connection: ConnectionId,
    /// When it began there.
    pub started_at: Option<Time>,
    /// What became of it there.
    pub outcome: Outcome,
    /// The called line or queue there.
    pub line: Option<String>,
    /// Whether a person said that it is the same.
    pub is_by_hand: bool,
}

/// One side of a call.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Party {
    /// The number as the system gave it; empty where withheld.
    pub raw: String,
    /// E.164 with `+`, where the number can be read as one.
    pub e164: Option<String>,
    /// The name that came with it.
    pub name: Option<String>,
    /// The place that came with it.
    pub location: Option<String>,
    /// The number as it is shown: grouped, Japanese numbers in the national form, others with their country code; as the system
    /// gave it where it cannot be read. Filled in when it is read from the cache.
    #[serde(default)]
    pub shown: String,
}

/// Which way a call went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Direction {
    /// From outside.
    Inbound,
    /// To outside.
    Outbound,
    /// Not told.
    Unknown,
}

/// What became of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Outcome {
    /// Rings now.
    Ringing,
    /// Somebody spoke, or speaks now.
    Answered,
    /// Nobody took it.
    Missed,
    /// Went to voicemail.
    Voicemail,
    /// Was refused or blocked.
    Refused,
    /// Did not come about.
    Failed,
    /// Not told, or a word we do not know.
    Unknown,
}

/// A colleague in a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct CallPerson {
    /// Id here.
    pub id: PersonId,
    /// Name.
    pub name: String,
    /// E-mail address.
    pub email: Option<String>,
    /// The system that knows this person.
    pub system: SystemId,
    /// The system's id.
    pub external_id: String,
    /// Spoke or rang.
    pub role: Role,
}

/// What a colleague did in a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Role {
    /// Spoke with the other side.
    Spoke,
    /// Their telephone rang, and they did not take it.
    Rang,
}

/// A customer, by id and name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct CustomerRef {
    /// Id here.
    pub id: CustomerId,
    /// Name.
    pub name: String,
    /// Company.
    pub company: Option<String>,
}

/// One step of a call: a menu, a queue or a telephone that rang.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Leg {
    /// When this step began.
    pub started_at: Option<Time>,
    /// Whole seconds.
    pub duration_seconds: Option<u32>,
    /// The name to show: a person's, a queue's, or the number.
    pub name: String,
    /// What became of this step.
    pub outcome: Outcome,
    /// The extension that it reached, if the system says so. May be a queue.
    pub extension_id: Option<String>,
    /// The system's own word for it, such as `FindMe`.
    pub kind: String,
    /// Whether it is the main leg.
    pub is_master: bool,
}

/// A call as a system tells it, before it is joined with people and customers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenCall {
    /// The system's id.
    pub external_id: String,
    /// See [`Call::session_id`].
    pub session_id: Option<String>,
    /// See [`Call::started_at`].
    pub started_at: Option<Time>,
    /// Whole seconds.
    pub duration_seconds: Option<u32>,
    /// Which way.
    pub direction: Direction,
    /// What became of it.
    pub outcome: Outcome,
    /// Who rang.
    pub from: Party,
    /// Whom they rang.
    pub to: Party,
    /// The called line or queue.
    pub line: Option<String>,
    /// Extensions that took part, as the system's ids. The reader joins them with people; queues fall out there.
    pub extensions: Vec<(String, Role)>,
    /// The system's id of the customer, where it names one.
    pub customer_external_id: Option<String>,
    /// The note that the system keeps.
    pub note: Option<String>,
    /// How it rang.
    pub legs: Vec<Leg>,
    /// The untouched record.
    pub raw: Raw,
}

/// Which calls a list shows. Empty fields do not narrow.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(default)]
pub struct CallFilter {
    /// Of this connection.
    pub connection: Option<ConnectionId>,
    /// Begun at this instant or later.
    pub from: Option<Time>,
    /// Begun before this instant.
    pub to: Option<Time>,
    /// Names, numbers and notes that hold this text, without regard to width, kana and case.
    pub search: String,
    /// Which way; `None` for all.
    pub direction: Option<Direction>,
    /// What became of it.
    pub outcome: Option<Outcome>,
    /// This number on either side, in any written form.
    pub number: Option<String>,
    /// This colleague took part.
    pub person: Option<PersonId>,
    /// Of this line or queue, by its exact name.
    pub line: Option<String>,
    /// With this customer: the system says so, or the outside number is theirs.
    pub customer: Option<CustomerId>,
    /// Whether the outside number is in an address book.
    pub caller: Option<CallerKind>,
}

/// What is known of who is on the other side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum CallerKind {
    /// A number of an address book.
    Known,
    /// A number that no address book has.
    Unknown,
    /// No number came along.
    Withheld,
}

impl std::hash::Hash for Direction {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        std::mem::discriminant(self).hash(state);
    }
}

impl std::hash::Hash for Outcome {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        std::mem::discriminant(self).hash(state);
    }
}

/// A page of calls for the command line, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallPage {
    /// The calls.
    pub calls: Vec<Call>,
    /// Where the next page begins; `None` at the end.
    pub next: Option<String>,
    /// How many the filter finds in all.
    pub total: u64,
}

/// Where a call stands in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct CallPlace {
    /// Row number, from 0.
    #[ts(type = "number")]
    pub row: u64,
    /// The call in that row: the one asked for, the log's word for a call that was told live, or the record by which it is shown.
    pub id: CallId,
}

/// A block of the table on screen: rows `first_row ..` of the list as it stood at `edition`, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct CallBlock {
    /// Grows whenever the calls change; blocks of different editions must not be mixed.
    #[ts(type = "number")]
    pub edition: u64,
    /// How many rows the filter finds in all.
    #[ts(type = "number")]
    pub total: u64,
    /// Row number of the first call of this block.
    #[ts(type = "number")]
    pub first_row: u64,
    /// At most [`CallBlock::SIZE`] calls, without legs.
    pub calls: Vec<Call>,
}

impl CallBlock {
    /// Rows in a block.
    pub const SIZE: u64 = 100;
}

/// What became of a note that a person wrote on a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum CallNoted {
    /// It is written; the call as it is shown now.
    Done(Box<Call>),
    /// Somebody else changed the note meanwhile; nothing was written.
    Conflict(Conflict),
}

/// Everything that the detail of a call shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct CallDetail {
    /// The call with its legs.
    pub call: Call,
    /// The untouched record.
    pub raw: Raw,
    /// Every customer whose number this is.
    pub customers: Vec<crate::customer::Customer>,
    /// The last calls with the same number, newest first, without this one; at most five.
    pub last_calls: Vec<crate::last_call::LastCall>,
    /// How many calls there are with this number in all.
    #[ts(type = "number")]
    pub calls_with_number: u64,
    /// The untouched records of the same call at other connections.
    pub same_raw: Vec<SameRaw>,
    /// The connection whose system keeps the note; `None` where it is kept here.
    pub note_kept_by: Option<ConnectionId>,
    /// Whether the record names a recording.
    pub has_recording: bool,
}

/// The untouched record of the same call at another connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct SameRaw {
    /// Which connection told of it.
    pub connection: ConnectionId,
    /// The record.
    pub raw: Raw,
}

/// How many calls began in a span of time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct CallVolume {
    /// All that the filter finds.
    pub calls: u32,
    /// Of them answered.
    pub answered: u32,
    /// Of them missed.
    pub missed: u32,
}

/// A number that rings and stands in no address book.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct UnknownCaller {
    /// The number, with the name and place that came along last.
    pub party: Party,
    /// Calls with it.
    #[ts(type = "number")]
    pub calls: u64,
    /// Of them missed.
    #[ts(type = "number")]
    pub missed: u64,
    /// When the last one began.
    pub last_at: Option<Time>,
}
