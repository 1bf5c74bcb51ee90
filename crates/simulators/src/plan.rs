//! What an office is made of, and what is needed to connect to its systems.

use chrono::{DateTime, Utc};

/// What an office is made of. The same plan makes the same office.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Where all chance comes from.
    pub seed: u64,
    /// Calls in RingCentral's log.
    pub ring_calls: usize,
    /// Calls in SmartConnect's records.
    pub cti_calls: usize,
    /// Entries of SmartConnect's address book.
    pub customers: usize,
    /// Colleagues, known to every system; at least two.
    pub people: usize,
    /// Conference rooms.
    pub rooms: usize,
    /// Whether things happen by themselves.
    pub is_living: bool,
    /// Whether time goes by; otherwise the clock stands until it is moved.
    pub is_clock_running: bool,
    /// When the scenario starts.
    pub now: DateTime<Utc>,
    /// Ports for the systems in the order of [`crate::SYSTEMS`]; free ones where there are none or 0.
    pub ports: Option<[u16; 4]>,
}

impl Plan {
    /// A lively office: what the demo shows.
    #[must_use]
    pub fn demo(now: DateTime<Utc>) -> Self {
        Self {
            seed: 1,
            ring_calls: 2_000,
            cti_calls: 2_000,
            customers: 60,
            people: 24,
            rooms: 14,
            is_living: true,
            is_clock_running: true,
            now,
            ports: None,
        }
    }

    /// A handful of everything, where nothing happens by itself and the clock stands: what tests want.
    #[must_use]
    pub fn small(now: DateTime<Utc>) -> Self {
        Self {
            ring_calls: 12,
            cti_calls: 12,
            customers: 8,
            people: 12,
            is_living: false,
            is_clock_running: false,
            ..Self::demo(now)
        }
    }
}

/// What is needed to connect to one system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// One of [`crate::SYSTEMS`].
    pub system: &'static str,
    /// Its name for people.
    pub name: &'static str,
    /// The address that a person would type.
    pub url: String,
    /// Settings by key.
    pub settings: Vec<(&'static str, String)>,
    /// Secrets by key. They open nothing but this simulator.
    pub secrets: Vec<(&'static str, String)>,
}
