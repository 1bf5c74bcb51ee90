//! People known to a system, and one person linked across systems.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::call::Party;
use crate::{ConnectionId, PersonId, SystemId, Time};

/// A person, or something that looks like one, as one system knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Person {
    /// Id here.
    pub id: PersonId,
    /// Which connection told.
    pub connection: ConnectionId,
    /// The system's id.
    pub external_id: String,
    /// Name.
    pub name: String,
    /// E-mail address.
    pub email: Option<String>,
    /// Account name, where the system has one.
    pub username: Option<String>,
    /// Telephone numbers as given.
    pub numbers: Vec<String>,
    /// Short number inside the office.
    pub extension: Option<String>,
    /// What it really is.
    pub kind: PersonKind,
    /// Whether the account is in use.
    pub is_active: bool,
}

/// What an entry of a directory is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum PersonKind {
    /// A colleague.
    User,
    /// Somebody from outside.
    Guest,
    /// A queue, a menu, a shared line.
    Queue,
    /// A program.
    Bot,
}

/// One person across systems, as `people list` shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct LinkedPerson {
    /// The id of the first identity.
    pub id: PersonId,
    /// Name.
    pub name: String,
    /// E-mail address.
    pub email: Option<String>,
    /// Short number inside the office, of the first identity that has one.
    pub extension: Option<String>,
    /// Every telephone number, each once.
    pub numbers: Vec<Party>,
    /// Whether they can be reached and whether they speak, as far as a system told.
    pub presence: Option<Presence>,
    /// Every system that knows this person.
    pub identities: Vec<Identity>,
}

/// One system's knowledge of a person, and why it is the same one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Identity {
    /// Id here.
    pub id: PersonId,
    /// Connection.
    pub connection: ConnectionId,
    /// Kind of system.
    pub system: SystemId,
    /// The system's id.
    pub external_id: String,
    /// Name there.
    pub name: String,
    /// E-mail address there.
    pub email: Option<String>,
    /// Account name there.
    pub username: Option<String>,
    /// What the entry is.
    pub kind: PersonKind,
    /// Whether the account is in use.
    pub is_active: bool,
    /// Why it is linked; `None` for the first.
    pub reason: Option<LinkReason>,
    /// Since when: when a person said so, or when it was seen first; `None` for the first, and where nobody knows.
    pub since: Option<Time>,
}

/// Why two identities are one person, the strongest reason first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum LinkReason {
    /// A person said so.
    ByHand,
    /// The same id in both.
    SameId,
    /// The same e-mail address.
    SameEmail,
    /// The same telephone number.
    SameNumber,
}

/// Two people, each named by any of their identities.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct PersonPair {
    /// One.
    pub one: PersonId,
    /// The other.
    pub other: PersonId,
}

/// What a person said of two identities.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct PersonSaid {
    /// One.
    pub one: PersonId,
    /// The other, of another connection.
    pub other: PersonId,
    /// Whether they are the same person; `None` where nothing is said, so that the systems decide.
    pub is_same: Option<bool>,
    /// When it was said; `None` where nothing is said.
    pub at: Option<Time>,
}

/// What is not right with the directories of the systems.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct PeopleHealth {
    /// People who may be the same.
    pub maybe: Vec<MaybeSame>,
    /// Colleagues whom one system alone knows, though others have people too.
    pub unmatched: Vec<LinkedPerson>,
    /// People from outside.
    pub guests: Vec<LinkedPerson>,
    /// Colleagues whose account is out of use in some system and who are still listed.
    pub gone: Vec<LinkedPerson>,
    /// What a person looked at and put aside; it stands in no list above.
    pub put_aside: Vec<PutAside>,
}

/// Two people who may be the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct MaybeSame {
    /// One.
    pub one: LinkedPerson,
    /// The other.
    pub other: LinkedPerson,
    /// Why that may be.
    pub reason: MaybeReason,
}

/// Why two people may be the same, the strongest reason first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum MaybeReason {
    /// They have an e-mail address in common with a third one, so that it cannot be said whose it is.
    SharedEmail,
    /// They have a telephone number in common with a third one.
    SharedNumber,
    /// The same name, without regard to width, kana, case and spaces.
    SameName,
    /// The same words of a name in another order.
    SimilarName,
    /// The same account name: before the `@` of an address, or where the system has one.
    SameAccount,
}

/// One entry of a health list that a person put aside.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct PutAside {
    /// The person, by any identity.
    pub person: PersonId,
    /// Of which list.
    pub list: HealthList,
}

/// A health list of single people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum HealthList {
    /// Known to one system alone.
    Unmatched,
    /// From outside.
    Guests,
    /// Out of use, still listed.
    Gone,
}

/// Whether somebody is there, as a system tells it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Presence {
    /// The system's id of the person.
    pub external_id: String,
    /// Whether they can be reached.
    pub availability: Availability,
    /// Whether they speak on the telephone, or their telephone rings.
    pub is_on_call: bool,
}

/// Whether somebody can be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Availability {
    /// Can be reached.
    Available,
    /// Busy.
    Busy,
    /// Does not want to be disturbed.
    DoNotDisturb,
    /// Not there.
    Offline,
    /// A word that we do not know.
    Unknown,
}
