//! What the simulator remembers, and the switches that tests and demos turn.

use super::authorize::Codes;
use super::chats::Chats;
use super::edits::Edits;
use super::ids::{self, FIRST_LIVE};
use super::limits::{Doubles, Limits};
use super::live::Live;
use super::presence::Presence;
use super::push::{Push, Pushes};
use super::records::Entry;
use super::refusal::Refusal;
use super::staff::Staff;
use super::tokens::Tokens;
use crate::generator::calls::{Call, Calls, Side};
use crate::generator::people::{Person, people};
use crate::lock;
use chrono::{DateTime, Utc};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, AtomicUsize};
use std::sync::{Arc, Mutex};

/// The present, as the simulator sees it.
type Clock = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// One account with its calls, people and chats.
pub struct State {
    pub(super) seed: u64,
    pub(super) people: Vec<Person>,
    pub(super) customers: usize,
    pub(super) calls: Calls,
    pub(super) inner: Mutex<Inner>,
    pub(super) pushes: Pushes,
    /// Where the sound of recordings is, if not here.
    pub(super) content_host: Mutex<Option<String>>,
    /// How often the extensions were asked for somebody who has none.
    pub(super) guests: AtomicUsize,
    /// Notifications of one call change places in pairs.
    pub(super) is_disordered: AtomicBool,
    pub(super) doubles: Mutex<Doubles>,
    /// Taken after `inner` where both are needed.
    pub(super) edits: Mutex<Edits>,
    pub(super) staff: Mutex<Staff>,
    clock: Clock,
}

/// What changes.
pub(super) struct Inner {
    pub(super) tokens: Tokens,
    pub(super) codes: Codes,
    pub(super) limits: Limits,
    /// Names of scopes and user permissions that are switched off.
    off: BTreeSet<String>,
    /// Counts how often all synchronisation tokens were made invalid.
    pub(super) sync_epoch: u32,
    /// Calls that go on, by their number.
    pub(super) live: BTreeMap<u64, Live>,
    /// Calls that ended after the start, in the order in which they ended.
    pub(super) finished: Vec<Entry>,
    pub(super) next_live: u64,
    pub(super) chats: Chats,
    pub(super) presence: Presence,
}

/// All scopes that the application has, unless they are switched off.
const SCOPES: [&str; 7] = [
    "ReadCallLog",
    "ReadCallRecording",
    "ReadAccounts",
    "ReadPresence",
    "TeamMessaging",
    "CallControl",
    "WebSocketsSubscription",
];

/// How many customers callers come from unless they are told: those of [`crate::generator::customers`].
const CUSTOMERS: usize = 300;

impl std::fmt::Debug for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("State").finish_non_exhaustive()
    }
}

impl State {
    /// An account with a history of `calls` calls up to the clock's present and `people` people, at least two.
    pub fn new(seed: u64, calls: usize, people_count: usize, clock: Clock) -> Self {
        Self::with_customers(seed, calls, people_count, CUSTOMERS, clock)
    }

    /// The same with callers from so many customers, for an office whose other systems know as many.
    pub fn with_customers(seed: u64, calls: usize, people_count: usize, customers: usize, clock: Clock) -> Self {
        let people = people(seed, people_count.max(2));
        let now = clock();
        let calls = Calls::new(seed, Side::Cloud, calls, &people, customers, now);
        let inner = Inner {
            tokens: Tokens::none(),
            codes: Codes::default(),
            limits: Limits::generous(),
            off: BTreeSet::new(),
            sync_epoch: 0,
            live: BTreeMap::new(),
            finished: Vec::new(),
            next_live: FIRST_LIVE,
            chats: Chats::examples(&people, ME, now),
            presence: Presence::default(),
        };
        Self {
            seed,
            people,
            customers,
            calls,
            inner: Mutex::new(inner),
            pushes: Pushes::new(),
            content_host: Mutex::default(),
            guests: AtomicUsize::new(0),
            is_disordered: AtomicBool::new(false),
            doubles: Mutex::default(),
            edits: Mutex::default(),
            staff: Mutex::default(),
            clock,
        }
    }

    /// Makes every synchronisation token given so far invalid.
    pub fn expire_sync_tokens(&self) {
        lock(&self.inner).sync_epoch += 1;
    }

    /// Gives or takes a scope of the application (such as `ReadCallLog`) or a permission of the user (such as
    /// `FullCompanyCallLog`).
    pub fn set_permission(&self, name: &str, is_on: bool) {
        let off = &mut lock(&self.inner).off;
        if is_on {
            off.remove(name);
        } else {
            off.insert(name.to_owned());
        }
    }

    /// How many posts a user may write in a day.
    pub fn set_daily_posts(&self, most: usize) {
        lock(&self.inner).chats.daily_cap = most;
    }

    /// The present.
    pub(super) fn now(&self) -> DateTime<Utc> {
        (self.clock)()
    }

    /// The user that signs in.
    pub fn me(&self) -> &Person {
        &self.people[ME]
    }

    pub(super) fn me_index(&self) -> usize {
        ME
    }

    /// The scopes of the application.
    pub(super) fn scopes(&self) -> Vec<&'static str> {
        let inner = lock(&self.inner);
        SCOPES.into_iter().filter(|it| !inner.off.contains(*it)).collect()
    }

    /// Refuses unless the application has the scope and the user the permission.
    pub(super) fn require(&self, scope: &str, permission: Option<&str>) -> Result<(), Refusal> {
        let inner = lock(&self.inner);
        if inner.off.contains(scope) {
            return Err(Refusal::scope(scope));
        }
        match permission {
            Some(name) if inner.off.contains(name) => Err(Refusal::permission(name)),
            _ => Ok(()),
        }
    }

    /// The generated call at this position of the history.
    pub(super) fn generated(&self, index: usize) -> Entry {
        let call: Call = self.calls.get(index);
        let is_direct = call.rang.len() == 1 && index.is_multiple_of(2);
        self.edited(Entry::new(index as u64, call, is_direct))
    }

    /// The ended call with this number.
    pub(super) fn entry(&self, n: u64) -> Option<Entry> {
        match usize::try_from(n).ok().filter(|it| *it < self.calls.len()) {
            Some(index) => Some(self.generated(index)),
            None => {
                let found = lock(&self.inner).finished.iter().find(|it| it.n == n).cloned();
                found.map(|it| self.edited(it))
            }
        }
    }

    /// The ended call whose record has this id.
    pub(super) fn entry_with(&self, id: &str) -> Option<Entry> {
        let raw = self.recent(|it| it.raw.as_ref().is_some_and(|it| it.id == id)).into_iter().next();
        raw.map(|it| self.edited(it)).or_else(|| self.entry(ids::of_record(id)?))
    }

    /// Sends a notification to the sockets that asked for it.
    pub(super) fn push(&self, push: Push) {
        self.pushes.send(push);
    }
}

/// The user is the receptionist.
const ME: usize = 1;
