//! A connection to one account of one system, how it is and how it was tested.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::failure::Problem;
use crate::{ConnectionId, Secret, SystemId, Time};

/// What is kept of a connection. Its secrets are in the keyring only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Connection {
    /// Made here.
    pub id: ConnectionId,
    /// Chosen by the person, unique without regard to case.
    pub name: String,
    /// Which kind of system.
    pub system: SystemId,
    /// Base address without a slash at its end.
    pub url: String,
    /// Settings that are not secret, such as `user-id` or `time-zone`.
    pub settings: BTreeMap<String, String>,
    /// Whether the person agreed to plain http to another computer.
    pub allow_http: bool,
}

/// A connection as the screens and `connections list` show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct ConnectionView {
    /// Id.
    pub id: ConnectionId,
    /// Name.
    pub name: String,
    /// Kind of system.
    pub system: SystemId,
    /// Address.
    pub url: String,
    /// Settings that are not secret.
    pub settings: BTreeMap<String, String>,
    /// How it is now.
    pub state: State,
    /// The last time the system answered as it should.
    pub last_ok_at: Option<Time>,
    /// The failure that made the state, if one did.
    pub problem: Option<Problem>,
    /// Whether the token travels unencrypted; stays marked.
    pub is_plain_http: bool,
    /// The secrets this connection keeps, by key, with the name of their keyring entry.
    pub secrets: Vec<SecretEntry>,
    /// How far its first fill has come, while it runs.
    pub reading: Option<Reading>,
    /// What works only in part, for as long as that is so.
    pub limitations: Vec<Limitation>,
    /// Records and notices that came since the program began and could not be understood; they are kept untouched.
    #[ts(type = "number")]
    pub not_understood: u64,
}

/// How far a first fill has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Reading {
    /// Calls read so far.
    #[ts(type = "number")]
    pub calls: u64,
    /// Thousandths of the whole, as far as it can be judged: 0–1000.
    pub permille: u16,
    /// When it will be done at the pace that the system allows; `None` where that cannot be told.
    pub ends_at: Option<Time>,
}

/// Something that a connection does only in part: the account may not do more, or this computer does not let it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Limitation {
    /// Only the calls of the person who is signed in are read: the company's log is not permitted.
    OwnCallsOnly,
    /// Calls that ring are found by asking every few seconds: they are not pushed to this account.
    AskedNotPushed,
    /// The keyring did not take the renewed sign-in: it works until the program is closed.
    SignInNotKept,
    /// The call log is too large for its system to be read whole: the newest and the oldest calls are here, some between are not.
    LogHasGap,
}

/// Where one secret is. Never the secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct SecretEntry {
    /// Such as `token`.
    pub key: String,
    /// Name of the keyring entry.
    pub entry: String,
    /// Whether the keyring has it.
    pub is_kept: bool,
}

/// How a connection is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum State {
    /// Never asked yet.
    New,
    /// Being read now for the first time.
    Reading,
    /// Answers as it should, read on time.
    Ok,
    /// Pushes its changes, or is read at least every five seconds.
    Live,
    /// Late because of a limit.
    Limited,
    /// Not reached.
    Offline,
    /// Does not accept the credential.
    SignedOut,
    /// Refuses or answers something unreadable.
    Troubled,
}

/// What a person enters to make a connection. Secrets come with it once and go to the keyring.
#[derive(Clone, Deserialize, TS)]
#[ts(export)]
pub struct NewConnection {
    /// Kind of system.
    pub system: SystemId,
    /// Name; empty means the system's name.
    pub name: String,
    /// Address as typed.
    pub url: String,
    /// Settings by key.
    #[serde(default)]
    pub settings: BTreeMap<String, String>,
    /// Secrets by key.
    #[serde(default)]
    #[ts(type = "Record<string, string>")]
    pub secrets: BTreeMap<String, Secret>,
    /// Whether plain http to another computer was agreed to.
    #[serde(default)]
    pub allow_http: bool,
}

/// The result of a test, in the order in which it was tried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct CheckUp {
    /// When.
    pub at: Time,
    /// As whom we are signed in, where the system says so.
    pub signed_in_as: Option<String>,
    /// What was tried.
    pub steps: Vec<CheckStep>,
}

impl CheckUp {
    /// Whether nothing failed.
    #[must_use]
    pub fn is_fine(&self) -> bool {
        self.steps.iter().all(|step| step.problem.is_none())
    }
}

/// One step of a test.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct CheckStep {
    /// What was tried.
    pub what: Check,
    /// What was found: a version, a name, a count. May be empty. A proper noun or figure, no sentence.
    pub found: String,
    /// Why it failed, if it did.
    pub problem: Option<Problem>,
}

/// What a test can try.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Check {
    /// The address answers and is this kind of system.
    Reached,
    /// The credential is accepted.
    SignedIn,
    /// Calls can be read.
    ReadCalls,
    /// People can be read.
    ReadPeople,
    /// Customers can be read.
    ReadCustomers,
    /// Conference rooms can be read.
    ReadRooms,
    /// Messages may be sent (judged without sending one).
    SendMessages,
    /// Ringing calls are told.
    LiveCalls,
}
