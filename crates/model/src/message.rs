//! A message, where it goes, and what became of it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::failure::Problem;
use crate::file::AttachedFile;
use crate::{ConnectionId, DeliveryId, DraftId, Raw, TemplateId, Time};

/// What the composer hands over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Draft {
    /// Made when the composer opened; the same draft is sent once.
    pub id: DraftId,
    /// Through which connection.
    pub connection: ConnectionId,
    /// To whom.
    pub to: Recipient,
    /// The text, line ends as `\n`.
    pub text: String,
    /// Addresses to mention in a room.
    #[serde(default)]
    pub mentions: Vec<String>,
    /// Ask for a receipt when opened.
    #[serde(default)]
    pub sealed: bool,
    /// A JSON array of attachment cards.
    #[serde(default)]
    pub attachments: Option<Raw>,
    /// How the sender is shown, where the system allows that.
    #[serde(default)]
    pub guise: Guise,
    /// The message that this one answers, by its id at the system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub thread: Option<String>,
    /// A file that goes with it; the text is its caption then, and may be empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub file: Option<AttachedFile>,
}

/// Another name and picture for the sender.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(default)]
pub struct Guise {
    /// Name.
    pub alias: Option<String>,
    /// Emoji such as `:bell:`.
    pub emoji: Option<String>,
    /// Address of a picture.
    pub avatar: Option<String>,
}

/// A message as a file of several has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// To whom.
    pub to: Recipient,
    /// The text.
    pub text: String,
    /// Addresses to mention in a room.
    pub mentions: Vec<String>,
}

/// A message of a file, with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadLetter {
    /// The line where it begins, counted from 1.
    pub line: u32,
    /// The message, or the place that cannot be read.
    pub letter: Result<Letter, String>,
}

/// Whom a message is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case", tag = "kind", content = "address")]
#[ts(export)]
pub enum Recipient {
    /// One or more people by the addresses of their system; one conversation.
    People(Vec<String>),
    /// A room by its name or id.
    Room(String),
}

/// A message on its way: the draft with the id that it carries everywhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Our id; also the system's, where the system lets us choose.
    pub id: DeliveryId,
    /// What to send.
    pub draft: Draft,
}

/// What a system said when it took a message.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Receipt {
    /// The system's id of the message, where it gives one.
    pub external_id: Option<String>,
    /// Its own words, where it took the message but said something we do not understand.
    pub remark: Option<String>,
}

/// One message to one recipient in the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Delivery {
    /// Id here.
    pub id: DeliveryId,
    /// The draft it came from.
    pub draft: DraftId,
    /// Connection.
    pub connection: ConnectionId,
    /// To whom.
    pub to: Recipient,
    /// The text.
    pub text: String,
    /// The file that goes with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub file: Option<AttachedFile>,
    /// What became of it.
    pub state: DeliveryState,
    /// The system's id or words; never empty for refused and unknown.
    pub detail: String,
    /// Why, where it was refused or is unknown.
    pub problem: Option<Problem>,
    /// When it was handed over.
    pub created_at: Time,
    /// When its state became final.
    pub settled_at: Option<Time>,
}

/// What became of several drafts that were handed over together: all of them are in the ledger, or none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct HandedOver {
    /// In the order of the drafts; empty where one of them cannot be sent.
    pub deliveries: Vec<Delivery>,
    /// Everything that cannot be sent; empty where all of them were taken.
    pub refused: Vec<RefusedDraft>,
}

/// A draft that cannot be sent as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct RefusedDraft {
    /// Through which connection.
    pub connection: ConnectionId,
    /// To whom.
    pub to: Recipient,
    /// Why.
    pub problem: Problem,
}

/// A text that was kept to be written again, with fields such as `{{caller}}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Template {
    /// Id here; empty for one that is new.
    pub id: TemplateId,
    /// Name.
    pub name: String,
    /// The text, line ends as `\n`.
    pub text: String,
    /// A JSON array of attachment cards; empty for none.
    #[serde(default)]
    pub attachments: String,
}

/// Messages that are to leave together at a time, while the program runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Planned {
    /// The composer's draft.
    pub id: DraftId,
    /// When.
    pub due_at: Time,
    /// Whether the time passed and nothing was sent: the program did not run, or it could not be sent. It waits for a person.
    pub is_missed: bool,
    /// One draft for each recipient, all with the id of the composer's draft.
    pub drafts: Vec<Draft>,
}

/// What became of drafts that are to leave later.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct PlanMade {
    /// The plan; `None` where one of them cannot be sent.
    pub planned: Option<Planned>,
    /// Everything that cannot be sent.
    pub refused: Vec<RefusedDraft>,
}

/// What became of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum DeliveryState {
    /// Not sent yet.
    Waiting,
    /// Leaves now.
    Sending,
    /// The system has it.
    Sent,
    /// The system said no; nothing arrived.
    Refused,
    /// It left, and nobody knows whether it arrived.
    Unknown,
    /// Waits for a person, such as for a new sign-in.
    Paused,
}

/// A web-conference link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct QuickCall {
    /// The link; `None` where it could not be found in the answer.
    pub url: Option<String>,
    /// The untouched answer.
    pub raw: Raw,
}
