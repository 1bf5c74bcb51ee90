//! What happens in the office by itself: the telephones ring, bookings change, messages arrive.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, Utc};
use rand::Rng;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha8Rng;
use tokio::task::JoinSet;

use crate::generator::calls::LINES;
use crate::generator::customers::usual_number;
use crate::{Clock, RING_CENTRAL, SMART_CONNECT, chat_and_messenger, lock, ring_central, rocket_chat, smart_connect};

/// A call that comes in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ring {
    /// `smart-connect` or `ring-central`.
    pub system: &'static str,
    /// The caller's number, Japanese or in E.164; empty where it is withheld.
    pub from: String,
    /// SmartConnect: the called number. RingCentral: the number of an extension. `None` is the main line.
    pub line: Option<String>,
}

/// The telephones of both systems and the calls that are going on.
pub(crate) struct Phones {
    clock: Arc<Clock>,
    smart_connect: Arc<smart_connect::State>,
    ring_central: Arc<ring_central::State>,
    calls: Mutex<HashMap<String, Ongoing>>,
}

/// A call between its first ring and its end.
#[derive(Debug, Clone, Copy)]
enum Ongoing {
    SmartConnect { key: u64, answered_at: Option<DateTime<Utc>> },
    RingCentral,
}

impl Phones {
    pub(crate) fn new(
        clock: Arc<Clock>,
        smart_connect: Arc<smart_connect::State>,
        ring_central: Arc<ring_central::State>,
    ) -> Self {
        Self { clock, smart_connect, ring_central, calls: Mutex::default() }
    }

    /// Lets it ring. The answer is the system's id of the call, or `None` for a system without telephones.
    pub(crate) fn ring(&self, ring: &Ring) -> Option<String> {
        let (id, call) = match ring.system {
            SMART_CONNECT => {
                let line = ring.line.clone().unwrap_or_else(|| LINES[0].number.to_owned());
                let key = self.smart_connect.ring(&ring.from, &line);
                (key.to_string(), Ongoing::SmartConnect { key, answered_at: None })
            }
            RING_CENTRAL => {
                let from = international(&ring.from);
                (self.ring_central.ring(&from, ring.line.as_deref()), Ongoing::RingCentral)
            }
            _ => return None,
        };
        lock(&self.calls).insert(id.clone(), call);
        Some(id)
    }

    /// Somebody takes the call. Whether there is such a call.
    pub(crate) fn answer(&self, id: &str) -> bool {
        let mut calls = lock(&self.calls);
        match calls.get_mut(id) {
            None => return false,
            Some(Ongoing::SmartConnect { key, answered_at }) => {
                *answered_at = Some(self.clock.now());
                self.smart_connect.update(*key, true, 0);
            }
            Some(Ongoing::RingCentral) => self.ring_central.answer(id),
        }
        true
    }

    /// The call ends, answered or not. Whether there was such a call.
    pub(crate) fn hang_up(&self, id: &str) -> bool {
        let call = lock(&self.calls).remove(id);
        match call {
            None => return false,
            Some(Ongoing::SmartConnect { key, answered_at }) => {
                let spoken = answered_at.map(|at| (self.clock.now() - at).num_seconds());
                let seconds = spoken.and_then(|seconds| u32::try_from(seconds).ok()).unwrap_or(0);
                self.smart_connect.update(key, answered_at.is_some(), seconds);
            }
            Some(Ongoing::RingCentral) => self.ring_central.hang_up(id),
        }
        true
    }
}

/// A Japanese number in E.164, as RingCentral has it; other numbers stay as they are.
fn international(number: &str) -> String {
    number.strip_prefix('0').map_or_else(|| number.to_owned(), |rest| format!("+81{rest}"))
}

/// Everything that moves in a living office.
pub(crate) struct Stage {
    pub(crate) phones: Arc<Phones>,
    pub(crate) chat_and_messenger: Arc<chat_and_messenger::State>,
    pub(crate) rocket_chat: Arc<rocket_chat::State>,
    pub(crate) customers: usize,
}

/// How one call goes.
struct Course {
    ring: Ring,
    rings_for: Duration,
    speaks_for: Option<Duration>,
}

/// Goes on until it is dropped. The first call comes within six seconds, the next ones every 20 to 40.
pub(crate) async fn live(stage: Stage, mut dice: ChaCha8Rng) {
    let mut calls = JoinSet::new();
    let mut pause = dice.random_range(2_000..6_000);
    loop {
        tokio::time::sleep(Duration::from_millis(pause)).await;
        while calls.try_join_next().is_some() {}
        calls.spawn(play(stage.phones.clone(), course(&stage, &mut dice)));
        if dice.random_ratio(1, 4) {
            stage.chat_and_messenger.change_booking(&mut dice);
        }
        if dice.random_ratio(1, 2) {
            stage.rocket_chat.receive(&mut dice);
        }
        pause = dice.random_range(20_000..40_000);
    }
}

fn course(stage: &Stage, dice: &mut ChaCha8Rng) -> Course {
    let system = if dice.random_ratio(1, 2) { SMART_CONNECT } else { RING_CENTRAL };
    let from = match dice.random_range(0..10) {
        0 => String::new(),
        1 | 2 => format!("+8190555{:05}", dice.random_range(0..100_000)),
        _ => usual_number(dice.random_range(0..stage.customers.max(1))),
    };
    let line = if system == SMART_CONNECT {
        LINES.choose(dice).map(|line| line.number.to_owned())
    } else {
        let person = stage.rocket_chat.people().choose(dice).map(|person| person.extension_number.clone());
        person.filter(|_| dice.random_ratio(1, 2))
    };
    let rings_for = Duration::from_millis(dice.random_range(4_000..14_000));
    let is_answered = dice.random_ratio(7, 10);
    let speaks_for = is_answered.then(|| Duration::from_millis(dice.random_range(15_000..90_000)));
    Course { ring: Ring { system, from, line }, rings_for, speaks_for }
}

async fn play(phones: Arc<Phones>, course: Course) {
    let Some(id) = phones.ring(&course.ring) else {
        return;
    };
    tokio::time::sleep(course.rings_for).await;
    if let Some(span) = course.speaks_for {
        phones.answer(&id);
        tokio::time::sleep(span).await;
    }
    phones.hang_up(&id);
}
