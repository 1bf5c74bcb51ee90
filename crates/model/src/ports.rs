//! The ports that a system fills. What a system can do is data: a session has a port or has it not.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use futures::stream::BoxStream;

use crate::about::About;
use crate::call::SeenCall;
use crate::chat_room::{ChatRoom, Destination};
use crate::conference_room::{Bookings, Period, Room};
use crate::connection::{CheckUp, Connection};
use crate::customer::Customer;
use crate::message::{Message, QuickCall, Receipt};
use crate::person::Person;
use crate::record::Resource;
use crate::{Clock, Failure, Raw, Secret, Time};

/// A kind of system: how it presents itself, and how a session with one of its servers is opened.
pub trait System: Send + Sync {
    /// What it is.
    fn about(&self) -> About;

    /// Opens a session. Nothing is sent yet; what is wrong with the settings is found here.
    ///
    /// # Errors
    /// [`Failure::Invalid`] for settings that cannot be used, [`Failure::SignedOut`] for a missing secret.
    fn open(&self, opening: Opening) -> Result<Session, Failure>;
}

/// What a session is opened with.
pub struct Opening {
    /// The connection.
    pub connection: Connection,
    /// Its secrets by key.
    pub secrets: BTreeMap<String, Secret>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

/// An open session: one port for each thing that this system can do.
#[derive(Clone)]
pub struct Session {
    /// Tests the connection; every system has it.
    pub check: Arc<dyn Tested>,
    /// Call log.
    pub calls: Option<Arc<dyn CallLog>>,
    /// Calls as they ring.
    pub live: Option<Arc<dyn LiveCalls>>,
    /// Messages.
    pub chat: Option<Arc<dyn Chat>>,
    /// Chat rooms.
    pub chat_rooms: Option<Arc<dyn ChatRooms>>,
    /// Conference rooms.
    pub rooms: Option<Arc<dyn ConferenceRooms>>,
    /// People.
    pub people: Option<Arc<dyn People>>,
    /// Customers.
    pub customers: Option<Arc<dyn Customers>>,
    /// Administration resources.
    pub records: Option<Arc<dyn Records>>,
    /// Quick web-conference links.
    pub quick_calls: Option<Arc<dyn QuickCalls>>,
}

impl Session {
    /// A session that can only be tested; a system fills in its ports with struct update syntax.
    #[must_use]
    pub fn new(check: Arc<dyn Tested>) -> Self {
        Self {
            check,
            calls: None,
            live: None,
            chat: None,
            chat_rooms: None,
            rooms: None,
            people: None,
            customers: None,
            records: None,
            quick_calls: None,
        }
    }
}

/// Can be tested without changing anything.
#[async_trait]
pub trait Tested: Send + Sync {
    /// Tries the address, the credential and the reads, in that order. A failed step is in the answer, not an error.
    async fn check_up(&self) -> CheckUp;
}

/// One step of reading a call log.
#[derive(Debug, Clone, Default)]
pub struct CallStep {
    /// Calls, new or changed; the same call may come again in a later step.
    pub calls: Vec<SeenCall>,
    /// The system's ids of calls that are gone.
    pub gone: Vec<String>,
    /// What to hand in next time. Kept by the engine, understood only by the system's client.
    pub cursor: String,
    /// Whether the next step would find more now; `false` ends the walk until the next sync.
    pub has_more: bool,
}

/// A call log that is read in resumable steps.
#[async_trait]
pub trait CallLog: Send + Sync {
    /// The next step after `cursor`; `None` begins anew. A first fill goes newest first and, where `since` is given, not
    /// further back than that.
    async fn step(&self, cursor: Option<&str>, since: Option<Time>) -> Result<CallStep, Failure>;
}

/// What is heard on a live line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// The line stands: from now on every change is told.
    Listening,
    /// A call rings, changes or ends.
    Call(Box<SeenCall>),
}

/// Calls as they ring and change.
pub trait LiveCalls: Send + Sync {
    /// Every change of every call, until the connection is lost (the stream then yields a failure and ends). It begins with
    /// [`Heard::Listening`] once the line stands. Dropping it hangs up.
    fn listen(&self) -> BoxStream<'static, Result<Heard, Failure>>;
}

/// Messages to people and rooms.
#[async_trait]
pub trait Chat: Send + Sync {
    /// Finds what is wrong with a message before anything is sent.
    ///
    /// # Errors
    /// [`Failure::Invalid`].
    fn check(&self, message: &Message) -> Result<(), Failure>;

    /// Sends it once. Never repeats a write by itself.
    async fn send(&self, message: &Message) -> Result<Receipt, Failure>;

    /// Asks the server whether it has this message, where it recognises our id. `Ok(None)`: it has not, or cannot tell
    /// (then [`Chat::can_be_asked`] is false).
    async fn find(&self, message: &Message) -> Result<Option<Receipt>, Failure>;

    /// Whether [`Chat::find`] can tell.
    fn can_be_asked(&self) -> bool;

    /// Rooms that messages can be sent to; empty where the system cannot list them.
    async fn rooms(&self) -> Result<Vec<Destination>, Failure>;
}

/// Chat rooms that can be created and changed.
#[async_trait]
pub trait ChatRooms: Send + Sync {
    /// Reads a record that was imported or pasted, tolerantly.
    ///
    /// # Errors
    /// [`Failure::Invalid`] with the place that cannot be read.
    fn read(&self, text: &str) -> Result<(ChatRoom, Raw), Failure>;

    /// The record that a save would send: `base` with the edit put in, unknown keys and their order untouched.
    ///
    /// # Errors
    /// [`Failure::Invalid`] where the edit cannot be sent.
    fn write(&self, base: Option<&Raw>, edit: &ChatRoom) -> Result<Raw, Failure>;

    /// Sends it once; the server's record afterwards, or `None` where it took it but answered nothing readable.
    async fn apply(&self, raw: &Raw) -> Result<Option<(ChatRoom, Raw)>, Failure>;
}

/// Conference rooms and bookings.
#[async_trait]
pub trait ConferenceRooms: Send + Sync {
    /// Every room.
    async fn rooms(&self) -> Result<Vec<Room>, Failure>;

    /// Bookings of a period.
    async fn bookings(&self, period: Period) -> Result<Bookings, Failure>;

    /// IANA zone of the rooms, or `None` for the computer's own.
    fn zone(&self) -> Option<String>;
}

/// People.
#[async_trait]
pub trait People: Send + Sync {
    /// Everybody, to the last page.
    async fn people(&self) -> Result<Vec<Person>, Failure>;
}

/// Customers.
#[async_trait]
pub trait Customers: Send + Sync {
    /// Everybody in the address book.
    async fn customers(&self) -> Result<Vec<Customer>, Failure>;
}

/// Administration resources: rows whose fields we do not know.
#[async_trait]
pub trait Records: Send + Sync {
    /// Which there are, and what each allows.
    fn resources(&self) -> Vec<Resource>;

    /// Every row, in the order of its numeric key.
    async fn list(&self, resource: &str) -> Result<Vec<Raw>, Failure>;

    /// One row; `None` where there is none.
    async fn get(&self, resource: &str, key: &str) -> Result<Option<Raw>, Failure>;
}

/// Quick web-conference links.
#[async_trait]
pub trait QuickCalls: Send + Sync {
    /// Makes a link that works until `expires_at`, with a password or without.
    async fn create(&self, expires_at: Time, password: Option<&Secret>) -> Result<QuickCall, Failure>;
}
