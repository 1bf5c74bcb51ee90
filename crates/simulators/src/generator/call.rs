//! What a call of the example office is, and the lines on which it rings.

use chrono::{DateTime, Utc};

/// The telephone system in which a call is seen; about every fifth call is seen in both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The box in the office, which sees what comes in.
    Office,
    /// The telephone system in the cloud, which sees both directions, two seconds later.
    Cloud,
}

/// Who began the call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Somebody outside.
    Inbound,
    /// A colleague.
    Outbound,
}

/// How the call ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Two people spoke.
    Answered,
    /// Nobody took it.
    Missed,
    /// The caller left a message.
    Voicemail,
    /// The other end was busy; outbound only.
    Busy,
}

/// A published number of the office and the group behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    /// What colleagues call it.
    pub name: &'static str,
    /// The published number in E.164.
    pub number: &'static str,
    /// The teams whose members ring.
    pub departments: &'static [&'static str],
}

/// The lines of the office.
pub const LINES: &[Line] = &[
    Line { name: "Main", number: "+81355500100", departments: &["Reception", "People", "IT"] },
    Line { name: "Sales", number: "+81355500110", departments: &["Sales", "Design"] },
    Line { name: "Support", number: "+81355500111", departments: &["Support", "IT"] },
    Line { name: "Accounts", number: "+81355500120", departments: &["Accounts", "Procurement"] },
    Line { name: "Overseas", number: "+81355500190", departments: &["Overseas", "Seoul", "Taipei"] },
    Line { name: "Osaka", number: "+81655500130", departments: &["Osaka", "Logistics"] },
];

/// One call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// When it began to ring.
    pub started_at: DateTime<Utc>,
    /// Who began it.
    pub direction: Direction,
    /// The number outside in E.164; none where the caller withheld it.
    pub outside: Option<String>,
    /// Position in [`LINES`].
    pub line: usize,
    /// How long it rang, in seconds.
    pub rang_for: u32,
    /// How long people spoke, or the message is; 0 if nobody did.
    pub seconds: u32,
    /// How it ended.
    pub outcome: Outcome,
    /// Position of the customer, whose id is one more.
    pub customer: Option<usize>,
    /// Positions of the people whose telephones rang, in their order.
    pub rang: Vec<usize>,
    /// Position of the person who spoke, who is one of those that rang.
    pub spoke: Option<usize>,
    /// What was written down; may be empty.
    pub note: &'static str,
}
