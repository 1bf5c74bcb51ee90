//! What is told unasked: notifications on their way to the sockets, the last ones kept for those that come back.

use crate::lock;
use serde_json::Value;
use std::collections::{BTreeSet, HashMap, VecDeque};
use std::sync::Mutex;
use std::time::Duration;
use tokio::sync::{Notify, broadcast, watch};

/// What a notification is about, which decides who gets it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Topic {
    /// A call; the ids of the extensions that take part.
    Telephony(Vec<String>),
    /// The presence of the extension with this id.
    Presence(String),
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

/// What a socket is told to do.
#[derive(Debug, Clone)]
pub(super) enum Word {
    /// Pass a notification on.
    Push(Push),
    /// Send this text as it is.
    Say(String),
    /// Go away without a word: the socket with this token, or every one.
    Cut(Option<String>),
}

/// How long a socket may be silent, and how long it may be open at all: the vendor's half hour and day.
const LIMITS: (Duration, Duration) = (Duration::from_secs(1_800), Duration::from_secs(86_400));
/// Notifications that are kept for each socket that comes back.
pub(super) const BUFFER: usize = 100;
/// Notifications that are kept in all, those included that no socket asked for.
const KEPT: usize = 4_000;

/// The notifications.
#[derive(Debug)]
pub(super) struct Pushes {
    sender: broadcast::Sender<Word>,
    kept: Mutex<Kept>,
    /// Whether the sockets neither hear nor speak.
    pub(super) deaf: watch::Sender<bool>,
    left: Notify,
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
    /// The tokens of open sockets.
    open: BTreeSet<String>,
    recoveries: usize,
    /// No session is taken up again.
    forgets: bool,
    limits: Option<(Duration, Duration)>,
}

/// What is known of a socket that may come back.
#[derive(Debug, Clone, Default)]
pub(super) struct Session {
    /// What it asked to be told; empty before it asked.
    pub(super) filters: Vec<String>,
    pub(super) subscription: String,
    /// The last notification that it could have got.
    pub(super) seen: u64,
    /// Since when it is away, in seconds since 1970.
    pub(super) away_since: i64,
}

impl Pushes {
    pub(super) fn new() -> Self {
        let sender = broadcast::channel(1_024).0;
        Self { sender, kept: Mutex::default(), deaf: watch::Sender::new(false), left: Notify::new() }
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
        self.order(Word::Push(push));
    }

    /// Tells every socket that is open now.
    pub(super) fn order(&self, word: Word) {
        // Nobody listening is no failure.
        let _ = self.sender.send(word);
    }

    /// A new name in the form of a UUID, for a session, a subscription or a notification.
    pub(super) fn name(&self) -> String {
        let mut kept = lock(&self.kept);
        kept.named += 1;
        format!("5eed0000-0000-4000-8000-{:012x}", kept.named)
    }

    /// Everything from now on, and the number of the last notification before.
    pub(super) fn listen(&self) -> (broadcast::Receiver<Word>, u64) {
        let kept = lock(&self.kept);
        (self.sender.subscribe(), kept.sent)
    }

    /// Notifications after `seen` up to `until` that a socket asked for, as far as they are still kept.
    pub(super) fn missed(&self, seen: u64, until: u64, is_asked_for: impl Fn(&Push) -> bool) -> Vec<Push> {
        let kept = lock(&self.kept);
        let all = kept.last.iter().rev().filter(|it| it.number > seen && it.number <= until && is_asked_for(it));
        let mut last: Vec<Push> = all.take(BUFFER).cloned().collect();
        last.reverse();
        last
    }

    /// How many open sockets asked to be told something.
    pub(super) fn listening(&self) -> usize {
        lock(&self.kept).listening
    }

    /// How many sockets are open.
    pub(super) fn open(&self) -> usize {
        lock(&self.kept).open.len()
    }

    /// How many sessions were taken up again.
    pub(super) fn recoveries(&self) -> usize {
        lock(&self.kept).recoveries
    }

    /// Whether sessions can be taken up again.
    pub(super) fn set_recovery(&self, is_on: bool) {
        lock(&self.kept).forgets = !is_on;
    }

    /// How long a socket may be silent, and how long it may be open at all.
    pub(super) fn limits(&self) -> (Duration, Duration) {
        lock(&self.kept).limits.unwrap_or(LIMITS)
    }

    pub(super) fn set_limits(&self, limits: (Duration, Duration)) {
        lock(&self.kept).limits = Some(limits);
    }

    /// A socket was opened.
    pub(super) fn enter(&self, token: &str) {
        lock(&self.kept).open.insert(token.to_owned());
    }

    /// A socket asked to be told something for the first time.
    pub(super) fn join(&self) {
        lock(&self.kept).listening += 1;
    }

    /// Remembers a socket that went away.
    pub(super) fn leave(&self, token: &str, session: Session) {
        let mut kept = lock(&self.kept);
        kept.listening -= usize::from(!session.filters.is_empty());
        kept.open.remove(token);
        kept.sessions.insert(token.to_owned(), session);
        self.left.notify_waiters();
    }

    /// The session of a socket that comes back with its token. One that seems to be open is cut first: its client
    /// knows better.
    pub(super) async fn come_back(&self, token: &str) -> Option<Session> {
        loop {
            let left = self.left.notified();
            tokio::pin!(left);
            left.as_mut().enable();
            {
                let mut kept = lock(&self.kept);
                if !kept.open.contains(token) {
                    return kept.sessions.remove(token).filter(|_| !kept.forgets);
                }
            }
            self.order(Word::Cut(Some(token.to_owned())));
            left.await;
        }
    }

    /// A session was taken up again.
    pub(super) fn recovered(&self) {
        lock(&self.kept).recoveries += 1;
    }
}
