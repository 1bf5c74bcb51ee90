//! The ports of a system with telephones: its call log, its live line, notes, questions by number and recordings.

use std::time::Duration;

use async_trait::async_trait;
use futures::stream::BoxStream;

use crate::call::SeenCall;
use crate::connection::Limitation;
use crate::person::Presence;
use crate::record::Conflict;
use crate::recording::Recording;
use crate::{Failure, Raw, Time};

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
    /// How far a first fill has come; `None` where nothing is being filled.
    pub fill: Option<Fill>,
    /// What is read only in part, as long as that is so.
    pub limitation: Option<Limitation>,
    /// Records of this step that are kept untouched but could not be understood: no id, no time, or no record at all.
    pub not_understood: u64,
}

/// How far a first fill has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fill {
    /// Thousandths of the whole, as far as it can be judged: 0–1000.
    pub permille: u16,
    /// How long the rest takes at the pace that the system allows; `None` where that cannot be told.
    pub left: Option<Duration>,
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
    /// The line stands: from now on every change is told, or found by asking where the system does not push to this account.
    Listening(Option<Limitation>),
    /// A call rings, changes or ends.
    Call(Box<SeenCall>),
    /// The line was cut; it is being taken up again. What rang may go on ringing, but nobody tells of it.
    Interrupted,
    /// The line was lost and stands again, but changes in between may have been missed: nobody knows what rings, and the log has
    /// to be read.
    Gap,
    /// Something in the call log may have changed; it is worth being read now.
    Hint,
    /// Somebody's presence changed.
    Presence(Presence),
    /// Something was told that cannot be understood; untouched.
    NotUnderstood(Raw),
}

/// Calls as they ring and change.
pub trait LiveCalls: Send + Sync {
    /// Every change of every call, until the connection is lost (the stream then yields a failure and ends). It begins with
    /// [`Heard::Listening`] once the line stands. Dropping it hangs up.
    fn listen(&self) -> BoxStream<'static, Result<Heard, Failure>>;
}

/// What became of a note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Noted {
    /// The system keeps it; the call as it is there now.
    Done(Box<SeenCall>),
    /// Somebody else changed the note meanwhile; nothing was written.
    Conflict(Conflict),
}

/// Notes on calls, kept by the system.
#[async_trait]
pub trait CallNotes: Send + Sync {
    /// Writes the note of a call; empty text takes it away. `seen` is the record that the person looked at.
    ///
    /// # Errors
    /// [`Failure::Invalid`] where the record has no place for a note; what the system answers.
    async fn write(&self, external_id: &str, note: &str, seen: &Raw) -> Result<Noted, Failure>;
}

/// Calls asked for by number.
#[async_trait]
pub trait CallSearch: Send + Sync {
    /// At most `most` calls from any of these numbers, in any written form, newest first; `customer` is the system's id of one.
    /// Numbers that cannot be asked for, such as a withheld one, find nothing.
    async fn find(&self, numbers: &[String], customer: Option<&str>, most: u32) -> Result<Vec<SeenCall>, Failure>;
}

/// Recordings of calls.
#[async_trait]
pub trait Recordings: Send + Sync {
    /// What the system says of a recording.
    async fn about(&self, id: &str) -> Result<Recording, Failure>;

    /// The sound itself, asked for only at the system's own hosts; bytes of the kind that [`Recording::content_type`] names.
    async fn content(&self, recording: &Recording) -> Result<Vec<u8>, Failure>;
}
