//! What is told unasked: notifications on their way to the sockets, the last hundred kept for those that come back.

use crate::lock;
use serde_json::Value;
use std::collections::{HashMap, VecDeque};
use std::sync::Mutex;
use tokio::sync::broadcast;

/// What a notification is about, which decides who gets it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Topic {
    /// A call; the ids of the extensions that take part.
    Telephony(Vec<String>),
    /// A chat.
    Posts,
}

/// One notification.
#[derive(Debug, Clone)]
pub(super) struct Push {
    pub(super) topic: Topic,
    pub(super) body: Value,
    /// Counts all notifications; set when it is sent.
    pub(super) number: u64,
}

/// Notifications that are kept for sockets that come back.
const KEPT: usize = 100;

/// The notifications.
#[derive(Debug)]
pub(super) struct Pushes {
    sender: broadcast::Sender<Push>,
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    sent: u64,
    /// Open sockets that asked to be told something.
    listening: usize,
    /// Counts all names.
    named: u64,
    last: VecDeque<Push>,
    sessions: HashMap<String, Session>,
}

/// What is known of a socket that may come back.
#[derive(Debug, Clone, Default)]
pub(super) struct Session {
    /// What it asked to be told; empty before it asked.
    pub(super) filters: Vec<String>,
    pub(super) subscription: String,
    /// The last notification that it could have got.
    pub(super) seen: u64,
    /// Since when it is away, in milliseconds since 1970.
    pub(super) away_since: i64,
}

impl Pushes {
    pub(super) fn new() -> Self {
        Self { sender: broadcast::channel(1_024).0, kept: Mutex::default() }
    }

    /// Sends to every socket that listens now and keeps a copy.
    pub(super) fn send(&self, mut push: Push) {
        let mut kept = lock(&self.kept);
        kept.sent += 1;
        push.number = kept.sent;
        if kept.last.len() == KEPT {
            kept.last.pop_front();
        }
        kept.last.push_back(push.clone());
        // Nobody listening is no failure.
        let _ = self.sender.send(push);
    }

    /// A new name in the form of a UUID, for a session, a subscription or a notification.
    pub(super) fn name(&self) -> String {
        let mut kept = lock(&self.kept);
        kept.named += 1;
        format!("5eed0000-0000-4000-8000-{:012x}", kept.named)
    }

    /// Everything from now on, and the number of the last notification before.
    pub(super) fn listen(&self) -> (broadcast::Receiver<Push>, u64) {
        let kept = lock(&self.kept);
        (self.sender.subscribe(), kept.sent)
    }

    /// Notifications after `seen` up to `until` that are still kept.
    pub(super) fn missed(&self, seen: u64, until: u64) -> Vec<Push> {
        lock(&self.kept).last.iter().filter(|it| it.number > seen && it.number <= until).cloned().collect()
    }

    /// How many open sockets asked to be told something.
    pub(super) fn listening(&self) -> usize {
        lock(&self.kept).listening
    }

    /// A socket asked to be told something for the first time.
    pub(super) fn join(&self) {
        lock(&self.kept).listening += 1;
    }

    /// Remembers a socket that went away.
    pub(super) fn leave(&self, token: &str, session: Session) {
        let mut kept = lock(&self.kept);
        kept.listening -= usize::from(!session.filters.is_empty());
        kept.sessions.insert(token.to_owned(), session);
    }

    /// A socket that went away and comes back with its token.
    pub(super) fn come_back(&self, token: &str) -> Option<Session> {
        lock(&self.kept).sessions.remove(token)
    }
}
