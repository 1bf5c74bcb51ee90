//! Missed calls that somebody has to follow up: who took them, what closed them, and which colleague to tell.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::call::Call;
use crate::message::{Delivery, Draft};
use crate::whereabouts::Whereabouts;
use crate::{CallId, ConnectionId, PersonId, Time};

/// The missed calls of the last days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Worklist {
    /// Since when calls are looked at.
    pub since: Time,
    /// New and taken ones, the newest call first.
    pub open: Vec<FollowUp>,
    /// Those that are over, the one that was closed last first.
    pub closed: Vec<FollowUp>,
    /// How many are open in all, also where not all of them are listed.
    pub open_count: u32,
}

/// The missed calls of one number that wait together, or one call without a number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct FollowUp {
    /// The newest of them.
    pub call: Call,
    /// All of them, the newest first.
    pub calls: Vec<CallId>,
    /// How it stands.
    pub state: FollowUpState,
    /// Who took it, or closed it by hand.
    pub who: Option<String>,
    /// Whether that was whoever asks.
    pub is_mine: bool,
    /// When it was taken or closed by hand, or when the call began that closed it.
    pub at: Option<Time>,
    /// The call that closed it, where none did so by hand.
    pub closed_by: Option<Call>,
    /// Who could be told. Several are a list to choose from.
    pub colleagues: Vec<Colleague>,
    /// The last message that went out about it.
    pub message: Option<FollowUpMessage>,
}

/// How a missed call stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum FollowUpState {
    /// Nobody looks after it.
    New,
    /// Somebody does.
    Taken,
    /// Somebody said that it is over.
    Done,
    /// A later call closed it.
    ClosedItself,
}

/// What a person says of a missed call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum FollowUpStep {
    /// It waits, whatever call came until now.
    Open,
    /// They look after it.
    Taken,
    /// It is over.
    Done,
}

/// What was said of one missed call, and by whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct FollowUpMark {
    /// The call.
    pub call: CallId,
    /// What was said.
    pub step: FollowUpStep,
    /// Who said it.
    pub who: String,
    /// When.
    pub at: Time,
}

/// Somebody who could be told of a missed call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Colleague {
    /// The first identity.
    pub person: PersonId,
    /// Name.
    pub name: String,
    /// Why they are meant.
    pub reason: ColleagueReason,
    /// Where a message reaches them, the best way first. Empty where no connected system can.
    pub chats: Vec<ChatWay>,
    /// Whether the first way is better than every other. Where it is not, a person chooses.
    pub is_chat_clear: bool,
    /// Where they are now.
    pub whereabouts: Whereabouts,
}

/// Why a colleague is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum ColleagueReason {
    /// Their telephone rang.
    Rang,
    /// They spoke with this number last.
    SpokeLast,
}

/// One way in which a message reaches a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct ChatWay {
    /// Through which connection.
    pub connection: ConnectionId,
    /// The address that its system knows.
    pub address: String,
}

/// How a system's messages find a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddressKind {
    /// By the id of its own directory.
    Id,
    /// By e-mail address.
    Email,
    /// By the name of the account.
    Username,
}

/// A message to a colleague about a missed call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct FollowUpDraft {
    /// The newest of the missed calls.
    pub call: CallId,
    /// Whom it is for.
    pub person: PersonId,
    /// The message, through one of their chats.
    pub draft: Draft,
}

/// What went out about a missed call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct FollowUpMessage {
    /// The name of whom it was for.
    pub name: String,
    /// The message and what became of it.
    pub delivery: Delivery,
}
