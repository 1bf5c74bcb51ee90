//! The whole office: four systems on four ports of this computer, and what can be done to them by hand.

use std::io;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};
use tokio::task::JoinHandle;

use crate::control::{self, Control, System};
use crate::door::Door;
use crate::fault::{Gate, Seen, Trouble};
use crate::line::Plug;
use crate::plan::{Account, Plan};
use crate::scenario::{self, Phones, Ring, Stage};
use crate::{CHAT_AND_MESSENGER, Clock, RING_CENTRAL, ROCKET_CHAT, SMART_CONNECT, SYSTEMS};
use crate::{chat_and_messenger, ring_central, rocket_chat, smart_connect};

/// Four running systems. Dropping it stops them.
pub struct Office {
    /// The clock that all four go by.
    pub clock: Arc<Clock>,
    /// The state of Chat&Messenger.
    pub chat_and_messenger: Arc<chat_and_messenger::State>,
    /// The state of Rocket.Chat.
    pub rocket_chat: Arc<rocket_chat::State>,
    /// The state of SmartConnect.
    pub smart_connect: Arc<smart_connect::State>,
    /// The state of RingCentral.
    pub ring_central: Arc<ring_central::State>,
    phones: Arc<Phones>,
    doors: Vec<Door>,
    dice: std::sync::Mutex<ChaCha8Rng>,
    life: Option<JoinHandle<()>>,
}

impl Office {
    /// Starts the office of a plan.
    ///
    /// # Errors
    /// What the operating system says of a port, such as that it is in use.
    pub async fn start(plan: Plan) -> io::Result<Self> {
        let clock = if plan.is_clock_running { Clock::running(plan.now) } else { Clock::standing(plan.now) };
        let clock = Arc::new(clock);
        let chat_and_messenger = Arc::new(chat_and_messenger::State::new(&plan, clock.clone()));
        let rocket_chat = Arc::new(rocket_chat::State::new(&plan, clock.clone()));
        let (seed, customers) = (plan.seed, plan.customers);
        let smart_connect = smart_connect::State::new(seed, plan.cti_calls, customers, now_of(&clock));
        let smart_connect = Arc::new(smart_connect);
        let ring_central =
            ring_central::State::with_customers(seed, plan.ring_calls, plan.people, customers, now_of(&clock));
        let ring_central = Arc::new(ring_central);
        let phones = Arc::new(Phones::new(clock.clone(), smart_connect.clone(), ring_central.clone()));
        let mut office = Self {
            clock,
            chat_and_messenger,
            rocket_chat,
            smart_connect,
            ring_central,
            phones,
            doors: Vec::new(),
            dice: std::sync::Mutex::new(dice(plan.seed, 3)),
            life: None,
        };
        office.open(plan.ports.unwrap_or_default()).await?;
        office.life =
            plan.is_living.then(|| tokio::spawn(scenario::live(office.stage(plan.customers), dice(plan.seed, 4))));
        Ok(office)
    }

    async fn open(&mut self, ports: [u16; 4]) -> io::Result<()> {
        for (system, port) in SYSTEMS.into_iter().zip(ports) {
            let gate = Arc::new(Gate::new(system, self.clock.clone()));
            let (vendor, messages) = self.vendor(system);
            let reached = match system {
                RING_CENTRAL => System::RingCentral(self.ring_central.clone()),
                CHAT_AND_MESSENGER => System::ChatAndMessenger(self.chat_and_messenger.clone()),
                SMART_CONNECT => System::SmartConnect(self.smart_connect.clone()),
                _ => System::Other,
            };
            let control = Control { gate: gate.clone(), phones: self.phones.clone(), messages, system: reached };
            let plug = Arc::new(Plug::new());
            if system == SMART_CONNECT {
                self.smart_connect.hang_on(plug.clone());
            }
            self.doors.push(Door::open(port, gate, vendor, control::router(control), plug).await?);
        }
        Ok(())
    }

    /// The router of a system and what it received.
    fn vendor(&self, system: &str) -> (axum::Router, control::Messages) {
        match system {
            CHAT_AND_MESSENGER => {
                let state = self.chat_and_messenger.clone();
                (chat_and_messenger::router(state.clone()), Arc::new(move || json!(state.messages())))
            }
            ROCKET_CHAT => {
                let state = self.rocket_chat.clone();
                (rocket_chat::router(state.clone()), Arc::new(move || json!(state.messages())))
            }
            SMART_CONNECT => (smart_connect::router(self.smart_connect.clone()), Arc::new(|| Value::Array(Vec::new()))),
            _ => {
                let state = self.ring_central.clone();
                (ring_central::router(state.clone()), Arc::new(move || state.posts().iter().map(post).collect()))
            }
        }
    }

    fn stage(&self, customers: usize) -> Stage {
        Stage {
            phones: self.phones.clone(),
            chat_and_messenger: self.chat_and_messenger.clone(),
            rocket_chat: self.rocket_chat.clone(),
            customers,
        }
    }

    /// What is needed to connect to each system, in the order of [`SYSTEMS`].
    #[must_use]
    pub fn accounts(&self) -> Vec<Account> {
        let address = |system: &str| format!("http://127.0.0.1:{}", self.port(system));
        let tokyo = || ("time-zone", "Asia/Tokyo".to_owned());
        vec![
            Account {
                system: CHAT_AND_MESSENGER,
                name: "Chat&Messenger",
                url: format!("{}/camserver/api", address(CHAT_AND_MESSENGER)),
                settings: vec![tokyo()],
                secrets: vec![("token", self.chat_and_messenger.token().to_owned())],
            },
            Account {
                system: ROCKET_CHAT,
                name: "Rocket.Chat",
                url: address(ROCKET_CHAT),
                settings: vec![("user-id", self.rocket_chat.user_id().to_owned())],
                secrets: vec![("token", self.rocket_chat.token())],
            },
            Account {
                system: SMART_CONNECT,
                name: "SmartConnect",
                url: address(SMART_CONNECT),
                settings: vec![tokyo()],
                secrets: Vec::new(),
            },
            Account {
                system: RING_CENTRAL,
                name: "RingCentral",
                url: address(RING_CENTRAL),
                settings: vec![("client-id", ring_central::CLIENT_ID.to_owned())],
                secrets: vec![("jwt", ring_central::JWT.to_owned())],
            },
        ]
    }

    /// The account of one system.
    ///
    /// # Panics
    /// If there is no such system.
    #[must_use]
    pub fn account(&self, system: &str) -> Account {
        let found = self.accounts().into_iter().find(|account| account.system == system);
        found.expect("one of the four systems")
    }

    /// The port of one system.
    ///
    /// # Panics
    /// If there is no such system.
    #[must_use]
    pub fn port(&self, system: &str) -> u16 {
        self.door(system).port
    }

    /// Makes trouble for every request to a system from now on, instead of the trouble before.
    ///
    /// # Panics
    /// If there is no such system.
    pub fn fault(&self, system: &str, trouble: impl Into<Trouble>) {
        self.door(system).gate.fault(trouble.into());
    }

    /// Ends all trouble of a system.
    ///
    /// # Panics
    /// If there is no such system.
    pub fn heal(&self, system: &str) {
        self.door(system).gate.heal();
    }

    /// How many requests a system got, those in trouble included.
    ///
    /// # Panics
    /// If there is no such system.
    #[must_use]
    pub fn requests(&self, system: &str) -> usize {
        self.door(system).gate.count()
    }

    /// The requests that a system got, oldest first, without secrets.
    ///
    /// # Panics
    /// If there is no such system.
    #[must_use]
    pub fn log(&self, system: &str) -> Vec<Seen> {
        self.door(system).gate.seen()
    }

    /// Starts the count and the log of a system anew.
    ///
    /// # Panics
    /// If there is no such system.
    pub fn forget_requests(&self, system: &str) {
        self.door(system).gate.forget();
    }

    /// Resets every connection that a system has open now, sockets included.
    ///
    /// # Panics
    /// If there is no such system.
    pub fn cut(&self, system: &str) {
        self.door(system).cut();
    }

    /// Switches a system off: open connections are reset and new ones refused.
    ///
    /// # Panics
    /// If there is no such system.
    pub async fn switch_off(&self, system: &str) {
        self.door(system).close().await;
    }

    /// Switches a system on again, on the same port and with everything it knew.
    ///
    /// # Errors
    /// What the operating system says of the port.
    ///
    /// # Panics
    /// If there is no such system.
    pub async fn switch_on(&self, system: &str) -> io::Result<()> {
        self.door(system).reopen().await
    }

    /// Lets a telephone ring; the answer is the system's id of the call.
    ///
    /// # Panics
    /// If the system has no telephones.
    #[expect(clippy::needless_pass_by_value, reason = "a test writes the call where it rings")]
    pub fn ring(&self, ring: Ring) -> String {
        self.phones.ring(&ring).expect("a system with telephones")
    }

    /// Somebody takes a call that rings; an unknown id is ignored.
    pub fn answer(&self, id: &str) {
        self.phones.answer(id);
    }

    /// Ends a call, answered or not; an unknown id is ignored.
    pub fn hang_up(&self, id: &str) {
        self.phones.hang_up(id);
    }

    /// Somebody books, moves or cancels a conference room; the words say what happened.
    pub fn change_booking(&self) -> String {
        self.chat_and_messenger.change_booking(&mut *crate::lock(&self.dice))
    }

    /// A message arrives in Rocket.Chat.
    pub fn receive_message(&self) {
        self.rocket_chat.receive(&mut *crate::lock(&self.dice));
    }

    /// Stops everything and waits until no port is taken any more.
    pub async fn stop(self) {
        for door in &self.doors {
            door.close().await;
        }
    }

    fn door(&self, system: &str) -> &Door {
        let found = self.doors.iter().find(|door| door.gate.system() == system);
        found.expect("one of the four systems")
    }
}

impl Drop for Office {
    fn drop(&mut self) {
        if let Some(life) = &self.life {
            life.abort();
        }
    }
}

/// A post of RingCentral's Team Messaging for the remote control.
fn post(post: &ring_central::Post) -> Value {
    json!({
        "id": post.id,
        "chat": post.chat_id,
        "text": post.text,
        "creator": post.creator,
        "at": post.created_at,
        "attachments": post.attachments,
        "parent": post.parent,
    })
}

/// The clock as a function.
fn now_of(clock: &Arc<Clock>) -> Arc<dyn Fn() -> DateTime<Utc> + Send + Sync> {
    let clock = clock.clone();
    Arc::new(move || clock.now())
}

/// The random numbers for one use of a seed.
pub(crate) fn dice(seed: u64, purpose: u64) -> ChaCha8Rng {
    let mut dice = ChaCha8Rng::seed_from_u64(seed);
    dice.set_stream(1_000_000 + purpose);
    dice
}

/// A token of letters and digits that belongs to a seed.
pub(crate) fn token(seed: u64, purpose: u64, length: usize) -> String {
    let dice = dice(seed, 100 + purpose);
    dice.sample_iter(rand::distr::Alphanumeric).take(length).map(char::from).collect()
}
