//! The ports that a system fills. What a system can do is data: a session has a port or has it not.

mod calls;
mod files;
mod hints;

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;

pub use self::calls::{CallLog, CallNotes, CallSearch, CallStep, Fill, Heard, LiveCalls, Noted, Recordings};
pub use self::files::Files;
pub use self::hints::Hints;
use crate::about::About;
use crate::bulk::Pace;
use crate::chat_room::{ChatRoom, Destination, Difference};
use crate::conference_room::{Bookings, Period, Room};
use crate::connection::{CheckUp, Connection};
use crate::customer::{Customer, NewCustomer};
use crate::event::Table;
use crate::listed_room::{ListedRoom, NewListedRoom, RoomPerson};
use crate::message::{Message, QuickCall, ReadLetter, Receipt};
use crate::person::{Person, Presence};
use crate::record::{Created, Resource, RowChange, Updated, Verb};
use crate::recording::NamedRecording;
pub use crate::sign_in::{BrowserSignIn, Keeper, KeepsNothing, PasswordSignIn, SignedIn};
use crate::worklist::AddressKind;
use crate::{Clock, Failure, Raw, Reason, Secret, Time};

/// A kind of system: how it presents itself, and how a session with one of its servers is opened.
pub trait System: Send + Sync {
    /// What it is.
    fn about(&self) -> About;

    /// Opens a session. Nothing is sent yet; what is wrong with the settings is found here.
    ///
    /// # Errors
    /// [`Failure::Invalid`] for settings that cannot be used, [`Failure::SignedOut`] for a missing secret.
    fn open(&self, opening: Opening) -> Result<Session, Failure>;

    /// The recordings that the untouched record of a call names; known without asking the system.
    fn recordings_named(&self, raw: &Raw) -> Vec<NamedRecording> {
        let _ = raw;
        Vec::new()
    }

    /// How its messages find a person, the surest first. A system that sends none is not asked.
    fn reaches_people_by(&self) -> Vec<AddressKind> {
        vec![AddressKind::Email]
    }

    /// Begins a sign-in with the system's own page in the browser; nothing is sent yet. A system that offers none is not asked:
    /// [`About::signs_in_by_browser`] says so.
    ///
    /// # Errors
    /// [`Failure::Invalid`] where the system offers none, or for settings that cannot be used.
    fn sign_in(&self, opening: Opening) -> Result<Box<dyn BrowserSignIn>, Failure> {
        Err(Failure::invalid(crate::Reason::NotOffered, opening.connection.name))
    }

    /// Begins a sign-in with a user name and a password; nothing is sent yet. A system that offers none is not asked:
    /// [`About::signs_in_by_password`] says so.
    ///
    /// # Errors
    /// As [`System::sign_in`].
    fn sign_in_by_password(&self, opening: Opening) -> Result<Box<dyn PasswordSignIn>, Failure> {
        Err(Failure::invalid(crate::Reason::NotOffered, opening.connection.name))
    }
}

/// What a session is opened with.
pub struct Opening {
    /// The connection.
    pub connection: Connection,
    /// Its secrets by key.
    pub secrets: BTreeMap<String, Secret>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Where secrets go that the system renews by itself, such as a refresh token.
    pub keeper: Arc<dyn Keeper>,
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
    /// Files that go with messages.
    pub files: Option<Arc<dyn Files>>,
    /// Hints that rooms of the chat changed, where the connection asks for them.
    pub hints: Option<Arc<dyn Hints>>,
    /// Chat rooms.
    pub chat_rooms: Option<Arc<dyn ChatRooms>>,
    /// Rooms that the system lists itself.
    pub listed_rooms: Option<Arc<dyn ListedRooms>>,
    /// Conference rooms.
    pub rooms: Option<Arc<dyn ConferenceRooms>>,
    /// People.
    pub people: Option<Arc<dyn People>>,
    /// Customers.
    pub customers: Option<Arc<dyn Customers>>,
    /// Administration resources.
    pub records: Option<Arc<dyn Records>>,
    /// Administration resources that can be changed.
    pub record_writes: Option<Arc<dyn RecordWrites>>,
    /// Notes on calls, where the system keeps them.
    pub notes: Option<Arc<dyn CallNotes>>,
    /// Calls asked for by number.
    pub call_search: Option<Arc<dyn CallSearch>>,
    /// Recordings of calls.
    pub recordings: Option<Arc<dyn Recordings>>,
    /// Who is there and who speaks.
    pub presences: Option<Arc<dyn Presences>>,
    /// Several messages in one request.
    pub batches: Option<Arc<dyn Batches>>,
    /// Quick web-conference links.
    pub quick_calls: Option<Arc<dyn QuickCalls>>,
    /// Ends what signing in began at the system.
    pub signed_in: Option<Arc<dyn SignedIn>>,
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
            files: None,
            hints: None,
            chat_rooms: None,
            listed_rooms: None,
            rooms: None,
            people: None,
            customers: None,
            records: None,
            record_writes: None,
            notes: None,
            call_search: None,
            recordings: None,
            presences: None,
            batches: None,
            quick_calls: None,
            signed_in: None,
        }
    }
}

/// Can be tested without changing anything.
#[async_trait]
pub trait Tested: Send + Sync {
    /// Tries the address, the credential and the reads, in that order. A failed step is in the answer, not an error.
    async fn check_up(&self) -> CheckUp;
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

    /// How fast messages may leave, as far as it is known without asking. A system that names no limit says how much time is left
    /// between two of many, so that nobody else has to wait for them.
    fn pace(&self) -> Pace {
        Pace::default()
    }
}

/// Several messages in one request, where a system takes them so.
#[async_trait]
pub trait Batches: Send + Sync {
    /// Reads a file of messages as the system's documents have it, tolerantly. What cannot be read stands in its place.
    ///
    /// # Errors
    /// [`Failure::Invalid`] for what is no list at all.
    fn read(&self, text: &str) -> Result<Vec<ReadLetter>, Failure>;

    /// Sends messages in their order, each once, in as few requests as possible. It stops at the first request that was not taken:
    /// outcomes are as many as were tried, and nothing of the rest has left. Where a request of several was refused in words,
    /// nobody knows which of them arrived.
    async fn send(&self, messages: &[Message]) -> Vec<Result<Receipt, Failure>>;
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

    /// Where two records differ, field by field as they are called on the wire, the members one by one and what the editor does not
    /// know too. Without a record before, everything is new.
    fn differences(&self, before: Option<&Raw>, after: &Raw) -> Vec<Difference>;

    /// Where the system's answer is not what was asked. Fields that the save did not change and the editor does not know are the
    /// system's own business, and so is the id of a new room.
    fn not_as_asked(&self, before: Option<&Raw>, asked: &Raw, answer: &Raw) -> Vec<Difference>;

    /// Sends it once; the server's record afterwards, or `None` where it took it but answered nothing readable.
    async fn apply(&self, raw: &Raw) -> Result<Option<(ChatRoom, Raw)>, Failure>;
}

/// Rooms that the system lists itself, and makes and renames where the account may. What the account lacks is named in the words of a
/// [`Failure::Refused`].
#[async_trait]
pub trait ListedRooms: Send + Sync {
    /// Those that the account is in, and others that it may see.
    async fn list(&self) -> Result<Vec<ListedRoom>, Failure>;

    /// Who is in a room, to the last page.
    async fn people(&self, room: &ListedRoom) -> Result<Vec<RoomPerson>, Failure>;

    /// Makes a room, once.
    async fn create(&self, new: &NewListedRoom) -> Result<ListedRoom, Failure>;

    /// Gives a room another name, once.
    async fn rename(&self, room: &ListedRoom, name: &str) -> Result<ListedRoom, Failure>;
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

    /// Those of these ids that the system knows besides, such as guests of a chat. A system that cannot be asked knows nobody.
    async fn look_up(&self, ids: &[String]) -> Result<Vec<Person>, Failure> {
        let _ = ids;
        Ok(Vec::new())
    }
}

/// Who is there and who speaks.
#[async_trait]
pub trait Presences: Send + Sync {
    /// Everybody's, as the system knows it now.
    async fn presences(&self) -> Result<Vec<Presence>, Failure>;
}

/// Customers.
#[async_trait]
pub trait Customers: Send + Sync {
    /// Everybody in the address book.
    async fn customers(&self) -> Result<Vec<Customer>, Failure>;

    /// Puts somebody into the address book, once, and tells how they stand there.
    ///
    /// # Errors
    /// [`Failure::Invalid`] where the system takes nobody in or not like this, with nothing sent; [`Failure::Unknown`] where no
    /// answer came.
    async fn add(&self, customer: &NewCustomer) -> Result<Customer, Failure> {
        let _ = customer;
        Err(Failure::invalid(Reason::NotOffered, "customers"))
    }
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

    /// What the cache makes from the rows of a resource, so that it follows a change of one: customers, calls, or nothing. A
    /// system that does not say has all of it read again.
    fn shown_as(&self, resource: &str) -> Vec<Table> {
        let _ = resource;
        vec![Table::Customers, Table::Calls]
    }
}

/// Administration resources that can be changed. What a resource does not allow is refused before anything is sent, and no write
/// is ever repeated by itself.
#[async_trait]
pub trait RecordWrites: Send + Sync {
    /// Makes a row from one JSON object. Whatever key stands in it, the system chooses one.
    ///
    /// # Errors
    /// [`Failure::Invalid`] for a resource, a verb or a row that cannot be used; [`Failure::Unknown`] where no answer came.
    async fn create(&self, resource: &str, row: &Raw) -> Result<Created, Failure>;

    /// Changes some fields of a row: reads it again, puts them in, and sends the whole row with everything else untouched.
    ///
    /// # Errors
    /// As [`RecordWrites::create`]; [`Failure::Refused`] with [`crate::Reason::NotFound`] where there is no such row.
    async fn update(&self, resource: &str, key: &str, change: &RowChange) -> Result<Updated, Failure>;

    /// Removes a row.
    ///
    /// # Errors
    /// As [`RecordWrites::update`].
    async fn delete(&self, resource: &str, key: &str) -> Result<(), Failure>;

    /// How a write would begin: its method and its address below that of the connection. Everything that the system's table says
    /// of it is checked; nothing is sent.
    ///
    /// # Errors
    /// [`Failure::Invalid`] for a resource, a verb or a key that cannot be used.
    fn request_line(&self, resource: &str, verb: Verb, key: Option<&str>) -> Result<(String, String), Failure>;
}

/// Quick web-conference links.
#[async_trait]
pub trait QuickCalls: Send + Sync {
    /// Makes a link that works until `expires_at`, with a password or without.
    async fn create(&self, expires_at: Time, password: Option<&Secret>) -> Result<QuickCall, Failure>;
}
