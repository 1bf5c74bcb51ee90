//! What a kind of system is, as data: the screens and the command line are made from this, so nobody asks which vendor it is.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::SystemId;

/// One kind of system that can be connected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct About {
    /// Path name, such as `ring-central`.
    pub id: SystemId,
    /// The name on screen; a proper name, the same in every language.
    pub name: String,
    /// Its mark.
    pub mark: Mark,
    /// An example of its address.
    pub url_example: String,
    /// The address that most people use, filled in beforehand; empty where there is none.
    pub url_default: String,
    /// What is asked for besides name and address, in this order.
    pub fields: Vec<Field>,
    /// Characters that one message may have, where the system publishes a limit.
    pub longest_text: Option<u32>,
    /// How it shows a text.
    pub grammar: Grammar,
    /// Messages that it takes from one account in a minute, where that is known beforehand.
    pub messages_per_minute: Option<u32>,
    /// Messages that it takes from one person in a day, where it publishes a limit.
    pub messages_per_day: Option<u32>,
    /// What it can do, for the screens that offer only what is possible.
    pub abilities: Vec<Ability>,
    /// Whether a person may sign in with the system's own page in the browser instead of pasting a key.
    pub signs_in_by_browser: bool,
    /// Whether a person may sign in with a user name and a password instead of pasting a key.
    pub signs_in_by_password: bool,
}

impl About {
    /// Whether signing in brings a secret that has to be ended at the system.
    #[must_use]
    pub fn signs_in(&self) -> bool {
        self.signs_in_by_browser || self.signs_in_by_password
    }
}

/// How a system shows a text: what of it are marks, and what they mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Grammar {
    /// As it is written.
    Plain,
    /// `*bold*`, `_italic_`, `~struck~`, code, quotations, lists, links, mentions and `:emoji:`.
    SingleMarks,
    /// Markdown: `**bold**`, `*italic*`, quotations, lists and links.
    Markdown,
}

/// The shape that stands for a system everywhere; its colour follows from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Mark {
    /// ■
    Square,
    /// ●
    Circle,
    /// ▲
    Triangle,
    /// ◆
    Diamond,
}

/// One thing to ask for when a connection is made. Its label is the message `field_<key>` of each language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Field {
    /// Name in the command line, such as `token` or `user-id`.
    pub key: String,
    /// Whether it goes to the keyring and is never shown again.
    pub is_secret: bool,
    /// Whether the connection cannot work without it.
    pub is_required: bool,
    /// Where its value comes from.
    pub origin: Origin,
}

/// Where the value of a field comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Origin {
    /// A person enters it.
    Typed,
    /// A person enters it instead of signing in, together with all others of this kind.
    TypedInstead,
    /// A person enters it for signing in with the browser; nothing else needs it.
    TypedForSignIn,
    /// Signing in brings it, and it is renewed by itself: nobody enters it.
    SignIn,
}

impl Field {
    /// A field that a person enters.
    #[must_use]
    pub fn typed(key: &str, is_secret: bool, is_required: bool) -> Self {
        Self { key: key.to_owned(), is_secret, is_required, origin: Origin::Typed }
    }

    /// A secret that comes from signing in with the browser, or is entered instead of that.
    #[must_use]
    pub fn of_sign_in(key: &str, origin: Origin) -> Self {
        Self { key: key.to_owned(), is_secret: true, is_required: false, origin }
    }
}

/// A thing that a system can do; one for each optional port of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Ability {
    /// Has a call log.
    Calls,
    /// Tells of calls as they ring.
    LiveCalls,
    /// Sends messages to people.
    Chat,
    /// Can be asked whether it has a message of ours.
    FindsSent,
    /// Takes a sealed message, with a receipt when opened.
    SealedMessages,
    /// Takes several messages in one request.
    Batches,
    /// Takes attachment cards.
    Attachments,
    /// Takes a file with a message.
    Files,
    /// Creates and changes chat rooms.
    ChatRooms,
    /// Lists its rooms and who is in them, makes some and renames them.
    ListedRooms,
    /// Has conference rooms and their bookings.
    Rooms,
    /// Has people.
    People,
    /// Keeps notes on calls.
    CallNotes,
    /// Has a customer address book.
    Customers,
    /// Has administration resources.
    Records,
    /// Makes quick web-conference links.
    QuickCalls,
}
